"""Rings: making an epoch, admitting members, and who may be among them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.cells import Cell, Habilitation, Ring, RingEpoch, RingMember
from casework.models.dossiers import Compartment, Dossier
from casework.models.people import User
from casework.services.access import find
from casework.services.actor import Actor
from casework.services.keys import boxes, following
from casework.services.keys.certificates import (
    DPO,
    DUTY_RING,
    ELECTED_RING,
    OVERSIGHT,
    PEOPLE,
    STEWARDS,
    Holder,
    certified_profession,
    current_epoch,
    newest_epoch,
    reached_by,
    ring_claims,
    ring_holder,
    user_holder,
)
from casework.services.keys.compartments import holder_of, standing_grants
from casework.services.keys.keychain import HolderKey, Keychain, check_member_mac, member_context, member_mac
from casework.services.membership.admissions import proven
from casework.services.membership.standing import ELECTED, alive
from casework.services.unit import Unit, writing
from casework.vault import aead, trust
from casework.vault.content import ContentKey
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack


class Seat(NamedTuple):
    """Somebody's place in a ring: until when, and from when for a stand-in."""

    holder: Holder
    until: datetime | None = None
    starts: datetime | None = None


Place = Seat | tuple[Holder, datetime | None]


def make(
    unit: Unit,
    kind: str,
    cell_id: str | None,
    members: Sequence[Place],
    *,
    institution_id: str | None = None,
    dossier_id: str | None = None,
) -> RingEpoch:
    """A ring and its first epoch. institution_id: whose service; dossier_id: the one dossier it is for."""
    ring = Ring(id=new_id(), kind=kind, cell_id=cell_id, institution_id=institution_id, dossier_id=dossier_id)
    unit.session.add(ring)
    unit.session.flush()
    return next_epoch(unit, ring, members)


def next_epoch(unit: Unit, ring: Ring, members: Sequence[Place]) -> RingEpoch:
    """A new secret for a ring, sealed to each of these members and to the recovery key, its public key signed by the actor.

    What is sealed to the epoch before stays with its members until somebody who holds it seals it again.
    """
    anchor, newest = unit.instance.anchor, newest_epoch(unit.session, ring.id)
    number = newest.number + 1 if newest is not None else 1
    epoch = RingEpoch(id=new_id(), version=1, ring_id=ring.id, number=number, maker_id=unit.actor.certificate_id)
    secret = aead.new_key()
    seats = [Seat(*each) for each in members]
    people = sorted({each.holder.id for each in seats if not each.holder.to_ring})
    epoch.reached = " ".join(people)
    signed = trust.certificate(
        unit.actor.keyring.signing, instance=anchor.instance, kind=trust.RING, subject=epoch.id, public=HybridPrivateKey(secret).public,
        claims=ring_claims(ring, epoch.number) | ({PEOPLE: " ".join(people)} if ring.kind == DUTY_RING else {}),
    )  # fmt: skip
    epoch.statement, epoch.signature = signed.statement, signed.signature
    epoch.recovery_box = anchor.seal_for_recovery(secret, pack("recovery", "ring", anchor.instance, epoch.id))
    unit.session.add(epoch)
    unit.session.flush()
    for holder, until, starts in seats:
        add_member(unit, epoch.id, secret, holder, until, starts=starts)
    return epoch


def add_member(unit: Unit, epoch_id: str, secret: bytes, holder: Holder, until: datetime | None, *, starts: datetime | None = None) -> None:
    """Seal a ring's secret to one more member (or to a ring that keeps it), from `starts` (a stand-in) until then.

    Raises UncertifiedKey for an uncertified one.
    """
    anchor, epoch = unit.instance.anchor, unit.session.get_one(RingEpoch, epoch_id)
    if not holder.to_ring and holder.id not in reached_by(epoch):
        epoch.reached, epoch.version = " ".join((*reached_by(epoch), holder.id)), epoch.version + 1
    member = RingMember(id=new_id(), epoch_id=epoch_id, holder_id=holder.id, to_ring=holder.to_ring, starts=starts, until=until)
    member.rewrapped = False
    member.sealed = anchor.seal(holder.chain, secret, member_context(anchor.instance, epoch_id, holder.id))
    member.mac = member_mac(secret, member)
    unit.session.add(member)


