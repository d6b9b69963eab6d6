"""The main job through the screens, on the real services and both engines: nothing here is stood in for."""

import re
from datetime import timedelta

import pytest

from casework import services
from casework.services.drafts import AccessQuery
from tests.house import House
from tests.web.conftest import Browser, served, words
from tests.web.test_referrals import SHARED, child

NAME = "Quibérac-Écran"


def enter(house: House, name: str) -> Browser:
    """Somebody signs in through the form, with a fresh code."""
    house.clock.advance(timedelta(seconds=61))
    browser, kept = Browser(served(house.instance).test_client()), house.people[name]
    answer = browser.sign_in(name, passphrase=kept.passphrase, code=kept.code(house.clock.now()))
    assert (answer.status_code, answer.location) == (303, "/")
    return browser


def leaves(house: House) -> int:
    """How many lines the ledger has. Asking adds one."""
    return services.accesses.read(house.ada, AccessQuery()).count


def added(house: House, before: int) -> int:
    """Lines since `before` was counted, without the asking."""
    return leaves(house) - before - 1


@pytest.fixture
def number(house: House) -> str:
    """A dossier that Alice leads."""
    return house.follow(NAME)


def test_the_lead_finds_opens_writes_and_corrects(house: House, number: str) -> None:
    """List, dossier, note once, correction visible; one line of the ledger for each answer."""
    alice = enter(house, "alice")
    assert alice.get("/").location == "/jour"
    before = leaves(house)
    assert NAME in alice.get("/dossiers").text
    page = alice.get(f"/dossiers/{number}")
    assert added(house, before) == 2
    assert NAME in words(page)
    assert "Vous êtes la référente" in words(page)
    form = f"/dossiers/{number}/notes/nouvelle"
    alice.get(form)
    hidden = {**(alice.hidden or {}), "kind": "observation", "compartment": "confidential", "occurred_on": "2026-03-01"}
    first, second = (alice.post(form, {**hidden, "body": "Reçue avec sa mère.\r\nCalme."}) for _ in range(2))
    assert first.location == second.location
    assert first.location is not None
    entry = first.location.partition("#note-")[2]
    page = alice.get(f"/dossiers/{number}")
    assert page.text.count("Reçue avec sa mère.\nCalme.") == 1
    assert f'id="note-{entry}"' in page.text
    alice.get(f"{form}?corrige={entry}")
    assert alice.submit(f"{form}?corrige={entry}", **{**hidden, **(alice.hidden or {}), "body": "Reçue avec son père."}).status_code == 303
    text = words(alice.get(f"/dossiers/{number}"))
    assert "Reçue avec son père." in text
    assert "Cette note a été corrigée." in text


def test_unknown_and_forbidden_are_one_page_and_one_leaf(house: House, number: str) -> None:
    """To a colleague of the other cell, to the auditor."""
    for name in ("charlie", "ada"):
        browser = enter(house, name)
        pages = []
        for asked in (number, "2026-9999"):
            before = leaves(house)
            answer = browser.get(f"/dossiers/{asked}")
            assert (answer.status_code, added(house, before)) == (404, 1)
            pages.append(re.sub(r'(nonce|value)="[^"]*"', "", answer.text))
        assert pages[0] == pages[1]


def test_a_school_head_sends_a_saisine_once(house: House) -> None:
    """Two clicks, one number; it is found again under « Mes saisines »."""
    hugo = enter(house, "hugo")
    hugo.get("/saisines/nouvelle")
    typed = {
        **(hugo.hidden or {}), **SHARED, **child(0, last_name="Quibérac-Saisine", birth_date="2012-04-05"), "cell": house.cells["nord"],
    }  # fmt: skip
    receipts = [words(hugo.post("/saisines/nouvelle", typed)) for _ in range(2)]
    numbers = {re.search(r"\d{4}-\d{4}", receipt).group() for receipt in receipts}  # type: ignore[union-attr]  # a receipt has a number
    assert len(numbers) == 1
    assert numbers.pop() in words(hugo.get("/dossiers"))


def test_what_the_service_refuses_stands_beside_its_field(house: House, number: str) -> None:
    """Too long a text, an age outside the programme."""
    alice, hugo = enter(house, "alice"), enter(house, "hugo")
    form = f"/dossiers/{number}/notes/nouvelle"
    alice.get(form)
    answer = alice.submit(form, kind="observation", compartment="confidential", occurred_on="2026-03-01", body="x" * 4001)
    assert answer.status_code == 422
    assert re.search(r'id="body-error".{0,200}4000 au plus', answer.text, re.DOTALL)
    hugo.get("/saisines/nouvelle")
    typed = {**SHARED, **child(0, birth_date="1970-01-01"), "facts": "x" * 501, "cell": house.cells["nord"]}
    answer = hugo.submit("/saisines/nouvelle", **typed)
    assert answer.status_code == 422
    assert 'id="children-0-birth_date-error"' in answer.text
    assert 'id="facts-error"' in answer.text


def test_readers_that_changed_are_shown_again(house: House, number: str) -> None:
    """Stella shares with Bob while Alice writes: 409, Bob's name, and then it goes through."""
    alice = enter(house, "alice")
    form = f"/dossiers/{number}/notes/nouvelle"
    alice.get(form)
    typed = {"kind": "observation", "compartment": "confidential", "occurred_on": "2026-03-01", "body": "Vue."}
    services.shares.give(house.stella, number, ["identity", "confidential"], "bob", until=house.clock.now() + timedelta(days=30))
    answer = alice.submit(form, **typed)
    assert answer.status_code == 409
    assert "ont changé pendant que vous écriviez" in words(answer)
    assert "Bob" in words(answer)
    assert alice.submit(form, **typed).status_code == 303


def test_the_auditor_reads_accesses_and_no_dossier(house: House, number: str) -> None:
    """Filtered by number: who, which rule, authorised or refused; never the name of the child."""
    enter(house, "alice").get(f"/dossiers/{number}")
    enter(house, "charlie").get(f"/dossiers/{number}")
    ada = enter(house, "ada")
    assert ada.get("/").location == "/journal"
    text = words(ada.get(f"/journal?dossier={number}"))
    assert "Alice" in text
    assert "Autorisé" in text
    assert NAME not in text
    assert "Refusé" in words(ada.get("/journal?issue=refused"))
    assert ada.get("/journal?page=99999999").status_code == 200
    assert ada.get("/journal?personne=%F0%9F%92%A9&du=2026-01-01&au=2026-12-31").status_code == 200


def test_an_idle_session_ends(house: House) -> None:
    """After half an hour; a kept secret does not outlive the sign-out either."""
    alice = enter(house, "alice")
    house.clock.advance(timedelta(minutes=31))
    assert alice.get("/dossiers").location == "/connexion"
    alice = enter(house, "alice")
    secret = alice.cookie("sid")
    assert secret is not None
    alice.get("/dossiers")
    alice.post("/deconnexion")
    alice.client.set_cookie("sid", secret)
    assert alice.get("/dossiers").location == "/connexion"
