"""The first line of whoever receives an orientation: worked out from what was passed on, NON for whatever is not certain, and NON as soon
as the person's safe contact has changed, until the new one is passed on."""

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.content import SafeContact
from casework.models.dossiers import Conflict, Dossier
from casework.models.orientations import ReferralOut, ReferralStep
from casework.services.partner.views import REFERRAL, About
from tests.attacks.sql import row, rows, tamper
from tests.house import House
from tests.services.orientation.oriented import followed, sent
from tests.services.orientation.passing import LABEL, Passing, passing
from tests.services.partner.partners import enter
from tests.services.safety.place import ASSOCIATION, NUMBER, PARIS, SAFE

NEW = "06 39 98 47 99"
SECRET = (NUMBER, NEW, SAFE["introduction"], SAFE["code_word"], SAFE["must_not_answer"])


@pytest.fixture(scope="module")
def made(house: House) -> Passing:
    return passing(house)


@pytest.fixture
def way(made: Passing) -> Passing:
    """On a Monday at ten, with the contact as it was first noted."""
    made.place.safe()
    made.place.to(made.place.monday(10))
    for name in ("charlie", "celia", "viola", "vera", "oscar"):
        made.house.actors[name] = made.house.sign_in(name)
    return made


def test_the_recipient_is_told_whether_to_call_now_and_how(way: Passing) -> None:
    asked = way.draft(LABEL)
    promised = services.offering.preview(way.house.viola, way.place.number, asked)
    referral = services.sending.send(way.house.viola, way.place.number, asked)
    shown = way.received(referral)
    assert shown.call is not None
    assert promised.call == shown.call
    assert [each.text for each in promised.contacts] == [each.text for each in shown.contacts]
    assert (shown.call.now, shown.call.number, shown.call.code_word) == (True, NUMBER, SAFE["code_word"])
    assert (shown.call.introduction, shown.call.must_not_answer) == (SAFE["introduction"], SAFE["must_not_answer"])
    assert shown.call.limits == "Ne pas laisser de message, Ne pas écrire au domicile"
    assert "du Four" not in str(shown), "a protected address stays"
    assert shown.call.until is not None
    assert shown.call.until.astimezone(PARIS).strftime("%H:%M") == "11:30"
    way.place.to(shown.call.until)
    assert (way.line(referral).now, way.line(referral).why) == (False, "closed")


def test_without_a_contact_it_says_no_and_through_whom(way: Passing) -> None:
    asked = way.draft()
    assert (found := services.offering.preview(way.house.viola, way.place.number, asked).call)
    shown = way.received(services.sending.send(way.house.viola, way.place.number, asked))
    assert shown.call == found
    assert (found.now, found.why, found.through) == (False, "reserved", ASSOCIATION)
    assert not [each for each in SECRET if each in str(shown)]


@pytest.mark.parametrize(("changes", "why"), [({"hours": ""}, "no_hours"), ({"channel": "none"}, "none"), ({"value": ""}, "no_number")])
def test_what_is_not_certain_is_a_no(way: Passing, changes: dict[str, str], why: str) -> None:
    assert way.line(way.sent(LABEL)).now, "control"
    way.place.safe(**changes)
    found = way.line(way.sent(LABEL))
    assert (found.now, found.why) == (False, why)


def test_somebody_reached_as_anybody_has_no_such_line(way: Passing) -> None:
    referral = sent(way.town, followed(way.house, "Sans-Contact-Sûr"))
    assert way.received(referral).call is None


