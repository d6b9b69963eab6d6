"""One act of a partner, one leaf, though there is no account: the leaf names link, dossier and institution, and no person.

Like `services.unit`: rows and leaf commit together, what is refused or fails is rolled back and leaves a leaf of its own, and nothing is
shown before its trace is durable. The charter is asked when a link is made; here the link itself decides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from casework.charter import Charter
from casework.errors import LedgerUnavailable, LinkRefused
from casework.ledger import Leaf, RowWrite, append
from casework.models.orientations import PartnerLink
from casework.services.instance import Instance
from casework.services.partner.subjects import Subject
from casework.services.unit import Trace, collect_writes, record

ENTER, READ, ANSWER, LEAVE = "partner.enter", "partner.read", "partner.answer", "partner.leave"
"""What a partner does. Not in the charter's vocabulary: there is nobody to ask it about."""

PURPOSE = "follow_up"
RULE = "link.open"


@dataclass(slots=True)
class Visit:
    """A partner's act at work: its session, its moment, the trace it leaves. institution: whose the link is, once it is known."""

    instance: Instance
    action: str
    session: Session
    now: datetime
    trace: Trace = field(default_factory=Trace)
    institution: str | None = None

    @property
    def charter(self) -> Charter:
        """The law, for its closed lists."""
        return self.instance.charter


@contextmanager
def reading(instance: Instance, action: str) -> Iterator[Visit]:
    """An act that shows. Raises LedgerUnavailable, and nothing is shown, when its leaf cannot be made durable."""
    visit = None
    try:
        with instance.database.reading() as session:
            visit = Visit(instance, action, session, instance.clock.now())
            yield visit
    except Exception as problem:
        _record_refusal(instance, action, visit, problem)
        raise
    record(instance, _leaf(visit, "authorised"))


@contextmanager
def writing(instance: Instance, action: str) -> Iterator[Visit]:
    """An act that writes: rows and leaf commit together or not at all."""
    visit = None
    try:
        with instance.database.writing() as session:
            visit = Visit(instance, action, session, instance.clock.now())
            written = collect_writes(session)
            yield visit
            session.flush()
            leave(visit, written())
    except Exception as problem:
        _record_refusal(instance, action, visit, problem)
        raise


def about(visit: Visit, subject: Subject, link: PartnerLink, *kinds: str) -> None:
    """Note which link of which institution this is, and which dossier; kinds: what of it is shown."""
    visit.institution = subject.institution_id
    visit.trace.show(subject.dossier.number, *kinds)
    visit.trace.facts |= {"link": link.id, "failures": link.failures}


def leave(visit: Visit, writes: tuple[RowWrite, ...] = (), *, outcome: str = "authorised") -> None:
    """Leave the leaf of an act in its own transaction."""
    append(visit.session, _leaf(visit, outcome, writes))


def _record_refusal(instance: Instance, action: str, visit: Visit | None, problem: Exception) -> None:
    """The leaf of what did not happen, after the rollback. It never hides the first problem."""
    refused = isinstance(problem, LinkRefused)
    try:
        with instance.database.writing() as session:
            visit = visit or Visit(instance, action, session, instance.clock.now())
            append(session, _leaf(visit, "refused" if refused else "failed"))
    except LedgerUnavailable:
        if refused:
            raise


def _leaf(visit: Visit, outcome: str, writes: tuple[RowWrite, ...] = ()) -> Leaf:
    trace = visit.trace
    shown = trace.dossiers if outcome == "authorised" else {number: set[str]() for number in trace.dossiers}
    return Leaf(
        at=visit.now,
        action=visit.action,
        outcome=outcome,
        purpose=PURPOSE,
        rule=RULE,
        charter=visit.charter.version,
        actor=None,
        institution=visit.institution,
        dossiers=tuple((number, tuple(sorted(kinds))) for number, kinds in sorted(shown.items())),
        writes=writes,
        facts=trace.facts,
    )
