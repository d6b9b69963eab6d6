"""An orientation carries what was chosen, byte for byte, to a service of whichever cell, and nothing else of the dossier."""

import secrets
from dataclasses import replace

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.dossiers import Box
from casework.models.orientations import ReferralOut, ReferralStep
from casework.models.support import Agreement
from casework.services.orientation.views import OrientationQuery
from tests.attacks.sql import row, rows
from tests.house import House
from tests.services.orientation.oriented import CHOSEN, CLUB, INTRO, KEPT, SERVICE, Town, draft, followed, sent, states, town


@pytest.fixture
def place(house: House) -> Town:
    return town(house)


def shut(place: Town, name: str, number: str) -> None:
    """Nothing of the dossier opens to them but through the orientation."""
    actor = place.house.actors[name]
    for verb in (services.dossiers.open, services.field_history.read, services.shares.prepare, services.extracts.prepare):
        with pytest.raises(NotFound):
            verb(actor, number)
    assert number not in {each.number for each in services.dossiers.list_mine(actor).lines}
    assert number not in {match.line.number for match in services.finding.search(actor, number).matches}


def test_the_recipient_reads_exactly_what_was_chosen(place: Town) -> None:
    house, number = place.house, followed(place.house, "Orientée-Quibérac")
    asked = draft(place, number)
    promised = services.offering.preview(house.alice, number, asked)
    referral = services.sending.send(house.alice, number, asked)
    shown = services.receiving.read(house.charlie, referral)
    assert shown.items == promised.items
    assert [each.value for each in shown.items] == [INTRO, CHOSEN]
    assert KEPT not in str(shown)
    assert "Orientée-Quibérac" not in str(shown)
    assert (shown.sender, shown.need.code, shown.number) == ("Alice", "housing", number)
    for name in ("charlie", "celia"):
        shut(place, name, number)
    for name in ("bob", "hugo", "sam", "stella"):
        with pytest.raises(NotFound):
            services.receiving.read(house.actors[name], referral)


def test_opening_it_first_receives_it_and_its_sender_sees_that(place: Town) -> None:
    house, number = place.house, followed(place.house, "Orientée-Reçue")
    referral = sent(place, number)
    assert states(place, referral) == ["proposed", "sent"]
    assert [each.waits for each in services.orientations.inbox(house.celia).received if each.id == referral] == ["open"]
    services.receiving.read(house.charlie, referral)
    services.receiving.read(house.celia, referral)
    assert states(place, referral) == ["proposed", "sent", "received"]
    assert {each.kind for each in rows(house, Alert, recipient_id=house.charlie.user_id, reference=referral)} == {"orientation_sent"}
    assert ("orientation_received", number) in {(each.code, each.number) for each in services.day.read(house.celia).due}
    (line,) = house.open(house.alice, number).orientations
    assert (line.id, line.to, line.status.code) == (referral, SERVICE, "received")
    assert [each.kind for each in house.open(house.alice, number).sections].count("extract") == 0


def test_a_refusal_sends_nothing(place: Town) -> None:
    house, number = place.house, followed(place.house, "Orientée-Refus")
    with pytest.raises(InvalidInput) as refused:
        services.sending.send(house.alice, number, draft(place, number, agreement="refused"))
    assert set(refused.value.problems) == {"agreement"}
    assert house.open(house.alice, number).orientations == ()


def test_without_having_asked_there_is_a_reason_and_a_last_day(place: Town) -> None:
    house, number = place.house, followed(place.house, "Orientée-Avant")
    with pytest.raises(InvalidInput) as wrong:
        sent(place, number, agreement="not_sought")
    assert set(wrong.value.problems) == {"unasked"}
    referral = sent(place, number, agreement="not_sought", unasked="unreachable")
    agreement = services.following.read(house.alice, referral).agreement
    assert agreement is not None
    assert (agreement.state, (agreement.due - agreement.recorded_on).days if agreement.due else 0) == ("not_sought", 15)
    services.following.agree_later(house.alice, referral, "refused")
    assert states(place, referral)[-1] == "withdrawn"
    with pytest.raises(NotFound):
        services.receiving.read(house.charlie, referral)


def test_a_double_click_sends_once(place: Town) -> None:
    house, number = place.house, followed(place.house, "Orientée-Double")
    asked = draft(place, number)
    assert len({services.sending.send(house.alice, number, asked) for _ in range(3)}) == 1
    assert len(house.open(house.alice, number).orientations) == 1


