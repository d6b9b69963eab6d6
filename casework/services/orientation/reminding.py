"""What the night does for orientations, without a key: it reminds, and withdraws those whose agreement never came."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from casework.ledger import Leaf, append
from casework.models.attention import Alert
from casework.models.dossiers import Dossier
from casework.models.history import AUTHOR
from casework.models.orientations import ReferralOut
from casework.models.support import Agreement
from casework.services.offices.sweeping import SYSTEM, Keyless, Night
from casework.services.orientation import ending, steps, telling
from casework.services.orientation.mine import ANSWERED_WITHIN
from casework.services.support.words import NOT_SOUGHT
from casework.services.terms import PARIS
from casework.services.unit import collect_writes

ACTION = "jobs.reminders"
PURPOSE = "coordination"
RULE = "orientation.due"


@dataclass(frozen=True, slots=True)
class Followed:
    """What one night did: alerts about silence, about appointments without an outcome, and orientations withdrawn without agreement."""

    silent: int
    passed: int
    withdrawn: int


def follow(system: Keyless) -> Followed:
    """Remind, once of each: the sending side after a week without answer, both sides when an appointment has passed; and withdraw what was
    sent before the person was asked, once its last day is over. One leaf.

    Raises LedgerUnavailable, with nothing told or withdrawn, when the leaf cannot be made durable.
    """
    instance = system.instance
    now = instance.clock.now()
    with instance.database.writing() as session:
        session.info[AUTHOR] = {"actor": SYSTEM, "action": ACTION, "issued_at": now.replace(tzinfo=None)}
        written = collect_writes(session)
        night = Night(session, now, instance.charter)
        gone = _unagreed(night)
        session.flush()
        done = Followed(_silent(night), _passed(night), len(gone))
        session.flush()
        append(
            session,
            Leaf(
                at=now, action=ACTION, outcome="authorised", purpose=PURPOSE, rule=RULE, charter=instance.charter.version, actor=None,
                institution=None, dossiers=tuple((number, ()) for number in sorted(gone)), writes=written(),
                hits=done.silent + done.passed, facts=asdict(done),
            ),
        )  # fmt: skip
    return done


def _unagreed(night: Night) -> set[str]:
    """Withdraw the orientations whose agreement was still not there at the end of its last day; numbers of their dossiers."""
    later = aliased(Agreement)
    newer = exists().where(later.referral_id == Agreement.referral_id, later.recorded_at > Agreement.recorded_at)
    late = Agreement.due <= night.now.astimezone(PARIS).date() - timedelta(days=1)
    query = (
        select(ReferralOut, Dossier.number)
        .join(Agreement, Agreement.referral_id == ReferralOut.id)
        .join(Dossier, Dossier.id == ReferralOut.dossier_id)
        .where(Agreement.state == NOT_SOUGHT, late, ~newer, ReferralOut.status.in_(steps.LIVING))
        .order_by(ReferralOut.id)
        .with_for_update(of=ReferralOut)
    )
    gone = set()
    for referral, number in night.session.execute(query).all():
        ending.end(night, referral, number, reason=ending.UNAGREED, by=None)
        telling.tell(night, telling.senders(night.session, referral, night), telling.STEPPED, referral, number)
        gone.add(number)
    return gone


def _silent(night: Night) -> int:
    late = ReferralOut.status.in_(steps.WAITING) & (ReferralOut.sent_at <= night.now - ANSWERED_WITHIN)
    rows = night.session.execute(_with_number().where(late)).all()
    return sum(_once(night, telling.senders(night.session, row, night), telling.SILENT, row, number) for row, number in rows)


def _passed(night: Night) -> int:
    over = ReferralOut.status.in_(steps.PLANNED) & (ReferralOut.meets_at <= night.now)
    found = 0
    for row, number in night.session.execute(_with_number().where(over)).all():
        people = telling.senders(night.session, row, night) | telling.recipients(night.session, row, night)
        found += _once(night, people, telling.PASSED, row, number)
    return found


def _with_number() -> Select[ReferralOut, str]:
    return select(ReferralOut, Dossier.number).join(Dossier, Dossier.id == ReferralOut.dossier_id).order_by(ReferralOut.id)


def _once(night: Night, people: Iterable[str], kind: str, referral: ReferralOut, number: str) -> int:
    """Leave the alert with whoever has none since the last step; how many."""
    since = referral.meets_at if kind == telling.PASSED else referral.sent_at
    asked = select(Alert.recipient_id).where(Alert.kind == kind, Alert.reference == referral.id, Alert.created_at >= (since or night.now))
    new = set(people) - set(night.session.scalars(asked))
    telling.tell(night, new, kind, referral, number)
    return len(new)
