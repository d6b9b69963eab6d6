"""Filters and orders of "mes dossiers": conditions over clear columns, and over names for whoever may read them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select

from casework.models.cells import Cell
from casework.models.content import Entry
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.dossier.entries import PARIS
from casework.services.drafts import ListFilters
from casework.services.keys.keychain import Keychain
from casework.services.reasons import choice
from casework.services.search.names import order
from casework.services.search.shelf import Shelf, visible
from casework.services.unit import Unit
from casework.services.views import Choice

ORDERS = ("date", "name", "activity", "number")
LEADS = ("me", "others", "none")


def narrowed(unit: Unit, keychain: Keychain, mine: Select[str], asked: ListFilters) -> Select[str]:
    """Those of my dossiers that pass the filters. A code that nobody knows lets nothing pass.

    Lead and next date are asked only of those whose line tells them.
    """
    query = visible(unit, keychain) if asked.lead or asked.overdue else mine
    if asked.status:
        query = query.where(Dossier.status == asked.status)
    if asked.programme:
        query = query.where(Dossier.programme == asked.programme)
    if asked.cell:
        query = query.where(Dossier.cell_id.in_(select(Cell.id).where(Cell.code == asked.cell)))
    if asked.lead:
        query = query.where(_led(unit, asked.lead), Compartment.kind == "identity")  # an extract does not tell
    if asked.overdue:
        query = query.where(Dossier.next_date < _today(unit), Compartment.kind == "identity")
    return query


def ordered(unit: Unit, keychain: Keychain, which: Select[str], asked: ListFilters) -> Sequence[str]:
    """Their ids, in the order asked for; an unknown one is by date. By name: identities are opened for this alone.

    Those of which I hold a part only come last, by number: an order must not tell what their line does not.
    """
    if asked.order == "name":
        return _by_name(Shelf(unit, keychain, which))
    newest = unit.session.scalars(select(Dossier.id).where(Dossier.id.in_(which)).order_by(Dossier.number.desc())).all()
    if asked.order == "number":
        return newest
    told = select(Dossier.id, Dossier.next_date).where(Dossier.id.in_(which), Dossier.id.in_(visible(unit, keychain)))
    dates: dict[str, date | None] = {row[0]: row[1] for row in unit.session.execute(told)}
    parts = [each for each in newest if each not in dates]
    whole = [each for each in newest if each in dates]
    if asked.order == "activity":
        active = active_at(unit, keychain, which)
        return [*sorted(whole, key=lambda each: active[each], reverse=True), *parts]
    return [*sorted(whole, key=lambda each: dates[each] or date.max), *parts]


def active_at(unit: Unit, keychain: Keychain, which: Select[str] | Sequence[str]) -> Mapping[str, datetime]:
    """When something last happened that I may read: a note in a compartment of mine, the opening, the closing, the saisine.

    Notes of others' compartments do not count: an order must not tell that they exist.
    """
    law = unit.charter.list_filter(
        "compartment.read", unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status,
        kind=Compartment.kind,
    )  # fmt: skip
    notes = (
        select(Dossier.id, func.max(Entry.written_at).label("written"))
        .join(Compartment, Compartment.dossier_id == Dossier.id)
        .join(Box, Box.compartment_id == Compartment.id)
        .join(Entry, Entry.compartment_id == Compartment.id)
        .where(keychain.live(), law, Dossier.id.in_(which))
        .group_by(Dossier.id)
    )
    written: dict[str, datetime] = {row[0]: row[1] for row in unit.session.execute(notes)}
    moments = select(Dossier.id, Dossier.received_at, Dossier.opened_at, Dossier.closed_at).where(Dossier.id.in_(which))
    return {
        row[0]: max(moment for moment in (*row[1:], written.get(row[0])) if moment is not None) for row in unit.session.execute(moments)
    }


def offers(unit: Unit, mine: Select[str]) -> Mapping[str, tuple[Choice, ...]]:
    """The values that occur among my dossiers, for each filter of a closed list, in the order of the policies."""
    query = select(Dossier.status, Dossier.programme, Cell.code, Cell.name).join(Cell, Cell.id == Dossier.cell_id)
    rows = unit.session.execute(query.where(Dossier.id.in_(mine)).distinct()).all()
    statuses, programmes = {row[0] for row in rows}, {row[1] for row in rows}
    words = unit.charter.vocabulary.statuses
    return {
        "status": tuple(choice(words, code) for code in words if code in statuses),
        "programme": tuple(Choice(code, each.label) for code, each in unit.charter.programmes.items() if code in programmes),
        "cell": tuple(Choice(code, name) for name, code in sorted({(row[3], row[2]) for row in rows})),
    }


def _led(unit: Unit, who: str) -> ColumnElement[bool]:
    if who == "none":
        return Dossier.lead_id.is_(None)
    mine = Dossier.lead_id == unit.actor.user_id
    return mine if who == "me" else Dossier.lead_id.is_not(None) & ~mine


def _by_name(shelf: Shelf) -> Sequence[str]:
    """By family name, then first name; those whose identity I may not read come last."""
    found = []
    for held in shelf:
        texts = shelf.identity(held)
        name = order(texts["first_name"], texts["last_name"]) if texts else ("", "")
        found.append((texts is None, name, held.dossier.number, held.dossier.id))
    return [each[-1] for each in sorted(found)]


def _today(unit: Unit) -> date:
    return unit.now.astimezone(PARIS).date()
