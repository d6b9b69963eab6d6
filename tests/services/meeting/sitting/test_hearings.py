"""« Qui a vu ce dossier dans cette réunion ? »: the answer is what the leaves vouch for, and a row taken away is found."""

from datetime import date, timedelta

import pytest

from casework import ledger, services
from casework.errors import NotFound
from casework.models.base import recorded_models
from casework.services.drafts import AccessQuery
from casework.services.meeting.sitting import attendance, hearings, opening, showing
from casework.services.meeting.sitting.hearing_views import ItemHearings
from casework.services.meeting.sitting.sitting_views import GuestDraft
from tests.house import House
from tests.jobs.test_sweep import newest_leaf
from tests.services.meeting.room import Room, convene

NAME, GUEST = "Quibérac-Vu", "Ondine Vernay"
SHOWN = "Examiner un dossier en réunion"


@pytest.fixture(scope="module")
def room(house: House) -> Room:
    """Two items. Alice, Bob and a guest hear the first; Bob leaves; Alice hears the second. Hugo was excused, Paula is not concerned."""
    first, second = house.follow(NAME), house.follow(f"{NAME}-deux")
    room = convene(house, {first: ("alice", "bob", "hugo"), second: ("alice", "bob")}, people=["paula"])
    opening.open(room.steward, room.meeting, "4821", "4821")
    come(room, alice="present", bob="present", hugo="excused")
    guest = GuestDraft(GUEST, "social_worker", "", date(2026, 3, 2), "feuille 12", (room.items[first],))
    seat = attendance.add_guest(room.steward, room.meeting, guest)
    show(room, first)
    house.clock.advance(timedelta(minutes=4))
    attendance.leave(room.steward, room.meeting, [room.seats["bob"], seat])
    show(room, second)
    return room


def come(room: Room, **states: str) -> None:
    """Keep the attendance."""
    attendance.keep(room.steward, room.meeting, {room.seats[name]: ("convened", state) for name, state in states.items()})


def show(room: Room, number: str) -> None:
    """The room comes to an item and looks at it."""
    room.house.clock.advance(timedelta(minutes=2))
    showing.call(room.steward, room.meeting, room.items[number])
    showing.look(room.steward, room.meeting)


def asked(room: Room, place: int) -> ItemHearings:
    """The auditor's question about the item at this place."""
    return services.hearings.of_item(room.house.ada, room.meeting, list(room.items)[place])


def test_who_was_in_the_room_and_concerned_saw_it(room: Room) -> None:
    """By certified name, with profession and institution; a guest without a name; the same kinds for everybody, and no content."""
    found = asked(room, 0)
    assert [each.name for each in found.hearers].count("Invité·e") == 1
    assert {each.name for each in found.hearers} == {"Stella", "Alice", "Bob", "Invité·e"}
    assert {each.institution for each in found.hearers if each.name == "Bob"} == {"Département de l’Orle"}
    assert all(each.vouched and "Identité" in each.compartments for each in found.hearers)
    assert found.vanished == 0
    assert GUEST not in repr(found)
    assert NAME not in repr(found)


def test_who_left_or_was_not_there_did_not_see_it(room: Room) -> None:
    """Bob left before the second; Hugo was excused. Control: Bob saw the first."""
    first, second = asked(room, 0), asked(room, 1)
    assert [(each.name, each.why) for each in first.missed] == [("Hugo", "away")]
    assert {each.name for each in second.hearers} == {"Stella", "Alice"}
    (bob,) = second.missed
    assert (bob.name, bob.why, bob.left_at is not None) == ("Bob", "left", True)
    assert max(each.at for each in first.hearers) < bob.left_at < min(each.at for each in second.hearers)  # type: ignore[operator]  # told above


def test_the_answer_agrees_with_the_leaves(room: Room) -> None:
    """Each moment and its kinds stand in a leaf of this meeting that names this dossier; the other dossier's leaves are not here."""
    for place in (0, 1):
        found = asked(room, place)
        stated = {(each.at, each.compartments) for each in found.leaves}
        assert {(each.at, each.compartments) for each in found.hearers} <= stated
    first, second = ({each.sequence for each in asked(room, place).leaves if each.action == SHOWN} for place in (0, 1))
    assert (len(first), len(second), first & second) == (2, 2, set())


def test_a_dossier_with_many_leaves_is_read_to_its_first(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A leaf a page: the same answer."""
    before = asked(room, 0)
    monkeypatch.setattr(hearings, "BATCH", 1)
    assert asked(room, 0) == before


def test_the_journal_leads_there(room: Room) -> None:
    """By number, on the first page of the question; another number leads nowhere."""
    first, second = room.items
    (line,) = services.accesses.read(room.house.ada, AccessQuery(dossier=first)).meetings
    assert (line.id, line.number, line.people) == (room.meeting, first, 4)
    assert [each.people for each in services.accesses.read(room.house.ada, AccessQuery(dossier=second)).meetings] == [2]
    assert services.accesses.read(room.house.ada, AccessQuery()).meetings == ()


def test_only_oversight_asks_and_asking_is_recorded(room: Room) -> None:
    """The steward and a member find no such page; nor is there one for a dossier of another meeting."""
    house, number = room.house, next(iter(room.items))
    for actor in (house.stella, house.alice, house.oscar):
        with pytest.raises(NotFound):
            services.hearings.of_item(actor, room.meeting, number)
    with pytest.raises(NotFound):
        services.hearings.of_item(house.ada, room.meeting, house.follow(f"{NAME}-ailleurs"))
    asked(room, 0)
    leaf = newest_leaf(house)
    assert (leaf.action, leaf.dossiers, leaf.outcome) == ("ledger.read", ((number, ()),), "authorised")
    assert services.hearings.of_item(house.dora, room.meeting, number).hearers


def test_a_row_taken_away_or_changed_is_found(lone_house: House) -> None:
    """By the page and by the verifier. Control: untouched, both say nothing."""
    number = lone_house.follow(NAME)
    room = convene(lone_house, {number: ("alice", "bob")})
    opening.open(room.steward, room.meeting, "4821", "4821")
    come(room, alice="present", bob="present")
    show(room, number)
    assert verified(lone_house) == []
    assert (asked(room, 0).vanished, [each.vouched for each in asked(room, 0).hearers]) == (0, [True] * 3)
    behind(lone_house, f"UPDATE item_hearing SET kinds = 'identity contact' WHERE seat_id = '{room.seats['bob']}'")
    assert sorted(each.vouched for each in asked(room, 0).hearers) == [False, True, True]
    assert next(each for each in asked(room, 0).hearers if not each.vouched).name == "Bob"
    behind(lone_house, f"DELETE FROM item_hearing WHERE seat_id = '{room.seats['bob']}'")
    assert asked(room, 0).vanished == 1
    assert verified(lone_house) == ["row.missing"]


def behind(house: House, statement: str) -> None:
    """Write behind the application's back."""
    with house.instance.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def verified(house: House) -> list[str]:
    """What the verifier finds."""
    with house.instance.database.reading() as session:
        return [each.code for each in ledger.verify(session, saved=None, recorded=recorded_models()).findings]
