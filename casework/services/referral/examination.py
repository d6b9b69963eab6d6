"""Examining a saisine: what was sent, who may be followed already, and the outcome. Whatever the outcome, the keys are turned."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from casework.errors import DecidedMeanwhile, InvalidInput, NotFound
from casework.models.dossiers import Dossier
from casework.services import submissions
from casework.services.access import Held, find, hold
from casework.services.actor import Actor
from casework.services.attention.alerts import tell
from casework.services.dossier import contents, entries
from casework.services.dossier.dossier_page import person_of, section_view
from casework.services.drafts import EntryDraft, ExaminationDraft
from casework.services.keys import compartments
from casework.services.keys.compartments import name_lead, standing_grants
from casework.services.keys.keychain import Keychain
from casework.services.keys.turning import turn
from casework.services.offices.people import professionals
from casework.services.reasons import choice, choices, reason
from casework.services.referral.alike import alike
from casework.services.referral.leads import candidates, chosen
from casework.services.referral.referral_checks import follows_minors
from casework.services.referral.sent import answer_by
from casework.services.referral.views import Examination, Sibling, Waiting
from casework.services.search.shelf import Shelf, visible
from casework.services.terms import PARIS
from casework.services.unit import Unit, reading, writing
from casework.services.views import SectionView
from casework.wording import says

EXAMINE = "referral.examine"
FROM_THE_START = ("contact", "decisions", "school")
"""Compartments every open dossier has, made by the steward who keeps them: they can be shared before anything is written."""

RECEIVED = "received"
RETAINED, REDIRECTED, CHILD_PROTECTION, DUPLICATE = "retained", "redirected", "child_protection", "duplicate"
FARTHEST = timedelta(days=366)
AHEAD = says("Indiquez la prochaine échéance : une date à venir, dans l’année.")
"""How far off the next date of a follow-up may be."""


def waiting(actor: Actor) -> tuple[Waiting, ...]:
    """The saisines that wait for me, the oldest first. Raises NotFound for professions that examine none."""
    with reading(actor, EXAMINE) as unit:
        if not unit.charter.combinations(EXAMINE, actor.profession):
            unit.require([])
        keychain = Keychain(unit)
        received = select(Dossier.id).where(Dossier.status == "received", Dossier.id.in_(visible(unit, keychain)))
        shelf = Shelf(unit, keychain, received)
        found = [_waiting(shelf, held) for held in shelf if held.verdict(EXAMINE).permitted]
        unit.trace.hits = len(found)
        return tuple(sorted(found, key=lambda each: (each.answer_by, each.number)))


def _waiting(shelf: Shelf, held: Held) -> Waiting:
    unit, dossier, texts = held.unit, held.dossier, shelf.identity(held)
    unit.trace.rules.add(held.verdict(EXAMINE).rule)
    unit.trace.show(dossier.number, *(("identity",) if texts else ()))
    name = contents.full_name(texts) if texts else None
    return Waiting(dossier.number, name, held.cell.name, dossier.received_at, answer_by(dossier), _days_left(unit, dossier))


def prepare(actor: Actor, number: str) -> Examination:
    """All that an examination needs on one page. Raises NotFound for what is not received, or not the actor's to examine."""
    with reading(actor, EXAMINE) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        words, dossier = unit.charter.vocabulary, held.dossier
        keys = {each.id: key for each in held.compartments if (key := held.key(each)) is not None}
        opened = [note for note in contents.notes(held, keys) if note.row.compartment_id in keys]
        notes = contents.timeline(held, opened, contents.authors_of(held, opened))
        identity = held.compartment("identity")
        texts = contents.rows_of(held, identity, keys[identity.id]) if identity and identity.id in keys else []
        programme = unit.charter.programmes[dossier.programme]
        return Examination(
            number=number,
            person=person_of(held),
            programme=programme.label,
            cell=held.cell.name,
            received_at=dossier.received_at,
            answer_by=answer_by(dossier),
            days_left=_days_left(unit, dossier),
            sections=tuple(_sections(held)),
            complements=notes,
            siblings=tuple(_siblings(held)),
            alike=alike(held, texts[0]) if texts else (),
            leads=candidates(held),
            outcomes=choices(words.examination_outcomes),
            redirections=choices(words.redirections),
            minors=follows_minors(programme),
            today=_today(unit),
        )


