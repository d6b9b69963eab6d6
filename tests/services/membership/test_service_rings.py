"""The service ring: a service makes its own, keeps `safety`, and its members stand in for each other from date to date."""

from datetime import date, timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Dossier
from casework.services.record.views import RecordRow
from tests.attacks.sql import row, rows
from tests.house import House

SAFE = {"channel": "phone", "value": "06 39 98 00 00", "hours": "mardi matin", "not_to_inform": "le beau-père"}


def team(house: House, maker: str = "alice", *others: str) -> str:
    """The ring of the Department's service in the north cell."""
    return services.service_rings.make(
        house.actors[maker], house.cells["nord"], [house.actors[each].user_id for each in others or ("bob",)]
    )


def safe(house: House, number: str, who: str = "alice") -> None:
    """A safe contact, written through the form."""
    form = services.records.compose(house.actors[who], number, "safety")
    offered = {field.column: (field.options[0].code if field.options else "") for field in form.fields}
    texts = {column: SAFE.get(column, "") if not offered[column] else offered[column] for column in offered}
    services.records.write(house.actors[who], number, "safety", [RecordRow("", 0, texts)])


def reads_safety(house: House, who: str, number: str) -> bool | None:
    """True: reads it; False: knows that it exists; None: the dossier is not open to them, or nothing is told."""
    try:
        sections = {each.kind: each.readable for each in house.open(house.actors[who], number).sections}
    except NotFound:
        return None
    return sections.get("safety")


def test_a_service_makes_its_own_ring_of_two_at_least(fresh_house: House) -> None:
    house, here = fresh_house, fresh_house.cells["nord"]
    page = services.service_rings.page(house.alice, here)
    assert not page.made
    assert [each.name for each in page.candidates] == ["Alice", "Bob"], "Charlie is of the Department too, and not of this cell"
    for wrong in ([], [house.paula.user_id], [house.charlie.user_id]):
        with pytest.raises(InvalidInput):
            services.service_rings.make(house.alice, here, wrong)
    for stranger in (house.hugo, house.paula, house.elsa, house.charlie, house.ada):
        with pytest.raises(NotFound):
            services.service_rings.make(stranger, here, [house.bob.user_id])
    team(house)
    with pytest.raises(InvalidInput):
        team(house, "bob", "alice")
    page = services.service_rings.page(house.bob, here)
    assert (page.made, page.inside, [each.name for each in page.members]) == (True, True, ["Alice", "Bob"])


def test_the_only_service_keeps_safety_from_its_first_moment(fresh_house: House) -> None:
    house = fresh_house
    team(house)
    number = house.follow("Quibérac-Sûr")
    safe(house, number)
    assert row(house, Dossier, number=number).service_ring_id is not None
    assert reads_safety(house, "alice", number)
    assert reads_safety(house, "bob", number)
    assert number in [line.number for line in services.dossiers.list_mine(house.bob).lines], "a service knows whom it follows"
    assert reads_safety(house, "stella", number) is False, "the steward knows that it exists"
    assert "06 39 98 00 00" in str(house.open(house.alice, number).sections)


def test_a_colleague_without_the_ring_is_told_that_it_exists(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Sans")
    safe(house, number)
    assert row(house, Dossier, number=number).service_ring_id is None
    assert reads_safety(house, "alice", number), "without a service the lead keeps it"
    assert reads_safety(house, "stella", number) is False
    assert reads_safety(house, "bob", number) is None


def test_others_deposit_and_re_read_what_they_brought(fresh_house: House) -> None:
    house = fresh_house
    team(house)
    number = house.follow("Quibérac-Dépôt")
    safe(house, number)
    house.note(house.stella, number, "Ne pas écrire à la maison.", compartment="safety")
    assert "Ne pas écrire à la maison." in [note.body for note in house.open(house.bob, number).timeline]
    assert [note.body for note in house.open(house.stella, number).timeline] == ["Ne pas écrire à la maison."]
    house.note(house.alice, number, "Appeler le mardi.", compartment="safety")
    assert "Appeler le mardi." not in [note.body for note in house.open(house.stella, number).timeline]


def stand_in_for(house: House, first: date, last: date) -> str:
    """Charlie, of the same Department, admitted here, stands in; the dossier he will read."""
    services.cells.admit(house.stella, house.cells["nord"], "charlie", "member", act="acte 7", until=house.clock.now() + timedelta(days=90))
    team(house)
    number = house.follow("Quibérac-Relais")
    safe(house, number)
    services.service_rings.stand_in(house.bob, house.cells["nord"], house.charlie.user_id, first, last)
    return number


def test_a_stand_in_reads_from_date_to_date_and_not_a_moment_more(fresh_house: House) -> None:
    house = fresh_house
    today = house.clock.now().date()
    number = stand_in_for(house, today + timedelta(days=3), today + timedelta(days=6))
    assert reads_safety(house, "charlie", number) is None
    house.clock.advance(timedelta(days=4))
    assert reads_safety(house, "charlie", number), "control: between the two dates it opens"
    house.clock.advance(timedelta(days=4))
    assert reads_safety(house, "charlie", number) is None


def test_a_stand_in_takes_one_act_with_dates_in_order(fresh_house: House) -> None:
    house, here = fresh_house, fresh_house.cells["nord"]
    today = house.clock.now().date()
    week = (today, today + timedelta(days=6))
    with pytest.raises(NotFound):
        services.service_rings.stand_in(house.alice, here, house.bob.user_id, *week)
    stand_in_for(house, *week)
    for who, person, first, last in (
        (house.bob, house.charlie, *week),  # in already
        (house.bob, house.alice, *week),
        (house.bob, house.hugo, *week),  # of another institution
        (house.bob, house.charlie, today - timedelta(days=2), today),
        (house.bob, house.charlie, today + timedelta(days=3), today),
        (house.bob, house.charlie, today, today + timedelta(days=400)),
    ):
        with pytest.raises(InvalidInput):
            services.service_rings.stand_in(who, here, person.user_id, first, last)
    with pytest.raises(NotFound):
        services.service_rings.stand_in(house.paula, here, house.charlie.user_id, *week)


def test_who_leaves_the_ring_reads_no_more_and_the_others_do(fresh_house: House) -> None:
    house, here = fresh_house, fresh_house.cells["nord"]
    today = house.clock.now().date()
    number = stand_in_for(house, today, today + timedelta(days=6))
    assert reads_safety(house, "charlie", number)
    services.service_rings.remove(house.alice, here, house.charlie.user_id)
    assert reads_safety(house, "charlie", number) is None
    assert reads_safety(house, "bob", number)
    team_epochs = {each.id for ring in rows(house, Ring, kind="service") for each in rows(house, RingEpoch, ring_id=ring.id)}
    left = {each.epoch_id for each in rows(house, RingMember, holder_id=house.charlie.user_id)}
    assert left.isdisjoint(team_epochs), "not in a former secret either"
    with pytest.raises(InvalidInput):
        services.service_rings.remove(house.alice, here, house.bob.user_id)
    services.service_rings.join(house.bob, here, house.charlie.user_id)
    services.service_rings.remove(house.charlie, here, house.bob.user_id)
    assert reads_safety(house, "charlie", number)
    assert reads_safety(house, "bob", number) is None
    house.note(house.alice, number, "Toujours joignable.", compartment="safety")
    assert "Toujours joignable." in [note.body for note in house.open(house.charlie, number).timeline]
