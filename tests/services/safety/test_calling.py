"""The first line of a file: yes or no at each edge, and nothing of it for those who do not open `safety`."""

import pytest

from casework.services.safety.views import CallNow
from tests.services.safety.place import ASSOCIATION, NUMBER, SAFE, Place

SECRET = (NUMBER, SAFE["introduction"], SAFE["code_word"], SAFE["must_not_answer"], SAFE["interpreter"], "du Four")


def line(place: Place, who: str = "viola") -> CallNow | None:
    return place.house.open(place.house.actors[who], place.number).call


def told(place: Place, who: str = "viola") -> CallNow:
    found = line(place, who)
    assert found is not None
    return found


def test_yes_until_the_minute_of_closing_and_no_from_then_on(place: Place) -> None:
    place.safe()
    first, last, tomorrow = place.monday(9), place.monday(11, 30), place.monday(9, day=1)
    edges = ((place.monday(8, 59), False), (first, True), (place.monday(10, 42), True), (place.monday(11, 29), True), (last, False))
    for moment, now in edges:
        place.to(moment)
        found = told(place)
        assert (found.now, found.at) == (now, moment)
        assert found.until == (last if now else None)
        assert found.then == (None if now else first if moment < first else tomorrow)


def test_the_line_says_how_to_introduce_oneself_and_what_not_to_do(place: Place) -> None:
    place.safe()
    found = told(place)
    assert (found.number, found.introduction, found.code_word) == (NUMBER, SAFE["introduction"], SAFE["code_word"])
    assert found.limits == "Ne pas laisser de message, Ne pas écrire au domicile"
    assert (found.must_not_answer, found.interpreter) == (SAFE["must_not_answer"], SAFE["interpreter"])
    assert found.hours == "lundi, mardi, jeudi de 9 h à 11 h 30"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"hours": ""}, "no_hours"),
        ({"hours": "le matin, jamais après 17 h"}, "unread"),
        ({"channel": "none"}, "none"),
        ({"channel": "in_person"}, "in_person"),
        ({"channel": "message"}, "other_channel"),
        ({"channel": "mail"}, "other_channel"),
        ({"value": ""}, "no_number"),
        ({"channel": "third_person", "hours": "tue 09:00-10:00"}, "closed"),
    ],
)
def test_what_is_not_certain_is_a_no(place: Place, changes: dict[str, str], why: str) -> None:
    place.safe()
    place.to(place.monday(10))
    assert told(place).now, "control"
    place.safe(**changes)
    found = told(place)
    assert (found.now, found.why) == (False, why)


def test_somebody_trusted_may_be_called_where_no_hours_were_said(place: Place) -> None:
    place.safe(channel="third_person", hours="")
    assert (told(place).now, told(place).until) == (True, None)


def test_midnight_belongs_to_the_day_that_begins(place: Place) -> None:
    place.safe(hours="mon 22:00-24:00")
    late, midnight = place.monday(23, 59), place.monday(0, day=1)
    place.to(late)
    assert told(place).until == midnight
    place.to(midnight)
    assert not told(place).now


def test_others_are_told_to_go_through_the_service_and_nothing_of_it(place: Place) -> None:
    """Alice leads; the service keeps `safety`."""
    place.safe()
    place.to(place.monday(10))
    shown = place.house.open(place.house.alice, place.number)
    assert shown.call is not None
    assert (shown.call.now, shown.call.why, shown.call.through) == (False, "reserved", ASSOCIATION)
    assert not any(secret in repr(shown) for secret in SECRET)
    assert all(secret in repr(place.house.open(place.house.viola, place.number)) for secret in SECRET[:-1]), "control"


def test_a_file_reached_as_anybody_has_no_such_line_until_somebody_says_how_to_be_safe(place: Place) -> None:
    assert place.house.open(place.house.alice, place.child).call is None