def decide(actor: Actor, number: str, draft: ExaminationDraft) -> None:
    """Give a saisine its outcome: it opens with a lead, or closes. Turns its keys, tells its sender and its lead.

    Twice the same decision is one. Raises NotFound, DecidedMeanwhile when somebody else was first, InvalidInput with what is wrong in each
    field, or UncertifiedKey when a compartment was planted: nothing is shared under a stranger's key.
    """
    with writing(actor, EXAMINE) as unit:
        hold(unit, number, draft.duplicate_of.strip())
        held = find(unit, number)
        if _decided_so(held, draft):
            unit.require(held.situations(), action="dossier.open")
            return
        if _too_late(held):
            raise DecidedMeanwhile
        unit.require(held.situations())
        settle(held, draft, checked(held, draft))


def _too_late(held: Held) -> bool:
    """Whether the actor would examine it here, had nobody given it an outcome, and may open what became of it."""
    dossier = held.dossier
    if dossier.status == RECEIVED or dossier.outcome is None or not held.verdict("dossier.open").permitted:
        return False
    held.unit.trace.rule = held.verdict(EXAMINE).rule  # the charter refuses: what is examined is examined once
    return held.unit.check(EXAMINE, [each._replace(status=RECEIVED) for each in held.situations()]).permitted


def settle(held: Held, draft: ExaminationDraft, decision: "Checked") -> None:
    """What an examination does, whoever calls it: this page, or the close of a meeting that decided. The caller has required an action."""
    unit, dossier = held.unit, held.dossier
    dossier.outcome, dossier.version = draft.outcome, dossier.version + 1
    unit.trace.facts["outcome"] = draft.outcome
    if decision.lead:
        _open(held, decision.lead, draft.next_date)
    else:
        _close(held, draft, decision)
    unit.session.flush()
    turn(held)
    if decision.lead:
        _make_missing(held)
        tell(unit, [decision.lead], "lead_named", number=dossier.number)
    tell(unit, [dossier.reporter_id], "referral_answered", number=dossier.number)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a checked draft names: the lead's user id, or the number of the dossier that follows the person already."""

    lead: str = ""
    other: str = ""


def checked(held: Held, draft: ExaminationDraft) -> Checked:
    """Raises InvalidInput with every problem at once."""
    words, lead, other = held.unit.charter.vocabulary, "", ""
    problems: dict[str, str] = {}
    if draft.outcome not in words.examination_outcomes:
        problems["outcome"] = says("Choisissez une issue de la liste.")
    if draft.outcome == RETAINED:
        try:
            lead = chosen(held, draft.lead)
        except InvalidInput as problem:
            problems |= problem.problems
        if draft.next_date is None or not ahead(held.unit, draft.next_date):
            problems["next_date"] = AHEAD
    if draft.outcome == REDIRECTED and draft.redirected_to not in words.redirections:
        problems["redirected_to"] = says("Choisissez vers quel service.")
    if draft.outcome == DUPLICATE:
        other = _other(held, draft.duplicate_of.strip())
        if not other:
            problems["duplicate_of"] = says("Indiquez le numéro d’un dossier qui vous est ouvert, par exemple 2026-0042.")
    if problems:
        raise InvalidInput(problems)
    return Checked(lead, other)


def ahead(unit: Unit, day: date) -> bool:
    """Whether a day can be a next date: from today on, within the year."""
    today = _today(unit)
    return today <= day <= today + FARTHEST


def _other(held: Held, number: str) -> str:
    """The number of another dossier of this cell that the actor may open; empty alike for unknown, forbidden and another cell's.

    Whoever keeps two cells must not tell the readers of one that a person is followed in the other (design §4, search).
    """
    if not number or number == held.dossier.number:
        return ""
    try:
        other = find(held.unit, number)
    except NotFound:
        return ""
    return number if other.cell.id == held.cell.id and other.verdict("dossier.open").permitted else ""


