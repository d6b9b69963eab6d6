"""How to reach the person, as it goes with an orientation: whole, sealed in its extract, so that its recipient's first line is worked out
from it when their page is made.

It is a row of the table of `safety`, with the id of the step that passed it on. Rows are added and never changed: once the person's safe
contact is another, the step `contact_changed` says so and nothing of it, and until the new one is passed on nobody is told to call.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from casework.charter import Charter, agree
from casework.charter.programmes import Programme
from casework.errors import InvalidInput, NotFound
from casework.models.content import SafeContact
from casework.models.dossiers import Compartment, Dossier
from casework.models.orientations import ReferralOut, ReferralStep
from casework.services.access import Held, linked
from casework.services.dossier import contents
from casework.services.keys import compartments
from casework.services.keys.certificates import newest_epoch
from casework.services.keys.sealing import open_row, seal
from casework.services.orientation import steps, telling
from casework.services.orientation.views import PassedContact
from casework.services.safety import calling, safe_contact
from casework.services.safety.safe_contact import SAFETY
from casework.services.safety.views import CallNow
from casework.services.sharing.extracts import CHANGED, Source, piece_id
from casework.services.sharing.views import Piece
from casework.services.unit import Unit
from casework.vault.content import ContentKey
from casework.wording import says

HOLDERS = frozenset({"service", "lead"})
"""Titles by which the safe contact may go with an orientation: whoever keeps it for the person."""

STAYS = frozenset({"address", "release_wish"})
"""Columns of the safe contact that no orientation carries."""

LABEL = says("Contact sûr")
NOT_THEM = says("Ce destinataire ne peut plus le recevoir ainsi : retirez l’orientation, puis envoyez-la de nouveau.")

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """What an orientation carries of how to reach the person. shown: every contact that was passed on, oldest first.

    texts: of the one that stands; None where none went, or none is certain any more. stale: the person's safe contact is another now.
    """

    shown: tuple[PassedContact, ...] = ()
    texts: Texts | None = None
    stale: bool = False


def source(held: Held) -> tuple[Source, Texts] | None:
    """What may go of this file's safe contact, in words and in columns, for whoever keeps it for the person; None for everybody else."""
    part = held.compartment(SAFETY)
    _, box = held.readable(part) if part is not None else (None, None)
    if part is None or box is None or box.title not in HOLDERS:
        return None
    rows = contents.rows_of(held, part, held.keychain.open(box, part))
    texts = travelling(_programme(held), rows[0]) if rows else {}
    if not any(texts.values()):
        return None
    unit = held.unit
    volet, text = agree(unit.charter.vocabulary.kinds[SAFETY].label, unit.actor.gender), in_words(unit.charter, _programme(held), texts)
    return Source(SAFETY, Piece(piece_id(SAFETY, "", LABEL, text), volet, LABEL, text)), texts


def travelling(programme: Programme, texts: Texts) -> Texts:
    """The columns of a safe contact as they may go: what stays, and what the programme does not show, is empty."""
    return {column: text if _goes(programme, column) else "" for column, text in texts.items()}


def in_words(charter: Charter, programme: Programme, texts: Texts) -> str:
    """A safe contact word for word, a line for each field."""
    return "\n".join(f"{each.label} : {each.value}" for each in contents.labels(charter, programme, SAFETY, texts))


def put(content: ContentKey, step: ReferralStep, texts: Texts) -> SafeContact:
    """The sealed row that goes with the step by which it is passed on, to be added by the caller."""
    row = SafeContact(id=step.id, version=1, compartment_id=content.scope)
    seal(row, content, texts)
    return row


def opened(
    at: steps.At, dossier: Dossier, extract_id: str, rows: Sequence[ReferralStep], key: Callable[[int], ContentKey]
) -> Carried:  # fmt: skip
    """What an extract carries. rows: the orientation's steps. key: the extract's, at a version.

    A contact without its step, or a step without its contact, makes none of them certain.
    """
    table, programme = contents.table_of(SafeContact), at.charter.programmes[dossier.programme]
    there = {row.id: row for row in at.session.execute(select(table).where(table.c.compartment_id == extract_id))}
    passed = [each for each in rows if each.id in there]
    texts = [open_row(SafeContact, there[each.id], key(there[each.id].key_version)) for each in passed]
    whole = len(passed) == len(there) and all(each.id in there for each in rows if each.step == steps.CONTACT_PASSED)
    stale = bool(there) and (is_stale(rows) or not whole)
    shown = tuple(
        PassedContact(in_words(at.charter, programme, each), step.recorded_at, standing=not stale and step is passed[-1])
        for step, each in zip(passed, texts, strict=True)
    )
    return Carried(shown, texts[-1] if texts and not stale else None, stale)


