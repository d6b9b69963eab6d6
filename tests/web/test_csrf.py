"""Nothing changes without the token of a page of ours. Protection is never switched off, in tests neither."""

import re

import pytest
from flask import Flask

from tests.web.conftest import SignedIn
from tests.web.forms import ADDRESSES, FORMS
from tests.web.standin import Town


def test_every_form_is_listed_here(app: Flask) -> None:
    """A new one must be added to `tests/web/forms.py`."""

    def filled(rule: str) -> str:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: ADDRESSES[part[1]], rule)

    assert {filled(rule.rule) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())} == set(FORMS)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "wrong", "other"])
def test_without_our_token_nothing_happens(signed_in: SignedIn, town: Town, asked: list[str], path: str, token: str) -> None:
    """Missing, wrong, or of another person's session: 400, and no service is asked."""
    browser, other = signed_in("maelle"), signed_in("paul")
    live = dict(town.live)
    asked.clear()
    answer = browser.client.post(path, data={**FORMS[path].typed, "csrf_token": other.token if token == "other" else token})
    assert answer.status_code == 400
    assert "Demande refusée" in answer.text
    assert (asked, town.live) == ([], live)


@pytest.mark.parametrize("path", FORMS)
def test_control_with_our_token_it_happens(signed_in: SignedIn, asked: list[str], path: str) -> None:
    """The same forms, with the token, reach the verb they are there for; 404 where the town has nothing behind it."""
    browser = signed_in("maelle")
    asked.clear()
    answer = browser.post(path, FORMS[path].typed)
    assert answer.status_code in {200, 201, 303, 404}
    assert FORMS[path].verb in asked
