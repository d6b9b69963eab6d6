"""« Saisir la cellule »: several children at once, all or none; what is told to whoever sent it; complements."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.dossiers import Compartment, Dossier
from casework.services.drafts import ChildDraft, ExaminationDraft, ReferralDraft
from tests.house import House

AINE = ChildDraft("Théodule", "Quibérac", "m", date(2012, 4, 5), "Valmorel-sur-Orle", "06 39 98 12 34")
CADETTE = ChildDraft("Zénobie", "Quibérac", "f", date(2014, 9, 1), "Valmorel-sur-Orle")


def saisine(house: House, *children: ChildDraft) -> ReferralDraft:
    return ReferralDraft(
        cell=house.cells["nord"], children=children or (AINE, CADETTE), origin="school", motives=("absenteeism",),
        facts="Absents ensemble depuis janvier.", informed=True, submission=secrets.token_hex(16),
    )  # fmt: skip


def dossiers(house: House) -> int:
    with house.instance.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Dossier)) or 0


def alerts(house: House, who: str, kind: str) -> list[str]:
    with house.instance.database.reading() as session:
        return list(session.scalars(select(Alert.number).where(Alert.recipient_id == house.actors[who].user_id, Alert.kind == kind)))


def examine(house: House, number: str, outcome: str = "not_retained") -> None:
    services.examination.decide(house.stella, number, ExaminationDraft(outcome))


def test_each_child_has_a_dossier_of_its_own_and_the_numbers_follow(house: House) -> None:
    receipt = services.referrals.send(house.hugo, saisine(house))
    first, second = (int(number[5:]) for number in receipt.numbers)
    assert second == first + 1
    assert receipt.answer_by == (house.clock.now() + timedelta(days=15)).date()
    assert {house.open(house.hugo, number).person for number in receipt.numbers} == {"Théodule Quibérac", "Zénobie Quibérac"}
    with house.instance.database.reading() as session:
        keys = session.scalars(select(Compartment.id).join(Dossier).where(Dossier.number.in_(receipt.numbers))).all()
    assert len(set(keys)) == 5, "identity and confidential for each, and the contact of one"


def test_the_phone_lies_with_the_contacts(house: House) -> None:
    number = services.referrals.send(house.hugo, saisine(house)).number
    shown = {section.kind: [field.value for field in section.fields] for section in house.open(house.hugo, number).sections}
    assert shown["contact"] == ["06 39 98 12 34"]
    assert "06 39 98 12 34" not in shown["identity"] + shown["confidential"]


@pytest.mark.races
def test_a_double_click_makes_one_saisine(house: House) -> None:
    draft, before = saisine(house), dossiers(house)
    with ThreadPoolExecutor(6) as pool:
        receipts = set(pool.map(lambda _: services.referrals.send(house.hugo, draft).numbers, range(6)))
    assert len(receipts) == 1
    assert dossiers(house) == before + 2


def test_another_child_under_a_used_form_is_another_saisine(house: House) -> None:
    draft = saisine(house)
    first = services.referrals.send(house.hugo, draft)
    second = services.referrals.send(house.hugo, replace(draft, children=(CADETTE,)))
    assert not set(first.numbers) & set(second.numbers)


def test_what_is_wrong_is_told_at_once_at_the_right_child_and_nothing_is_written(house: House) -> None:
    before = dossiers(house)
    wrong = replace(CADETTE, first_name=" ", birth_date=date(1980, 1, 1), sex="x")
    with pytest.raises(InvalidInput) as refused:
        services.referrals.send(house.hugo, replace(saisine(house, AINE, wrong), facts="x" * 501, motives=()))
    assert set(refused.value.problems) == {"children-1-first_name", "children-1-birth_date", "children-1-sex", "facts", "motives"}
    assert dossiers(house) == before
    looked = services.referrals.prepare(house.hugo, house.cells["nord"], saisine(house, AINE, wrong)).problems
    assert set(looked) == {"children-1-first_name", "children-1-birth_date", "children-1-sex"}


@pytest.mark.parametrize("children", [(), (AINE,) * 7])
def test_a_saisine_concerns_one_to_six(house: House, children: tuple[ChildDraft, ...]) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.referrals.send(house.hugo, replace(saisine(house), children=children))
    assert set(refused.value.problems) == {"children"}


def test_a_cell_one_is_not_in_cannot_be_referred_to(house: House) -> None:
    with pytest.raises(NotFound):
        services.referrals.send(house.hugo, replace(saisine(house), cell=house.cells["sud"]))


def test_its_sender_is_told_received_oriented_or_closed_and_no_more(house: House) -> None:
    receipt = services.referrals.send(house.hugo, saisine(house))
    number, other = receipt.numbers
    states = {line.number: line.status.label for line in services.sent.follow(house.hugo, number).lines}
    assert states == {number: "reçue", other: "reçue"}
    services.lifecycle.take_up(house.stella, number, "alice", date(2026, 9, 1))
    examine(house, other)
    states = {line.number: line.status.label for line in services.sent.follow(house.hugo, number).lines}
    assert states == {number: "orientée", other: "close"}
    assert set(alerts(house, "hugo", "referral_answered")) >= {number, other}


def test_nobody_follows_what_somebody_else_sent(house: House) -> None:
    number = services.referrals.send(house.hugo, saisine(house)).number
    for who in (house.bob, house.stella, house.charlie, house.ada):
        for asked in (number, "2026-9999"):
            with pytest.raises(NotFound):
                services.sent.follow(who, asked)
            with pytest.raises(NotFound):
                services.complements.add(who, asked, "Autre chose.", secrets.token_hex(16))


def test_a_complement_reaches_the_cell_once_and_tells_the_lead_and_the_stewards(house: House) -> None:
    number = services.referrals.send(house.hugo, saisine(house)).number
    form = secrets.token_hex(16)
    for _ in range(2):
        services.complements.add(house.hugo, number, "La mère a rappelé ce matin.", form)
    waiting = services.examination.prepare(house.stella, number)
    assert [(note.body, note.author) for note in waiting.complements] == [("La mère a rappelé ce matin.", "Hugo")]
    assert alerts(house, "stella", "complement").count(number) == 1
    services.lifecycle.take_up(house.stella, number, "alice", date(2026, 9, 1))
    services.complements.add(house.hugo, number, "Retour en classe lundi.", secrets.token_hex(16))
    assert {note.body for note in house.open(house.alice, number).timeline} == {"La mère a rappelé ce matin.", "Retour en classe lundi."}
    assert number in alerts(house, "alice", "complement")
    with pytest.raises(NotFound):
        house.open(house.hugo, number)


def test_a_complement_is_short_and_comes_before_the_end(house: House) -> None:
    number = services.referrals.send(house.hugo, saisine(house)).number
    for text in ("", "x" * 501):
        with pytest.raises(InvalidInput) as refused:
            services.complements.add(house.hugo, number, text, secrets.token_hex(16))
        assert set(refused.value.problems) == {"body"}
    examine(house, number)
    assert services.sent.follow(house.hugo, number).may_add is False
    with pytest.raises(NotFound):
        services.complements.add(house.hugo, number, "Trop tard.", secrets.token_hex(16))
