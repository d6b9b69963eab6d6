"""What is due: dates of the dossiers I lead; for stewards their cells; for the data-protection officer the accès urgents to review.

Clear columns only, over boxes of mine (`shelf.visible`): what I may not list is not due to me. Boxes on duty do not count here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select

from casework.models.cells import Cell, Habilitation
from casework.models.dossiers import Box, Conflict, Dossier, UrgentAccess
from casework.models.support import MeasureEnd, PlannedContact, PurgeReview
from casework.services.emergency.urgent_lines import REVIEW_WITHIN
from casework.services.keys.keychain import Keychain
from casework.services.meeting import expected
from casework.services.meeting.decisions import notices, tasks
from casework.services.membership.standing import STEWARD, alive
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.orientation import waiting
from casework.services.permanence import missed
from casework.services.record.measure_ends import may_be_told
from casework.services.referral.sent import EXAMINED_WITHIN
from casework.services.search.shelf import visible
from casework.services.terms import PARIS
from casework.services.unit import Unit
from casework.wording import says

NEXT_DATE, EXAMINE, NO_LEAD, CONFLICT, HABILITATION, REVIEW = "next_date", "examine", "no_lead", "conflict", "habilitation", "review"
TASK, MEASURE, CONTACT, NOTICE, MEETING = "task", "measure_end", "contact", "notice", "meeting"
RECEIVED, OUTCOME, SILENT, PURGE = "orientation_received", "orientation_outcome", "orientation_silent", "purge"
MISSED, CHANGED, ABSENT = "orientation_missed", "orientation_contact", "absent"

SOON = timedelta(days=7)
ENDING = timedelta(days=30)
"""« J-30 reminder » (domain 4.7)."""


PLACE = says("Point sans personne")
SITTING = says("Réunion")


@dataclass(frozen=True, slots=True)
class DueRow:
    """A due line before its dossier's name is known. dossier_id is empty when it is about none."""

    code: str
    on: date
    dossier_id: str = ""
    number: str = ""
    cell: str = ""
    who: str = ""
    at: datetime | None = None
    reference: str = ""
    """Id of what is due, where a job reminds of it as well: it is shown once."""


def rows(unit: Unit, keychain: Keychain) -> list[DueRow]:
    """Everything that is due to me, soonest first."""
    found = [*_dates(unit, keychain), *_received(unit, keychain), *_without_lead(unit, keychain), *_conflicts(unit, keychain)]
    return sorted(
        [
            *found,
            *_ending(unit),
            *(DueRow(MEETING, _day(at), cell=cell, who=SITTING, at=at) for at, cell in expected.soon(unit)),
            *_to_review(unit),
            *_tasks(unit),
            *(DueRow(NOTICE, on, dossier_id, number, cell) for dossier_id, number, cell, on in notices.due(unit, keychain)),
            *_measures(unit, keychain),
            *_contacts(unit, keychain),
            *_orientations(unit, keychain),
            *(DueRow(ABSENT, _day(at), each.id, each.number) for at, each in missed.lately(unit, keychain)),
        ],
        key=lambda row: (row.on, row.code, row.number, row.who),
    )


def _dates(unit: Unit, keychain: Keychain) -> Iterator[DueRow]:
    soon = _today(unit) + SOON
    led = Dossier.id.in_(visible(unit, keychain).where(Box.title == "lead"))
    for dossier_id, number, cell, on in _dossiers(
        unit, Dossier.next_date, led, Dossier.lead_id == unit.actor.user_id, Dossier.status == "open", Dossier.next_date <= soon
    ):
        yield DueRow(NEXT_DATE, on, dossier_id, number, cell)


def _received(unit: Unit, keychain: Keychain) -> Iterator[DueRow]:
    mine = Dossier.id.in_(_where_i_may(unit, keychain, "referral.examine"))
    for dossier_id, number, cell, received in _dossiers(unit, Dossier.received_at, mine, Dossier.status == "received"):
        yield DueRow(EXAMINE, _day(received) + EXAMINED_WITHIN, dossier_id, number, cell)


