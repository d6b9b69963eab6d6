"""My dossiers, opening one, and who may: Alice leads, Bob sits in the cell, Charlie must be refused."""

from datetime import timedelta

import pytest

from casework import services
from casework.errors import NotFound
from casework.services import Actor
from casework.services.views import DossierView
from tests.house import House


def sections(view: DossierView) -> dict[str, bool]:
    return {each.kind: each.readable for each in view.sections}


def numbers(house: House, who: Actor) -> list[str]:
    """What is on somebody's list; offices have none, and are refused one."""
    try:
        return [line.number for line in services.dossiers.list_mine(who).lines]
    except NotFound:
        assert who in (house.ada, house.dora, house.oscar)
        return []


def test_the_lead_reads_what_a_lead_reads(house: House) -> None:
    number = house.follow("Quibérac-Lead")
    view = house.open(house.alice, number)
    assert view.person == "Théodule Quibérac-Lead"
    assert view.lead == "Alice"
    assert sections(view) == {"identity": True, "contact": True, "decisions": True, "confidential": True, "school": True}
    assert view.reason.says.startswith("Vous êtes la référente")


def test_a_member_without_a_box_and_a_stranger_get_what_an_unknown_number_gets(house: House) -> None:
    number = house.follow("Quibérac-Stranger")
    for who in (house.bob, house.charlie, house.ada, house.oscar, house.dora, house.paula):
        for asked in (number, "2026-9999"):
            with pytest.raises(NotFound) as refused:
                house.open(who, asked)
            assert str(refused.value) == "dossier.open"
        assert number not in numbers(house, who)


def test_the_sender_re_reads_for_fifteen_minutes_and_then_sees_the_state_only(house: House) -> None:
    number = house.refer(house.hugo, "Quibérac-Sender")
    assert house.open(house.hugo, number).person == "Théodule Quibérac-Sender"
    house.clock.advance(timedelta(minutes=15))
    with pytest.raises(NotFound):
        house.open(house.hugo, number)
    page = services.dossiers.list_mine(house.hugo)
    assert number not in [line.number for line in page.lines]
    assert (number, "received") in [(each.number, each.status.code) for each in page.sent]


def test_the_elected_see_identity_and_decisions_of_open_dossiers_only(house: House) -> None:
    waiting, followed = house.refer(house.hugo, "Quibérac-Waiting"), house.follow("Quibérac-Followed")
    house.note(house.alice, followed, "Accueil en stage décidé.", kind="decision", compartment="decisions")
    house.note(house.alice, followed, "Échange avec la mère.", compartment="confidential")
    view = house.open(house.elsa, followed)
    assert sections(view) == {"identity": True, "decisions": True}
    assert [note.body for note in view.timeline] == ["Accueil en stage décidé."]
    with pytest.raises(NotFound):
        house.open(house.elsa, waiting)


def test_the_elected_ring_is_off_in_the_other_cell(house: House) -> None:
    number = house.follow("Quibérac-South", lead="charlie", cell="sud", steward="sam")
    assert house.open(house.charlie, number).person is not None
    with pytest.raises(NotFound):
        house.open(house.elsa, number)


def test_a_share_opens_its_compartments_until_it_ends(house: House) -> None:
    number = house.follow("Quibérac-Share")
    until = house.clock.now() + timedelta(days=10)
    share = services.shares.give(house.stella, number, ["identity", "decisions"], "hugo", until=until)
    assert sections(house.open(house.hugo, number))["identity"]
    services.shares.end(house.stella, number, share)
    with pytest.raises(NotFound):
        house.open(house.hugo, number)
    services.shares.give(house.stella, number, ["identity"], "hugo", until=until)
    house.clock.advance(timedelta(days=10))
    with pytest.raises(NotFound):
        house.open(house.hugo, number)


def test_n2_is_known_to_the_lead_and_the_steward_and_n3_to_nobody(house: House) -> None:
    number = house.follow("Quibérac-N2")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    house.note(house.bob, number, "Note entre pairs.", compartment="social")
    house.note(house.bob, number, "Note pour moi.", compartment="sealed")
    assert {note.body for note in house.open(house.bob, number).timeline} >= {"Note entre pairs.", "Note pour moi."}
    for who in (house.alice, house.stella):
        view = house.open(who, number)
        assert sections(view)["social"] is False
        assert "sealed" not in sections(view)
        assert not [note for note in view.timeline if note.author == "Bob"]
    services.shares.give(house.bob, number, ["social"], "alice", until=None)
    assert [note.body for note in house.open(house.alice, number).timeline if note.author == "Bob"] == ["Note entre pairs."]


def test_an_author_learns_nothing_of_the_notes_of_others(house: House) -> None:
    """The charter lets an author know of N2 and N3: of their own."""
    number = house.follow("Quibérac-N3")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    house.note(house.bob, number, "Note pour moi.", compartment="sealed")
    house.note(house.alice, number, "Note pour elle.", compartment="sealed")
    for who in (house.alice, house.bob):
        assert [each.readable for each in house.open(who, number).sections if each.kind == "sealed"] == [True]


def test_the_list_counts_and_pages_over_my_boxes(house: House) -> None:
    before = services.dossiers.list_mine(house.alice).count
    for number in range(27):
        house.follow(f"Quibérac-Page-{number}")
    first = services.dossiers.list_mine(house.alice)
    assert first.count == before + 27
    assert first.pages == -(-first.count // 25)
    everything = [line.number for page in range(1, first.pages + 1) for line in services.dossiers.list_mine(house.alice, page).lines]
    assert len(everything) == len(set(everything)) == first.count
    assert services.dossiers.list_mine(house.alice, 999).page == first.pages
