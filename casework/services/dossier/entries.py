"""Notes: preparing one with « Qui lira ceci ? », and writing it. Append-only; a correction is a new note that names the old one."""

import secrets
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.charter import EntryKind, agree
from casework.errors import InvalidInput, NotFound, ReadersChanged
from casework.ledger import row_write
from casework.models.base import new_id
from casework.models.content import Entry, EntryKey
from casework.models.dossiers import Compartment
from casework.services import submissions
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier import contents
from casework.services.dossier.contents import AUTHOR, COMPARTMENT, deposit_context
from casework.services.dossier.dossier_page import person_of
from casework.services.dossier.readers import Holding, holdings, readers_of
from casework.services.drafts import EntryDraft
from casework.services.keys import compartments, turning
from casework.services.keys.certificates import chain
from casework.services.keys.sealing import seal
from casework.services.reasons import choices
from casework.services.typed import MAX_NOTE, clean, is_submission, problem
from casework.services.unit import Unit, reading, writing
from casework.services.views import CompartmentChoice, EntryComposition, EntryView
from casework.vault import aead
from casework.vault.content import ContentKey
from casework.wording import says

PARIS = ZoneInfo("Europe/Paris")
WRITE = "entry.write"
OWNER, RESULT = "owner", "action_result"
ACTS = frozenset({"addressing", "danger_report", "release_alert"})
"""Kinds of note that come from an act with a page of its own: nobody types them as a note."""


def compose(actor: Actor, number: str, corrects: str | None = None) -> EntryComposition:
    """All the form needs. corrects: id of one's own note to correct. Raises NotFound when nothing may be written here."""
    with reading(actor, "dossier.open") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        correcting = _own_note(held, corrects) if corrects else None
        offered = tuple(_offered(held, correcting))
        if not offered:
            raise NotFound(unit.action)
        person = person_of(held)
        shown = (*(("identity",) if person else ()), *((correcting.compartment.code,) if correcting else ()))
        unit.trace.show(number, *shown)
        return EntryComposition(
            number=number,
            person=person,
            kinds=choices(_natures(held)),  # type: ignore[arg-type]  # entry kinds have a label, as words do
            compartments=offered,
            defaults=_defaults(held, offered),
            correcting=correcting,
            today=unit.now.astimezone(PARIS).date(),
        )


def write(actor: Actor, number: str, draft: EntryDraft) -> str:
    """Write a note; returns its id. The same submission twice makes one note.

    Raises NotFound, InvalidInput with what is wrong in each field, or ReadersChanged when the readers are no longer those shown.
    """
    try:
        return _write(actor, number, draft)
    except IntegrityError:  # the same form arrived twice at once: the other one has just been committed
        return _write(actor, number, draft)


def _write(actor: Actor, number: str, draft: EntryDraft) -> str:
    with writing(actor, WRITE) as unit:
        held = find(unit, number)
        kind = draft.compartment if draft.compartment in unit.charter.vocabulary.kinds else "sealed"
        unit.require(held.situations(kind))
        known = unit.session.scalar(
            select(Entry.id).where(Entry.submission == token_of(unit, number, draft), Entry.author_id == actor.user_id)
        )
        if known is not None:
            return known
        body = _checked(unit, held, draft)
        compartment = held.compartment(kind)
        if readers_of(held, compartment, kind, holdings(held)).digest != draft.readers:
            raise ReadersChanged
        unit.trace.show(number, kind)
        return _seal_entry(held, compartment, kind, draft, body)


def token_of(unit: Unit, number: str, draft: EntryDraft) -> str:
    """What is stored for this form sent with this text: the same twice makes one note."""
    typed = (number, draft.kind, draft.compartment, draft.occurred_on.isoformat(), clean(draft.body), draft.corrects)
    return submissions.token(unit.actor, draft.submission, typed)


def _natures(held: Held) -> dict[str, EntryKind]:
    """What a note may be: whoever writes by an action that was entrusted to them tells its result, and decides nothing."""
    words = held.unit.charter.vocabulary
    others = held.titles - {OWNER}
    if OWNER not in held.titles or any(held.unit.check(WRITE, held.situations(kind, others)).permitted for kind in words.kinds):
        return {code: word for code, word in words.entry_kinds.items() if code not in ACTS}
    return {code: word for code, word in words.entry_kinds.items() if code == RESULT}


def _checked(unit: Unit, held: Held, draft: EntryDraft) -> str:
    """The cleaned text. Raises InvalidInput with every problem at once."""
    problems: dict[str, str] = {}
    body = clean(draft.body)
    today = unit.now.astimezone(PARIS).date()
    if found := problem(body, MAX_NOTE, lines=True):
        problems["body"] = found
    if not is_submission(draft.submission):
        problems["submission"] = says("Ce formulaire n’est plus valable : rechargez la page.")
    if draft.kind not in _natures(held):
        problems["kind"] = says("Choisissez une nature de la liste.")
    if draft.compartment not in unit.charter.vocabulary.kinds:
        problems["compartment"] = says("Choisissez un volet de la liste.")
    if not date(today.year - 30, 1, 1) <= draft.occurred_on <= today:
        problems["occurred_on"] = says("Cette date est à venir ou trop ancienne.")
    if draft.corrects and _own_note(held, draft.corrects).compartment.code != draft.compartment:
        problems["compartment"] = says("Une correction reste dans le volet de la note corrigée.")
    if problems:
        raise InvalidInput(problems)
    return body


