"""The victims' cell in tests: kept by the association, whose service holds what protects a person."""

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from casework import services
from casework.services.membership.cells import NewCell
from casework.services.support.drafts import CallDraft
from tests.house import END, House, enrol

ASSOCIATION = "Association Rive d’Orle"
SAFE = "06 39 98 47 11"


def found_cell(house: House) -> str:
    """Vera keeps it, Viola is her colleague and in her service's team; both are of the association. Returns its id."""
    services.accounts.add_institution(house.oscar, ASSOCIATION, "victim_association")
    for name in ("vera", "viola"):
        enrol(house, name, "victim_support", ASSOCIATION)
    cell = services.cells.found(
        house.oscar, NewCell("appui", "Cellule appui", "domestic_violence", "Valmorel-sur-Orle", ("vera",), "acte 8", END, "acte 8")
    )
    house.cells["appui"] = cell
    house.actors["vera"] = house.sign_in("vera")
    services.cells.take_charge(house.vera, cell)
    services.cells.admit(house.vera, cell, "viola", "member", act="acte 9", until=END, charter_sheet="acte 9")
    house.actors["viola"] = house.sign_in("viola")
    services.service_rings.make(house.vera, cell, [house.viola.user_id])
    return cell


def follow(house: House, last_name: str, *, lead: str = "viola") -> str:
    """A saisine of the association about a woman, taken up, with a lead."""
    number = services.intake.send(house.vera, called(house, "appui", last_name, SAFE)).number
    services.lifecycle.take_up(house.vera, number, lead, date(2026, 9, 1))
    return number


def called(house: House, cell: str, last_name: str, value: str, **changes: Any) -> CallDraft:
    """A call about an invented woman who agreed: the least that a cell of theirs takes. value: how to reach her."""
    typed = CallDraft(
        cell=house.cells[cell], agreement="given", submission=secrets.token_hex(16), origin="person", motives=("partner_violence",),
        channel="call", value=value, last_name=last_name, first_name="Armande", birth_date="05/04/1990", sex="f",
        commune="Valmorel-sur-Orle", needs=("rights",),
    )  # fmt: skip
    return replace(typed, **changes)
