"""Measures that end: whoever follows the person is told some weeks before, and on the day. A code and a number, never which measure.

Nobody else is told, the person least of all: the application writes to no victim. Source: charter article 27.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from casework.errors import UncertifiedKey
from casework.ledger import Leaf, append
from casework.models.cells import Habilitation
from casework.models.dossiers import Dossier
from casework.models.support import MeasureEnd
from casework.services.apart import kept_out
from casework.services.attention.reminders import Line, leave
from casework.services.instance import Instance
from casework.services.keys.certificates import certified_profession
from casework.services.meeting.keepers import stewards_of
from casework.services.membership.standing import STEWARD, alive
from casework.services.offices.sweeping import Keyless
from casework.services.record.measure_ends import may_be_told
from casework.services.referral.leads import LEAD
from casework.services.terms import PARIS

ACTION = "jobs.reminders"
PURPOSE = "follow_up"
RULE = "date.near"
ENDING, OVER = "measure_ending", "measure_over"
"""Alert kinds: a measure ends within the time that `policies/support.yaml` names; its last day has come."""


@dataclass(frozen=True, slots=True)
class MeasuresTold:
    """How many alerts were left, by kind."""

    ending: int
    over: int

    @property
    def told(self) -> int:
        """How many in all."""
        return self.ending + self.over


def remind(system: Keyless) -> MeasuresTold:
    """Leave the alerts that are due since the last time; one leaf, in the same transaction.

    The lead is told, or the stewards where nobody leads any more. Raises LedgerUnavailable, with nothing told, when the leaf cannot be
    made durable.
    """
    instance = system.instance
    now = instance.clock.now()
    today = now.astimezone(PARIS).date()
    near = MeasureEnd.due.between(today + timedelta(days=1), today + instance.charter.support.measure)
    with instance.database.writing() as session:
        ending = leave(session, ENDING, _followers(instance, session, near, now), now)
        done = MeasuresTold(ending, leave(session, OVER, _followers(instance, session, MeasureEnd.due <= today, now), now))
        append(
            session,
            Leaf(
                at=now, action=ACTION, outcome="authorised", purpose=PURPOSE, rule=RULE, charter=instance.charter.version, actor=None,
                institution=None, hits=done.told, facts=asdict(done),
            ),
        )  # fmt: skip
    return done


def _followers(instance: Instance, session: Session, when: ColumnElement[bool], now: datetime) -> Iterator[Line]:
    """Who follows each dossier with such a measure: the lead, else the stewards."""
    here = exists().where(Habilitation.user_id == Dossier.lead_id, Habilitation.cell_id == Dossier.cell_id, alive(now))
    query = (
        select(MeasureEnd.id, Dossier, here)
        .join(Dossier, Dossier.id == MeasureEnd.dossier_id)
        .where(when, Dossier.status == "open")
        .order_by(MeasureEnd.due, MeasureEnd.id)
    )
    for end, dossier, leads in session.execute(query).all():
        apart = kept_out(session, dossier.id, now)
        lead = [dossier.lead_id] if leads else []
        leading = _told(instance, session, dossier, {each for each in lead if each} - apart, LEAD)
        for user_id in leading or _told(instance, session, dossier, set(stewards_of(session, dossier.cell_id, now)) - apart, STEWARD):
            yield user_id, end, dossier.number


def _told(instance: Instance, session: Session, dossier: Dossier, people: set[str], position: str) -> list[str]:
    """Those of them whom the charter lets know of it."""
    found = []
    for user_id in sorted(people):
        try:
            profession = certified_profession(session, instance.anchor, user_id)
        except UncertifiedKey:
            continue
        if may_be_told(instance.charter, dossier, profession, position):
            found.append(user_id)
    return found
