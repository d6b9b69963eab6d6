"""Opening a meeting: who holds what from then on, why, until when; and that another title loses nothing."""

from datetime import timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.dossiers import Box
from casework.models.meetings import Item, Meeting, Seat
from casework.services.drafts import AccessQuery
from tests.attacks.sql import rows
from tests.house import House
from tests.services.meeting.room import Room, convene, reads, secretary

CODE = "2580"
CONVENED_SOCIAL = {"identity", "decisions", "confidential"}


def opened(house: House, room: Room) -> int:
    """Open it as its steward does."""
    return services.opening.open(room.steward, room.meeting, CODE, CODE)


def test_the_concerned_read_from_the_opening_on_what_the_charter_lets_them(house: House) -> None:
    """Alice leads, Bob and Paula are convened for it, Hugo for another item, Elsa for none."""
    number, other = house.follow("Ouvrir"), house.follow("Ouvrir-Autre", lead="bob")
    room = convene(house, {number: ["bob", "paula"], other: ["hugo"]}, people=["elsa"])
    assert reads(house, "bob", number) == reads(house, "paula", number) == {"identity"}, "before: who it is about, and no more"
    before = house.open(house.bob, number)
    assert (before.lead, before.participants, before.received_on, before.next_date) == (None, (), None, None)
    line = next(each for each in services.dossiers.list_mine(house.bob).lines if each.number == number)
    assert (line.lead, line.next_date) == (None, None)
    assert opened(house, room) > 0
    assert house.open(house.bob, number).lead is not None, "control: once it is open"
    assert reads(house, "bob", number) == CONVENED_SOCIAL
    assert reads(house, "paula", number) == {"identity", "decisions"}
    assert reads(house, "hugo", other) == {"identity", "decisions", "school"}
    assert reads(house, "hugo", number) == frozenset(), "somebody else's item"
    meeting = room.row(Meeting, room.meeting)
    assert (meeting.status, meeting.opened_by) == ("open", house.stella.user_id)
    view = house.open(house.bob, number)
    assert "à la réunion pour cette situation" in str(view.reason.says)
    with pytest.raises(NotFound):
        house.open(house.charlie, number)


def test_boxes_end_by_themselves_and_another_title_stays(fresh_house: House) -> None:
    """A forgotten meeting is over some hours later; the lead, who was convened too, still leads."""
    house = fresh_house
    number = house.follow("Ouvrir-Fin")
    room = convene(house, {number: ["alice", "bob"]})
    opened(house, room)
    ends = {box.until for box in rows(house, Box, title="convened")}
    assert all(end is not None for end in ends)
    house.clock.advance(timedelta(hours=14))
    assert reads(house, "bob", number) == frozenset()
    assert "confidential" in reads(house, "alice", number)


def test_nobody_gets_what_they_may_not_have(fresh_house: House) -> None:
    """Not confirmed, left the cell, a personal link, excused: no key. Control: the same person without that reason gets theirs."""
    house = fresh_house
    number, proposed = house.follow("Ouvrir-Qui"), house.follow("Ouvrir-Proposée")
    room = convene(house, {number: ["bob", "hugo", "paula"], proposed: ["bob"]}, before=False)
    room.change(Item, room.items[proposed], status="proposed")
    room.change(Seat, room.seats["hugo"], status="excused")
    services.conflicts.declare_for(house.stella, number, "paula")
    opened(house, room)
    assert reads(house, "bob", number) == CONVENED_SOCIAL
    assert reads(house, "bob", proposed) == frozenset()
    assert reads(house, "hugo", number) == frozenset()
    assert not rows(house, Box, title="convened", holder_id=house.paula.user_id)
    with pytest.raises(NotFound):
        house.open(house.paula, number)


def test_only_a_steward_of_that_cell_opens(house: House) -> None:
    """Not a member, not the secretary, not another cell's steward; and nobody by a code that is none."""
    number = house.follow("Ouvrir-Seule")
    room = convene(house, {number: ["bob"]})
    for stranger in (house.alice, house.sam, house.ada, secretary(house)):
        with pytest.raises(NotFound):
            services.opening.open(stranger, room.meeting, CODE, CODE)
    for code, repeated in (("123", "123"), ("123456789", "123456789"), ("12a4", "12a4"), (CODE, "2581")):
        with pytest.raises(InvalidInput):
            services.opening.open(house.stella, room.meeting, code, repeated)
    assert room.row(Meeting, room.meeting).status == "convened"


def test_not_days_before(house: House) -> None:
    """Its keys live from the opening: they must not by a slip of the calendar."""
    room = convene(house, {house.follow("Ouvrir-Tôt"): ["bob"]})
    room.change(Meeting, room.meeting, starts_at=house.clock.now() + timedelta(days=2))
    with pytest.raises(InvalidInput):
        opened(house, room)


def test_twice_is_once_and_the_leaf_names_the_meeting(house: House) -> None:
    """A double click gives nothing anew."""
    number = house.follow("Ouvrir-Double")
    room = convene(house, {number: ["bob"]})
    assert opened(house, room) > 0
    assert opened(house, room) == 0
    lines = services.accesses.read(house.ada, AccessQuery(dossier=number)).lines
    assert any(line.action == "Ouvrir une réunion" for line in lines)
