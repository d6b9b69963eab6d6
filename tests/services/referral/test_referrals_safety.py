"""A saisine in domestic violence: no phone among the contacts, a safe contact that the service alone keeps."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.dossier.entries import new_submission
from casework.services.drafts import ChildDraft, ExaminationDraft, ReferralDraft
from casework.services.membership.cells import NewCell
from tests.house import END, House, enrol

SAFE = "06 39 98 00 17, le mardi matin, elle décroche seule"
WOMAN = ChildDraft("Hermeline", "Quibérac", "f", date(1988, 4, 5), "Valmorel-sur-Orle", SAFE)


@pytest.fixture
def victims(fresh_house: House) -> House:
    """A house with a cell of its own for domestic violence, kept by Vera of the association; Alice and Wanda are members."""
    house = fresh_house
    services.accounts.add_institution(house.oscar, "Rive d’Orle", "association")
    for name, profession, institution in (
        ("vera", "victim_support", "Rive d’Orle"),
        ("wanda", "victim_support", "Rive d’Orle"),
        ("igor", "iscg", "Département de l’Orle"),
    ):
        enrol(house, name, profession, institution)
    new = NewCell("vif", "Cellule violences", "domestic_violence", "Valmorel-sur-Orle", ("vera",), "acte 9", END, charter_sheet="feuille 9")
    house.cells["vif"] = services.cells.found(house.oscar, new)
    house.actors["vera"] = house.sign_in("vera")
    services.cells.take_charge(house.vera, house.cells["vif"])
    for name in ("wanda", "igor", "alice"):
        services.cells.admit(
            house.vera, house.cells["vif"], name, "member", act="acte 9", until=END, charter_sheet="" if name == "alice" else "feuille 9"
        )
    for name in ("wanda", "igor"):
        house.actors[name] = house.sign_in(name)
    return house


def team(house: House) -> None:
    """The association's service: Vera and Wanda."""
    services.service_rings.make(house.vera, house.cells["vif"], [house.wanda.user_id])


def saisine(house: House, person: ChildDraft = WOMAN) -> ReferralDraft:
    programme = house.instance.charter.programmes["domestic_violence"]
    return ReferralDraft(
        house.cells["vif"], (person,), next(iter(programme.origins)), (next(iter(programme.motives)),), "Demande un appui.", True,
        new_submission(),
    )  # fmt: skip


def safety(house: House, who: str, number: str) -> list[str] | None:
    """The values they read of the safe contact; None when they read none."""
    try:
        sections = house.open(house.actors[who], number).sections
    except NotFound:
        return None
    return next(([field.value for field in each.fields] for each in sections if each.kind == "safety" and each.readable), None)


def test_the_safe_contact_is_kept_by_the_service_alone(victims: House) -> None:
    house = victims
    team(house)
    assert services.referrals.prepare(house.igor, house.cells["vif"]).contact == "safety"
    number = services.referrals.send(house.igor, saisine(house)).number
    assert safety(house, "igor", number) == [SAFE], "for fifteen minutes"
    assert safety(house, "wanda", number) == [SAFE]
    with house.instance.database.reading() as session:
        dossier = session.scalars(select(Dossier).where(Dossier.number == number)).one()
        kinds = set(session.scalars(select(Compartment.kind).where(Compartment.dossier_id == dossier.id)))
        query = select(Box.title).join(Compartment, Compartment.id == Box.compartment_id)
        titles = set(session.scalars(query.where(Compartment.dossier_id == dossier.id, Compartment.kind == "safety")))
    assert dossier.service_ring_id is not None
    assert "contact" not in kinds
    assert titles == {"service", "author"}
    services.examination.decide(house.vera, number, ExaminationDraft("retained", "vera", house.clock.now().date() + timedelta(days=30)))
    assert safety(house, "wanda", number) == [SAFE]
    assert safety(house, "igor", number) is None
    with house.instance.database.reading() as session:
        kinds = set(session.scalars(select(Compartment.kind).join(Dossier).where(Dossier.number == number)))
    assert "contact" not in kinds


def test_without_a_service_nobody_would_keep_it_and_it_is_not_taken(victims: House) -> None:
    house = victims
    assert services.referrals.prepare(house.igor, house.cells["vif"]).contact == ""
    with pytest.raises(InvalidInput) as refused:
        services.referrals.send(house.igor, saisine(house))
    assert set(refused.value.problems) == {"children-0-contact"}
    assert services.referrals.send(house.igor, saisine(house, replace(WOMAN, contact=""))).numbers


def test_each_programme_has_lists_of_its_own(victims: House) -> None:
    house = victims
    lists = services.referrals.prepare(house.alice)
    assert lists.cell is None
    assert {each.code for each in lists.cells} == {house.cells["nord"], house.cells["vif"]}
    north, here = (services.referrals.prepare(house.alice, house.cells[code]) for code in ("nord", "vif"))
    assert "absenteeism" in {each.code for each in north.motives}
    assert "absenteeism" not in {each.code for each in here.motives}
    with pytest.raises(InvalidInput) as refused:
        services.referrals.send(house.alice, replace(saisine(house, replace(WOMAN, contact="")), motives=("absenteeism",)))
    assert set(refused.value.problems) == {"motives"}
