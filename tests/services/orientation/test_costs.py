"""What a page asks the database does not grow with the services that answer, nor with the orientations of a dossier."""

from typing import Any

import pytest
from sqlalchemy import select

from casework import services
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut
from casework.services.directory.views import ServiceDraft
from casework.services.orientation.views import OrientationQuery
from casework.services.unit import writing
from tests.house import House
from tests.services.orientation.oriented import CLUB, DEPARTMENT, SERVICE, followed, town
from tests.web.costs import Meter


def test_a_team_is_looked_at_once_for_all_services_of_its_institution(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: each service is on the page, by the team."""
    place, meter = town(fresh_house), Meter(fresh_house, monkeypatch)
    house, number = fresh_house, followed(fresh_house, "Orientée-Compte")

    def asked() -> tuple[int, int]:
        with meter.measure() as cost:
            offer = services.offering.prepare(house.alice, number, OrientationQuery("housing"))
        return sum(each.code.startswith(f"ring:{place.ring}:") for each in offer.services), cost.statements

    asked()  # what is kept after the first time
    one, before = asked()
    for count in range(5):
        services.upkeep.add(house.stella, ServiceDraft(f"Logement {count}", DEPARTMENT, needs=("housing",), phone="02 61 91 00 05"))
    many, after = asked()
    assert (one, many) == (1, 6), "control"
    assert after == before


def test_names_of_a_dossiers_orientations_are_looked_up_together(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """To people, to a team and by a link. Control: each is named."""
    place, meter = town(fresh_house), Meter(fresh_house, monkeypatch)
    house, number = fresh_house, followed(fresh_house, "Orientée-Noms")

    def opened() -> tuple[set[str], int]:
        with meter.measure() as cost:
            view = house.open(house.alice, number)
        return {each.to for each in view.orientations}, cost.statements

    def pass_on(**to: str) -> None:
        with writing(house.alice, "share.give") as unit:
            dossier = unit.session.scalars(select(Dossier).where(Dossier.number == number)).one()
            row: dict[str, Any] = {"need": "housing", "status": "proposed", "author_id": house.alice.user_id, "created_at": unit.now}
            unit.session.add(ReferralOut(id=new_id(), version=1, dossier_id=dossier.id, **row, **to))

    pass_on(channel="person", holder_id=house.charlie.user_id)
    pass_on(channel="ring", service_id=place.service)
    opened()
    few, before = opened()
    pass_on(channel="person", holder_id=house.celia.user_id)
    pass_on(channel="link", service_id=place.club)
    many, after = opened()
    assert (few, many - few) == ({"Charlie", SERVICE}, {"Celia", CLUB}), "control"
    assert after == before
