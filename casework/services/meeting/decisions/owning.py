"""What somebody keeps who carries an action: an extract with number, action and date, until they told its result. Title `owner`.

Identity and decisions come with it only where the charter lets their profession read them by that title. Reference: the task's id.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from casework.models.base import new_id
from casework.models.cells import Habilitation
from casework.models.content import ExtractItem
from casework.models.dossiers import Box, Compartment
from casework.models.meetings import Task
from casework.services.access import Held, linked
from casework.services.keys import compartments, following
from casework.services.keys.certificates import Holder
from casework.services.keys.sealing import seal
from casework.services.meeting.access import Receivers, box_row, may_read
from casework.services.membership.standing import alive
from casework.services.unit import Unit
from casework.vault.content import ContentKey
from casework.wording import says

OWNER_TITLE = "owner"
EXTRACT = "extract"
BESIDES = ("identity", "decisions")
"""What an owner may hold besides the extract, where the charter lets their profession read it."""


@dataclass(frozen=True, slots=True)
class Entrusted:
    """A task about to reach its owner: the dossier as the actor holds it now, and the task's words."""

    held: Held
    task: Task
    text: str


class Owners:
    """Hands out the tasks of one meeting: each owner's certificate and term are looked up once, the database is written twice."""

    def __init__(self, unit: Unit, receivers: Receivers) -> None:
        self._unit, self._receivers = unit, receivers
        self._until: dict[tuple[str, str], datetime | None] = {}

    def give(self, entrusted: Sequence[Entrusted]) -> int:
        """Seal each task to its owner; returns to how many. Left out are those who may hold nothing: gone, personal link, or the charter.

        The caller has required an action. Raises UncertifiedKey for a compartment whose boxes say something false.
        """
        begun = [
            (each, found, *compartments.begin(self._unit, each.held.dossier, EXTRACT, owner=each.task.id))
            for each in entrusted
            if (found := self._owner(each)) is not None
        ]
        self._unit.session.flush()
        boxes: list[dict[str, object]] = []
        for each, (holder, profession), compartment, content in begun:
            self._unit.session.add(compartments.version_row(self._unit, content))
            fill(each, content)
            for part, key in ((compartment, content), *self._besides(each, profession)):
                until = self._term(each.held.dossier.cell_id, holder.id)
                boxes.append(box_row(self._unit, part, key, holder, OWNER_TITLE, each.task.id, until))
        if boxes:
            self._unit.session.execute(insert(Box), boxes)
        return len(begun)

    def _owner(self, each: Entrusted) -> tuple[Holder, str] | None:
        unit, dossier, owner = self._unit, each.held.dossier, each.task.owner_id
        found = self._receivers.find(owner) if owner and each.text else None
        if found is None or owner in linked(unit, dossier.id) or not may_read(unit, dossier, found[1], OWNER_TITLE, EXTRACT):
            return None
        return found

    def _besides(self, each: Entrusted, profession: str) -> Iterator[tuple[Compartment, ContentKey]]:
        """Identity and decisions, where the charter lets the owner's profession read them."""
        for kind in BESIDES:
            compartment = each.held.compartment(kind)
            if compartment is None or not may_read(self._unit, each.held.dossier, profession, OWNER_TITLE, kind):
                continue
            content = each.held.key(compartment, action="compartment.keep")
            if content is not None:
                following.check_boxes(self._unit, compartment, content)
                yield compartment, content

    def _term(self, cell_id: str, user_id: str) -> datetime | None:
        """When the owner's time in the cell is over: the box never outlives it."""
        if (cell_id, user_id) not in self._until:
            here = (Habilitation.cell_id == cell_id) & (Habilitation.user_id == user_id) & alive(self._unit.now)
            self._until[cell_id, user_id] = self._unit.session.scalar(select(func.max(Habilitation.until)).where(here))
        return self._until[cell_id, user_id]


def fill(each: Entrusted, content: ContentKey) -> None:
    """The extract itself: number, action, date."""
    unit, task, dossier = each.held.unit, each.task, each.held.dossier
    kind = says("Action") if task.kind == "action" else says("Question")
    items = ((says("Dossier"), dossier.number), (kind, each.text), (says("Échéance"), f"{task.due:%d/%m/%Y}"))
    for row_id, (label, value) in zip(sorted(new_id() for _ in items), items, strict=True):
        row = ExtractItem(id=row_id, version=1, compartment_id=content.scope)
        seal(row, content, {"label": label, "text": value})
        unit.session.add(row)
    task.extract_id, task.version = content.scope, task.version + 1
    unit.trace.show(dossier.number, EXTRACT)


def end(unit: Unit, task: Task) -> int:
    """Delete the boxes of one task, whoever holds them, and nothing else; how many."""
    query = delete(Box).where(Box.title == OWNER_TITLE, Box.reference == task.id)
    return int(unit.session.execute(query).rowcount)  # type: ignore[attr-defined]  # a DELETE's result counts its rows
