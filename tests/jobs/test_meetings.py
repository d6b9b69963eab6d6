"""What a meeting leaves is destroyed in time and really gone; a forgotten meeting keeps no key; reminders are told once, without a word."""

import secrets
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Never

import pytest
from sqlalchemy import func, select, text

from casework import ledger, services
from casework.errors import LedgerUnavailable, NotFound
from casework.jobs.system import System
from casework.models.attention import Alert
from casework.models.base import new_id, recorded_models
from casework.models.dossiers import Box
from casework.models.meetings import Meeting, MeetingNote, Minutes, MinutesCopy, SheetScan, SignedSheet, Task
from casework.services.access import find
from casework.services.meeting import access
from casework.services.meeting.destroying import FORGOTTEN, Destroyed, destroy
from casework.services.meeting.reminding import DUE, LATE, NOT_CONVENED, Reminded, remind
from casework.services.meeting.sitting.sitting_views import SheetDraft
from casework.services.offices.sweeping import sweep
from casework.services.unit import writing
from casework.vault import aead
from casework.vault.hybrid import HybridPrivateKey
from tests.attacks.sql import rows
from tests.house import House
from tests.jobs.test_sweep import hide, newest_leaf
from tests.services.meeting.room import PREPARE, Room, convene
from tests.services.meeting.sitting.test_signed_sheets import PDF

NOTHING = Destroyed(0, 0, 0)
SILENCE = Reminded(0, 0, 0)


@pytest.fixture
def room(lone_house: House) -> Room:
    """A convened meeting about one dossier, which alice and bob are concerned by."""
    return convene(lone_house, {lone_house.follow("Quibérac-Veille", lead="alice"): ("alice", "bob")})


def jot(room: Room) -> bytes:
    """A preparatory note of this meeting; its sealed bytes."""
    sealed = secrets.token_bytes(64)
    with writing(room.steward, PREPARE) as unit:
        unit.session.add(
            MeetingNote(
                id=new_id(), meeting_id=room.meeting, item_id=next(iter(room.items.values())), kind="answer",
                author_id=room.house.bob.user_id, key_version=0, written_at=unit.now, sealed=sealed,
            )
        )  # fmt: skip
    return sealed


def draw(room: Room) -> bytes:
    """A relevé sealed to one reader; its sealed bytes."""
    sealed = secrets.token_bytes(64)
    with writing(room.steward, PREPARE) as unit:
        minutes = Minutes(id=new_id(), meeting_id=room.meeting, institution_id=None, drawn_at=unit.now, version=1)
        unit.session.add(minutes)
        unit.session.flush()
        unit.session.add(MinutesCopy(id=new_id(), minutes_id=minutes.id, holder_id=room.house.bob.user_id, to_ring=False, sealed=sealed))
    return sealed


def left(house: House, model: type[MeetingNote] | type[MinutesCopy] | type[SheetScan] | type[Box]) -> int:
    """Rows there are."""
    with house.instance.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def told(house: House, kind: str) -> list[tuple[str, str, str]]:
    """(recipient's user name, number, reference) of the alerts of a kind."""
    names = {actor.user_id: name for name, actor in house.actors.items()}
    with house.instance.database.reading() as session:
        found = session.scalars(select(Alert).where(Alert.kind == kind).order_by(Alert.created_at))
        return [(names[each.recipient_id], each.number, each.reference) for each in found]


def test_preparatory_notes_go_seven_days_after_the_close(room: Room) -> None:
    """Not a minute before; one line of the ledger each night, that counts and says nothing else."""
    house, system = room.house, System(room.house.instance)
    jot(room)
    room.change(Meeting, room.meeting, status="closed", closed_at=house.clock.now())
    house.clock.advance(timedelta(days=7) - timedelta(minutes=1))
    assert destroy(system) == NOTHING
    assert left(house, MeetingNote) == 1
    house.clock.advance(timedelta(minutes=1))
    assert destroy(system) == Destroyed(1, 0, 0)
    assert left(house, MeetingNote) == 0
    leaf = newest_leaf(house)
    assert (leaf.action, leaf.actor, leaf.hits) == ("jobs.meetings", None, 1)
    assert leaf.facts == {"notes": 1, "copies": 0, "forgotten": 0, "scans": 0}
    with house.instance.database.reading() as session:
        assert ledger.verify(session, saved=None, recorded=recorded_models()).ok


@pytest.mark.parametrize("status", ["prepared", "convened", "cancelled"])
def test_notes_of_a_meeting_that_never_was_go_as_well(room: Room, status: str) -> None:
    """Counted from the day it should have been."""
    jot(room)
    room.change(Meeting, room.meeting, status=status)
    room.house.clock.advance(timedelta(days=7, hours=1, minutes=1))
    assert destroy(System(room.house.instance)) == Destroyed(1, 0, 0)


