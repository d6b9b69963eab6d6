"""What a stolen database says of an appointment, what a leaver opens, and what a row that was touched is worth."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import NotFound, TamperedError
from casework.jobs.system import System
from casework.ledger import verify
from casework.models.base import recorded_models
from casework.models.cells import Ring, RingEpoch
from casework.models.ledger import ledger_leaf
from casework.models.permanences import Slot
from casework.services.keys.certificates import newest_epoch
from casework.services.keys.keychain import Keychain
from casework.services.permanence import linking
from casework.services.permanence.forgetting import forget
from casework.services.permanence.teams import Team
from casework.services.unit import Unit
from casework.vault.content import ContentKey
from tests.attacks.sql import row, tamper
from tests.canaries import find_canaries
from tests.house import House
from tests.services.permanence.scene import TUESDAY, WORD, at, receive, seen, stored, take


def opened(house: House, who: str, slot: Slot) -> str:
    """What the keys of somebody open of a slot, past every door of the application."""
    with house.instance.database.reading() as session:
        unit = Unit(house.actors[who], "permanence.read", session)
        epoch = session.get_one(RingEpoch, slot.epoch_id)
        ring = session.get_one(Ring, epoch.ring_id)
        newest = newest_epoch(session, ring.id)
        assert newest is not None
        link = linking.open_link(Team(unit, None, newest, Keychain(unit)), slot)  # type: ignore[arg-type]  # the cell is not asked
        return link.number or link.words


def test_the_database_alone_tells_neither_who_nor_how_long_the_name_is(fresh_house: House) -> None:
    house = fresh_house
    place, number = receive(house), house.follow("Quibérac-Repos")
    word, dossier = take(house, place, at(9), words=WORD), take(house, place, at(9, 30), number=number)
    assert not find_canaries([house.instance.config.instance], [WORD, "Zéphyrine"])
    rows = stored(house, word), stored(house, dossier)
    assert len({len(each.link or b"") for each in rows}) == 1
    for each in rows:
        key = ContentKey(b"\1" * 32, instance=house.instance.anchor.instance, scope=each.epoch_id or "", version=1)
        with pytest.raises(TamperedError):
            key.reader(linking.TABLE, (linking.COLUMN,)).open(each.id, (), [each.link or b""])
    assert [opened(house, "bob", each) for each in rows] == [WORD, number], "control: with the ring's secret it opens"
    with pytest.raises(NotFound):
        opened(house, "hugo", rows[0])


def test_who_came_is_forgotten_in_its_time_and_the_appointment_stays(fresh_house: House) -> None:
    """Control: before its time, and of a later appointment, it is known."""
    house = fresh_house
    place, number = receive(house), house.follow("Quibérac-Passé")
    old, word, recent = (
        take(house, place, at(9), number=number),
        take(house, place, at(9, 30), words=WORD),
        take(house, place, at(9, day=TUESDAY + timedelta(days=7)), words=WORD),
    )
    after = house.instance.charter.support.appointments
    house.clock.move_to(at(9, 30).astimezone(UTC) + after - timedelta(minutes=15))
    assert forget(System(house.instance)).links == 1, "control: the first one’s time is over, not the second one’s"
    house.clock.advance(timedelta(hours=1))
    assert forget(System(house.instance)).links == 1
    assert forget(System(house.instance)).links == 0
    assert [(stored(house, each).link, stored(house, each).state) for each in (old, word)] == [(None, "booked")] * 2
    assert stored(house, recent).link
    shown = [seen(house, "alice", each) for each in (old, word)]
    assert [(each.who.number, each.who.person, each.who.words) for each in shown] == [("", "", "")] * 2
    assert services.booking.read(house.alice, old).slot.id == old
    with house.instance.database.reading() as session:
        findings = str(verify(session, saved=None, recorded=recorded_models()).findings)
    assert "permanence_slot" not in findings


def test_a_link_taken_away_before_its_time_is_an_alarm(fresh_house: House) -> None:
    house = fresh_house
    slot = take(house, receive(house), at(9), words=WORD)
    assert seen(house, "alice", slot).who.words == WORD, "control"
    tamper(house, "UPDATE permanence_slot SET link = NULL, epoch_id = NULL WHERE id = ?", (slot,))
    with pytest.raises(TamperedError):
        seen(house, "alice", slot)


def test_no_leaf_names_a_dossier_beside_its_slot(fresh_house: House) -> None:
    """Control: the leaf of the week that shows the number names it, and so does that of the appointment's own page."""
    house = fresh_house
    place, number = receive(house), house.follow("Quibérac-Feuille")
    slot = take(house, place, at(9), number=number)
    moved = services.booking.move(house.alice, slot, place, at(9, 30), seen=1)
    services.booking.cancel(house.alice, moved, seen=1)
    last = take(house, place, at(10), number=number)
    assert [each for each in leaves(house, "permanence.keep") if number in each] == []
    services.week.week(house.bob, TUESDAY)
    assert [each for each in leaves(house, "permanence.read") if number in each] == [], "he was not shown it"
    services.week.week(house.alice, TUESDAY)
    assert len([each for each in leaves(house, "permanence.read") if number in each and "identity" in each]) == 1
    assert services.booking.read(house.alice, last).slot.who.number == number
    named = [each for action in ("permanence.read", "permanence.keep") for each in leaves(house, action) if number in each]
    assert len(named) == 2
    assert [each for each in named if any(row in each for row in (place, slot, moved, last))] == []
    assert any(place in each and last in each for each in leaves(house, "permanence.keep")), "control: an act names its slot"


