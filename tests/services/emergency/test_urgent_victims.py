"""Accès urgent in domestic violence: the association's own duty, and the safe contact."""

from datetime import date

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.membership.cells import NewCell
from tests.house import END, House, enrol
from tests.urgently import asked, enter, named, on_call
from tests.victims import called

ASSOCIATION = "Association Rive d’Orle"
SAFE = "06 39 98 47 11"


@pytest.fixture
def victims(fresh_house: House) -> tuple[House, str]:
    """A cell kept by the association: Vera steward, Viola member, one service; Paula of the police sits in it. One saisine."""
    house = fresh_house
    services.accounts.add_institution(house.oscar, ASSOCIATION, "victim_association")
    for name in ("vera", "viola"):
        enrol(house, name, "victim_support", ASSOCIATION)
    cell = services.cells.found(
        house.oscar, NewCell("appui", "Cellule appui", "domestic_violence", "Valmorel-sur-Orle", ("vera",), "acte 8", END, "acte 8")
    )
    house.cells["appui"] = cell
    house.actors["vera"] = house.sign_in("vera")
    services.cells.take_charge(house.vera, cell)
    for name in ("viola", "paula"):
        services.cells.admit(house.vera, cell, name, "member", act="acte 9", until=END, charter_sheet="acte 9")
    house.actors["viola"] = house.sign_in("viola")
    services.service_rings.make(house.vera, cell, [house.viola.user_id])
    return house, services.intake.send(house.vera, called(house, "appui", "Quibérac", SAFE)).number


def test_the_associations_duty_reads_the_safe_contact(victims: tuple[House, str]) -> None:
    """Composed after the saisine: whoever serves seals `safety` too."""
    house, number = victims
    on_call(house, "viola", cell="appui", steward="vera")
    view = services.urgent.read(house.viola, enter(house.viola, number))
    assert [section.kind for section in view.sections] == ["identity", "confidential", "safety"]
    assert SAFE in str(view.sections)
    assert SAFE not in str(view.timeline)


def test_the_towns_duty_reads_nothing_of_it(victims: tuple[House, str]) -> None:
    """Neither the duty of another cell, nor the police who sit in this one."""
    house, number = victims
    on_call(house, "bob")
    for request in (asked(number), named("Quibérac", first_name="Armande", birth_date=date(1990, 4, 5))):
        with pytest.raises(NotFound):
            services.urgent.open(house.bob, request)
    with pytest.raises(InvalidInput):
        on_call(house, "paula", cell="appui", steward="vera")
    assert [each.name for each in services.duty.page(house.vera, house.cells["appui"]).candidates] == ["Vera", "Viola"]
    on_call(house, "viola", cell="appui", steward="vera")
    by_name = named("Quibérac", first_name="Armande", birth_date=date(1990, 4, 5))
    assert services.urgent.open(house.viola, by_name), "control"
