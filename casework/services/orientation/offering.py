"""Preparing an orientation: whom one may choose, what may be copied for them, and word for word what they would read.

What is copied is an extract (`services.sharing.extracts`), with one thing more for whoever keeps `safety`: the safe contact, whole, so
that a number never travels without its precautions (`contacts`). A protected address never does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.charter import agree
from casework.errors import InvalidInput, NotFound
from casework.models.orientations import ReferralOut
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.directory import catalogue
from casework.services.dossier.dossier_page import person_of
from casework.services.orientation import contacts, steps, targets
from casework.services.orientation.mine import settled
from casework.services.orientation.targets import Target
from casework.services.orientation.views import OrientationDraft, OrientationOffer, OrientationPreview, OrientationQuery, PassedContact
from casework.services.reasons import choice, choices
from casework.services.safety import rules
from casework.services.sharing import extracts
from casework.services.sharing.extracts import INTRO, MAX_INTRO, Source
from casework.services.sharing.recipients import today
from casework.services.support.words import GIVEN, NOT_SOUGHT, REFUSED
from casework.services.typed import clean, is_submission, problem
from casework.services.unit import reading
from casework.services.views import Field
from casework.wording import says

GIVE = "orientation.give"
IDENTITY, SAFETY = "identity", "safety"
REFUSES = says("La personne refuse cet envoi : rien ne part. Vous pouvez retirer l’orientation proposée, ou en parler plus tard avec elle.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that may be sent. due: the last day to obtain an agreement that was not sought. contact: the safe contact that goes along."""

    target: Target
    need: str
    items: tuple[Field, ...]
    kinds: frozenset[str]
    due: date | None
    contact: contacts.Texts | None


def prepare(actor: Actor, number: str, query: OrientationQuery, referral: str = "") -> OrientationOffer:
    """Whom I may orient this person to, and what I may copy. referral: a proposed one that is now to be sent.

    Raises NotFound, and PersonLeft where the person withdrew their agreement.
    """
    with reading(actor, GIVE) as unit:
        held = find(unit, number)
        rules.still_agrees(held)
        unit.require(held.situations())
        proposed = proposal(held, referral) if referral else None
        need = query.need or (proposed.need if proposed else "")
        asked = OrientationQuery(need, query.sector, query.words)
        found, more = targets.services_for(held, asked, proposed.institution_id if proposed else None)
        pieces = list(sources(held))
        unit.trace.show(number, *{each.kind for each in pieces})
        return OrientationOffer(
            number=number,
            person=person_of(held),
            needs=choices(unit.charter.meetings.needs),
            sectors=catalogue.lists(unit).sectors,
            services=tuple(each.shown for each in found),
            more=more,
            people=tuple(each.shown for each in targets.people_for(held)),
            pieces=tuple(each.piece for each in pieces),
            unasked=choices(unit.charter.support.unasked),
            days=unit.charter.support.agreement.days,
            max_intro=MAX_INTRO,
            referral=referral,
            need=need,
            decided=targets.name_of(held, proposed.service_id, proposed.institution_id) if proposed else "",
        )


def preview(actor: Actor, number: str, draft: OrientationDraft) -> OrientationPreview:
    """Word for word what the recipient would read. Raises like `sending.send`; sends nothing."""
    with reading(actor, GIVE) as unit:
        held = find(unit, number)
        rules.still_agrees(held)
        unit.require(held.situations())
        found = checked(held, draft)
        unit.trace.show(number, *found.kinds)
        unit.trace.facts["holder"] = found.target.holder_id or found.target.service_id or ""
        need, words = choice(unit.charter.meetings.needs, found.need), _contact(held, found)
        call = contacts.call(unit, held.dossier, contacts.Carried(words, found.contact), actor.institution)
        return OrientationPreview(number, need, found.target.shown, found.items, found.due, words, call)


