"""Who came, left, came back, was replaced, sat in once; and whose keys followed."""

from datetime import timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.meetings import Seat
from casework.services.meeting.sitting.sitting_views import GuestDraft, Sheet
from tests.attacks.sql import rows
from tests.house import House
from tests.services.meeting.room import Room, convene, reads, secretary

CODE = "2580"
GUEST = "Ondine Trébuchet"


def opened(house: House, *names: str, agenda: int = 1) -> tuple[Room, list[str]]:
    """An open meeting whose items concern these people, and its numbers."""
    numbers = [house.follow(f"Présence-{'-'.join(names)}-{place}") for place in range(agenda)]
    room = convene(house, dict.fromkeys(numbers, names))
    services.opening.open(room.steward, room.meeting, CODE, CODE)
    return room, numbers


def states(sheet: Sheet) -> dict[str, str]:
    """Name -> state."""
    return {place.name: place.state.code for place in sheet.places}


def draft(house: House, **changes: object) -> GuestDraft:
    """A guest as the form brings them."""
    typed = {
        "name": GUEST, "profession": "school_staff", "institution": "", "charter_date": house.clock.now().date(),
        "charter_reference": "CH-2026-14",
    }  # fmt: skip
    return GuestDraft(**{**typed, **changes})  # type: ignore[arg-type]  # as a form would send it


def test_coming_leaving_and_coming_back(house: House) -> None:
    """With their hours; whoever opened it is there."""
    room, _ = opened(house, "bob", "hugo")
    seat = room.seats["bob"]
    for before, after in (("convened", "present"), ("present", "left"), ("left", "present")):
        house.clock.advance(timedelta(minutes=5))
        assert services.attendance.keep(house.stella, room.meeting, {seat: (before, after)}) == 1
    bob = room.seat("bob")
    assert (bob.status, bob.left_at) == ("present", None)
    sheet = services.sheet.read(house.stella, room.meeting)
    assert states(sheet) == {"Bob": "present", "Hugo": "convened", "Stella": "present"}
    assert sheet.present == 2


def test_two_people_at_two_screens_lose_nothing(house: House) -> None:
    """What one did not touch on their form stays as the other left it."""
    room, _ = opened(house, "bob", "paula")
    bob, paula = room.seats["bob"], room.seats["paula"]
    serge = secretary(house)
    assert services.attendance.keep(house.stella, room.meeting, {bob: ("convened", "present"), paula: ("convened", "convened")}) == 1
    assert services.attendance.keep(serge, room.meeting, {bob: ("convened", "convened"), paula: ("convened", "present")}) == 1
    sheet = services.sheet.read(serge, room.meeting)
    assert (states(sheet)["Bob"], states(sheet)["Paula"]) == ("present", "present")


def test_excused_loses_the_keys_and_gets_them_back(house: House) -> None:
    """Those of this meeting only."""
    room, (number,) = opened(house, "alice", "bob")
    seats = {room.seats[name]: ("convened", "excused") for name in ("alice", "bob")}
    lead = reads(house, "alice", number)
    services.attendance.keep(house.stella, room.meeting, seats)
    assert reads(house, "bob", number) == frozenset()
    assert reads(house, "alice", number) == lead
    services.attendance.keep(house.stella, room.meeting, {room.seats["bob"]: ("excused", "present")})
    assert "confidential" in reads(house, "bob", number)


def test_a_deputy_gets_the_keys_of_the_seat_and_the_replaced_loses_them(house: House) -> None:
    """As far as the charter lets the deputy's own profession read."""
    room, (number,) = opened(house, "bob")
    services.attendance.replace(house.stella, room.meeting, room.seats["bob"], house.paula.user_id)
    assert reads(house, "bob", number) == frozenset()
    assert reads(house, "paula", number) == {"identity", "decisions"}
    sheet = services.sheet.read(house.stella, room.meeting)
    assert (states(sheet)["Bob"], states(sheet)["Paula"]) == ("replaced", "present")
    assert {place.name: place.instead for place in sheet.places}["Paula"] == "Bob"
    for wrong in (house.charlie.user_id, house.ada.user_id):
        with pytest.raises(InvalidInput):
            services.attendance.replace(house.stella, room.meeting, room.seats["bob"], wrong)
    with pytest.raises(NotFound):
        services.attendance.replace(house.stella, room.meeting, "0" * 32, house.alice.user_id)


def test_a_guest_is_a_sealed_name(fresh_house: House) -> None:
    """No account, no key, no name in the clear; told to the cell's members."""
    house = fresh_house
    room, _ = opened(house, "bob")
    seat = services.attendance.add_guest(house.stella, room.meeting, draft(house))
    row = next(each for each in rows(house, Seat, id=seat))
    assert (row.user_id, row.status, row.charter_reference) == (None, "present", "CH-2026-14")
    stored = b"".join(path.read_bytes() for path in house.instance.config.instance.rglob("*") if path.is_file())
    assert b"CH-2026-14" in stored, "control: what is in the clear on purpose is found"
    assert GUEST.encode() not in stored
    assert "Trébuchet".encode() not in stored
    assert GUEST in states(services.sheet.read(house.stella, room.meeting))
    assert GUEST in states(services.sheet.read(secretary(house), room.meeting))


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("profession", "landlord"), ("profession", "nobody"), ("institution", "0" * 32), ("charter_date", None),
     ("charter_reference", "Ondine !"), ("charter_reference", "")],
)  # fmt: skip
def test_a_guest_without_a_signed_charter_does_not_sit_in(house: House, field: str, value: object) -> None:
    """Nor one whose profession the charter shows nothing. Control: the same guest, complete, does."""
    room, _ = opened(house, "bob")
    with pytest.raises(InvalidInput) as problem:
        services.attendance.add_guest(house.stella, room.meeting, draft(house, **{field: value}))
    assert list(problem.value.problems) == [field]
    assert services.attendance.add_guest(house.stella, room.meeting, draft(house))


def test_only_those_who_keep_the_sheet(house: House) -> None:
    """The steward and the secretary of that cell, while it comes or is under way."""
    room, _ = opened(house, "bob")
    for stranger in (house.bob, house.sam, house.ada):
        with pytest.raises(NotFound):
            services.sheet.read(stranger, room.meeting)
        with pytest.raises(NotFound):
            services.attendance.keep(stranger, room.meeting, {room.seats["bob"]: ("convened", "present")})
    assert room.seat("bob").status == "convened"
    assert services.sheet.read(secretary(house), room.meeting).present == 1
