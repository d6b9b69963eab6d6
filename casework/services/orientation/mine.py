"""Which orientations concern me, as conditions over boxes and clear columns: what lists, days and reminders share."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, select

from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.meetings import Decision
from casework.models.orientations import ReferralOut
from casework.services.apart import serving
from casework.services.keys.certificates import SERVICE
from casework.services.keys.keychain import Keychain
from casework.services.orientation import steps
from casework.services.unit import Unit

FOLLOW = "orientation.follow"
RECEIVE = "orientation.receive"
LATELY = timedelta(days=90)
"""How long a recipient still sees that an orientation ended."""

ANSWERED_WITHIN = timedelta(days=7)
"""After that, whoever sent it is reminded that nobody answered."""


def settled() -> ColumnElement[bool]:
    """The SQL condition that an orientation stands: decided in a meeting, it does once that decision took effect."""
    applied = select(Decision.item_id).where(Decision.applied_at.is_not(None))
    return ReferralOut.status.in_(steps.RULES) & (ReferralOut.item_id.is_(None) | ReferralOut.item_id.in_(applied))


def received(unit: Unit, keychain: Keychain) -> Select[ReferralOut]:
    """The living orientations that a box of mine opens, where the charter lets me receive them."""
    law = unit.charter.list_filter(RECEIVE, unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status)
    mine = (
        select(Box.reference)
        .join(Compartment, Compartment.id == Box.compartment_id)
        .join(Dossier, Dossier.id == Compartment.dossier_id)
        .where(keychain.received(), law)
    )
    return select(ReferralOut).where(ReferralOut.id.in_(mine), ReferralOut.status.in_(steps.LIVING))


def over(unit: Unit) -> Select[ReferralOut]:
    """Those my services or I had, and that ended lately: that they ended is all that is told."""
    rings = (
        select(Ring.id)
        .join(RingEpoch, RingEpoch.ring_id == Ring.id)
        .join(RingMember, RingMember.epoch_id == RingEpoch.id)
        .where(Ring.kind == SERVICE, Ring.cell_id.in_(unit.facts.cells), RingMember.holder_id == unit.actor.user_id, serving(unit.now))
    )
    mine = (ReferralOut.holder_id == unit.actor.user_id) | ReferralOut.holder_id.in_(rings)
    lately = ReferralOut.ended_at > unit.now - LATELY
    return select(ReferralOut).where(mine, lately, ReferralOut.status.in_(steps.OVER), ReferralOut.dossier_id.not_in(unit.apart_from))


def followed(unit: Unit, keychain: Keychain) -> Select[ReferralOut]:
    """Those that go out of the dossiers I hold, where the charter lets me follow them; a dropped one is none."""
    law = unit.charter.list_filter(FOLLOW, unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status)
    mine = (
        select(Dossier.id)
        .join(Compartment, Compartment.dossier_id == Dossier.id)
        .join(Box, Box.compartment_id == Compartment.id)
        .where(keychain.live(), Dossier.cell_id.in_(unit.facts.cells), law)
    )
    return select(ReferralOut).where(ReferralOut.dossier_id.in_(mine), settled())