def test_proposed_first_then_sent(place: Town) -> None:
    house, number = place.house, followed(place.house, "Orientée-Proposée")
    referral = services.sending.propose(house.alice, number, "housing", place.to)
    assert [each.id for each in services.orientations.inbox(house.charlie).received if each.id == referral] == []
    offer = services.offering.prepare(house.alice, number, OrientationQuery(), referral)
    assert (offer.need, offer.decided) == ("housing", SERVICE)
    assert services.sending.send(house.alice, number, draft(place, number, referral=referral)) == referral
    assert states(place, referral) == ["proposed", "sent"]
    assert [each.value for each in services.receiving.read(house.celia, referral).items] == [INTRO, CHOSEN]


def test_a_proposed_one_that_was_sent_is_not_sent_again_for_somebody_who_refuses(place: Town) -> None:
    """The same form twice is once; a refusal is never answered as if something had left."""
    house, number = place.house, followed(place.house, "Orientée-Refusée-Ensuite")
    referral = services.sending.propose(house.alice, number, "housing", place.to)
    for _twice in range(2):
        assert services.sending.send(house.alice, number, draft(place, number, referral=referral)) == referral
    with pytest.raises(InvalidInput) as refused:
        services.sending.send(house.alice, number, draft(place, number, referral=referral, agreement="refused"))
    assert "agreement" in refused.value.problems
    assert states(place, referral) == ["proposed", "sent"]


def test_to_one_named_person_and_to_a_partner_without_an_account(place: Town) -> None:
    house, number = place.house, followed(place.house, "Orientée-Nommée")
    offer = services.offering.prepare(house.alice, number, OrientationQuery("housing"))
    assert "person:sam" in {each.code for each in offer.people}
    assert not {"person:paula", "person:alice", "person:hugo"} & {each.code for each in offer.people}, "police, oneself, a school head"
    referral = sent(place, number, to="person:sam")
    assert services.receiving.read(house.sam, referral).items
    with pytest.raises(NotFound):
        services.receiving.read(house.charlie, referral)
    link = next(each for each in offer.services if each.name == CLUB)
    assert link.channel == "link"
    other = sent(place, number, to=link.code)
    assert services.following.read(house.alice, other).linkable
    assert services.following.read(house.stella, other).items == (), "what was chosen is its sender's alone to read again"
    assert services.following.read(house.alice, other).items


def test_never_to_a_service_that_reaches_somebody_kept_apart(fresh_house: House) -> None:
    place = town(fresh_house)
    house, number = fresh_house, followed(fresh_house, "Orientée-Close")
    services.cells.admit(
        house.stella, house.cells["nord"], "celia", "member", act="acte 9", until=house.clock.now().replace(month=9), charter_sheet="9"
    )
    assert services.offering.preview(house.alice, number, draft(place, number)).to.channel == "ring", "control"
    services.conflicts.declare_for(house.stella, number, "celia")
    with pytest.raises(InvalidInput) as refused:
        sent(place, number)
    assert "celia" not in str(refused.value.problems).lower()
    with pytest.raises(InvalidInput):
        sent(place, number, to="person:celia")
    shown = next(
        each for each in services.offering.prepare(house.alice, number, OrientationQuery("housing")).services if each.code == place.to
    )
    assert shown.why


def test_rows_say_nothing_but_codes(fresh_house: House) -> None:
    place = town(fresh_house)
    house, number = fresh_house, followed(fresh_house, "Orientée-Lignes")
    referral = sent(place, number)
    stored = str([{**vars(each)} for model in (ReferralOut, ReferralStep, Agreement, Alert) for each in rows(house, model)])
    assert CHOSEN not in stored
    assert INTRO not in stored
    assert {(each.title, each.to_ring) for each in rows(house, Box, reference=referral)} == {("author", False), ("partner", True)}
    assert row(house, ReferralOut, id=referral).holder_id == place.ring


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "ring:x:y"}, "to"), ({"to": "person:paula"}, "to"), ({"to": ""}, "to"), ({"need": "anything"}, "need"),
        ({"agreement": ""}, "agreement"), ({"pieces": ("f" * 32,)}, "pieces"), ({"submission": "x"}, "submission"),
        ({"intro": "x" * 301}, "intro"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(place: Town, change: dict[str, object], field: str) -> None:
    house = place.house
    number = house.numbers.get("wrong") or house.numbers.setdefault("wrong", followed(house, "Orientée-Fautive"))
    with pytest.raises(InvalidInput) as wrong:
        services.sending.send(house.alice, number, replace(draft(place, number, submission=secrets.token_hex(16)), **change))  # type: ignore[arg-type]  # one field each
    assert field in wrong.value.problems
    assert house.open(house.alice, number).orientations == ()
