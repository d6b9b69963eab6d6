"""Nothing changes without the token of a page of ours. Protection is never switched off, in tests neither."""

import re
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from casework import services
from casework.errors import NotFound
from tests.web.conftest import SignedIn
from tests.web.forms import ADDRESSES, FORMS
from tests.web.standin import Town

AT_EVERY_REQUEST = {"sessions.resume", "profile.of"}
LINE = services.views.Choice("to_certify", "clés à certifier")


class Room:
    """A room of services that says what it was asked. Where the town has no answer, nothing is found."""

    def __init__(self, name: str, behind: Any, asked: list[str]) -> None:
        self._name, self._behind, self._asked = name, behind, asked

    def __getattr__(self, verb: str) -> Any:
        found = getattr(self._behind, verb, None)
        return found if found is not None and not callable(found) else self._verb(verb, found)

    def _verb(self, verb: str, found: Callable[..., Any] | None) -> Callable[..., Any]:
        def ask(*given: Any, **named: Any) -> Any:
            name = f"{self._name}.{verb}"
            if name not in AT_EVERY_REQUEST:
                self._asked.append(name)
            if found is None:
                raise NotFound(name)
            return found(*given, **named)

        return ask


def accounts_line(_actor: object, account: str) -> SimpleNamespace:
    """The account whose page the officer's three small forms stand on: an office, so that each has a use."""
    return SimpleNamespace(id=account, username="nina", name="Nina", state=LINE, office=False, email="")


@pytest.fixture
def asked(town: Town, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every verb the screens ask for from now on, by name; no real one is ever reached."""
    heard: list[str] = []
    for name in services.__all__:
        behind = getattr(services, name)
        if isinstance(behind, ModuleType | SimpleNamespace):
            answers = behind if isinstance(behind, SimpleNamespace) else None
            answers = SimpleNamespace(account=accounts_line) if name == "rosters" else answers
            monkeypatch.setattr(services, name, Room(name, answers, heard))
    enter = services.sign_in

    def sign_in(*given: Any, **named: Any) -> Any:
        heard.append("sign_in")
        return enter(*given, **named)

    monkeypatch.setattr(services, "sign_in", sign_in)
    return heard


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
