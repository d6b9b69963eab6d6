"""A saisine in domestic violence, which is a call: no phone among the contacts, a safe contact that the service alone keeps."""

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
from casework.services.support.drafts import CallDraft
from tests.house import END, House, enrol
from tests.victims import called

SAFE = "06 39 98 00 17, le mardi matin, elle décroche seule"


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


def saisine(house: House, **changes: str) -> CallDraft:
    """A call about an invented woman: the only way to that cell."""
    return called(house, "vif", "Quibérac", SAFE, **{"first_name": "Hermeline", **changes})


def safety(house: House, who: str, number: str) -> list[str] | None:
    """How to reach her, as they read it in the safe contact; None when they read none."""
    try:
        sections = house.open(house.actors[who], number).sections
    except NotFound:
        return None
    read = next((each for each in sections if each.kind == "safety" and each.readable), None)
    return None if read is None else [field.value for field in read.fields if field.label == "Numéro ou adresse de contact"]


def test_the_safe_contact_is_kept_by_the_service_alone(victims: House) -> None:
    house = victims
    team(house)
    assert services.intake.prepare(house.igor).keeps_contact
    number = services.intake.send(house.igor, saisine(house)).number
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
    assert not services.intake.prepare(house.igor).keeps_contact
    number = services.intake.send(house.igor, saisine(house)).number
    with house.instance.database.reading() as session:
        dossier = session.scalars(select(Dossier).where(Dossier.number == number)).one()
        kinds = set(session.scalars(select(Compartment.kind).where(Compartment.dossier_id == dossier.id)))
    assert kinds == {"identity", "confidential"}
    assert not services.referrals.prepare(house.igor).cells, "nor on the other form"


def test_each_programme_has_lists_of_its_own(victims: House) -> None:
    house = victims
    north, here = services.referrals.prepare(house.alice, house.cells["nord"]), services.intake.prepare(house.alice)
    assert here.cell is not None
    assert here.cell.code == house.cells["vif"]
    assert "absenteeism" in {each.code for each in north.motives}
    assert "absenteeism" not in {each.code for each in here.motives}
    with pytest.raises(InvalidInput) as refused:
        services.intake.send(house.alice, replace(saisine(house), motives=("absenteeism",)))
    assert set(refused.value.problems) == {"motives"}


def test_an_ordinary_saisine_does_not_reach_a_cell_that_takes_calls(victims: House) -> None:
    """Of two cells the form offers the other one only, and never falls back on it when theirs was named; forged, it is no cell at all.

    Control: the same form, for the town's cell, is taken.
    """
    house = victims
    lists, named = services.referrals.prepare(house.alice), services.referrals.prepare(house.alice, house.cells["vif"])
    assert lists.cell is not None
    assert [each.code for each in lists.cells] == [house.cells["nord"]]
    assert [each.code for each in lists.calls] == [house.cells["vif"]]
    assert (named.cell, named.calls) == (None, lists.calls)
    child = ChildDraft("Théodule", "Quibérac-Ado", "m", date(2012, 4, 5), "Valmorel-sur-Orle")
    told = ReferralDraft(
        house.cells["nord"], (child,), "school", ("absenteeism",), "Il l’a frappée devant la gare.", False, new_submission()
    )  # fmt: skip
    before = numbers(house)
    for sender in (house.vera, house.igor, house.alice):
        with pytest.raises(NotFound):
            services.referrals.send(sender, replace(told, cell=house.cells["vif"], origin="person", motives=("partner_violence",)))
    assert numbers(house) == before
    assert services.referrals.send(house.alice, told).number, "control"


def numbers(house: House) -> set[str]:
    """Of every dossier there is."""
    with house.instance.database.reading() as session:
        return set(session.scalars(select(Dossier.number)))


def test_whoever_is_in_victims_cells_alone_is_told_where_to_note(victims: House) -> None:
    """The form has nothing to choose, and no wall of its own: the door is open, it leads to the call."""
    lists = services.referrals.prepare(victims.wanda)
    assert (lists.cells, lists.cell) == ((), None)
    assert [each.code for each in lists.calls] == [victims.cells["vif"]]
    with pytest.raises(NotFound):
        services.referrals.prepare(victims.oscar)
