"""A saisine that somebody else examined while one was at its form: what stands, beside what one had chosen."""

from collections.abc import Iterator

from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier.dossier_page import person_of
from casework.services.drafts import ExaminationDraft
from casework.services.offices.people import professionals
from casework.services.reasons import label
from casework.services.referral.leads import candidates
from casework.services.referral.views import DecidedAlready
from casework.services.unit import reading
from casework.wording import says

Pairs = Iterator[tuple[str, str]]


def read(actor: Actor, number: str, draft: ExaminationDraft) -> DecidedAlready:
    """The outcome as it stands, and the draft's, as labels and texts. Raises NotFound for a dossier that the actor may not open."""
    with reading(actor, "dossier.open") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        person, dossier = person_of(held), held.dossier
        unit.trace.show(number, *(("identity",) if person else ()))
        stands = ExaminationDraft(dossier.outcome or "", "", dossier.next_date, dossier.redirected_to or "")
        leads = {each.code: each.label for each in candidates(held)}
        return DecidedAlready(
            number,
            person,
            dossier.opened_at or dossier.closed_at,
            tuple(_pairs(held, stands, _lead_of(held))),
            tuple(_pairs(held, draft, leads.get(draft.lead, ""))),
        )


def _lead_of(held: Held) -> str:
    lead = held.dossier.lead_id
    people = professionals(held.unit.session, held.unit.instance.anchor, [lead] if lead else [])
    return people[lead].name if lead in people else ""


def _pairs(held: Held, draft: ExaminationDraft, lead: str) -> Pairs:
    words = held.unit.charter.vocabulary
    if draft.outcome:
        yield says("Issue"), label(words.examination_outcomes, draft.outcome)
    if lead:
        yield says("Référent·e"), lead
    if draft.next_date:
        yield says("Prochaine échéance"), f"{draft.next_date:%d/%m/%Y}"
    if draft.redirected_to:
        yield says("Vers"), label(words.redirections, draft.redirected_to)
    if draft.duplicate_of.strip():
        yield says("Numéro du dossier déjà suivi"), draft.duplicate_of.strip()
