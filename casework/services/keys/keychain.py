"""What the actor can open: own boxes, rings and, through them, compartments. The only place where keys come out of boxes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from casework.errors import NotFound, TamperedError
from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, CompartmentVersion
from casework.services.apart import serving
from casework.services.unit import Unit
from casework.vault import aead
from casework.vault.content import ContentKey
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack

DUTY = "duty"
"""Title of the boxes that open inside an accès urgent and nowhere else."""

URGENT = "urgent."
PARTNER = "partner"
"""Title of the boxes of whoever receives an orientation: that extract opens through `access.find_partner` and nowhere else."""


def box_context(instance: str, box: Box) -> bytes:
    """What a box's ciphertext is bound to."""
    return pack("box", instance, box.compartment_id, box.key_version, box.holder_id, int(box.to_ring), box.title, box.reference)


def box_parts(box: Box, compartment: Compartment) -> tuple[str | int | None, ...]:
    """What a box's MAC covers: holder, title and until, and which part of which dossier of which cell it opens."""
    until = _stated(box.until)
    place = (compartment.cell_id, compartment.dossier_id, compartment.kind, compartment.owner_id)
    return (box.holder_id, int(box.to_ring), box.title, box.reference, until, *place)


def member_context(instance: str, epoch: str, holder: str) -> bytes:
    """What a ring member's ciphertext is bound to."""
    return pack("ring-member", instance, epoch, holder)


class HolderKey:
    """A private key with the wrapping key that goes with it: the user's own, or a ring epoch's."""

    def __init__(self, holder: str, private: HybridPrivateKey) -> None:
        self.private = private
        self.wrapping = aead.derive(private.secret, "own-wrapping", holder)


_MEMBERSHIPS = select(RingMember).where(RingMember.holder_id == bindparam("user"), serving(bindparam("now")))
"""Put together once: every unit that opens a box asks it."""


