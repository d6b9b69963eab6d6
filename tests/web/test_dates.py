"""Dates in Paris."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.web import dates


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (date(2026, 3, 1), "fr", "1er mars 2026"),
        (date(2026, 8, 11), "fr", "11 août 2026"),
        (date(2026, 3, 1), "en", "1 March 2026"),
    ],
)
def test_days(value: date, lang: str, text: str) -> None:
    """As people write them."""
    assert dates.day(value, lang).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 22, 13, 5, tzinfo=UTC), "22 novembre 2026 à 14 h 05"),
        (datetime(2026, 7, 14, 22, 30, tzinfo=UTC), "15 juillet 2026 à 0 h 30"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "1er janvier 2027 à 0 h 00"),
    ],
)
def test_moments_are_told_in_paris(value: datetime, text: str) -> None:
    """Winter, summer, and over midnight."""
    assert dates.moment(value).replace("\N{NO-BREAK SPACE}", " ") == text


def test_a_day_ends_at_midnight_and_not_at_an_hour_of_the_next() -> None:
    """« jusqu’à minuit », of the day that ends."""
    midnight, past = datetime(2026, 11, 22, 23, 0, tzinfo=UTC), datetime(2026, 11, 22, 23, 1, tzinfo=UTC)
    assert [dates.end_time(midnight, lang) for lang in ("fr", "en")] == ["minuit", "midnight"]
    assert dates.end_day(midnight) == date(2026, 11, 22)
    assert (dates.end_time(past, "en"), dates.end_day(past)) == ("0:01", date(2026, 11, 23))


def test_two_hundred_take_less_than_a_millisecond() -> None:
    """The best of ten, so that a busy machine does not fail it."""
    values = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * hour) for hour in range(200)]
    spent = []
    for _ in range(10):
        start = time.perf_counter()
        for value in values:
            dates.moment(value)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.001
