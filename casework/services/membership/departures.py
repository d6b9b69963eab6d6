"""Leaving a cell: a habilitation ends before its time, and with it what it opened."""

from collections.abc import Iterator

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.cells import Habilitation
from casework.models.dossiers import Dossier
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.membership import turnover
from casework.services.membership.cells import require_steward
from casework.services.membership.standing import STEWARD, alive
from casework.services.sharing import conflicts
from casework.services.unit import Unit, writing
from casework.wording import says

FOLLOWED = ("received", "open")


def end(actor: Actor, cell_id: str, user_id: str, *, confirmed: bool = True) -> None:
    """End whatever lets a person into the cell: their habilitations, their memberships of its rings, their boxes on its dossiers.

    What they alone can read keeps its box, or it would be lost (`turnover.take_away`). The rings they were in get a new secret and the
    keys they held are turned, at once as far as the actor can. The stewards are told of dossiers that lose their lead. Raises NotFound for
    somebody who is not in the cell, InvalidInput for its last steward, and when nobody confirmed.
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
        turnover.take_away(unit, cell_id, user_id)
        for number in leads(unit, cell_id, user_id):
            alerts.tell(unit, alerts.people_in(unit, cell_id, STEWARD), alerts.LEAD_LEFT, number=number)
        unit.trace.facts |= {"account": user_id, "cell": cell_id}
    conflicts.settle_pending(actor)
    turnover.settle_pending(actor, seconds=turnover.ON_LEAVING)  # the rest waits for the next session of whoever keeps it


def leads(unit: Unit, cell_id: str, user_id: str) -> list[str]:
    """Numbers of the dossiers under way in this cell that name this person as their lead."""
    query = select(Dossier.number).where(Dossier.cell_id == cell_id, Dossier.lead_id == user_id, Dossier.status.in_(FOLLOWED))
    return list(unit.session.scalars(query.order_by(Dossier.number)))


def _living(unit: Unit, cell_id: str, *which: object) -> Iterator[Habilitation]:
    query = select(Habilitation).where(Habilitation.cell_id == cell_id, alive(unit.now))
    yield from unit.session.scalars(query.where(*which))  # type: ignore[arg-type]  # conditions over its own columns


def _another_steward(unit: Unit, cell_id: str, user_id: str) -> bool:
    return any(_living(unit, cell_id, Habilitation.role == STEWARD, Habilitation.user_id != user_id))
