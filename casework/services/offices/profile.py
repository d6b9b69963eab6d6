"""Who is signed in, which rooms of the house the charter opens to them, and whether they signed it."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from casework.charter import Situation
from casework.models.cells import Cell, Ring, RingEpoch, RingMember
from casework.services.actor import Actor
from casework.services.apart import serving
from casework.services.keys.certificates import DUTY_RING, SERVICE
from casework.services.membership.admissions import load_facts
from casework.services.support.words import takes_calls
from casework.services.views import Profile

DOORS = (
    "dossier.list",
    "dossier.search",
    "referral.send",
    "referral.examine",
    "directory.read",
    "ledger.read",
    "account.read",
    "urgent.review",
    "addressing.set",
)
BY_POSITION = ("cell.read", "figures.read", "meeting.convene", "meeting.prepare", "meeting.read", "ring.service")
"""Rooms that a living habilitation opens, not a profession alone."""

DAY = "day.read"
TASKS = "task.list"
"""« Actions » are asked of whoever has a seat in a cell."""
CALL = "call.note"
"""« Noter un appel » is for those who may refer to a cell that takes calls."""
INBOX = "orientation.inbox"
"""So are « Orientations »: what one's service received, and what goes out of the dossiers one follows."""
URGENT = "urgent.open"
PERMANENCES = "permanence.read"
REVIEW = "urgent.review"
"""« Mon jour » is for whoever has a seat in a cell, and for those who review accès urgents; other offices have their own first page."""

_SERVING_IN = (
    select(Ring.kind)
    .join(RingEpoch, RingEpoch.ring_id == Ring.id)
    .join(RingMember, RingMember.epoch_id == RingEpoch.id)
    .where(
        Ring.kind.in_((DUTY_RING, SERVICE)), RingMember.holder_id == bindparam("user"), serving(bindparam("now")), Ring.dossier_id.is_(None)
    )
    .distinct()
)
"""Put together once: every page begins with it."""


def of(actor: Actor) -> Profile:
    """The header of every page. Tells nothing about any dossier, so it leaves no leaf."""
    charter = actor.instance.charter
    doors = {action for action in DOORS if charter.combinations(action, actor.profession)}
    with actor.instance.database.reading() as session:
        facts = load_facts(session, actor.instance, actor.user_id, actor.instance.clock.now())
        programmes = {row.id: row.programme for row in session.execute(select(Cell.id, Cell.programme).where(Cell.id.in_(facts.cells)))}
        serving_in = _serving_in(session, actor)
    seats = [(each.role, programmes[each.cell_id]) for each in facts.admissions if each.cell_id in programmes]
    for action in BY_POSITION:
        situations = [Situation(actor.profession, role, programme) for role, programme in seats]
        if charter.check_any(action, situations).permitted:
            doors.add(action)
    calls = [Situation(actor.profession, role, programme) for role, programme in seats if takes_calls(charter.programmes[programme])]
    if charter.check_any("referral.send", calls).permitted:
        doors.add(CALL)
    if DUTY_RING in serving_in:
        doors.add(URGENT)
    if SERVICE in serving_in:
        doors.add(PERMANENCES)
    if seats:
        doors.add(TASKS)
        doors |= {INBOX} if charter.combinations(INBOX, actor.profession) else set()
    if seats or charter.combinations(REVIEW, actor.profession):
        doors.add(DAY)
    signed = facts.signed == charter.text_version
    return Profile(actor.name, actor.function, actor.institution, frozenset(doors), signed)


def _serving_in(session: Session, actor: Actor) -> frozenset[str]:
    """Kinds of the rings I am in now: on call in a cell, in the team of my service. It shows a door and opens none."""
    return frozenset(session.scalars(_SERVING_IN, {"user": actor.user_id, "now": actor.instance.clock.now()}))