def leaves(house: House, action: str) -> list[str]:
    """The stored leaves of an action."""
    with house.instance.database.reading() as session:
        texts = [bytes(each).decode() for each in session.scalars(select(ledger_leaf.c.body))]
    return [each for each in texts if f'"{action}"' in each]


def test_a_leaver_opens_no_new_link_and_those_who_stay_open_every_one(fresh_house: House) -> None:
    house = fresh_house
    place = receive(house)
    services.cells.admit(house.stella, house.cells["nord"], "charlie", "member", act="acte 9", until=house.clock.now() + timedelta(days=90))
    services.service_rings.join(house.alice, house.cells["nord"], house.charlie.user_id)
    before = take(house, place, at(9), words="avant", who="charlie")
    assert opened(house, "charlie", stored(house, before)) == "avant", "control: of the ring, they read"
    services.service_rings.remove(house.alice, house.cells["nord"], house.charlie.user_id)
    after = take(house, place, at(9, 30), words="après")
    assert stored(house, after).epoch_id != stored(house, before).epoch_id
    with pytest.raises(NotFound):
        opened(house, "charlie", stored(house, after))
    with pytest.raises(NotFound):
        services.week.week(house.charlie, TUESDAY)
    for who in ("alice", "bob"):
        assert [seen(house, who, each).who.words for each in (before, after)] == ["avant", "après"]
    services.turnover.settle_pending(house.stella)
    moved = services.booking.move(house.bob, before, place, at(10), seen=1)
    assert stored(house, moved).epoch_id == stored(house, after).epoch_id, "what is written again is sealed to the new secret"


def test_a_departure_from_the_cell_turns_the_ring_as_well(fresh_house: House) -> None:
    house = fresh_house
    place = receive(house)
    services.cells.admit(house.stella, house.cells["nord"], "charlie", "member", act="acte 9", until=house.clock.now() + timedelta(days=90))
    services.service_rings.join(house.alice, house.cells["nord"], house.charlie.user_id)
    before = take(house, place, at(9), words="avant")
    services.departures.end(house.stella, house.cells["nord"], house.charlie.user_id)
    services.turnover.settle_pending(house.alice)
    services.turnover.settle_pending(house.stella)
    after = take(house, place, at(9, 30), words="après", who="bob")
    assert stored(house, after).epoch_id != stored(house, before).epoch_id
    with pytest.raises(NotFound):
        opened(house, "charlie", stored(house, after))
    assert [seen(house, "alice", each).who.words for each in (before, after)] == ["avant", "après"]


@pytest.mark.parametrize("change", ["state = 'attended'", "author_id = 'x'", "starts_at = '2026-03-03 10:30:00'", "version = 2"])
def test_a_row_that_was_touched_does_not_open(fresh_house: House, change: str) -> None:
    house = fresh_house
    slot = take(house, receive(house), at(9), words=WORD)
    assert seen(house, "alice", slot).who.words == WORD
    tamper(house, f"UPDATE permanence_slot SET {change} WHERE id = ?", (slot,))  # our words
    with pytest.raises(TamperedError):
        services.week.week(house.alice, TUESDAY)


def test_two_links_that_change_places_do_not_open(fresh_house: House) -> None:
    house = fresh_house
    place = receive(house)
    first, second = take(house, place, at(9), words="une"), take(house, place, at(9, 30), words="autre")
    link = row(house, Slot, id=second).link
    tamper(house, "UPDATE permanence_slot SET link = ? WHERE id = ?", (link, first))
    with pytest.raises(TamperedError):
        services.week.week(house.alice, TUESDAY)
