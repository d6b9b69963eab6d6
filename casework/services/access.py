"""The one door to a dossier: find it, see which of its boxes I hold, ask the charter compartment by compartment.

To fetch is to authorise is to decrypt: a key comes out of here only with the verdict that permits it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from casework.charter import Situation, Verdict
from casework.errors import NotFound, TamperedError
from casework.models.cells import Cell
from casework.models.dossiers import Box, Compartment, Conflict, Dossier
from casework.services.keys.keychain import Keychain, boxes_of
from casework.services.unit import Unit
from casework.vault.content import ContentKey

SOCIAL = "social"
SEALED = "sealed"
OWNED = (SOCIAL, SEALED)
"""Kinds of which each author has their own."""


PASSING = frozenset({"convened", "secretary", "owner"})
"""Titles that a meeting gives, for its time or until a result is told."""


def _lasting(title: str) -> tuple[bool, str]:
    return title in PASSING, title


@dataclass(frozen=True, slots=True)
class Held:
    """A dossier, and what of it the actor holds. Rows: for services only, never for a screen."""

    unit: Unit
    keychain: Keychain
    dossier: Dossier
    cell: Cell
    compartments: tuple[Compartment, ...]
    boxes: dict[str, list[Box]]

    @property
    def titles(self) -> frozenset[str]:
        """Why the actor holds anything here: the titles of their living boxes. Each is a position of the charter."""
        return frozenset(box.title for boxes in self.boxes.values() for box in boxes)

    def situations(self, kind: str = "none", titles: frozenset[str] | None = None) -> Iterator[Situation]:
        """One situation for each position the actor has on this dossier; a stranger has the position `none`.

        What lasts comes first: of somebody who leads a dossier and is convened for it, the reason shown is that they lead it.
        """
        for title in sorted(self.titles if titles is None else titles, key=_lasting) or ("none",):
            yield self.unit.situation(title, self.dossier.programme, self.dossier.status, kind)

    def verdict(self, action: str, kind: str = "none") -> Verdict:
        """What the charter says of an action here, over all the actor's positions."""
        return self.unit.check(action, self.situations(kind))

    def readable(self, compartment: Compartment) -> tuple[Verdict, Box | None]:
        """Whether one of my boxes on this compartment has a title by which the charter lets me read it."""
        verdict = self.unit.check("compartment.read", ())
        for box in sorted(self.boxes.get(compartment.id, ()), key=lambda each: _lasting(each.title)):
            verdict = self.unit.check("compartment.read", self.situations(compartment.kind, frozenset({box.title})))
            if verdict.permitted:
                return verdict, box
        return verdict, None

    def key(self, compartment: Compartment, *, action: str = "compartment.read") -> ContentKey | None:
        """The compartment's key, if a box of mine has a title by which the charter permits `action`."""
        check_place(self.dossier, compartment)
        for box in self.boxes.get(compartment.id, ()):
            if self.unit.check(action, self.situations(compartment.kind, frozenset({box.title}))).permitted:
                return self.keychain.open(box, compartment)
        return None

    def look_again(self, compartment: Compartment) -> None:
        """Take note of my boxes on a compartment as they are now: its key was turned within this unit."""
        self.unit.session.flush()
        found = boxes_of(self.keychain, self.unit.session, self.dossier.id)
        self.boxes[compartment.id] = found.get(compartment.id, [])

    def compartment(self, kind: str) -> Compartment | None:
        """The dossier's compartment of this kind; of `social` and `sealed`, the actor's own."""
        owner = self.unit.actor.user_id if kind in OWNED else ""
        return next((each for each in self.compartments if each.kind == kind and each.owner_id == owner), None)


def only_a_part(titles: frozenset[str], kinds: Collection[str]) -> bool:
    """Whether what somebody holds (titles, kinds of compartments) is an extract and no more: addressed to them, or an action they carry."""
    return titles <= {"addressed", "owner"} and set(kinds) <= {"extract"}


def only_who(titles: frozenset[str], kinds: Collection[str]) -> bool:
    """Whether somebody is convened to a meeting that has not begun, and nothing else: they may know who it is about (decision 4)."""
    return titles <= {"convened"} and set(kinds) <= {"identity"}


def in_conflict(unit: Unit, dossier_id: str) -> bool:
    """Whether the actor said, or it was said of them, that they have a personal link to the person."""
    query = select(Conflict.id).where(Conflict.dossier_id == dossier_id, Conflict.user_id == unit.actor.user_id)
    return unit.session.scalar(query) is not None


def apart_from(unit: Unit) -> frozenset[str]:
    """Ids of the dossiers whose person the actor has a personal link to: pages that name many dossiers say nothing of these."""
    return frozenset(unit.session.scalars(select(Conflict.dossier_id).where(Conflict.user_id == unit.actor.user_id)))


def linked(unit: Unit, dossier_id: str) -> frozenset[str]:
    """User ids of everybody who has a personal link to the person: nothing of the dossier is given to them."""
    with unit.session.no_autoflush:  # asked in the middle of a change, this must not write half of it
        return frozenset(unit.session.scalars(select(Conflict.user_id).where(Conflict.dossier_id == dossier_id)))


def check_programme(dossier: Dossier, cell: Cell) -> None:
    """Raise TamperedError for a dossier of another programme than its cell's: the law of another programme is not asked about it."""
    if dossier.programme != cell.programme:
        raise TamperedError("a dossier is not of its cell's programme")


def check_place(dossier: Dossier, compartment: Compartment) -> None:
    """Raise TamperedError for a dossier that was moved to another cell: boxes are bound to the cell of their compartment."""
    if compartment.cell_id != dossier.cell_id:
        raise TamperedError("a dossier is not where it was made")


def find(unit: Unit, number: str) -> Held:
    """A dossier by its number, with what the actor holds of it. Raises NotFound for an unknown number or an archived
    dossier, TamperedError when one of the actor's boxes here is stray.

    It authorises nothing by itself: the caller requires an action next.
    """
    query = select(Dossier, Cell).join(Cell, Cell.id == Dossier.cell_id).where(Dossier.number == number)
    if unit.writes:
        query = query.with_for_update(of=Dossier)  # what is decided now must still be true when it is written
    row = unit.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(unit.action)
    dossier, cell = row
    unit.trace.show(dossier.number)
    check_programme(dossier, cell)
    keychain = Keychain(unit)
    conflict = in_conflict(unit, dossier.id)
    standing = unit.facts.standing(cell=cell.id, archived=dossier.status == "archived", conflict=conflict)
    refusal = unit.charter.gate(unit.action, standing, unit.now)
    if refusal is not None:
        unit.trace.rule = refusal.rule
        raise NotFound(unit.action)
    compartments = tuple(unit.session.scalars(select(Compartment).where(Compartment.dossier_id == dossier.id).order_by(Compartment.id)))
    boxes = boxes_of(keychain, unit.session, dossier.id)
    for compartment in compartments:
        check_place(dossier, compartment)
        for box in boxes.get(compartment.id, ()):
            keychain.open(box, compartment)  # a title is worth what its box opens
    return Held(unit, keychain, dossier, cell, compartments, boxes)
