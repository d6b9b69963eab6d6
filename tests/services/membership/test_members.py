"""Who comes into a cell, as what, until when, and what ends when somebody leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import CaseworkError, InvalidInput, NotFound, SessionEnded
from casework.models.attention import Alert
from casework.models.cells import Habilitation, RingMember
from casework.models.dossiers import Box
from casework.services.access import find
from casework.services.attention.alerts import LEAD_LEFT
from casework.services.keys.compartments import standing_grants
from casework.services.membership.cells import NewCell, roles_for
from casework.services.offices.accounts import OFFICES
from casework.services.unit import reading
from tests.house import END, House, enrol

TOWN = "Ville de Valmorel-sur-Orle"


def rows(house: House, model: type, *where: object) -> list[object]:
    """Rows as they lie in the database."""
    with house.instance.database.reading() as session:
        return list(session.scalars(select(model).where(*where)))  # type: ignore[arg-type]  # conditions over its own columns


def test_a_role_goes_with_a_profession(house: House) -> None:
    """By the charter's own word on who takes charge of a cell; an office sits nowhere."""
    law = house.instance.charter
    assert "steward" in roles_for(law, "coordinator", "fragility")
    assert roles_for(law, "elected", "fragility") == ("elected",)
    assert roles_for(law, "elected", "domestic_violence") == ()
    assert "steward" in roles_for(law, "victim_support", "domestic_violence")
    assert "steward" not in roles_for(law, "coordinator", "domestic_violence")
    assert roles_for(law, "secretary", "fragility") == ("secretary",)
    assert all(roles_for(law, office, programme) == () for office in OFFICES for programme in law.programmes)
    assert all("member" in roles_for(law, each, "fragility") for each in ("social_worker", "school_head", "municipal_police"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "elected"}, "role"),
        ({"role": "office"}, "role"),
        ({"act": ""}, "act"),
        ({"days": 400}, "until"),
        ({"days": -1}, "until"),
        ({"sheet": "x" * 81}, "charter_sheet"),
    ],
)
def test_an_admission_that_cannot_be(house: House, changes: dict[str, object], field: str) -> None:
    """It is said at its field."""
    given = {"role": "member", "act": "acte 9", "days": 20} | changes
    until = house.clock.now() + timedelta(days=int(str(given["days"])))
    with pytest.raises(InvalidInput) as refused:
        services.cells.admit(
            house.sam,
            house.cells["sud"],
            "bob",
            str(given["role"]),
            act=str(given["act"]),
            until=until,
            charter_sheet=str(given.get("sheet", "")),
        )
    assert set(refused.value.problems) == {field}


def test_nobody_is_two_things_in_one_cell(house: House) -> None:
    """Nor the same thing twice; a longer term is a renewal, and the ring has them once."""
    with pytest.raises(InvalidInput):
        services.cells.admit(house.stella, house.cells["nord"], "alice", "member", act="acte 9", until=END)
    later = END + timedelta(days=5)
    services.cells.admit(house.stella, house.cells["nord"], "elsa", "elected", act="acte 9", until=later)
    members = rows(house, RingMember, RingMember.holder_id == house.elsa.user_id)
    assert [each.until for each in members] == [later] * 2, "once in each: the elected, the cell"  # type: ignore[attr-defined]  # a ring member


def test_without_a_sheet_the_person_signs_on_screen(house: House) -> None:
    """Signing in works, everything else is refused until then; the signature is the person's own, once."""
    enrol(house, "wanda", "social_worker", TOWN)
    services.cells.admit(house.stella, house.cells["nord"], "wanda", "member", act="acte 9", until=END)
    wanda = house.sign_in("wanda")
    assert not services.profile.of(wanda).signed
    with pytest.raises(SessionEnded):
        services.referrals.prepare(wanda)
    with pytest.raises(InvalidInput):
        services.signatures.sign(wanda, read=False)
    for _ in range(2):
        services.signatures.sign(wanda, read=True)
    assert services.profile.of(wanda).signed
    assert services.referrals.prepare(wanda).cells
    assert services.signatures.page(wanda).signed_at


def test_a_departure_takes_everything_but_ones_own_notes(lone_house: House) -> None:
    """Control: before it she reads. Afterwards no box, no ring, no way in; her N3 keeps its box; the steward is told of her dossier."""
    house = lone_house
    number = house.follow("Quibérac-Départ")
    house.note(house.alice, number, "Pour moi.", compartment="sealed")
    assert house.open(house.alice, number).person
    assert "lead" in standing(house, number)
    services.departures.end(house.stella, house.cells["nord"], house.alice.user_id)
    assert "lead" not in standing(house, number)
    left = rows(house, Box, Box.holder_id == house.alice.user_id)
    assert {each.title for each in left} == {"author"}  # type: ignore[attr-defined]  # a box
    assert rows(house, Habilitation, Habilitation.user_id == house.alice.user_id)[0].version == 2  # type: ignore[attr-defined]  # an habilitation
    with pytest.raises((NotFound, SessionEnded)):
        house.open(house.alice, number)
    assert services.cell_rosters.page(house.stella, house.cells["nord"]).without_lead == (number,)
    with pytest.raises(NotFound):
        services.departures.end(house.stella, house.cells["nord"], house.alice.user_id)


