"""What is typed to find a dossier, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.services.search.asking import phones, understand


@pytest.mark.parametrize(
    ("typed", "year", "count", "born", "phone", "named"),
    [
        ("Lefèvre", "", "", "", "", True),
        ("2026-0042", "2026", "42", "", "", False),
        ("42", "", "42", "", "", False),
        ("0042", "", "42", "", "", False),
        ("n° 42", "", "42", "", "", False),
        ("dossier 2026-0042", "2026", "42", "", "", False),
        ("12/03/2010", "", "", "2010-03-12", "", False),
        ("1.3.2010", "", "", "2010-03-01", "", False),
        ("2010-03-12", "", "", "2010-03-12", "", False),
        ("lefevre 12/03/2010", "", "", "2010-03-12", "", True),
        ("31/02/2010", "", "", "", "", False),
        ("06 39 98", "", "", "", "63998", False),
        ("06.39.98.12.34", "", "", "", "639981234", False),
        ("06-39-98-12-34", "", "", "", "639981234", False),
        ("+33 6 39 98 12 34", "", "", "", "639981234", False),
        ("+33 (0)6 39 98 12 34", "", "", "", "639981234", False),
        ("0033639981234", "", "", "", "639981234", False),
        ("33639981234", "", "", "", "639981234", False),
        ("06 39 9812", "", "", "", "6399812", False),
        ("x", "", "", "", "", False),
        ("", "", "", "", "", False),
        ("000000", "", "", "", "", False),
    ],
)
def test_each_thing_is_recognised(typed: str, year: str, count: str, born: str, phone: str, named: bool) -> None:
    """A number, a day, digits of a phone, words; and what is none of them asks nothing."""
    found = understand(typed)
    assert (found.year, found.count, found.born, found.phone, found.name is not None) == (year, count, born, phone, named)
    assert found.asks() == bool(count or born or phone or named)


def test_phones_are_found_in_what_people_write() -> None:
    """House numbers and post codes are none."""
    assert list(phones("mère : 06 39 98 12 34 (soir), 14 bis rue du Port, 59000, père +33 7 00 11 22 33")) == ["639981234", "700112233"]
    assert understand("06 39 98 12").is_phone("06.39.98.12.34")
    assert understand("399812").is_phone("+33639981234")
    assert not understand("06 39 98 12 35").is_phone("06 39 98 12 34")


def test_a_count_is_a_count_of_any_year_and_a_number_of_its_own() -> None:
    """42 is 2025-0042 and 2026-0042; it is not 2026-0420."""
    assert all(understand("42").is_number(number) for number in ("2025-0042", "2026-0042"))
    assert not understand("42").is_number("2026-0420")
    assert understand("2026-42").is_number("2026-0042")
    assert not understand("2026-0042").is_number("2025-0042")


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("0123456789 -/.+()"), max_size=120))
def test_whatever_is_typed_is_taken_apart(typed: str) -> None:
    """No exception, not even for digits of other scripts."""
    found = understand(typed)
    assert found.phone == "" or len(found.phone) < 120
    found.is_phone(typed)
    found.is_number("2026-0042")
