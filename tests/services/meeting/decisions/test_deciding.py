"""Deciding: once, by whom the charter lets, correctable until the close, copied to siblings, never over somebody else's words."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound, StaleVersion
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.meetings import Decision, Meeting, Task
from casework.services.access import find
from casework.services.meeting import access
from casework.services.unit import writing
from tests.house import House
from tests.services.meeting.outcome import SOON, arrive, close, decide, draft, sitting, task
from tests.services.meeting.room import Room, secretary


def standing(room: Room, number: str) -> Decision:
    """The decision about a dossier."""
    with room.house.instance.database.reading() as session:
        found = session.scalars(select(Decision).where(Decision.item_id == room.items[number])).one()
        session.expunge(found)
        return found


def dossier(house: House, number: str) -> Dossier:
    """A dossier's row."""
    with house.instance.database.reading() as session:
        found = session.scalars(select(Dossier).where(Dossier.number == number)).one()
        session.expunge(found)
        return found


def test_a_decision_is_entered_once_and_its_words_are_a_note_of_the_dossier(house: House) -> None:
    number = house.follow("Abalone")
    room = sitting(house, {number: ["alice", "hugo"]})
    arrive(room, "alice", "hugo")
    decide(room, number, text="Rencontre avec la famille.", actions=(task(house, "hugo", "Appeler la mère."),))
    decide(room, number, text="Rencontre avec la famille.", actions=(task(house, "hugo", "Appeler la mère."),))  # a double click
    page = services.deciding.prepare(house.stella, room.meeting, room.items[number])
    assert page.draft.text == "Rencontre avec la famille."
    assert [each.text for each in page.draft.actions] == ["Appeler la mère."]
    assert standing(room, number).version == 1
    bodies = [entry.body for entry in house.open(house.alice, number).timeline]
    assert bodies.count("Rencontre avec la famille.") == 1


def test_nothing_happens_to_the_dossier_before_the_close(house: House) -> None:
    number = house.refer(house.hugo, "Belone")
    room = sitting(house, {number: ["hugo"]})
    decide(room, number, "not_retained", next_date=None)
    assert dossier(house, number).status == "received"
    decide(room, number, "retained", lead="alice", version=standing(room, number).version)  # the slip is corrected
    close(room)
    there = dossier(house, number)
    assert (there.status, there.lead_id, there.next_date) == ("open", house.alice.user_id, draft().next_date)


def test_examining_in_a_meeting_is_examining(house: House) -> None:
    """The same outcome by the examination's page and by a meeting leaves the same dossier, boxes and alerts."""
    alone, met = house.refer(house.hugo, "Carrelet"), house.refer(house.hugo, "Daurade")
    services.lifecycle.take_up(house.stella, alone, "alice", draft().next_date or date.max)
    room = sitting(house, {met: []})
    decide(room, met, "retained", lead="alice")
    close(room)
    first, second = (dossier(house, each) for each in (alone, met))
    for column in ("status", "outcome", "lead_id", "next_date", "redirected_to", "closing_reason", "lead_signer_id", "version"):
        assert getattr(first, column) == getattr(second, column), column
    assert boxes(house, alone) == boxes(house, met)


def boxes(house: House, number: str) -> list[tuple[str, str, str, int]]:
    """Kind, title, holder and key version of every box on a dossier."""
    with house.instance.database.reading() as session:
        query = select(Compartment.kind, Box.title, Box.holder_id, Box.key_version).join(Compartment, Compartment.id == Box.compartment_id)
        rows = session.execute(query.join(Dossier, Dossier.id == Compartment.dossier_id).where(Dossier.number == number))
        return sorted((row[0], row[1], row[2], row[3]) for row in rows)


