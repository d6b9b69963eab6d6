"""A partner without an account opens what was sealed for them, answers once, and the sender reads it."""

from datetime import date, timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, LinkRefused, NotFound
from casework.ledger import accesses, verify
from casework.models.base import recorded_models
from casework.models.orientations import PartnerAnswer, PartnerLink, ReferralOut, ReferralStep
from casework.services.partner.views import About, PartnerDraft
from tests.attacks.sql import row, rows
from tests.house import House
from tests.services.partner.partners import CONTACT, WORDS, accept, enter, link_rows, orientation


@pytest.fixture
def sent(house: House) -> About:
    """An orientation of Alice's, sent by link."""
    return orientation(house.alice, house.follow("Quibérac-Lien"))


def test_secret_and_code_open_it_and_an_answer_comes_back(house: House, sent: About) -> None:
    made = services.making.make(house.alice, sent)
    cookie = enter(house, made)
    page = services.visits.read(house.instance, cookie)
    assert [each.value for each in page.items] == [WORDS]
    assert [each.code for each in page.answers] == ["accepted", "declined", "told"]
    services.visits.answer(house.instance, cookie, accept(on=date(2026, 3, 20)))
    (line,) = services.watching.page(house.alice, sent).answers
    assert line.answer is not None
    assert (line.kept, line.answer.code, line.on, line.text) == (True, "accepted", date(2026, 3, 20), CONTACT)
    assert services.watching.page(house.alice, sent).link is None
    steps = [(each.step, each.actor_id, bool(each.link_id)) for each in rows(house, ReferralStep, referral_id=sent.id)]
    assert sorted(steps) == [("accepted", None, True), ("proposed", house.alice.user_id, False), ("received", None, True)]
    assert row(house, ReferralOut, id=sent.id).status == "accepted"


def test_the_sender_sees_made_opened_until_and_ends_it(house: House, sent: About) -> None:
    made = services.making.make(house.alice, sent)
    shown = services.watching.page(house.alice, sent).link
    assert shown is not None
    assert (shown.mine, shown.opened_at, shown.until - shown.made_at) == (True, None, timedelta(hours=72))
    enter(house, made)
    assert (again := services.watching.page(house.alice, sent).link) is not None
    assert again.opened_at is not None
    services.making.end(house.alice, sent)
    services.making.end(house.alice, sent)
    assert services.watching.page(house.alice, sent).link is None
    with pytest.raises(LinkRefused):
        enter(house, made)


def test_a_new_link_ends_the_former(house: House, sent: About) -> None:
    former, now = services.making.make(house.alice, sent), services.making.make(house.alice, sent)
    with pytest.raises(LinkRefused):
        enter(house, former)
    assert enter(house, now), "control"
    assert len(rows(house, PartnerLink, referral_id=sent.id)) == 1


def test_only_who_may_pass_on_and_holds_what_was_chosen_makes_one(house: House, sent: About) -> None:
    for other in (house.bob, house.charlie, house.ada, house.paula):
        with pytest.raises(NotFound):
            services.making.make(other, sent)
        with pytest.raises(NotFound):
            services.watching.page(other, sent)
    with pytest.raises(InvalidInput):  # she keeps the dossier, not what Alice chose
        services.making.make(house.stella, sent)
    with pytest.raises(NotFound):
        services.making.make(house.alice, About("referral", "0" * 32))
    assert services.making.make(house.alice, sent).code, "control"


def test_what_a_steward_does_not_hold_stays_closed_to_them(house: House, sent: About) -> None:
    services.visits.answer(house.instance, enter(house, services.making.make(house.alice, sent)), accept())
    (line,) = services.watching.page(house.stella, sent).answers
    assert (line.kept, line.answer, line.text) == (False, None, "")