class Keychain:
    """Opens boxes for one unit of work. A box still sealed to a public key is re-wrapped when the unit's leaf commits."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._session: Session = unit.session
        self._instance = unit.instance.anchor.instance
        self._user = HolderKey(unit.actor.user_id, unit.actor.keyring.private)
        self._rings: dict[str, HolderKey] = {}
        self._opened: dict[str, ContentKey] = {}
        self._older: dict[tuple[str, int], bytes | None] = {}

    @cached_property
    def _memberships(self) -> Mapping[str, RingMember]:
        found = self._session.scalars(_MEMBERSHIPS, {"user": self._unit.actor.user_id, "now": self._unit.now})
        return {each.epoch_id: each for each in found}

    @property
    def holders(self) -> tuple[str, ...]:
        """Everybody I can open boxes as: myself and the ring epochs I am in."""
        return (self._unit.actor.user_id, *self._memberships)

    def live(self, *, by_number: bool = False) -> ColumnElement[bool]:
        """The SQL condition that a box is mine and lives now. The index of need-to-know.

        Boxes on duty count inside an accès urgent only, those of orientations never (`received`), nor do those of a dossier that I am
        kept apart from. by_number: of one dossier that was asked for by its number; what lists leave out counts there.
        """
        aside = (PARTNER,) if self._unit.action.startswith(URGENT) else (PARTNER, DUTY)
        return self._mine(Box.holder_id.in_(self.holders), by_number=by_number) & Box.title.not_in(aside)

    def received(self, *, by_number: bool = False) -> ColumnElement[bool]:
        """The SQL condition that a box of an orientation is addressed to me, or to a service of mine in a cell that I am in, and lives."""
        rings = select(RingEpoch.id).join(Ring, Ring.id == RingEpoch.ring_id).where(Ring.cell_id.in_(self._unit.facts.cells))
        served = Box.to_ring & Box.holder_id.in_(tuple(self._memberships)) & Box.holder_id.in_(rings)
        mine = ~Box.to_ring & (Box.holder_id == self._unit.actor.user_id)
        return self._mine(served | mine, by_number=by_number) & (Box.title == PARTNER)

    def _mine(self, held: ColumnElement[bool], *, by_number: bool) -> ColumnElement[bool]:
        apart = frozenset(self._unit.apart.reasons) if by_number else self._unit.apart_from
        living = held & or_(Box.until.is_(None), Box.until > self._unit.now)
        return living & Box.compartment_id.not_in(select(Compartment.id).where(Compartment.dossier_id.in_(apart))) if apart else living

    def ring_secret(self, epoch_id: str) -> bytes:
        """A ring's secret, for members, also of a former epoch that the ring keeps.

        Raises TamperedError for a membership nobody of the ring gave, NotFound for somebody who is no member.
        """
        return self._ring(epoch_id).private.secret

    def serves(self, epoch_id: str) -> bool:
        """Whether I am in this ring epoch, or in a later one of the ring that keeps its secret: texts sealed to it open.

        For boxes ask `holders`: they are sealed again when a ring turns.
        """
        if epoch_id in self._memberships:
            return True
        return any(self.serves(each.holder_id) for each in self._session.scalars(self._kept_by(epoch_id)))

    def _ring(self, epoch_id: str) -> HolderKey:
        if epoch_id not in self._rings:
            member = self._memberships.get(epoch_id)
            holder, member = (self._user, member) if member is not None else self._later(epoch_id)
            secret = self._unwrap(holder, member, member_context(self._instance, epoch_id, member.holder_id))
            check_member_mac(secret, member)
            self._rings[epoch_id] = HolderKey(epoch_id, HybridPrivateKey(secret))
        return self._rings[epoch_id]

    def _later(self, epoch_id: str) -> tuple[HolderKey, RingMember]:
        """The next epoch of the same ring, which keeps this one's secret, and that membership."""
        for member in self._session.scalars(self._kept_by(epoch_id)).all():
            return self._ring(member.holder_id), member
        raise NotFound(self._unit.action)

    @staticmethod
    def _kept_by(epoch_id: str) -> Select[RingMember]:
        former, later = aliased(RingEpoch), aliased(RingEpoch)
        query = select(RingMember).join(former, former.id == RingMember.epoch_id).join(later, later.id == RingMember.holder_id)
        newer = query.where(former.id == epoch_id, RingMember.to_ring, later.ring_id == former.ring_id, later.number > former.number)
        return newer.order_by(later.number.desc())

    def open(self, box: Box, compartment: Compartment) -> ContentKey:
        """The compartment's key at the box's version.

        Raises TamperedError for a stray or altered box, or a compartment that claims to be another part or of another dossier.
        """
        if box.id not in self._opened:
            self._opened[box.id] = self._open(box, compartment)
        return self._opened[box.id]

    def _open(self, box: Box, compartment: Compartment) -> ContentKey:
        holder = self._ring(box.holder_id) if box.to_ring else self._user
        secret = self._unwrap(holder, box, box_context(self._instance, box))
        content = ContentKey(secret, instance=self._instance, scope=box.compartment_id, version=box.key_version)
        content.check_mac("box", box.mac, *box_parts(box, compartment))
        return content

    def forget(self) -> None:
        """Drop what was opened, so that the next use opens it again."""
        self._opened.clear()

    def learn_versions(self, which: Select[str] | Sequence[str]) -> None:
        """Read the wrapped older keys of many compartments at once, so that nobody asks a question for each of them."""
        found = CompartmentVersion.compartment_id, CompartmentVersion.number, CompartmentVersion.previous
        for compartment_id, number, previous in self._session.execute(select(*found).where(CompartmentVersion.compartment_id.in_(which))):
            self._older[compartment_id, number] = previous

    def at_version(self, content: ContentKey, version: int) -> ContentKey:
        """The same compartment's key at an older version, by the chain of versions wrapped under each other."""
        while content.version > version:
            previous = self._previous(content)
            if previous is None:
                raise TamperedError("an older key version is missing")
            context = previous_context(self._instance, content.scope, content.version)
            secret = aead.decrypt(aead.derive(content.secret, "previous"), previous, context)
            content = ContentKey(secret, instance=self._instance, scope=content.scope, version=content.version - 1)
        return content

    def _previous(self, content: ContentKey) -> bytes | None:
        """The key before this one, wrapped under it."""
        asked = (content.scope, content.version)
        if asked not in self._older:
            query = select(CompartmentVersion.previous).where(
                CompartmentVersion.compartment_id == content.scope, CompartmentVersion.number == content.version
            )
            self._older[asked] = self._session.scalars(query).one()
        return self._older[asked]

    def _unwrap(self, holder: HolderKey, row: Box | RingMember, context: bytes) -> bytes:
        if row.rewrapped:
            return aead.decrypt(holder.wrapping, row.sealed, context)
        secret = holder.private.open(row.sealed, context)
        self._rewrap_later(type(row), row.id, aead.encrypt(holder.wrapping, secret, context))
        return secret

    def _rewrap_later(self, table: type[Box] | type[RingMember], row_id: str, wrapped: bytes) -> None:
        def rewrap(session: Session) -> None:
            session.execute(update(table).where(table.id == row_id, table.rewrapped.is_(False)).values(sealed=wrapped, rewrapped=True))

        self._unit.later.append(rewrap)


def previous_context(instance: str, compartment_id: str, version: int) -> bytes:
    """What a compartment's older key is bound to, under the key of `version`."""
    return pack("previous", instance, compartment_id, version)


def boxes_of(keychain: Keychain, session: Session, dossier_id: str) -> dict[str, list[Box]]:
    """My living boxes on a dossier, by compartment id."""
    found: dict[str, list[Box]] = {}
    query = select(Box).join(Compartment, Compartment.id == Box.compartment_id)
    for box in session.scalars(query.where(Compartment.dossier_id == dossier_id, keychain.live(by_number=True))):
        found.setdefault(box.compartment_id, []).append(box)
    return found


def member_mac(secret: bytes, member: RingMember) -> bytes:
    """Proof that somebody who held the ring's secret admitted this member, until then."""
    return _ring_content(secret, member).mac("member", *_member_parts(member))


def check_member_mac(secret: bytes, member: RingMember) -> None:
    """Raise TamperedError unless the membership was given by a holder of the secret."""
    _ring_content(secret, member).check_mac("member", member.mac, *_member_parts(member))


def _ring_content(secret: bytes, member: RingMember) -> ContentKey:
    return ContentKey(aead.derive(secret, "membership"), instance="", scope=member.epoch_id, version=1)


def _member_parts(member: RingMember) -> tuple[str | int | None, ...]:
    since = (_stated(member.starts),) if member.starts else ()
    return (member.holder_id, int(member.to_ring), _stated(member.until), *since)


def _stated(moment: datetime | None) -> str | None:
    """A moment as a MAC covers it: in UTC, as the database gives it back, whatever zone it was typed in."""
    return moment.astimezone(UTC).isoformat() if moment else None
