"""Answers about keys that a transaction need not ask for twice: who is certified, which epoch stands, who was ever a steward.

Whoever gives ten boxes would ask the same for each. An answer is forgotten when its transaction writes a row of those it may rest on,
and when it locks any row: whoever waited for somebody else must see what they wrote meanwhile.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from casework.models.base import GuardedSession
from casework.models.cells import Cell, Habilitation, Ring, RingEpoch
from casework.models.people import Certificate

ANSWERS = "answers"
RESTS_ON = (Cell, Certificate, Habilitation, Ring, RingEpoch)
Answer = TypeVar("Answer")


def asked_once(session: Session, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """What `ask` answers, asked the first time. It may rest on rows of `RESTS_ON` and on nothing else."""
    if session.autoflush and _rests_on_pending(session):
        session.flush()  # as the statement would
    answers: dict[Hashable, Any] = session.info.setdefault(ANSWERS, {})
    if question not in answers:
        answers[question] = ask()
    answer: Answer = answers[question]
    return answer


def _rests_on_pending(session: Session) -> bool:
    return any(isinstance(row, RESTS_ON) for rows in (session.new, session.dirty, session.deleted) for row in rows)


@event.listens_for(GuardedSession, "after_flush")
def _forget_what_was_written(session: Session, _: object) -> None:
    if _rests_on_pending(session):
        session.info.pop(ANSWERS, None)


@event.listens_for(GuardedSession, "do_orm_execute")
def _forget_before_waiting(state: ORMExecuteState) -> None:
    if getattr(state.statement, "_for_update_arg", None) is not None:
        state.session.info.pop(ANSWERS, None)
