"""The calendar file, read as RFC 5545 says; and the order of an agenda by groups."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from casework.services.meeting.agenda.icalendar import MAX_LINE, Event, calendar
from casework.services.meeting.agenda.ordering import grouped, leaving
from casework.services.meeting.sitting.concerning import same_school

NOON = datetime(2026, 7, 14, 14, 5, tzinfo=ZoneInfo("Europe/Paris"))


def event(place: str = "Mairie") -> Event:
    """An event in summer time."""
    return Event("1@i", 3, datetime(2026, 7, 1, tzinfo=UTC), NOON, "Cellule", place, "Après connexion", "https://example.org/x")


def unfolded(raw: bytes) -> dict[str, str]:
    """Property -> value, as a calendar program reads them."""
    lines = raw.replace(b"\r\n ", b"").decode().split("\r\n")
    return dict(line.split(":", 1) for line in lines if ":" in line)


@given(st.text(max_size=300))
def test_any_place_comes_back_whole(place: str) -> None:
    """Lines of at most 75 octets ended by CRLF, never cut within a character; commas, semicolons and line ends escaped."""
    raw = calendar(event(place=place))
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= MAX_LINE for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()
    found = unfolded(raw)["LOCATION"]
    plain = found.replace("\\\\", "\0").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\0", "\\")
    kept = place.replace("\r\n", "\n").replace("\r", "\n")
    assert plain == "".join(sign for sign in kept if sign == "\n" or sign.isprintable())


def test_a_place_cannot_add_a_property() -> None:
    """A line end in a text stays in that text."""
    assert unfolded(calendar(event(place="Mairie\r\nATTENDEE:mailto:x@example.org"))).get("ATTENDEE") is None


def test_hours_are_in_utc() -> None:
    """14:05 in Paris in July."""
    assert unfolded(calendar(event()))["DTSTART"] == "20260714T120500Z"


def test_institutions_that_are_needed_least_leave_first() -> None:
    """Items that need the same ones stand side by side; nothing is lost or doubled."""
    town, school, police = "t", "s", "p"
    needed = {
        "a": frozenset({town, school}), "b": frozenset({town, police}), "c": frozenset({town, school}), "d": frozenset({town}),
    }  # fmt: skip
    order = grouped(needed)
    assert order == ["b", "a", "c", "d"]
    assert leaving([needed[each] for each in order]) == [(police,), (), (school,), ()]


@given(st.dictionaries(st.integers(0, 30).map(str), st.frozensets(st.sampled_from("abcdef"))))
def test_grouping_keeps_every_item_once(needed: dict[str, frozenset[str]]) -> None:
    """Whatever they need."""
    assert sorted(grouped(needed)) == sorted(needed)


def test_a_school_is_known_by_its_own_words() -> None:
    """As people type it; another level is another school."""
    assert same_school("Collège les Tilleuls", "Collège des Tilleuls")
    assert same_school("les tilleuls", "Collège des Tilleuls")
    assert not same_school("Lycée des Tilleuls", "Collège des Tilleuls")
    assert not same_school("Collège Jean Moulin", "Collège des Tilleuls")
    assert not same_school("", "Collège des Tilleuls")
