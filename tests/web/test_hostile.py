"""What no honest browser sends, in every form: a sentence, or a refusal of the whole, and never a page that broke."""

from urllib.parse import quote, quote_from_bytes

import pytest

from casework.web.intake import LONGEST_NAME, MOST_FIELDS
from tests.sampling import Sampler
from tests.web.conftest import Browser, SignedIn, words
from tests.web.forms import FORMS
from tests.web.standin import NUMBER, Town

NOTE = f"/dossiers/{NUMBER}/notes/nouvelle"
URLENCODED = "application/x-www-form-urlencoded"
HOSTILE = {
    "no UTF-8": b"Val\xff\xfemorel",
    "a lone surrogate": b"\xed\xa0\x80",
    "a control character": b"a\x07b",
    "turned writing": "a\u202eb".encode(),
    "digits of another script": "²٣".encode(),
    "more digits than Python reads": b"9" * 5000,
    "a number that no column holds": b"9" * 20,
    "less than nothing": b"-1",
    "a code of no list": b"zz-unknown",
    "the id of nothing": b"f" * 32,
    "the first day": b"0001-01-01",
    "the last day": b"9999-12-31",
    "no such day": b"31/02/2026",
    "as long as a form may be": b"x" * 100_000,
    "nothing": b"",
}  # fmt: skip
WHOLE = {"a NUL": b"a\0b", "seven megabytes": b"x" * 7_000_000}
"""Refused with the whole form, by the one that takes a file as well."""


def post(browser: Browser, path: str, typed: dict[str, object], name: str, value: bytes) -> int:
    """The status of the answer to a form with these bytes in one of its fields."""
    pairs = [f"{quote(each)}={quote(text)}" for each, text in typed.items() if each != name and isinstance(text, str)]
    body = "&".join([f"csrf_token={quote(browser.token)}", *pairs, f"{quote(name)}={quote_from_bytes(value)}"])
    return browser.client.post(path, data=body.encode(), content_type=URLENCODED).status_code


def every() -> list[tuple[str, str, str]]:
    """(address, name, kind of value) of all that can be sent."""
    names = [(path, name) for path, filled in FORMS.items() for name, text in filled.typed.items() if isinstance(text, str)]
    return [(path, name, kind) for path, name in names for kind in (*HOSTILE, *WHOLE)]


def test_no_value_breaks_a_form(signed_in: SignedIn, asked: list[str], sample: Sampler) -> None:
    """Taken by the verb, refused at the field, or refused as a whole. That the forms are read at all: `test_csrf`."""
    browser = signed_in("maelle")
    for path, name, kind in sample(every(), 250):
        asked.clear()
        status = post(browser, path, FORMS[path].typed, name, {**HOSTILE, **WHOLE}[kind])
        assert status < 500, (path, name, kind, status)
        assert kind not in WHOLE or (status in {400, 413} and not asked), (path, name, kind, status)


@pytest.mark.parametrize("name", ["é", "children-²-last_name", "x" * (LONGEST_NAME + 1), f"children-{'9' * LONGEST_NAME}-x"])
def test_a_name_that_is_none_of_ours_is_refused(signed_in: SignedIn, town: Town, name: str) -> None:
    """400 where WTForms would take a number out of it; of an ordinary name that no field has, nothing is said."""
    browser = signed_in("maelle")
    written = {"kind": "observation", "compartment": "social", "occurred_on": "2026-11-20", "body": "Vu.", "submission": "1" * 32}
    assert browser.post(NOTE, {**written, name: "x"}).status_code == 400
    assert not town.written
    assert browser.post(NOTE, {**written, "x" * LONGEST_NAME: "x"}).status_code == 303
    assert town.written


def test_a_form_of_too_many_fields_is_refused(signed_in: SignedIn, town: Town) -> None:
    """413; at the limit it is a form like any."""
    browser = signed_in("maelle")
    many = {f"f{place}": "" for place in range(MOST_FIELDS)}
    assert browser.post(NOTE, many).status_code == 413
    many.popitem()
    assert browser.post(NOTE, many).status_code == 422
    assert not town.written


def test_a_form_is_no_json(signed_in: SignedIn, town: Town) -> None:
    """Flask-WTF would read it, with numbers, lone surrogates and NUL in it; the token in the header does not open that door."""
    browser = signed_in("maelle")
    written = {"kind": "observation", "compartment": "social", "occurred_on": "2026-11-20", "body": "a\ud800\0", "submission": "1" * 32}
    for typed in (written, {"body": 5}, [1]):
        answer = browser.client.post(NOTE, json=typed, headers={"X-CSRFToken": browser.token})
        assert (answer.status_code, town.written) == (400, {})
        assert "Demande refusée" in words(answer)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31/12/1899", "01/01/2200"])
def test_a_day_that_nobody_means_is_said_at_its_field(signed_in: SignedIn, town: Town, day: str) -> None:
    """Clocks of other places would leave the calendar. What was typed stays; a day of this century is taken."""
    browser = signed_in("maelle")
    written = {"kind": "observation", "compartment": "social", "occurred_on": day, "body": "Vu.", "submission": "1" * 32}
    answer = browser.post(NOTE, written)
    assert (answer.status_code, town.written) == (422, {})
    assert "Cette date ne se lit pas" in words(answer)
    assert f'value="{day}"' in answer.text
    assert browser.post(NOTE, {**written, "occurred_on": "2026-11-20"}).status_code == 303


def test_a_form_that_no_account_has_use_for_any_more_is_not_found(signed_in: SignedIn, asked: list[str]) -> None:
    """Renewing an office that was not certified yet, with something missing: 404, as its verb would say; whole, it reaches the verb."""
    browser, path = signed_in("maelle"), next(each for each in FORMS if each.endswith("/renouveler"))
    assert browser.post(path, {"act": ""}).status_code == 404
    asked.clear()
    browser.post(path, FORMS[path].typed)
    assert "accounts.renew" in asked
