"""Appointments as their readers may see them, many at once: who comes is told where the reader's own boxes open that dossier's identity.

For everybody else of the service, and for somebody kept apart from the dossier, the slot is taken and that is all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from casework.models.dossiers import Dossier
from casework.models.permanences import Permanence, Slot
from casework.services.access import apart_from
from casework.services.dossier.contents import full_name
from casework.services.keys.keychain import Keychain
from casework.services.permanence import linking, times
from casework.services.permanence.teams import Team
from casework.services.permanence.views import Engaged, SlotView
from casework.services.search.shelf import Shelf, visible
from casework.services.unit import Unit

FREE = ("moved", "cancelled")
Appointment = tuple[Slot, Permanence, Team]


def permanences(unit: Unit, found: Mapping[str, Team]) -> list[Permanence]:
    """Every permanence of my service in these cells, those that ended included."""
    query = select(Permanence).where(Permanence.cell_id.in_(found), Permanence.institution_id == unit.actor.institution_id)
    return list(unit.session.scalars(query.order_by(Permanence.weekday, Permanence.starts, Permanence.place, Permanence.id)))


def engaged(unit: Unit, which: Sequence[str], begin: datetime, end: datetime) -> dict[tuple[str, datetime], Slot]:
    """The taken slots of these permanences between two moments, by permanence and beginning."""
    query = select(Slot).where(Slot.permanence_id.in_(which), Slot.starts_at >= begin, Slot.starts_at < end, Slot.state.not_in(FREE))
    return {(each.permanence_id, each.starts_at): each for each in unit.session.scalars(query)}


def views(unit: Unit, appointments: Sequence[Appointment]) -> dict[str, SlotView]:
    """These appointments for the screen, by their ids. Each dossier whose name is shown is noted in the trace.

    Raises TamperedError when an appointment is not as it was sealed.
    """
    links = {slot.id: linking.open_link(team, slot) for slot, _row, team in appointments}
    numbers = sorted({each.number for each in links.values() if each.number})
    known = _people(unit, appointments[0][2].keychain, numbers) if numbers else {}
    return {
        slot.id: SlotView(
            permanence=row.id, order=times.order(row, slot.starts_at), starts_at=slot.starts_at, minutes=slot.minutes, state=slot.state,
            started=slot.starts_at <= unit.now, id=slot.id, version=slot.version,
            who=known.get(links[slot.id].number, Engaged(words=links[slot.id].words)),
        )
        for slot, row, _team in appointments
    }  # fmt: skip


def _people(unit: Unit, keychain: Keychain, numbers: Sequence[str]) -> dict[str, Engaged]:
    """Number and name of those dossiers whose identity I open, in a fixed number of questions."""
    mine = visible(unit, keychain).where(Dossier.number.in_(numbers))
    shelf, found = Shelf(unit, keychain, sorted(set(unit.session.scalars(mine)) - apart_from(unit))), {}
    for held in shelf:
        texts = shelf.identity(held)
        if texts is not None:
            unit.trace.show(held.dossier.number, "identity")
            found[held.dossier.number] = Engaged(held.dossier.number, full_name(texts))
    return found
