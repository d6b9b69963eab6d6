"""The one door to a dossier: find it, see which of its boxes I hold, ask the charter compartment by compartment.

To fetch is to authorise is to decrypt: a key comes out of here only with the verdict that permits it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from casework.charter import Situation, Standing, Verdict
from casework.errors import NotFound, TamperedError
from casework.models.cells import Cell
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.orientations import ReferralOut
from casework.services import apart
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


def apart_from(unit: Unit) -> frozenset[str]:
    """Ids of the dossiers that the actor is kept apart from, and of the side that lists leave out: pages that name many say nothing of
    these. One statement for a whole unit.
    """
    return unit.apart_from


def unknown_to(unit: Unit) -> frozenset[str]:
    """Those of `apart_from` of which not even a number is shown: a wall, the other side of a link. A link one declared is known to one."""
    return unit.apart_from - {each for each, why in unit.apart.reasons.items() if why == apart.DECLARED}


def linked(unit: Unit, dossier_id: str) -> frozenset[str]:
    """User ids of everybody who is kept apart from a dossier, for whatever reason: nothing of it is given to them."""
    with unit.session.no_autoflush:  # asked in the middle of a change, this must not write half of it
        return apart.kept_out(unit.session, dossier_id, unit.now)


def shut(unit: Unit, dossier_id: str | None) -> None:
    """Raise NotFound for a row of a dossier that the actor is kept apart from, as for a row that is not there (None): asked before anything
    else of the row, so that both cost the same. The refusal's leaf names the number, for the auditor.
    """
    number = unit.apart.numbers.get(dossier_id or "")
    if number is not None:
        unit.trace.show(number)
        _gate(unit, unit.facts.standing(conflict=True))
    if dossier_id is None or number is not None:
        raise NotFound(unit.action)


def check_programme(dossier: Dossier, cell: Cell) -> None:
    """Raise TamperedError for a dossier of another programme than its cell's: the law of another programme is not asked about it."""
    if dossier.programme != cell.programme:
        raise TamperedError("a dossier is not of its cell's programme")


def check_place(dossier: Dossier, compartment: Compartment) -> None:
    """Raise TamperedError for a dossier that was moved to another cell: boxes are bound to the cell of their compartment."""
    if compartment.cell_id != dossier.cell_id:
        raise TamperedError("a dossier is not where it was made")


def hold(unit: Unit, *numbers: str) -> None:
    """In a writing unit, let nobody else change these dossiers until it commits. Whoever takes several takes them here, all at once: they
    are held in the order of their numbers, so that no two people wait for each other.
    """
    _hold(unit, Dossier.number.in_(numbers))


def _hold(unit: Unit, which: ColumnElement[bool]) -> None:
    """What is decided now must still be true when it is written: the lock comes first, then everything is asked, walls included, because
    whoever waited may have waited for one. Nobody waits for a dossier that they were kept out of before.
    """
    if unit.writes:
        there = select(Dossier.id).where(which, Dossier.id.not_in(unit.apart.numbers)).order_by(Dossier.number)
        unit.session.execute(there.with_for_update(of=Dossier)).all()
        unit.ask_again()


def find(unit: Unit, number: str) -> Held:
    """A dossier by its number, with what the actor holds of it. Raises NotFound for an unknown number, an archived dossier or one that the
    actor is kept apart from, TamperedError when one of the actor's boxes here is stray.

    An unknown number, a wall and a dossier of which one holds nothing cost the same statements, in the same order: what does not exist for
    somebody is looked for like what does not exist. It authorises nothing by itself: the caller requires an action next.
    """
    _hold(unit, Dossier.number == number)
    shut = unit.apart.numbers
    query = select(Dossier, Cell).join(Cell, Cell.id == Dossier.cell_id).where(Dossier.number == number, Dossier.id.not_in(shut))
    row = unit.session.execute(query, execution_options=_anew(unit)).one_or_none()
    dossier_id, keychain = row[0].id if row is not None else "", Keychain(unit)
    compartments = tuple(unit.session.scalars(select(Compartment).where(Compartment.dossier_id == dossier_id).order_by(Compartment.id)))
    boxes = boxes_of(keychain, unit.session, dossier_id)
    if row is None:
        if number in shut.values():  # the auditor must know what was asked for
            unit.trace.show(number)
            _gate(unit, unit.facts.standing(conflict=True))
        raise NotFound(unit.action)
    dossier, cell = row
    unit.trace.show(dossier.number)
    unit.enter(dossier.id)
    check_programme(dossier, cell)
    _gate(unit, unit.facts.standing(cell=cell.id, archived=dossier.status == "archived"))
    for compartment in compartments:
        check_place(dossier, compartment)
        for box in boxes.get(compartment.id, ()):
            keychain.open(box, compartment)  # a title is worth what its box opens
    return Held(unit, keychain, dossier, cell, compartments, boxes)


