"""A child in danger: to whom one turns, and that it was done. The cell is never a filter, and keeps nothing of what was reported.

Source: art. L.226-2-1 and R.226-2-2 CASF; charter, article 28; domain 3d.
"""

from datetime import date, timedelta

from sqlalchemy import select

from casework.charter import agree
from casework.models.content import Entry
from casework.services.access import find
from casework.services.actor import Actor
from casework.services.dossier.entries import put, token_of
from casework.services.drafts import EntryDraft
from casework.services.safety.views import DangerDraft, DangerGuide, DangerPage, Option
from casework.services.terms import PARIS, refuse
from casework.services.typed import clean, is_submission, problem
from casework.services.unit import Unit, reading, writing
from casework.wording import says

GUIDE, REPORT = "danger.guide", "danger.report"
KIND, PLACE = "danger_report", "confidential"
LONGEST = 60
LONG_AGO = timedelta(days=366)


def guide(actor: Actor) -> DangerGuide:
    """To whom a child in danger is reported: for everybody."""
    with reading(actor, GUIDE) as unit:
        unit.require([unit.situation()])
        return _guide(unit)


def prepare(actor: Actor, number: str) -> DangerPage:
    """The same, and what recording a report needs. Raises NotFound for whoever records none on this dossier."""
    with reading(actor, REPORT) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        return DangerPage(number, _guide(unit), _today(unit), LONGEST)


def report(actor: Actor, number: str, draft: DangerDraft) -> str:
    """Record that a report was made: to whom, which day, under which receipt; returns the note's id. Nobody is asked for leave.

    Raises NotFound, and InvalidInput with what is wrong in each field.
    """
    with writing(actor, REPORT) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        day, receipt = _checked(unit, draft)
        to = agree(unit.charter.support.danger_recipients[draft.to].label, "n")
        told = f"Transmission faite le {day:%d/%m/%Y} : {to}."
        body = f"{told} Référence du récépissé : {receipt}." if receipt else told
        entry = EntryDraft(KIND, PLACE, day, body, draft.submission, readers="")
        known = unit.session.scalar(select(Entry.id).where(Entry.submission == token_of(unit, number, entry)))
        return known or put(held, PLACE, entry, body)


def _guide(unit: Unit) -> DangerGuide:
    support = unit.charter.support
    words = support.danger_recipients
    return DangerGuide(tuple((Option(code, agree(word.label, "n")), support.danger_lines[code]) for code, word in words.items()))


def _checked(unit: Unit, draft: DangerDraft) -> tuple[date, str]:
    receipt, today = clean(draft.receipt), _today(unit)
    late = draft.day is None or not today - LONG_AGO <= draft.day <= today
    refuse(
        {
            "to": None if draft.to in unit.charter.support.danger_recipients else says("Choisissez dans la liste."),
            "day": says("Indiquez le jour de la transmission : aujourd’hui ou avant.") if late else None,
            "receipt": problem(receipt, LONGEST) if receipt else None,
            "submission": None if is_submission(draft.submission) else says("Ce formulaire n’est plus valable : rechargez la page."),
        }
    )
    assert draft.day is not None  # noqa: S101 - refused just above
    return draft.day, receipt


def _today(unit: Unit) -> date:
    return unit.now.astimezone(PARIS).date()
