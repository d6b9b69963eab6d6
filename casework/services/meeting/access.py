"""The boxes of a meeting: given to those concerned by an item, ended by the close, all under one reference.

Titles `convened` and `secretary`, reference the meeting's id. Whoever holds a dossier by another title as well loses nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from casework.charter import Situation
from casework.errors import TamperedError, UncertifiedKey
from casework.models.base import new_id
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.meetings import Item, Meeting
from casework.services.access import OWNED, Held, linked
from casework.services.keys import following
from casework.services.keys.certificates import SERVICE, Holder, certified_person, user_holder
from casework.services.keys.keychain import box_context, box_parts
from casework.services.membership.admissions import certified_member
from casework.services.unit import Unit
from casework.vault.content import ContentKey

CONVENED_TITLE, SECRETARY_TITLE = "convened", "secretary"
TITLES = (CONVENED_TITLE, SECRETARY_TITLE)
BEFORE = frozenset({"identity"})
"""What a convened member opens before the meeting: who it is about, and with it the question asked."""


class Receivers:
    """People to seal to in one meeting: each certificate chain is read and verified once, however many boxes follow."""

    def __init__(self, unit: Unit, meeting: Meeting) -> None:
        self._unit, self._meeting = unit, meeting
        self._known: dict[str, tuple[Holder, str] | None] = {}

    def find(self, user_id: str) -> tuple[Holder, str] | None:
        """A member's verified holder and certified profession, or None for somebody who is no certified member of the cell now."""
        if user_id not in self._known:
            self._known[user_id] = self._look(user_id)
        return self._known[user_id]

    def _look(self, user_id: str) -> tuple[Holder, str] | None:
        unit, anchor = self._unit, self._unit.instance.anchor
        try:
            member = certified_member(unit.session, unit.instance, self._meeting.cell_id, user_id, unit.now)
            if member is None:
                return None
            return user_holder(unit.session, anchor, user_id), certified_person(unit.session, anchor, user_id).claims["profession"]
        except UncertifiedKey:
            return None


def may_read(unit: Unit, dossier: Dossier, profession: str, position: str, kind: str) -> bool:
    """Whether the charter lets this profession read a kind of compartment of this dossier from this position."""
    return unit.check("compartment.read", [Situation(profession, position, dossier.programme, dossier.status, kind)]).permitted


def give(
    held: Held,
    meeting: Meeting,
    user_ids: Collection[str],
    receivers: Receivers,
    *,
    kinds: Collection[str] | None = None,
    title: str = CONVENED_TITLE,
) -> int:
    """Seal what the actor keeps of a dossier to these people, as far as the charter lets them read it by that title; how many boxes.

    kinds: only these compartments (`BEFORE` at the convocation), all when None. Those with a personal link, who left the cell, or hold
    the box already get none. Raises UncertifiedKey for a compartment whose boxes say something false, TamperedError for a dossier of
    another cell than the meeting's.
    """
    unit = held.unit
    if held.dossier.cell_id != meeting.cell_id:
        raise TamperedError("a dossier is not of its meeting's cell")
    wanted = set(user_ids) - linked(unit, held.dossier.id)
    until = latest_end(unit, meeting)
    _drop_expired(unit, held.dossier, meeting)
    places = [each for each in held.compartments if each.kind not in OWNED and (kinds is None or each.kind in kinds)]
    known, served = _held_already(unit, places, title, meeting.id), _served(unit, places)
    boxes: list[dict[str, object]] = []
    for compartment in places:
        content = held.key(compartment, action="compartment.keep")
        if content is None:
            continue
        if compartment.id in served:
            following.check_boxes(unit, compartment, content)
        for user_id in sorted(wanted - known[compartment.id]):
            found = receivers.find(user_id)
            if found is not None and may_read(unit, held.dossier, found[1], title, compartment.kind):
                boxes.append(box_row(unit, compartment, content, found[0], title, meeting.id, until))
    if boxes:
        unit.session.execute(insert(Box), boxes)
    return len(boxes)


def latest_end(unit: Unit, meeting: Meeting) -> datetime:
    """When the boxes of a meeting end by themselves: some hours after its beginning, or after now if it began late."""
    return max(meeting.starts_at, unit.now) + unit.charter.meetings.longest


