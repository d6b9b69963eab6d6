"""Where and when a service receives, what may be said about it, when it ends, and the list of a day."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.permanences import Permanence
from casework.services.permanence import times
from tests.house import House
from tests.services.permanence.scene import MONDAY, TUESDAY, WORD, at, draft, receive, serve, take


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"place": " "}, "place"), ({"place": "p" * 121}, "place"), ({"weekday": 7}, "weekday"), ({"weekday": None}, "weekday"),
        ({"starts": "9h"}, "starts"), ({"ends": "25:00"}, "ends"), ({"ends": "09:20"}, "ends"), ({"ends": "08:00"}, "ends"),
        ({"minutes": 9}, "minutes"), ({"minutes": 121}, "minutes"), ({"minutes": None}, "minutes"), ({"since": None}, "since"),
        ({"since": date(2031, 1, 1)}, "since"), ({"cell": "elsewhere"}, "cell"),
    ],
)  # fmt: skip
def test_what_may_be_said(house: House, wrong: dict[str, object], field: str) -> None:
    serve(house)
    with pytest.raises(InvalidInput) as refused:
        services.keeping.make(house.alice, draft(house, **wrong))
    assert set(refused.value.problems) == {field}


def test_the_slots_of_a_day_follow_the_clock_on_the_wall() -> None:
    """Nine o'clock is nine o'clock, before and after the clocks change; a slot that would end too late is none."""
    row = Permanence(weekday=1, starts="09:00", ends="10:10", minutes=20, since=MONDAY, until=date(2026, 3, 31))
    winter, summer = times.slots(row, date(2026, 3, 24)), times.slots(row, date(2026, 3, 31))
    assert [(each.hour, each.minute) for each in winter] == [(8, 0), (8, 20), (8, 40)]
    assert [(each.hour, each.minute) for each in summer] == [(7, 0), (7, 20), (7, 40)]
    assert [times.order(row, each) for each in (*winter, *summer)] == [1, 2, 3, 1, 2, 3]
    for none in (date(2026, 3, 25), date(2026, 4, 7), date(2026, 2, 24)):
        assert times.slots(row, none) == ()


def test_the_calendar_has_two_ends(fresh_house: House) -> None:
    """From the first permanence's first week to the last that one may book in: nobody turns pages for ever, nor does a robot."""
    house = fresh_house
    receive(house, since=MONDAY)
    house.clock.advance(timedelta(days=7))
    here = services.week.week(house.alice)
    assert (here.before, here.after) == (MONDAY, MONDAY + timedelta(days=14))
    assert services.week.week(house.alice, MONDAY).before is None
    last = times.week_of(times.today(house.clock.now() + times.AHEAD))
    end = services.week.week(house.alice, last)
    assert end.after is None
    assert end.free == len([slot for _day, halves in end.days for half in halves for slot in half.slots if slot.bookable])
    for off in (MONDAY - timedelta(days=1), last + timedelta(days=7)):
        with pytest.raises(NotFound):
            services.week.week(house.alice, off)


def test_an_end_waits_for_the_appointments_after_it(house: House) -> None:
    place = receive(house)
    later = take(house, place, at(9, day=TUESDAY + timedelta(days=14)), words="nouvelle personne")
    form = services.keeping.ending(house.bob, place)
    assert (form.taken, form.last) == (1, TUESDAY + timedelta(days=14))
    for until in (None, MONDAY - timedelta(days=7), TUESDAY + timedelta(days=13), date.max):
        with pytest.raises(InvalidInput, match="until"):
            services.keeping.end(house.bob, place, until, seen=1)
    services.booking.cancel(house.alice, later, seen=1)
    services.keeping.end(house.bob, place, TUESDAY + timedelta(days=13), seen=1)
    with pytest.raises(InvalidInput, match="form"):
        services.keeping.end(house.alice, place, TUESDAY, seen=1)
    with pytest.raises(NotFound):
        take(house, place, at(9, day=TUESDAY + timedelta(days=14)), words="x")


def test_the_list_of_a_day_says_times_and_nobody(house: House) -> None:
    place, number = receive(house, place="Point-justice du papier"), house.follow("Quibérac-Liste")
    take(house, place, at(9), number=number)
    take(house, place, at(10), words=WORD)
    shown = services.today.sheet(house.bob, TUESDAY, printed=True)
    (mine,) = [each for each in shown.places if each.place == "Point-justice du papier"]
    assert [(each.order, each.taken) for each in mine.lines] == [(1, True), (2, False), (3, True), (4, False), (5, False), (6, False)]
    assert not any(secret in str(asdict(shown)) for secret in (number, "Quibérac", WORD))
