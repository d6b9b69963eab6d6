"""The life of an orientation as data: which step may follow which, who may take it, what it must say. Source: decision 5, domain 3.20.

Steps are rows that are added and never changed, unique by position: of two people at once, one takes the step and the second is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from casework.charter import Charter, Word
from casework.errors import InvalidInput, StaleVersion
from casework.models.base import new_id
from casework.models.dossiers import Box
from casework.models.orientations import PartnerLink, ReferralOut, ReferralStep
from casework.services.keys.keychain import PARTNER
from casework.services.terms import PARIS
from casework.wording import says

PROPOSED, SENT, RECEIVED, ACCEPTED, DECLINED = "proposed", "sent", "received", "accepted", "declined"
APPOINTMENT, ATTENDED, MISSED, MOVED = "appointment", "attended", "missed", "moved"
IN_PROGRESS, ENDED, WITHDRAWN = "in_progress", "ended", "withdrawn"
OVER = frozenset({DECLINED, ENDED, WITHDRAWN})
"""After these nothing follows, and nothing opens any more for the recipient."""

WAITING = frozenset({SENT, RECEIVED})
"""Nobody has answered yet."""

PLANNED = frozenset({APPOINTMENT, MOVED})
"""An appointment stands."""

CONTACT_CHANGED, CONTACT_PASSED = "contact_changed", "contact_passed"
"""Noted among the steps, and no step of its life: how to reach the person is not what it was, or was passed on anew (`contacts`)."""

TAKEN = frozenset({ACCEPTED, ATTENDED, MISSED, IN_PROGRESS}) | PLANNED
LIVING = frozenset({PROPOSED}) | WAITING | TAKEN
SENDER, RECIPIENT = "sender", "recipient"
LINK = "link"
"""Channel of a partner without an account: the sender also records what they were told by telephone."""

FARTHEST = timedelta(days=366)


class At(Protocol):
    """What a step needs: a unit has it, and so has whoever acts without an account."""

    @property
    def session(self) -> Session:
        """An open write transaction."""

    @property
    def now(self) -> datetime:
        """The moment of the step."""

    @property
    def charter(self) -> Charter:
        """Where the closed lists are."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One step. after: what it may follow; by: whose side takes it; reasons: name of the closed list it needs a code of, or empty.

    dated: it sets an appointment. happened: only from the day of the appointment on. by_hand: on a button, not by opening or sending.
    """

    after: frozenset[str]
    by: frozenset[str]
    reasons: str = ""
    dated: bool = False
    happened: bool = False
    by_hand: bool = True


_BOTH = frozenset({SENDER, RECIPIENT})
_RECIPIENT, _SENDER = frozenset({RECIPIENT}), frozenset({SENDER})
RULES: Mapping[str, Rule] = {
    PROPOSED: Rule(frozenset(), _SENDER, by_hand=False),
    SENT: Rule(frozenset({PROPOSED}), _SENDER, by_hand=False),
    RECEIVED: Rule(frozenset({SENT}), _RECIPIENT, by_hand=False),
    ACCEPTED: Rule(WAITING, _RECIPIENT),
    DECLINED: Rule(WAITING, _RECIPIENT, reasons="declined"),
    APPOINTMENT: Rule(frozenset({ACCEPTED, ATTENDED, MISSED, IN_PROGRESS}), _BOTH, dated=True),
    ATTENDED: Rule(PLANNED, _BOTH, happened=True),
    MISSED: Rule(PLANNED, _BOTH, reasons="missed", happened=True),
    MOVED: Rule(PLANNED, _BOTH, dated=True),
    IN_PROGRESS: Rule(frozenset({ACCEPTED, ATTENDED, MISSED}), _RECIPIENT),
    ENDED: Rule(TAKEN, _RECIPIENT, reasons="results"),
    WITHDRAWN: Rule(LIVING, _SENDER, reasons="withdrawn"),
}
"""Every step there is; `charter.support.steps` words them, and the two about the contact."""


def next_steps(referral: ReferralOut, side: str, now: datetime) -> Iterator[str]:
    """The steps that this side may take by hand now."""
    for step, rule in RULES.items():
        if (
            rule.by_hand
            and referral.status in rule.after
            and _may(referral, rule, side)
            and not (rule.happened and _to_come(referral, now))
        ):
            yield step


def _to_come(referral: ReferralOut, now: datetime) -> bool:
    """Whether the day of the appointment is still ahead."""
    return referral.meets_at is not None and _day(referral.meets_at) > _day(now)


def may_take(referral: ReferralOut, step: str, side: str) -> bool:
    """Whether this side takes this step at all, whatever stands now."""
    return step in RULES and _may(referral, RULES[step], side)


def _may(referral: ReferralOut, rule: Rule, side: str) -> bool:
    return side in rule.by or (side == SENDER and referral.channel == LINK)


def reasons_of(charter: Charter, step: str) -> Mapping[str, Word]:
    """The closed list a step needs a code of; empty when it needs none."""
    rule = RULES.get(step)
    found: Mapping[str, Word] = getattr(charter.support, rule.reasons) if rule is not None and rule.reasons else {}
    return found


def label_of(charter: Charter, step: str, code: str | None) -> str:
    """A coded reason in words; empty for none."""
    words = reasons_of(charter, step)
    return words[code].label if code is not None and code in words else ""


def locked(session: Session, referral_id: str) -> ReferralOut | None:
    """An orientation as it is now, held for this write transaction: nobody else takes a step meanwhile."""
    return session.get(ReferralOut, referral_id, with_for_update=True, populate_existing=True)


def of(session: Session, referral_id: str) -> Sequence[ReferralStep]:
    """The steps of an orientation, in their order."""
    return session.scalars(select(ReferralStep).where(ReferralStep.referral_id == referral_id).order_by(ReferralStep.position)).all()


def unchanged(session: Session, referral: ReferralOut, seen: int | None) -> None:
    """Raise StaleVersion when a step was taken since a page showed so many of them."""
    if seen is not None and seen != len(of(session, referral.id)):
        raise StaleVersion


def take(
    at: At,
    referral: ReferralOut,
    step: str,
    *,
    reason: str = "",
    meets_at: datetime | None = None,
    actor_id: str | None = None,
    link_id: str | None = None,
) -> ReferralStep:
    """Add a step, and what it means: a step that ends the orientation deletes the recipient's boxes and links at once.

    referral: flushed, and held (`locked`) by the caller, who asked the charter and, but for a link, `may_take`. Raises StaleVersion, with
    nothing written, for a step that cannot follow what stands; InvalidInput (`reason`, `meets_at`, `step`) for what it must say.
    """
    rule = RULES.get(step)
    if rule is None or referral.status not in rule.after:
        raise StaleVersion
    if link_id is not None and RECIPIENT not in rule.by:
        raise StaleVersion
    _check(at, referral, step, rule, reason, meets_at)
    added = _row(referral, step, _next(at, referral), at.now, actor_id=actor_id, link_id=link_id)
    added.reason, added.meets_at = reason if rule.reasons else None, meets_at if rule.dated else None
    at.session.add(added)
    _follow(at, referral, step, added)
    return added


def note(at: At, referral: ReferralOut, step: str, *, actor_id: str | None = None) -> ReferralStep:
    """Add a dated row that leaves the orientation's state as it is: `CONTACT_CHANGED` or `CONTACT_PASSED`. referral: as for `take`."""
    added = _row(referral, step, _next(at, referral), at.now, actor_id=actor_id)
    at.session.add(added)
    return added


