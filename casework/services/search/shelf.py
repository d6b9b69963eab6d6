"""My dossiers, many at once: which they are, what I hold of them and what it says, in a fixed number of queries."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from casework.models.cells import Cell
from casework.models.content import Person, SealedRow
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.access import Held, check_programme, only_a_part, only_who
from casework.services.dossier.contents import full_name, table_of
from casework.services.keys.keychain import Keychain
from casework.services.keys.sealing import open_row
from casework.services.offices.people import professionals
from casework.services.reasons import choice, reason
from casework.services.unit import Unit
from casework.services.views import DossierLine

LIST = "dossier.list"
LISTED = ("identity", "extract")
"""Kinds of which a box puts a dossier into one's list of dossiers."""
IDENTITY: Mapping[str, type[SealedRow]] = {"identity": Person}

Texts = dict[str, str]


def visible(unit: Unit, keychain: Keychain, kinds: Sequence[str] = ("identity",)) -> Select[str]:
    """Ids of the dossiers whose identity I hold under a title by which the charter lists them. kinds: LISTED adds those of which I
    only hold an extract, for lists that tell nothing else of them.
    """
    law = unit.charter.list_filter(LIST, unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status)
    return (
        select(Dossier.id)
        .join(Compartment, (Compartment.dossier_id == Dossier.id) & Compartment.kind.in_(kinds))
        .join(Box, Box.compartment_id == Compartment.id)
        .where(keychain.live(), Dossier.cell_id.in_(unit.facts.cells), law)
        .distinct()
    )


class Shelf:
    """Some of my dossiers, read together. Rows and opened texts: for services only, never for a screen.

    which: their ids, or a query for them. models: kind of compartment -> the table of its fields that may be opened.
    """

    def __init__(
        self, unit: Unit, keychain: Keychain, which: Select[str] | Sequence[str], models: Mapping[str, type[SealedRow]] = IDENTITY
    ) -> None:
        self._unit, self._keychain, self._models = unit, keychain, models
        inside = Compartment.dossier_id.in_(which) & Compartment.kind.in_({*models, *LISTED})
        self._held = self._hold(which, list(unit.session.scalars(select(Compartment).where(inside))), self._boxes(inside))
        keychain.learn_versions(select(Compartment.id).where(inside))
        self._rows = {kind: self._content(model, which, kind) for kind, model in models.items()}

    def __iter__(self) -> Iterator[Held]:
        """Each dossier, with what I hold of these compartments."""
        return iter(self._held.values())

    def __getitem__(self, dossier_id: str) -> Held:
        """One of them. Raises KeyError."""
        return self._held[dossier_id]

    def texts(self, held: Held, kind: str) -> list[Texts]:
        """The opened rows of one compartment, oldest first; none when I may not read it. Raises TamperedError like `access.find`."""
        compartment = held.compartment(kind)
        key = held.key(compartment) if compartment is not None else None
        if compartment is None or key is None:
            return []
        found = self._rows[kind].get(compartment.id, ())
        return [open_row(self._models[kind], row, self._keychain.at_version(key, row.key_version)) for row in found]

    def identity(self, held: Held) -> Texts | None:
        """Who the dossier is about, where I may read it."""
        return next(iter(self.texts(held, "identity")), None)

    def _boxes(self, inside: Any) -> dict[str, list[Box]]:
        found: dict[str, list[Box]] = {}
        query = select(Box).join(Compartment, Compartment.id == Box.compartment_id).where(inside, self._keychain.live())
        for box in self._unit.session.scalars(query):
            found.setdefault(box.compartment_id, []).append(box)
        return found

    def _hold(self, which: Select[str] | Sequence[str], parts: Sequence[Compartment], boxes: dict[str, list[Box]]) -> dict[str, Held]:
        mine: dict[str, list[Compartment]] = {}
        for part in parts:
            mine.setdefault(part.dossier_id, []).append(part)
        rows = self._unit.session.execute(select(Dossier, Cell).join(Cell, Cell.id == Dossier.cell_id).where(Dossier.id.in_(which)))
        held = {}
        for dossier, cell in rows:
            check_programme(dossier, cell)
            here = tuple(mine.get(dossier.id, ()))
            held[dossier.id] = Held(
                self._unit, self._keychain, dossier, cell, here, {each.id: boxes[each.id] for each in here if each.id in boxes}
            )
        return held

    def _content(self, model: type[SealedRow], which: Select[str] | Sequence[str], kind: str) -> dict[str, list[Row[Any]]]:
        table = table_of(model)
        query = select(table).join(Compartment, Compartment.id == table.c.compartment_id)
        found: dict[str, list[Row[Any]]] = {}
        for row in self._unit.session.execute(
            query.where(Compartment.dossier_id.in_(which), Compartment.kind == kind).order_by(table.c.id)
        ):
            found.setdefault(row.compartment_id, []).append(row)
        return found


def lines(unit: Unit, shelf: Shelf, shown: Sequence[Held], active: Mapping[str, datetime] | None = None) -> Iterator[DossierLine]:
    """The rows of a list, and their trace: each dossier shown, with `identity` where its name is, and the rules that let it be."""
    leads = professionals(unit.session, unit.instance.anchor, {held.dossier.lead_id for held in shown if held.dossier.lead_id})
    for held in shown:
        dossier, texts = held.dossier, shelf.identity(held)
        titles = frozenset(box.title for part in held.compartments if part.kind in LISTED for box in held.boxes.get(part.id, ()))
        verdict = unit.check(LIST, held.situations("none", titles))
        kinds = {part.kind for part in held.compartments if held.boxes.get(part.id)}
        part_only = only_a_part(titles, kinds) or only_who(titles, kinds)  # who is in charge, and when, is not told with it
        unit.trace.rules.add(verdict.rule)
        unit.trace.show(dossier.number, *(("identity",) if texts else ()))
        yield DossierLine(
            number=dossier.number,
            person=full_name(texts) if texts else None,
            programme=unit.charter.programmes[dossier.programme].label,
            cell=held.cell.name,
            status=choice(unit.charter.vocabulary.statuses, dossier.status),
            lead=leads[dossier.lead_id].name if dossier.lead_id and not part_only else None,
            next_date=None if part_only else dossier.next_date,
            reason=reason(unit, verdict),
            active_at=active.get(dossier.id) if active is not None and not part_only else None,
        )