def test_a_decline_says_why_and_ends_the_orientation(house: House, sent: About) -> None:
    cookie = enter(house, services.making.make(house.alice, sent))
    with pytest.raises(InvalidInput) as problem:
        services.visits.answer(house.instance, cookie, PartnerDraft("declined"))
    assert set(problem.value.problems) == {"reason"}
    services.visits.answer(house.instance, cookie, PartnerDraft("declined", reason="full", text="jeté"))
    found = row(house, ReferralOut, id=sent.id)
    assert (found.status, found.reason, found.ended_at is not None) == ("declined", "full", True)
    (line,) = services.watching.page(house.alice, sent).answers
    assert (line.reason and line.reason.code, line.text) == ("full", "")
    assert services.watching.page(house.alice, sent).why


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PartnerDraft(""), "answer"),
        (PartnerDraft("ended"), "answer"),
        (PartnerDraft("told", on=date(2026, 3, 1)), "result"),
        (PartnerDraft("told", result="done"), "on"),
        (PartnerDraft("told", result="done", on=date(1999, 1, 1)), "on"),
        (PartnerDraft("told", result="done", on=date(2026, 3, 1), text="x" * 81), "text"),
        (PartnerDraft("accepted", text="a\x07b"), "text"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(house: House, sent: About, draft: PartnerDraft, field: str) -> None:
    cookie = enter(house, services.making.make(house.alice, sent))
    with pytest.raises(InvalidInput) as problem:
        services.visits.answer(house.instance, cookie, draft)
    assert set(problem.value.problems) == {field}
    assert not rows(house, PartnerAnswer, referral_id=sent.id)
    services.visits.answer(house.instance, cookie, accept())


def test_after_acceptance_a_second_link_asks_for_a_result_only(house: House, sent: About) -> None:
    services.visits.answer(house.instance, enter(house, services.making.make(house.alice, sent)), accept())
    cookie = enter(house, services.making.make(house.alice, sent))
    assert [each.code for each in services.visits.read(house.instance, cookie).answers] == ["told"]
    services.visits.answer(house.instance, cookie, PartnerDraft("told", result="done", on=date(2026, 3, 2), text=CONTACT))
    assert len(services.watching.page(house.alice, sent).answers) == 2
    assert row(house, ReferralOut, id=sent.id).status == "accepted"


def test_every_act_leaves_its_leaf_and_the_ledger_holds(house: House, sent: About) -> None:
    number = services.watching.page(house.alice, sent).number
    made = services.making.make(house.alice, sent)
    cookie = enter(house, made)
    services.visits.read(house.instance, cookie)
    services.visits.answer(house.instance, cookie, accept())
    with house.instance.database.reading() as session:
        found, _ = accesses(session, number=number, limit=4)
    told = [(each.leaf.action, each.leaf.actor, dict(each.leaf.dossiers).get(number), bool(each.leaf.writes)) for each in reversed(found)]
    link = found[0].leaf.facts["link"]
    assert told == [
        ("partner.link", house.alice.user_id, ("extract",), False),
        ("partner.enter", None, (), True),
        ("partner.read", None, ("extract",), False),
        ("partner.answer", None, ("extract",), True),
    ]
    assert all(each.leaf.facts["link"] == link for each in found)
    with house.instance.database.reading() as session:
        assert verify(session, saved=None, recorded=recorded_models()).ok


def test_leaving_ends_the_visit_and_not_the_link(house: House, sent: About) -> None:
    made = services.making.make(house.alice, sent)
    cookie = enter(house, made)
    services.visits.leave(house.instance, cookie)
    for act in (services.visits.read, services.visits.leave):
        with pytest.raises(LinkRefused):
            act(house.instance, cookie)
    assert services.visits.read(house.instance, enter(house, made)).items, "control: the link itself lives"


def test_what_a_partner_pastes_is_read_however_it_was_copied(house: House, sent: About) -> None:
    made = services.making.make(house.alice, sent)
    for pasted in (made.secret, f" {made.secret}\n", f"https://valmorel.example/lien#{made.secret}"):
        assert services.entering.enter(house.instance, pasted, made.code.replace(" ", "-"), address="192.0.2.9")


def test_nothing_is_made_for_a_dossier_that_was_closed_long_ago(house: House, sent: About) -> None:
    """Neutral, whatever ended: here the sender withdraws the orientation while a visit is open."""
    made = services.making.make(house.alice, sent)
    cookie = enter(house, made)
    services.visits.answer(house.instance, cookie, PartnerDraft("declined", reason="full"))
    assert link_rows(house.instance) == len([each for each in rows(house, PartnerLink) if each.referral_id != sent.id])
    with pytest.raises(InvalidInput):
        services.making.make(house.alice, sent)
