"""Leaving a cell: a habilitation ends before its time, and with it what it opened."""

from collections.abc import Iterator

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.cells import Habilitation, Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.access import OWNED
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.membership.cells import require_steward
from casework.services.membership.standing import STEWARD, alive
from casework.services.unit import Unit, writing
from casework.wording import says

FOLLOWED = ("received", "open")


def end(actor: Actor, cell_id: str, user_id: str, *, confirmed: bool = True) -> None:
    """End whatever lets a person into the cell: their habilitations, their memberships of its rings, their boxes on its dossiers.

    What they alone can read (N2, N3) keeps its box, or it would be lost: without a habilitation it opens nothing, and the recovery key
    still reaches it. The stewards are told of dossiers that lose their lead. Raises NotFound for somebody who is not in the cell,
    InvalidInput for its last steward, and when nobody confirmed.
    """
    with writing(actor, "member.end") as unit:
        require_steward(unit, cell_id)
        living = list(_living(unit, cell_id, Habilitation.user_id == user_id))
        if not living:
            raise NotFound(unit.action)
        if not confirmed:
            raise InvalidInput({"confirmed": says("Cochez la case pour confirmer.")})
        if any(each.role == STEWARD for each in living) and not _another_steward(unit, cell_id, user_id):
            raise InvalidInput(
                {"confirmed": says("C’est la dernière personne qui tient la cellule : admettez d’abord celle qui lui succède.")}
            )
        for habilitation in living:
            habilitation.ended_at, habilitation.version = unit.now, habilitation.version + 1
        _leave_rings(unit, cell_id, user_id)
        _take_boxes(unit, cell_id, user_id)
        for number in leads(unit, cell_id, user_id):
            alerts.tell(unit, alerts.people_in(unit, cell_id, STEWARD), alerts.LEAD_LEFT, number=number)
        unit.trace.facts |= {"account": user_id, "cell": cell_id}


def leads(unit: Unit, cell_id: str, user_id: str) -> list[str]:
    """Numbers of the dossiers under way in this cell that name this person as their lead."""
    query = select(Dossier.number).where(Dossier.cell_id == cell_id, Dossier.lead_id == user_id, Dossier.status.in_(FOLLOWED))
    return list(unit.session.scalars(query.order_by(Dossier.number)))


def _living(unit: Unit, cell_id: str, *which: object) -> Iterator[Habilitation]:
    query = select(Habilitation).where(Habilitation.cell_id == cell_id, alive(unit.now))
    yield from unit.session.scalars(query.where(*which))  # type: ignore[arg-type]  # conditions over its own columns


def _another_steward(unit: Unit, cell_id: str, user_id: str) -> bool:
    return any(_living(unit, cell_id, Habilitation.role == STEWARD, Habilitation.user_id != user_id))


def _leave_rings(unit: Unit, cell_id: str, user_id: str) -> None:
    query = select(RingMember).join(RingEpoch, RingEpoch.id == RingMember.epoch_id).join(Ring, Ring.id == RingEpoch.ring_id)
    for membership in unit.session.scalars(query.where(Ring.cell_id == cell_id, RingMember.holder_id == user_id)):
        unit.session.delete(membership)


def _take_boxes(unit: Unit, cell_id: str, user_id: str) -> None:
    query = select(Box).join(Compartment, Compartment.id == Box.compartment_id)
    own = Compartment.kind.in_(OWNED) & (Compartment.owner_id == user_id)
    for box in unit.session.scalars(query.where(Compartment.cell_id == cell_id, Box.holder_id == user_id, ~own)):
        unit.session.delete(box)
