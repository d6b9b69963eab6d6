"""Nothing changes without the token of a page of ours. Protection is never switched off, in tests neither."""

import pytest
from flask import Flask

from tests.web.conftest import SignedIn
from tests.web.standin import NUMBER, Town

FORMS = {
    "/connexion": {"username": "aude", "passphrase": "lanterne-marée-0", "code": "123456"},
    "/deconnexion": {},
    f"/dossiers/{NUMBER}/notes/nouvelle": {
        "kind": "observation", "compartment": "social", "occurred_on": "2026-11-20", "body": "Vu.", "submission": "1" * 32,
    },
    "/saisines/nouvelle": {
        "cell": "c1", "last_name": "Sow", "first_name": "Tidiane", "sex": "m", "birth_date": "2010-05-01", "commune": "Valmorel",
        "origin": "school", "motives": "isolation", "facts": "Absent.", "submission": "2" * 32,
    },
}  # fmt: skip


def test_every_form_is_listed_here(app: Flask) -> None:
    """A new one must be added above."""
    posts = {rule.rule.replace("<number:number>", NUMBER) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts == set(FORMS)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "wrong", "other"])
def test_without_our_token_nothing_happens(signed_in: SignedIn, town: Town, path: str, token: str) -> None:
    """Missing, wrong, or of another person's session: 400, and no service is asked."""
    browser, other = signed_in("maelle"), signed_in("paul")
    before, live = list(town.asked), dict(town.live)
    answer = browser.client.post(path, data={**FORMS[path], "csrf_token": other.token if token == "other" else token})
    assert answer.status_code == 400
    assert "Demande refusée" in answer.text
    assert (town.asked, town.live) == (before, live)


@pytest.mark.parametrize("path", FORMS)
def test_control_with_our_token_it_happens(signed_in: SignedIn, town: Town, path: str) -> None:
    """The same forms, with the token."""
    browser = signed_in("maelle")
    before = (list(town.asked), dict(town.live))
    assert browser.post(path, FORMS[path]).status_code in {201, 303}
    assert (town.asked, town.live) != before
