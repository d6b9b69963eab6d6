"""What happens to a dossier as a whole: retained with a lead, given another one, planned, closed."""

from datetime import date

from sqlalchemy import select

from casework.errors import InvalidInput, StaleVersion
from casework.models.dossiers import Box, Compartment
from casework.models.people import User
from casework.services.access import OWNED, Held, find
from casework.services.actor import Actor
from casework.services.attention.alerts import tell
from casework.services.dossier.dossier_page import person_of
from casework.services.drafts import ExaminationDraft
from casework.services.keys.compartments import name_lead
from casework.services.keys.rings import give_standing
from casework.services.offices.people import professionals
from casework.services.orientation import ending
from casework.services.record import measure_ends
from casework.services.referral import examination
from casework.services.referral.examination import FROM_THE_START
from casework.services.referral.leads import LEAD, candidates, chosen
from casework.services.referral.views import Releading
from casework.services.unit import reading, writing
from casework.wording import says

__all__ = ["FROM_THE_START", "close", "plan", "relead", "releading", "take_up"]

RELEAD = "dossier.relead"
ONLY_HOLDER = says("Cette personne est seule à détenir la mise en sécurité : qu’elle la partage d’abord, ou qu’un service la détienne.")


def take_up(actor: Actor, number: str, lead: str, next_date: date) -> None:
    """The steward retains a situation: it opens, its lead is named and receives what the charter lets a lead read."""
    examination.decide(actor, number, ExaminationDraft(examination.RETAINED, lead, next_date))


def releading(actor: Actor, number: str) -> Releading:
    """All the form for naming another lead needs."""
    with reading(actor, RELEAD) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        person, lead = person_of(held), held.dossier.lead_id
        unit.trace.show(number, *(("identity",) if person else ()))
        people = professionals(unit.session, unit.instance.anchor, [lead] if lead else [])
        return Releading(number, person, people[lead].name if lead in people else None, candidates(held), _led_by(held))


def relead(actor: Actor, number: str, lead: str, *, seen: str | None = None) -> None:
    """Name another lead: the former one's boxes as lead end, the new one gets theirs, both are told.

    seen: user name of the one in charge when the form was opened, or empty. Raises NotFound, InvalidInput for somebody who may not lead
    and while the former lead alone holds a part of the dossier, or StaleVersion, with nothing written, when a third was named since.
    """
    with writing(actor, RELEAD) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        named = chosen(held, lead)
        if seen is not None and _led_by(held) not in (seen, lead):
            raise StaleVersion
        hand_over(held, named)


def _led_by(held: Held) -> str:
    """The user name of the lead as it stands; empty for none."""
    lead = held.dossier.lead_id
    return (held.unit.session.scalar(select(User.username).where(User.id == lead)) if lead else None) or ""


def hand_over(held: Held, named: str, *, next_date: date | None = None) -> None:
    """What naming another lead does, whoever calls it. named: user id of a candidate; the one in charge already changes nothing.

    next_date: set in the same change of the row, which history takes once for each act. The caller has required an action.

    Raises InvalidInput while the former lead alone holds a part of the dossier.
    """
    unit, dossier, former = held.unit, held.dossier, held.dossier.lead_id
    if named == former:
        return
    _end_lead(held, former)
    name_lead(unit, dossier, named)
    dossier.next_date, dossier.version = next_date or dossier.next_date, dossier.version + 1
    unit.session.flush()
    for compartment in held.compartments:
        content = held.key(compartment, action="compartment.keep") if compartment.kind not in OWNED else None
        if content is not None:
            give_standing(unit, dossier, compartment, content)
            unit.trace.show(dossier.number, compartment.kind)
    unit.trace.facts["lead"] = named
    tell(unit, [named], "lead_named", number=dossier.number)
    tell(unit, [former] if former else [], "lead_ended", number=dossier.number)


def _end_lead(held: Held, former: str | None) -> None:
    """Delete the former lead's boxes as lead. Raises InvalidInput when one of them is the last box of a part nobody else can open."""
    session = held.unit.session
    here = select(Box).join(Compartment, Compartment.id == Box.compartment_id).where(Compartment.dossier_id == held.dossier.id)
    boxes = session.scalars(here).all()
    ending = [box for box in boxes if box.title == LEAD and box.holder_id == former]
    alive = {box.compartment_id for box in boxes if box not in ending and (box.until is None or box.until > held.unit.now)}
    if any(box.compartment_id not in alive for box in ending):
        raise InvalidInput({"lead": ONLY_HOLDER})
    for box in ending:
        session.delete(box)


def plan(actor: Actor, number: str, next_date: date, *, seen: str | None = None) -> None:
    """Set the next date. seen: the one that stood on the form, as 2026-03-12, or empty; a form plans ahead, within the year.

    Raises InvalidInput for another day, StaleVersion, with nothing written, when somebody else set another one since.
    """
    with writing(actor, "dossier.plan") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        if seen is not None and not examination.ahead(unit, next_date):
            raise InvalidInput({"next_date": examination.AHEAD})
        stands = held.dossier.next_date.isoformat() if held.dossier.next_date else ""
        if seen is not None and stands not in (seen, next_date.isoformat()):
            raise StaleVersion
        held.dossier.next_date, held.dossier.version = next_date, held.dossier.version + 1


def close(actor: Actor, number: str, closing_reason: str) -> None:
    """The steward closes a dossier with a coded reason of its programme; retention runs from here."""
    with writing(actor, "dossier.close") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        end_follow_up(held, closing_reason)


def end_follow_up(held: Held, closing_reason: str) -> None:
    """What closing does, whoever calls it; orientations under way are withdrawn.

    The caller has required an action. Raises InvalidInput for a reason of no list.
    """
    unit, dossier = held.unit, held.dossier
    if closing_reason not in unit.charter.programmes[dossier.programme].closing_reasons:
        raise InvalidInput({"reason": says("Choisissez un motif de la liste.")})
    dossier.status, dossier.closed_at, dossier.next_date = "closed", unit.now, None
    dossier.closing_reason, dossier.version = closing_reason, dossier.version + 1
    measure_ends.close(held)
    ending.end_all(unit, dossier, reason=ending.CLOSED, by=unit.actor.user_id)
    unit.trace.facts["reason"] = closing_reason