def call(at: steps.At, dossier: Dossier, carried: Carried, through: str) -> CallNow | None:
    """The first line of whoever receives it. through: the service that sent it. None where the person is reached as anybody."""
    if carried.texts is not None:
        return calling.line(at.charter, safe_contact.read(at.charter, carried.texts), at.now)
    if carried.stale:
        return CallNow(now=False, why=calling.CHANGED, at=at.now, through=through)
    guarded = safe_contact.guards(at.session, at.charter, dossier)
    return CallNow(now=False, why=calling.RESERVED, at=at.now, through=through) if guarded else None


def is_stale(rows: Sequence[ReferralStep]) -> bool:
    """Whether the safe contact that was passed on has changed since. rows: the orientation's steps, in their order."""
    said = [each.step for each in rows if each.step in (steps.CONTACT_CHANGED, steps.CONTACT_PASSED)]
    return said[-1:] == [steps.CONTACT_CHANGED]


def stale() -> ColumnElement[bool]:
    """The same as a condition on an orientation."""
    row, later = aliased(ReferralStep), aliased(ReferralStep)
    again = exists().where(later.referral_id == row.referral_id, later.step == steps.CONTACT_PASSED, later.position > row.position)
    return exists().where(row.referral_id == ReferralOut.id, row.step == steps.CONTACT_CHANGED, ~again)


def changed(held: Held, before: Texts, after: Texts) -> None:
    """The safe contact of a file was written anew: every orientation under way that carries it says so to both sides, and nothing of it."""
    programme, unit = _programme(held), held.unit
    if travelling(programme, before) == travelling(programme, after):
        return
    carrying = ReferralOut.extract_id.in_(select(SafeContact.compartment_id))
    here = (ReferralOut.dossier_id == held.dossier.id) & ReferralOut.status.in_(steps.LIVING)
    query = select(ReferralOut).where(here, carrying, ~stale()).order_by(ReferralOut.id)
    for referral in unit.session.scalars(query.with_for_update(of=ReferralOut)).all():
        steps.note(unit, referral, steps.CONTACT_CHANGED)
        _tell(held, referral)


def renewal(held: Held, referral: ReferralOut, rows: Sequence[ReferralStep]) -> Piece | None:
    """The new contact, word for word, for whoever may pass it on: they sent the orientation, and keep `safety` for the person."""
    under_way = referral.status in steps.LIVING and is_stale(rows)
    found = source(held) if under_way and extract(held, referral) is not None else None
    return found[0].piece if found is not None else None


def pass_on(held: Held, referral: ReferralOut, piece: str) -> None:
    """Seal the safe contact as it is now to those who received the former one. piece: id of the words that were shown.

    Raises NotFound where nothing changed or it is not the actor's to pass on, InvalidInput (`contact`) for other words than those shown,
    or a recipient whom it may not reach any more.
    """
    unit = held.unit
    if renewal(held, referral, steps.of(unit.session, referral.id)) is None:
        raise NotFound(unit.action)
    found, sealed = source(held), extract(held, referral)
    assert found is not None and sealed is not None  # noqa: S101, PT018  # there is a renewal
    part, content = sealed
    if found[0].piece.id != piece:
        raise InvalidInput({"contact": CHANGED})
    if part.turn_due or not _still_theirs(unit, referral):
        raise InvalidInput({"contact": NOT_THEM})
    compartments.deposit_key(held, part, content)  # refuses a version that was planted
    step = steps.note(unit, referral, steps.CONTACT_PASSED, actor_id=unit.actor.user_id)
    unit.session.add(put(content, step, found[1]))
    people = telling.recipients(unit.session, referral, unit)
    telling.tell(unit, people, telling.NEWS, referral, held.dossier.number, by=unit.actor.user_id)


def _tell(held: Held, referral: ReferralOut) -> None:
    unit, number = held.unit, held.dossier.number
    for kind, people in (
        (telling.CONTACT, telling.senders(unit.session, referral, unit)),
        (telling.NEWS, telling.recipients(unit.session, referral, unit)),
    ):
        telling.tell(unit, people, kind, referral, number, by=unit.actor.user_id)


def extract(held: Held, referral: ReferralOut) -> tuple[Compartment, ContentKey] | None:
    """The orientation's own extract with its key, for its sender."""
    part: Compartment | None = next(
        (each for each in held.compartments if (each.id, each.owner_id) == (referral.extract_id, referral.id)), None
    )
    key = held.key(part) if part is not None else None
    return (part, key) if part is not None and key is not None else None


def _still_theirs(unit: Unit, referral: ReferralOut) -> bool:
    """Whether nobody who is kept apart from the dossier would be reached."""
    out = linked(unit, referral.dossier_id)
    if referral.channel == telling.PERSON:
        return referral.holder_id not in out
    if referral.channel != telling.RING or referral.holder_id is None:
        return True
    epoch = newest_epoch(unit.session, referral.holder_id)
    return epoch is not None and not compartments.reaches(unit.session, epoch.id, out)


def _programme(held: Held) -> Programme:
    return held.unit.charter.programmes[held.dossier.programme]


def _goes(programme: Programme, column: str) -> bool:
    return column not in STAYS and f"{contents.table_of(SafeContact).name}.{column}" in programme.fields
