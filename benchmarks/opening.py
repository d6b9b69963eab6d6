"""Opening a dossier with 200 entries, against a twin that lies in clear columns.

*opening*: load, decrypt, check the row seals and render, against loading the same rows in clear and rendering the same page.
*request*: the whole request with session, charter, boxes and a durable leaf, against the same request over the twin without them.
Both are interleaved in one process; medians are compared.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from unittest import mock

from flask import Flask
from sqlalchemy import Column, MetaData, Table, Text, create_engine, insert, select

from benchmarks.places import house_at, on_both
from benchmarks.report import Figure
from casework import services
from casework.cli.server import settle
from casework.models.cells import Cell
from casework.models.content import ContactPoint, Entry, Person, Schooling, Situation
from casework.models.dossiers import Box, Compartment, Dossier, UrgentAccess
from casework.models.orientations import ReferralOut
from casework.services import access
from casework.services.access import Held
from casework.services.actor import Actor
from casework.services.dossier import contents, dossier_page, last_look
from casework.services.dossier.readers import holdings
from casework.services.keys.keychain import Keychain
from casework.services.offices.people import professionals
from casework.services.safety import consignes
from casework.services.support.awaiting import state_of
from casework.services.unit import Unit
from casework.services.views import Choice, DossierView, Field, Reason
from casework.web import create_app, guard
from casework.web import dossiers as screen
from tests.house import House

ENTRIES = 200
LETTERS = 500
SAMPLES = 60
TRIES = 3
MODELS = (Person, ContactPoint, Situation, Schooling, Entry)
OPENING = {"SQLite": 1.15, "PostgreSQL": 1.25}
REQUEST = 1.5


def figures() -> list[Figure]:
    """Both ratios on both databases, the best of three tries."""
    return on_both(_figures)


def _figures(name: str, url: str | None) -> Iterator[Figure]:
    with peopled(url) as (house, number):
        bench = Bench(house, number)
        settle()
        opening = min(bench.opening() for _ in range(TRIES))
        yield Figure(f"{name}: opening {ENTRIES} entries / clear columns", opening, OPENING[name], "×")
        request = min(bench.request() for _ in range(TRIES))
        yield Figure(f"{name}: whole request / clear, unfiltered, unlogged", request, REQUEST, "×")


@contextmanager
def peopled(url: str | None) -> Iterator[tuple[House, str]]:
    """A house with one dossier of 200 entries that Alice leads."""
    with house_at(url) as house:
        number = house.follow("Quibérac-Mesure")
        services.records.add_contact(house.stella, number, "Téléphone", "06 39 98 10 10")
        for each in range(ENTRIES):
            text = (f"Point d’étape {each} avec la famille et l’établissement. " * 20)[:LETTERS]
            house.note(house.alice, number, text, compartment=("confidential", "decisions")[each % 2])
        house.open(house.alice, number)
        yield house, number


class Twin:
    """The same content rows with the same columns, confidential ones as text, in the same database."""

    def __init__(self, house: House, view: DossierView) -> None:
        metadata = MetaData()
        self.tables = {model: _clear_table(contents.table_of(model), metadata) for model in MODELS}
        engine = create_engine(house.instance.config.database_url)
        metadata.create_all(engine)
        bodies = {entry.id: entry.body for entry in view.timeline}
        shown = [field.value for section in view.sections for field in section.fields]
        with house.instance.database.reading() as session, engine.begin() as connection:
            for model, twin in self.tables.items():
                for row in session.execute(select(contents.table_of(model))):
                    values = dict(zip(twin.columns.keys(), row, strict=True))
                    for column in twin.columns:
                        if isinstance(column.type, Text):
                            values[column.name] = bodies.get(row.id, shown[0])
                    connection.execute(insert(twin), values)
        engine.dispose()


def _clear_table(table: Table, metadata: MetaData) -> Table:
    columns = [
        Column(column.name, Text() if column.info["class"] == "sealed" else column.type, primary_key=column.primary_key)
        for column in table.columns
    ]
    return Table(f"clear_{table.name}", metadata, *columns)


class Bench:
    """One house, its twin, and the pairs of calls to compare."""

    def __init__(self, house: House, number: str) -> None:
        self.house, self.number, self.actor = house, number, house.alice
        self.app: Flask = create_app(house.instance)
        self.twin = Twin(house, house.open(house.alice, number))
        self.client = self.app.test_client()
        self.client.set_cookie("sid", services.sessions.start(house.alice))

    def opening(self) -> float:
        """Ratio of the medians: from rows to HTML, sealed against clear. Boxes and charter are asked before the clock runs."""
        with self.house.instance.database.reading() as session:
            unit = Unit(self.actor, "dossier.open", session)
            held = access.find(unit, self.number)
            view = dossier_page.view_of(held, held.verdict("dossier.open"))
            boxes = {each.id: held.readable(each)[1] for each in held.compartments}
            with self.app.test_request_context(f"/dossiers/{self.number}"):
                return _ratio(lambda: self._sealed(held, boxes, view), lambda: self._clear(held, view))

    def _sealed(self, held: Held, boxes: dict[str, Box | None], view: DossierView) -> None:
        held.keychain.forget()
        keys = {each.id: held.keychain.open(box, each) for each in held.compartments if (box := boxes[each.id]) is not None}
        for compartment in held.compartments:
            if compartment.id in keys:
                contents.fields_of(held, compartment, keys[compartment.id])
        self._render_notes(held, view, contents.notes(held, keys))

    def _clear(self, held: Held, view: DossierView) -> None:
        for compartment in held.compartments:
            self._clear_fields(held, compartment)
        self._render_notes(held, view, self._clear_notes(held))

    def _clear_fields(self, held: Held, compartment: Compartment) -> list[Field]:
        model = contents.MODELS.get(compartment.kind)
        if model not in self.twin.tables:
            return []
        fields: list[Field] = []
        table = self.twin.tables[model]
        for row in held.unit.session.execute(select(table).where(table.c.compartment_id == compartment.id).order_by(table.c.id)):
            texts = {column.name: row[place] for place, column in enumerate(table.columns) if isinstance(column.type, Text)}
            if compartment.kind == "contact":
                fields.append(Field(texts["label"], texts["value"]))
            else:
                dated = texts | {"birth_date": "2012-04-05"} if "birth_date" in texts else texts
                fields.extend(contents.labelled(held, compartment.kind, dated))
        return fields

    def _clear_notes(self, held: Held) -> list[contents.OpenNote]:
        table = self.twin.tables[Entry]
        ids = [each.id for each in held.compartments]
        rows = held.unit.session.execute(
            select(table).where(table.c.compartment_id.in_(ids)).order_by(table.c.written_at.desc(), table.c.id)
        ).all()
        return [contents.OpenNote(row, row.body) for row in rows]

    def _render_notes(self, held: Held, view: DossierView, notes: list[contents.OpenNote]) -> None:
        shown = replace(view, timeline=contents.timeline(held, notes, contents.authors_of(held, notes)))
        opened, nobody = mock.Mock(return_value=shown), mock.Mock(return_value=None)
        with mock.patch.object(services.dossiers, "open", opened), mock.patch.object(guard, "actor", nobody):
            screen.read(self.number)

    def request(self) -> float:
        """Ratio of the medians: the whole request, against the same one with the page made of clear columns alone."""
        return _ratio(self._get, self._get_twin)

    def _get(self) -> None:
        assert self.client.get(f"/dossiers/{self.number}").status_code == 200

    def _get_twin(self) -> None:
        with mock.patch.object(services.dossiers, "open", self._open_twin):
            self._get()

    def _open_twin(self, actor: Actor, number: str) -> DossierView:
        """The page out of clear columns: no gate, no box, no key, no verdict, no leaf."""
        with actor.instance.database.reading() as session:
            unit = Unit(actor, "dossier.open", session)
            query = select(Dossier, Cell).join(Cell, Cell.id == Dossier.cell_id).where(Dossier.number == number)
            dossier, cell = session.execute(query).one()
            found = select(Compartment).where(Compartment.dossier_id == dossier.id)
            held = Held(unit, Keychain(unit), dossier, cell, tuple(session.scalars(found)), {})
            _look_beside(held)
            return self._twin_view(held)

    def _twin_view(self, held: Held) -> DossierView:
        notes = self._clear_notes(held)
        everybody = holdings(held)
        named = {each.user_id for each in everybody} | {note.row.author_id for note in notes}
        people = professionals(held.unit.session, held.unit.instance.anchor, named)
        written = Counter(note.row.compartment_id for note in notes)
        why = Reason("Vous êtes la référente de parcours.", "dossier.lead", "Charte, art. 4")
        sections = tuple(
            dossier_page.section_view(held, each, why, tuple(self._clear_fields(held, each)), written[each.id], people)
            for each in held.compartments
        )
        dossier = held.dossier
        return DossierView(
            number=dossier.number, person="Théodule Quibérac-Mesure", programme="Situation de fragilité", cell=held.cell.name,
            status=Choice(dossier.status, dossier.status), lead=people[dossier.lead_id or ""].name, next_date=dossier.next_date,
            received_on=dossier.received_at.date(), opened_on=None, reason=why, sections=sections,
            timeline=contents.timeline(held, notes, people), may_write=True,
            participants=tuple(dossier_page.participants_of(held, everybody, people)),
        )  # fmt: skip


def _look_beside(held: Held) -> None:
    """What the page asks of columns that are clear in both: its last opening, agreement, consignes, accès urgents and orientations."""
    unit, dossier_id = held.unit, held.dossier.id
    last_look.of(unit, dossier_id)
    state_of(unit, dossier_id)
    consignes.living(unit.session, dossier_id)
    unit.session.scalars(select(UrgentAccess).where(UrgentAccess.dossier_id == dossier_id)).all()
    unit.session.scalars(select(ReferralOut).where(ReferralOut.dossier_id == dossier_id)).all()


def _ratio(first: Callable[[], object], second: Callable[[], object]) -> float:
    times: tuple[list[float], list[float]] = ([], [])
    for warm_up in (True, False):
        for _ in range(5 if warm_up else SAMPLES):
            for call, kept in ((first, times[0]), (second, times[1])):
                begin = time.perf_counter()
                call()
                if not warm_up:
                    kept.append(time.perf_counter() - begin)
    return median(times[0]) / median(times[1])
