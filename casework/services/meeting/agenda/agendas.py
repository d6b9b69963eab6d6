"""A meeting's page: the whole agenda for those who prepare it, own items for those who are convened to it, nothing for others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from casework.errors import NotFound
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, MeetingNote
from casework.models.people import Institution
from casework.services.access import Held, apart_from
from casework.services.actor import Actor
from casework.services.dossier.contents import full_name
from casework.services.keys.keychain import Keychain
from casework.services.meeting import notes, people
from casework.services.meeting.agenda import answering, letters, points, proposing
from casework.services.meeting.agenda.agenda_items import institutions_needed, is_steward
from casework.services.meeting.agenda.headings import head, prepares
from casework.services.meeting.agenda.ordering import leaving
from casework.services.meeting.decisions import late_answers
from casework.services.meeting.giving import near, owed
from casework.services.meeting.rows import (
    CONFIRMED,
    CONVENED,
    OPEN,
    PREPARED,
    PROPOSED,
    concerned,
    items_of,
    meeting_of,
    my_seat,
    require_in,
    seats_of,
)
from casework.services.meeting.sitting.seat_lines import seat_lines
from casework.services.meeting.sitting.seating import EXCUSED, REPLACED
from casework.services.meeting.views import Agenda, AgendaItem, Answer, OwnItem, OwnMeeting, Proposal, SeatLine
from casework.services.membership.teams import seats as positions
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.reasons import choice
from casework.services.search.shelf import Shelf
from casework.services.unit import Unit, reading
from casework.services.views import Choice
from casework.wording import says

READ = "meeting.read"
OFFERED = 40
"""Proposals shown at once."""
ACTIONS = ("meeting.prepare", "meeting.convene", "meeting.open", "meeting.attend", "meeting.close")

Row = tuple[Item, Dossier]

NUMBER_ALONE: Mapping[str, Any] = {
    "due": None, "informed": "", "told": "", "question": None, "question_id": "", "concerned": (), "names": (), "answers": (), "late": (),
    "apart": True,
}  # fmt: skip
"""What the page says of a dossier to somebody with a personal link to its person: that this number is on the agenda."""


def read(actor: Actor, meeting_id: str, *, every: bool = False) -> Agenda | OwnMeeting:
    """The agenda for stewards and secretaries of the cell; place, time and own items for whoever is convened. Raises NotFound.

    every: all dossiers under way are proposed, not only those that ask to be examined.
    """
    with reading(actor, READ) as unit:
        meeting, cell = meeting_of(unit, meeting_id)
        require_in(unit, cell)
        return _agenda(unit, meeting, cell, every=every) if prepares(unit, cell) else _own(unit, meeting, cell)


class _Opened:
    """The dossiers of one page, their identities and notes opened as far as the actor may."""

    def __init__(self, unit: Unit, rows: Sequence[Row], beside: Sequence[Dossier] = ()) -> None:
        self.unit, self.keychain = unit, Keychain(unit)
        items = [item for item, _ in rows]
        self._shelf = Shelf(unit, self.keychain, sorted({*(dossier.id for _, dossier in rows), *(each.id for each in beside)}))
        self._held: Mapping[str, Held] = {held.dossier.id: held for held in self._shelf}
        self.questions, self.answers = notes.questions_of(unit, items), notes.answers_of(unit, items)

    def person(self, dossier: Dossier, *, named: bool = True) -> str | None:
        """Whom it is about, where I may read it. Notes that the dossier is shown.

        named: False before the day comes, also for somebody who holds the dossier by another title: the page is the meeting's.
        """
        texts = self._shelf.identity(self._held[dossier.id]) if named and dossier.id in self._held else None
        self.unit.trace.show(dossier.number, *(("identity",) if texts else ()))
        return full_name(texts) if texts else None

    def question(self, item: Item) -> str | None:
        """The question asked: empty when there is none, None where I may not read it."""
        note = self.questions.get(item.id)
        if note is None:
            return ""
        return notes.question(self._held[item.dossier_id], note) if item.dossier_id in self._held else None

    def answer(self, note: MeetingNote) -> str | None:
        """What somebody answered, where I may read it."""
        return notes.answered(self.unit, self.keychain, note)


def _agenda(unit: Unit, meeting: Meeting, cell: Cell, *, every: bool) -> Agenda:
    rows = items_of(unit, meeting.id)
    proposals = _proposals(unit, meeting, cell, rows, every=every)
    opened = _Opened(unit, rows, [each.dossier for each in proposals])
    members, lines = people.members(unit, cell), seat_lines(unit, meeting, cell)
    may = frozenset(action for action in ACTIONS if unit.check(action, positions(unit, cell)).permitted)
    rules = unit.charter.meetings
    return Agenda(
        head=head(unit, meeting, cell),
        items=tuple(_items(unit, meeting, cell, rows, opened, lines)),
        proposals=tuple(
            Proposal(each.dossier.number, opened.person(each.dossier), choice(rules.origins, each.origin), each.on) for each in proposals
        ),
        seats=lines,
        points=points.lines(unit, meeting, opened.keychain),
        owners=tuple(Choice(each.id, f"{each.name}, {each.institution}") for each in members.values()),
        letter=letters.letter(unit.instance, meeting, cell),
        told=_told(unit),
        pending=meeting.status == CONVENED and "meeting.convene" in may and bool(owed(unit, meeting, members)),
        may=may,
    )


def _proposals(unit: Unit, meeting: Meeting, cell: Cell, rows: Sequence[Row], *, every: bool) -> list[proposing.Asking]:
    if meeting.status not in (PREPARED, CONVENED):
        return []
    without = {*(dossier.id for _, dossier in rows), *apart_from(unit)}
    return proposing.asking(unit, cell, meeting, without=without, every=every)[:OFFERED]


def _told(unit: Unit) -> tuple[Choice, ...]:
    """Whether the person was informed, in one list: yes, or why not yet."""
    rules = unit.charter.meetings
    later = rules.informed["deferred"].label
    return (
        Choice("informed", rules.informed["informed"].label),
        *(Choice(code, says("%(later)s · %(why)s", later=later, why=word.label)) for code, word in rules.deferrals.items()),
    )


def _items(
    unit: Unit, meeting: Meeting, cell: Cell, rows: Sequence[Row], opened: _Opened, lines: Sequence[SeatLine]
) -> Iterator[AgendaItem]:
    by_item, seats = concerned(unit, [item for item, _ in rows]), {each.id: each for each in lines}
    leave = _leave(unit, meeting, rows)
    told = {each.code: each.label for each in _told(unit)}
    apart, steward = apart_from(unit), is_steward(unit, cell)
    late = late_answers.found(unit, meeting, [dossier for item, dossier in rows if steward or item.status != PROPOSED])
    answered = professionals(unit.session, unit.instance.anchor, {each.author_id for found in opened.answers.values() for each in found})
    words = unit.charter.meetings
    for place, (item, dossier) in enumerate(rows):
        here = [seats[each] for each in by_item[item.id] if each in seats and not seats[each].steward]
        question, informed = opened.questions.get(item.id), _informed(item)
        answers = []
        for note in opened.answers.get(item.id, ()):
            code, who = opened.answer(note), answered.get(note.author_id, UNKNOWN)
            if code is not None:
                answers.append(Answer(who.name, who.institution, choice(words.answers, code)))
        shown = AgendaItem(
            id=item.id,
            place=place + 1,
            number=dossier.number,
            person=opened.person(dossier),
            status=item.status,
            origin=choice(words.origins, item.origin),
            dossier_status=choice(unit.charter.vocabulary.statuses, dossier.status),
            due=_due(dossier),
            informed=informed,
            told=told.get(informed, ""),
            question=opened.question(item),
            question_id=question.id if question else "",
            concerned=tuple(each.id for each in here),
            names=tuple(each.name for each in sorted(here, key=lambda each: (each.institution, each.name))),
            answers=tuple(answers),
            late=tuple(late.get(dossier.id, ())),
            leave=leave[place],
        )
        yield replace(shown, **NUMBER_ALONE) if dossier.id in apart else shown


def _informed(item: Item) -> str:
    """One code for both columns: `informed`, or the reason of a deferral."""
    return (item.deferral or "") if item.informed == "deferred" else (item.informed or "")


def _due(dossier: Dossier) -> date | None:
    return dossier.next_date


def _leave(unit: Unit, meeting: Meeting, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Names of the institutions that may leave after each item."""
    needed = institutions_needed(unit, [item for item, _ in rows], seats_of(unit, meeting.id))
    names = {each: unit.session.get_one(Institution, each).name for here in needed.values() for each in here}
    return [tuple(sorted(names[each] for each in here)) for here in leaving(list(needed.values()))]


