"""Who is proposed for a meeting beside those whom its items name: landlords, and whom the programme calls; shown with the reason."""

import re
from datetime import timedelta

import pytest

from casework import services
from casework.services.meeting.drafts import MeetingDraft, UrgentDraft
from casework.services.meeting.views import Invitee
from tests.house import END, House, enrol
from tests.services.meeting import preparation as prep
from tests.web.test_real import enter

LANDLORD, PROGRAMME = "Bailleur concerné", "D’après le programme"


@pytest.fixture(scope="module")
def town(house: House) -> House:
    """The house with a landlord in the cell."""
    services.accounts.add_institution(house.oscar, "Orle Habitat", "landlord")
    enrol(house, "lena", "landlord", "Orle Habitat")
    services.cells.admit(house.stella, house.cells["nord"], "lena", "member", act="acte 6", until=END, charter_sheet="acte 6")
    house.actors["lena"] = house.sign_in("lena")
    return house


def asked(house: House, made: str) -> dict[str, tuple[str, Invitee]]:
    """Name -> their block and how they stand in it."""
    shown = services.convening.invitations(house.stella, made)
    return {each.name: (block.code, each) for block in shown.blocks for each in block.people}


def test_a_landlord_is_proposed_where_their_house_has_to_do_with_an_item(town: House) -> None:
    """Their saisine is on the agenda. Not for another dossier (control); they may be told nothing of either, and the page says so."""
    mine, other = town.refer(town.lena, "Quibérac-Palier"), town.follow("Quibérac-Autre")
    for number, code, why in ((mine, "proposed", LANDLORD), (other, "landlord", "")):
        block, lena = asked(town, prep.meeting(town, number))["Lena"]
        assert (block, lena.why, lena.reads) == (code, why, False)


def test_where_a_place_is_spoken_of_landlords_are_proposed(town: House) -> None:
    """A *veille territoriale*: no person on it. Control: an ordinary meeting without an item proposes none."""
    assert asked(town, prep.meeting(town, kind="watch"))["Lena"][1].why == LANDLORD
    assert asked(town, prep.meeting(town))["Lena"][1].why == ""


def test_whom_the_programme_calls_is_a_block_to_tick_in_one_go(town: House) -> None:
    """With the reason, unticked beforehand; whom an item names stays with it. One act ticks the block, the next convenes it."""
    made = prep.meeting(town, town.follow("Quibérac-Métier", lead="alice"))
    found = asked(town, made)
    assert (found["Alice"][0], found["Bob"][0]) == ("proposed", "programme")
    made = prep.meeting(town)
    found = asked(town, made)
    assert {name for name, (block, _) in found.items() if block == "programme"} == {"Alice", "Bob"}, "not the police: control"
    assert PROGRAMME in [str(each.label) for each in services.convening.invitations(town.stella, made).blocks]
    stella, page = enter(town, "stella"), f"/reunions/{made}/convoques"
    assert not re.findall(r'name="people" value="\w+" checked(?! disabled)', stella.get(page).text)
    ticked = re.findall(r'name="people" value="(\w+)" checked(?! disabled)', stella.post(page, {"bloc": "programme"}).text)
    assert sorted(ticked) == sorted(prep.ids(town, "alice", "bob"))
    assert stella.post(page, {"people": ticked}).status_code == 303
    assert {each.name for each in prep.agenda(town.stella, made).seats} == {"Alice", "Bob", "Stella"}


def test_an_urgent_call_convenes_nobody_by_trade(town: House) -> None:
    """There everybody whom the item names is convened in one act; the programme's block is for a steward to tick. Control: above."""
    number = town.follow("Quibérac-Appel", lead="hugo")
    starts = town.clock.now() + timedelta(hours=2)
    draft = MeetingDraft(town.cells["nord"], "urgent", starts, "Mairie", caller="mayor", reason="danger")
    made, _ = services.calling_up.call(town.stella, UrgentDraft(draft, (number,), ()))
    assert {each.name for each in prep.agenda(town.stella, made).seats} == {"Hugo", "Stella"}
