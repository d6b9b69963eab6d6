"""Hours typed while somebody speaks: what is understood is what was meant, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.services.safety import hours
from casework.services.safety.hours import Window
from casework.services.support.typed_hours import understood

UNDERSTOOD = {
    "mardi et jeudi 9h-11h30": "tue,thu 09:00-11:30",
    "Lun-ven 9h à midi ; sam. 10h-12h": "mon,tue,wed,thu,fri 09:00-12:00;sat 10:00-12:00",
    "tous les jours de 18 h à 20 h": "mon,tue,wed,thu,fri,sat,sun 18:00-20:00",
    "lundi 9-11 et 14-16, mardi 8h30-9h15": "mon 09:00-11:00;mon 14:00-16:00;tue 08:30-09:15",
    "samedi au lundi 10:00-11:00": "mon,sat,sun 10:00-11:00",
    "week-end à toute heure": "sat,sun 00:00-24:00",
    "mon,tue 09:00-11:30;sat 10:00-12:00": "mon,tue 09:00-11:30;sat 10:00-12:00",
    "   ": "",
}
NOT_CERTAIN = (
    "mardi matin", "mardi", "9h-11h", "mardi 9h", "mardi 11h-9h", "mardi 9h-11h sauf vacances", "lundi 9h - mardi 11h", "mardi 25h-26h",
    "mardi 9h75-11h", "mardi 9h-11h jeudi", "quand il travaille", "lundi 1-2 3-4 5-6 7-8 9-10",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "stored"), UNDERSTOOD.items())
def test_what_is_certain_is_understood(typed: str, stored: str) -> None:
    """And reads again."""
    assert understood(typed) == stored
    assert hours.checked(stored) is None


@pytest.mark.parametrize("typed", NOT_CERTAIN)
def test_what_is_not_certain_is_refused(typed: str) -> None:
    """No hour is better than a wrong one."""
    assert understood(typed) is None


WINDOW = st.builds(
    lambda days, start, length: Window(tuple(sorted(days)), start, min(start + length, hours.MIDNIGHT)),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, hours.MIDNIGHT - 1),
    st.integers(1, hours.MIDNIGHT),
)


@given(st.lists(WINDOW, min_size=1, max_size=hours.MOST_LINES))
def test_what_the_house_says_is_understood_again(windows: list[Window]) -> None:
    """The sentence on screen, typed as it is, and the stored text itself."""
    stored = hours.write(windows)
    assert understood(stored) == stored
    assert understood(str(hours.shown(stored))) == stored


@given(st.text(max_size=80))
def test_nothing_breaks_it(typed: str) -> None:
    """Whatever is typed: a text that computes, nothing, or a refusal."""
    found = understood(typed)
    assert found is None or found == "" or hours.read(found)
