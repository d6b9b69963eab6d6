"""Erasing by key: a saisine without agreement keeps its rows, and nobody opens them any more. No key is needed for it.

Every box, every older key and every deposited note's key goes, for good; histories are append-only on purpose, and what they hold is
ciphertext under those keys (domain 1.15; decision 0005). The rows themselves wait for the destroyer.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.orm import Session, aliased

from casework.ledger import Leaf, append
from casework.models.attention import Alert, Draft, LastLook
from casework.models.base import Base, new_id
from casework.models.content import Entry, EntryKey
from casework.models.dossiers import Box, Compartment, CompartmentVersion, Dossier
from casework.models.history import AUTHOR
from casework.models.meetings import Item, MeetingNote
from casework.models.orientations import PartnerLink
from casework.models.support import Agreement, MeasureEnd, PlannedContact
from casework.services.meeting.keepers import stewards_of
from casework.services.offices.sweeping import PURPOSE, SYSTEM, Keyless, Night
from casework.services.orientation import ending
from casework.services.orientation.steps import At
from casework.services.support.words import NOT_SOUGHT, takes_calls
from casework.services.terms import PARIS
from casework.services.unit import collect_writes

ACTION = "jobs.agreements"
RULE = "agreement.due"

UNAGREED = "unagreed"
"""Outcome of a dossier that was erased because the person did not agree."""

DUE, GONE = "agreement_due", "agreement_missing"
"""Alert kinds: an agreement is still to be obtained; a saisine was erased without it."""

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Unagreed:
    """What one night did, counted: dossiers erased by key, and alerts left about agreements that are nearly due."""

    erased: int
    reminded: int


def erase_unagreed(system: Keyless) -> Unagreed:
    """Erase by key what is past its last day without an agreement, and tell the stewards of what soon will be; one leaf.

    The last day itself is still time to obtain it. Raises LedgerUnavailable, with nothing erased, when the leaf cannot be made durable.
    """
    instance = system.instance
    now = instance.clock.now()
    today = now.astimezone(PARIS).date()
    of_calls = [code for code, programme in instance.charter.programmes.items() if takes_calls(programme)]
    with instance.database.writing() as session:
        session.info[AUTHOR] = {"actor": SYSTEM, "action": ACTION, "issued_at": now.replace(tzinfo=None)}
        written = collect_writes(session)
        reminded = sum(_remind(session, *each, now) for each in session.execute(_awaited(of_calls, today, today + SOON)).all())
        late = _awaited(of_calls, None, today - timedelta(days=1))
        held = late.order_by(None).order_by(Dossier.number).with_for_update(of=Dossier)  # everybody takes several in this order
        session.execute(held).all()  # whoever is recording an answer at this moment finishes first
        gone = [dossier for dossier, _ in session.execute(late).all()]
        for dossier in gone:
            erase(Night(session, now, instance.charter), dossier, by=None)
            _tell(session, GONE, dossier, dossier.id, now)
        session.flush()
        done = Unagreed(len(gone), reminded)
        append(
            session,
            Leaf(
                at=now, action=ACTION, outcome="authorised", purpose=PURPOSE, rule=RULE, charter=instance.charter.version, actor=None,
                institution=None, dossiers=tuple((dossier.number, ()) for dossier in gone), writes=written(), hits=done.erased,
                facts=asdict(done),
            ),
        )  # fmt: skip
    return done


def erase(at: At, dossier: Dossier, *, by: str | None) -> None:
    """Take away every key of a dossier and all that still speaks of it; it is archived, and its number stays.

    by: who recorded the refusal; None when a job does it. The caller has authorised it, and records it.
    """
    session, now = at.session, at.now
    session.flush()
    for model, which in _going(dossier):
        session.execute(delete(model).where(which), execution_options={"synchronize_session": False})
    for version in session.scalars(select(CompartmentVersion).where(CompartmentVersion.compartment_id.in_(_inside(dossier)))):
        if version.previous is not None:
            version.previous, version.version = None, version.version + 1
    for end in session.scalars(select(MeasureEnd).where(MeasureEnd.dossier_id == dossier.id)).all():
        session.delete(end)
    ending.end_all(at, dossier, reason=ending.UNAGREED, by=by)
    call_off(session, dossier)  # a partner holds an orientation before its link, and so does whoever ends both
    dossier.status, dossier.outcome, dossier.next_date = "archived", UNAGREED, None
    dossier.closed_at, dossier.version = dossier.closed_at or now, dossier.version + 1
    session.flush()


def call_off(session: Session, dossier: Dossier) -> None:
    """Whoever was to be called or written to is not any more, and no link to anything of the dossier opens: its hash and its key go."""
    session.execute(delete(PartnerLink).where(PartnerLink.compartment_id.in_(_inside(dossier))))
    planned = select(PlannedContact).where(PlannedContact.dossier_id == dossier.id, PlannedContact.state == "planned")
    for contact in session.scalars(planned).all():
        contact.state, contact.version = "dropped", contact.version + 1


def _inside(dossier: Dossier) -> Select[str]:
    return select(Compartment.id).where(Compartment.dossier_id == dossier.id)


def _going(dossier: Dossier) -> Iterator[tuple[type[Base], ColumnElement[bool]]]:
    """Rows without history that go for good: keys first, then what would lead there."""
    notes = select(Entry.id).where(Entry.compartment_id.in_(_inside(dossier)))
    items = select(Item.id).where(Item.dossier_id == dossier.id)
    yield Box, Box.compartment_id.in_(_inside(dossier))
    yield EntryKey, EntryKey.entry_id.in_(notes)
    yield MeetingNote, MeetingNote.item_id.in_(items)
    yield Draft, (Draft.place == dossier.number) | Draft.place.in_(items)
    yield Alert, Alert.number == dossier.number
    yield LastLook, LastLook.dossier_id == dossier.id


def _awaited(of_calls: Collection[str], first: date | None, last: date) -> Select[Dossier, Agreement]:
    """Dossiers whose newest agreement was not sought, with a last day between these two; the earliest first.

    of_calls: the programmes that take calls. No other dossier hangs on such an agreement, whatever somebody wrote into its rows.
    """
    later = aliased(Agreement)
    newer = exists().where(later.dossier_id == Agreement.dossier_id, later.referral_id.is_(None), later.recorded_at > Agreement.recorded_at)
    query = select(Dossier, Agreement).join(Agreement, Agreement.dossier_id == Dossier.id)
    waiting = query.where(Agreement.referral_id.is_(None), Agreement.state == NOT_SOUGHT, Agreement.due <= last, ~newer)
    alive = waiting.where(Dossier.status != "archived", Dossier.programme.in_(of_calls)).order_by(Agreement.due, Dossier.number)
    return alive if first is None else alive.where(Agreement.due >= first)


def _remind(session: Session, dossier: Dossier, agreement: Agreement, now: datetime) -> int:
    """Tell the stewards once of an agreement that is nearly due; how many alerts that made."""
    told = select(Alert.id).where(Alert.kind == DUE, Alert.reference == agreement.id)
    return 0 if session.scalar(told.limit(1)) is not None else _tell(session, DUE, dossier, agreement.id, now)


def _tell(session: Session, kind: str, dossier: Dossier, reference: str, now: datetime) -> int:
    stewards: Sequence[str] = stewards_of(session, dossier.cell_id, now)
    for steward in stewards:
        session.add(Alert(id=new_id(), recipient_id=steward, kind=kind, number=dossier.number, reference=reference, created_at=now))
    return len(stewards)
