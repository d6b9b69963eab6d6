"""What a fifth round of attackers tried on victims' support: whoever is walled off and reviews, what outlives an end, what a wall costs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, LinkRefused, NotFound
from casework.jobs.system import System
from casework.models.attention import Alert
from casework.models.dossiers import Dossier
from casework.models.meetings import Task
from casework.models.orientations import PartnerLink
from casework.models.people import Institution
from casework.models.support import PlannedContact
from casework.models.walls import DossierLink
from casework.services.drafts import AccessQuery
from casework.services.meeting import reminding
from casework.services.meeting.decisions import carrying
from casework.services.meeting.decisions.outcome_views import ReportDraft, TaskRow
from casework.services.partner.views import TASK, About
from casework.services.safety.views import ContactDraft
from casework.services.support import awaiting, erasing
from casework.services.support.erasing import erase_unagreed
from casework.services.unit import Unit, writing
from casework.services.views import AccessLine
from casework.services.wall import staying
from tests.attacks.sql import row, rows
from tests.house import House
from tests.services.meeting.outcome import SOON, close, decide, sitting, task
from tests.services.meeting.room import reads
from tests.services.orientation import oriented
from tests.services.partner.partners import ACTION, enter
from tests.services.safety.place import NUMBER, Place, founded
from tests.services.safety.place import SAFE as SAFE_CONTACT
from tests.services.support.calls import call, ready
from tests.services.wall.town import apart as set_apart
from tests.services.wall.town import second_steward, stay, wall
from tests.web.conftest import words
from tests.web.costs import Meter
from tests.web.test_drafts import return_to
from tests.web.test_real import enter as enter_web

WHY = "Elle l’a demandé hier, au guichet."
QUAY = "Atelier du quai"
WORDS, TOMORROW = "Appeler le collège.", date(2026, 3, 3)
NAME, SAFE = "Quibérac-Refus", "06 39 98 12 12"


@pytest.fixture
def place(fresh_house: House) -> Place:
    """Viola and Vera follow somebody; Alice leads."""
    return founded(fresh_house)


def planned(place: Place, channel: str = "call", *, against: bool = False) -> str:
    """Viola plans to reach the person on Monday: in the safe hours, or against them."""
    aside = {"override": "person_asked", "text": WHY} if against else {}
    draft = ContactDraft(channel, "appointment", place.monday(20 if against else 10), **aside)
    return services.reaching.plan(place.house.viola, place.number, draft)


def by_link(house: House, number: str) -> About:
    """An action that a meeting gave to a workshop without an account."""
    services.accounts.add_institution(house.oscar, QUAY, "association")
    quay = row(house, Institution, name=QUAY).id
    room = sitting(house, {number: ["alice"]})
    decide(room, number, actions=(TaskRow(ACTION, f"{carrying.OUTSIDE}{quay}", SOON),))
    close(room)
    return About(TASK, row(house, Task, institution_id=quay, status="open").id)


def test_a_walled_reviewer_sees_no_precaution_that_was_set_aside(place: Place) -> None:
    """The data-protection officer is the former partner: no number, author, or typed word. Control: before it they do."""
    house, contact = place.house, planned(place, against=True)
    assert place.number in str(services.overrides.waiting(house.dora)), "control"
    assert services.overrides.read(house.dora, contact).text == WHY, "control"
    wall(house, place.number, "dora", by="vera")
    assert services.overrides.waiting(house.dora) == ()
    with pytest.raises(NotFound):
        services.overrides.read(house.dora, contact)


def test_a_walled_officer_is_not_told_that_somebody_stays(fresh_house: House) -> None:
    """The alert has no number, so no list hides it: it must not be left. Control: without the wall it is."""
    house = fresh_house
    for name, told in (("Quibérac-Dite", 1), ("Quibérac-Tue", 1)):
        hers, his = house.follow(name), house.follow("Ploumanac-Lui", lead="bob")
        if name.endswith("Tue"):
            wall(house, hers, "dora")
        set_apart(house, hers, his)
        assert len(rows(house, Alert, recipient_id=house.dora.user_id, kind="both_sides")) == told, name


def test_a_link_to_an_action_goes_with_the_keys_of_what_is_erased(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Erased by key: link, code, pepper and database together open nothing any more. Control: the day before they do."""
    monkeypatch.setattr(erasing, "takes_calls", lambda _programme: True)  # an ordinary dossier stands for one that took a call
    house, number = fresh_house, fresh_house.follow("Quibérac-Efface")
    about = by_link(house, number)
    with writing(house.stella, "agreement.record") as unit:
        awaiting.keep(unit, row(house, Dossier, number=number).id, "not_sought", reason="danger")
    house.clock.advance(timedelta(days=15))
    made = services.making.make(house.stella, about)
    assert not erase_unagreed(System(house.instance)).erased
    assert services.visits.read(house.instance, enter(house, made)).items, "control"
    house.clock.advance(timedelta(days=1))
    assert erase_unagreed(System(house.instance)).erased == 1
    assert not rows(house, PartnerLink)
    with pytest.raises(LinkRefused):
        enter(house, made)


