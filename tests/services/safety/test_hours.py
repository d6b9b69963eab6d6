"""Hours of a safe contact: typed, stored, said, and open or not at each minute, days of the clock's change included."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.services.safety import hours
from casework.services.safety.hours import DAYS, PARIS, Line, Window

OFFICE = "mon,tue,thu 09:00-11:30;sat 10:00-12:00"
WINDOWS = st.builds(
    lambda days, a, b: Window(tuple(sorted(days)), min(a, b), max(a, b) + 1),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
SEVERAL = st.lists(WINDOWS, min_size=1, max_size=4).map(tuple)
CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
MOMENTS = st.one_of(
    st.integers(0, 40 * 24 * 60).map(lambda minutes: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.builds(
        lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes - 600),
        st.sampled_from(CHANGES),
        st.integers(0, 1800),
    ),
)


def paris(day: int, hour: int, minute: int = 0, month: int = 11, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS, fold=fold)


def opens(text: str, moment: datetime) -> datetime | None:
    found = hours.read(text)
    assert found is not None
    return hours.open_at(found, moment)


@given(SEVERAL)
def test_what_is_stored_reads_back(windows: tuple[Window, ...]) -> None:
    text = hours.write(windows)
    assert hours.read(text) == windows
    assert hours.join(hours.split(text)) == text
    assert hours.checked(text) is None


@given(st.text(max_size=60))
def test_any_other_text_is_no_hour_and_never_an_error(text: str) -> None:
    found = hours.read(text)
    assert found is None or hours.write(found) == text.strip() or found == tuple(sorted(found, key=found.index))
    assert hours.shown(text) is not None


@given(SEVERAL, MOMENTS)
def test_open_is_what_the_wall_shows_minute_by_minute(windows: tuple[Window, ...], moment: datetime) -> None:
    until = hours.open_at(windows, moment)
    assert (until is not None) == _on_the_wall(windows, moment)
    if until is not None:
        assert until > moment
        assert _on_the_wall(windows, until - timedelta(minutes=1))


@given(SEVERAL, MOMENTS)
def test_a_closed_door_next_opens_at_the_first_minute_that_the_wall_shows_open(windows: tuple[Window, ...], moment: datetime) -> None:
    then = hours.next_opening(windows, moment)
    if then is None or hours.open_at(windows, moment) is not None:
        return
    assert _on_the_wall(windows, then)
    passed = range(1, min(200, int((then - moment).total_seconds() // 60)))
    assert not any(_on_the_wall(windows, then - timedelta(minutes=minutes)) for minutes in passed)


def _on_the_wall(windows: tuple[Window, ...], moment: datetime) -> bool:
    here = moment.astimezone(PARIS)
    minute = here.hour * 60 + here.minute
    return any(here.weekday() in each.days and each.start <= minute < each.end for each in windows)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (paris(23, 8, 59), None),
        (paris(23, 9), paris(23, 11, 30)),
        (paris(23, 11, 29), paris(23, 11, 30)),
        (paris(23, 11, 30), None),
        (paris(25, 10), None),
        (paris(28, 11), paris(28, 12)),
    ],
)
def test_the_first_minute_is_in_and_the_last_is_not(moment: datetime, until: datetime | None) -> None:
    assert opens(OFFICE, moment) == until


def test_a_window_until_midnight_goes_on_only_where_the_next_day_opens_at_once() -> None:
    assert opens("mon 22:00-24:00", paris(23, 23, 59)) == paris(24, 0)
    assert opens("mon 22:00-24:00", paris(24, 0)) is None
    assert opens("mon 22:00-24:00;tue 00:00-01:00", paris(23, 23, 30)) == paris(24, 1)
    assert opens(f"{','.join(DAYS)} 00:00-24:00", paris(23, 12)) is not None


def test_the_hour_that_comes_twice_is_shown_twice_and_the_one_leapt_over_never_opens() -> None:
    twice = "sun 02:00-02:30"
    assert opens(twice, paris(25, 2, 10, month=10)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert opens(twice, paris(25, 2, 45, month=10)) is None
    assert opens(twice, paris(25, 2, 10, month=10, fold=1)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    leapt = hours.read("sun 02:00-02:30")
    assert leapt
    assert hours.next_opening(leapt, paris(28, 12, month=3)) == paris(5, 2, month=4)
    assert hours.open_at(leapt, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) is None
    assert opens("sun 01:00-02:30", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_next_opening_looks_a_week_ahead() -> None:
    windows = hours.read(OFFICE)
    assert windows
    assert hours.next_opening(windows, paris(23, 11, 30)) == paris(24, 9)
    assert hours.next_opening(windows, paris(28, 12)) == paris(30, 9)
    assert hours.next_opening((), paris(28, 12)) is None


def test_what_was_typed_before_there_were_hours_opens_nothing_and_is_shown_as_it_is() -> None:
    old = "le matin, jamais après 17 h"
    assert hours.read(old) is None
    assert hours.is_free_text(old)
    assert hours.shown(old) == old
    assert hours.checked(old) is None
    assert not hours.is_free_text("")
    assert not hours.is_free_text(OFFICE)


def test_said_as_people_say_it() -> None:
    assert hours.shown(OFFICE) == "lundi, mardi, jeudi de 9 h à 11 h 30 ; samedi de 10 h à 12 h"
    assert hours.shown(f"{','.join(DAYS)} 00:00-24:00") == "tous les jours à toute heure"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (Line((), "09:00", "10:00"), "cochez au moins un jour"),
        (Line(("mon",), "09:00", ""), "indiquez les deux heures"),
        (Line(("mon",), "25:00", "26:00"), "indiquez les deux heures"),
        (Line(("mon",), "10:00", "09:00"), "la fin vient après le début"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(line: Line, sentence: str) -> None:
    text = hours.join([Line(("sat",), "8h", "9 h 30"), line])
    assert sentence in str(hours.checked(text))
    assert "2" in str(hours.checked(text))
    assert hours.split(text) == (Line(("sat",), "8h", "9 h 30"), line)


def test_typed_times_are_brought_into_the_one_form() -> None:
    assert hours.join([Line(("tue", "mon"), "9h", "11h30"), Line()]) == "mon,tue 09:00-11:30"
    assert hours.join([Line(("mon",), "22:00", "00:00")]) == "mon 22:00-24:00"
    assert hours.split("mon 22:00-24:00") == (Line(("mon",), "22:00", "00:00"),)
