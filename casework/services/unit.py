"""One verb, one transaction, one leaf: nothing is shown before its trace is durable, nothing is written without it.

`reading`: fetch and open in a read transaction, then a short one writes the leaf and commits; only then does the verb return.
`writing`: rows and leaf commit together. Whatever raises inside is rolled back and leaves a leaf of its own (refused or failed).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from casework.charter import Situation, Verdict
from casework.errors import LedgerUnavailable, NotFound, SessionEnded
from casework.ledger import Leaf, RowWrite, append, row_write
from casework.models.base import Recorded
from casework.models.history import AUTHOR
from casework.services import apart
from casework.services.actor import Actor
from casework.services.instance import Instance
from casework.services.membership.admissions import load_facts
from casework.services.membership.standing import Facts

WRITTEN = "written"
"""Under this name a session knows the recorded rows that its unit has written and no leaf states yet, by `id()`."""

REFUSALS = (NotFound, SessionEnded)
"""What means that somebody may not. Everything else that ends a verb is a failure."""


@dataclass(slots=True)
class Trace:
    """What the leaf of this unit will say. rule: the one that decided; rules: those of a list's lines; meeting: its id."""

    rule: str = ""
    rules: set[str] = field(default_factory=set)
    meeting: str | None = None
    dossiers: dict[str, set[str]] = field(default_factory=dict)
    hits: int | None = None
    facts: dict[str, str | int] = field(default_factory=dict)

    def show(self, number: str, *kinds: str) -> None:
        """Note that a dossier, and these compartments of it, are shown or written."""
        self.dossiers.setdefault(number, set()).update(kinds)


class Unit:
    """A verb at work: its session, its moment, and the trace it leaves."""

    def __init__(self, actor: Actor, action: str, session: Session, *, writes: bool = False) -> None:
        self.actor = actor
        self.instance: Instance = actor.instance
        self.charter = actor.instance.charter
        self.action = action
        self.session = session
        self.writes = writes
        self.now: datetime = actor.instance.clock.now()
        self.trace = Trace()
        self.later: list[Callable[[Session], None]] = []
        self._facts: Facts | None = None
        self._apart: apart.Apart | None = None
        self._crossed: frozenset[str] = frozenset()
        self._entered: frozenset[str] = frozenset()

    @property
    def facts(self) -> Facts:
        """The actor's standing now."""
        if self._facts is None:
            self._facts = load_facts(self.session, self.instance, self.actor.user_id, self.now)
        return self._facts

    @property
    def apart(self) -> apart.Apart:
        """What the actor is kept apart from, and why: asked in one statement, and kept until `ask_again`."""
        if self._apart is None:
            with self.session.no_autoflush:  # asked in the middle of a change, this must not write half of it
                self._apart = apart.load(self.session, self.actor.user_id, self.now).without_link(self._crossed)
        return self._apart

    def ask_again(self) -> None:
        """Ask once more what the actor is kept apart from: what was waited for may have been a wall. What was crossed stays crossed."""
        self._apart = None

    @property
    def apart_from(self) -> frozenset[str]:
        """Ids of the dossiers that do not exist for the actor in this unit: closed to them, or left out of lists."""
        return frozenset(self.apart.reasons) | self.apart.aside(self._entered)

    def enter(self, dossier_id: str) -> None:
        """Note the dossier that a unit entered by its number, the first one: of two that the actor stays on both sides of, lists leave out
        the other one then."""
        self._entered = self._entered or frozenset({dossier_id})

    def cross(self, *dossier_ids: str) -> None:
        """For the reasoned act of somebody who holds both sides of a link: that link alone hides neither of them in this unit."""
        self._crossed |= frozenset(dossier_ids)
        self._apart = self.apart.without_link(self._crossed)

    def pass_gates(self) -> None:
        """Raise SessionEnded when the account is closed, no habilitation lives or the current charter is not signed."""
        refusal = self.charter.gate(self.action, self.facts.standing(), self.now)
        if refusal is not None:
            self.trace.rule = refusal.rule
            raise SessionEnded(refusal.says)

    def check(self, action: str, situations: Iterable[Situation]) -> Verdict:
        """The charter's verdict over the positions one has; positions join as "one permits"."""
        return self.charter.check_any(action, situations)

    def require(self, situations: Iterable[Situation], *, action: str | None = None) -> Verdict:
        """The verdict that permits this unit's action, noted as its rule. Raises NotFound when none does."""
        verdict = self.check(action or self.action, situations)
        self.trace.rule = verdict.rule
        if not verdict.permitted:
            raise NotFound(self.action)
        return verdict

    def situation(self, position: str = "none", programme: str = "none", status: str = "none", kind: str = "none") -> Situation:
        """A situation of this actor."""
        return Situation(self.actor.profession, position, programme, status, kind)