def test_a_change_stops_the_call_and_tells_both_sides_nothing_of_it(way: Passing) -> None:
    referral, bare = way.sent(LABEL), way.sent()
    assert way.line(referral).now, "control"
    way.place.safe(address="chez un voisin", release_wish="no")
    assert way.line(referral).now, "what does not travel changes nothing"
    way.place.safe(value=NEW)
    found = way.line(referral)
    assert (found.now, found.why, found.through, found.number) == (False, "changed", ASSOCIATION, "")
    shown = way.received(referral)
    assert NEW not in str(shown)
    assert [each.standing for each in shown.contacts] == [False]
    steps = rows(way.house, ReferralStep, referral_id=referral)
    assert [(each.step, each.actor_id) for each in steps if each.step.startswith("contact")] == [("contact_changed", None)]
    told = {(each.recipient_id, each.kind) for each in rows(way.house, Alert, reference=referral)}
    assert (way.house.charlie.user_id, "orientation_news") in told
    assert {way.line(bare).why, *(each.step for each in rows(way.house, ReferralStep, referral_id=bare))}.isdisjoint(
        {"changed", "contact_changed"}
    ), "one that carried none says what it said"
    (line,) = [each for each in services.orientations.inbox(way.house.viola).sent if each.id == referral]
    assert line.waits == "contact"
    due = [each for each in services.day.read(way.house.viola).due if each.code == "orientation_contact"]
    assert due
    assert not [each for each in SECRET if each in str(due)]
    way.place.safe(value=NEW, code_word="autre mot")
    assert len([each for each in rows(way.house, ReferralStep, referral_id=referral) if each.step == "contact_changed"]) == 1


def test_another_who_changes_it_alerts_its_sender(way: Passing) -> None:
    referral = way.sent(LABEL)
    page = services.records.compose(way.house.vera, way.place.number, "safety")
    texts = {**page.rows[0].texts, "must_not_answer": "Personne d’autre"}
    services.records.write(way.house.vera, way.place.number, "safety", [type(page.rows[0])(page.rows[0].id, page.rows[0].version, texts)])
    told = {each.kind for each in rows(way.house, Alert, recipient_id=way.house.viola.user_id, reference=referral)}
    assert told == {"orientation_contact"}
    assert referral not in {each.reference for each in services.day.read(way.house.viola).alerts}, "it stands among what is due, once"


def test_the_new_contact_is_added_and_the_former_stays_struck(way: Passing) -> None:
    referral = way.sent(LABEL)
    services.receiving.take(way.house.charlie, way.received(referral).id, "accepted")
    before = way.received(referral).items
    way.place.safe(value=NEW)
    mine = services.following.read(way.house.viola, referral)
    assert mine.stale
    assert mine.renewal is not None
    assert NEW in mine.renewal.text
    services.following.pass_on(way.house.viola, referral, mine.renewal.id)
    shown = way.received(referral)
    assert shown.call is not None
    assert (shown.call.now, shown.call.number) == (True, NEW)
    former, standing = shown.contacts
    assert (former.standing, NUMBER in former.text, NEW in former.text) == (False, True, False)
    assert (standing.standing, NUMBER in standing.text, NEW in standing.text) == (True, False, True)
    assert shown.contacts[-1].text == mine.renewal.text, "word for word what was shown"
    assert shown.items == before, "nothing else changes after acceptance"
    assert services.following.read(way.house.viola, referral).renewal is None
    with pytest.raises(NotFound):
        services.following.pass_on(way.house.viola, referral, mine.renewal.id)
    (line,) = [each for each in services.orientations.inbox(way.house.viola).sent if each.id == referral]
    assert line.waits == ""


def test_only_its_sender_and_only_what_was_shown(way: Passing) -> None:
    referral = way.sent(LABEL)
    way.place.safe(value=NEW)
    shown = services.following.read(way.house.viola, referral).renewal
    assert shown is not None
    theirs = services.following.read(way.house.vera, referral)
    assert (theirs.stale, theirs.renewal, theirs.contacts) == (True, None, ())
    for other in (way.house.vera, way.house.charlie, way.house.alice, way.house.bob):
        with pytest.raises(NotFound):
            services.following.pass_on(other, referral, shown.id)
    way.place.safe(value=NEW, code_word="encore un autre")
    with pytest.raises(InvalidInput) as wrong:
        services.following.pass_on(way.house.viola, referral, shown.id)
    assert set(wrong.value.problems) == {"contact"}
    assert len(rows(way.house, SafeContact, compartment_id=row(way.house, ReferralOut, id=referral).extract_id)) == 1
    way.renew(referral)
    assert way.line(referral).code_word == "encore un autre", "control"


