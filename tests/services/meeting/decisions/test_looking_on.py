"""The laptop is mirrored: the pages on which a meeting decides and closes hold back what the room's own screen would hold back."""

from casework import services
from casework.models.meetings import Decision, Hearing
from casework.services.meeting.decisions.outcome_views import ClosingLine, DecisionPage
from tests.attacks.sql import rows
from tests.house import House
from tests.services.meeting.outcome import arrive, close, decide, draft, sitting, task
from tests.services.meeting.room import Room

BEFORE, ASKED, WORDS, NEW = "Appeler le collège.", "Voir la tante.", "Rencontre fixée avec la famille.", "Remplacée."


def begin(house: House) -> tuple[Room, str]:
    """A dossier with an earlier action, decided about again in a room where Alice is concerned and Paula is not."""
    number = house.follow("Quibérac-Regard")
    first = sitting(house, {number: ["alice"]})
    decide(first, number, actions=(task(house, "alice", BEFORE),))
    close(first)
    room = sitting(house, {number: ["alice"]}, people=["paula"])
    arrive(room, "alice", "paula")
    decide(room, number, text=WORDS, actions=(task(house, "alice", ASKED),))
    return room, number


def page_of(room: Room, number: str) -> DecisionPage:
    return services.deciding.prepare(room.steward, room.meeting, room.items[number])


def line_of(room: Room) -> ClosingLine:
    (line,) = services.closing.prepare(room.steward, room.meeting).lines
    return line


def heard(room: Room, number: str) -> set[tuple[str, str]]:
    """Who is recorded as having read what of an item."""
    seats = {seat: name for name, seat in room.seats.items()}
    return {(seats.get(each.seat_id, "steward"), each.kinds) for each in rows(room.house, Hearing, item_id=room.items[number])}


def test_a_stranger_keeps_the_words_off_the_page_of_a_decision(house: House) -> None:
    """Bare rows, and nobody has read them; once the stranger has left they are shown, and recorded as read by those who are there."""
    room, number = begin(house)
    held_back = page_of(room, number)
    assert held_back.withheld
    for never in (BEFORE, ASKED, WORDS):
        assert never not in repr(held_back), never
    assert [(each.status, each.owner) for each in held_back.former] == [("open", "")]
    assert heard(room, number) == set()
    services.attendance.leave(room.steward, room.meeting, [room.seats["paula"]])
    shown = page_of(room, number)
    assert not shown.withheld
    for words in (BEFORE, ASKED, WORDS):
        assert words in repr(shown), words
    assert heard(room, number) == {("alice", "decisions"), ("steward", "decisions")}


def test_a_stranger_keeps_the_words_off_the_closing_page(house: House) -> None:
    """And the meeting is closed all the same, with every word in its relevé."""
    room, number = begin(house)
    line = line_of(room)
    assert (line.withheld, line.decided, line.outcome) == (True, True, line_of(room).outcome)
    assert line.outcome
    for never in (ASKED, WORDS):
        assert never not in repr(line), never
    assert heard(room, number) == set()
    services.attendance.leave(room.steward, room.meeting, [room.seats["paula"]])
    assert not line_of(room).withheld
    assert WORDS in repr(line_of(room))
    assert ASKED in repr(line_of(room))
    assert heard(room, number) == {("alice", "decisions"), ("steward", "decisions")}
    services.attendance.keep(room.steward, room.meeting, {room.seats["paula"]: ("left", "present")})
    assert line_of(room).withheld
    close(room)
    assert WORDS in repr(services.minutes.read(house.alice, room.meeting))


def test_a_form_that_could_not_show_the_words_loses_none(house: House) -> None:
    """What is left empty stays as it was; what is typed takes its place. Control: the same form with the words on it takes them back."""
    room, number = begin(house)
    blank = page_of(room, number).draft
    assert (blank.text, [each.text for each in blank.actions]) == ("", [""])
    services.deciding.decide(
        room.steward, room.meeting, room.items[number], draft(version=blank.version, actions=blank.actions, keep="unseen")
    )
    services.attendance.leave(room.steward, room.meeting, [room.seats["paula"]])
    kept = page_of(room, number).draft
    assert (kept.text, [each.text for each in kept.actions]) == (WORDS, [ASKED])
    decide(room, number, text=NEW, version=kept.version, actions=blank.actions, keep="unseen")
    assert page_of(room, number).draft.text == NEW
    decide(room, number, version=kept.version + 1, actions=kept.actions)
    assert page_of(room, number).draft.text == ""


def test_once_all_have_left_the_steward_reads_everything(house: House) -> None:
    """Whoever came is gone; and the day after, nobody looks on. Control: an empty sheet shows nothing, as on the room's screen."""
    number = house.follow("Quibérac-Parti")
    room = sitting(house, {number: ["alice"]}, people=["paula"])
    decide(room, number, text=WORDS)
    assert page_of(room, number).withheld
    arrive(room, "paula")
    assert page_of(room, number).withheld
    services.attendance.leave(room.steward, room.meeting, [room.seats["paula"]])
    assert not page_of(room, number).withheld
    assert WORDS in repr(line_of(room))
    assert rows(house, Decision, item_id=room.items[number])[0].version == 1
