"""Before a meeting gives keys: the rows that name people and dossiers are ours. A box outlives the row on whose word it was given."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from casework.ledger.recent import insist
from casework.models.meetings import Item, ItemSeat, Seat
from casework.services.unit import WRITTEN, Unit

LONGEST_AHEAD = timedelta(days=400)
"""How long before its day a meeting may have been prepared."""


def insist_on(unit: Unit, items: Iterable[Item], everybody: Sequence[Seat]) -> None:
    """Raise TamperedError for an item, a seat, or somebody concerned, that was written with another program.

    Each is compared with what the newest leaf says of it; what this unit has written itself has no leaf yet.
    """
    items = list(items)
    unit.session.flush()
    named = unit.session.scalars(select(ItemSeat).where(ItemSeat.item_id.in_([each.id for each in items])))
    written = unit.session.info.get(WRITTEN, {})
    rows = [each for each in (*items, *everybody, *named) if id(each) not in written]
    insist(unit.session, rows, since=unit.now - LONGEST_AHEAD)
