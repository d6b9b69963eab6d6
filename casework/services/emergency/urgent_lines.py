"""Accès urgents as lines for the screens, and the reason somebody typed: sealed twice, bound to the whole row."""

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta

from sqlalchemy import select

from casework.models.cells import Cell
from casework.models.dossiers import Dossier, UrgentAccess
from casework.services.access import Held
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.reasons import choice
from casework.services.unit import Unit
from casework.services.views import UrgentLine
from casework.vault.packing import pack

REVIEW_WITHIN = timedelta(hours=72)
ON_THE_CASE = frozenset({"lead", "steward", "service", "shared"})
"""Titles whose holders are told on the dossier's page."""


def context(unit: Unit, access: UrgentAccess, reader: str) -> bytes:
    """What a typed reason is bound to: the row it belongs to, whose it is, of which dossier, which code and which half hour."""
    hours = (access.opened_at.astimezone(UTC).isoformat(), access.until.astimezone(UTC).isoformat())
    return pack("urgent", unit.instance.anchor.instance, access.id, access.dossier_id, access.user_id, access.reason, *hours, reader)


def lines(unit: Unit, accesses: Iterable[UrgentAccess]) -> Iterator[UrgentLine]:
    """These accesses, ready to show, under certified names."""
    rows = list(accesses)
    if not rows:
        return
    users = {each.user_id for each in rows} | {each.reviewer_id for each in rows if each.reviewer_id}
    people = professionals(unit.session, unit.instance.anchor, users)
    query = select(Dossier.id, Dossier.number, Cell.name).join(Cell, Cell.id == Dossier.cell_id)
    places = {row.id: row for row in unit.session.execute(query.where(Dossier.id.in_({each.dossier_id for each in rows})))}
    words = unit.charter.vocabulary
    for each in rows:
        person, due = people.get(each.user_id, UNKNOWN), each.opened_at + REVIEW_WITHIN
        yield UrgentLine(
            id=each.id,
            number=places[each.dossier_id].number,
            cell=places[each.dossier_id].name,
            person=person.name,
            function=person.function,
            institution=person.institution,
            opened_at=each.opened_at,
            until=each.until,
            reason=choice(words.urgent_reasons, each.reason),
            open=each.until > unit.now,
            due=due,
            overdue=each.reviewed_at is None and due <= unit.now,
            reviewed_at=each.reviewed_at,
            reviewer=people.get(each.reviewer_id or "", UNKNOWN).name if each.reviewer_id else "",
            finding=choice(words.urgent_findings, each.finding) if each.finding else None,
        )


def on_dossier(held: Held) -> tuple[UrgentLine, ...]:
    """The accès urgents of a dossier, newest first, for those on the case."""
    if not held.titles & ON_THE_CASE:
        return ()
    query = select(UrgentAccess).where(UrgentAccess.dossier_id == held.dossier.id).order_by(UrgentAccess.opened_at.desc(), UrgentAccess.id)
    return tuple(lines(held.unit, held.unit.session.scalars(query)))
