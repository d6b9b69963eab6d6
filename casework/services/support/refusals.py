"""Refusals are counted, by cell and month, and nothing else of them is kept: said during the call, or when asked again later."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from casework.models.base import new_id
from casework.models.support import RefusalCount
from casework.services.terms import PARIS
from casework.services.unit import Unit


def count(unit: Unit, cell_id: str) -> None:
    """One refusal more in this month. The caller has seen to it that the same one is counted once."""
    month = unit.now.astimezone(PARIS).date().replace(day=1)
    insert = postgresql.insert if unit.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(RefusalCount).values(id=new_id(), cell_id=cell_id, month=month, count=1)
    unit.session.execute(row.on_conflict_do_update(index_elements=["cell_id", "month"], set_={"count": RefusalCount.count + 1}))


def by_month(unit: Unit, cell_id: str) -> list[tuple[date, int]]:
    """The first day of each month with refusals, and how many. For services that hide small numbers."""
    rows = select(RefusalCount.month, RefusalCount.count).where(RefusalCount.cell_id == cell_id)
    return [(month, many) for month, many in unit.session.execute(rows)]