def _decided_so(held: Held, draft: ExaminationDraft) -> bool:
    """Whether this very decision was taken already: a double click."""
    dossier = held.dossier
    if dossier.status == "received" or dossier.outcome is None or dossier.outcome != draft.outcome:
        return False
    try:
        return dossier.outcome != RETAINED or chosen(held, draft.lead) == dossier.lead_id
    except InvalidInput:
        return False


def _open(held: Held, lead: str, next_date: date | None) -> None:
    dossier = held.dossier
    name_lead(held.unit, dossier, lead)
    dossier.status, dossier.next_date, dossier.opened_at = "open", next_date, held.unit.now
    held.unit.trace.facts["lead"] = lead


def _close(held: Held, draft: ExaminationDraft, decision: Checked) -> None:
    dossier, unit = held.dossier, held.unit
    dossier.status, dossier.closed_at = "closed", unit.now
    if draft.outcome == CHILD_PROTECTION:
        dossier.closing_reason = CHILD_PROTECTION
    if draft.outcome == REDIRECTED:
        dossier.redirected_to = unit.trace.facts["redirected_to"] = draft.redirected_to
    if decision.other:
        point_to(held, decision.other)


def point_to(held: Held, other: str) -> str | None:
    """Say, for whoever reads the closed saisine, where the person is followed; returns the note's id."""
    place = held.compartment("confidential")
    if place is None:
        return None
    body = f"Déjà suivie : dossier {other}."
    note = EntryDraft("decision", place.kind, _today(held.unit), body, entries.new_submission(), readers="")
    held.unit.trace.show(held.dossier.number, place.kind)
    return entries.deposit(held, place, note, body)


def _make_missing(held: Held) -> None:
    """The compartments that an open dossier has from the start, as far as the charter lets its stewards keep them."""
    programme = held.unit.charter.programmes[held.dossier.programme]
    for kind in FROM_THE_START:
        if held.compartment(kind) is None and programme.has(kind) and held.verdict("compartment.keep", kind).permitted:
            compartments.make(held.unit, held.dossier, kind, list(standing_grants(held.unit, held.dossier, kind)))


def _sections(held: Held) -> Iterator[SectionView]:
    people = professionals(held.unit.session, held.unit.instance.anchor, [])
    order = list(held.unit.charter.vocabulary.kinds)
    for compartment in sorted(held.compartments, key=lambda each: order.index(each.kind)):
        verdict, box = held.readable(compartment)
        if box is not None:
            fields = contents.fields_of(held, compartment, held.keychain.open(box, compartment))
            held.unit.trace.show(held.dossier.number, compartment.kind)
            yield section_view(held, compartment, reason(held.unit, verdict), fields, 0, people)


def _siblings(held: Held) -> Iterator[Sibling]:
    """The other children of this saisine, as far as the actor may list them."""
    unit, keychain, dossier = held.unit, held.keychain, held.dossier
    together = Dossier.submission.startswith(submissions.family(dossier.submission))
    query = select(Dossier.id).where(together, Dossier.reporter_id == dossier.reporter_id, Dossier.cell_id == dossier.cell_id)
    others = query.where(Dossier.id != dossier.id, Dossier.id.in_(visible(unit, keychain)))
    shelf = Shelf(unit, keychain, others)
    for other in _by_number(shelf):
        texts = shelf.identity(other)
        unit.trace.show(other.dossier.number, *(("identity",) if texts else ()))
        status = choice(unit.charter.vocabulary.statuses, other.dossier.status)
        yield Sibling(other.dossier.number, contents.full_name(texts) if texts else None, status)


def _by_number(shelf: Iterable[Held]) -> list[Held]:
    return sorted(shelf, key=lambda each: each.dossier.number)


def _days_left(unit: Unit, dossier: Dossier) -> int:
    return (answer_by(dossier) - _today(unit)).days


def _today(unit: Unit) -> date:
    return unit.now.astimezone(PARIS).date()
