"""Relevés de décisions: drawn once, when a meeting is closed, one for each institution with what concerns it and nothing else.

Each copy is signed by the steward who closed and sealed to one reader: what an institution may see is decided then, and does not grow.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from casework.errors import NotFound, TamperedError, UncertifiedKey
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, Minutes, MinutesCopy, Task
from casework.models.people import Institution
from casework.services.access import apart_from
from casework.services.actor import Actor
from casework.services.keys.certificates import (
    STEWARDS,
    Holder,
    certified_person,
    certified_user,
    current_epoch,
    ring_holder,
    trusted_stewards,
)
from casework.services.keys.compartments import keepers
from casework.services.keys.keychain import Keychain
from casework.services.meeting.access import CONVENED_TITLE, Receivers, may_read
from casework.services.meeting.agenda import heads
from casework.services.meeting.decisions.outcome_views import MinutesAction, MinutesLine, MinutesReferral, MinutesView
from casework.services.meeting.decisions.owning import EXTRACT, OWNER_TITLE
from casework.services.meeting.rows import CLOSED, concerned, meeting_of, require_in, seats_of
from casework.services.unit import Unit, reading
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack
from casework.vault.trust import Signed, read_signed

READ = "meeting.read"
DECISIONS = "decisions"
SIGNATURE, SIGNER = 64, 32
"""Bytes before the signed text in a copy: its signature, and the id of the signer's certificate."""
STEP = 1024
"""Copies are filled up to a multiple of this many bytes: their length says little."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An item as the whole relevé tells it. dossier: its row after the close, for what the charter lets others read of it.

    kept_out: user ids of those who have a personal link to the person.
    """

    item: Item
    dossier: Dossier
    line: MinutesLine
    actions: tuple[tuple[Task, MinutesAction], ...]
    kept_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _House:
    """An institution at a meeting: its seats, and the actions of points without a person that it carries."""

    id: str
    seats: frozenset[str]
    points: tuple[MinutesAction, ...]


def draw(unit: Unit, meeting: Meeting, cell: Cell, settled: Sequence[Settled], points: Sequence[tuple[Task, MinutesAction]]) -> list[str]:
    """Draw and seal every relevé of a meeting; returns the user ids of those who have one to read.

    Raises UncertifiedKey when the stewards' ring was made by somebody who may not: nothing is sealed to it.
    """
    receivers, told = Receivers(unit, meeting), []
    seats = [each for each in seats_of(unit, meeting.id) if each.institution_id]
    about = concerned(unit, [each.item for each in settled])
    for institution in sorted({seat.institution_id for seat in seats if seat.institution_id}):
        here = frozenset(seat.id for seat in seats if seat.institution_id == institution)
        house = _House(institution, here, tuple(action for task, action in points if task.institution_id == institution))
        readers = [
            found for seat in seats if seat.id in here and seat.user_id and (found := _of(unit, receivers, seat.user_id, institution))
        ]
        if readers:
            row = _row(unit, meeting, institution)
            for holder, profession in readers:
                content = _for_reader(unit, house, _of_house(settled, about, house), holder.id, profession)
                unit.session.add(_copy(unit, row, holder, content))
                told.append(holder.id)
    _whole(unit, meeting, cell, settled, points)
    return told


def _of(unit: Unit, receivers: Receivers, user_id: str, institution: str) -> tuple[Holder, str] | None:
    """Somebody to seal an institution's relevé to: certified as one of its people, whatever the row of their seat says."""
    found = receivers.find(user_id)
    if found is None:
        return None
    person = certified_person(unit.session, unit.instance.anchor, user_id)
    return found if person.claims.get("institution") == institution else None


