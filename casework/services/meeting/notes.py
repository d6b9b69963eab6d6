"""Preparatory notes: the question asked about an item, and what convened members answered beforehand. Destroyed some days after.

A question lies under the key of the dossier's identity, so that whoever may know who it is about may know what is asked. An answer is
sealed to the ring that keeps the dossier and to its author, and signed, for anybody can seal to a public key.
"""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select

from casework.errors import TamperedError
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, MeetingNote
from casework.services.access import Held
from casework.services.keys.certificates import chain, ring_holder, signing_keys
from casework.services.keys.compartments import keepers
from casework.services.keys.keychain import Keychain
from casework.services.unit import Unit
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack
from casework.vault.trust import is_signed

QUESTION, ANSWER = "question", "answer"
IDENTITY = "identity"
TABLE, COLUMNS = MeetingNote.__tablename__, ("sealed",)
STEP = 512
"""Answers are filled up to so many bytes: their length says nothing."""

KEEPERS, AUTHOR = "keepers", "author"
Clear = tuple[str | float | None, ...]


def questions_of(unit: Unit, items: Iterable[Item]) -> dict[str, MeetingNote]:
    """Item id -> the question asked, where there is one."""
    return {each.item_id: each for each in _notes(unit, items, QUESTION)}


def answers_of(unit: Unit, items: Iterable[Item]) -> dict[str, list[MeetingNote]]:
    """Item id -> the answers given, oldest first."""
    found: dict[str, list[MeetingNote]] = {}
    for each in _notes(unit, items, ANSWER):
        found.setdefault(each.item_id, []).append(each)
    return found


def ask(held: Held, meeting: Meeting, item: Item, text: str) -> None:
    """Put a question beside an item, in place of the one before; an empty text takes it away. held: from `access.find`.

    Raises TamperedError where the dossier has no identity that the actor may read: nobody asks about a person they do not know.
    """
    session = held.unit.session
    session.execute(delete(MeetingNote).where(MeetingNote.item_id == item.id, MeetingNote.kind == QUESTION))
    if not text:
        return
    compartment = held.compartment(IDENTITY)
    key = held.key(compartment) if compartment is not None else None
    if key is None:
        raise TamperedError("a dossier without an identity to ask about")
    note = _note(held.unit, meeting, item, QUESTION)
    note.key_version = key.version
    (note.sealed,) = key.seal_row(TABLE, COLUMNS, note.id, _clear(note), [text])
    session.add(note)
    held.unit.trace.show(held.dossier.number, IDENTITY)


def question(held: Held, note: MeetingNote) -> str | None:
    """The text of a question, where the actor may read the identity. Raises TamperedError for a row that was moved or changed."""
    compartment = held.compartment(IDENTITY)
    key = held.key(compartment) if compartment is not None else None
    if key is None:
        return None
    reader = held.keychain.at_version(key, note.key_version).reader(TABLE, COLUMNS)
    return reader.open(note.id, _clear(note), [note.sealed])[0]


def answer(unit: Unit, meeting: Meeting, item: Item, dossier: Dossier, code: str) -> None:
    """Give my answer to an item, in place of the one before. Raises UncertifiedKey for a ring that nobody entitled made."""
    mine = (MeetingNote.item_id == item.id) & (MeetingNote.kind == ANSWER) & (MeetingNote.author_id == unit.actor.user_id)
    unit.session.execute(delete(MeetingNote).where(mine))
    epoch = keepers(unit, dossier)
    if epoch is None:
        raise TamperedError("a dossier that nobody keeps")
    anchor, note = unit.instance.anchor, _note(unit, meeting, item, ANSWER)
    note.key_version, note.epoch_id = 0, epoch.id
    signed = unit.actor.keyring.sign(dict(_statement(unit, note, code)))
    raw = json.dumps({"answer": code, "signature": signed.signature.hex()}).encode().ljust(STEP)
    note.sealed = anchor.seal(ring_holder(unit.session, anchor, epoch).chain, raw, _context(unit, note, KEEPERS))
    note.for_author = anchor.seal(chain(unit.session, unit.actor.certificate_id), raw, _context(unit, note, AUTHOR))
    unit.session.add(note)


def answered(unit: Unit, keychain: Keychain, note: MeetingNote) -> str | None:
    """What a member answered, for its author and for those who keep the dossier; None for anybody else.

    Raises TamperedError for an answer that its author did not sign.
    """
    if note.author_id == unit.actor.user_id and note.for_author is not None:
        raw = unit.actor.keyring.private.open(note.for_author, _context(unit, note, AUTHOR))
    elif note.epoch_id is not None and keychain.serves(note.epoch_id):
        raw = HybridPrivateKey(keychain.ring_secret(note.epoch_id)).open(note.sealed, _context(unit, note, KEEPERS))
    else:
        return None
    found: Mapping[str, str] = json.loads(raw)
    statement, signature = _statement(unit, note, found["answer"]), bytes.fromhex(found["signature"])
    if not any(is_signed(statement, signature, key) for key in signing_keys(unit.session, unit.instance.anchor, note.author_id)):
        raise TamperedError("an answer is not its author's")
    return found["answer"]


def forget(unit: Unit, item: Item) -> None:
    """Destroy what was written beforehand about an item that leaves the agenda."""
    unit.session.execute(delete(MeetingNote).where(MeetingNote.item_id == item.id))


def _notes(unit: Unit, items: Iterable[Item], kind: str) -> list[MeetingNote]:
    query = select(MeetingNote).where(MeetingNote.item_id.in_([each.id for each in items]), MeetingNote.kind == kind)
    return list(unit.session.scalars(query.order_by(MeetingNote.written_at, MeetingNote.id)))


def _note(unit: Unit, meeting: Meeting, item: Item, kind: str) -> MeetingNote:
    return MeetingNote(
        id=new_id(), meeting_id=meeting.id, item_id=item.id, kind=kind, author_id=unit.actor.user_id, written_at=unit.now, epoch_id=None
    )


def _clear(note: MeetingNote) -> Clear:
    """What a question's seal covers besides its text, id and key version."""
    return (note.meeting_id, note.item_id, note.kind, note.author_id, note.epoch_id, note.written_at.timestamp())


def _context(unit: Unit, note: MeetingNote, holder: str) -> bytes:
    return pack("meeting-answer", unit.instance.anchor.instance, note.id, note.item_id, note.author_id, note.epoch_id or "", holder)


def _statement(unit: Unit, note: MeetingNote, code: str) -> dict[str, str]:
    """What the author of an answer signs."""
    place = {"instance": unit.instance.anchor.instance, "note": note.id, "meeting": note.meeting_id, "item": note.item_id}
    return {**place, "author": note.author_id, "answer": code}
