"""Two dossiers set apart: whoever holds one knows nothing of the other, also those who come later."""

from collections.abc import Callable, Sized
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import ledger, services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.base import recorded_models
from casework.models.dossiers import Conflict
from casework.models.walls import BothSides, DossierLink
from casework.services.wall.linking import LinkDraft
from casework.services.wall.staying import Stay
from tests.house import House
from tests.services.wall.test_walling import alerts
from tests.services.wall.town import WHY, apart, listed, second_steward, stay, wall
from tests.urgently import on_call
from tests.web.costs import Meter
from tests.web.test_real import enter


def two(house: House) -> tuple[str, str]:
    """Her dossier, which Alice leads, and his, which Bob leads, in one cell."""
    return house.follow("Quibérac-Elle"), house.follow("Ploumanac-Lui", lead="bob")


def test_each_lead_keeps_their_side_and_the_one_who_stays_lists_one(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    offer = services.linking.prepare(house.stella, hers, his)
    assert {each.username: each.side for each in offer.people} == {"elsa": hers}
    apart(house, hers, his)
    assert hers in listed(house, "alice")
    assert his in listed(house, "bob")
    assert listed(house, "stella") & {hers, his} == {hers}
    assert house.open(house.stella, his).person, "the other one opens by its number"
    assert services.finding.search(house.stella, "Ploumanac").count == 0
    assert services.finding.search(house.stella, "Quibérac-Elle").count == 1, "control"
    with pytest.raises(NotFound):
        house.open(house.elsa, hers)
    assert house.open(house.elsa, his).person, "the side left to her"


def test_nothing_of_one_side_is_given_to_those_of_the_other(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    services.shares.give(house.stella, hers, ["identity"], "hugo", until=None)
    apart(house, hers, his)
    for number, who in ((his, "alice"), (hers, "bob"), (his, "hugo")):
        with pytest.raises((InvalidInput, NotFound)):
            services.shares.give(house.stella, number, ["identity"], who, until=None)
    services.shares.give(house.stella, his, ["identity"], "paula", until=None)
    assert house.open(house.paula, his).person, "control: she held neither"
    with pytest.raises((InvalidInput, NotFound)):
        services.shares.give(house.stella, hers, ["identity"], "paula", until=None)


def test_a_steward_admitted_later_sits_on_one_side_alone(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    apart(house, hers, his)
    second_steward(house)
    services.conflicts.settle_pending(house.stella)
    services.turnover.settle_pending(house.stella)
    services.conflicts.settle_pending(house.stella)
    assert len(listed(house, "sam") & {hers, his}) <= 1
    opened = []
    for number in (hers, his):
        try:
            opened.append(bool(house.open(house.sam, number)))
        except NotFound:
            opened.append(False)
    assert opened == [False, True], "of two that one comes to hold, the person to protect is the one that is not there"


def test_who_holds_both_without_leading_loses_the_protected_side(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    for number in (hers, his):
        services.shares.give(house.stella, number, ["identity"], "paula", until=None)
    assert {hers, his} <= listed(house, "paula"), "control"
    apart(house, hers, his)
    assert listed(house, "paula") & {hers, his} == {his}


def test_who_decides_for_themselves_stays_by_a_reasoned_act(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    for number in (hers, his):
        services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    apart(house, hers, his, sides={"bob": "both"})
    assert listed(house, "bob") & {hers, his} == {his}
    with pytest.raises(InvalidInput):
        services.staying.stay(house.bob, his, hers, Stay(his, "only_professional", "court"))
    services.staying.stay(house.bob, his, hers, stay(his))
    assert listed(house, "bob") & {hers, his} == {his}
    assert house.open(house.bob, hers).person
    with house.instance.database.reading() as session:
        assert session.scalars(select(BothSides.user_id)).all().count(house.bob.user_id) == 1
        assert "both_sides" in session.scalars(select(Alert.kind).where(Alert.recipient_id == house.dora.user_id)).all()
        assert all(WHY.encode() not in row.for_oversight + row.for_author for row in session.scalars(select(BothSides)))


def test_nobody_stays_who_holds_one_side(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    apart(house, hers, his)
    with pytest.raises((NotFound, InvalidInput)) as refused:
        services.staying.stay(house.bob, his, hers, stay(his))
    with pytest.raises(type(refused.value)) as unknown:
        services.staying.stay(house.bob, his, "2026-9999", stay(his))
    assert str(refused.value) == str(unknown.value)


def test_only_who_holds_both_sets_them_apart(house: House) -> None:
    hers, his = two(house)
    for actor, problem in ((house.alice, InvalidInput), (house.charlie, NotFound), (house.hugo, NotFound)):
        with pytest.raises(problem):
            services.linking.prepare(actor, hers, his)
        with pytest.raises(problem):
            services.linking.link(actor, hers, his, LinkDraft({}, hers))
    with house.instance.database.reading() as session:
        assert session.scalar(select(DossierLink.id)) is None


def test_a_dossier_is_not_left_to_nobody_unnoticed(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    with pytest.raises(InvalidInput) as refused:
        services.linking.link(house.stella, hers, his, LinkDraft({"elsa": hers}, hers))
    assert "last" in refused.value.problems
    with pytest.raises(InvalidInput):
        services.linking.link(house.stella, hers, his, LinkDraft({}, None, stay(hers)))


def test_without_a_link_both_are_there(house: House) -> None:
    hers, his = two(house)
    assert {hers, his} <= listed(house, "stella")


def test_a_longer_list_asks_no_more(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those who hold both, and of those who stay: as many statements for two as for one. Control: the second is there."""
    house = fresh_house
    hers, his = two(house)
    meter, asked = Meter(house, monkeypatch), []

    def cost(read: Callable[[], Sized]) -> tuple[int, int]:
        read()  # keys are wrapped anew the first time
        with meter.measure() as one:
            found = len(read())
        return found, one.statements

    for who in ("hugo", "paula"):
        for number in (hers, his):
            services.shares.give(house.stella, number, ["identity"], who, until=None)
        asked.append(cost(lambda: services.linking.prepare(house.stella, hers, his).people))
    apart(house, hers, his, sides={"hugo": "both", "paula": "both"})
    services.staying.stay(house.hugo, his, hers, stay(his))
    asked.append(cost(lambda: services.staying.review(house.dora)))
    services.staying.stay(house.paula, his, hers, stay(his))
    asked.append(cost(lambda: services.staying.review(house.dora)))
    assert [found for found, _ in asked] == [2, 3, 2, 3], "control"
    assert asked[0][1] == asked[1][1]
    assert asked[2][1] == asked[3][1]


def closed_to(house: House) -> set[tuple[str, str]]:
    """Dossier and user ids of every gate."""
    with house.instance.database.reading() as session:
        return {(row.dossier_id, row.user_id) for row in session.scalars(select(Conflict))}


def test_a_link_made_by_mistake_ends_and_what_it_shut_opens_again(fresh_house: House) -> None:
    """Control: while it stands, Elsa and Paula are shut out of hers, and nothing of hers is given to Paula."""
    house = fresh_house
    hers, his = two(house)
    for number in (hers, his):
        services.shares.give(house.stella, number, ["identity"], "paula", until=None)
    before = closed_to(house)
    apart(house, hers, his)
    told = {name: alerts(house, name) for name in house.actors}
    assert closed_to(house) > before, "control"
    with pytest.raises(NotFound):
        house.open(house.elsa, hers)
    with pytest.raises((InvalidInput, NotFound)):
        services.shares.give(house.stella, hers, ["identity"], "paula", until=None)
    services.unlinking.unlink(house.stella, his, hers, "mistake")
    assert closed_to(house) == before
    assert {hers, his} <= listed(house, "stella"), "both are listed again"
    with pytest.raises(NotFound):
        house.open(house.paula, hers)
    services.shares.give(house.stella, hers, ["identity"], "paula", until=None)
    assert house.open(house.paula, hers).person
    services.conflicts.settle_pending(house.stella)
    assert house.open(house.elsa, hers).person, "whom the cell’s own ring lets in"
    now = {name: alerts(house, name) for name in house.actors}
    assert {name for name in now if now[name] != told[name]} == {"dora", "paula"}
    assert now["dora"][len(told["dora"]) :] == ["link_over"]
    assert "share_given" in now["paula"]


def test_a_link_is_ended_only_by_who_holds_both_and_for_a_reason(fresh_house: House) -> None:
    """Whoever holds one side, or neither, is answered as for a number that nobody has. Control: Stella, who stays, ends it."""
    house = fresh_house
    hers, his = two(house)
    third = house.follow("Tramontine-Autre")
    apart(house, hers, his)
    for actor, number, other in ((house.alice, hers, his), (house.bob, his, hers), (house.charlie, hers, his), (house.elsa, his, hers)):
        with pytest.raises((InvalidInput, NotFound)) as refused:
            services.unlinking.unlink(actor, number, other, "mistake")
        with pytest.raises(type(refused.value)) as unknown:
            services.unlinking.unlink(actor, number, "2026-9999", "mistake")
        assert str(refused.value) == str(unknown.value)
    for other, reason, field in ((his, "envie", "ending"), (third, "mistake", "apart"), (hers, "mistake", "apart")):
        with pytest.raises(InvalidInput) as wrong:
            services.unlinking.unlink(house.stella, hers, other, reason)
        assert set(wrong.value.problems) == {field}
    services.unlinking.unlink(house.stella, hers, his, "over")
    with pytest.raises(InvalidInput):
        services.unlinking.unlink(house.stella, hers, his, "over")


def test_two_that_were_apart_once_are_set_apart_again(fresh_house: House) -> None:
    """The reasoned act of the first time holds no more: it is asked anew. Until then it is reviewed: ending the link hides nothing."""
    house = fresh_house
    hers, his = two(house)
    apart(house, hers, his)
    (standing,) = services.staying.review(house.dora)
    services.unlinking.unlink(house.stella, hers, his, "mistake")
    (over,) = services.staying.review(house.dora)
    assert (standing.ended, over.text) == (None, standing.text)
    assert over.ended is not None
    apart(house, hers, his, listed=his)
    assert listed(house, "stella") & {hers, his} == {his}
    assert len(services.staying.review(house.dora)) == 1
    with house.instance.database.reading() as session:
        assert "dossier_link" not in str(ledger.verify(session, saved=None, recorded=recorded_models()).findings)


def test_a_wall_of_ones_own_outlives_the_link(fresh_house: House) -> None:
    """Said before the link, or after it. Control: what the link alone shut is open again."""
    house = fresh_house
    hers, his = two(house)
    for number in (hers, his):
        for who in ("paula", "hugo"):
            services.shares.give(house.stella, number, ["identity"], who, until=None)
    before = services.linking.prepare(house.stella, hers, his)
    assert {"paula", "hugo", "elsa"} <= {each.username for each in before.people}
    apart(house, hers, his)
    house.clock.advance(timedelta(seconds=1))
    wall(house, hers, "hugo")
    services.conflicts.declare_for(house.stella, hers, "bob")
    services.unlinking.unlink(house.stella, hers, his, "mistake")
    assert [each.username for each in services.walling.page(house.stella, hers).walled] == ["hugo"]
    assert {user for _, user in closed_to(house)} == {house.hugo.user_id, house.bob.user_id}


def test_a_coordinator_whom_the_link_shut_out_coordinates_both_again(fresh_house: House) -> None:
    house = fresh_house
    second_steward(house)
    house.actors["sam"] = house.sign_in("sam")
    hers, his = two(house)
    services.turnover.settle_pending(house.stella)
    services.conflicts.settle_pending(house.stella)
    assert {hers, his} <= listed(house, "sam"), "control"
    apart(house, hers, his)
    assert listed(house, "sam") & {hers, his} == {his}
    services.unlinking.unlink(house.stella, hers, his, "mistake")
    services.conflicts.settle_pending(house.stella)
    assert {hers, his} <= listed(house, "sam")
    assert services.conflicts.settle_pending(house.stella) == 0, "once"


def test_who_is_on_duty_for_both_and_nothing_else_is_said_so(fresh_house: House) -> None:
    """Control: Alice leads both, and Elsa holds both by her own ring."""
    house = fresh_house
    hers, his = house.follow("Quibérac-Elle"), house.follow("Ploumanac-Lui")
    on_call(house, "bob")
    duty = {each.username: each.duty for each in services.linking.prepare(house.stella, hers, his).people}
    assert duty == {"bob": True, "alice": False, "elsa": False}


def test_the_data_protection_officer_reads_why_and_nobody_else(fresh_house: House) -> None:
    house = fresh_house
    hers, his = two(house)
    apart(house, hers, his)
    (line,) = services.staying.review(house.dora)
    assert (line.person, line.text) == ("Stella", WHY)
    assert not {hers, his} & set(str(line).split())
    for actor in (house.alice, house.stella, house.oscar):
        with pytest.raises(NotFound):
            services.staying.review(actor)


def test_the_page_ends_it_with_errors_in_place(fresh_house: House) -> None:
    """The form is where somebody stays on both sides, and nowhere else."""
    house = fresh_house
    hers, his = two(house)
    stella, alice = enter(house, "stella"), enter(house, "alice")
    address, form = f"/dossiers/{hers}/separation", f"/dossiers/{hers}/separation/dossier/fin"
    assert form not in stella.get(address).text, "control"
    apart(house, hers, his)
    assert form in stella.get(address).text
    assert form not in alice.get(address).text
    wrong = stella.post(form, {"apart": "2026-9999", "ending": "mistake"})
    assert (wrong.status_code, 'id="apart-error"' in wrong.text, "2026-9999" in wrong.text) == (422, True, True)
    empty = stella.post(form, {})
    assert (empty.status_code, 'id="apart-error"' in empty.text, 'id="ending-error"' in empty.text) == (422, True, True)
    assert his not in stella.get(address).text, "the other one is named nowhere"
    assert stella.post(form, {"apart": his, "ending": "mistake"}).status_code == 303
    assert form not in stella.get(address).text
    assert alice.post(form, {"apart": his, "ending": "mistake"}).status_code == 422