def read(actor: Actor, meeting_id: str, *, channel: str = "") -> MinutesView:
    """My relevé of a meeting: the whole one for its stewards, my institution's for whoever was convened.

    channel: how it leaves the house when not on a page (`pdf`); the leaf says so.
    Raises NotFound for somebody who has none, before the close and once the time of relevés is over; TamperedError for an altered copy.
    """
    with reading(actor, READ) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CLOSED)
        require_in(unit, cell)
        found = next(_mine(unit, meeting), None)
        if found is None or found[0].drawn_at + unit.charter.meetings.minutes <= unit.now:
            raise NotFound(unit.action)
        row, copy, private = found
        unit.trace.facts |= {"channel": channel} if channel else {}
        lines, actions = _opened(unit, cell, row, copy, private)
        for line in lines:
            unit.trace.show(line.number, *((DECISIONS,) if line.words else ()))
        for action in actions:
            if action.number:
                unit.trace.show(action.number, EXTRACT)
        institution = unit.session.get(Institution, row.institution_id) if row.institution_id else None
        until = row.drawn_at + unit.charter.meetings.minutes
        head = heads.of(unit, meeting, cell)
        return MinutesView(head, institution.name if institution else "", institution is None, row.drawn_at, until, lines, actions)


def drawn(unit: Unit, meeting_id: str) -> bool:
    """Whether the relevés of a meeting were drawn: it was closed by somebody who read it."""
    return unit.session.scalar(select(Minutes.id).where(Minutes.meeting_id == meeting_id).limit(1)) is not None


def mine(unit: Unit, meeting_id: str) -> bool:
    """Whether I have a relevé of this meeting to read."""
    meeting = unit.session.get(Meeting, meeting_id)
    found = next(_mine(unit, meeting), None) if meeting is not None else None
    return found is not None and found[0].drawn_at + unit.charter.meetings.minutes > unit.now


def _of_house(settled: Sequence[Settled], about: Mapping[str, set[str]], house: _House) -> list[tuple[Settled, str]]:
    """The items that concern an institution, with the title by which: one of its people is convened for it, or carries an action."""
    found = []
    for each in settled:
        if about[each.item.id] & house.seats:
            found.append((each, CONVENED_TITLE))
        elif any(task.institution_id == house.id for task, _ in each.actions):
            found.append((each, OWNER_TITLE))
    return found


def _for_reader(unit: Unit, house: _House, mine: Sequence[tuple[Settled, str]], reader: str, profession: str) -> dict[str, Any]:
    """What one reader of an institution gets: its items, words only by the charter, its own actions; nothing of a person they know."""
    lines, actions = [], []
    for each, title in mine:
        if reader in each.kept_out:
            continue
        lines.append(each.line if may_read(unit, each.dossier, profession, title, DECISIONS) else _bare(each.line))
        told = may_read(unit, each.dossier, profession, OWNER_TITLE, EXTRACT)
        own = [(task, action) for task, action in each.actions if task.institution_id == house.id]
        actions += [action if told or task.owner_id == reader else replace(action, text="") for task, action in own]
    return _content(lines, [*actions, *house.points])


def _bare(line: MinutesLine) -> MinutesLine:
    """Number, outcome and next date: what somebody learns who may not read the decisions."""
    return replace(line, lead="", missing="", words="", referrals=())


def _whole(unit: Unit, meeting: Meeting, cell: Cell, settled: Sequence[Settled], points: Sequence[tuple[Task, MinutesAction]]) -> None:
    """Everything, for the stewards' ring; of a dossier that a reduced ring keeps, the words stay in the dossier."""
    epoch = current_epoch(unit.session, STEWARDS, cell.id)
    if epoch is None:
        return
    lines, actions = [], []
    for each in settled:
        kept = keepers(unit, each.dossier)
        open_to_all = kept is not None and kept.id == epoch.id
        lines.append(each.line if open_to_all else _bare(each.line))
        actions += [action if open_to_all else replace(action, text="") for _, action in each.actions]
    row = _row(unit, meeting, None)
    holder = ring_holder(unit.session, unit.instance.anchor, epoch)
    unit.session.add(_copy(unit, row, holder, _content(lines, [*actions, *(action for _, action in points)])))