def test_who_withdrew_is_not_called_nor_written_to_any_more(place: Place) -> None:
    """Control: until then Viola's day has the call, another can be planned, and the first line says yes with number and code word."""
    house = place.house
    contact = planned(place)
    place.to(place.monday(9))
    assert planned(place, against=True), "control: against a rule, with a reason"

    def due() -> set[str]:
        return {each.code for each in services.day.read(house.viola).due if each.number == place.number}

    assert "contact" in due(), "control"
    before = house.open(house.viola, place.number).call
    assert before is not None
    assert (before.now, before.number, before.code_word) == (True, NUMBER, SAFE_CONTACT["code_word"]), "control"
    services.withdrawing.withdraw(house.vera, place.number)
    assert "contact" not in due()
    assert row(house, PlannedContact, id=contact).state == "dropped"
    after = house.open(house.viola, place.number).call
    assert after is not None
    assert (after.now, after.why, after.number, after.code_word) == (False, "withdrawn", "", "")
    assert services.reaching.prepare(house.viola, place.number).call == after
    for channel in ("call", "letter", "message", "visit"):
        for against in (False, True):
            with pytest.raises(InvalidInput) as refused:
                planned(place, channel, against=against)
            assert "mis fin au suivi" in str(refused.value.problems["form"]), channel


def test_who_withdrew_is_read_through_no_link_any_more(fresh_house: House) -> None:
    """The action of a partner without an account. Control: until then it opens."""
    house, number = fresh_house, fresh_house.follow("Quibérac-Retrait")
    made = services.making.make(house.stella, by_link(house, number))
    cookie = enter(house, made)
    assert services.visits.read(house.instance, cookie).items, "control"
    services.withdrawing.withdraw(house.alice, number)
    with pytest.raises(LinkRefused):
        services.visits.read(house.instance, cookie)
    with pytest.raises(LinkRefused):
        enter(house, made)
    assert not rows(house, PartnerLink)


def test_who_withdrew_is_nobodys_action_any_more(fresh_house: House) -> None:
    """Hugo reads nothing of it, is reminded of nothing, and is told once that it ended. Control: another file's action stays, and this
    one was there until then; so could a call be planned.
    """
    house = fresh_house
    number, other = house.follow("Quibérac-Tâche"), house.follow("Quibérac-Reste")
    room = sitting(house, {number: ["alice"], other: ["alice"]}, people=["hugo"])
    for each in (number, other):
        actions = (task(house, "hugo", WORDS, due=TOMORROW), task(house, "hugo", WORDS, due=TOMORROW + timedelta(days=9)))
        decide(room, each, actions=actions, questions=(task(house, "hugo", WORDS),))
    close(room)
    tomorrow = house.clock.now() + timedelta(days=1)
    services.reaching.plan(house.alice, number, ContactDraft("call", "news", tomorrow))  # control
    asked = [each for each in services.tasks.board(house.hugo).mine if each.number == number]
    assert [(each.text, each.reportable) for each in asked] == [(WORDS, True)] * 3, "control"
    assert reads(house, "hugo", number) == {"extract", "identity", "decisions"}, "control"
    services.withdrawing.withdraw(house.alice, number)
    board = services.tasks.board(house.hugo)
    assert number not in repr(board)
    assert [each.text for each in board.mine if each.number == other] == [WORDS] * 3, "control"
    with pytest.raises(NotFound):
        house.open(house.hugo, number)
    for line in asked:
        with pytest.raises(NotFound):
            services.reporting.report(house.hugo, line.id, ReportDraft("done", "C’est fait."))
    assert reminding.remind(System(house.instance)).due == 1, "control: of the other file"
    told = [(each.kind, each.number) for each in services.day.read(house.hugo).alerts]
    assert [kind for kind, which in told if which == number and kind.startswith("task_")] == ["task_over"]
    with pytest.raises(InvalidInput):
        services.reaching.plan(house.alice, number, ContactDraft("call", "news", tomorrow))


