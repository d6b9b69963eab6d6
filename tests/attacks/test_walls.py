"""Somebody behind the wall who keeps what they ever had, is helped by others, or writes in the database. Each with its control."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework import ledger, services
from casework.errors import CaseworkError, InvalidInput, NotFound
from casework.models.base import new_id, recorded_models
from casework.models.cells import RingMember
from casework.models.dossiers import Box, Compartment, Conflict, Dossier
from casework.models.walls import DossierLink
from casework.services import apart
from tests.attacks.sql import insert, row, rows, tamper
from tests.attacks.test_conflict import NEW, later, no_guard
from tests.house import END, House
from tests.security.test_p3_keys_not_courtesy import everything
from tests.services.meeting.room import convene, reads
from tests.services.sharing.test_extracts import draft
from tests.services.wall.town import apart as set_apart
from tests.services.wall.town import listed, second_steward, wall
from tests.urgently import asked, on_call


@pytest.fixture
def two(fresh_house: House) -> House:
    """The north cell has a second steward, Sam, who keeps the south cell too."""
    second_steward(fresh_house)
    fresh_house.actors["sam"] = fresh_house.sign_in("sam")
    services.turnover.settle_pending(fresh_house.stella)
    return fresh_house


def opens(house: House, who: str, number: str) -> bool:
    """Whether a dossier's page opens to somebody."""
    try:
        return bool(house.open(house.actors[who], number))
    except NotFound:
        return False


@pytest.mark.parametrize("turned", [True, False])
def test_old_keys_open_nothing_written_after_the_keys_were_turned(two: House, monkeypatch: pytest.MonkeyPatch, turned: bool) -> None:
    """With the guard taken away and the ring's secret kept. Control: as long as nobody turned them, he reads."""
    number = two.follow("Quibérac-Mur")
    services.walling.set(two.stella, number, services.walling.WallDraft("sam", "relative"))
    if turned:
        assert services.conflicts.settle_pending(two.stella) == 1
    later(two, number)
    no_guard(monkeypatch)
    assert (NEW in everything(two, "sam", number)) is not turned


