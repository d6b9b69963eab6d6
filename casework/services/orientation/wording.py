"""Orientations in words: steps, reasons and who took them, the same for those who sent and those who receive."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from casework.models.orientations import ReferralOut, ReferralStep
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.orientation import steps
from casework.services.orientation.views import StepChoice, StepView
from casework.services.reasons import choice, choices
from casework.services.sharing.recipients import paris_day
from casework.services.unit import Unit
from casework.services.views import Choice
from casework.wording import says

NO_ACCOUNT = says("Partenaire sans compte")


def status_of(unit: Unit, code: str) -> Choice:
    """A step, or the state it leaves, in words."""
    return choice(unit.charter.support.steps, code)


def shown(unit: Unit, rows: Sequence[ReferralStep]) -> tuple[StepView, ...]:
    """Steps with who took them, in their order."""
    people = professionals(unit.session, unit.instance.anchor, {each.actor_id for each in rows if each.actor_id})
    found = []
    for row in rows:
        person = people.get(row.actor_id or "", UNKNOWN)
        who = person.name if row.actor_id else NO_ACCOUNT if row.link_id else says("casework")
        reason = steps.label_of(unit.charter, row.step, row.reason)
        found.append(StepView(status_of(unit, row.step), reason, row.recorded_at, row.meets_at, who, person.institution))
    return tuple(found)


def offered(unit: Unit, referral: ReferralOut, side: str) -> Iterator[StepChoice]:
    """The steps this side may take now, in the order of their life."""
    for step in steps.next_steps(referral, side, unit.now):
        yield StepChoice(status_of(unit, step), choices(steps.reasons_of(unit.charter, step)), steps.RULES[step].dated)


def days(unit: Unit, referral: ReferralOut) -> tuple[date, date]:
    """The first and the last day an appointment may be set for."""
    return paris_day(referral.sent_at or referral.created_at), paris_day(unit.now + steps.FARTHEST - timedelta(days=1))
