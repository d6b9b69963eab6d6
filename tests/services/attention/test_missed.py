"""Who did not come shows in the day of whoever follows them, and of nobody else; without a name where they may not read it."""

from datetime import timedelta

from casework import services
from tests.house import House
from tests.services.orientation.oriented import followed, sent, town
from tests.services.permanence.scene import WORD, at, receive, take


def due(house: House, name: str, code: str) -> list[tuple[str, str | None]]:
    """Number and name of what is due to somebody under this code."""
    return [(each.number, each.person) for each in services.day.read(house.actors[name]).due if each.code == code]


def version(house: House, slot: str) -> int:
    """What the page of an appointment shows."""
    return services.booking.read(house.alice, slot).slot.version


def test_a_missed_permanence(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Manqué-Permanence")
    place = receive(house)
    slot, word = take(house, place, at(9), number=number), take(house, place, at(9, 30), words=WORD)
    house.clock.move_to(at(10, 30))
    assert due(house, "alice", "absent") == [], "control: nobody said so yet"
    for each in (slot, word):
        services.booking.attend(house.alice, each, came=False, seen=version(house, each))
    ((shown, person),) = due(house, "alice", "absent")
    assert shown == number
    assert person
    assert "Manqué-Permanence" in person
    assert WORD not in str(services.day.read(house.alice))
    assert due(house, "bob", "absent") == [], "he serves with her, and does not follow"
    services.booking.attend(house.alice, slot, came=True, seen=version(house, slot))
    assert due(house, "alice", "absent") == [], "corrected"
    services.booking.attend(house.alice, slot, came=False, seen=version(house, slot))
    assert len(due(house, "alice", "absent")) == 1, "control"
    house.clock.advance(timedelta(days=7))
    assert due(house, "alice", "absent") == []


def test_a_missed_orientation(fresh_house: House) -> None:
    house, place = fresh_house, town(fresh_house)
    number = followed(house, "Manqué-Orientation")
    referral = sent(place, number)
    services.receiving.read(house.charlie, referral)
    services.receiving.take(house.charlie, referral, "accepted")
    services.receiving.take(house.charlie, referral, "appointment", meets_at=house.clock.now() + timedelta(hours=1))
    house.clock.advance(timedelta(hours=2))
    assert due(house, "alice", "orientation_missed") == [], "control: nobody said so yet"
    services.receiving.take(house.charlie, referral, "missed", reason="person")
    ((shown, person),) = due(house, "alice", "orientation_missed")
    assert shown == number
    assert person
    assert "Manqué-Orientation" in person
    assert due(house, "charlie", "orientation_missed") == []
    assert "Manqué-Orientation" not in str(services.day.read(house.charlie))
    services.receiving.take(house.charlie, referral, "in_progress")
    assert due(house, "alice", "orientation_missed") == []