@pytest.mark.parametrize(
    ("outcome", "given", "expected"),
    [
        ("not_retained", {}, ("closed", "not_retained", None)),
        ("child_protection", {}, ("closed", "child_protection", None)),
        ("mainstream", {"redirected_to": "mainstream"}, ("closed", "redirected", "mainstream")),
        ("followed_elsewhere", {"redirected_to": "social_service"}, ("closed", "redirected", "social_service")),
        ("postponed", {"missing": "agreement", "next_date": SOON}, ("received", None, None)),
    ],
)
def test_each_outcome_of_a_saisine(house: House, outcome: str, given: dict[str, Any], expected: tuple[object, ...]) -> None:
    number = house.refer(house.hugo, "Églefin")
    room = sitting(house, {number: []})
    decide(room, number, outcome, **{"next_date": None, **given})
    close(room)
    there = dossier(house, number)
    assert (there.status, there.outcome, there.redirected_to) == expected


def test_a_saisine_already_followed_in_another_dossier(house: House) -> None:
    known, number = house.follow("Flétan"), house.refer(house.hugo, "Flétan")
    room = sitting(house, {number: ["alice"]})
    arrive(room, "alice")
    with pytest.raises(InvalidInput) as problem:
        decide(room, number, "followed_elsewhere", duplicate_of="2026-9999")
    assert set(problem.value.problems) == {"duplicate_of"}
    decide(room, number, "followed_elsewhere", duplicate_of=known)
    assert services.deciding.prepare(house.stella, room.meeting, room.items[number]).draft.duplicate_of == known
    close(room)
    assert dossier(house, number).outcome == "duplicate"


@pytest.mark.parametrize(("outcome", "given"), [("closed", {"closing_reason": "achieved"}), ("mainstream", {})])
def test_an_open_dossier_is_closed_as_closing_closes_it(house: House, outcome: str, given: dict[str, Any]) -> None:
    number = house.follow("Gardon")
    room = sitting(house, {number: ["alice"]})
    decide(room, number, outcome, **given)
    close(room)
    there = dossier(house, number)
    assert (there.status, there.closing_reason, there.next_date) == ("closed", given.get("closing_reason", "mainstream"), None)


def test_another_lead_is_named(house: House) -> None:
    number = house.follow("Hareng")
    room = sitting(house, {number: ["alice"]})
    decide(room, number, "retained", lead="bob")
    close(room)
    assert dossier(house, number).lead_id == house.bob.user_id
    with pytest.raises(NotFound):
        house.open(house.alice, number)
    assert house.open(house.bob, number).lead == "Bob"


def test_what_an_outcome_lacks_is_said_at_its_field(house: House) -> None:
    number = house.follow("Ide")
    room = sitting(house, {number: ["alice"]})
    lacking = {
        "outcome": draft("absent"),
        "next_date": draft(next_date=None),
        "missing": draft("postponed"),
        "closing_reason": draft("closed"),
        "lead": draft("retained", lead="charlie"),
        "text": draft(text="x" * 501),
        "actions-0-owner": draft(actions=(task(house, "charlie", "Appeler."),)),
        "actions-0-due": draft(actions=(task(house, "hugo", "Appeler.", due=date(2020, 1, 1)),)),
        "questions-0-text": draft(questions=(task(house, "hugo", ""),)),
    }
    for field, wrong in lacking.items():
        with pytest.raises(InvalidInput) as problem:
            services.deciding.decide(house.stella, room.meeting, room.items[number], wrong)
        assert set(problem.value.problems) == {field}


def test_two_scribes_lose_nothing(house: House) -> None:
    number = house.follow("Joël")
    room, serge = sitting(house, {number: ["alice"]}), secretary(house)
    arrive(room, "alice")
    decide(room, number, text="Mots de la coordination.", actions=(task(house, "hugo", "Appeler."),))
    with pytest.raises(StaleVersion):
        services.deciding.decide(house.stella, room.meeting, room.items[number], draft(text="Autres mots."))
    page = services.deciding.prepare(house.stella, room.meeting, room.items[number])
    assert page.stands is not None
    assert page.stands.text == "Mots de la coordination."
    both = draft(text="Autres mots.", keep="both", version=page.draft.version, actions=page.draft.actions)
    services.deciding.decide(house.stella, room.meeting, room.items[number], both)
    now = services.deciding.prepare(house.stella, room.meeting, room.items[number])
    assert now.draft.text == "Mots de la coordination.\nAutres mots."
    assert len(now.draft.actions) == 1
    assert serge.profession == "secretary"
    timeline = house.open(house.stella, number).timeline
    assert any(entry.corrected_by for entry in timeline if entry.body == "Mots de la coordination.")


