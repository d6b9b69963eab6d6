"""A sealed link opens with secret and code and pepper, in its own place, and with nothing less."""

from dataclasses import replace

import pytest

from casework.errors import TamperedError
from casework.vault import aead, links
from casework.vault.links import Place
from casework.vault.passphrase import Hashing

CHEAP = Hashing(memory_kib=64, iterations=1, lanes=1)
PLACE = Place("i" * 32, "l" * 32, "c" * 32, 1, "2026-03-05T09:00:00+00:00")
PEPPER = b"p" * 32
ELSEWHERE = (
    replace(PLACE, instance="x"),
    replace(PLACE, link="x"),
    replace(PLACE, compartment="x"),
    replace(PLACE, until="x"),
    replace(PLACE, version=2),
)


def test_secret_and_code_are_long_enough_and_never_twice_the_same() -> None:
    """128 bits in 22 characters that an address carries as they are; eight digits, a leading zero kept."""
    made = [links.fresh(PLACE.link, CHEAP, pepper=PEPPER) for _ in range(50)]
    assert {len(each.secret) for each in made} == {22}
    assert {len(each.code) for each in made} == {8}
    assert all(each.code.isdigit() for each in made)
    assert len({each.secret for each in made}) == len({each.salt for each in made}) == 50


def test_it_opens_with_everything_and_with_nothing_less() -> None:
    key, made = aead.new_key(), links.fresh(PLACE.link, CHEAP, pepper=PEPPER)
    wrapped = made.wrap(PLACE, key)
    assert links.open_with(PLACE, made.secret, made.code, made.salt, wrapped, CHEAP, pepper=PEPPER) == key
    for place, secret, code, salt, pepper in (
        (PLACE, made.secret[:-1], made.code, made.salt, PEPPER),
        (PLACE, made.secret, made.code[::-1] + "0", made.salt, PEPPER),
        (PLACE, made.code, made.secret, made.salt, PEPPER),
        (PLACE, made.secret, made.code, bytes(16), PEPPER),
        (PLACE, made.secret, made.code, made.salt, bytes(32)),
        *((place, made.secret, made.code, made.salt, PEPPER) for place in ELSEWHERE),
    ):
        with pytest.raises(TamperedError):
            links.open_with(place, secret, code, salt, wrapped, CHEAP, pepper=pepper)


def test_a_visit_opens_with_its_cookie_until_it_ends() -> None:
    key = aead.new_key()
    made = links.visit(PLACE, key, "2026-03-02T09:30:00+00:00")
    assert links.open_visit(PLACE, made.cookie, made.wrapped, "2026-03-02T09:30:00+00:00") == key
    assert made.found_by == links.found_by(made.cookie)
    for place, cookie, ends in (
        (PLACE, made.cookie, "2026-03-02T10:30:00+00:00"),
        (PLACE, links.visit(PLACE, key, "").cookie, "2026-03-02T09:30:00+00:00"),
        (replace(PLACE, link="x"), made.cookie, "2026-03-02T09:30:00+00:00"),
    ):
        with pytest.raises(TamperedError):
            links.open_visit(place, cookie, made.wrapped, ends)


def test_a_link_is_no_visit() -> None:
    """The two ways to wrap a key are never mistaken for each other."""
    key, made = aead.new_key(), links.fresh(PLACE.link, CHEAP, pepper=PEPPER)
    with pytest.raises(TamperedError):
        links.open_visit(PLACE, made.secret, made.wrap(PLACE, key), "")
