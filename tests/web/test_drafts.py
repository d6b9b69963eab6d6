"""A text outlives its session: by the script's keeping, and by the form itself where there is no script."""

from datetime import timedelta

import pytest

from tests.house import House
from tests.services.meeting.decisions.test_tasks import owned
from tests.urgently import on_call
from tests.victims import follow, found_cell
from tests.web.conftest import Browser, served, words
from tests.web.test_real import enter

NAME = "Quibérac-Brouillon"
BODY = "Reçue avec sa mère, quai Neuf, à quatorze heures."


@pytest.fixture
def number(house: House) -> str:
    """A dossier that Alice leads."""
    return house.follow(NAME)


def begin(house: House, number: str) -> tuple[Browser, str, dict[str, str]]:
    """Alice at an empty note, and what she types."""
    alice, form = enter(house, "alice"), f"/dossiers/{number}/notes/nouvelle"
    alice.get(form)
    return (
        alice,
        form,
        {**(alice.hidden or {}), "kind": "observation", "compartment": "confidential", "occurred_on": "2026-03-01", "body": BODY},
    )


def return_to(house: House, browser: Browser, name: str) -> str:
    """Sign in again in the same browser; where one lands."""
    house.clock.advance(timedelta(seconds=61))
    kept = house.people[name]
    answer = browser.sign_in(name, passphrase=kept.passphrase, code=kept.code(house.clock.now()))
    assert answer.status_code == 303
    return answer.location or ""


def test_a_form_sent_after_the_session_ended_comes_back(house: House, number: str) -> None:
    """Without any script: to the door, which says so, and back to the form with the text in it."""
    alice, form, typed = begin(house, number)
    house.clock.advance(timedelta(minutes=31))
    answer = alice.post(form, typed)
    assert (answer.status_code, answer.location) == (303, "/connexion")
    door = words(alice.get("/connexion"))
    assert "est gardé : reconnectez-vous" in door
    assert BODY not in door
    assert return_to(house, alice, "alice") == form
    page = alice.get(form)
    assert BODY in words(page)
    assert "Brouillon de" in words(page)
    hidden = {**(alice.hidden or {}), **{name: typed[name] for name in ("kind", "compartment", "occurred_on", "body")}}
    assert alice.post(form, hidden).status_code == 303
    assert BODY not in words(alice.get(form))
    assert words(alice.get(f"/dossiers/{number}")).count(BODY) == 1


def test_the_script_keeps_and_the_form_shows_it(house: House, number: str) -> None:
    """While the session lives: kept, shown, deleted on request."""
    alice, form, typed = begin(house, number)
    kept = alice.post("/brouillons", {**typed, "brouillon": "note", "lieu": number})
    assert (kept.status_code, kept.json["state"]) == (200, "kept")  # type: ignore[index]  # it is an object
    assert BODY in words(alice.get(form))
    assert "Note, dossier" in words(alice.get("/brouillons"))
    assert alice.post("/brouillons/effacer", {"brouillon": "note", "lieu": number}).location == form
    assert BODY not in words(alice.get(form))


def test_the_script_keeps_after_the_session_ended(house: House, number: str) -> None:
    """It says that the session is over, and signing in leads back to the form."""
    alice, form, typed = begin(house, number)
    house.clock.advance(timedelta(minutes=31))
    kept = alice.post("/brouillons", {**typed, "brouillon": "note", "lieu": number})
    assert (kept.status_code, kept.json["state"]) == (200, "ended")  # type: ignore[index]  # it is an object
    assert alice.get(form).location == "/connexion"
    assert return_to(house, alice, "alice") == form
    assert BODY in words(alice.get(form))


def test_somebody_else_at_the_same_browser_gets_none_of_it(house: House, number: str) -> None:
    alice, form, typed = begin(house, number)
    house.clock.advance(timedelta(minutes=31))
    alice.post(form, typed)
    assert return_to(house, alice, "stella") == form
    assert BODY not in words(alice.get(form))
    assert BODY not in words(alice.get("/brouillons"))


@pytest.mark.parametrize("how", ["too_long_ago", "signed_out"])
def test_when_nothing_can_be_kept_the_page_says_so(house: House, number: str, how: str) -> None:
    alice, form, typed = begin(house, number)
    if how == "signed_out":
        alice.post("/deconnexion")
        alice.get("/connexion")
        typed["csrf_token"] = alice.token
    else:
        house.clock.advance(timedelta(hours=13))
    assert alice.post("/brouillons", {**typed, "brouillon": "note", "lieu": number}).status_code == 401
    assert alice.post(form, typed).location == "/connexion"
    assert "n’a pas pu être gardé" in words(alice.get("/connexion"))
    return_to(house, alice, "alice")
    assert BODY not in words(alice.get(form))


@pytest.mark.parametrize("path", ["/brouillons", "form"])
def test_the_token_is_asked_for_all_the_same(house: House, number: str, path: str) -> None:
    """Another site cannot overwrite a draft; with the token it is kept (positive control above)."""
    alice, form, typed = begin(house, number)
    house.clock.advance(timedelta(minutes=31))
    sent = {**typed, "brouillon": "note", "lieu": number, "csrf_token": "forged"}
    assert alice.client.post(form if path == "form" else path, data=sent).status_code == 400
    return_to(house, alice, "alice")
    assert BODY not in words(alice.get(form))


