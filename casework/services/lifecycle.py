"""What happens to a dossier as a whole: taken up with a lead, planned, closed."""

from datetime import date

from casework.errors import InvalidInput
from casework.services import compartments
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.admissions import member
from casework.services.compartments import name_lead, standing_grants
from casework.services.rings import give_standing
from casework.services.unit import Unit, writing

LEADS = frozenset({"social_worker", "school_head", "coordinator"})
"""Professions that may be in charge of a dossier (domain 2.20)."""

FROM_THE_START = ("contact", "decisions", "school")
"""Compartments every open dossier has, made by the steward: they can be shared before anything is written, and nobody plants one."""


def take_up(actor: Actor, number: str, lead: str, next_date: date) -> None:
    """The steward retains a situation: it opens, its lead is named and receives what the charter lets a lead read."""
    with writing(actor, "dossier.take_up") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        dossier = held.dossier
        lead_id = _lead(unit, held, lead)
        name_lead(unit, dossier, lead_id)
        dossier.status, dossier.next_date = "open", next_date
        dossier.opened_at, dossier.version = unit.now, dossier.version + 1
        unit.session.flush()
        for compartment in held.compartments:
            content = held.key(compartment, action="compartment.keep")
            if content is not None:
                give_standing(unit, dossier, compartment, content)
                unit.trace.show(number, compartment.kind)
        for kind in FROM_THE_START:
            if held.compartment(kind) is None:
                compartments.make(unit, dossier, kind, list(standing_grants(unit, dossier, kind)))
        unit.trace.facts["lead"] = lead_id


def plan(actor: Actor, number: str, next_date: date) -> None:
    """Set the next date."""
    with writing(actor, "dossier.plan") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        held.dossier.next_date, held.dossier.version = next_date, held.dossier.version + 1


def close(actor: Actor, number: str, closing_reason: str) -> None:
    """The steward closes a dossier with a coded reason; retention runs from here."""
    with writing(actor, "dossier.close") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        if closing_reason not in unit.charter.vocabulary.closing_reasons:
            raise InvalidInput({"reason": "Choisissez un motif de la liste."})
        dossier = held.dossier
        dossier.status, dossier.closed_at, dossier.next_date = "closed", unit.now, None
        dossier.version += 1
        unit.trace.facts["reason"] = closing_reason


def _lead(unit: Unit, held: Held, username: str) -> str:
    """The user id of a member of the cell whose certified profession may lead. Raises InvalidInput otherwise."""
    person = member(unit.session, unit.instance, held.cell.id, username, unit.now)
    if person is None or person.claims["profession"] not in LEADS:
        raise InvalidInput({"lead": "Choisissez un membre habilité de la cellule qui peut être référent."})
    return person.subject
