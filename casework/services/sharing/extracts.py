"""Extracts: chosen notes and fields, copied for one named person who holds nothing else of the dossier, until a date."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.charter import agree
from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.content import ExtractItem
from casework.models.dossiers import Compartment
from casework.services import submissions
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.dossier import contents
from casework.services.dossier.dossier_page import person_of
from casework.services.keys import boxes, compartments
from casework.services.keys.compartments import Grant
from casework.services.keys.sealing import seal
from casework.services.sharing import recipients
from casework.services.sharing.recipients import ADDRESSED, EXTRACT
from casework.services.sharing.views import ExtractOffer, ExtractPreview, Piece
from casework.services.typed import clean, is_submission, problem
from casework.services.unit import Unit, reading, writing
from casework.services.views import Field
from casework.vault.content import ContentKey
from casework.vault.packing import pack
from casework.vault.trust import Certified
from casework.wording import listed, says

OPEN = "dossier.open"
GIVE = "extract.give"
END = "extract.end"
AUTHOR = "author"
TOLD = "extract_given"
ENDED = "share_ended"
SHARE = "share.give"

NEVER = frozenset({"social", "sealed", "safety", "extract"})
"""What no extract is taken from: N2 and N3 go by their author's share or not at all, what protects somebody stays with the service."""

RESTRICTED = frozenset({"judicial"})
"""Copied only for somebody whom the charter would let read the compartment itself (art. L.132-5 CSI: what the prosecutor told)."""

UNSAID = ("situation.reported_by",)
"""Fields never copied: who brought the situation is not told with it (domain 1.17)."""

MAX_INTRO = 300
MAX_ITEMS = 40
INTRO = says("Présentation")
CHANGED = says("Ce dossier a changé depuis que vous avez choisi : relisez, puis choisissez de nouveau.")


@dataclass(frozen=True, slots=True)
class ExtractDraft:
    """An extract as the form sends it. pieces: ids of what was chosen. intro: one sentence of the giver's own, or empty."""

    to: str
    pieces: tuple[str, ...]
    intro: str
    until: datetime | None
    submission: str


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be copied, and the kind of compartment it comes from."""

    kind: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class _Checked:
    receiver: Certified
    items: tuple[Field, ...]
    kinds: frozenset[str]
    ends: datetime


def prepare(actor: Actor, number: str) -> ExtractOffer:
    """What I may copy, and for whom. Raises NotFound when I may give no extract of this dossier."""
    with reading(actor, OPEN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        if not held.verdict(GIVE).permitted:
            raise NotFound(GIVE)
        found = list(sources(held))
        unit.trace.show(number, *{each.kind for each in found})
        people = recipients.for_extract(held)
        return ExtractOffer(
            number=number,
            person=person_of(held),
            pieces=tuple(each.piece for each in found),
            people=people,
            until=recipients.proposed_end(unit, people),
            today=recipients.today(unit),
            max_intro=MAX_INTRO,
        )


def preview(actor: Actor, number: str, draft: ExtractDraft) -> ExtractPreview:
    """Word for word what the addressee would see. Raises like `give`; gives nothing."""
    with reading(actor, OPEN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        found = _checked(held, draft)
        unit.trace.show(number, *found.kinds)
        unit.trace.facts["holder"] = found.receiver.subject
        return ExtractPreview(number, recipients.described(unit, found.receiver), found.items, recipients.paris_day(found.ends))


def give(actor: Actor, number: str, draft: ExtractDraft) -> str:
    """Copy what was chosen into a compartment of its own, for the addressee and the giver; returns the share's id.

    The same submission twice makes one extract. Raises NotFound, or InvalidInput with what is wrong in each field.
    """
    with writing(actor, GIVE) as unit:
        held = find(unit, number)
        found = _checked(held, draft)
        unit.require(held.situations())
        typed = (number, draft.to, draft.intro, *sorted(draft.pieces))
        share = submissions.token(actor, draft.submission, typed)
        unit.trace.show(number, EXTRACT, *found.kinds)
        unit.trace.facts |= {"holder": found.receiver.subject, "share": share}
        if any(each.owner_id == share for each in held.compartments):
            return share
        grants = [
            Grant(found.receiver.subject, to_ring=False, title=ADDRESSED, until=found.ends, reference=share),
            Grant(actor.user_id, to_ring=False, title=AUTHOR, reference=share),
        ]
        content = compartments.make(unit, held.dossier, EXTRACT, grants, owner=share)
        fill(unit, content, found.items)
        alerts.tell(unit, [found.receiver.subject], TOLD, number=number, reference=share)
        return share


def end(actor: Actor, number: str, share: str) -> None:
    """End an extract: the addressee's box is deleted, nothing else changes. Raises NotFound for one that is not under way."""
    with writing(actor, END) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        given = boxes.of_reference(unit, held.dossier.id, ADDRESSED, share)
        if not given:
            raise NotFound(unit.action)
        for box, _ in given:
            unit.session.delete(box)
        alerts.tell(unit, {box.holder_id for box, _ in given}, ENDED, number=number, reference=share)
        unit.trace.show(number, EXTRACT)
        unit.trace.facts |= {"ended": share}