def kept_secret(unit: Unit, keychain: Keychain, epoch: RingEpoch, keeper: RingEpoch) -> bytes:
    """The secret of a ring that my ring keeps for it (the stewards keep the elected ring's)."""
    member = unit.session.scalars(select(RingMember).where(RingMember.epoch_id == epoch.id, RingMember.holder_id == keeper.id)).one()
    key = HolderKey(keeper.id, HybridPrivateKey(keychain.ring_secret(keeper.id)))
    secret = key.private.open(member.sealed, member_context(unit.instance.anchor.instance, epoch.id, keeper.id))
    check_member_mac(secret, member)
    return secret


def open_oversight(actor: Actor, usernames: list[str]) -> None:
    """Make the oversight ring: the data-protection officer and the auditors, for the reasons people type. Never for a dossier."""
    with writing(actor, "ring.oversight") as unit:
        unit.require([unit.situation()])
        if current_epoch(unit.session, OVERSIGHT, None) is not None:
            raise NotFound(unit.action)
        users = list(unit.session.scalars(select(User.id).where(User.username.in_(usernames))))
        for user_id in users:
            if certified_profession(unit.session, unit.instance.anchor, user_id) not in {DPO, "auditor"}:
                raise NotFound(unit.action)
        make(unit, OVERSIGHT, None, [(user_holder(unit.session, unit.instance.anchor, each), None) for each in {*users, actor.user_id}])


def switch_on_elected(actor: Actor, cell_id: str) -> None:
    """Make the elected ring of a cell and seal to it what the charter lets the elected read in its open dossiers."""
    with writing(actor, "ring.elected") as unit:
        cell = unit.session.get(Cell, cell_id)
        if cell is None:
            raise NotFound(unit.action)
        unit.require([unit.situation("steward", cell.programme)])
        session, anchor = unit.session, unit.instance.anchor
        stewards = current_epoch(session, STEWARDS, cell_id)
        if cell_id not in unit.facts.cells_as("steward") or stewards is None or current_epoch(session, ELECTED_RING, cell_id):
            raise NotFound(unit.action)
        members = [(user_holder(session, anchor, each.user_id), each.until) for each in _living(unit, cell_id, ELECTED)]
        make(unit, ELECTED_RING, cell_id, [*members, (ring_holder(session, anchor, stewards), None)])
        session.flush()
        for number in session.scalars(select(Dossier.number).where(Dossier.cell_id == cell_id, Dossier.status != "archived")).all():
            seal_standing(unit, number)


def seal_standing(unit: Unit, number: str) -> None:
    """Give the dossier's standing holders (stewards, lead, elected) the boxes the charter gives them and they lack.

    A dossier that the actor is kept apart from waits for another keeper.
    """
    if number in unit.apart.numbers.values():
        return
    held = find(unit, number)
    for compartment in held.compartments:
        content = held.key(compartment, action="compartment.keep")
        if content is not None:
            give_standing(unit, held.dossier, compartment, content)


def give_standing(unit: Unit, dossier: Dossier, compartment: Compartment, content: ContentKey) -> None:
    """The standing boxes of one compartment. Raises TamperedError when a stray one says which service follows."""
    following.check_boxes(unit, compartment, content)
    for grant in standing_grants(unit, dossier, compartment.kind):
        boxes.give(unit, compartment, content, holder_of(unit, grant), grant.title, until=grant.until)


def _living(unit: Unit, cell_id: str, role: str) -> list[Habilitation]:
    rows = unit.session.scalars(select(Habilitation).where(Habilitation.cell_id == cell_id, Habilitation.role == role, alive(unit.now)))
    return [each for each in rows if proven(unit.session, unit.instance, each)]