def proposal(held: Held, referral_id: str) -> ReferralOut:
    """A proposed orientation of this dossier, as it stands. Raises NotFound for another one."""
    found = held.unit.session.scalars(select(ReferralOut).where(ReferralOut.id == referral_id, settled())).one_or_none()
    if found is None or found.dossier_id != held.dossier.id or found.status != steps.PROPOSED:
        raise NotFound(held.unit.action)
    return found


def checked(held: Held, draft: OrientationDraft) -> Checked:
    """Everything about a draft, before anything is written. Raises InvalidInput with every problem at once."""
    unit = held.unit
    problems: dict[str, str] = {}
    intro = clean(draft.intro)
    if intro and (wrong := problem(intro, MAX_INTRO)):
        problems["intro"] = wrong
    if draft.need not in unit.charter.meetings.needs:
        problems["need"] = says("Choisissez un besoin de la liste.")
    if not is_submission(draft.submission):
        problems["submission"] = says("Ce formulaire n’est plus valable : rechargez la page.")
    chosen, missing = extracts.picked(sources(held), draft.pieces)
    if missing:
        problems["pieces"] = missing
    elif not chosen and not intro:
        problems["pieces"] = says("Choisissez au moins un élément, ou écrivez une phrase.")
    problems |= _agreement(held, draft)
    try:
        target = targets.chosen(held, draft.to)
    except InvalidInput as wrong_target:
        raise InvalidInput(problems | wrong_target.problems) from wrong_target
    if "pieces" not in problems and (label := _closed(held, target, chosen)):
        problems["pieces"] = says("La charte interdit à ce service ce qui vient du volet « %(volet)s ».", volet=label)
    if problems:
        raise InvalidInput(problems)
    copied = (Field(each.piece.label, each.piece.text) for each in chosen if each.kind != SAFETY)
    items = (*((Field(INTRO, intro),) if intro else ()), *copied)
    due = today(unit) + unit.charter.support.agreement if draft.agreement == NOT_SOUGHT else None
    kinds, contact = frozenset(each.kind for each in chosen), contacts.source(held)
    return Checked(target, draft.need, items, kinds, due, contact[1] if contact is not None and SAFETY in kinds else None)


def sources(held: Held) -> Iterator[Source]:
    """What may be copied: who it is about, the safe contact for whoever keeps it, then the rest of what an extract may hold."""
    found = list(extracts.sources(held))
    yield from (each for each in found if each.kind == IDENTITY)
    contact = contacts.source(held)
    yield from (contact[0],) if contact is not None else ()
    yield from (each for each in found if each.kind != IDENTITY)


def _contact(held: Held, found: Checked) -> tuple[PassedContact, ...]:
    """The safe contact that goes along, word for word."""
    charter = held.unit.charter
    words = contacts.in_words(charter, charter.programmes[held.dossier.programme], found.contact) if found.contact else ""
    return (PassedContact(words, None, standing=True),) if words else ()


def _closed(held: Held, target: Target, chosen: Sequence[Source]) -> str:
    """Label of a compartment of which the charter lets nothing reach them; what justice told does not go to readers nobody knows."""
    for profession in sorted(target.professions):
        if label := extracts.closed_to(held, profession, [each for each in chosen if each.kind != SAFETY]):
            return label
    restricted = [each for each in chosen if each.kind in extracts.RESTRICTED]
    if restricted and not target.professions:
        return agree(held.unit.charter.vocabulary.kinds[restricted[0].kind].label, held.unit.actor.gender)
    return ""


def _agreement(held: Held, draft: OrientationDraft) -> dict[str, str]:
    """The person's agreement to this recipient: without it nothing is sent, and not having asked needs a reason."""
    if draft.agreement == REFUSED:
        return {"agreement": REFUSES}
    if draft.agreement not in (GIVEN, NOT_SOUGHT):
        return {"agreement": says("Dites ce que la personne accepte pour ce destinataire.")}
    if draft.agreement == NOT_SOUGHT and draft.unasked not in held.unit.charter.support.unasked:
        return {"unasked": says("Dites pourquoi l’accord n’a pas encore été demandé.")}
    return {}
