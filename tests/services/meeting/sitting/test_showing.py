"""Items called one after another: who read which, from rows and leaves; what a withdrawal closes; what somebody may be associated to."""

from datetime import timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.meetings import Hearing, Item, ItemSeat, Meeting, MeetingNote, Point
from casework.services.access import find
from casework.services.meeting import notes
from casework.services.meeting.sitting.sitting_views import GuestDraft, Projected
from casework.services.membership import cell_ring
from casework.services.unit import writing
from tests.attacks.sql import rows
from tests.attacks.test_what_leaves_say import newest
from tests.house import House
from tests.services.meeting.decisions.test_tasks import nurse
from tests.services.meeting.room import Room, convene, reads, secretary

CODE = "2580"


def begin(house: House, agenda: dict[str, list[str]], *, people: tuple[str, ...] = (), present: tuple[str, ...] = ()) -> Room:
    """An open meeting with these people in the room."""
    room = convene(house, agenda, people=people)
    services.opening.open(room.steward, room.meeting, CODE, CODE)
    arrive(room, *present)
    return room


def arrive(room: Room, *names: str) -> None:
    """They come in."""
    services.attendance.keep(room.steward, room.meeting, {room.seats[name]: ("convened", "present") for name in names})


def leave(room: Room, *names: str) -> None:
    """They go."""
    services.attendance.leave(room.steward, room.meeting, [room.seats[name] for name in names])


def show(room: Room, number: str) -> Projected:
    """Call an item and look at the screen."""
    services.showing.call(room.steward, room.meeting, room.items[number])
    found = services.showing.look(room.steward, room.meeting).item
    assert found is not None
    return found


def readers(room: Room, number: str) -> set[str]:
    """Who is recorded as having read an item; the steward is left out."""
    seats = {seat: name for name, seat in room.seats.items()}
    return {seats[each.seat_id] for each in rows(room.house, Hearing, item_id=room.items[number]) if each.seat_id in seats}


def test_who_left_before_did_not_read_and_who_came_late_did_not_either(house: House) -> None:
    """Item by item, from the rows; nobody is recorded twice when the page is loaded again."""
    numbers = [house.follow(f"Appeler-{place}") for place in range(4)]
    room = begin(house, {number: ["bob", "paula", "hugo"] for number in numbers}, present=("bob", "paula"))
    first, second, third, fourth = numbers
    show(room, first)
    services.showing.look(room.steward, room.meeting)
    leave(room, "paula")
    show(room, second)
    arrive(room, "hugo")
    show(room, third)
    services.attendance.keep(room.steward, room.meeting, {room.seats["paula"]: ("left", "present")})
    show(room, fourth)
    assert [readers(room, number) for number in numbers] == [{"bob", "paula"}, {"bob"}, {"bob", "hugo"}, {"bob", "hugo", "paula"}]
    heard = rows(house, Hearing, item_id=room.items[first])
    assert len(heard) == 3, "Bob, Paula and the steward, once each"
    assert {each.kinds for each in heard} == {"identity decisions"}


def test_each_call_writes_its_own_hearings(house: House) -> None:
    """Called again with the same people, an item is read again: the second call's leaf leads to its own rows. Loading again adds none."""
    number, other = house.follow("Appeler-Encore"), house.follow("Appeler-Encore-Deux")
    room = begin(house, {number: ["bob"], other: ["bob"]}, present=("bob",))
    for asked in (number, other, number):
        house.clock.advance(timedelta(minutes=2))
        show(room, asked)
    leaf = newest(house)
    stated = {write.row for write in leaf.writes if write.table == Hearing.__tablename__}
    heard = {each.id: each for each in rows(house, Hearing, item_id=room.items[number])}
    assert (len(heard), len(stated)) == (4, 2), "Bob and the steward, at each of the two calls"
    assert {heard[each].seat_id for each in stated} >= {room.seats["bob"]}
    assert {heard[each].heard_at for each in stated} == {room.row(Item, room.items[number]).called_at}
    services.showing.look(room.steward, room.meeting)
    assert len(rows(house, Hearing, item_id=room.items[number])) == 4


def test_the_leaf_names_the_meeting_and_what_was_shown(house: House) -> None:
    """And nothing of an item that was not called is in any leaf of the screen."""
    number, other = house.follow("Appeler-Feuille"), house.follow("Appeler-Feuille-Deux")
    room = begin(house, {number: ["bob"], other: ["bob"]}, present=("bob",))
    show(room, number)
    leaf = newest(house)
    assert (leaf.action, leaf.meeting) == ("meeting.show", room.meeting)
    assert leaf.dossiers == ((number, ("confidential", "decisions", "identity")),)
    assert leaf.facts["present"] == 2
    assert sum(write.table == Hearing.__tablename__ for write in leaf.writes) == 2


