"""Taking away what ended by itself: boxes, ring memberships, enrolment codes, drafts, sessions. No key is needed, and none is at hand."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.charter import Charter
from casework.ledger import Leaf, append
from casework.models.attention import Draft
from casework.models.cells import RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.people import Enrolment
from casework.services.instance import Instance
from casework.services.keys.epochs import former_epochs

SWEEP = "jobs.sweep"
PURPOSE = "retention"
RULE = "title.ended"
"""Nobody is there to ask the charter: a title that ends by itself needs no decision (design §4)."""


SYSTEM = "system"
"""Who changed a row when nobody is signed in."""


class Keyless(Protocol):
    """Who acts without a keyring (`casework.jobs.system.System`)."""

    @property
    def instance(self) -> Instance:
        """The instance it works for."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a step of an orientation needs (`orientation.steps.At`), when nobody is signed in."""

    session: Session
    now: datetime
    charter: Charter


@dataclass(frozen=True, slots=True)
class Swept:
    """What went, counted; and what is left without a living holder: the recovery key alone opens it now."""

    boxes: int
    members: int
    enrolments: int
    sessions: int
    unheld_compartments: int
    unheld_rings: int
    drafts: int = 0

    @property
    def gone(self) -> int:
        """How many rows went in all."""
        return self.boxes + self.members + self.enrolments + self.sessions + self.drafts


def sweep(system: Keyless) -> Swept:
    """Delete what is past its `until`, and dead sessions; rows and one leaf in one transaction.

    Deleting is real: boxes have no history but the ledger's. Raises LedgerUnavailable, with nothing deleted from the database, when
    the leaf cannot be made durable; sessions live elsewhere, and a dead one is dead either way.
    """
    instance = system.instance
    now = instance.clock.now()
    sessions = instance.sessions.sweep(now=int(now.timestamp()), idle=instance.limits.idle)
    with instance.database.writing() as session:
        ending = (Box.until, RingMember.until, Enrolment.until, Draft.until)
        boxes, members, enrolments, drafts = (_end(session, until, now) for until in ending)
        erased = select(Dossier.id).where(Dossier.status == "archived")  # by key, on purpose (services.support.erasing)
        compartments = select(Compartment.id).where(
            Compartment.id.not_in(select(Box.compartment_id)), Compartment.dossier_id.not_in(erased)
        )
        current = select(RingEpoch.id).where(RingEpoch.id.not_in(former_epochs()))
        rings = current.where(RingEpoch.id.not_in(select(RingMember.epoch_id)))
        unheld = (len(session.scalars(compartments).all()), len(session.scalars(rings).all()))
        swept = Swept(boxes, members, enrolments, sessions, *unheld, drafts)
        append(session, _leaf(instance, now, swept))
    return swept


def _end(session: Session, until: InstrumentedAttribute[Any], now: datetime) -> int:
    """Delete the rows whose time is over (a title lives while `until` lies ahead)."""
    done = session.execute(delete(until.class_).where(until <= now), execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def _leaf(instance: Instance, now: datetime, swept: Swept) -> Leaf:
    return Leaf(
        at=now,
        action=SWEEP,
        outcome="authorised",
        purpose=PURPOSE,
        rule=RULE,
        charter=instance.charter.version,
        actor=None,
        institution=None,
        hits=swept.gone,
        facts=asdict(swept),
    )