def test_minutes_go_after_their_year(room: Room) -> None:
    """The row that says that there was one stays; what it said goes."""
    house, system = room.house, System(room.house.instance)
    draw(room)
    room.change(Meeting, room.meeting, status="closed", closed_at=house.clock.now())
    house.clock.advance(timedelta(days=364))
    assert destroy(system) == NOTHING
    house.clock.advance(timedelta(days=1, minutes=1))
    assert destroy(system) == Destroyed(0, 1, 0)
    assert left(house, MinutesCopy) == 0


def scanned(room: Room) -> bytes:
    """The sealed bytes of the scan of a signed sheet."""
    with writing(room.steward, PREPARE) as unit:
        draft = SheetDraft("FP-2026-14", unit.now.date(), PDF)
    services.signed_sheets.record(room.steward, room.meeting, draft)
    with room.house.instance.database.reading() as session:
        return session.scalars(select(SheetScan.sealed)).one()


def test_the_scan_of_a_signed_sheet_goes_after_its_year(room: Room) -> None:
    """Not a day before; that there was one, where the paper is and who signed stay."""
    house, system = room.house, System(room.house.instance)
    room.change(Meeting, room.meeting, status="closed", closed_at=house.clock.now())
    scanned(room)
    services.signed_sheets.tick(room.steward, room.meeting, {room.seats["bob"]: (False, True)})
    house.clock.advance(timedelta(days=364))
    assert destroy(system) == NOTHING
    house.clock.advance(timedelta(days=1, minutes=1))
    assert [destroy(system) for _ in range(2)] == [Destroyed(0, 0, 0, scans=1), NOTHING]
    assert left(house, SheetScan) == 0
    assert [each.reference for each in rows(house, SignedSheet)] == ["FP-2026-14"]
    assert room.seat("bob").signed is True
    with house.instance.database.reading() as session:
        assert ledger.verify(session, saved=None, recorded=recorded_models()).ok


def instance_bytes(house: House) -> bytes:
    """Every byte of the database's files."""
    path = Path(house.instance.config.database_url.removeprefix("sqlite:///"))
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def test_what_is_destroyed_is_in_no_byte_of_the_file(fresh_house: House) -> None:
    """SQLite overwrites what it deletes, and closing folds its log. Control: before, the bytes are there."""
    room = convene(fresh_house, {fresh_house.follow("Quibérac-Octets"): ("bob",)})
    room.change(Meeting, room.meeting, status="closed", closed_at=fresh_house.clock.now())
    sealed = jot(room), draw(room), scanned(room)
    assert all(each in instance_bytes(fresh_house) for each in sealed)
    fresh_house.clock.advance(timedelta(days=366))
    destroy(System(fresh_house.instance))
    fresh_house.instance.close()
    found = instance_bytes(fresh_house)
    assert len(found) > 100_000
    assert not [each for each in sealed if each in found]


def test_without_a_trace_nothing_is_destroyed(fresh_house: House) -> None:
    """The leaf cannot be written: the notes stay. With the ledger back in place they go (control)."""
    room = convene(fresh_house, {fresh_house.follow("Quibérac-Reste"): ("bob",)})
    jot(room)
    fresh_house.clock.advance(timedelta(days=9))
    path = fresh_house.instance.config.database_url.removeprefix("sqlite:///")
    hide(path, "ledger_head", "hidden_head")
    with pytest.raises(LedgerUnavailable):
        destroy(System(fresh_house.instance))
    assert left(fresh_house, MeetingNote) == 1
    hide(path, "hidden_head", "ledger_head")
    assert destroy(System(fresh_house.instance)).notes == 1


def test_a_forgotten_meeting_keeps_no_key_and_is_told_once(room: Room) -> None:
    """Open since yesterday: its boxes went with the sweep, it says `open`, and stella is told. Control: during it, bob reads."""
    house, system = room.house, System(room.house.instance)
    (number,) = room.items
    house.clock.advance(timedelta(hours=1))
    with writing(room.steward, PREPARE) as unit:
        meeting = unit.session.get_one(Meeting, room.meeting)
        meeting.status, meeting.opened_at = "open", unit.now
        meeting.version += 1
        access.give(find(unit, number), meeting, [house.bob.user_id], access.Receivers(unit, meeting))
    assert house.open(house.bob, number).person is not None
    house.clock.advance(timedelta(hours=11, minutes=59))
    assert destroy(system).forgotten == 0
    house.clock.advance(timedelta(minutes=1))
    sweep(system)
    with house.instance.database.reading() as session:
        assert not session.scalars(select(Box).where(Box.title.in_(access.TITLES))).all()
    with pytest.raises(NotFound):
        house.open(house.bob, number)
    assert [destroy(system).forgotten for _ in range(2)] == [1, 0]
    assert told(house, FORGOTTEN) == [("stella", "", room.meeting)]
    assert room.row(Meeting, room.meeting).status == "open"


