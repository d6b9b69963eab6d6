"""The instruments of the journeys measure: positive controls for the accessibility rules and for what the browser complains about."""

import time
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.town import STEP, Town
from tests.journeys.visitor import Accessible, is_foreign, shape

GOOD = "<!doctype html><html lang=fr><title>Page</title><main><h1>Page</h1><p>Texte</p></main></html>"


def test_a_good_page_passes(page: Page, accessible: Accessible) -> None:
    """The rules do not cry wolf."""
    page.set_content(GOOD)
    accessible(page)


def test_control_a_bad_page_is_found(page: Page, accessible: Accessible) -> None:
    """A picture without words, a field without a label."""
    page.set_content(GOOD.replace("<p>Texte</p>", "<img src='data:,'><input>"))
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(page)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("<p>Texte</p>", "<p>Autre texte</p>", True),
        ("<h1>Page</h1>", "<h1> </h1>", False),
        ("<h1>Page</h1>", "<h2>Page</h2>", False),
        ("<p>", '<p class="faint">', False),
        ("</main>", "<img src='data:,'></main>", False),
    ],
)
def test_a_page_is_looked_at_again_when_its_shape_changes(before: str, after: str, same: bool) -> None:  # parametrize names it
    """Other words are the same page to the rules; a lost text, another element or another class is not."""
    assert (shape(GOOD.replace(before, after)) == shape(GOOD)) is same


def test_a_longer_list_is_the_same_page() -> None:
    """Ten rows have the shape of two; a row of another kind among them has not, nor has one inside another."""
    two, ten = (GOOD.replace("<p>Texte</p>", "<p>Texte</p>" * rows) for rows in (2, 10))
    assert shape(ten) == shape(two)
    assert shape(ten.replace("<p>Texte</p>", '<p class="faint">Texte</p>', 1)) != shape(two)
    assert shape(two.replace("<p>Texte</p><p>Texte</p>", "<p>Texte<p>Texte</p></p>")) != shape(two)


def test_control_a_script_error_is_heard(context: BrowserContext, complaints: list[str]) -> None:
    """A page that throws or writes an error does not pass in silence."""
    page = context.new_page()
    page.set_content("<script>console.error('broken'); throw new Error('thrown')</script>")
    page.wait_for_timeout(100)
    assert sorted(complaints) == ["broken", "thrown"]
    complaints.clear()


@pytest.mark.parametrize(("url", "foreign"), [("https://fonts.example/x.css", True), ("http://127.0.0.1:8000/", False), ("data:,", False)])
def test_foreign_addresses_are_told_apart(url: str, foreign: bool) -> None:  # parametrize names it
    """This machine, or not."""
    assert is_foreign(url) is foreign


def test_a_code_is_never_offered_twice() -> None:
    """The second code is a later one, waited for if need be."""
    account = {"username": "somebody", "totp_secret": pyotp.random_base32()}
    town = Town("", Path(), [account])
    now = int(time.time()) // STEP
    town._spent["somebody"] = now - 2
    first, second = town.code(account), town.code(account)
    assert first != second
    assert town._spent["somebody"] >= now
