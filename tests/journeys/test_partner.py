"""A partner without an account in a real browser: what stands after the # never leaves it, and going back shows nothing."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from casework import services
from casework.services.partner.views import About
from casework.web import create_app
from tests.house import House
from tests.journeys.conftest import NewContext
from tests.journeys.visitor import SIDEWAYS, Accessible
from tests.services.partner.partners import CONTACT, WORDS, orientation


@dataclass
class Served:
    """A small house on loopback. heard: every request as it came in, first line, headers and body."""

    house: House
    url: str
    about: About
    heard: list[tuple[str, str]] = field(default_factory=list)


def listening(app: Callable[..., Any], heard: list[tuple[str, str]]) -> Callable[..., Any]:
    """The application, behind something that writes down all that the browser sent."""

    def hear(environ: dict[str, Any], start: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        head = "\n".join(f"{name}: {value}" for name, value in environ.items() if isinstance(value, str))
        heard.append((head, body.decode()))
        return app(environ, start)

    return hear


@pytest.fixture
def served(fresh_house: House) -> Iterator[Served]:
    """Alice has sent an orientation by link."""
    made = Served(fresh_house, "", orientation(fresh_house.alice, fresh_house.follow("Quibérac-Partenaire")))
    server = make_server("127.0.0.1", 0, listening(create_app(fresh_house.instance), made.heard), threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()


def enters(page: Page, served: Served, code: str) -> None:
    """Type the code and open."""
    page.get_by_label("Code donné de vive voix").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="Ouvrir").click()
    assert page.url == f"{served.url}/lien/visite"
    assert WORDS in page.inner_text("main")


def looks(page: Page, accessible: Accessible) -> None:
    """Wide enough, and nothing against the rules."""
    assert page.evaluate(SIDEWAYS) <= 0
    accessible(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_secret_stays_in_the_browser_until_it_is_posted(
    served: Served, new_context: NewContext, accessible: Accessible, width: int
) -> None:
    """It leaves the address and the history at once; the server hears it in one body and nowhere else."""
    page, made = new_context(width=width).new_page(), services.making.make(served.house.alice, served.about)
    page.goto(f"{served.url}/lien#{made.secret}")
    assert page.url == f"{served.url}/lien"
    assert page.evaluate("() => [location.hash, performance.getEntriesByType('navigation').length]") == ["", 1]
    assert page.locator("[name=secret]").input_value() == made.secret
    assert not page.locator("[name=secret]").is_visible()
    assert not any(made.secret in said for request in served.heard for said in request)
    looks(page, accessible)
    enters(page, served, made.code)
    looks(page, accessible)
    (posted,) = [(head, body) for head, body in served.heard if made.secret in head + body]
    assert ("REQUEST_METHOD: POST" in posted[0], made.secret in posted[0], made.secret in posted[1]) == (True, False, True)
    page.get_by_label("Nous accompagnons cette personne").check()
    assert not page.get_by_label("Pourquoi ?").is_visible()
    page.get_by_label("Contact au service").fill(CONTACT)
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer la réponse").click()
    assert page.url == f"{served.url}/lien/merci"
    looks(page, accessible)
    page.go_back()
    assert WORDS not in page.inner_text("body")
    assert [each.text for each in services.watching.page(served.house.alice, served.about).answers] == [CONTACT]


def test_leaving_at_once_shows_nothing_on_the_way_back(served: Served, new_context: NewContext) -> None:
    page, made = new_context().new_page(), services.making.make(served.house.alice, served.about)
    page.goto(f"{served.url}/lien")
    page.evaluate(f"() => {{ location.hash = '{made.secret}' }}")  # pasted into this very tab
    page.wait_for_function("() => location.hash === ''")
    enters(page, served, made.code)
    with page.expect_navigation():
        page.get_by_role("button", name="Quitter cette page").click()
    page.go_back()
    assert WORDS not in page.inner_text("body")


def test_without_scripts_the_link_is_pasted(served: Served, new_context: NewContext) -> None:
    page, made = new_context(width=360, javascript=False).new_page(), services.making.make(served.house.alice, served.about)
    page.goto(f"{served.url}/lien#{made.secret}")
    page.get_by_label("Lien reçu").fill(f"{served.url}/lien#{made.secret}")
    enters(page, served, made.code)
    page.get_by_label("Nous ne pouvons pas l’accompagner").check()
    page.get_by_label("Pourquoi ?").select_option("full")
    page.get_by_role("button", name="Envoyer la réponse").click()
    assert page.url == f"{served.url}/lien/merci"
