"""Rooms of services that only write down what the screens ask of them: whether a form reached its verb."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from casework import services
from casework.errors import NotFound
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