def task(room: Room, owner: str | None, due: date, **values: str | None) -> str:
    """An action of this meeting, whose relevés are drawn: it was handed out."""
    if not left(room.house, MinutesCopy):
        draw(room)
    kept = {"dossier_id": None, "status": "open", "kind": "action"} | values
    with writing(room.steward, PREPARE) as unit:
        row = Task(
            id=new_id(), meeting_id=room.meeting, owner_id=room.house.actors[owner].user_id if owner else None, due=due,
            author_id=room.steward.user_id, created_at=unit.now, version=1, **kept,
        )  # fmt: skip
        unit.session.add(row)
    return row.id


def test_owners_are_reminded_the_day_before_and_when_late_once_each(room: Room) -> None:
    """Nobody of what is done, far away or carried by nobody in particular."""
    house, system = room.house, System(room.house.instance)
    day = house.clock.now().date()
    (number,) = room.items
    with house.instance.database.reading() as session:
        dossier = session.scalar(text("SELECT id FROM dossier"))
    near, far = task(room, "bob", day + timedelta(days=1), dossier_id=dossier), task(room, "alice", day + timedelta(days=2))
    task(room, "paula", day + timedelta(days=1), status="done")
    task(room, None, day + timedelta(days=1))
    assert [remind(system) for _ in range(2)] == [Reminded(1, 0, 0), SILENCE]
    assert told(house, DUE) == [("bob", number, near)]
    house.clock.advance(timedelta(days=1))
    assert remind(system) == Reminded(1, 0, 0)
    house.clock.advance(timedelta(days=1))
    assert [remind(system) for _ in range(2)] == [Reminded(0, 1, 0), SILENCE]
    assert told(house, LATE) == [("bob", number, near)]
    house.clock.advance(timedelta(days=1))
    assert remind(system) == Reminded(0, 1, 0)
    assert {each[2] for each in told(house, DUE)} == {near, far}


def test_a_night_missed_is_told_the_day_itself(room: Room) -> None:
    """Due today and not told yesterday: told now."""
    task(room, "bob", room.house.clock.now().date())
    assert remind(System(room.house.instance)).due == 1


def test_stewards_are_told_of_a_meeting_near_that_nobody_convened(lone_house: House) -> None:
    """Once; not of one that is convened, cancelled, over or further away."""
    near = convene(lone_house, {}, people=["bob"], status="prepared")
    for status, hours in (("convened", 1), ("cancelled", 1), ("prepared", 24 * 7 + 1), ("prepared", -1)):
        other = convene(lone_house, {}, status=status)
        other.change(Meeting, other.meeting, starts_at=moment(lone_house, hours))
    system = System(lone_house.instance)
    assert [remind(system) for _ in range(2)] == [Reminded(0, 0, 1), SILENCE]
    assert told(lone_house, NOT_CONVENED) == [("stella", "", near.meeting)]


def moment(house: House, hours: int) -> datetime:
    """That many hours from now."""
    return house.clock.now() + timedelta(hours=hours)


def test_p9_no_key_is_needed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every opening of the vault made to raise, both do their work; opening a dossier fails (control)."""

    def locked(*_: Any, **__: Any) -> Never:
        raise PermissionError("the vault is locked")

    jot(room)
    task(room, "bob", room.house.clock.now().date())
    monkeypatch.setattr(aead, "decrypt", locked)
    monkeypatch.setattr(HybridPrivateKey, "open", locked)
    with pytest.raises(PermissionError):
        room.house.open(room.house.alice, next(iter(room.items)))
    system = System(room.house.instance)
    assert remind(system).due == 1
    room.house.clock.advance(timedelta(days=9))
    assert destroy(system).notes == 1


def test_a_reminder_says_nothing(room: Room) -> None:
    """An alert is a code, a number and ids; the line of the ledger counts."""
    task(room, "bob", room.house.clock.now().date())
    remind(System(room.house.instance))
    leaf = newest_leaf(room.house)
    assert (leaf.action, leaf.actor, leaf.dossiers, leaf.hits) == ("jobs.reminders", None, (), 1)
    assert set(Alert.__table__.columns.keys()) == {"id", "recipient_id", "kind", "number", "reference", "created_at", "seen_at"}
    with room.house.instance.database.reading() as session:
        (alert,) = session.scalars(select(Alert).where(Alert.recipient_id == room.house.bob.user_id, Alert.kind == DUE)).all()
    assert alert.number in {"", *room.items}
