"""A wall: the dossier does not exist for the person it is closed to, they are told nothing, and others keep it."""

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.dossiers import Conflict
from casework.services.wall.walling import WallDraft
from tests.house import House
from tests.services.wall.town import listed, second_steward, wall


def alerts(house: House, who: str) -> list[str]:
    with house.instance.database.reading() as session:
        return list(session.scalars(select(Alert.kind).where(Alert.recipient_id == house.actors[who].user_id)))


def test_it_does_not_exist_any_more_and_nobody_told_them(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Mur")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    assert number in listed(house, "bob"), "control"
    before = alerts(house, "bob")
    wall(house, number, "Bob")
    assert number not in listed(house, "bob")
    with pytest.raises(NotFound):
        house.open(house.bob, number)
    assert services.finding.search(house.bob, "Quibérac-Mur").count == 0
    assert alerts(house, "bob") == before
    assert number not in str(services.day.read(house.bob))
    assert house.open(house.alice, number).person, "control: the lead reads on"


def test_somebody_outside_the_cell_is_walled_before_anything_reaches_them(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Mur")
    wall(house, number, "charlie")
    with house.instance.database.reading() as session:
        row = session.scalars(select(Conflict)).one()
        assert (row.user_id, row.origin, row.author_id) == (house.charlie.user_id, "wall", house.stella.user_id)
    services.cells.admit(house.stella, house.cells["nord"], "charlie", "member", act="acte 9", until=house.clock.now().replace(month=9))
    with pytest.raises((InvalidInput, NotFound)):
        services.shares.give(house.stella, number, ["identity"], "charlie", until=None)


def test_the_other_stewards_are_told_that_and_not_whom(fresh_house: House) -> None:
    house = fresh_house
    second_steward(house)
    number = house.follow("Quibérac-Mur")
    wall(house, number, "bob")
    assert alerts(house, "sam") == ["wall"]
    assert [each.name for each in services.walling.page(house.stella, number).walled] == ["Bob"]
    with pytest.raises(NotFound):
        services.walling.page(house.alice, "2026-9999")


def test_the_last_coordinator_is_not_closed_out_unnoticed(fresh_house: House) -> None:
    house = fresh_house
    second_steward(house)
    number = house.follow("Quibérac-Mur")
    wall(house, number, "sam")
    with pytest.raises(InvalidInput) as refused:
        services.walling.set(house.stella, number, WallDraft("stella", "relative"))
    assert "who" in refused.value.problems, "not oneself"
    services.conflicts.withdraw(house.stella, number)
    assert "conflict_unsettled" in alerts(house, "dora")


@pytest.mark.parametrize(("who", "reason", "field"), [("Personne", "relative", "who"), ("", "relative", "who"), ("bob", "envie", "reason")])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(house: House, who: str, reason: str, field: str) -> None:
    number = house.follow("Quibérac-Champ")
    with pytest.raises(InvalidInput) as refused:
        services.walling.set(house.stella, number, WallDraft(who, reason))
    assert field in refused.value.problems
    assert not services.walling.page(house.stella, number).walled


def test_a_member_may_not_and_a_stranger_sees_no_page(house: House) -> None:
    number = house.follow("Quibérac-Droit")
    for actor in (house.bob, house.charlie, house.hugo):
        with pytest.raises(NotFound):
            services.walling.set(actor, number, WallDraft("paula", "relative"))
        with pytest.raises(NotFound):
            services.walling.page(actor, number)


def test_lifting_gives_nothing_back_and_lifts_no_declared_link(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Mur")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    wall(house, number, "bob")
    services.walling.lift(house.stella, number, "bob")
    with pytest.raises(NotFound):
        house.open(house.bob, number)
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    assert house.open(house.bob, number).person, "control: given again, it opens"
    services.conflicts.declare_for(house.stella, number, "hugo")
    with pytest.raises(NotFound):
        services.walling.lift(house.stella, number, "hugo")