def test_the_end_and_a_withdrawal_cut_it(way: Passing) -> None:
    ended, withdrawn = way.sent(LABEL), way.sent(LABEL)
    assert way.line(withdrawn).now, "control"
    services.receiving.take(way.house.charlie, way.received(ended).id, "declined", reason="full")
    services.following.take(way.house.viola, withdrawn, "withdrawn", reason="mistake")
    way.place.safe(value=NEW)
    for referral in (ended, withdrawn):
        assert "contact_changed" not in {each.step for each in rows(way.house, ReferralStep, referral_id=referral)}
        assert not services.following.read(way.house.viola, referral).stale
        with pytest.raises(NotFound):
            services.following.pass_on(way.house.viola, referral, "x")
        with pytest.raises(NotFound):
            way.received(referral)


def test_never_to_a_service_that_reaches_somebody_kept_apart_since(way: Passing) -> None:
    referral = way.sent(LABEL)
    way.place.safe(value=NEW)
    wall = Conflict(
        id="e" * 32, version=1, dossier_id=row(way.house, Dossier, number=way.place.number).id, user_id=way.house.celia.user_id,
        declared_at=way.house.clock.now(), origin="wall",
    )  # fmt: skip
    with way.house.instance.database.writing() as session:
        session.add(wall)
    shown = services.following.read(way.house.viola, referral).renewal
    assert shown is not None
    with pytest.raises(InvalidInput) as wrong:
        services.following.pass_on(way.house.viola, referral, shown.id)
    assert "celia" not in str(wrong.value.problems).lower()
    with pytest.raises(NotFound):
        services.receiving.read(way.house.celia, referral)
    with way.house.instance.database.writing() as session:
        session.delete(session.get_one(Conflict, "e" * 32))
    way.renew(referral)
    assert way.line(referral).number == NEW, "control"


def test_a_partner_without_an_account_has_the_same_line(way: Passing) -> None:
    referral, bare = way.sent(LABEL, to="link"), way.sent(to="link")
    about = About(REFERRAL, referral)
    cookie = enter(way.house, services.making.make(way.house.viola, about))
    page = services.visits.read(way.house.instance, cookie)
    assert page.call is not None
    assert (page.call.now, page.call.number, page.call.code_word) == (True, NUMBER, SAFE["code_word"])
    way.place.safe(value=NEW)
    page = services.visits.read(way.house.instance, cookie)
    assert page.call is not None
    assert (page.call.now, page.call.why, page.call.through) == (False, "changed", ASSOCIATION)
    assert NEW not in str(page)
    way.renew(referral)
    page = services.visits.read(way.house.instance, cookie)
    assert page.call is not None
    assert (page.call.now, page.call.number, len(page.contacts)) == (True, NEW, 2)
    cookie = enter(way.house, services.making.make(way.house.viola, About(REFERRAL, bare)))
    other = services.visits.read(way.house.instance, cookie).call
    assert other is not None
    assert (other.now, other.why, other.through) == (False, "reserved", ASSOCIATION)


def test_a_contact_without_its_step_counts_no_more(fresh_house: House) -> None:
    way = passing(fresh_house)
    way.place.to(way.place.monday(10))
    for name in ("charlie", "viola"):
        way.house.actors[name] = way.house.sign_in(name)
    referral = way.sent(LABEL)
    assert way.line(referral).now, "control"
    way.place.safe(value=NEW)
    way.renew(referral)
    assert way.line(referral).number == NEW, "control"
    tamper(way.house, "DELETE FROM referral_step WHERE referral_id = ? AND step = 'contact_passed'", (referral,))
    assert (way.line(referral).now, way.line(referral).why) == (False, "changed")
    tamper(way.house, "DELETE FROM referral_step WHERE referral_id = ? AND step = 'contact_changed'", (referral,))
    assert (way.line(referral).now, way.line(referral).why) == (False, "changed")


def test_rows_and_alerts_say_nothing_of_it(way: Passing) -> None:
    referral = way.sent(LABEL)
    way.place.safe(value=NEW)
    way.renew(referral)
    stored = str([vars(each) for model in (ReferralOut, ReferralStep, Alert, SafeContact) for each in rows(way.house, model)])
    assert not [each for each in SECRET if each in stored]
