"""Somebody followed by the association, and a child followed by the town: what the tests of safety start from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework import services
from casework.services.membership.cells import NewCell
from casework.services.record.views import RecordRow
from tests.house import END, House, enrol
from tests.victims import called

ASSOCIATION = "Association Rive d’Orle"
NUMBER = "06 39 98 47 11"
PARIS = ZoneInfo("Europe/Paris")
SAFE = {
    "channel": "call", "value": NUMBER, "hours": "mon,tue,thu 09:00-11:30", "introduction": "Le pressing, pour une retouche",
    "code_word": "retouche bleue", "limits": "no_message no_letter", "must_not_answer": "Une voix d’homme", "interpreter": "Portugais",
    "address": "chez Mme Fictive\n3 rue du Four", "release_wish": "yes",
}  # fmt: skip


@dataclass
class Place:
    """A house, the number of the followed person's file and that of a child's."""

    house: House
    number: str
    child: str

    def monday(self, hour: int, minute: int = 0, *, day: int = 0) -> datetime:
        """A moment of the first whole week to come, in Paris time; day: 0 for its Monday."""
        today = self.house.clock.now().astimezone(PARIS).date()
        first = today + timedelta(days=7 - today.weekday())
        return datetime.combine(first + timedelta(days=day), time(hour, minute), tzinfo=PARIS).astimezone(UTC)

    def to(self, moment: datetime) -> None:
        """Move the clock there."""
        self.house.clock.move_to(moment)

    def safe(self, **changes: str) -> None:
        """Write the safe contact anew, by Viola of the service."""
        page = services.records.compose(self.house.viola, self.number, "safety")
        row = page.rows[0]
        services.records.write(self.house.viola, self.number, "safety", [RecordRow(row.id, row.version, {**SAFE, **changes})])


def founded(house: House) -> Place:
    """A cell kept by the association (Vera steward, Viola serves with her; Alice and Paula of the police are members), one person taken up
    with Viola's safe contact; and a child followed by the town, whom Alice leads."""
    services.accounts.add_institution(house.oscar, ASSOCIATION, "victim_association")
    for name in ("vera", "viola"):
        enrol(house, name, "victim_support", ASSOCIATION)
    cell = services.cells.found(
        house.oscar, NewCell("appui", "Cellule appui", "domestic_violence", "Valmorel-sur-Orle", ("vera",), "acte 8", END, "acte 8")
    )
    house.cells["appui"] = cell
    house.actors["vera"] = house.sign_in("vera")
    services.cells.take_charge(house.vera, cell)
    for name in ("viola", "paula", "alice"):
        services.cells.admit(house.vera, cell, name, "member", act="acte 9", until=END, charter_sheet="acte 9")
    house.actors["viola"] = house.sign_in("viola")
    services.service_rings.make(house.vera, cell, [house.viola.user_id])
    number = services.intake.send(house.vera, called(house, "appui", "Quibérac", NUMBER)).number
    services.lifecycle.take_up(house.vera, number, "alice", date(2026, 9, 1))
    place = Place(house, number, house.follow("Brindavoine"))
    place.safe()
    return place


@pytest.fixture(scope="module")
def place(house: House) -> Place:
    """One for the tests of a module, on each engine in turn."""
    return founded(house)