def test_a_box_that_somebody_planted_does_not_count(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator copies a box of Alice's to Bob, who is walled off: it is not even looked at. Control: without the wall it alarms."""
    number = two.follow("Quibérac-Plant")
    wall(two, number, "bob")
    part = row(two, Compartment, kind="identity", dossier_id=row(two, Dossier, number=number).id)
    lead = row(two, Box, compartment_id=part.id, holder_id=two.alice.user_id)
    values = {column.name: getattr(lead, column.name) for column in Box.__table__.columns}
    insert(two, "box", **{**values, "id": new_id(), "holder_id": two.bob.user_id, "to_ring": 0, "rewrapped": 0, "until": None})
    assert not opens(two, "bob", number)
    assert number not in listed(two, "bob")
    monkeypatch.setattr(apart, "load", lambda *_: apart.Apart({}, {}, {}))
    with pytest.raises(CaseworkError):
        two.open(two.bob, number)


def test_a_wall_that_was_cut_out_is_found_by_the_verifier(two: House) -> None:
    hers, his = two.follow("Quibérac-Elle"), two.follow("Ploumanac-Lui", lead="bob")
    set_apart(two, hers, his)
    wall(two, hers, "hugo")

    def findings() -> str:
        with two.instance.database.reading() as session:
            return str(ledger.verify(session, saved=None, recorded=recorded_models()).findings)

    assert "dossier_link" not in findings(), "control"
    tamper(two, "DELETE FROM both_sides")
    tamper(two, "DELETE FROM dossier_link")
    tamper(two, "DELETE FROM conflict WHERE user_id = ?", (two.hugo.user_id,))
    found = findings()
    assert all(table in found for table in ("dossier_link", "both_sides", "conflict"))


def test_a_steward_of_both_cells_keeps_one_side(two: House) -> None:
    """Hers in the north, his in the south: Sam keeps both cells, and no ring leads around the wall."""
    hers, his = two.follow("Quibérac-Elle"), two.follow("Ploumanac-Lui", lead="charlie", cell="sud", steward="sam")
    assert {hers, his} <= listed(two, "sam"), "control"
    set_apart(two, hers, his, by="sam", listed=his)
    assert listed(two, "sam") & {hers, his} == {his}
    wall(two, hers, "sam")
    assert not opens(two, "sam", hers)
    assert opens(two, "sam", his)
    assert opens(two, "stella", hers), "control: her own steward reads on"


def test_an_elected_member_on_both_sides_is_left_one(two: House) -> None:
    hers, his = two.follow("Quibérac-Elle"), two.follow("Ploumanac-Lui", lead="bob")
    assert opens(two, "elsa", hers), "control"
    set_apart(two, hers, his)
    assert (opens(two, "elsa", hers), opens(two, "elsa", his)) == (False, True)
    with two.instance.database.reading() as session:
        part = select(Compartment.id).join(Dossier).where(Dossier.number == hers, Compartment.kind == "identity")
        holders = select(Box.holder_id).where(Box.compartment_id.in_(part))
        mine = select(RingMember.id).where(RingMember.holder_id == two.elsa.user_id, RingMember.epoch_id.in_(holders))
        assert session.scalar(mine) is None, "no ring that she is in holds a key any more"


def test_whoever_is_on_call_enters_neither_by_number_nor_later(two: House) -> None:
    number, other = two.follow("Quibérac-Garde"), two.follow("Ploumanac-Autre")
    on_call(two, "bob")
    wall(two, number, "bob")
    with pytest.raises(NotFound):
        services.urgent.open(two.bob, asked(number))
    assert services.urgent.open(two.bob, asked(other)), "control"


def test_a_member_convened_for_it_is_given_nothing(two: House) -> None:
    number, other = two.follow("Quibérac-Tour"), two.follow("Ploumanac-Autre")
    wall(two, number, "bob")
    convene(two, {number: ["bob"], other: ["bob"]})
    with pytest.raises(NotFound):
        reads(two, "bob", number)
    assert reads(two, "bob", other), "control"


def test_a_third_person_gives_neither_a_share_nor_an_extract(two: House) -> None:
    number, other = two.follow("Quibérac-Tiers"), two.follow("Ploumanac-Autre")
    for who in ("hugo", "paula"):
        wall(two, number, who)
    for asked_for in (number, other):
        two.note(two.alice, asked_for, "Rendez-vous tenu le 3 mars.", compartment="confidential")
    text = ("Rendez-vous tenu le 3 mars.",)
    gives: tuple[Callable[[str], object], ...] = (
        lambda dossier: services.shares.give(two.alice, dossier, ["identity"], "hugo", until=END),
        lambda dossier: services.extracts.give(two.alice, dossier, draft(two, dossier, to="paula", texts=text)),
    )
    for give in gives:
        with pytest.raises((InvalidInput, NotFound)):
            give(number)
        give(other)  # control
    assert not rows(two, Conflict, user_id=two.alice.user_id)


def test_who_comes_later_to_one_side_gets_no_key_of_the_other(two: House) -> None:
    """Paula is given his file after the link: from that moment she is nobody to hers. Control: before it, hers could be shared with her."""
    hers, his, third = (
        two.follow(name, lead=lead) for name, lead in (("Quibérac-Elle", "alice"), ("Ploumanac-Lui", "bob"), ("Tiers", "alice"))
    )
    set_apart(two, hers, his)
    services.shares.give(two.stella, his, ["identity"], "paula", until=None)
    with two.instance.database.reading() as session:
        link = session.scalars(select(DossierLink)).one()
        assert two.paula.user_id in apart.kept_out(session, link.dossier_id, two.clock.now())
        assert two.paula.user_id not in apart.kept_out(session, link.other_id, two.clock.now())
    assert not opens(two, "paula", hers)
    with pytest.raises((InvalidInput, NotFound)):
        services.shares.give(two.stella, hers, ["identity"], "paula", until=None)
    services.shares.give(two.stella, third, ["identity"], "paula", until=None)
    assert opens(two, "paula", third), "control"
