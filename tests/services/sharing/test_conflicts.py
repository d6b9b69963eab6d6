"""« Lien personnel ? Je me retire »: what closes at once, who is told, and what the next keeper's session does by itself."""

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.dossiers import Box, Compartment, Conflict, Dossier
from tests.attacks.sql import tamper
from tests.house import END, House, enrol


@pytest.fixture(scope="module")
def two(house: House) -> House:
    """The north cell has a second steward, Sam."""
    services.cells.admit(house.stella, house.cells["nord"], "sam", "steward", act="acte 5", until=END)
    return house


def alerts(house: House, who: str, number: str) -> list[str]:
    with house.instance.database.reading() as session:
        query = select(Alert.kind).where(Alert.recipient_id == house.actors[who].user_id, Alert.number == number)
        return sorted(session.scalars(query))


def unsettled(house: House, number: str) -> int:
    with house.instance.database.reading() as session:
        query = select(Conflict).join(Dossier, Dossier.id == Conflict.dossier_id)
        return len(session.scalars(query.where(Dossier.number == number, Conflict.settled_at.is_(None))).all())


def personal_boxes(house: House, who: str, number: str) -> set[str]:
    """Kinds of which somebody holds a box of their own."""
    with house.instance.database.reading() as session:
        query = select(Compartment.kind).join(Box, Box.compartment_id == Compartment.id)
        query = query.join(Dossier, Dossier.id == Compartment.dossier_id)
        return set(session.scalars(query.where(Dossier.number == number, Box.holder_id == house.actors[who].user_id)))


def test_the_page_is_gone_and_the_boxes_with_it(two: House) -> None:
    number = two.follow("Lienard")
    services.shares.give(two.stella, number, ["identity", "decisions"], "bob", until=None)
    assert two.open(two.bob, number).person
    services.conflicts.withdraw(two.bob, number)
    with pytest.raises(NotFound):
        two.open(two.bob, number)
    assert not personal_boxes(two, "bob", number)
    assert number not in {line.number for line in services.dossiers.list_mine(two.bob).lines}
    assert alerts(two, "stella", number) == alerts(two, "sam", number) == ["conflict"]
    with pytest.raises(NotFound):
        services.conflicts.withdraw(two.bob, number)


def test_a_lead_who_withdraws_leaves_no_lead(two: House) -> None:
    number = two.follow("Lienard-Lead")
    two.note(two.alice, number, "Note personnelle.", compartment="sealed")
    services.conflicts.withdraw(two.alice, number)
    assert two.open(two.stella, number).lead is None
    assert set(alerts(two, "stella", number)) == {"conflict", "lead_left"}
    assert personal_boxes(two, "alice", number) == {"sealed"}, "what only she can open is not erased"
    with pytest.raises(InvalidInput) as problem:
        services.lifecycle.relead(two.stella, number, "alice")
    assert "lead" in problem.value.problems


def test_the_next_keeper_settles_by_signing_in(two: House) -> None:
    number = two.follow("Lienard-Settle")
    two.note(two.alice, number, "Avant.", compartment="confidential")
    for each in (two.sam, two.stella):
        services.conflicts.settle_pending(each)  # what other tests left
    services.conflicts.withdraw(two.sam, number)
    assert unsettled(two, number) == 1
    assert services.conflicts.settle_pending(two.sam) == 0
    assert services.conflicts.settle_pending(two.stella) >= 1
    assert unsettled(two, number) == 0
    assert services.conflicts.settle_pending(two.stella) == 0
    for who in (two.stella, two.alice):
        assert "Avant." in [note.body for note in two.open(who, number).timeline]
        two.note(who, number, "Après.", compartment="confidential")
    assert len(two.open(two.stella, number).timeline) == 3
    assert two.open(two.elsa, number).person, "the elected ring was made anew without whoever kept its secret"


def test_two_conflicts_after_another(two: House) -> None:
    number = two.follow("Lienard-Deux")
    services.conflicts.withdraw(two.sam, number)
    services.conflicts.settle_pending(two.stella)
    services.conflicts.declare_for(two.stella, number, "elsa")
    services.conflicts.settle_pending(two.stella)
    assert unsettled(two, number) == 0
    for who in (two.sam, two.elsa):
        with pytest.raises(NotFound):
            two.open(who, number)
    assert two.open(two.alice, number).person