def standing(house: House, number: str) -> set[str]:
    """By which titles somebody would hold the dossier's next key."""
    with reading(house.stella, "dossier.open") as unit:
        return {grant.title for grant in standing_grants(unit, find(unit, number).dossier, "decisions")}


def test_an_elected_member_who_leaves_is_in_no_ring(lone_house: House) -> None:
    """Control: she was."""
    house = lone_house
    assert rows(house, RingMember, RingMember.holder_id == house.elsa.user_id)
    services.departures.end(house.stella, house.cells["nord"], house.elsa.user_id)
    assert rows(house, RingMember, RingMember.holder_id == house.elsa.user_id) == []


def test_another_steward_is_told_and_the_last_one_stays(lone_house: House) -> None:
    """A cell without anybody who keeps it would lose its keys."""
    house = lone_house
    number = house.follow("Quibérac-Relève")
    nord = house.cells["nord"]
    with pytest.raises(InvalidInput):
        services.departures.end(house.stella, nord, house.stella.user_id)
    services.cells.admit(house.stella, nord, "sam", "steward", act="acte 9", until=END)
    services.departures.end(house.stella, nord, house.alice.user_id)
    told = rows(house, Alert, Alert.kind == LEAD_LEFT)
    assert [(each.recipient_id, each.number) for each in told] == [(house.sam.user_id, number)]  # type: ignore[attr-defined]  # an alert
    services.departures.end(house.sam, nord, house.stella.user_id)
    with pytest.raises(CaseworkError):
        house.open(house.stella, number)
    assert house.open(house.sam, number).person


def test_only_those_who_keep_a_cell_see_it(house: House) -> None:
    """Its members, terms and groups. The steward of another cell, a member and an officer do not."""
    page = services.cell_rosters.page(house.sam, house.cells["sud"])
    assert {"Sam", "Charlie"} <= {each.name for each in page.members}
    assert [each.kind.code for each in page.rings] == ["stewards", "cell"]
    assert {"member.admit", "member.end", "ring.elected"} <= page.may
    for other in (house.stella, house.charlie, house.oscar, house.dora):
        with pytest.raises(NotFound):
            services.cell_rosters.page(other, house.cells["sud"])
        with pytest.raises(NotFound):
            services.cell_rosters.admission(other, house.cells["sud"])
        with pytest.raises(NotFound):
            services.departures.end(other, house.cells["sud"], house.charlie.user_id)


def test_terms_that_end_soon_are_flagged(house: House) -> None:
    """Within 30 days; and candidates are certified people outside the offices."""
    soon = house.clock.now() + timedelta(days=20)
    services.cells.admit(house.sam, house.cells["sud"], "hugo", "member", act="acte 9", until=soon)
    lines = {each.name: each for each in services.cell_rosters.page(house.sam, house.cells["sud"]).members}
    assert (lines["Hugo"].soon, lines["Charlie"].soon) == (True, False)
    offered = {each.username for each in services.cell_rosters.admission(house.sam, house.cells["sud"]).candidates}
    assert {"alice", "hugo"} <= offered
    assert offered.isdisjoint({"oscar", "ada", "dora"})


def test_a_cell_is_founded_for_those_the_charter_lets_keep_it(house: House) -> None:
    """An auditor, an unknown name, a taken code, nobody."""
    good = NewCell("est", "Cellule est", "fragility", "Valmorel-sur-Orle", ("stella",), "acte 9", END)
    for changes, field in (
        ({"stewards": ("ada",)}, "stewards"),
        ({"stewards": ("inconnue",)}, "stewards"),
        ({"stewards": ()}, "stewards"),
        ({"code": "nord"}, "code"),
        ({"code": "É t"}, "code"),
        ({"programme": "king"}, "programme"),
        ({"until": house.clock.now() + timedelta(days=400)}, "until"),
    ):
        with pytest.raises(InvalidInput) as refused:
            services.cells.found(house.oscar, NewCell(**({name: getattr(good, name) for name in good.__slots__} | changes)))
        assert set(refused.value.problems) == {field}
    found = services.cells.found(house.oscar, good)
    waiting = services.cell_rosters.page(house.stella, found)
    assert waiting.may == {"cell.take_charge"}
    services.cells.take_charge(house.stella, found)
    assert "member.admit" in services.cell_rosters.page(house.stella, found).may
