"""When I last opened a dossier: what changed since is my day, and is marked on its page."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.models.attention import LastLook
from casework.services.unit import Unit


def of(unit: Unit, dossier_id: str) -> datetime | None:
    """The moment I last opened this dossier; None when I never did."""
    return unit.session.scalar(select(LastLook.at).where(LastLook.user_id == unit.actor.user_id, LastLook.dossier_id == dossier_id))


def remember(unit: Unit, dossier_id: str) -> None:
    """Note that I am looking at it now, together with the leaf that says so. Two pages opened at once leave one row."""
    user_id, now = unit.actor.user_id, unit.now

    def look(session: Session) -> None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = insert(LastLook).values(user_id=user_id, dossier_id=dossier_id, at=now)
        session.execute(row.on_conflict_do_update(index_elements=["user_id", "dossier_id"], set_={"at": row.excluded.at}))

    unit.later.append(look)
