"""« Mon jour »: what is due, what waits for my answer, what changed in my dossiers since I last looked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from casework.models.attention import Alert
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.actor import Actor
from casework.services.attention import alert_reading, day_changes, day_due
from casework.services.attention.day_due import DueRow
from casework.services.attention.views import AlertLine, ChangedDossier, DayView, Due
from casework.services.dossier.contents import full_name
from casework.services.keys.keychain import Keychain
from casework.services.search.shelf import Shelf
from casework.services.terms import PARIS
from casework.services.unit import Unit, reading

ACTION = "day.read"
DUE = 30


def read(actor: Actor) -> DayView:
    """My day, in a fixed number of queries. One leaf names the dossiers shown, `identity` where a name is, and the volets with news.

    Nothing here tells of a compartment I may not read, not even that it changed; boxes on duty do not count.
    """
    with reading(actor, ACTION) as unit:
        unit.require([unit.situation()])
        keychain = Keychain(unit)
        due = day_due.rows(unit, keychain)
        alerts = alert_reading.unseen(unit, {row.reference for row in due[:DUE] if row.reference})
        changed, cut = day_changes.found(unit, keychain)
        mine = _openable(unit, keychain, {alert.number for alert in alerts if alert.number})
        shelf = Shelf(unit, keychain, sorted({row.dossier_id for row in due[:DUE] if row.dossier_id} | set(mine.values()) | set(changed)))
        people = _names(shelf)
        _trace(unit, people, due[:DUE], alerts)
        return DayView(
            due=tuple(_due(unit, row, people) for row in due[:DUE]),
            due_more=max(0, len(due) - DUE),
            alerts=tuple(_alert(alert, people, mine) for alert in alerts),
            changed=_changed(unit, shelf, people, changed),
            cut=cut,
        )


def _openable(unit: Unit, keychain: Keychain, numbers: set[str]) -> dict[str, str]:
    """Number -> id, of those whose page opens to me: also to somebody who was addressed a part and has it on no list."""
    law = unit.charter.list_filter(
        "dossier.open", unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status
    )
    query = (
        select(Dossier.number, Dossier.id)
        .join(Compartment, Compartment.dossier_id == Dossier.id)
        .join(Box, Box.compartment_id == Compartment.id)
        .where(Dossier.number.in_(numbers), Dossier.cell_id.in_(unit.facts.cells), keychain.live(), law)
        .distinct()
    )
    return {row.number: row.id for row in unit.session.execute(query)}


def _names(shelf: Shelf) -> dict[str, str | None]:
    """Number -> name, None where I may not read it."""
    found = ((held.dossier.number, shelf.identity(held)) for held in shelf)
    return {number: full_name(texts) if texts else None for number, texts in found}


def _trace(unit: Unit, people: Mapping[str, str | None], due: list[DueRow], alerts: Sequence[Alert]) -> None:
    for number, person in people.items():
        unit.trace.show(number, *(("identity",) if person else ()))
    for number in (*(row.number for row in due), *(alert.number for alert in alerts)):
        if number:
            unit.trace.show(number)


def _due(unit: Unit, row: DueRow, people: Mapping[str, str | None]) -> Due:
    days = (row.on - unit.now.astimezone(PARIS).date()).days
    return Due(row.code, row.on, days, row.number, people.get(row.number), row.cell, row.who, row.at)


def _alert(alert: Alert, people: Mapping[str, str | None], mine: Mapping[str, str]) -> AlertLine:
    return AlertLine(alert.id, alert.kind, alert.created_at, alert.number, people.get(alert.number), alert.number in mine, alert.reference)


def _changed(
    unit: Unit, shelf: Shelf, people: Mapping[str, str | None], changed: Mapping[str, list[day_changes.Raw]]
) -> tuple[ChangedDossier, ...]:
    looked, words = day_changes.looks(unit, changed), day_changes.named(unit, changed)
    lines = []
    for dossier_id, changes in changed.items():
        number = shelf[dossier_id].dossier.number
        unit.trace.show(number, *{each.place for each in changes[: day_changes.EACH] if each.place})
        more = len(changes) - len(words[dossier_id])
        lines.append(ChangedDossier(number, people[number], looked.get(dossier_id), words[dossier_id], more))
    return tuple(lines)
