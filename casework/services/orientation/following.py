"""The sending side: what goes out of a dossier, each with its dated steps; recording what one was told, withdrawing, agreeing later,
passing on a safe contact that changed.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut, ReferralStep
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier import contents
from casework.services.dossier.dossier_page import person_of
from casework.services.orientation import contacts, ending, section, steps, telling, wording
from casework.services.orientation.mine import FOLLOW, settled
from casework.services.orientation.offering import GIVE
from casework.services.orientation.views import AgreementView, OrientationView
from casework.services.reasons import choice
from casework.services.safety.safe_contact import SAFETY
from casework.services.sharing.recipients import EXTRACT, paris_day
from casework.services.support import agreements
from casework.services.support.words import GIVEN, NOT_SOUGHT, REFUSED
from casework.services.unit import Unit, reading, writing
from casework.services.views import Field
from casework.wording import says

AGREE = "agreement.record"


def read(actor: Actor, referral_id: str) -> OrientationView:
    """An orientation of a dossier I follow, with its steps; what was sealed for the recipient, for its sender alone. Raises NotFound."""
    with reading(actor, FOLLOW) as unit:
        held, referral = _found(unit, referral_id)
        unit.require(held.situations())
        return _view(held, referral)


def take(actor: Actor, referral_id: str, step: str, *, reason: str = "", meets_at: datetime | None = None, seen: int | None = None) -> None:
    """Record a step of the sending side: an appointment and its outcome, a withdrawal; of a partner without an account, whatever they told.

    Raises NotFound, StaleVersion when another step was taken since, InvalidInput for a step that must say more.
    """
    with writing(actor, GIVE) as unit:
        held, referral = _found(unit, referral_id)
        unit.require(held.situations())
        if not steps.may_take(referral, step, steps.SENDER):
            raise NotFound(unit.action)
        people = telling.recipients(unit.session, referral, unit)
        steps.unchanged(unit.session, referral, seen)
        steps.take(unit, referral, step, reason=reason, meets_at=meets_at, actor_id=actor.user_id)
        kind = telling.OVER if step in steps.OVER else telling.NEWS
        if referral.sent_at is not None:
            telling.tell(unit, people, kind, referral, held.dossier.number, by=actor.user_id)
        unit.trace.facts |= {"orientation": referral.id, "step": step}


def agree_later(actor: Actor, referral_id: str, state: str) -> None:
    """Record what the person said of an orientation that was sent before they were asked: given, or refused, which withdraws it.

    Raises NotFound where none is awaited, InvalidInput for another answer.
    """
    with writing(actor, AGREE) as unit:
        held, referral = _found(unit, referral_id)
        unit.require(held.situations())
        before = agreements.state_of(unit, held.dossier.id, referral.id)
        if before is None or before.state != NOT_SOUGHT or referral.status in steps.OVER:
            raise NotFound(unit.action)
        if state not in (GIVEN, REFUSED):
            raise InvalidInput({"state": says("Dites ce que la personne a répondu.")})
        agreements.keep(unit, held.dossier.id, state, referral_id=referral.id)
        if state == REFUSED:
            ending.end(unit, referral, held.dossier.number, reason=ending.BY_THE_PERSON, by=actor.user_id)


def pass_on(actor: Actor, referral_id: str, piece: str) -> None:
    """Seal the person's new safe contact for those who received the former one, beside it. piece: id of the words that were shown.

    Raises NotFound where it has not changed, or for whoever did not send the orientation or does not keep `safety`; InvalidInput
    (`contact`) when it changed once more, or its recipient may not be reached any more.
    """
    with writing(actor, GIVE) as unit:
        held, referral = _found(unit, referral_id)
        unit.require(held.situations())
        contacts.pass_on(held, referral, piece)
        unit.trace.show(held.dossier.number, EXTRACT, SAFETY)
        unit.trace.facts |= {"orientation": referral.id, "step": steps.CONTACT_PASSED}


def _found(unit: Unit, referral_id: str) -> tuple[Held, ReferralOut]:
    """An orientation and its dossier, through the dossier's own door. Raises NotFound for one that was never more than a draft."""
    query = select(Dossier.number).join(ReferralOut, ReferralOut.dossier_id == Dossier.id)
    number = unit.session.scalar(query.where(ReferralOut.id == referral_id, settled()))
    held = find(unit, number or "")
    referral = steps.locked(unit.session, referral_id) if unit.writes else unit.session.get(ReferralOut, referral_id)
    if referral is None:
        raise NotFound(unit.action)
    return held, referral


def _view(held: Held, referral: ReferralOut) -> OrientationView:
    unit, person = held.unit, person_of(held)
    rows = steps.of(unit.session, referral.id)
    items, carried = _sealed(held, referral, rows)
    renewal = contacts.renewal(held, referral, rows)
    shown = {"identity": person, EXTRACT: items or carried.shown, SAFETY: renewal}
    unit.trace.show(held.dossier.number, *(kind for kind, there in shown.items() if there))
    unit.trace.facts["orientation"] = referral.id
    may_give = held.verdict(GIVE).permitted
    first_day, last_day = wording.days(unit, referral)
    living = referral.status in steps.LIVING
    return OrientationView(
        id=referral.id,
        number=held.dossier.number,
        person=person,
        need=choice(unit.charter.meetings.needs, referral.need),
        to=section.name(held, referral),
        channel=referral.channel or "",
        status=wording.status_of(unit, referral.status),
        steps=wording.shown(unit, rows),
        items=items,
        agreement=_agreement(held, referral),
        may=tuple(wording.offered(unit, referral, steps.SENDER)) if may_give else (),
        seen=len(rows),
        sendable=may_give and referral.status == steps.PROPOSED,
        linkable=may_give and living and referral.channel == steps.LINK and referral.author_id == unit.actor.user_id,
        first_day=first_day,
        last_day=last_day,
        contacts=carried.shown,
        stale=living and contacts.is_stale(rows),
        renewal=renewal if may_give else None,
    )


def _sealed(held: Held, referral: ReferralOut, rows: Sequence[ReferralStep]) -> tuple[tuple[Field, ...], contacts.Carried]:
    """What was chosen, and the safe contacts that went along, for whoever chose it."""
    found = contacts.extract(held, referral)
    if found is None:
        return (), contacts.Carried()
    part, key = found
    carried = contacts.opened(held.unit, held.dossier, part.id, rows, partial(held.keychain.at_version, key))
    return contents.fields_of(held, part, key), carried


def _agreement(held: Held, referral: ReferralOut) -> AgreementView | None:
    row = agreements.state_of(held.unit, held.dossier.id, referral.id)
    if row is None:
        return None
    why = held.unit.charter.support.unasked.get(row.reason or "")
    return AgreementView(row.state, why.label if why else "", row.due, paris_day(row.recorded_at))