def put(held: Held, kind: str, draft: EntryDraft, body: str) -> str:
    """Seal a note of this kind of compartment inside a larger act (a decision, a result); returns its id. body: the checked text.

    The caller has required an action. Raises NotFound where there is no such compartment and the actor makes none.
    """
    held.unit.trace.show(held.dossier.number, kind)
    return _seal_entry(held, held.compartment(kind), kind, draft, body)


def _seal_entry(held: Held, compartment: Compartment | None, kind: str, draft: EntryDraft, body: str) -> str:
    """Under the compartment's key for those who read it; as a deposit for those who do not."""
    if compartment is None:
        if not compartments.may_make(held, kind):
            raise NotFound(held.unit.action)
        content = compartments.make_here(held, kind)
        return _add(held, content.scope, content, draft, body).id
    key = held.key(compartment)
    if key is not None:
        compartments.deposit_key(held, compartment, key)  # refuses a version that was planted
        return _add(held, compartment.id, turning.past_sender(held, compartment, key), draft, body).id
    return deposit(held, compartment, draft, body)


def _add(held: Held, compartment_id: str, key: ContentKey | None, draft: EntryDraft, body: str, *, own: bytes = b"") -> Entry:
    """The sealed row: under the compartment's key, or under its own."""
    unit = held.unit
    entry = Entry(
        id=new_id(), version=1, kind=draft.kind, author_id=unit.actor.user_id, occurred_on=draft.occurred_on, written_at=unit.now,
        corrects_id=draft.corrects, submission=token_of(unit, held.dossier.number, draft), compartment_id=compartment_id,
    )  # fmt: skip
    seal(entry, key or contents.deposited(own, unit.instance.anchor.instance, compartment_id, entry.id), {"body": body})
    unit.session.add(entry)
    unit.session.flush()
    return entry


def deposit(held: Held, compartment: Compartment, draft: EntryDraft, body: str) -> str:
    """A note under its own key, which is sealed to the compartment's deposit key and to its author, who signs the row. Returns its id.

    body: the checked text. The caller has required an action. Raises UncertifiedKey when the newest key version was planted.
    """
    deposit_to = compartments.deposit_key(held, compartment, None)
    unit, own = held.unit, aead.new_key()
    entry = _add(held, compartment.id, None, draft, body, own=own)
    anchor, keyring = unit.instance.anchor, unit.actor.keyring
    signature = keyring.sign(dict(contents.deposit_statement(anchor.instance, row_write(entry).digest))).signature
    mine = chain(unit.session, unit.actor.certificate_id)
    for holder, to, version in ((COMPARTMENT, deposit_to.chain, deposit_to.version), (AUTHOR, mine, 0)):
        sealed = anchor.seal(to, own, deposit_context(anchor.instance, entry.id, holder))
        unit.session.add(EntryKey(entry_id=entry.id, holder=holder, key_version=version, sealed=sealed, signature=signature))
    return entry.id


def _own_note(held: Held, entry_id: str) -> EntryView:
    """One's own note, opened. Raises NotFound for somebody else's, or one that cannot be read any more."""
    keys = {each.id: key for each in held.compartments if (key := held.key(each)) is not None}
    notes = contents.notes(held, keys)
    for note in contents.timeline(held, notes, contents.authors_of(held, notes)):
        if note.id == entry_id and note.mine:
            return note
    raise NotFound(held.unit.action)


def _offered(held: Held, correcting: EntryView | None) -> Iterator[CompartmentChoice]:
    """The compartments one may write to, in the charter's order, each with its readers."""
    everybody = holdings(held)
    for kind, word in held.unit.charter.vocabulary.kinds.items():
        if correcting is not None and kind != correcting.compartment.code:
            continue
        if held.verdict(WRITE, kind).permitted and (held.compartment(kind) is not None or compartments.may_make(held, kind)):
            yield _choice(held, kind, word.label, word.hint, everybody)


def _choice(held: Held, kind: str, label: str, hint: str, everybody: list[Holding]) -> CompartmentChoice:
    compartment = held.compartment(kind)
    reading_it = readers_of(held, compartment, kind, everybody)
    gender = held.unit.actor.gender
    return CompartmentChoice(
        kind=kind,
        label=agree(label, gender),
        hint=agree(hint, gender),
        readers=reading_it.readers,
        deposit=not reading_it.mine,
        digest=reading_it.digest,
    )


def _defaults(held: Held, offered: tuple[CompartmentChoice, ...]) -> dict[str, str]:
    """The compartment proposed for each kind of note: the most closed *shared* one for what is observed, never N3."""
    shared = [each.kind for each in offered if len(each.readers) > 1 or (each.deposit and each.readers)]
    words = held.unit.charter.vocabulary
    found = {kind: words.default_compartment(kind, shared) for kind in words.entry_kinds}
    return {kind: place or offered[0].kind for kind, place in found.items()}


def new_submission() -> str:
    """A random id for a form."""
    return secrets.token_hex(16)
