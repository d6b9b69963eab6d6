"""The receiving side: opening an orientation, saying what becomes of it. Its door is `access.find_partner`; never the dossier's page."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.dossiers import CompartmentVersion
from casework.models.orientations import ReferralOut
from casework.services.access import Held, find_partner
from casework.services.actor import Actor
from casework.services.dossier import contents
from casework.services.keys import compartments
from casework.services.keys.certificates import certified_user
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.orientation import contacts, steps, telling, wording
from casework.services.orientation.mine import RECEIVE
from casework.services.orientation.views import ReceivedView
from casework.services.reasons import choice
from casework.services.sharing.recipients import EXTRACT
from casework.services.unit import reading, writing


def read(actor: Actor, referral_id: str) -> ReceivedView:
    """An orientation addressed to me or to my service, with what was sealed for it. The first to open it takes the step « reçue ».

    Raises NotFound, alike for unknown, forbidden and ended.
    """
    with reading(actor, RECEIVE) as unit:
        held, referral = find_partner(unit, referral_id)
        unit.require(held.situations())
        seen = _view(held, referral)
    if seen.status.code != steps.SENT:
        return seen
    with writing(actor, RECEIVE) as unit:
        held, referral = find_partner(unit, referral_id)
        unit.require(held.situations())
        if referral.status == steps.SENT:
            steps.take(unit, referral, steps.RECEIVED, actor_id=actor.user_id)
            unit.session.flush()
            _tell(held, referral)
        return _view(held, referral)


def take(actor: Actor, referral_id: str, step: str, *, reason: str = "", meets_at: datetime | None = None, seen: int | None = None) -> None:
    """Say what becomes of it: accepted, declined, an appointment and its outcome, in progress, ended. seen: steps the page showed.

    Raises NotFound, StaleVersion when somebody else took a step since, InvalidInput for a step that must say more.
    """
    with writing(actor, RECEIVE) as unit:
        held, referral = find_partner(unit, referral_id)
        unit.require(held.situations())
        if not steps.may_take(referral, step, steps.RECIPIENT):
            raise NotFound(unit.action)
        steps.unchanged(unit.session, referral, seen)
        steps.take(unit, referral, step, reason=reason, meets_at=meets_at, actor_id=actor.user_id)
        unit.trace.facts |= {"orientation": referral.id, "step": step}
        _tell(held, referral)


def _tell(held: Held, referral: ReferralOut) -> None:
    unit = held.unit
    people = telling.senders(unit.session, referral, unit)
    telling.tell(unit, people, telling.STEPPED, referral, held.dossier.number, by=unit.actor.user_id)


def _view(held: Held, referral: ReferralOut) -> ReceivedView:
    unit, (extract,) = held.unit, held.compartments
    key = held.key(extract)
    if key is None:
        raise NotFound(unit.action)
    compartments.deposit_key(held, extract, key)  # made by somebody who was entitled to: nobody plants an orientation
    maker = select(CompartmentVersion.maker_id).where(CompartmentVersion.compartment_id == extract.id, CompartmentVersion.number == 1)
    sender_id = certified_user(unit.session, unit.instance.anchor, unit.session.scalars(maker).one()).subject
    sender = professionals(unit.session, unit.instance.anchor, [sender_id]).get(sender_id, UNKNOWN)
    rows = steps.of(unit.session, referral.id)
    carried = contacts.opened(unit, held.dossier, extract.id, rows, partial(held.keychain.at_version, key))
    first_day, last_day = wording.days(unit, referral)
    unit.trace.show(held.dossier.number, EXTRACT)
    unit.trace.facts |= {"orientation": referral.id}
    return ReceivedView(
        id=referral.id,
        number=held.dossier.number,
        need=choice(unit.charter.meetings.needs, referral.need),
        programme=unit.charter.programmes[held.dossier.programme].label,
        sender=sender.name,
        function=sender.function,
        institution=sender.institution,
        status=wording.status_of(unit, referral.status),
        steps=wording.shown(unit, rows),
        items=contents.fields_of(held, extract, key),
        may=tuple(wording.offered(unit, referral, steps.RECIPIENT)),
        seen=len(rows),
        first_day=first_day,
        last_day=last_day,
        contacts=carried.shown,
        call=contacts.call(unit, held.dossier, carried, sender.institution),
    )
