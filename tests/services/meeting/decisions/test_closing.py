"""Closing: one act that lets decisions take effect, hands out actions, ends access; undecided items need a choice; nothing in the clear."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound, StaleVersion
from casework.models.attention import Alert
from casework.models.base import Base
from casework.models.dossiers import Box
from casework.models.meetings import Decision, Item, Meeting, Task
from casework.services.meeting.decisions.outcome_views import DecisionDraft, ReportDraft, UndecidedChoice
from tests.house import House
from tests.services.meeting.outcome import LATER, close, decide, minutes, sitting, task
from tests.services.meeting.room import Room, reads

CANARY = "canari-réunion-Zwölf-7719"


def titles(room: Room, *wanted: str) -> int:
    """How many boxes of this meeting or its tasks live."""
    with room.house.instance.database.reading() as session:
        return len(session.scalars(select(Box.id).where(Box.title.in_(wanted), Box.reference == room.meeting)).all())


def test_access_by_the_meeting_ends_and_other_titles_stay(house: House) -> None:
    number = house.follow("Ablette")
    room = sitting(house, {number: ["alice", "bob"]})
    assert "identity" in reads(house, "bob", number)
    decide(room, number)
    close(room)
    assert titles(room, "convened", "secretary") == 0
    assert reads(house, "bob", number) == frozenset()
    assert "identity" in reads(house, "alice", number)  # she leads
    assert room.row(Meeting, room.meeting).status == "closed"
    with pytest.raises(NotFound):
        services.deciding.decide(house.stella, room.meeting, room.items[number], DecisionDraft("continued"))


def test_what_nobody_decided_is_postponed_or_taken_off(house: House) -> None:
    first, second = house.follow("Barbeau"), house.follow("Brème")
    room = sitting(house, {first: ["alice"], second: ["alice"]})
    page = services.closing.prepare(house.stella, room.meeting)
    assert page.undecided == 2
    with pytest.raises(InvalidInput) as problem:
        services.closing.close(house.stella, room.meeting, [], page.seen)
    assert set(problem.value.problems) == {f"choice-{room.items[each]}" for each in (first, second)}
    chosen = [
        UndecidedChoice(room.items[first], "postponed", "agreement", LATER),
        UndecidedChoice(room.items[second], "withdrawn"),
    ]
    services.closing.close(house.stella, room.meeting, chosen, page.seen)
    assert room.row(Item, room.items[second]).status == "withdrawn"
    assert [(each.number, each.outcome, each.next_date) for each in minutes(room, "alice").lines] == [(first, "Reportée", LATER)]
    assert services.dossiers.open(house.alice, first).next_date == LATER


def test_what_changed_since_it_was_read_is_read_again(house: House) -> None:
    number = house.follow("Cotte")
    room = sitting(house, {number: ["alice"]})
    decide(room, number)
    page = services.closing.prepare(house.stella, room.meeting)
    decide(room, number, text="Autre.", version=1)
    with pytest.raises(StaleVersion):
        services.closing.close(house.stella, room.meeting, [], page.seen)


def test_closing_twice_is_closing_once(house: House) -> None:
    number = house.follow("Dorade")
    room = sitting(house, {number: ["alice"]})
    decide(room, number)
    page = services.closing.prepare(house.stella, room.meeting)
    services.closing.close(house.stella, room.meeting, [], page.seen)
    services.closing.close(house.stella, room.meeting, [], page.seen)
    assert room.row(Meeting, room.meeting).status == "closed"


def test_only_a_steward_closes(house: House) -> None:
    number = house.follow("Épinoche")
    room = sitting(house, {number: ["alice"]})
    for name in ("alice", "elsa", "sam", "ada"):
        with pytest.raises(NotFound):
            services.closing.prepare(house.actors[name], room.meeting)
        with pytest.raises(NotFound):
            services.closing.close(house.actors[name], room.meeting, [], "")


def test_one_decision_that_cannot_take_effect_keeps_the_whole_meeting_open(house: House) -> None:
    """All of it or nothing: the item is named, and neither it nor its neighbour changed."""
    good, bad = house.follow("Féra"), house.follow("Girelle")
    room = sitting(house, {good: ["alice"], bad: ["alice"]})
    decide(room, good, "closed", closing_reason="achieved")
    decide(room, bad)
    services.lifecycle.close(house.stella, bad, "achieved")  # by another way, in between
    page = services.closing.prepare(house.stella, room.meeting)
    with pytest.raises(InvalidInput) as problem:
        services.closing.close(house.stella, room.meeting, [], page.seen)
    assert set(problem.value.problems) == {f"item-{room.items[bad]}"}
    assert services.dossiers.open(house.alice, good).status.code == "open"


def test_who_is_told_what(house: House) -> None:
    number = house.follow("Goujon")
    room = sitting(house, {number: ["alice", "hugo"]})
    decide(room, number, "closed", closing_reason="achieved", actions=(task(house, "hugo", "Appeler."),))
    close(room)
    with house.instance.database.reading() as session:
        rows = session.execute(select(Alert.recipient_id, Alert.kind).where(Alert.kind.in_(("notice_due", "minutes_ready")))).all()
    assert (house.alice.user_id, "notice_due") in rows
    assert {(house.alice.user_id, "minutes_ready"), (house.hugo.user_id, "minutes_ready")} <= set(rows)


def test_without_a_lead_whoever_decided_is_told_that_a_notice_is_due(house: House) -> None:
    """Even when they close the meeting themselves. Control: nothing is due for what changes nothing."""
    number, waiting = house.refer(house.hugo, "Vairon"), house.refer(house.hugo, "Vairon-Deux")
    room = sitting(house, {number: [], waiting: []})
    decide(room, number, "not_retained", next_date=None)
    decide(room, waiting, "postponed", missing="agreement")
    close(room)
    with house.instance.database.reading() as session:
        rows = session.execute(select(Alert.recipient_id, Alert.number).where(Alert.kind == "notice_due")).all()
    assert (house.stella.user_id, number) in rows
    assert waiting not in {each.number for each in rows}


def test_sixty_decisions_close_in_one_act(house: House) -> None:
    numbers = [house.follow(f"Loche{place}") for place in range(12)]  # the sixty are the bench's; here the parts play together
    room = sitting(house, {number: ["alice", "hugo"] for number in numbers})
    for number in numbers:
        decide(room, number, text="Suite.", actions=(task(house, "hugo", "Appeler."),))
    close(room)
    assert len(minutes(room, "hugo").actions) == 12
    with house.instance.database.reading() as session:
        applied = session.scalars(select(Decision.applied_at).where(Decision.meeting_id == room.meeting)).all()
        extracts = session.scalars(select(Task.extract_id).where(Task.meeting_id == room.meeting)).all()
    assert all(applied)
    assert all(extracts)


def test_nothing_typed_is_in_the_database(house: House) -> None:
    number = house.refer(house.hugo, "Mulet")
    room = sitting(house, {number: ["hugo"]})
    decide(room, number, "retained", lead="alice", text=f"{CANARY} texte", actions=(task(house, "hugo", f"{CANARY} action"),))
    close(room)
    (line,) = [each for each in services.tasks.board(house.hugo).mine if each.number == number]
    assert line.text == f"{CANARY} action"  # the control: whoever holds it reads it
    services.reporting.report(house.hugo, line.id, ReportDraft("done", f"{CANARY} résultat"))
    assert not at_rest(house, CANARY)
    assert at_rest(house, "Salle des mariages")  # the control: what is in the clear is found


def at_rest(house: House, value: str) -> list[str]:
    """Columns of any table, of either database, in which a text lies as it was typed."""
    found = []
    with house.instance.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                cells = row._mapping.items()
                found += [
                    f"{table.name}.{name}"
                    for name, cell in cells
                    if value.encode() in (cell if isinstance(cell, bytes) else str(cell).encode())
                ]
    return found


def test_a_meeting_that_began_days_ago_is_closed_all_the_same(house: House) -> None:
    number = house.follow("Nérophis")
    room = sitting(house, {number: ["alice"]})
    house.clock.advance(timedelta(days=2))
    house.actors["stella"] = house.sign_in("stella")
    late = Room(house, room.meeting, house.stella, room.seats, room.items)
    decide(late, number, text="De la feuille.")
    close(late)
    (line,) = services.minutes.read(house.stella, room.meeting).lines
    assert line.entered_on - line.decided_on == timedelta(days=2)
