"""A transaction asks once about keys, and asks anew after what may have changed the answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from casework.models.base import GuardedSession
from casework.models.cells import RingEpoch
from casework.models.dossiers import Dossier
from casework.models.people import User
from casework.services.keys import answers
from casework.services.keys.answers import asked_once
from tests.house import House


class Asked:
    """A question about keys: how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        """The answer tells which time this was."""
        self.times += 1
        return self.times


@contextmanager
def undone(house: House) -> Iterator[Session]:
    """A write transaction of which nothing stays."""
    with pytest.raises(KeyboardInterrupt), house.instance.database.writing() as session:  # noqa: PT012  # it is what undoes it
        yield session
        raise KeyboardInterrupt


def test_it_is_asked_once_in_a_transaction_and_anew_in_the_next(house: House) -> None:
    """Another question has an answer of its own; « nothing » is an answer."""
    ask = Asked()
    with undone(house) as session:
        assert [asked_once(session, "which", ask) for _ in range(3)] == [1, 1, 1]
        assert asked_once(session, "who", ask) == 2
        assert asked_once(session, "none", lambda: None) is None
    with house.instance.database.reading() as session:
        assert asked_once(session, "which", ask) == 3


def test_a_row_it_may_rest_on_is_written(house: House) -> None:
    """Pending or flushed. A row of another kind changes nothing."""
    ask = Asked()
    with undone(house) as session:
        assert asked_once(session, "which", ask) == 1
        session.scalars(select(User).limit(1)).one().function = "Autre"
        session.flush()
        assert asked_once(session, "which", ask) == 1
        session.scalars(select(RingEpoch).limit(1)).one().reached = "pending"
        assert asked_once(session, "which", ask) == 2
        session.scalars(select(RingEpoch).limit(1)).one().reached = "flushed"
        session.flush()
        assert asked_once(session, "which", ask) == 3


@pytest.mark.parametrize("guarded", [True, False])
def test_who_waited_asks_anew(house: House, guarded: bool) -> None:
    """A row is locked, by a query and by its id: somebody may have turned a ring meanwhile. Control: unguarded, the old answer stays."""
    ask = Asked()
    number = house.follow("Quibérac-Attente")
    if not guarded:
        event.remove(GuardedSession, "do_orm_execute", answers._forget_before_waiting)
    try:
        with undone(house) as session:
            first = asked_once(session, "which", ask)
            found = session.execute(select(Dossier.id).where(Dossier.number == number).with_for_update()).scalar_one()
            second = asked_once(session, "which", ask)
            session.get_one(Dossier, found, with_for_update=True)
            assert [first, second, asked_once(session, "which", ask)] == ([1, 2, 3] if guarded else [1, 1, 1])
    finally:
        if not guarded:
            event.listen(GuardedSession, "do_orm_execute", answers._forget_before_waiting)
