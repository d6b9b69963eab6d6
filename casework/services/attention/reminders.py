"""Reminders that jobs leave: an alert, once for each recipient and matter. A code and a number; no key is needed and none is at hand."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models.attention import Alert
from casework.models.base import new_id

Line = tuple[str, str, str]
"""Recipient's user id, reference, dossier number (empty: about no dossier)."""


def leave(session: Session, kind: str, lines: Iterable[Line], now: datetime) -> int:
    """Leave an alert for each line that has none yet; how many."""
    told = {(each[0], each[1]) for each in session.execute(select(Alert.recipient_id, Alert.reference).where(Alert.kind == kind))}
    count = 0
    for recipient, reference, number in lines:
        if (recipient, reference) not in told:
            session.add(Alert(id=new_id(), recipient_id=recipient, kind=kind, number=number, reference=reference, created_at=now))
            count += 1
    return count
