"""Turning keys: a compartment gets a new key version, for everybody who still may hold it and for nobody else.

The version before lies wrapped under the new one: content is never re-encrypted, and whoever kept an old key opens what it opened before.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import UncertifiedKey
from casework.models.dossiers import Box, Compartment, CompartmentVersion, Dossier
from casework.services.access import OWNED, Held, linked
from casework.services.keys import boxes, compartments, following
from casework.services.keys.certificates import certified_user
from casework.services.keys.compartments import Grant, grants_for, recipients, standing_grants
from casework.services.keys.keychain import box_parts, previous_context
from casework.services.membership.admissions import certified_member
from casework.services.unit import Unit
from casework.vault import aead
from casework.vault.content import ContentKey

PERSONAL = ("shared", "addressed", "convened", "secretary", "owner")
"""Titles that somebody gave to a named person, and that a turn keeps."""


def turn(held: Held, *, without: Collection[str] = ()) -> None:
    """Turn every compartment of the dossier that the actor keeps. without: user ids that get no box any more.

    Raises UncertifiedKey when the newest version of one of them was made by somebody who may not, TamperedError for a stray box.
    """
    begun = []
    for compartment in held.compartments:
        if compartment.kind not in OWNED:
            content = held.key(compartment, action="compartment.keep")
            if content is not None:
                begun.append((compartment, *_begin(held, compartment, content, without)))
    held.unit.session.flush()  # once for all of them: the old boxes are gone, and no new one is taken for one that stood
    for compartment, fresh, grants in begun:
        _hand_out(held, compartment, fresh, grants)


def turn_one(held: Held, compartment: Compartment, content: ContentKey, *, without: Collection[str] = ()) -> ContentKey:
    """A new key version of one compartment; returns its key. content: the newest version's key, as the actor opened it.

    Raises as `turn`.
    """
    fresh, grants = _begin(held, compartment, content, without)
    held.unit.session.flush()
    _hand_out(held, compartment, fresh, grants)
    return fresh


def _begin(held: Held, compartment: Compartment, content: ContentKey, without: Collection[str]) -> tuple[ContentKey, list[Grant]]:
    """The new version, the old boxes deleted, and who is to get a new one; the caller flushes before they are handed out."""
    unit = held.unit
    compartments.deposit_key(held, compartment, content)  # refuses a version that was planted
    following.check_boxes(unit, compartment, content)
    fresh = ContentKey(aead.new_key(), instance=unit.instance.anchor.instance, scope=compartment.id, version=content.version + 1)
    context = previous_context(unit.instance.anchor.instance, compartment.id, fresh.version)
    previous = aead.encrypt(aead.derive(fresh.secret, "previous"), content.secret, context)
    standing = grants_for(held, compartment.kind) if compartment.kind in OWNED else standing_grants(unit, held.dossier, compartment.kind)
    grants = [*standing, *_kept(held, compartment, content, without)]
    for box in unit.session.scalars(select(Box).where(Box.compartment_id == compartment.id)):
        unit.session.delete(box)
    unit.session.add(compartments.version_row(unit, fresh, previous))
    if compartment.turn_due:  # done: nobody who left holds the key that is written under from now on
        compartment.turn_due, compartment.version = False, compartment.version + 1
    return fresh, grants


def _hand_out(held: Held, compartment: Compartment, fresh: ContentKey, grants: list[Grant]) -> None:
    boxes.give_each(held.unit, compartment, fresh, recipients(held.unit, grants))
    held.look_again(compartment)
    held.unit.trace.show(held.dossier.number, compartment.kind)


def past_sender(held: Held, compartment: Compartment, content: ContentKey) -> ContentKey:
    """The key to write under: turned first, while it is still the one that the sender of the saisine made and somebody else writes, or
    one that somebody held who left the cell.

    Examination and departures turn what the stewards keep; what a service or an author keeps is turned here, by the first of its keepers
    who writes. content: the newest version's key. Raises as `turn`.
    """
    unit, dossier = held.unit, held.dossier
    if compartment.turn_due and _keeps(held, compartment):
        return turn_one(held, compartment, content, without=linked(unit, dossier.id))
    sent = compartment.kind in compartments.FROM_THE_SENDER and content.version == 1 and dossier.status == "open"
    if not sent or unit.actor.user_id == dossier.reporter_id or held.key(compartment, action="compartment.keep") is None:
        return content
    first = select(CompartmentVersion.maker_id).where(CompartmentVersion.compartment_id == compartment.id, CompartmentVersion.number == 1)
    maker = certified_user(unit.session, unit.instance.anchor, unit.session.scalars(first).one())
    return turn_one(held, compartment, content) if maker.subject == dossier.reporter_id else content


def _keeps(held: Held, compartment: Compartment) -> bool:
    if compartment.kind in OWNED:
        return compartment.owner_id == held.unit.actor.user_id
    return held.key(compartment, action="compartment.keep") is not None


def _kept(held: Held, compartment: Compartment, content: ContentKey, without: Collection[str]) -> Iterator[Grant]:
    """Living personal boxes whose holder is certified, admitted and still let in by the charter.

    Raises TamperedError for one that nobody gave who held the key: a row that somebody wrote must not become a key.
    """
    unit, dossier = held.unit, held.dossier
    for box in unit.session.scalars(select(Box).where(Box.compartment_id == compartment.id, Box.title.in_(PERSONAL))):
        alive = box.until is None or box.until > unit.now
        if alive and not box.to_ring and box.holder_id not in without and _may_read(unit, dossier, compartment.kind, box):
            content.check_mac("box", box.mac, *box_parts(box, compartment))
            yield Grant(box.holder_id, to_ring=False, title=box.title, until=box.until, reference=box.reference)


def _may_read(unit: Unit, dossier: Dossier, kind: str, box: Box) -> bool:
    try:
        person = certified_member(unit.session, unit.instance, dossier.cell_id, box.holder_id, unit.now)
    except UncertifiedKey:
        return False
    if person is None:
        return False
    situation = Situation(person.claims["profession"], box.title, dossier.programme, dossier.status, kind)
    return unit.check("compartment.read", [situation]).permitted
