"""Keys that a meeting near is owed, given in the next session of any steward of its cell: at the door, and on « Mon jour ».

Nobody else can: only who holds gives, and no job has a key. What a steward may not give waits for another one.
"""

import time
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import CaseworkError
from casework.models.cells import Cell, Habilitation
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.meetings import Meeting
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.meeting import giving, people
from casework.services.meeting.agenda.convening import CONVENE, catch_up
from casework.services.meeting.rows import CONVENED
from casework.services.membership.standing import STEWARD, alive
from casework.services.unit import Unit

CONFIRM = "meeting.confirm"
AT_ONCE = 2.0
"""Seconds after which the rest waits for the next page: nobody waits longer at a door."""


def settle_pending(actor: Actor, *, seconds: float = AT_ONCE) -> int:
    """Give what the meetings near of the actor's cells are owed; how many meetings that was. Again is harmless, and writes nothing.

    Everybody but a steward with such a meeting is asked one question. What fails leaves its own line in the ledger and is tried again.
    """
    until = time.monotonic() + seconds
    done = 0
    for meeting_id in _waiting(actor):
        if time.monotonic() > until:
            break
        done += _tried(actor, meeting_id)
    return done


def _tried(actor: Actor, meeting_id: str) -> bool:
    try:
        catch_up(actor, meeting_id)
    except CaseworkError:
        return False
    return True


def _waiting(actor: Actor) -> list[str]:
    """Meetings near whose keys are not as they should be and that the actor could settle, soonest first. Shows nothing: no leaf."""
    with actor.instance.database.reading() as session:
        near = _near(session, actor)
        unit = Unit(actor, CONVENE, session)
        if not near or unit.facts.signed != unit.charter.text_version:
            return []
        keychain = Keychain(unit)
        return [meeting.id for meeting in near if _is_owed(unit, keychain, meeting)]


def _near(session: Session, actor: Actor) -> list[Meeting]:
    """Convened meetings near, of the cells that rows say the actor keeps: a hint, which nothing further on believes."""
    now, before = actor.instance.clock.now(), actor.instance.charter.meetings.before
    kept = select(Habilitation.cell_id).where(Habilitation.user_id == actor.user_id, Habilitation.role == STEWARD, alive(now))
    query = select(Meeting).where(Meeting.status == CONVENED, Meeting.starts_at <= now + before, Meeting.cell_id.in_(kept))
    return list(session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))


def _is_owed(unit: Unit, keychain: Keychain, meeting: Meeting) -> bool:
    cell = unit.session.get(Cell, meeting.cell_id)
    if cell is None or cell.id not in unit.facts.cells_as(STEWARD):
        return False
    owed = giving.owed(unit, meeting, people.members(unit, cell))
    mine = _kept(unit, keychain, {each.dossier.id for each in owed})
    return any(each.stray or each.dossier.id in mine for each in owed)


def _kept(unit: Unit, keychain: Keychain, dossiers: Iterable[str]) -> set[str]:
    """Of these dossiers, those that the actor keeps, may put on an agenda and is not kept apart from: the rest is another steward's."""
    law = unit.charter.list_filter(CONFIRM, unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status)
    query = select(Dossier.id).join(Compartment, Compartment.dossier_id == Dossier.id).join(Box, Box.compartment_id == Compartment.id)
    return set(unit.session.scalars(query.where(Dossier.id.in_(set(dossiers) - unit.apart_from), keychain.live(), law)))
