"""The cell's ring: every admitted member opens what names no dossier; nobody else, and never a dossier's key."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import NotFound, SessionEnded, TamperedError, UncertifiedKey
from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Box
from casework.services import Actor
from casework.services.access import find
from casework.services.keys import boxes
from casework.services.keys.certificates import CELL_RING, current_epoch, ring_holder
from casework.services.membership import cell_ring
from casework.services.unit import Unit, reading, writing
from tests.attacks.sql import rows
from tests.house import END, House

WORDS = {"place": "Square Fictif", "trouble": "Bruit le soir", "action": "Éclairage à revoir"}
PLACE = {"table": "meeting_point", "row_id": "a" * 32}


def sealed(house: House, actor: Actor | None = None, cell: str = "nord") -> tuple[str, bytes]:
    """Words sealed by a member."""
    with writing(actor or house.stella, "meeting.read") as unit:
        return cell_ring.seal(unit, house.cells[cell], WORDS, **PLACE)


def opened(actor: Actor, kept: tuple[str, bytes], **place: str) -> dict[str, str]:
    """The words as somebody opens them."""
    with reading(actor, "meeting.read") as unit:
        at = PLACE | place
        return cell_ring.open_text(unit, *kept, table=at["table"], row_id=at["row_id"])


def drop_ring(house: House) -> None:
    """A cell of the time before: without its ring."""
    with house.instance.database.writing() as session:
        ring = session.scalars(select(Ring).where(Ring.kind == CELL_RING, Ring.cell_id == house.cells["nord"])).one()
        epoch = session.scalars(select(RingEpoch).where(RingEpoch.ring_id == ring.id)).one()
        for member in session.scalars(select(RingMember).where(RingMember.epoch_id == epoch.id)):
            session.delete(member)
        session.flush()
        session.delete(epoch)
        session.flush()
        session.delete(ring)


def test_every_member_opens_what_a_member_sealed(house: House) -> None:
    """Elected ones too; not the other cell, not an office; elsewhere than where it lies it opens for nobody."""
    kept = sealed(house, house.paula)
    for who in ("stella", "alice", "paula", "elsa", "hugo"):
        assert opened(house.actors[who], kept) == WORDS
    for who in ("charlie", "sam", "oscar", "ada", "dora"):
        with pytest.raises(NotFound):
            opened(house.actors[who], kept)
    for place in ({"table": "meeting_seat"}, {"row_id": "b" * 32}):
        with pytest.raises(TamperedError):
            opened(house.alice, kept, **place)


def test_the_length_says_little(house: House) -> None:
    with writing(house.stella, "meeting.read") as unit:
        short, longer = (cell_ring.seal(unit, house.cells["nord"], {"place": text}, **PLACE)[1] for text in ("", "Rue" * 100))
    assert len(short) == len(longer)


def test_whoever_is_admitted_opens_what_was_sealed_before(fresh_house: House) -> None:
    """Until their habilitation ends."""
    house = fresh_house
    kept = sealed(house)
    until = house.clock.now() + timedelta(days=10)
    services.cells.admit(house.stella, house.cells["nord"], "charlie", "member", act="acte 5", until=until)
    assert opened(house.charlie, kept) == WORDS
    house.clock.advance(timedelta(days=11))
    with pytest.raises((NotFound, SessionEnded)):
        opened(house.charlie, kept)


def test_a_cell_without_a_ring_gets_it_from_a_steward(fresh_house: House) -> None:
    """A member alone cannot make one; admitting somebody makes it as well."""
    house = fresh_house
    drop_ring(house)
    with pytest.raises(NotFound):
        sealed(house, house.alice)
    assert opened(house.alice, sealed(house, house.stella)) == WORDS
    drop_ring(house)
    services.cells.admit(house.stella, house.cells["nord"], "charlie", "member", act="acte 5", until=END)
    assert opened(house.charlie, sealed(house, house.alice)) == WORDS


def test_no_dossier_is_ever_sealed_to_it(fresh_house: House) -> None:
    """Nor is there a way: whoever tries is refused. Control: the stewards' ring takes it."""
    house = fresh_house
    number = house.follow("Quibérac-Cellule")
    house.note(house.stella, number, "Vu.", compartment="decisions")
    epochs = {each.id for each in rows(house, RingEpoch) if each.ring_id in {ring.id for ring in rows(house, Ring, kind=CELL_RING)}}
    assert epochs
    assert not [box for box in rows(house, Box) if box.holder_id in epochs]
    with pytest.raises(UncertifiedKey), writing(house.stella, "dossier.close") as unit:
        _give(unit, house, number, CELL_RING)
    with writing(house.stella, "dossier.close") as unit:
        _give(unit, house, number, "stewards")


def _give(unit: Unit, house: House, number: str, kind: str) -> None:
    held = find(unit, number)
    part = next(each for each in held.compartments if each.kind == "identity")
    content = held.key(part, action="compartment.keep")
    epoch = current_epoch(unit.session, kind, house.cells["nord"])
    assert content is not None
    assert epoch is not None
    boxes.give(unit, part, content, ring_holder(unit.session, unit.instance.anchor, epoch), "shared")
