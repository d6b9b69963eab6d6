"""Reading compartments: their fields, and the notes of the timeline. Keys come from `access`, texts go into frozen views."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Table, select

from casework.charter import Charter, Programme, agree
from casework.errors import TamperedError
from casework.ledger import row_digest
from casework.models.content import (
    ContactPoint,
    Entry,
    EntryKey,
    ExtractItem,
    Measure,
    Person,
    SafeContact,
    Schooling,
    SealedRow,
    Situation,
    SupportRequest,
)
from casework.models.dossiers import Compartment
from casework.services.access import Held
from casework.services.keys.certificates import signing_keys
from casework.services.keys.sealing import open_row, text_opener
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.record.record_fields import CONTACTS, shown
from casework.services.support.words import asked_for
from casework.services.views import Choice, EntryView, Field
from casework.vault.content import ContentKey
from casework.vault.packing import pack
from casework.vault.trust import is_signed
from casework.wording import says

MODELS: Mapping[str, type[SealedRow]] = {
    "identity": Person,
    "contact": ContactPoint,
    "confidential": Situation,
    "school": Schooling,
    "judicial": Measure,
    "safety": SafeContact,
    "extract": ExtractItem,
}
"""The fields of a compartment, besides its notes."""

BESIDE: Mapping[str, tuple[type[SealedRow], ...]] = {"confidential": (SupportRequest,)}
"""Further tables whose rows lie in a compartment, shown after its own fields."""

_COLUMNS = list(Entry.__table__.columns.keys())
_PLACE = itemgetter(_COLUMNS.index("compartment_id"), _COLUMNS.index("key_version"))

UNSIGNED = "addressing"
"""A kind of note whose author is told to nobody: that an association asks would say why (decision 5)."""
SOMEBODY = Professional("", says("Une personne habilitée"), "n", says("à l’origine de la consigne"), "", "")

COMPARTMENT = "compartment"
AUTHOR = "author"


def table_of(model: type[SealedRow]) -> Table:
    """The table of a content model."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # the mixin has no table, its models do
    return table


def rows_of(held: Held, compartment: Compartment, key: ContentKey, model: type[SealedRow] | None = None) -> list[dict[str, str]]:
    """The opened rows of a compartment's own table, oldest first. model: another table whose rows lie there too."""
    model = model or MODELS.get(compartment.kind)
    if model is None:
        return []
    table = table_of(model)
    rows = held.unit.session.execute(select(table).where(table.c.compartment_id == compartment.id).order_by(table.c.id))
    return [open_row(model, row, held.keychain.at_version(key, row.key_version)) for row in rows]


def fields_of(held: Held, compartment: Compartment, key: ContentKey) -> tuple[Field, ...]:
    """Labelled values, ready to show."""
    fields: list[Field] = []
    for texts in rows_of(held, compartment, key):
        if compartment.kind == "contact":
            fields += [Field(CONTACTS.get(texts["label"], texts["label"]), texts["value"])] if texts["value"] else []
        elif compartment.kind == "extract":
            fields.append(Field(texts["label"], texts["text"]))
        else:
            fields.extend(labelled(held, compartment.kind, texts))
    for model in BESIDE.get(compartment.kind, ()):
        for texts in rows_of(held, compartment, key, model):
            fields.extend(labelled(held, compartment.kind, texts, model))
    return tuple(fields)


def labelled(held: Held, kind: str, texts: Mapping[str, str], model: type[SealedRow] | None = None) -> list[Field]:
    """A row's texts under the labels the programme gives its fields; empty ones are left out. model: as for `rows_of`."""
    charter = held.unit.charter
    return labels(charter, charter.programmes[held.dossier.programme], kind, texts, model)


def labels(
    charter: Charter, programme: Programme, kind: str, texts: Mapping[str, str], model: type[SealedRow] | None = None
) -> list[Field]:
    """`labelled`, for a row that lies elsewhere than in its dossier's own compartments."""
    declared, table = programme.fields, table_of(model or MODELS[kind]).name
    words, needs = charter.vocabulary, charter.meetings.needs
    return [
        Field(declared[f"{table}.{column}"].label, asked_for(needs, column, text) if model else shown(words, table, column, text))
        for column, text in texts.items()
        if text and f"{table}.{column}" in declared
    ]


def full_name(texts: Mapping[str, str]) -> str:
    """First name then family name, exactly as stored."""
    return f"{texts['first_name']} {texts['last_name']}"


def born(texts: Mapping[str, str] | None) -> date | None:
    """The birth date in the texts of an identity; None where it is not readable, or not known."""
    return date.fromisoformat(texts["birth_date"]) if texts and texts["birth_date"] else None


class OpenNote(NamedTuple):
    """A note's row with its text."""

    row: Row[Any]
    body: str