def test_a_stranger_holds_it_back_until_one_of_three_acts(house: House) -> None:
    """They leave, or the number is kept, or they are associated, which gives them the keys. Nobody has read it before."""
    number = house.follow("Appeler-Étrangère")
    room = begin(house, {number: ["bob"]}, people=("paula", "hugo"), present=("bob", "paula", "hugo"))
    held_back = show(room, number)
    assert (held_back.state, held_back.born, held_back.first_name, held_back.decisions) == ("number", None, "", ())
    assert {each.name for each in held_back.strangers} == {"Paula", "Hugo"}
    assert readers(room, number) == set()
    leave(room, "hugo")
    services.showing.associate(room.steward, room.meeting, room.items[number], room.seats["paula"])
    shown = services.showing.look(room.steward, room.meeting).item
    assert shown is not None
    assert (shown.state, shown.born) == ("all", 2012)
    assert readers(room, number) == {"bob", "paula"}
    assert reads(house, "paula", number) == {"identity", "decisions"}
    (row,) = rows(house, ItemSeat, item_id=room.items[number], seat_id=room.seats["paula"])
    assert row.origin == "associated"
    services.showing.keep_to_number(room.steward, room.meeting, room.items[number])
    kept = services.showing.look(room.steward, room.meeting).item
    assert kept is not None
    assert (kept.state, kept.kept, kept.strangers, kept.born) == ("number", True, (), None)


def test_the_charter_keeps_some_from_being_associated(house: House) -> None:
    """A school nurse, by the charter alone; somebody with a personal link. Control: a police officer may be."""
    number, nora = house.follow("Appeler-Refus"), nurse(house)
    room = begin(house, {number: ["bob"]}, people=("paula", "hugo", nora), present=("bob", "paula", "hugo", nora))
    services.conflicts.declare_for(house.stella, number, "hugo")
    for kept_out in ("hugo", nora):
        with pytest.raises(InvalidInput):
            services.showing.associate(room.steward, room.meeting, room.items[number], room.seats[kept_out])
        assert not rows(house, ItemSeat, item_id=room.items[number], seat_id=room.seats[kept_out])
    with pytest.raises(NotFound):
        services.showing.associate(room.steward, room.meeting, room.items[number], new_id())
    services.showing.associate(room.steward, room.meeting, room.items[number], room.seats["paula"])


def test_a_guest_limits_what_is_projected_and_is_recorded(house: House) -> None:
    """No account, no key: counted in the room for the items they were let hear."""
    number, other = house.follow("Appeler-Invitée"), house.follow("Appeler-Invitée-Deux")
    house.note(house.alice, number, "Entretien de mars.", compartment="confidential")
    room = begin(house, {number: ["bob"], other: ["bob"]}, present=("bob",))
    assert [each.text for each in show(room, number).notes] == ["Entretien de mars."]
    draft = GuestDraft("Ondine Trébuchet", "school_staff", "", house.clock.now().date(), "CH-2026-14", (room.items[number],))
    seat = services.attendance.add_guest(room.steward, room.meeting, draft)
    shown = show(room, number)
    assert shown.notes == ()
    assert len(shown.kinds) == 2
    assert seat in {each.seat_id for each in rows(house, Hearing, item_id=room.items[number])}
    assert show(room, other).state == "number"
    assert seat not in {each.seat_id for each in rows(house, Hearing, item_id=room.items[other])}


def test_the_screen_never_says_who_reported(house: House) -> None:
    """Neither as a field nor as the author of a note; nor what is private or keeps safe."""
    number = house.follow("Appeler-Source")
    house.note(house.alice, number, "Entre travailleurs sociaux.", compartment="social")
    house.note(house.alice, number, "Note d’Alice.", compartment="confidential")
    room = begin(house, {number: ["bob"]}, present=("bob",))
    screen = show(room, number)
    text = repr(screen)
    assert "Absences répétées" in text, "control: the facts of the saisine are there"
    assert "Note d’Alice." in text
    for never in ("Hugo", "Entre travailleurs sociaux", "Appeler-Source"):
        assert never not in text, never
    assert screen.lead == "Alice"