def _without_lead(unit: Unit, keychain: Keychain) -> Iterator[DueRow]:
    """Nobody was named, or the one who was has left the cell."""
    mine = Dossier.id.in_(_where_i_may(unit, keychain, "dossier.relead"))
    for dossier_id, number, cell, _ in _dossiers(unit, Dossier.opened_at, mine, Dossier.status == "open", ~_led(unit)):
        yield DueRow(NO_LEAD, _today(unit), dossier_id, number, cell)


def _conflicts(unit: Unit, keychain: Keychain) -> Iterator[DueRow]:
    mine = Dossier.id.in_(_where_i_may(unit, keychain, "conflict.settle"))
    said = (
        select(Conflict.dossier_id.label("dossier_id"), func.min(Conflict.declared_at).label("at"))
        .where(Conflict.settled_at.is_(None))
        .group_by(Conflict.dossier_id)
        .subquery()
    )
    query = select(Dossier.id, Dossier.number, Cell.name, said.c.at).join(Cell, Cell.id == Dossier.cell_id)
    for dossier_id, number, cell, at in unit.session.execute(query.join(said, said.c.dossier_id == Dossier.id).where(mine)):
        yield DueRow(CONFLICT, _day(at), dossier_id, number, cell)


def _ending(unit: Unit) -> Iterator[DueRow]:
    """Habilitations of my cells that end within 30 days and that no later one replaces."""
    cells = _cells_i_admit_to(unit)
    last = select(Habilitation.user_id, Habilitation.cell_id, func.max(Habilitation.until).label("until"))
    ends = last.where(Habilitation.cell_id.in_(cells), alive(unit.now)).group_by(Habilitation.user_id, Habilitation.cell_id).subquery()
    query = select(ends.c.user_id, Cell.name, ends.c.until).join(Cell, Cell.id == ends.c.cell_id)
    found = unit.session.execute(query.where(ends.c.until <= unit.now + ENDING)).all()
    people = professionals(unit.session, unit.instance.anchor, [row.user_id for row in found])
    for user_id, cell, until in found:
        yield DueRow(HABILITATION, _day(until), cell=cell, who=people.get(user_id, UNKNOWN).name)


def _to_review(unit: Unit) -> Iterator[DueRow]:
    if not unit.check("urgent.review", [unit.situation()]).permitted:
        return
    query = select(Dossier.number, UrgentAccess.user_id, UrgentAccess.opened_at, Cell.name)
    query = query.join(Dossier, Dossier.id == UrgentAccess.dossier_id).join(Cell, Cell.id == Dossier.cell_id)
    found = unit.session.execute(
        query.where(
            UrgentAccess.reviewed_at.is_(None), UrgentAccess.user_id != unit.actor.user_id, UrgentAccess.dossier_id.not_in(unit.apart_from)
        )
    ).all()
    people = professionals(unit.session, unit.instance.anchor, [row.user_id for row in found])
    for number, user_id, opened, cell in found:
        due = opened + REVIEW_WITHIN
        yield DueRow(REVIEW, _day(due), number=number, cell=cell, who=people.get(user_id, UNKNOWN).name, at=due)


def _tasks(unit: Unit) -> Iterator[DueRow]:
    """Actions and questions I carry, due within a week or late. Of a point about a place there is no number."""
    for task, number, dossier_id in tasks.due(unit, _today(unit) + SOON):
        yield DueRow(TASK, task.due, dossier_id, number, who="" if number else PLACE, reference=task.id)