def _checked(held: Held, draft: ExtractDraft) -> _Checked:
    """Everything about a draft, before anything is written. Raises InvalidInput with every problem of the text at once."""
    if not held.verdict(GIVE).permitted:
        raise NotFound(GIVE)
    problems: dict[str, str] = {}
    intro = clean(draft.intro)
    if intro and (wrong := problem(intro, MAX_INTRO)):
        problems["intro"] = wrong
    if not is_submission(draft.submission):
        problems["submission"] = says("Ce formulaire n’est plus valable : rechargez la page.")
    chosen, missing = picked(sources(held), draft.pieces)
    if not draft.pieces:
        problems["pieces"] = says("Choisissez au moins un élément.")
    elif missing:
        problems["pieces"] = missing
    if problems:
        raise InvalidInput(problems)
    receiver = _addressee(held, draft.to, chosen)
    ends = recipients.last_moment(held, receiver, draft.until)
    items = (*((Field(INTRO, intro),) if intro else ()), *(Field(each.piece.label, each.piece.text) for each in chosen))
    return _Checked(receiver, items, frozenset(each.kind for each in chosen), ends)


def _addressee(held: Held, username: str, chosen: Sequence[Source]) -> Certified:
    """Raises InvalidInput for somebody the charter lets read no extract, who holds something else, or must not know a kind."""
    person = recipients.receiver(held, username)
    possible = {each.person.username: each.why for each in recipients.for_extract(held)}
    if why := possible.get(username, recipients.NO_MEMBER):
        raise InvalidInput({"to": why})
    if label := closed_to(held, person.claims["profession"], chosen):
        raise InvalidInput({"pieces": says("La charte interdit à cette personne ce qui vient du volet « %(volet)s ».", volet=label)})
    return person


def picked(offered: Iterable[Source], ids: Sequence[str]) -> tuple[list[Source], str | None]:
    """What was chosen, in the order it was offered, and a sentence when something of it is gone or there is too much of it."""
    chosen = [each for each in offered if each.piece.id in ids]
    if len(chosen) != len(set(ids)):
        return chosen, CHANGED
    return chosen, says("Choisissez %(most)s éléments au plus.", most=MAX_ITEMS) if len(chosen) > MAX_ITEMS else None


def closed_to(held: Held, profession: str, chosen: Sequence[Source]) -> str:
    """Label of the first compartment among these of which the charter lets nothing reach this profession; empty when all may."""
    for kind in dict.fromkeys(each.kind for each in chosen):
        restricted = kind in RESTRICTED and not recipients.may_read(held, profession, kind)
        if restricted or (recipients.forbidden(held, profession, kind) and not recipients.forbidden(held, profession, "decisions")):
            return agree(held.unit.charter.vocabulary.kinds[kind].label, held.unit.actor.gender)
    return ""


def fill(unit: Unit, content: ContentKey, items: Sequence[Field]) -> None:
    """Seal these copies into an extract that was just made, in their order."""
    for row_id, item in zip(sorted(new_id() for _ in items), items, strict=True):
        row = ExtractItem(id=row_id, version=1, compartment_id=content.scope)
        seal(row, content, {"label": item.label, "text": item.value})
        unit.session.add(row)


def sources(held: Held) -> Iterator[Source]:
    """What the actor reads and may give, in the charter's order: fields first, then notes, newest first, corrected ones left out."""
    words, gender = held.unit.charter.vocabulary, held.unit.actor.gender
    parts = {kind: (part, key) for kind in words.kinds if kind not in NEVER for part, key in _given(held, kind)}
    notes = contents.notes(held, {part.id: key for part, key in parts.values()})
    former = {note.row.corrects_id for note in notes}
    declared = held.unit.charter.programmes[held.dossier.programme].fields
    unsaid = {declared[name].label for name in UNSAID if name in declared}
    for kind, (part, key) in parts.items():
        volet = agree(words.kinds[kind].label, gender)
        for field in contents.fields_of(held, part, key):
            if field.label in unsaid:
                continue
            yield Source(kind, Piece(piece_id(kind, "", field.label, field.value), volet, field.label, field.value))
        for note in (each for each in notes if each.row.compartment_id == part.id and each.row.id not in former):
            name = words.entry_kinds[note.row.kind].label if note.row.kind in words.entry_kinds else note.row.kind
            label = listed([name, f"{note.row.occurred_on:%d/%m/%Y}"])
            yield Source(kind, Piece(piece_id(kind, note.row.id, label, note.body), volet, label, note.body))


def _given(held: Held, kind: str) -> Iterator[tuple[Compartment, ContentKey]]:
    """The compartment of this kind with its key, when the actor reads it and may give it."""
    compartment = held.compartment(kind)
    key = held.key(compartment) if compartment is not None and held.verdict(SHARE, kind).permitted else None
    if compartment is not None and key is not None:
        yield compartment, key


def piece_id(kind: str, source: str, label: str, text: str) -> str:
    """Of exactly this text: what was read is what is given, or nothing."""
    return hashlib.sha256(pack("piece", kind, source, label, text)).hexdigest()[:32]
