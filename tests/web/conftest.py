"""A browser without a screen: Flask's own test client, CSRF on, that reads the token from the page as a browser does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from casework.services import Instance
from casework.web import create_app
from tests.web.asked import asked
from tests.web.standin import CODE, PASSPHRASE, Town

__all__ = ["asked"]

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Browser:
    """One person's browser."""

    client: FlaskClient
    token: str = ""
    hidden: dict[str, str] | None = None

    def get(self, path: str, **given: Any) -> TestResponse:
        """Open a page and keep what its forms carry."""
        return self._keep(self.client.get(path, **given))

    def post(self, path: str, data: dict[str, Any] | None = None, **given: Any) -> TestResponse:
        """Send a form with the token of the last page."""
        return self._keep(self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **given))

    def submit(self, path: str, **typed: Any) -> TestResponse:
        """Send the form of the last page: its hidden fields and what was typed."""
        return self.post(path, {**(self.hidden or {}), **typed})

    def sign_in(self, username: str, **changes: str) -> TestResponse:
        """Through the form, as anybody does."""
        self.get("/connexion")
        return self.post("/connexion", {"username": username, "passphrase": PASSPHRASE, "code": CODE, **changes})

    def cookie(self, name: str) -> str | None:
        """The value of a cookie, if the browser has it."""
        found = self.client.get_cookie(name)
        return found.value if found else None

    def _keep(self, response: TestResponse) -> TestResponse:
        found = TOKEN.search(response.text) if response.mimetype == "text/html" else None
        if found:
            self.token = found.group(1)
            self.hidden = {name: unescape(value) for name, value in HIDDEN.findall(response.text)}
        return response


class Compiled(BytecodeCache):
    """Templates compiled once in a run: applications are made by the dozen here, and their templates are the same."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from this very source."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
_LAST: list[Flask] = []


def served(instance: Instance) -> Flask:
    """The application of an instance. One for all who enter it: it keeps nothing of anybody, and takes half a second to make."""
    if not _LAST or _LAST[0].extensions["casework"] is not instance:
        _LAST[:] = [create_app(instance)]
    return _LAST[0]


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Town:
    """The stand-in, in place of the services."""
    made = Town()
    made.install(lambda place, name, value: monkeypatch.setattr(place, name, value, raising=False))
    return made


@pytest.fixture(scope="session")
def screens() -> Flask:
    """The application of stand-in towns, made once: only what its screens look at is another town each time."""
    return create_app(Town().instance)


@pytest.fixture
def app(town: Town, screens: Flask) -> Flask:
    """The application as it is served, nothing switched off."""
    screens.extensions["casework"] = town.instance
    return screens


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody signed out."""
    return Browser(app.test_client())


@pytest.fixture
def signed_in(app: Flask) -> Callable[[str], Browser]:
    """`signed_in("maelle")`: her browser."""

    def enter(username: str) -> Browser:
        browser = Browser(app.test_client())
        assert browser.sign_in(username).status_code == 303
        browser.get("/confidentialite")
        return browser

    return enter


SignedIn = Callable[[str], Browser]


def title(response: TestResponse) -> str:
    """The page's title."""
    found = re.search(r"<title>(.*?)</title>", response.text, re.DOTALL)
    assert found
    return unescape(found.group(1))


def words(response: TestResponse) -> str:
    """What a reader reads: the page without its marks."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", response.text, flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))