def _next(at: At, referral: ReferralOut) -> int:
    """The next position; of an orientation that has no row yet, its first one is added before."""
    done = len(of(at.session, referral.id))
    if not done:
        at.session.add(first(referral, referral.created_at, referral.author_id))
    return max(done, 1) + 1


def first(referral: ReferralOut, now: datetime, actor_id: str) -> ReferralStep:
    """The row that an orientation begins with."""
    return _row(referral, PROPOSED, 1, now, actor_id=actor_id)


def sent(referral: ReferralOut, position: int, now: datetime, actor_id: str) -> ReferralStep:
    """The row of its being sent, for whoever sets the orientation's own columns in the same change."""
    return _row(referral, SENT, position, now, actor_id=actor_id)


def _row(
    referral: ReferralOut, step: str, position: int, now: datetime, *, actor_id: str | None, link_id: str | None = None
) -> ReferralStep:
    return ReferralStep(
        id=new_id(), version=1, referral_id=referral.id, position=position, step=step, recorded_at=now, actor_id=actor_id, link_id=link_id,
    )  # fmt: skip


def _follow(at: At, referral: ReferralOut, step: str, added: ReferralStep) -> None:
    if step in OVER:
        shut(at.session, referral.id)
        referral.ended_at, referral.reason = at.now, added.reason
    if added.meets_at is not None:
        referral.meets_at = added.meets_at
    referral.status = step
    if inspect(referral).persistent:
        referral.version += 1


def shut(session: Session, referral_id: str) -> None:
    """Delete what opens an orientation to its recipient, whoever they are: boxes and links. Its sender keeps what they sent."""
    session.execute(delete(Box).where(Box.title == PARTNER, Box.reference == referral_id))
    session.execute(delete(PartnerLink).where(PartnerLink.referral_id == referral_id))


def _check(at: At, referral: ReferralOut, step: str, rule: Rule, reason: str, meets_at: datetime | None) -> None:
    problems: dict[str, str] = {}
    if rule.reasons and reason not in reasons_of(at.charter, step):
        problems["reason"] = says("Choisissez un motif de la liste.")
    if rule.dated:
        since = (referral.sent_at or referral.created_at).astimezone(PARIS).date()
        if meets_at is None:
            problems["meets_at"] = says("Indiquez le jour et l’heure du rendez-vous.")
        elif meets_at.astimezone(PARIS).date() < since or meets_at > at.now + FARTHEST:
            problems["meets_at"] = says("Choisissez une date entre l’envoi de l’orientation et dans un an.")
    if rule.happened and _to_come(referral, at.now):
        problems["step"] = says("Ce rendez-vous n’a pas encore eu lieu : déplacez-le s’il change.")
    if problems:
        raise InvalidInput(problems)


def _day(moment: datetime) -> str:
    return moment.astimezone(PARIS).date().isoformat()