def test_a_corrected_action_keeps_its_note_or_gets_a_new_one(house: House) -> None:
    number = house.follow("Lotte")
    room = sitting(house, {number: ["alice", "hugo"]})
    arrive(room, "alice", "hugo")
    decide(room, number, actions=(task(house, "hugo", "Appeler."), task(house, "alice", "Écrire.")))
    page = services.deciding.prepare(house.stella, room.meeting, room.items[number])
    kept, other = sorted(page.draft.actions, key=lambda each: each.text)
    changed = (kept, task(house, "alice", "Écrire au collège."))
    decide(room, number, actions=changed, version=page.draft.version)
    with house.instance.database.reading() as session:
        rows = {row.id: row.status for row in session.scalars(select(Task).where(Task.item_id == room.items[number]))}
    assert rows[kept.id] == "open"
    assert rows[other.id] == "dropped"
    assert len(rows) == 3


def test_a_decision_is_copied_to_siblings_each_with_its_own_rows(house: House) -> None:
    numbers = [house.follow(name) for name in ("Merlan", "Merlan", "Merlan")]
    room = sitting(house, {number: ["alice"] for number in numbers})
    copies = tuple(room.items[each] for each in numbers[1:])
    decide(room, numbers[0], text="La fratrie ensemble.", actions=(task(house, "alice", "Visiter."),), copies=copies)
    assert [standing(room, each).outcome for each in numbers] == ["continued"] * 3
    assert len({standing(room, each).entry_id for each in numbers}) == 3
    with pytest.raises(InvalidInput) as problem:  # decided already: said, and nothing is written
        decide(room, numbers[0], text="Autre.", version=1, copies=copies)
    assert set(problem.value.problems) == {"copies"}
    assert standing(room, numbers[0]).version == 1


def test_a_secretary_records_and_the_coordination_confirms(house: House) -> None:
    number = house.follow("Nase")
    room = sitting(house, {number: ["alice"]})
    serge = secretary(house)
    with pytest.raises(NotFound):  # without the box that a steward's confirmation gives
        services.deciding.prepare(serge, room.meeting, room.items[number])
    give_to_secretary(room, number)
    page = services.deciding.prepare(serge, room.meeting, room.items[number])
    assert page.writes
    assert not page.keeps
    decide(room, number, "closed", by=serge, closing_reason="achieved", text="Objectif atteint.")
    assert dossier(house, number).status == "open"
    close(room)
    assert dossier(house, number).status == "closed"


def give_to_secretary(room: Room, number: str) -> None:
    """What confirming an item gives the cell's secretary."""
    with writing(room.steward, "meeting.confirm") as unit:
        held, meeting = find(unit, number), unit.session.get_one(Meeting, room.meeting)
        access.give(
            held, meeting, [room.house.actors["serge"].user_id], access.Receivers(unit, meeting), kinds={"identity", "decisions"},
            title="secretary",
        )  # fmt: skip


def test_nobody_else_decides(house: House) -> None:
    number = house.follow("Omble")
    room = sitting(house, {number: ["alice", "hugo"]})
    for name in ("alice", "hugo", "charlie", "elsa", "ada", "sam"):
        with pytest.raises(NotFound):
            services.deciding.decide(house.actors[name], room.meeting, room.items[number], draft())


def test_a_sheet_copied_late_keeps_the_day_of_the_sitting(house: House) -> None:
    number = house.follow("Perche")
    room = sitting(house, {number: ["alice"]})
    day = house.clock.now().date()
    house.clock.advance(timedelta(days=3))
    house.actors["stella"] = house.sign_in("stella")
    late = Room(house, room.meeting, house.stella, room.seats, room.items)
    decide(late, number)
    row = standing(room, number)
    assert (row.decided_on, row.entered_at.date()) == (day, day + timedelta(days=3))
    assert services.deciding.prepare(house.stella, room.meeting, room.items[number]).late