def test_asking_to_stay_costs_the_same_whatever_is_behind(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sam keeps both sides since she came, and nobody left her the choice. Control: who was left it is let through."""
    house = fresh_house
    hers, his = house.follow("Quibérac-Elle"), house.follow("Ploumanac-Lui", lead="bob")
    for number in (hers, his):
        services.shares.give(house.stella, number, ["identity"], "hugo", until=None)
    set_apart(house, hers, his, sides={"hugo": "both"})
    second_steward(house)
    house.actors["sam"] = house.sign_in("sam")
    services.turnover.settle_pending(house.stella)
    meter, costs = Meter(house, monkeypatch), []
    for number in ("2026-9999", hers, "2026-9999", hers):
        with meter.measure() as cost, pytest.raises((NotFound, InvalidInput)):
            services.staying.stay(house.sam, his, number, stay(his))
        costs.append(replace(cost))
    assert costs[2] == costs[3]
    looked = staying.between

    def crossing(unit: Unit, number: str, other: str) -> DossierLink | None:
        link = looked(unit, number, other)
        unit.cross(*((link.dossier_id, link.other_id) if link is not None else ()))
        return link

    with monkeypatch.context() as unguarded, meter.measure() as cost:
        unguarded.setattr(staying, "between", crossing)
        with pytest.raises((NotFound, InvalidInput)):
            services.staying.stay(house.sam, his, hers, stay(his))
    assert cost != costs[2], "control: whoever looks behind it pays for it"
    services.staying.stay(house.hugo, his, hers, stay(his))  # control


def test_a_call_sent_again_from_behind_the_wall_breaks_nothing(fresh_house: House) -> None:
    """Paula sent it, and was walled off since: the same form again is refused like one that is spent. Control: before it is one saisine."""
    house = ready(fresh_house)
    draft = call(house)
    number = services.intake.send(house.paula, draft).number
    assert services.intake.send(house.paula, draft).number == number, "control"
    wall(house, number, "paula", by="vera")
    with pytest.raises(InvalidInput) as spent:
        services.intake.send(house.paula, draft)
    assert set(spent.value.problems) == {"submission"}
    assert len(rows(house, Dossier)) == 1


@pytest.mark.parametrize("late", [False, True])
def test_nothing_of_who_refused_is_kept_in_a_draft(fresh_house: House, late: bool) -> None:
    """By the script, or by a form sent after the session ended. Control: of who agreed the text is kept for its author."""
    house = ready(fresh_house)
    browser, form = enter_web(house, "paula"), "/saisir/appel"
    for agreement, kept in (("given", True), ("refused", False)):
        browser.get(form)
        typed = {**(browser.hidden or {}), "last_name": NAME, "first_name": "Armande", "value": SAFE, "agreement": agreement}
        if late:
            house.clock.advance(timedelta(minutes=31))
            assert browser.post(form, typed).status_code == 303
            return_to(house, browser, "paula")
        else:
            assert browser.post("/brouillons", {**typed, "brouillon": "call", "lieu": ""}).status_code == 200
        page = words(browser.get(form))
        draft = services.saved_drafts.opened(house.paula, "call", "")
        assert ([each in str(draft) for each in (NAME, SAFE)], draft is not None) == ([kept, kept], True), page[:200]


def test_a_walled_auditor_is_not_told_which_parts_were_opened(place: Place) -> None:
    """The line of a leaf stays, without number and without what it opened. Control: before the wall both are told."""
    house = place.house
    services.reaching.prepare(house.viola, place.number)

    def lines() -> list[AccessLine]:
        found = services.accesses.read(house.ada, AccessQuery()).lines
        return [each for each in found if each.person == "Viola" and each.action == found_action]

    found_action = next(each.action for each in services.accesses.read(house.ada, AccessQuery()).lines if place.number in each.dossiers)
    assert any(each.compartments and each.dossiers for each in lines()), "control"
    wall(house, place.number, "ada", by="vera")
    assert lines()
    assert not any(each.compartments or each.dossiers for each in lines())


def test_a_form_sent_again_with_another_answer_is_not_the_same_form(fresh_house: House) -> None:
    """Back, and « refuse » this time: nobody is told that it was sent. Control: the very same form twice is one orientation."""
    town = oriented.town(fresh_house)
    number = oriented.followed(fresh_house, "Quibérac-Retour")
    first = oriented.draft(town, number)
    sent = services.sending.send(fresh_house.alice, number, first)
    assert services.sending.send(fresh_house.alice, number, first) == sent, "control"
    with pytest.raises(InvalidInput) as refused:
        services.sending.send(fresh_house.alice, number, replace(first, agreement="refused"))
    assert "agreement" in refused.value.problems
    assert services.sending.send(fresh_house.alice, number, replace(first, pieces=())) != sent