def _row(unit: Unit, meeting: Meeting, institution: str | None) -> Minutes:
    row = Minutes(id=new_id(), version=1, meeting_id=meeting.id, institution_id=institution, drawn_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    return row


def _content(lines: Sequence[MinutesLine], actions: Sequence[MinutesAction]) -> dict[str, Any]:
    return {"lines": [asdict(each) for each in lines], "actions": [asdict(each) for each in actions]}


def _copy(unit: Unit, row: Minutes, holder: Holder, content: Mapping[str, Any]) -> MinutesCopy:
    """One signed and sealed copy."""
    anchor, actor = unit.instance.anchor, unit.actor
    body = json.dumps(content, default=_day, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signed = actor.keyring.sign({**_place(anchor.instance, row, holder.id), "content": body})
    raw = signed.signature + actor.certificate_id.encode() + signed.statement
    filled = raw.ljust(-(-len(raw) // STEP) * STEP)
    sealed = anchor.seal(holder.chain, filled, context(anchor.instance, row.id, holder.id))
    return MinutesCopy(id=new_id(), minutes_id=row.id, holder_id=holder.id, to_ring=holder.to_ring, sealed=sealed)


def _place(instance: str, row: Minutes, holder_id: str) -> dict[str, str]:
    """What is signed of a copy besides what it says: a relevé of another meeting or day, or somebody else's, is none."""
    place = {"minutes": row.id, "meeting": row.meeting_id, "institution": row.institution_id or ""}
    return {"instance": instance, "holder": holder_id, "drawn": str(int(row.drawn_at.timestamp())), **place}


def context(instance: str, minutes_id: str, holder_id: str) -> bytes:
    """What a copy's ciphertext is bound to."""
    return pack("minutes", instance, minutes_id, holder_id)


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError("a relevé holds texts and days")


def _mine(unit: Unit, meeting: Meeting) -> Iterator[tuple[Minutes, MinutesCopy, HybridPrivateKey]]:
    """My copies of a meeting's relevés with the key that opens each, the whole one first."""
    keychain = Keychain(unit)
    query = select(Minutes, MinutesCopy).join(MinutesCopy, MinutesCopy.minutes_id == Minutes.id)
    rows = unit.session.execute(query.where(Minutes.meeting_id == meeting.id)).all()
    for row, copy in sorted(rows, key=lambda pair: pair[0].institution_id is not None):
        if copy.to_ring:
            secret = _ring_secret(keychain, copy.holder_id)
            if secret is not None:
                yield row, copy, HybridPrivateKey(secret)
        elif copy.holder_id == unit.actor.user_id:
            yield row, copy, unit.actor.keyring.private


def _ring_secret(keychain: Keychain, epoch_id: str) -> bytes | None:
    """The secret of a stewards' epoch for whoever is in it, or None."""
    try:
        return keychain.ring_secret(epoch_id)
    except NotFound:
        return None


def _opened(
    unit: Unit, cell: Cell, row: Minutes, copy: MinutesCopy, private: HybridPrivateKey
) -> tuple[tuple[MinutesLine, ...], tuple[MinutesAction, ...]]:
    """The lines and actions of a copy, its signature checked. Of dossiers I have a personal link to since, nothing."""
    instance = unit.instance.anchor.instance
    raw = private.open(copy.sealed, context(instance, row.id, copy.holder_id)).rstrip(b" ")
    signer = raw[SIGNATURE : SIGNATURE + SIGNER].decode()
    signed = Signed(raw[SIGNATURE + SIGNER :], raw[:SIGNATURE])
    maker = certified_user(unit.session, unit.instance.anchor, signer)
    stated = read_signed(signed, maker.signing)
    if maker.subject not in trusted_stewards(unit.session, unit.instance.anchor, cell.id):
        raise UncertifiedKey("a relevé that no steward drew")
    if any(stated.get(name) != value for name, value in _place(instance, row, copy.holder_id).items()):
        raise TamperedError("a relevé is not where it was drawn")
    content = json.loads(stated["content"])
    gone = _linked_numbers(unit)
    lines = tuple(_line(each) for each in content["lines"] if each["number"] not in gone)
    actions = tuple(MinutesAction(**{**each, "due": date.fromisoformat(each["due"])}) for each in content["actions"])
    return lines, tuple(each for each in actions if each.number not in gone)


def _line(stored: dict[str, Any]) -> MinutesLine:
    days = {name: date.fromisoformat(stored[name]) if stored[name] else None for name in ("next_date", "decided_on", "entered_on")}
    return MinutesLine(**{**stored, **days, "referrals": tuple(MinutesReferral(**each) for each in stored["referrals"])})


def _linked_numbers(unit: Unit) -> set[str]:
    return set(unit.session.scalars(select(Dossier.number).where(Dossier.id.in_(apart_from(unit)))))