def test_a_steward_says_it_for_a_member_and_nobody_else_does(two: House) -> None:
    number = two.follow("Lienard-Autre")
    services.shares.give(two.stella, number, ["identity"], "bob", until=None)
    with pytest.raises(NotFound):
        services.conflicts.declare_for(two.bob, number, "paula")
    with pytest.raises(NotFound):
        services.conflicts.declare_for(two.alice, number, "paula")
    with pytest.raises(InvalidInput):
        services.conflicts.declare_for(two.stella, number, "charlie")
    services.conflicts.declare_for(two.stella, number, "bob")
    with pytest.raises(NotFound):
        two.open(two.bob, number)


def test_nothing_is_given_to_them_any_more(two: House) -> None:
    number = two.follow("Lienard-Donner")
    services.conflicts.declare_for(two.stella, number, "paula")
    with pytest.raises(InvalidInput) as problem:
        services.shares.give(two.stella, number, ["identity"], "paula", until=None)
    assert "lien personnel" in problem.value.problems["to"]
    assert "Paula" not in {each.person.name for each in services.shares.prepare(two.stella, number).people}
    assert "Paula" not in {each.person.name for each in services.extracts.prepare(two.stella, number).people}


def test_the_page_says_what_it_does(two: House) -> None:
    number = two.follow("Lienard-Page")
    seen = services.conflicts.prepare(two.alice, number)
    assert (seen.leads, seen.keeps, seen.members) == (True, False, ())
    seen = services.conflicts.prepare(two.stella, number)
    assert (seen.leads, seen.keeps, seen.alone) == (False, True, False)
    assert {"Alice", "Bob", "Elsa"} <= {each.name for each in seen.members}


def test_readers_no_longer_name_them(two: House) -> None:
    number = two.follow("Lienard-Lecteurs")
    names = {each.name for each in two.open(two.alice, number).participants}
    assert "Sam" in names
    services.conflicts.withdraw(two.sam, number)
    assert "Sam" not in {each.name for each in two.open(two.alice, number).participants}


def test_an_only_steward_cannot_turn_and_the_protection_officer_is_told(fresh_house: House) -> None:
    number = fresh_house.follow("Lienard-Seule")
    assert services.conflicts.prepare(fresh_house.stella, number).alone
    services.conflicts.withdraw(fresh_house.stella, number)
    assert services.conflicts.settle_pending(fresh_house.stella) == 0
    assert unsettled(fresh_house, number) == 1
    assert alerts(fresh_house, "dora", number) == ["conflict_unsettled"]
    assert fresh_house.open(fresh_house.alice, number).person


def test_who_protects_data_is_what_certificates_say(fresh_house: House) -> None:
    """A rewritten row neither keeps the word from the officer nor brings it to somebody else. Control: the test above."""
    number = fresh_house.follow("Lienard-Réécrite")
    tamper(fresh_house, "UPDATE user_account SET profession = 'auditor' WHERE username = 'dora'")
    tamper(fresh_house, "UPDATE user_account SET profession = 'dpo' WHERE username = 'ada'")
    services.conflicts.withdraw(fresh_house.stella, number)
    assert alerts(fresh_house, "dora", number) == ["conflict_unsettled"]
    assert alerts(fresh_house, "ada", number) == []


def test_a_steward_admitted_later_is_seated_in_the_reduced_ring(fresh_house: House) -> None:
    house = fresh_house
    services.cells.admit(house.stella, house.cells["nord"], "sam", "steward", act="acte 5", until=END)
    number = house.follow("Lienard-Plus-Tard")
    services.conflicts.withdraw(house.sam, number)
    services.conflicts.settle_pending(house.stella)
    enrol(house, "nora", "coordinator", "Ville de Valmorel-sur-Orle")
    services.cells.admit(house.stella, house.cells["nord"], "nora", "steward", act="acte 6", until=END, charter_sheet="feuille 6")
    nora = house.sign_in("nora")
    with pytest.raises(NotFound):
        house.open(nora, number)
    assert services.conflicts.settle_pending(nora) == 0, "who holds nothing gives nothing"
    assert services.conflicts.settle_pending(house.stella) == 1
    assert house.open(nora, number).person
    assert services.conflicts.settle_pending(house.stella) == services.conflicts.settle_pending(house.sam) == 0
