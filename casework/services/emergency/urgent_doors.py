"""Which dossiers a duty keeps, and who is asked for by an exact name: looked at inside an accès urgent only."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from casework.charter import Situation
from casework.models.cells import Cell
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.access import Held
from casework.services.keys.certificates import DUTY_RING, current_epoch
from casework.services.keys.keychain import DUTY, Keychain
from casework.services.search import names
from casework.services.search.shelf import Shelf
from casework.services.unit import Unit


def duty_cells(unit: Unit) -> list[Cell]:
    """The cells where I am on call now: my membership of the newest duty ring opens. Raises TamperedError for a forged one."""
    keychain, found = Keychain(unit), []
    for cell in unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name)):
        epoch = current_epoch(unit.session, DUTY_RING, cell.id)
        if epoch is not None and epoch.id in keychain.holders:
            keychain.ring_secret(epoch.id)
            found.append(cell)
    return found


def duty_situations(unit: Unit, cells: Iterable[Cell]) -> Iterator[Situation]:
    """My position on call in these cells, before any dossier is named."""
    for cell in cells:
        yield unit.situation(DUTY, cell.programme, "open")


def dossiers_named(unit: Unit, first_name: str, last_name: str, birth_date: date) -> list[str]:
    """Numbers of the dossiers my duty keeps whose person has exactly this name and birth date; accents and case do not count.

    Only duty boxes are looked at, and only those of dossiers an accès urgent may enter.
    """
    keychain, asked = Keychain(unit), names.order(first_name, last_name)
    shelf = Shelf(unit, keychain, _kept(unit, keychain))
    found = []
    for held in shelf:
        verdict = unit.check(unit.action, held.situations(titles=held.titles & {DUTY}))
        person = shelf.identity(held) if verdict.permitted else None
        if person is None or person["birth_date"] != birth_date.isoformat():
            continue
        if names.order(person["first_name"], person["last_name"]) == asked:
            found.append(held.dossier.number)
    return found


def _kept(unit: Unit, keychain: Keychain) -> list[str]:
    query = (
        select(Dossier.id)
        .join(Compartment, (Compartment.dossier_id == Dossier.id) & (Compartment.kind == "identity"))
        .join(Box, Box.compartment_id == Compartment.id)
        .where(keychain.live(), Box.title == DUTY, Dossier.cell_id.in_(unit.facts.cells))
    )
    return list(unit.session.scalars(query.distinct()))


def shown(held: Held) -> dict[str, tuple[Compartment, Box]]:
    """The compartments of a dossier that my duty opens, by id, each with the duty box that opens it. Other titles do not count here."""
    found: dict[str, tuple[Compartment, Box]] = {}
    for compartment in held.compartments:
        for box in held.boxes.get(compartment.id, ()):
            asked = held.situations(compartment.kind, frozenset({DUTY}))
            if box.title == DUTY and held.unit.check("compartment.read", asked).permitted:
                found[compartment.id] = (compartment, box)
    return found