def notes(held: Held, keys: Mapping[str, ContentKey]) -> list[OpenNote]:
    """Every note I may read, newest first. keys: compartment id -> key, for the compartments I may read."""
    table = table_of(Entry)
    mine = held.unit.actor.user_id
    unread = [each.id for each in held.compartments if each.id not in keys and held.verdict("entry.write", each.kind).permitted]
    condition: ColumnElement[bool] = table.c.compartment_id.in_(list(keys))
    if unread:
        own = select(EntryKey.entry_id).where(EntryKey.holder == AUTHOR)
        condition = condition | (table.c.compartment_id.in_(unread) & (table.c.author_id == mine) & table.c.id.in_(own))
    rows = held.unit.session.execute(select(table).where(condition).order_by(table.c.written_at.desc(), table.c.id)).all()
    deposits = _deposit_keys(held, [row.id for row in rows if row.key_version == 0])
    openers: dict[tuple[str, int], Callable[[Row[Any]], str]] = {}
    opened = []
    for row in rows:
        under = _PLACE(row)
        read = openers.get(under)
        if read is None:
            read = text_opener(Entry, _key_of(held, row, keys, deposits))
            if under[1]:  # a deposit's key opens that one note
                openers[under] = read
        opened.append(OpenNote(row, read(row)))
    return opened


def _deposit_keys(held: Held, entry_ids: Sequence[str]) -> dict[tuple[str, str], EntryKey]:
    if not entry_ids:
        return {}
    rows = held.unit.session.scalars(select(EntryKey).where(EntryKey.entry_id.in_(entry_ids)))
    return {(row.entry_id, row.holder): row for row in rows}


def _key_of(held: Held, row: Row[Any], keys: Mapping[str, ContentKey], deposits: Mapping[tuple[str, str], EntryKey]) -> ContentKey:
    """A note lies under its compartment's key or, deposited, under its own, which compartment and author can open."""
    content = keys.get(row.compartment_id)
    if row.key_version:
        if content is None:
            raise TamperedError("a note claims a key it was not written under")
        return content if content.version == row.key_version else held.keychain.at_version(content, row.key_version)
    instance = held.unit.instance.anchor.instance
    holder = COMPARTMENT if content is not None else AUTHOR
    found = deposits.get((row.id, holder))
    if found is None:
        raise TamperedError("a deposited note has lost its key")
    _check_author(held, row, found.signature)
    private = held.unit.actor.keyring.private
    if content is not None:
        private = held.keychain.at_version(content, found.key_version).deposit
    secret = private.open(found.sealed, deposit_context(instance, row.id, holder))
    return deposited(secret, instance, row.compartment_id, row.id)


def _check_author(held: Held, row: Row[Any], signature: bytes) -> None:
    """Raise TamperedError unless the author named by a deposited note signed its row: anybody knows the deposit key."""
    session, anchor = held.unit.session, held.unit.instance.anchor
    digest = row_digest(table_of(Entry).name, dict(zip(_COLUMNS, row, strict=True)))
    statement = deposit_statement(anchor.instance, digest)
    if not any(is_signed(statement, signature, signing) for signing in signing_keys(session, anchor, row.author_id)):
        raise TamperedError("a deposited note is not its author's")


def deposit_statement(instance: str, digest: str) -> dict[str, str]:
    """What the author of a deposited note signs: the digest of its whole row."""
    return {"instance": instance, "deposit": digest}


def deposited(secret: bytes, instance: str, compartment_id: str, entry_id: str) -> ContentKey:
    """A deposited note's own key. It has version 0, and its scope is that one note in that one compartment."""
    return ContentKey(secret, instance=instance, scope=f"{compartment_id}/{entry_id}", version=0)


def deposit_context(instance: str, entry_id: str, holder: str) -> bytes:
    """What a deposited note's key is bound to."""
    return pack("deposit", instance, entry_id, holder)


def authors_of(held: Held, opened: Sequence[OpenNote]) -> dict[str, Professional]:
    """Who wrote these notes, by user id."""
    return professionals(held.unit.session, held.unit.instance.anchor, {note.row.author_id for note in opened})


def timeline(held: Held, opened: Sequence[OpenNote], people: Mapping[str, Professional]) -> tuple[EntryView, ...]:
    """Notes as frozen views, corrections tied to what they correct. people: their authors at least."""
    words = held.unit.charter.vocabulary
    kinds = {code: Choice(code, kind.label) for code, kind in words.entry_kinds.items()}
    places = {each.id: Choice(each.kind, agree(words.kinds[each.kind].label, held.unit.actor.gender)) for each in held.compartments}
    corrected = {note.row.corrects_id: note.row.id for note in reversed(opened) if note.row.corrects_id}
    mine = held.unit.actor.user_id
    return tuple(_entry(note, people.get(note.row.author_id, UNKNOWN), kinds, places, corrected, mine) for note in opened)


def _entry(
    note: OpenNote, author: Professional, kinds: Mapping[str, Choice], places: Mapping[str, Choice], corrected: Mapping[str, str], mine: str
) -> EntryView:
    row = note.row
    if row.kind == UNSIGNED and row.author_id != mine:
        author = SOMEBODY
    return EntryView(
        id=row.id,
        kind=kinds.get(row.kind) or Choice(row.kind, row.kind),
        compartment=places[row.compartment_id],
        body=note.body,
        author=author.name,
        function=author.function,
        institution=author.institution,
        occurred_on=row.occurred_on,
        written_at=row.written_at,
        mine=row.author_id == mine,
        corrects=row.corrects_id,
        corrected_by=corrected.get(row.id),
        author_id="" if author is SOMEBODY else row.author_id,
    )