def test_a_withdrawn_item_closes_at_once_for_that_title_only(house: House) -> None:
    """Bob loses it, Alice who leads keeps what a lead has, the other item stays open."""
    number, other = house.follow("Appeler-Retrait"), house.follow("Appeler-Reste")
    room = begin(house, {number: ["alice", "bob"], other: ["bob"]}, present=("bob",))
    show(room, number)
    as_lead = reads(house, "alice", number)
    services.showing.withdraw(room.steward, room.meeting, room.items[number])
    assert reads(house, "bob", number) == frozenset()
    assert reads(house, "alice", number) == as_lead
    assert "decisions" in reads(house, "bob", other)
    assert room.row(Meeting, room.meeting).current_item_id is None
    with pytest.raises(NotFound):
        services.showing.call(room.steward, room.meeting, room.items[number])
    with pytest.raises(NotFound):
        house.open(house.bob, number)


def test_only_whoever_conducts_calls_and_looks(house: House) -> None:
    """Not a member, not the secretary, not another cell; not before the opening; not an item of another meeting."""
    number = house.follow("Appeler-Qui")
    closed = convene(house, {number: ["bob"]})
    with pytest.raises(NotFound):
        services.showing.call(house.stella, closed.meeting, closed.items[number])
    room = begin(house, {house.follow("Appeler-Qui-Deux"): ["bob"]}, present=("bob",))
    item = next(iter(room.items.values()))
    with pytest.raises(NotFound):
        services.showing.call(house.stella, room.meeting, closed.items[number])
    for stranger in (house.bob, house.sam, secretary(house)):
        with pytest.raises(NotFound):
            services.showing.call(stranger, room.meeting, item)
        with pytest.raises(NotFound):
            services.showing.withdraw(stranger, room.meeting, item)
    services.showing.call(house.stella, room.meeting, item)
    for stranger in (house.bob, house.sam, secretary(house)):
        with pytest.raises(NotFound):
            services.showing.look(stranger, room.meeting)
    proposed = house.follow("Appeler-Proposé")
    other = convene(house, {proposed: ["bob"]})
    other.change(Item, other.items[proposed], status="proposed")
    services.opening.open(house.stella, other.meeting, CODE, CODE)
    with pytest.raises(NotFound):
        services.showing.call(house.stella, other.meeting, other.items[proposed])


def test_the_question_waits_for_an_act_while_a_stranger_is_there(house: House) -> None:
    """The number and nothing else; after the steward chose number and question, or once all are concerned, the question as well."""
    number = house.follow("Appeler-Question")
    room = begin(house, {number: ["bob"]}, people=("paula",), present=("bob", "paula"))
    with writing(house.stella, "meeting.prepare") as unit:
        notes.ask(
            find(unit, number), unit.session.get_one(Meeting, room.meeting), unit.session.get_one(Item, room.items[number]), "Qui appelle ?"
        )
    assert (show(room, number).question, show(room, number).state) == ("", "number")
    services.showing.keep_to_number(room.steward, room.meeting, room.items[number])
    assert (show(room, number).question, show(room, number).state) == ("Qui appelle ?", "number")
    services.showing.keep_to_number(room.steward, room.meeting, room.items[number], only=False)
    assert show(room, number).question == ""
    leave(room, "paula")
    assert (show(room, number).question, show(room, number).state) == ("Qui appelle ?", "all")
    assert len(rows(house, MeetingNote, item_id=room.items[number])) == 1


def test_members_follow_on_their_own_device(house: House) -> None:
    """The number of an item of theirs; of another's, that it is not."""
    number, other = house.follow("Appeler-Suivre"), house.follow("Appeler-Suivre-Deux")
    room = begin(house, {number: ["bob"], other: ["hugo"]}, present=("bob", "hugo"))
    show(room, number)
    assert services.showing.follow(house.bob, room.meeting).number == number
    theirs = services.showing.follow(house.hugo, room.meeting)
    assert (theirs.mine, theirs.number, theirs.place) == (False, "", 1)
    with pytest.raises(NotFound):
        services.showing.follow(house.paula, room.meeting)


def test_a_watch_has_points_and_no_item(house: House) -> None:
    """Opened through the cell's ring, by its steward."""
    room = convene(house, {}, people=["paula"], kind="watch")
    with writing(house.stella, "meeting.prepare") as unit:
        row = Point(id=new_id(), meeting_id=room.meeting, author_id=house.stella.user_id, written_at=unit.now, version=1)
        texts = {"place": "Square des Lavandières", "trouble": "Rodéos le soir", "action": "Éclairage"}
        row.epoch_id, row.sealed = cell_ring.seal(unit, house.cells["nord"], texts, table=Point.__tablename__, row_id=row.id)
        unit.session.add(row)
    services.opening.open(house.stella, room.meeting, CODE, CODE)
    shown = services.showing.look(house.stella, room.meeting)
    assert (shown.nominative, shown.item, shown.stops) == (False, None, ())
    assert [each.trouble for each in shown.subjects] == ["Rodéos le soir"]
