"""Of two people at the same form, the second sees what the first saved and keeps what they chose. On the real services."""

import re

import pytest

from tests.house import House
from tests.web.conftest import words
from tests.web.test_real import enter
from tests.web.test_referrals import SHARED, child


def test_a_second_lead_is_not_named_over_the_first(house: House) -> None:
    """409, the one who stands, the choice kept; sent again from there, it goes through."""
    number = house.follow("Quibérac-Écran-Relais")
    form, stella = f"/dossiers/{number}/reference", enter(house, "stella")
    stella.get(form)
    at_first = dict(stella.hidden or {})
    assert at_first["seen"] == "alice"
    assert stella.post(form, {**at_first, "lead": "bob"}).status_code == 303
    answer = stella.post(form, {**at_first, "lead": "hugo"})
    assert answer.status_code == 409
    assert "C’est maintenant Bob" in words(answer)
    assert re.search(r'<option selected value="hugo">', answer.text)
    assert "Bob" in words(stella.get(f"/dossiers/{number}"))
    stella.post(form, {**at_first, "lead": "hugo"})
    assert stella.submit(form, lead="hugo").status_code == 303


def test_a_second_examination_says_what_the_first_decided(house: House) -> None:
    """Not that the page does not exist; and the same decision twice is still one. To others the page stays unknown."""
    number = house.refer(house.hugo, "Quibérac-Écran-Examen")
    form, stella = f"/saisines/{number}/examen", enter(house, "stella")
    stella.get(form)
    kept = {**(stella.hidden or {}), "outcome": "retained", "lead": "alice", "next_date": "2026-09-01"}
    assert [stella.post(form, kept).status_code for _ in range(2)] == [303, 303]
    answer = stella.post(form, {**kept, "outcome": "redirected", "redirected_to": "mediation", "lead": ""})
    assert answer.status_code == 409
    text = words(answer)
    stands, chosen = text.split("Ce que vous aviez choisi")
    assert "Alice" in stands
    assert "01/09/2026" in stands
    assert "Alice" not in chosen
    assert f"dossier {number}" in chosen
    alice = enter(house, "alice")
    alice.get("/dossiers")
    assert alice.post(form, {"outcome": "not_retained"}).status_code == 404


@pytest.mark.parametrize("doubled", ["facts", "origin", "children-0-last_name"])
def test_a_field_of_a_saisine_that_comes_twice_is_said_at_the_field(house: House, doubled: str) -> None:
    """Nothing is sent and nothing dropped in silence; several motives are no double, and once is enough."""
    hugo = enter(house, "hugo")
    hugo.get("/saisines/nouvelle")
    typed = {**(hugo.hidden or {}), **SHARED, **child(0, last_name="Quibérac-Double"), "cell": house.cells["nord"]}
    answer = hugo.post("/saisines/nouvelle", {**typed, doubled: [typed[doubled], "autre"]})
    assert answer.status_code == 422
    assert re.search(rf'id="{doubled}-error".{{0,200}}arrivé deux fois', answer.text, re.DOTALL)
    assert answer.text.count("arrivé deux fois") == 2  # at the field and in the summary
    assert hugo.post("/saisines/nouvelle", typed).status_code == 201


def test_a_field_of_another_form_that_comes_twice_is_said_too(house: House) -> None:
    """A note; and an examination, whose other checks are the service’s."""
    number, waiting = house.follow("Quibérac-Note-Double"), house.refer(house.hugo, "Quibérac-Examen-Double")
    alice, stella = enter(house, "alice"), enter(house, "stella")
    form = f"/dossiers/{number}/notes/nouvelle"
    alice.get(form)
    typed = {"kind": "observation", "compartment": "confidential", "occurred_on": "2026-03-01", "body": "Vue."}
    answer = alice.submit(form, **{**typed, "body": ["Vue.", "Revue."]})
    assert answer.status_code == 422
    assert re.search(r'id="body-error".{0,200}arrivé deux fois', answer.text, re.DOTALL)
    assert alice.submit(form, **typed).status_code == 303
    form = f"/saisines/{waiting}/examen"
    stella.get(form)
    assert stella.submit(form, outcome=["not_retained", "redirected"]).status_code == 422
    assert stella.submit(form, outcome="not_retained").status_code == 303
