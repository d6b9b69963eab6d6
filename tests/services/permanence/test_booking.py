"""A slot is taken once, changes hands in the open, and tells who comes to those who may know."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.permanence.views import BookingDraft, Engaged
from tests.house import House
from tests.services.permanence.scene import TUESDAY, at, colleagues, draft, receive, seen, serve, stored, take


def test_a_booked_slot_names_whom_one_opens_and_is_reserved_for_the_others(house: House) -> None:
    place, number = receive(house), house.follow("Quibérac-Rendez")
    mine, word = take(house, place, at(9), number=number), take(house, place, at(9, 30), words="nouvelle personne")
    assert seen(house, "alice", mine).who == Engaged(number, "Théodule Quibérac-Rendez")
    assert (seen(house, "bob", mine).who, seen(house, "bob", mine).state) == (Engaged(), "booked"), "he opens no such dossier"
    assert seen(house, "bob", word).who == Engaged(words="nouvelle personne")
    led = house.follow("Quibérac-Seul", lead="bob")
    with pytest.raises(InvalidInput) as refused:
        take(house, place, at(10), number=led)
    with pytest.raises(InvalidInput) as unknown:
        take(house, place, at(10), number="2026-9999")
    assert refused.value.problems == unknown.value.problems


def test_whoever_is_kept_apart_sees_a_taken_slot_and_nothing_else(fresh_house: House) -> None:
    house = fresh_house
    place, number = receive(house), house.follow("Quibérac-Lié")
    slot = take(house, place, at(9), number=number)
    assert seen(house, "alice", slot).who.number == number
    reserved = seen(house, "bob", slot)
    services.conflicts.withdraw(house.alice, number)
    assert seen(house, "alice", slot) == reserved, "like a colleague who never held it"
    assert (reserved.who, reserved.state) == (Engaged(), "booked")
    with pytest.raises(InvalidInput):
        take(house, place, at(10), number=number)


def test_who_may(house: House) -> None:
    place = receive(house)
    for stranger in ("hugo", "paula", "charlie", "stella", "ada", "oscar"):
        actor = house.actors[stranger]
        for act in (
            lambda actor=actor: services.week.week(actor, TUESDAY),
            lambda actor=actor: services.today.sheet(actor, TUESDAY),
            lambda actor=actor: services.keeping.compose(actor),
            lambda actor=actor: services.keeping.make(actor, draft(house)),
            lambda actor=actor: services.keeping.ending(actor, place),
            lambda actor=actor: services.booking.prepare(actor, place, at(9)),
            lambda actor=actor: services.booking.book(actor, place, at(9), BookingDraft(words="x")),
        ):
            with pytest.raises(NotFound):
                act()


def test_another_service_of_the_same_cell_sees_nothing_of_mine(fresh_house: House) -> None:
    house = fresh_house
    place = receive(house)
    slot = take(house, place, at(9), words="nouvelle personne")
    other = colleagues(house, "nina", "nour")
    assert services.week.week(other, TUESDAY).kept == ()
    for act in (
        lambda: services.booking.prepare(other, place, at(9, 30)),
        lambda: services.booking.read(other, slot),
        lambda: services.booking.cancel(other, slot, seen=1),
        lambda: services.booking.attend(other, slot, came=True, seen=1),
        lambda: services.keeping.ending(other, place),
    ):
        with pytest.raises(NotFound):
            act()
    assert services.booking.read(house.bob, slot).slot.id == slot


@pytest.mark.parametrize(
    "moment", [at(8, 30), at(9, 10), at(12), at(9, day=TUESDAY + timedelta(days=1)), at(9, day=TUESDAY - timedelta(days=7))]
)
def test_a_slot_that_does_not_exist_or_is_over_is_not_found(house: House, moment: object) -> None:
    place = receive(house)
    with pytest.raises(NotFound):
        take(house, place, moment, words="x")  # type: ignore[arg-type]  # a moment


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (BookingDraft(), "number"), (BookingDraft("2026-0001", "mot"), "words"), (BookingDraft(words="m" * 41), "words"),
        (BookingDraft(words="a\u202eb"), "words"), (BookingDraft("personne"), "number"),
    ],
)  # fmt: skip
def test_what_may_be_typed(house: House, given: BookingDraft, field: str) -> None:
    place = receive(house)
    with pytest.raises(InvalidInput) as refused:
        services.booking.book(house.alice, place, at(9), given)
    assert set(refused.value.problems) == {field}


def test_a_dossier_of_another_cell_is_booked_elsewhere(fresh_house: House) -> None:
    """The link would be sealed to people of this cell."""
    house = fresh_house
    place, number = receive(house), house.follow("Quibérac-Sud", cell="sud", steward="sam", lead="charlie")
    services.cells.admit(house.sam, house.cells["sud"], "alice", "member", act="acte 9", until=house.clock.now() + timedelta(days=90))
    services.lifecycle.relead(house.sam, number, "alice")
    with pytest.raises(InvalidInput, match="number") as refused:
        take(house, place, at(9), number=number)
    assert "Une autre cellule" in refused.value.problems["number"]


@pytest.mark.races
def test_two_people_at_once_make_one_appointment(house: House) -> None:
    place, told, gate = receive(house), [], Barrier(2)

    def race(who: str) -> None:
        gate.wait()
        try:
            told.append(take(house, place, at(11), words=f"pour {who}", who=who))
        except InvalidInput as problem:
            told.append(problem.problems["form"])

    runners = [Thread(target=race, args=(who,)) for who in ("alice", "bob")]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert sorted("vient d’être pris" in each for each in told) == [False, True]


def test_attendance_is_said_once_it_began_and_can_be_corrected(fresh_house: House) -> None:
    house = fresh_house
    place = receive(house)
    slot = take(house, place, at(9), words="nouvelle personne")
    with pytest.raises(InvalidInput):
        services.booking.attend(house.alice, slot, came=True, seen=1)
    house.clock.move_to(at(9, 5))
    services.booking.attend(house.bob, slot, came=False, seen=1)
    with pytest.raises(InvalidInput, match="form"):
        services.booking.attend(house.alice, slot, came=True, seen=1)
    assert seen(house, "alice", slot).state == "missed"
    services.booking.attend(house.alice, slot, came=True, seen=2)
    assert (seen(house, "alice", slot).state, seen(house, "alice", slot).who.words) == ("attended", "nouvelle personne")
    with pytest.raises(InvalidInput):
        services.booking.cancel(house.alice, slot, seen=3)


def test_a_moved_or_cancelled_appointment_frees_its_slot_and_forgets_who(house: House) -> None:
    place, other = receive(house), receive(house, weekday=3)
    slot = take(house, place, at(9), words="nouvelle personne")
    thursday = at(9, day=TUESDAY + timedelta(days=2))
    page = services.booking.read(house.bob, slot)
    assert thursday in [each.starts_at for each in page.free if each.permanence.id == other]
    blocked = take(house, other, thursday + timedelta(minutes=30), words="autre")
    with pytest.raises(InvalidInput, match="slot"):
        services.booking.move(house.bob, slot, other, thursday + timedelta(minutes=30), seen=1)
    moved = services.booking.move(house.bob, slot, other, thursday, seen=1)
    assert (seen(house, "alice", moved).who.words, stored(house, slot).state) == ("nouvelle personne", "moved")
    assert (stored(house, slot).link, stored(house, slot).moved_to_id) == (None, moved)
    with pytest.raises(InvalidInput):
        services.booking.move(house.bob, slot, other, thursday + timedelta(hours=1), seen=2)
    services.booking.cancel(house.alice, blocked, seen=1)
    assert (stored(house, blocked).link, stored(house, blocked).state) == (None, "cancelled")
    with pytest.raises(NotFound):
        services.booking.read(house.alice, blocked)
    again = take(house, place, at(9), words="quelqu’un")
    assert (again, stored(house, again).version) == (slot, 3)


def test_the_ring_is_needed_to_make_one(fresh_house: House) -> None:
    with pytest.raises(NotFound):
        services.keeping.compose(fresh_house.alice)
    serve(fresh_house)
    assert [each.code for each in services.keeping.compose(fresh_house.alice).cells] == [fresh_house.cells["nord"]]
