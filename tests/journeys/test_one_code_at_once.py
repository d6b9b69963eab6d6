"""32 browsers post one code at the same moment: one comes in. Over HTTP, with the limits lifted in code; no browser engine is needed."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from casework.models.people import OneTimeStep
from casework.services import Limits
from casework.services.offices import signing_in
from casework.web import create_app
from tests.house import House

MANY = 32
LIFTED = Limits(per_account=10_000, per_address=10_000)
"""At most two hashes at once all the same."""

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_given: Any) -> None:
        """Do not follow."""


@contextmanager
def served(house: House) -> Iterator[str]:
    """The application of this house on a port of its own, a thread for each request."""
    server = make_server("127.0.0.1", 0, create_app(replace(house.instance, limits=LIFTED)), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def a_browser(url: str) -> tuple[OpenerDirector, str]:
    """Its own cookies, and the token of its own sign-in page."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()), _Stay())
    with browser.open(f"{url}/connexion", timeout=60) as answer:
        found = TOKEN.search(answer.read().decode())
    assert found
    return browser, found.group(1)


def posts(url: str, house: House, name: str) -> list[tuple[int, str]]:
    """Status and destination of each of the posts of one code, all sent together."""
    house.clock.advance(timedelta(minutes=5))
    typed = {"username": name, "passphrase": house.people[name].passphrase, "code": house.people[name].code(house.clock.now())}
    browsers = [a_browser(url) for _ in range(MANY)]
    ready = threading.Barrier(MANY)

    def post(browser: OpenerDirector, token: str) -> tuple[int, str]:
        body = urlencode({**typed, "csrf_token": token}).encode()
        ready.wait(timeout=60)
        try:
            with browser.open(f"{url}/connexion", body, timeout=120) as answer:
                return answer.status, ""
        except HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get("Location") or ""

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(lambda each: post(*each), browsers))


def test_exactly_one_of_thirty_two_comes_in(fresh_house: House) -> None:
    """303 to the application for one, the same refusal for all others."""
    with served(fresh_house) as url:
        answers = posts(url, fresh_house, "alice")
    assert sorted(answers) == [(303, "/"), *[(403, "")] * (MANY - 1)]


def test_control_without_compare_and_set_more_come_in(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody reads the last step before anybody writes it."""
    with fresh_house.instance.database.reading() as session:
        read_before = dict(session.execute(select(OneTimeStep.user_id, OneTimeStep.step)).all())

    def check_then_set(session: Session, user_id: str, step: int) -> bool:
        if read_before[user_id] >= step:
            return False
        session.execute(update(OneTimeStep).where(OneTimeStep.user_id == user_id).values(step=step))
        return True

    monkeypatch.setattr(signing_in, "burn_step", check_then_set)
    with served(fresh_house) as url:
        answers = posts(url, fresh_house, "alice")
    assert answers.count((303, "/")) > 1
