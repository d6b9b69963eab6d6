"""A wall: the dossier does not exist for the person it is closed to, they are told nothing, and others keep it."""

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound, UncertifiedKey
from casework.models.attention import Alert
from casework.models.dossiers import Conflict
from casework.models.people import User
from casework.services.offices.accounts import NewAccount, fingerprint
from casework.services.wall.walling import WallDraft
from tests import victims
from tests.attacks.sql import tamper
from tests.house import END, House
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
    with house.instance.database.reading() as session:
        told = session.scalars(select(Alert).where(Alert.kind == "wall")).one()
        written = str([getattr(told, column.key) for column in Alert.__table__.columns])
    assert number in written, "control"
    assert house.bob.user_id not in written
    lead = services.walling.page(house.alice, number)
    assert (lead.may_set, lead.walled) == (False, ()), "a lead may set two dossiers apart, and is told of nobody"
    with pytest.raises(NotFound):
        services.walling.page(house.paula, number)


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


def test_a_colleague_closes_out_the_only_coordinator_only_by_saying_so(fresh_house: House) -> None:
    """Viola is of the service, Vera alone keeps the cell. Control: said, it is closed, and the data-protection officer is told."""
    house = fresh_house
    victims.found_cell(house)
    number = victims.follow(house, "Quibérac-Seule")
    with pytest.raises(InvalidInput) as refused:
        services.walling.set(house.viola, number, WallDraft("vera", "relative"))
    assert set(refused.value.problems) == {"last"}
    assert not services.walling.page(house.viola, number).walled
    assert house.open(house.vera, number).person, "control"
    services.walling.set(house.viola, number, WallDraft("vera", "relative", last=True))
    assert [each.username for each in services.walling.page(house.viola, number).walled] == ["vera"]
    assert "conflict_unsettled" in alerts(house, "dora")
    with pytest.raises(NotFound):
        house.open(house.vera, number)


def marchand(house: House, username: str) -> str:
    """One more certified account of that name; its id."""
    account = NewAccount(username, "Élodie Marchand", "f", "assistante sociale", "social_worker", "Département de l’Orle")
    code = services.accounts.create(house.oscar, account)
    kept = services.accounts.enrol(house.instance, username, code, f"phrase {username}")
    read_aloud = fingerprint(kept.stored.public, kept.stored.signing_public)
    services.accounts.certify(house.oscar, username, read_aloud, act="acte 2", until=END, charter_sheet="acte 2")
    with house.instance.database.reading() as session:
        return session.scalars(select(User.id).where(User.username == username)).one()


def walled(house: House, number: str) -> list[str]:
    """User names of those the dossier is closed to, as its page says."""
    return [each.username for each in services.walling.page(house.stella, number).walled]


@pytest.mark.parametrize("typed", ["Élodie Marchand", "élodie  MARCHAND", "E\u0301lodie Marchand"])
def test_a_name_with_accents_is_found_however_it_is_written(fresh_house: House, typed: str) -> None:
    house = fresh_house
    number, user_id = house.follow("Quibérac-Accent"), marchand(house, "elodie")
    wall(house, number, typed)
    with house.instance.database.reading() as session:
        assert session.scalars(select(Conflict.user_id)).all() == [user_id]


def test_two_of_a_name_are_told_apart_by_their_user_name(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Homonyme")
    marchand(house, "elodie")
    marchand(house, "elodie2")
    with pytest.raises(InvalidInput) as refused:
        wall(house, number, "Élodie Marchand")
    assert "identifiant" in refused.value.problems["who"]
    wall(house, number, "elodie2")
    assert walled(house, number) == ["elodie2"]


def test_a_renamed_row_neither_hides_somebody_nor_has_another_walled(fresh_house: House) -> None:
    """Control: the certified name is found all the same."""
    house = fresh_house
    number = house.follow("Quibérac-Renom")
    tamper(house, "UPDATE user_account SET name = 'Paula' WHERE username = 'bob'")
    tamper(house, "UPDATE user_account SET name = 'Bob' WHERE username = 'paula'")
    wall(house, number, "Bob")
    assert walled(house, number) == ["bob"]


def test_a_user_name_put_on_another_row_does_not_have_them_walled(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Échange")
    for before, after in (("bob", "tmp"), ("paula", "bob"), ("tmp", "paula")):
        tamper(house, "UPDATE user_account SET username = ? WHERE username = ?", (after, before))
    wall(house, number, "bob")
    with house.instance.database.reading() as session:
        assert session.scalars(select(Conflict.user_id)).all() == [house.bob.user_id]


def test_somebody_elses_broken_certificate_protects_nobody_from_a_wall(fresh_house: House) -> None:
    """It is an alarm, once. Control: whoever has the broken one is not walled on a row's word, by either name."""
    house = fresh_house
    number, other = house.follow("Quibérac-Certifié"), house.follow("Quibérac-Autre")
    tamper(house, "UPDATE certificate SET signature = ? WHERE subject_id = ?", (bytes(64), house.charlie.user_id))
    wall(house, number, "Bob")
    assert walled(house, number) == ["bob"]
    wall(house, other, "paula")
    assert alerts(house, "dora").count("unverified") == 1
    for named in ("charlie", "CHARLIE"):
        with pytest.raises(UncertifiedKey):
            wall(house, number, named)
    assert walled(house, number) == ["bob"]


def test_a_broken_certificate_within_the_cell_hinders_no_wall_either(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Cellule")
    tamper(house, "UPDATE certificate SET signature = ? WHERE subject_id = ?", (bytes(64), house.hugo.user_id))
    wall(house, number, "Bob")
    assert walled(house, number) == ["bob"]
    with pytest.raises(NotFound):
        house.open(house.bob, number)


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
