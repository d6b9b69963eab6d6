"""The person decides: one act closes the follow-up and what is under way elsewhere; a steward reviews before the purge."""

import secrets
from datetime import timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound, PersonLeft
from casework.models.attention import Alert
from casework.models.dossiers import Dossier
from casework.models.support import Agreement, PurgeReview
from casework.services.orientation.views import OrientationQuery
from casework.services.partner.views import REFERRAL, About
from casework.services.safety.views import DangerDraft
from tests.attacks.sql import row, rows
from tests.house import House
from tests.services.orientation.oriented import CLUB, Town, draft, followed, sent, states, town


@pytest.fixture
def place(house: House) -> Town:
    return town(house)


def test_one_step_ends_everything(place: Town) -> None:
    house, number = place.house, followed(place.house, "Arrêt-Quibérac")
    referral = sent(place, number)
    proposed = services.sending.propose(house.alice, number, "housing", place.to)
    assert services.receiving.read(house.charlie, referral).items, "control: before it they read"
    assert services.withdrawing.prepare(house.alice, number).orientations == 2
    services.withdrawing.withdraw(house.alice, number)
    dossier = row(house, Dossier, number=number)
    assert (dossier.status, dossier.closing_reason) == ("closed", "refusal")
    for each in (referral, proposed):
        last = services.following.read(house.stella, each).steps[-1]
        assert (last.step.code, last.reason) == ("withdrawn", "La personne ne le souhaite plus")
    with pytest.raises(NotFound):
        services.receiving.read(house.charlie, referral)
    (line,) = [each for each in services.orientations.inbox(house.charlie).received if each.id == referral]
    assert (line.over, line.status.label, line.reason) == (True, "Terminée", "")
    assert [each.state for each in rows(house, Agreement, dossier_id=dossier.id, referral_id=None)] == ["withdrawn"]
    assert {each.kind for each in rows(house, Alert, recipient_id=house.stella.user_id, number=number)} >= {"agreement_withdrawn"}
    with pytest.raises(NotFound):
        services.withdrawing.withdraw(house.alice, number)


def test_who_may_not(place: Town) -> None:
    house, number = place.house, followed(place.house, "Arrêt-Interdit")
    for stranger in (house.bob, house.hugo, house.paula, house.charlie, house.ada):
        for verb in (services.withdrawing.prepare, services.withdrawing.withdraw, services.purging.prepare):
            with pytest.raises(NotFound):
                verb(stranger, number)
    assert house.open(house.alice, number).status.code == "open"


def test_a_steward_reviews_once(place: Town) -> None:
    house, number = place.house, followed(place.house, "Arrêt-Revue")
    with pytest.raises(NotFound):
        services.purging.prepare(house.stella, number)
    services.withdrawing.withdraw(house.alice, number)
    page = services.purging.prepare(house.stella, number)
    assert page.due - page.opened_on == timedelta(days=30)
    assert ("purge", number) in {(each.code, each.number) for each in services.day.read(house.stella).due}
    with pytest.raises(NotFound):
        services.purging.decide(house.alice, number, "erase")
    with pytest.raises(InvalidInput):
        services.purging.decide(house.stella, number, "keep_for_ever")
    services.purging.decide(house.stella, number, "keep_legal")
    found = services.purging.prepare(house.stella, number).finding
    assert found is not None
    assert found.code == "keep_legal"
    with pytest.raises(NotFound):
        services.purging.decide(house.stella, number, "erase")
    assert ("purge", number) not in {(each.code, each.number) for each in services.day.read(house.stella).due}
    assert rows(house, PurgeReview, dossier_id=row(house, Dossier, number=number).id)[0].decided_by == house.stella.user_id


def test_closing_a_dossier_withdraws_what_is_under_way(place: Town) -> None:
    house, number = place.house, followed(place.house, "Arrêt-Clôture")
    referral = sent(place, number)
    services.lifecycle.close(house.stella, number, "achieved")
    assert states(place, referral)[-1] == "withdrawn"
    with pytest.raises(NotFound):
        services.receiving.read(house.charlie, referral)


def test_after_it_nothing_is_passed_on_but_what_the_law_imposes(place: Town) -> None:
    house, number = place.house, followed(place.house, "Arrêt-Nouvelle")
    offer = services.offering.prepare(house.alice, number, OrientationQuery("housing"))
    link = About(REFERRAL, sent(place, number, to=next(each.code for each in offer.services if each.name == CLUB)))
    asked = draft(place, number)
    assert services.offering.preview(house.alice, number, asked).items, "control: before it one may"
    assert services.making.make(house.alice, link).code, "control"
    services.withdrawing.withdraw(house.alice, number)
    for verb in (
        lambda who: services.offering.prepare(who, number, OrientationQuery("housing")),
        lambda who: services.offering.preview(who, number, asked),
        lambda who: services.sending.send(who, number, asked),
        lambda who: services.sending.propose(who, number, "housing", place.to),
    ):
        with pytest.raises(PersonLeft):
            verb(house.alice)
        for stranger in (house.bob, house.charlie, house.ada):
            with pytest.raises(NotFound) as refused:
                verb(stranger)
            assert not isinstance(refused.value, PersonLeft), "it is nobody else's to know"
    with pytest.raises(InvalidInput) as wrong:
        services.making.make(house.alice, link)
    assert set(wrong.value.problems) == {"link"}
    assert "suit sa propre voie" in services.watching.page(house.alice, link).why
    report = DangerDraft("crip", house.clock.now().date(), "RP-2026-118", secrets.token_hex(16))
    assert services.danger.report(house.alice, number, report), "legal reporting keeps its own path"
