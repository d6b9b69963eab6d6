"""Who is signed in, which rooms of the house the charter opens to them, and whether they signed it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.charter import Situation
from casework.models.cells import Cell, Ring, RingEpoch, RingMember
from casework.services.actor import Actor
from casework.services.keys.certificates import DUTY_RING
from casework.services.keys.keychain import serving
from casework.services.membership.admissions import load_facts
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
)
BY_POSITION = ("cell.read", "figures.read", "meeting.convene", "meeting.prepare", "meeting.read", "ring.service")
"""Rooms that a living habilitation opens, not a profession alone."""

DAY = "day.read"
TASKS = "task.list"
"""« Actions » are asked of whoever has a seat in a cell."""
URGENT = "urgent.open"
REVIEW = "urgent.review"
"""« Mon jour » is for whoever has a seat in a cell, and for those who review accès urgents; other offices have their own first page."""


def of(actor: Actor) -> Profile:
    """The header of every page. Tells nothing about any dossier, so it leaves no leaf."""
    charter = actor.instance.charter
    doors = {action for action in DOORS if charter.combinations(action, actor.profession)}
    with actor.instance.database.reading() as session:
        facts = load_facts(session, actor.instance, actor.user_id, actor.instance.clock.now())
        programmes = {row.id: row.programme for row in session.execute(select(Cell.id, Cell.programme).where(Cell.id.in_(facts.cells)))}
        on_call = _on_call(session, actor)
    seats = [(each.role, programmes[each.cell_id]) for each in facts.admissions if each.cell_id in programmes]
    for action in BY_POSITION:
        situations = [Situation(actor.profession, role, programme) for role, programme in seats]
        if charter.check_any(action, situations).permitted:
            doors.add(action)
    if on_call:
        doors.add(URGENT)
    if seats:
        doors.add(TASKS)
    if seats or charter.combinations(REVIEW, actor.profession):
        doors.add(DAY)
    signed = facts.signed == charter.text_version
    return Profile(actor.name, actor.function, actor.institution, frozenset(doors), signed)


def _on_call(session: Session, actor: Actor) -> bool:
    """Whether a cell names me as being on call. It shows a door and opens none."""
    query = select(RingMember.id).join(RingEpoch, RingEpoch.id == RingMember.epoch_id).join(Ring, Ring.id == RingEpoch.ring_id)
    mine = (RingMember.holder_id == actor.user_id) & serving(actor.instance.clock.now())
    return session.scalar(query.where(Ring.kind == DUTY_RING, mine).limit(1)) is not None