@contextmanager
def reading(actor: Actor, action: str) -> Iterator[Unit]:
    """A verb that shows. Raises LedgerUnavailable, and nothing is shown, when its leaf cannot be made durable."""
    database = actor.instance.database
    unit = None
    try:
        with database.reading() as session:
            unit = Unit(actor, action, session)
            unit.pass_gates()
            yield unit
    except Exception as problem:
        _record_refusal(actor, action, unit, problem)
        raise
    with database.writing() as session:
        for change in unit.later:
            change(session)
        append(session, _leaf(actor, action, unit, "authorised", ()))


@contextmanager
def writing(actor: Actor, action: str) -> Iterator[Unit]:
    """A verb that writes: rows, history and leaf commit together or not at all."""
    unit = None
    try:
        with actor.instance.database.writing() as session:
            unit = Unit(actor, action, session, writes=True)
            session.info[AUTHOR] = {"actor": actor.user_id, "action": action, "issued_at": unit.now.replace(tzinfo=None)}
            written = collect_writes(session)
            unit.pass_gates()
            yield unit
            for change in unit.later:
                change(session)
            session.flush()
            append(session, _leaf(actor, action, unit, "authorised", written()))
    except Exception as problem:
        _record_refusal(actor, action, unit, problem)
        raise


def record(instance: Instance, leaf: Leaf) -> None:
    """Write one leaf in a transaction of its own: for what happens outside a unit (sign-in refused, sign-out)."""
    with instance.database.writing() as session:
        append(session, leaf)


def collect_writes(session: Session) -> Callable[[], tuple[RowWrite, ...]]:
    """Watch a session's flushes; the function returned gives what they did to recorded rows."""
    touched: dict[int, Any] = {}
    gone: list[RowWrite] = []
    session.info[WRITTEN] = touched

    @event.listens_for(session, "before_flush")
    def _watch(session: Session, *_: object) -> None:
        gone.extend(row_write(row, gone=True) for row in session.deleted if isinstance(row, Recorded))
        for row in [*session.new, *session.dirty]:
            if isinstance(row, Recorded) and session.is_modified(row):
                _insist_on_version(row)
                touched[id(row)] = row

    return lambda: (*(row_write(row) for row in touched.values()), *gone)


def _insist_on_version(row: Any) -> None:
    state = inspect(row)
    if state.persistent and not state.attrs.version.history.has_changes():
        raise RuntimeError(f"a change of {row.__tablename__} must carry a new row version")


def _record_refusal(actor: Actor, action: str, unit: Unit | None, problem: Exception) -> None:
    """The leaf of what did not happen, after the rollback, in its own transaction. It never hides the first problem."""
    refused = isinstance(problem, REFUSALS)
    try:
        record(actor.instance, _leaf(actor, action, unit, "refused" if refused else "failed", ()))
    except LedgerUnavailable:
        if refused:
            raise


def _leaf(actor: Actor, action: str, unit: Unit | None, outcome: str, writes: tuple[RowWrite, ...]) -> Leaf:
    trace = unit.trace if unit else Trace()
    shown = trace.dossiers if outcome == "authorised" else {number: set[str]() for number in trace.dossiers}
    charter = actor.instance.charter
    return Leaf(
        at=unit.now if unit else actor.instance.clock.now(),
        action=action,
        outcome=outcome,
        purpose=charter.vocabulary.actions[action].purpose,
        rule=trace.rule or "+".join(sorted(trace.rules)),
        charter=charter.version,
        actor=actor.user_id,
        institution=actor.institution_id,
        meeting=trace.meeting,
        dossiers=tuple((number, tuple(sorted(kinds))) for number, kinds in sorted(shown.items())),
        writes=writes,
        hits=trace.hits,
        facts=trace.facts if outcome == "authorised" else {},
    )