def _measures(unit: Unit, keychain: Keychain) -> Iterator[DueRow]:
    """Measures that end soon in dossiers I lead, or keep while nobody leads them: a day, never which."""
    mine = (Dossier.lead_id == unit.actor.user_id) | (~_led(unit) & Dossier.id.in_(_where_i_may(unit, keychain, "dossier.relead")))
    query = (
        select(MeasureEnd.id, MeasureEnd.due, Dossier, Cell.name)
        .join(Dossier, Dossier.id == MeasureEnd.dossier_id)
        .join(Cell, Cell.id == Dossier.cell_id)
        .where(MeasureEnd.due.between(_today(unit), _today(unit) + unit.charter.support.measure), Dossier.status == "open")
        .where(Dossier.id.in_(visible(unit, keychain)), mine)
    )
    for end, due, dossier, cell in unit.session.execute(query):
        position = "lead" if dossier.lead_id == unit.actor.user_id else STEWARD
        if may_be_told(unit.charter, dossier, unit.actor.profession, position):
            yield DueRow(MEASURE, due, dossier.id, dossier.number, cell, reference=end)


def _orientations(unit: Unit, keychain: Keychain) -> Iterator[DueRow]:
    """Orientations that wait for me, and dossiers whose purge is to be reviewed."""
    codes = {
        waiting.RECEIVED: RECEIVED, waiting.OUTCOME: OUTCOME, waiting.SILENT: SILENT, waiting.MISSED: MISSED, waiting.CONTACT: CHANGED,
    }  # fmt: skip
    for each in waiting.of(unit, keychain):
        yield DueRow(codes[each.why], each.on, each.dossier_id, each.number, reference=each.reference)
    mine = Dossier.id.in_(_where_i_may(unit, keychain, "purge.review"))
    query = select(PurgeReview.due, Dossier.id, Dossier.number, Cell.name).join(Dossier, Dossier.id == PurgeReview.dossier_id)
    for due, dossier_id, number, cell in unit.session.execute(
        query.join(Cell, Cell.id == Dossier.cell_id).where(PurgeReview.decided_at.is_(None), mine)
    ):
        yield DueRow(PURGE, due, dossier_id, number, cell)


def _contacts(unit: Unit, keychain: Keychain) -> Iterator[DueRow]:
    """Calls, letters and meetings that I planned: the number and the hour, never what for."""
    query = (
        select(PlannedContact.planned_for, Dossier.id, Dossier.number, Cell.name)
        .join(Dossier, Dossier.id == PlannedContact.dossier_id)
        .join(Cell, Cell.id == Dossier.cell_id)
        .where(PlannedContact.author_id == unit.actor.user_id, PlannedContact.state == "planned")
        .where(PlannedContact.planned_for <= unit.now + SOON, Dossier.id.in_(visible(unit, keychain)))
    )
    for at, dossier_id, number, cell in unit.session.execute(query):
        yield DueRow(CONTACT, _day(at), dossier_id, number, cell, at=at)


def _led(unit: Unit) -> ColumnElement[bool]:
    """The lead of the dossier is still in its cell."""
    return exists().where(Habilitation.user_id == Dossier.lead_id, Habilitation.cell_id == Dossier.cell_id, alive(unit.now))


def _where_i_may(unit: Unit, keychain: Keychain, action: str) -> Select[str]:
    """Dossiers of my list that I hold under a title by which the charter permits this."""
    law = unit.charter.list_filter(action, unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status)
    return visible(unit, keychain).where(law)


def _dossiers(unit: Unit, what: object, *which: ColumnElement[bool]) -> list[tuple[str, str, str, datetime]]:
    query = select(Dossier.id, Dossier.number, Cell.name, what).join(Cell, Cell.id == Dossier.cell_id)  # type: ignore[call-overload]  # a column of the dossier
    return list(unit.session.execute(query.where(*which)))


def _cells_i_admit_to(unit: Unit) -> list[str]:
    rows = unit.session.execute(select(Cell.id, Cell.programme).where(Cell.id.in_(unit.facts.cells_as(STEWARD))))
    return [cell for cell, programme in rows if unit.check("member.admit", [unit.situation(STEWARD, programme)]).permitted]


def _today(unit: Unit) -> date:
    return _day(unit.now)


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