def _own(unit: Unit, meeting: Meeting, cell: Cell) -> OwnMeeting:
    seat = my_seat(unit, meeting.id)
    if seat is None or meeting.status == PREPARED:
        raise NotFound(unit.action)
    rows = _own_rows(unit, meeting, seat.id) if meeting.status in (CONVENED, OPEN) and seat.status not in (EXCUSED, REPLACED) else []
    opened, seen = _Opened(unit, rows), near(unit, meeting) or meeting.status == OPEN
    mine, told = unit.actor.user_id, {each.code: each.label for each in _told(unit)}
    line = next((each for each in seat_lines(unit, meeting, cell) if each.id == seat.id), None)
    return OwnMeeting(
        head=head(unit, meeting, cell),
        seat=seat.status,
        items=tuple(
            OwnItem(
                id=item.id,
                number=dossier.number,
                person=opened.person(dossier, named=seen),
                question=opened.question(item) if seen else None,
                answer=next((opened.answer(each) or "" for each in opened.answers.get(item.id, ()) if each.author_id == mine), ""),
                told=told.get(_informed(item), "") if seen else "",
            )
            for item, dossier in rows
        ),
        answers=tuple(choice(unit.charter.meetings.answers, code) for code in unit.charter.meetings.answers),
        opens_at=meeting.starts_at - unit.charter.meetings.before,
        near=seen,
        deputies=tuple(answering.described(each) for each in answering.deputies(unit, meeting, cell)) if meeting.status == CONVENED else (),
        deputy=line.deputy if line else "",
        points=points.lines(unit, meeting, opened.keychain),
    )


def _own_rows(unit: Unit, meeting: Meeting, seat_id: str) -> list[Row]:
    """The confirmed items that concern this seat, but those of people whom the actor has a personal link to."""
    apart = apart_from(unit)
    rows = [(item, dossier) for item, dossier in items_of(unit, meeting.id) if item.status == CONFIRMED and dossier.id not in apart]
    by_item = concerned(unit, [item for item, _ in rows])
    return [(item, dossier) for item, dossier in rows if seat_id in by_item[item.id]]
