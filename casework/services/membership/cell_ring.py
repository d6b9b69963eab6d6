"""The cell's ring: everybody admitted to a cell shares one secret, for texts that name no dossier. Never a dossier's key.

What is sealed to it (points without a person, guests' names) is opened by whoever is a member when they ask: a new epoch keeps the
secret of the one before (`services.keys.epochs`), so that nothing is sealed again when somebody leaves. Source: design §4 (rings).
"""

import json
from collections.abc import Mapping
from datetime import datetime

from casework.errors import NotFound, TamperedError
from casework.models.cells import Cell, RingEpoch
from casework.services.actor import Actor
from casework.services.keys import rings
from casework.services.keys.certificates import CELL_RING, STEWARDS, current_epoch, ring_holder, user_holder
from casework.services.keys.epochs import seat_again, seats
from casework.services.keys.keychain import Keychain
from casework.services.membership.standing import STEWARD
from casework.services.membership.teams import cell_of
from casework.services.membership.teams import seats as positions
from casework.services.unit import Unit, writing
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack

ACTION = "ring.cell"
STEP = 512
"""Sealed texts are filled up to a multiple of this many bytes: their length says little."""


def exists(unit: Unit, cell_id: str) -> bool:
    """Whether the cell has its ring: members may seal to it, and screens may offer what needs it."""
    return current_epoch(unit.session, CELL_RING, cell_id) is not None


def ensure(unit: Unit, cell_id: str) -> RingEpoch:
    """The cell's ring, made now when there is none: call it inside a steward's writing unit before the first text is sealed.

    Its members are all whom a signed habilitation lets into the cell, each until that ends; the stewards' ring keeps its secret.
    Raises NotFound for anybody but a steward of the cell, and for a cell that nobody took charge of.
    """
    epoch = current_epoch(unit.session, CELL_RING, cell_id)
    return epoch if epoch is not None else _make(unit, cell_id)


def make(actor: Actor, cell_id: str) -> None:
    """`ensure` as a steward's act of its own. Raises NotFound for anybody but a steward of the cell; again is harmless."""
    with writing(actor, ACTION) as unit:
        unit.require(positions(unit, cell_of(unit, cell_id)))
        ensure(unit, cell_id)
        unit.trace.facts["cell"] = cell_id


def seal(unit: Unit, cell_id: str, payload: Mapping[str, str], *, table: str, row_id: str) -> tuple[str, bytes]:
    """Seal short texts to the cell's members: returns the id of the epoch and the bytes, for the row's two columns.

    payload: column or field -> text. table, row_id: where the bytes will lie; they open nowhere else. Any admitted member may seal; for
    a cell without a ring a steward makes it on the way. Raises NotFound when there is none and the actor is no steward, UncertifiedKey
    for a ring that nobody entitled made.
    """
    raw = json.dumps(dict(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return seal_bytes(unit, cell_id, raw.ljust(-(-len(raw) // STEP) * STEP), table=table, row_id=row_id)


def seal_bytes(unit: Unit, cell_id: str, raw: bytes, *, table: str, row_id: str) -> tuple[str, bytes]:
    """`seal` for what is no text, a scanned sheet: as long as it is. Raises as `seal`."""
    epoch = ensure(unit, cell_id)
    holder = ring_holder(unit.session, unit.instance.anchor, epoch)
    return epoch.id, unit.instance.anchor.seal(holder.chain, raw, _context(unit, epoch.id, table, row_id))


def open_text(unit: Unit, epoch_id: str, sealed: bytes, *, table: str, row_id: str, keychain: Keychain | None = None) -> dict[str, str]:
    """The texts that `seal` sealed, in a reading or writing unit of a member of the cell now.

    keychain: the unit's, when many are opened, so that the ring opens once. Raises NotFound for somebody who is no member,
    TamperedError for bytes that were moved or changed.
    """
    found = json.loads(open_bytes(unit, epoch_id, sealed, table=table, row_id=row_id, keychain=keychain))
    if not isinstance(found, dict):
        raise TamperedError("a sealed text is not an object")
    return found


def open_bytes(unit: Unit, epoch_id: str, sealed: bytes, *, table: str, row_id: str, keychain: Keychain | None = None) -> bytes:
    """What `seal_bytes` sealed. Raises as `open_text`."""
    secret = (keychain or Keychain(unit)).ring_secret(epoch_id)
    return HybridPrivateKey(secret).open(sealed, _context(unit, epoch_id, table, row_id))


def let_in(unit: Unit, cell_id: str, user_id: str, until: datetime) -> None:
    """Give somebody whom a steward has just admitted the ring's secret until then; a cell without a ring gets one."""
    epoch = current_epoch(unit.session, CELL_RING, cell_id)
    stewards = current_epoch(unit.session, STEWARDS, cell_id)
    if epoch is None or stewards is None:
        _make(unit, cell_id)
        return
    secret = rings.kept_secret(unit, Keychain(unit), epoch, stewards)
    seat_again(unit, epoch, secret, rings.Seat(user_holder(unit.session, unit.instance.anchor, user_id), until))


def _make(unit: Unit, cell_id: str) -> RingEpoch:
    cell = unit.session.get(Cell, cell_id)
    unit.session.flush()  # whoever was admitted in this unit is among its members
    stewards = current_epoch(unit.session, STEWARDS, cell_id)
    if cell is None or stewards is None or cell_id not in unit.facts.cells_as(STEWARD):
        raise NotFound(unit.action)
    if not unit.check(ACTION, [unit.situation(STEWARD, cell.programme)]).permitted:
        raise NotFound(unit.action)
    keeper = rings.Seat(ring_holder(unit.session, unit.instance.anchor, stewards))
    return rings.make(unit, CELL_RING, cell_id, [*seats(unit, cell_id), keeper])


def _context(unit: Unit, epoch_id: str, table: str, row_id: str) -> bytes:
    return pack("cell-text", unit.instance.anchor.instance, epoch_id, table, row_id)
