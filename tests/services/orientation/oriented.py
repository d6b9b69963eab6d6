"""An orientation for tests: a service of the south cell that receives, a dossier of the north, the shortest way to each verb."""

import secrets
from dataclasses import dataclass
from typing import Any

from casework import services
from casework.services.actor import Actor
from casework.services.directory.views import ServiceDraft
from casework.services.orientation.views import OrientationDraft, OrientationQuery
from tests.house import END, House, enrol

CHOSEN = "Rendez-vous tenu le 3 mars ; prochain passage attendu mardi."
KEPT = "Brouvelas n’est pas pour eux."
INTRO = "Elle attend votre appel mardi matin."
DEPARTMENT = "Département de l’Orle"
SERVICE = "Accompagnement vers le logement"
CLUB = "Club de la Rive"


@dataclass
class Town:
    """A house whose south cell has a service ring: Charlie and Celia, of the Département. Nobody of it is in the north cell."""

    house: House
    ring: str
    service: str
    club: str

    @property
    def to(self) -> str:
        """The code of the service, by its ring."""
        return f"ring:{self.ring}:{self.service}"


def town(house: House) -> Town:
    """Make the service, once for each house."""
    if "celia" not in house.actors:
        enrol(house, "celia", "social_worker", DEPARTMENT)
        services.cells.admit(house.sam, house.cells["sud"], "celia", "member", act="acte 9", until=END, charter_sheet="acte 9")
        house.actors["celia"] = house.sign_in("celia")
        house.numbers["ring"] = services.service_rings.make(house.charlie, house.cells["sud"], [house.celia.user_id])
        house.numbers["service"] = services.upkeep.add(
            house.stella, ServiceDraft(SERVICE, DEPARTMENT, needs=("housing",), phone="02 61 91 00 03")
        )
        house.numbers["club"] = services.upkeep.add(house.stella, ServiceDraft(CLUB, CLUB, needs=("housing",), phone="02 61 91 00 04"))
    return Town(house, house.numbers["ring"], house.numbers["service"], house.numbers["club"])


def followed(house: House, last_name: str) -> str:
    """A dossier that Alice leads, with a note to choose and one to keep."""
    number = house.follow(last_name)
    house.note(house.alice, number, CHOSEN, compartment="confidential")
    house.note(house.alice, number, KEPT, compartment="confidential")
    return number


def draft(place: Town, number: str, *, who: Actor | None = None, texts: tuple[str, ...] = (CHOSEN,), **given: Any) -> OrientationDraft:
    """What the form sends: these pieces, to the service of the south cell, agreement given."""
    offer = services.offering.prepare(who or place.house.alice, number, OrientationQuery("housing"))
    pieces = tuple(each.id for each in offer.pieces if each.text in texts)
    typed = {"need": "housing", "to": place.to, "intro": INTRO, "agreement": "given", "unasked": "", "submission": secrets.token_hex(16)}
    return OrientationDraft(**{**typed, "pieces": pieces, **given})


def sent(place: Town, number: str, **given: Any) -> str:
    """Send an orientation as Alice; returns its id."""
    return services.sending.send(place.house.alice, number, draft(place, number, **given))


def states(place: Town, referral: str) -> list[str]:
    """The steps, as Alice sees them."""
    return [each.step.code for each in services.following.read(place.house.alice, referral).steps]
