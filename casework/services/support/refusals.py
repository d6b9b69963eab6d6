"""Refusals are counted, by cell and month, and nothing else of them is kept: said during the call, or when asked again later."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from casework.models.base import new_id
from casework.models.support import RefusalCount
from casework.services import submissions
from casework.services.actor import Actor
from casework.services.support.words import REFUSED
from casework.services.terms import PARIS
from casework.services.unit import Unit

ONCE = int(timedelta(hours=8).total_seconds())
"""Seconds for which a refusal that was counted is known again by its form, as long as a session lasts: by a keyed hash, in their store."""


def count(unit: Unit, cell_id: str) -> None:
    """One refusal more in this month. The caller has seen to it that the same one is counted once."""
    month = unit.now.astimezone(PARIS).date().replace(day=1)
    insert = postgresql.insert if unit.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(RefusalCount).values(id=new_id(), cell_id=cell_id, month=month, count=1)
    unit.session.execute(row.on_conflict_do_update(index_elements=["cell_id", "month"], set_={"count": RefusalCount.count + 1}))


def is_first(unit: Unit, submission: str) -> bool:
    """Note that this form told a refusal; False when it had told one already."""
    seen, now = _hashed(unit.actor, submission), int(unit.now.timestamp())
    return unit.instance.sessions.count_attempt({seen: 1}, at=now, window=ONCE) is None


def was_told(actor: Actor, submission: str) -> bool:
    """Whether this form told a refusal lately: then nothing of it is kept any more, however late it arrives."""
    since = int(actor.instance.clock.now().timestamp()) - ONCE
    return actor.instance.sessions.was_counted(_hashed(actor, submission), since=since)


def _hashed(actor: Actor, submission: str) -> str:
    return submissions.token(actor, submission, [REFUSED])


def by_month(unit: Unit, cell_id: str) -> list[tuple[date, int]]:
    """The first day of each month with refusals, and how many. For services that hide small numbers."""
    rows = select(RefusalCount.month, RefusalCount.count).where(RefusalCount.cell_id == cell_id)
    return [(month, many) for month, many in unit.session.execute(rows)]
