"""What the room's screen may show: over every pair of professions, with the charter itself as the measure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations_with_replacement

import pytest

from casework import services
from casework.charter import Situation
from casework.models.base import new_id
from casework.models.meetings import Item, Seat
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.meeting.sitting import projection
from casework.services.meeting.sitting.projection import PROJECTED, Present, cut, cut_for
from casework.services.unit import reading
from tests.house import House
from tests.sampling import Sampler
from tests.services.meeting.room import convene

EVERYTHING = frozenset(PROJECTED)
NEVER = {"safety", "social", "sealed", "contact", "extract"}


@contextmanager
def held_by(actor: Actor, number: str) -> Iterator[Held]:
    """The dossier as the keeper of the screen holds it."""
    with reading(actor, "dossier.open") as unit:
        yield find(unit, number)


@pytest.fixture(scope="module")
def number(house: House) -> str:
    """A dossier with something in every kind that a room may see, and in those it may not."""
    found = house.follow("Projeter")
    house.note(house.alice, found, "Point d’étape.", compartment="confidential")
    house.note(house.alice, found, "Décidé.", compartment="decisions", kind="decision")
    house.note(house.alice, found, "Entre nous.", compartment="social")
    house.note(house.alice, found, "À moi.", compartment="sealed")
    return found


def guest(profession: str) -> Seat:
    """Somebody without an account."""
    return Seat(id=new_id(), user_id=None, profession=profession, status="present")


def on_agenda() -> Item:
    """An item whose everything may be shown."""
    return Item(id=new_id(), shown="all")


def shown(held: Held, room: Sequence[Seat]) -> set[str]:
    """Kinds on the screen when all of these are there and concerned."""
    return set(cut_for(held, on_agenda(), room, {seat.id for seat in room}).kinds)


def lawful(held: Held, profession: str) -> set[str]:
    """Kinds that the charter lets a guest of this profession read, asked of the charter and of nothing else."""
    dossier, law = held.dossier, held.unit.charter
    return {
        kind
        for kind in law.vocabulary.kinds
        if law.check_any("compartment.read", [Situation(profession, "guest", dossier.programme, dossier.status, kind)]).permitted
    }


def test_every_pair_of_professions_sees_what_both_may(house: House, number: str, sample: Sampler) -> None:
    """And each alone sees what it may: so that nobody is shown less for nothing, and nobody more for somebody else."""
    with held_by(house.stella, number) as held:
        kept = {each.kind for each in held.compartments}
        professions = list(held.unit.charter.vocabulary.professions)
        limited = 0
        for one, other in sample(combinations_with_replacement(professions, 2), 80):
            both = lawful(held, one) & lawful(held, other) & EVERYTHING & kept
            room = [guest(one), guest(other)]
            wanted = both if "identity" in both else set()
            assert shown(held, room) == wanted, (one, other)
            assert not shown(held, room) & NEVER
            alone = shown(held, room[:1])
            assert alone >= wanted
            limited += alone > wanted
        assert limited, "control: without the second person more is shown"
        assert shown(held, []) == set(), "nobody said who is there: an empty sheet shows nothing"


def test_members_are_shown_what_their_boxes_open(house: House, number: str, sample: Sampler) -> None:
    """A member without a box is shown nothing, whatever the charter would let their profession; with the meeting's box, what it lets."""
    room = convene(house, {number: ["bob", "hugo"]}, before=False)
    seats = {name: room.seat(name) for name in ("bob", "hugo")}
    with held_by(house.stella, number) as held:
        assert shown(held, [seats["bob"]]) == set()
    services.opening.open(house.stella, room.meeting, "2580", "2580")
    with held_by(house.stella, number) as held:
        assert shown(held, [seats["bob"]]) == {"identity", "decisions", "confidential"}
        assert shown(held, [seats["hugo"]]) == {"identity", "decisions", "school"}
        assert shown(held, list(seats.values())) == {"identity", "decisions"}
        for profession in sample(held.unit.charter.vocabulary.professions, 8):
            both = shown(held, [seats["bob"], guest(profession)])
            theirs = lawful(held, profession)
            assert both == ({"identity", "decisions", "confidential"} & theirs if "identity" in theirs else set())


def test_a_stranger_in_the_room_leaves_the_number(house: House, number: str) -> None:
    """And is named, with whether they could be associated. Control: without them the item is shown."""
    police, landlord, worker = guest("municipal_police"), guest("landlord"), guest("social_worker")
    with held_by(house.stella, number) as held:
        room = [worker, police, landlord]
        found = cut_for(held, on_agenda(), room, {worker.id})
        assert (found.state, found.kinds, found.heard) == ("number", (), ())
        assert [(each.seat, each.may) for each in found.strangers] == [(police.id, True), (landlord.id, False)]
        assert cut_for(held, on_agenda(), [worker], {worker.id}).kinds
        kept = cut_for(held, Item(id=new_id(), shown="number"), [worker], {worker.id})
        assert (kept.state, kept.kinds, kept.heard) == ("number", (), ())


def test_the_rule_is_pure() -> None:
    """What the keeper does not read is not shown, whoever else could; nobody hears what is not shown."""
    everybody = [Present("a", True, EVERYTHING), Present("b", True, frozenset({"identity", "school"}))]
    assert cut(everybody, {"identity", "school", "decisions"}).kinds == ("identity", "school")
    assert cut(everybody, {"decisions"}).heard == ()
    assert cut([*everybody, Present("c", False, EVERYTHING)], EVERYTHING).state == projection.NUMBER
    assert cut([Present("a", True, EVERYTHING)], EVERYTHING).kinds == PROJECTED
    assert cut([], EVERYTHING).state == projection.NUMBER, "nobody said who is there"


def test_whoever_has_a_personal_link_is_a_stranger(fresh_house: House) -> None:
    """Although they were convened for it. Control: before it was said, they were concerned."""
    house = fresh_house
    number = house.follow("Projeter-Lien")
    room = convene(house, {number: ["paula"]})
    seat = room.seat("paula")
    services.opening.open(house.stella, room.meeting, "2580", "2580")
    with held_by(house.stella, number) as held:
        assert shown(held, [seat])
    services.conflicts.declare_for(house.stella, number, "paula")
    with held_by(house.stella, number) as held:
        found = cut_for(held, on_agenda(), [seat], {seat.id})
        assert found.kinds == ()
        assert [each.may for each in found.strangers] == [False]