def test_the_answer_says_nothing_of_dossiers(house: House, number: str) -> None:
    """One that exists, one that does not, one that is somebody else's: the same answer."""
    charlie = enter(house, "charlie")
    charlie.get("/brouillons")
    answers = [charlie.post("/brouillons", {"body": "x", "brouillon": "note", "lieu": place}) for place in (number, "2026-9999", "nowhere")]
    assert {(each.status_code, each.text) for each in answers} == {(200, answers[0].text)}
    assert charlie.post("/brouillons", {"body": "x", "brouillon": "other", "lieu": number}).status_code == 422
    assert charlie.post("/brouillons", {"body": "é" * 33_000, "brouillon": "note", "lieu": number}).status_code in {413, 422}
    assert "Aucun brouillon" in words(charlie.get("/brouillons"))


def test_a_stranger_keeps_nothing(house: House, number: str, browser_of: Browser) -> None:
    """Without a session, or with a made-up one."""
    browser_of.get("/connexion")
    for secret in (None, "made-up"):
        if secret:
            browser_of.client.set_cookie("sid", secret)
        assert browser_of.post("/brouillons", {"body": "x", "brouillon": "note", "lieu": number}).status_code == 401


@pytest.fixture
def browser_of(house: House) -> Browser:
    """A browser that nobody signed in with, at the real application."""

    return Browser(served(house.instance).test_client())


def test_a_saisine_comes_back_too(house: House) -> None:
    """Its lists, its child and its facts; sent, nothing of it is kept."""
    hugo = enter(house, "hugo")
    hugo.get("/saisines/nouvelle")
    typed = {**(hugo.hidden or {}), "origin": "school", "motives": "absenteeism", "facts": BODY, "children-0-last_name": "Quibérac-Revient"}
    house.clock.advance(timedelta(minutes=31))
    assert hugo.post("/saisines/nouvelle", typed).location == "/connexion"
    assert return_to(house, hugo, "hugo") == "/saisines/nouvelle"
    page = hugo.get("/saisines/nouvelle")
    assert BODY in words(page)
    assert 'value="Quibérac-Revient"' in page.text
    assert "Brouillon de" in words(page)


def test_a_complement_comes_back_too(house: House) -> None:
    """To the page of the saisine, where the form stands; deposited, nothing of it is kept."""
    number = house.refer(house.hugo, "Quibérac-Complément")
    page, hugo = f"/saisines/{number}", enter(house, "hugo")
    hugo.get(page)
    typed = {**(hugo.hidden or {}), "body": BODY}
    assert hugo.post("/brouillons", {**typed, "brouillon": "complement", "lieu": number}).status_code == 200
    assert BODY in words(hugo.get(page))
    assert f'href="{page}#complement"' in hugo.get("/brouillons").text
    house.clock.advance(timedelta(minutes=31))
    assert hugo.post(f"{page}/complement", {**typed, "body": BODY + " Encore."}).location == "/connexion"
    assert return_to(house, hugo, "hugo") == f"{page}#complement"
    assert BODY + " Encore." in words(hugo.get(page))
    assert hugo.submit(f"{page}/complement", body=BODY).status_code == 303
    assert BODY not in words(hugo.get(page))
    assert "Complément" not in words(hugo.get("/brouillons"))


def test_a_result_comes_back_too(house: House) -> None:
    """What was done, sent too late; told, it is no draft any more. Somebody else’s draft of it is not kept in their list."""
    _, line = owned(house)
    form, hugo = f"/actions/{line.id}", enter(house, "hugo")
    hugo.get(form)
    typed = {**(hugo.hidden or {}), "status": "done", "text": BODY}
    house.clock.advance(timedelta(minutes=31))
    assert hugo.post(form, typed).location == "/connexion"
    assert return_to(house, hugo, "hugo") == form
    page = hugo.get(form)
    assert BODY in words(page)
    assert 'value="done" checked' in page.text
    listed = words(hugo.get("/brouillons"))
    assert "Résultat d’une action" in listed
    assert line.id not in listed
    hugo.get(form)
    assert hugo.submit(form, status="done", text=BODY).status_code == 303
    assert "Résultat d’une action" not in words(hugo.get("/brouillons"))
    charlie = enter(house, "charlie")
    charlie.get("/brouillons")
    charlie.post("/brouillons", {"text": BODY, "brouillon": "report", "lieu": line.id})
    assert "Résultat d’une action" not in words(charlie.get("/brouillons"))


def test_an_acces_urgent_and_a_release_come_back_too(fresh_house: House) -> None:
    """The reason and the alert, by the form itself."""
    house = fresh_house
    found_cell(house)
    number = follow(house, "Quibérac-Urgence")
    on_call(house, "alice")
    for name, form in (("alice", "/acces-urgent"), ("viola", f"/dossiers/{number}/sortie"), ("viola", f"/dossiers/{number}/joindre")):
        somebody = enter(house, name)
        somebody.get(form)
        house.clock.advance(timedelta(minutes=31))
        assert somebody.post(form, {**(somebody.hidden or {}), "text": BODY}).location == "/connexion"
        assert return_to(house, somebody, name) == form
        page = somebody.get(form)
        assert BODY in words(page)
        assert "Brouillon de" in words(page)
