"""The victims' cell in tests: kept by the association, whose service holds what protects a person."""

import secrets
from datetime import date

from casework import services
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.membership.cells import NewCell
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
    cell = house.cells["appui"]
    lists = services.referrals.prepare(house.vera, cell)
    child = ChildDraft("Armande", last_name, "f", date(1990, 4, 5), "Valmorel-sur-Orle", contact=SAFE)
    draft = ReferralDraft(
        cell=cell, children=(child,), origin=lists.origins[0].code, motives=(lists.motives[0].code,), facts="Demande d’aide au local.",
        informed=True, submission=secrets.token_hex(16),
    )  # fmt: skip
    number = services.referrals.send(house.vera, draft).number
    services.lifecycle.take_up(house.vera, number, lead, date(2026, 9, 1))
    return number
