"""Examining a saisine: the five outcomes, whom it may be about already, the lead; and the keys, which are turned."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import DecidedMeanwhile, InvalidInput, NotFound, StaleVersion
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.access import Held, find
from casework.services.drafts import ExaminationDraft
from casework.services.keys.rings import give_standing
from casework.services.referral import examination
from casework.services.unit import reading
from casework.vault.content import ContentKey
from tests.attacks.sql import bodies
from tests.house import House
from tests.services.referral.test_referrals import alerts, saisine

NEXT = date(2026, 9, 1)
RETAINED = ExaminationDraft("retained", "alice", NEXT)
LATER = "Ce que la cellule se dit ensuite."


def row(house: House, number: str) -> Dossier:
    with house.instance.database.reading() as session:
        return session.scalars(select(Dossier).where(Dossier.number == number)).one()


def holders(house: House, number: str, title: str) -> set[str]:
    with house.instance.database.reading() as session:
        query = select(Box.holder_id).join(Compartment, Compartment.id == Box.compartment_id).join(Dossier)
        return set(session.scalars(query.where(Dossier.number == number, Box.title == title)))


def test_the_page_shows_what_was_sent_and_how_long_there_is(house: House) -> None:
    receipt = services.referrals.send(house.hugo, saisine(house))
    number, other = receipt.numbers
    shown = services.examination.prepare(house.stella, number)
    assert {section.kind for section in shown.sections} == {"identity", "contact", "confidential"}
    assert (shown.days_left, shown.answer_by) == (15, receipt.answer_by)
    assert [(each.number, each.person) for each in shown.siblings] == [(other, "Zénobie Quibérac")]
    assert {"alice", "bob", "stella"} <= {each.code for each in shown.leads}
    assert not {"elsa", "charlie"} & {each.code for each in shown.leads}


def test_what_is_overdue_is_counted_and_the_oldest_comes_first(fresh_house: House) -> None:
    old = fresh_house.refer(fresh_house.hugo, "Quibérac-Ancien")
    fresh_house.clock.advance(timedelta(days=17))
    for name in ("hugo", "stella"):
        fresh_house.actors[name] = fresh_house.sign_in(name)
    new = fresh_house.refer(fresh_house.hugo, "Quibérac-Nouveau")
    assert [(each.number, each.days_left) for each in services.examination.waiting(fresh_house.stella)] == [(old, -2), (new, 15)]
    assert services.examination.waiting(fresh_house.sam) == ()
    with pytest.raises(NotFound):
        services.examination.waiting(fresh_house.hugo)


def test_nobody_but_its_steward_examines(house: House) -> None:
    number = house.refer(house.hugo, "Quibérac-Refus")
    for who in (house.hugo, house.alice, house.sam, house.ada):
        with pytest.raises(NotFound):
            services.examination.prepare(who, number)
        with pytest.raises(NotFound):
            services.examination.decide(who, number, RETAINED)
    assert row(house, number).status == "received"


def test_who_may_be_followed_already_is_found_in_this_cell_alone(house: House) -> None:
    known, elsewhere = house.follow("de Kerbrézel"), house.refer(house.sam, "de Kerbrézel", cell="sud")
    number = house.refer(house.hugo, "Kerbrezel")
    found = {each.number: (each.name, each.birth) for each in services.examination.prepare(house.stella, number).alike}
    assert found[known] == (True, True)
    assert elsewhere not in found
    assert number not in found


def test_retained_opens_with_its_lead_and_tells_both(house: House) -> None:
    number = house.refer(house.hugo, "Quibérac-Retenue")
    for _ in range(2):  # twice is once
        services.examination.decide(house.stella, number, RETAINED)
    dossier = row(house, number)
    assert (dossier.status, dossier.outcome, dossier.lead_id) == ("open", "retained", house.alice.user_id)
    assert {section.kind for section in house.open(house.alice, number).sections} >= {"identity", "decisions", "contact", "confidential"}
    assert alerts(house, "alice", "lead_named").count(number) == 1
    assert alerts(house, "hugo", "referral_answered").count(number) == 1


@pytest.mark.parametrize(
    ("draft", "closing", "redirected"),
    [
        (ExaminationDraft("not_retained"), None, None),
        (ExaminationDraft("redirected", redirected_to="mediation"), None, "mediation"),
        (ExaminationDraft("child_protection"), "child_protection", None),
    ],
)
def test_what_is_not_retained_closes_and_stays_with_the_coordination(
    house: House, draft: ExaminationDraft, closing: str | None, redirected: str | None
) -> None:
    number = house.refer(house.hugo, f"Quibérac-{draft.outcome}")
    services.examination.decide(house.stella, number, draft)
    dossier = row(house, number)
    assert (dossier.status, dossier.outcome, dossier.closing_reason, dossier.redirected_to) == (
        "closed",
        draft.outcome,
        closing,
        redirected,
    )
    assert dossier.lead_id is None
    assert dossier.closed_at is not None
    assert house.open(house.stella, number).person
    for who in (house.elsa, house.hugo, house.alice):
        with pytest.raises(NotFound):
            house.open(who, number)


def test_a_duplicate_points_to_the_other_dossier(house: House) -> None:
    known, number = house.follow("Quibérac-Connu"), house.refer(house.hugo, "Quibérac-Connu")
    services.examination.decide(house.stella, number, ExaminationDraft("duplicate", duplicate_of=known))
    assert [note.body for note in house.open(house.stella, number).timeline] == [f"Déjà suivie : dossier {known}."]


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (ExaminationDraft("guess"), {"outcome"}),
        (ExaminationDraft("retained"), {"lead", "next_date"}),
        (ExaminationDraft("retained", "elsa", NEXT), {"lead"}),
        (ExaminationDraft("retained", "charlie", NEXT), {"lead"}),
        (ExaminationDraft("retained", "alice", date(2026, 1, 1)), {"next_date"}),
        (ExaminationDraft("redirected", redirected_to="elsewhere"), {"redirected_to"}),
        (ExaminationDraft("duplicate", duplicate_of="2026-9999"), {"duplicate_of"}),
    ],
)
def test_bad_input_says_where_and_decides_nothing(house: House, draft: ExaminationDraft, wrong: set[str]) -> None:
    number = house.refer(house.hugo, "Quibérac-Faute")
    with pytest.raises(InvalidInput) as refused:
        services.examination.decide(house.stella, number, draft)
    assert set(refused.value.problems) == wrong
    assert row(house, number).status == "received"


def test_a_duplicate_of_what_one_may_not_open_is_an_unknown_number(house: House) -> None:
    hidden, number = house.refer(house.sam, "Quibérac-Sud", cell="sud"), house.refer(house.hugo, "Quibérac-Nord")
    told = []
    for asked in (hidden, "2026-9999", number):
        with pytest.raises(InvalidInput) as refused:
            services.examination.decide(house.stella, number, ExaminationDraft("duplicate", duplicate_of=asked))
        told.append(refused.value.problems)
    assert told[0] == told[1] == told[2]


def kept_keys(house: House, number: str) -> dict[str, ContentKey]:
    """The raw keys, as a sender could have kept them in their fifteen minutes."""
    with reading(house.hugo, "dossier.open") as unit:
        held = find(unit, number)
        return {each.kind: key for each in held.compartments if (key := held.key(each)) is not None}


def grant_only(held: Held) -> None:
    """As it was before: the lead gets a box of the old key."""
    for compartment in held.compartments:
        content = held.key(compartment, action="compartment.keep")
        assert content is not None
        give_standing(held.unit, held.dossier, compartment, content)


@pytest.mark.parametrize("turned", [True, False])
def test_a_sender_who_kept_the_key_opens_nothing_that_is_written_later(house: House, monkeypatch: pytest.MonkeyPatch, turned: bool) -> None:
    """And their old box is gone. The control is an examination that turns no key."""
    number = house.refer(house.hugo, "Quibérac-Clé-Gardée")
    kept = kept_keys(house, number)
    assert set(kept) == {"identity", "confidential"}
    if not turned:
        monkeypatch.setattr(examination, "turn", grant_only)
    services.examination.decide(house.stella, number, RETAINED)
    house.note(house.alice, number, LATER, compartment="confidential")
    assert (LATER in bodies(house, kept["confidential"])) is not turned
    assert holders(house, number, "author") == (set() if turned else {house.hugo.user_id})
    assert LATER in {note.body for note in house.open(house.alice, number).timeline}


def test_another_lead_takes_the_place_of_the_former(house: House) -> None:
    number = house.follow("Quibérac-Relais")
    services.lifecycle.relead(house.stella, number, "bob")
    assert holders(house, number, "lead") == {house.bob.user_id}
    assert house.open(house.bob, number).lead == "Bob"
    with pytest.raises(NotFound):
        house.open(house.alice, number)
    assert number in alerts(house, "bob", "lead_named")
    assert number in alerts(house, "alice", "lead_ended")
    house.note(house.bob, number, "Je prends la suite.", compartment="decisions")


def test_whoever_may_not_lead_is_not_named_and_nothing_ends(house: House) -> None:
    number = house.follow("Quibérac-Relais-Refusé")
    for name in ("elsa", "charlie", "nobody"):
        with pytest.raises(InvalidInput):
            services.lifecycle.relead(house.stella, number, name)
    with pytest.raises(NotFound):
        services.lifecycle.relead(house.alice, number, "bob")
    assert holders(house, number, "lead") == {house.alice.user_id}


def test_the_last_box_of_a_part_is_never_ended(house: House) -> None:
    """In domestic violence without a service the lead alone may hold `safety`: naming another would lose it."""
    number = house.follow("Quibérac-Seule")
    with house.instance.database.writing() as session:
        query = select(Box).join(Compartment, Compartment.id == Box.compartment_id).join(Dossier)
        for box in session.scalars(query.where(Dossier.number == number, Compartment.kind == "school", Box.title != "lead")):
            session.delete(box)
    with pytest.raises(InvalidInput) as refused:
        services.lifecycle.relead(house.stella, number, "bob")
    assert set(refused.value.problems) == {"lead"}
    assert house.open(house.alice, number).lead == "Alice"


def test_a_dossier_closes_for_a_reason_of_its_programme(house: House) -> None:
    number = house.follow("Quibérac-Motif")
    with pytest.raises(InvalidInput):
        services.lifecycle.close(house.stella, number, "no_reason")
    services.lifecycle.close(house.stella, number, "achieved")
    assert (row(house, number).status, row(house, number).closing_reason) == ("closed", "achieved")


@pytest.mark.parametrize("first", [RETAINED, ExaminationDraft("redirected", redirected_to="mediation")])
def test_whoever_examines_second_is_told_what_stands(house: House, first: ExaminationDraft) -> None:
    """And changes nothing. Who examines nothing here learns nothing: to a lead who opens the dossier it stays unknown."""
    number = house.refer(house.hugo, "Quibérac-Deux-Examens")
    services.examination.decide(house.stella, number, first)
    later = ExaminationDraft("not_retained")
    with pytest.raises(DecidedMeanwhile):
        services.examination.decide(house.stella, number, later)
    for who in (house.alice, house.sam, house.hugo):
        with pytest.raises(NotFound) as refused:
            services.examination.decide(who, number, later)
        assert not isinstance(refused.value, DecidedMeanwhile)
    assert row(house, number).outcome == first.outcome
    shown = services.examined.read(house.stella, number, later)
    said = [text for _, text in shown.stands]
    assert ("Alice" in said) is (first is RETAINED)
    assert len(said) >= 2
    assert shown.chosen != shown.stands[:1]
    for who in (house.sam, house.hugo):
        with pytest.raises(NotFound):
            services.examined.read(who, number, later)


def test_of_two_who_name_a_lead_the_second_is_told(house: House) -> None:
    """Control: with what stands in view, the same choice is made; and naming the one who stands already changes nothing."""
    number = house.follow("Quibérac-Deux-Relais")
    seen = services.lifecycle.releading(house.stella, number).seen
    assert seen == "alice"
    services.lifecycle.relead(house.stella, number, "bob", seen=seen)
    services.lifecycle.relead(house.stella, number, "bob", seen=seen)
    with pytest.raises(StaleVersion):
        services.lifecycle.relead(house.stella, number, "hugo", seen=seen)
    assert holders(house, number, "lead") == {house.bob.user_id}
    services.lifecycle.relead(house.stella, number, "hugo", seen="bob")
    assert row(house, number).lead_id == house.hugo.user_id