def find_partner(unit: Unit, referral_id: str) -> tuple[Held, ReferralOut]:
    """The door of whoever receives an orientation: that extract, by boxes that were addressed to them, and nothing else of the dossier.

    No cell is asked for: the recipient need not be in the dossier's. A writing unit holds the dossier, then the orientation, so that of two
    people one takes a step. Raises NotFound and TamperedError as `find`, and authorises nothing either.
    """
    _hold(unit, Dossier.id == select(ReferralOut.dossier_id).where(ReferralOut.id == referral_id).scalar_subquery())
    query = (
        select(ReferralOut, Dossier, Cell, Compartment)
        .join(Dossier, Dossier.id == ReferralOut.dossier_id)
        .join(Cell, Cell.id == Dossier.cell_id)
        .join(Compartment, Compartment.id == ReferralOut.extract_id)
        .where(ReferralOut.id == referral_id, Dossier.id.not_in(unit.apart.numbers))
    )
    query = query.with_for_update(of=ReferralOut) if unit.writes else query
    row = unit.session.execute(query, execution_options=_anew(unit)).one_or_none()
    keychain = Keychain(unit)
    mine = keychain.received(by_number=True) & (Box.reference == referral_id)
    boxes = list(unit.session.scalars(select(Box).where(mine, Box.compartment_id == (row[3].id if row is not None else ""))))
    if row is None or not boxes:
        raise NotFound(unit.action)
    referral, dossier, cell, extract = row
    unit.trace.show(dossier.number)
    unit.enter(dossier.id)
    check_programme(dossier, cell)
    check_place(dossier, extract)
    if (extract.dossier_id, extract.kind, extract.owner_id) != (dossier.id, "extract", referral.id):
        raise TamperedError("an orientation that says it carries something else")
    _gate(unit, unit.facts.standing(archived=dossier.status == "archived"))
    for box in boxes:
        keychain.open(box, extract)
    return Held(unit, keychain, dossier, cell, (extract,), {extract.id: boxes}), referral


def find_unopened(unit: Unit, dossier_id: str) -> Held:
    """The door of whoever leaves something in a dossier of which they hold nothing, or nothing that counts here: no box is looked for, so
    that no key comes out. A writing unit holds the dossier. No cell is asked for, and the trace names no number: it may be another's.

    Raises NotFound and TamperedError as `find`, and authorises nothing either.
    """
    _hold(unit, Dossier.id == dossier_id)
    query = select(Dossier, Cell).join(Cell, Cell.id == Dossier.cell_id)
    query = query.where(Dossier.id == dossier_id, Dossier.id.not_in(unit.apart.numbers))
    row = unit.session.execute(query, execution_options=_anew(unit)).one_or_none()
    compartments = tuple(unit.session.scalars(select(Compartment).where(Compartment.dossier_id == dossier_id).order_by(Compartment.id)))
    if row is None:
        raise NotFound(unit.action)
    dossier, cell = row
    check_programme(dossier, cell)
    _gate(unit, unit.facts.standing(archived=dossier.status == "archived"))
    for compartment in compartments:
        check_place(dossier, compartment)
    return Held(unit, Keychain(unit), dossier, cell, compartments, {})


def _anew(unit: Unit) -> dict[str, bool]:
    """Rows as they are once they are held, also those that were read before."""
    return {"populate_existing": unit.writes}


def _gate(unit: Unit, standing: Standing) -> None:
    """Raise NotFound at the first closed gate, its rule noted."""
    refusal = unit.charter.gate(unit.action, standing, unit.now)
    if refusal is not None:
        unit.trace.rule = refusal.rule
        raise NotFound(unit.action)
