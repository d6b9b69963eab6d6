"""The permanent core of a cell: whom every meeting convenes, set once by its steward."""

from collections.abc import Collection

from sqlalchemy import select

from casework.models.base import new_id
from casework.models.meetings import CoreMember
from casework.services import terms
from casework.services.actor import Actor
from casework.services.meeting import people
from casework.services.meeting.rows import require_in
from casework.services.meeting.views import CorePage
from casework.services.membership.teams import cell_of
from casework.services.unit import reading, writing
from casework.services.views import Choice
from casework.wording import says

ACTION = "meeting.convene"


def page(actor: Actor, cell_id: str) -> CorePage:
    """Everybody who may be in the core of a cell, and who is. Raises NotFound for anybody but a steward."""
    with reading(actor, ACTION) as unit:
        cell = cell_of(unit, cell_id)
        require_in(unit, cell)
        unit.trace.facts["cell"] = cell.id
        inside = people.core_of(unit, cell)
        everybody = people.members(unit, cell).values()
        return CorePage(Choice(cell.id, cell.name), people.blocks(unit, everybody, (), {}, {*inside, *_stewards(everybody)}))


def compose(actor: Actor, cell_id: str, user_ids: Collection[str]) -> None:
    """These people are the core from now on, for meetings yet to be made. Raises NotFound, InvalidInput for somebody of elsewhere."""
    with writing(actor, ACTION) as unit:
        cell = cell_of(unit, cell_id)
        require_in(unit, cell)
        unit.trace.facts["cell"] = cell.id
        members = people.members(unit, cell)
        terms.refuse({"people": None if set(user_ids) <= set(members) else says("Choisissez des membres de la cellule.")})
        present = {each.user_id: each for each in unit.session.scalars(select(CoreMember).where(CoreMember.cell_id == cell.id))}
        for user_id, row in present.items():
            if user_id not in user_ids:
                unit.session.delete(row)
        for user_id in sorted(set(user_ids) - set(present)):
            unit.session.add(CoreMember(id=new_id(), version=1, cell_id=cell.id, user_id=user_id, since=unit.now))


def _stewards(everybody: Collection[people.Member]) -> set[str]:
    return {each.id for each in everybody if each.steward}