def end(unit: Unit, meeting: Meeting, *, title: str | None = None) -> int:
    """Delete every box of this meeting, by those titles only; how many. Needs no key: jobs may call it."""
    which = Box.title == title if title else Box.title.in_(TITLES)
    found = unit.session.execute(delete(Box).where(which, Box.reference == meeting.id))
    return int(found.rowcount)  # type: ignore[attr-defined]  # a DELETE's result counts its rows


def end_item(unit: Unit, meeting: Meeting, item: Item, *, among: Iterable[str] | None = None) -> int:
    """Delete this meeting's boxes on one dossier: the item was withdrawn, or, for `among` (user ids), these are no longer concerned."""
    here = select(Compartment.id).where(Compartment.dossier_id == item.dossier_id)
    query = delete(Box).where(Box.title.in_(TITLES), Box.reference == meeting.id, Box.compartment_id.in_(here))
    if among is not None:
        query = query.where(Box.holder_id.in_(list(among)), Box.to_ring.is_(False))
    return int(unit.session.execute(query).rowcount)  # type: ignore[attr-defined]  # a DELETE's result counts its rows


def _drop_expired(unit: Unit, dossier: Dossier, meeting: Meeting) -> None:
    """Delete this meeting's boxes that have ended by themselves: one of them must not be taken for a box that opens."""
    here = select(Compartment.id).where(Compartment.dossier_id == dossier.id)
    ended = (Box.reference == meeting.id) & Box.title.in_(TITLES) & (Box.until <= unit.now)
    unit.session.execute(delete(Box).where(ended, Box.compartment_id.in_(here)))


def full_holders(unit: Unit, meeting: Meeting, dossier: Dossier) -> set[str]:
    """User ids who hold more of a dossier by this meeting than a convocation gives: the keys of its opening."""
    query = select(Box.holder_id).join(Compartment, Compartment.id == Box.compartment_id).where(Compartment.dossier_id == dossier.id)
    here = query.where(Box.title == CONVENED_TITLE, Box.reference == meeting.id, Box.until > unit.now, Compartment.kind.not_in(BEFORE))
    return set(unit.session.scalars(here))


def holders_by_item(unit: Unit, meeting: Meeting, items: Iterable[Item]) -> Mapping[str, set[str]]:
    """Dossier id -> user ids who hold a living box of it by this meeting."""
    found: dict[str, set[str]] = {item.dossier_id: set() for item in items}
    query = select(Compartment.dossier_id, Box.holder_id).join(Compartment, Compartment.id == Box.compartment_id)
    living = query.where(Box.title == CONVENED_TITLE, Box.reference == meeting.id, Box.until > unit.now)
    for dossier_id, holder in unit.session.execute(living):
        found.setdefault(dossier_id, set()).add(holder)
    return found


def _held_already(unit: Unit, places: Iterable[Compartment], title: str, reference: str) -> dict[str, set[str]]:
    """Compartment id -> who holds it by this title of this meeting."""
    found: dict[str, set[str]] = {each.id: set() for each in places}
    query = select(Box.compartment_id, Box.holder_id).where(Box.compartment_id.in_(found), Box.title == title, Box.reference == reference)
    for compartment_id, holder in unit.session.execute(query):
        found[compartment_id].add(holder)
    return found


def _served(unit: Unit, places: Iterable[Compartment]) -> set[str]:
    """Compartments that a service holds: what their boxes say is checked before anybody gets another."""
    query = select(Box.compartment_id).where(Box.compartment_id.in_([each.id for each in places]), Box.title == SERVICE)
    return set(unit.session.scalars(query))


def box_row(
    unit: Unit, compartment: Compartment, content: ContentKey, holder: Holder, title: str, reference: str, until: datetime | None
) -> dict[str, object]:
    """The row of `keys.boxes.give`, without its question to the database and outside the session: a meeting gives two thousand at once."""
    box = Box(
        id=new_id(), compartment_id=content.scope, key_version=content.version, holder_id=holder.id, to_ring=False, title=title,
        reference=reference, until=until, rewrapped=False,
    )  # fmt: skip
    anchor = unit.instance.anchor
    box.sealed = anchor.seal(holder.chain, content.secret, box_context(anchor.instance, box))
    box.mac = content.mac("box", *box_parts(box, compartment))
    return {column.name: getattr(box, column.name) for column in Box.__table__.columns}
