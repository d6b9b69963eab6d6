"""« Qui a vu ce dossier dans cette réunion ? »: asked by an auditor, answered from rows that the leaves vouch for. Never content.

Who saw is a `Hearing`: the item was on the screen while this seat was in the room and concerned. Each row is compared with the digest
that its leaf states; a row the leaves speak of and that is gone is said as well. Source: domain 2.20, design §6.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from casework import ledger
from casework.charter import agree
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Hearing, Item, Meeting, Seat
from casework.models.people import Institution
from casework.services.access import shut
from casework.services.actor import Actor
from casework.services.meeting import rows
from casework.services.meeting.sitting.hearing_views import Hearer, ItemHearings, MeetingOfDossier, Missed, Spoken
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.unit import Unit, reading
from casework.wording import says

READ = "ledger.read"
BATCH = 1_000
"""Leaves of a dossier that are read at a time."""

GUEST = says("{Invitée|Invité|Invité·e}")
GUEST_NAME = agree(GUEST, "n")
"""A guest's name is sealed to the cell; whoever audits needs the profession and the institution."""


def meetings_of(unit: Unit, number: str) -> tuple[MeetingOfDossier, ...]:
    """The meetings that had this dossier on their agenda, newest first, and how many people it was shown to in each."""
    seen = select(Hearing.item_id, func.count(Hearing.seat_id.distinct()).label("people")).group_by(Hearing.item_id).subquery()
    query = (
        select(Meeting, Cell.name, seen.c.people)
        .join(Item, Item.meeting_id == Meeting.id)
        .join(Dossier, Dossier.id == Item.dossier_id)
        .join(Cell, Cell.id == Meeting.cell_id)
        .outerjoin(seen, seen.c.item_id == Item.id)
        .where(Dossier.number == number, Item.status != rows.PROPOSED)
        .order_by(Meeting.starts_at.desc(), Meeting.id)
    )
    return tuple(
        MeetingOfDossier(meeting.id, number, cell, _kind(unit, meeting), meeting.starts_at, people or 0)
        for meeting, cell, people in unit.session.execute(query)
    )


def of_item(actor: Actor, meeting_id: str, number: str) -> ItemHearings:
    """Who saw a dossier in a meeting, when and which compartments; who was concerned and did not; the leaves themselves.

    Raises NotFound for whoever may not read the ledger, and for a dossier that was not on that agenda.
    """
    with reading(actor, READ) as unit:
        unit.require([unit.situation()])
        found = _find(unit, meeting_id, number)
        unit.trace.show(number)
        spoken, stated = _leaves(unit, found)
        heard = _heard(unit, found)
        return ItemHearings(
            meeting=MeetingOfDossier(
                found.meeting.id, number, found.cell, _kind(unit, found.meeting), found.meeting.starts_at,
                len({each.seat_id for each in heard}),
            ),
            opened_at=found.meeting.opened_at,
            closed_at=found.meeting.closed_at,
            hearers=tuple(sorted((_hearer(unit, found, each, stated) for each in heard), key=lambda each: (each.at, each.name))),
            missed=_missed(found, heard),
            vanished=len(stated.keys() - _there(unit, stated)),
            leaves=spoken,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows one question is about."""

    meeting: Meeting
    cell: str
    item: Item
    number: str
    seats: dict[str, Seat]
    concerned: frozenset[str]
    people: dict[str, Professional]
    houses: dict[str, str]


def _find(unit: Unit, meeting_id: str, number: str) -> _Found:
    query = (
        select(Meeting, Cell.name, Item)
        .join(Item, Item.meeting_id == Meeting.id)
        .join(Dossier, Dossier.id == Item.dossier_id)
        .join(Cell, Cell.id == Meeting.cell_id)
        .where(Meeting.id == meeting_id, Dossier.number == number)
    )
    row = unit.session.execute(query).one_or_none()
    shut(unit, row[2].dossier_id if row is not None else None)  # after the question: what is walled off costs what is not there costs
    assert row is not None  # noqa: S101 - refused just above
    meeting, cell, item = row
    seats = {seat.id: seat for seat in rows.seats_of(unit, meeting.id)}
    people = professionals(unit.session, unit.instance.anchor, {seat.user_id for seat in seats.values() if seat.user_id})
    houses = {each.id: each.name for each in unit.session.execute(select(Institution.id, Institution.name))}
    return _Found(meeting, cell, item, number, seats, frozenset(rows.concerned(unit, [item])[item.id]), people, houses)


def _heard(unit: Unit, found: _Found) -> Sequence[Hearing]:
    query = select(Hearing).where(Hearing.item_id == found.item.id).order_by(Hearing.heard_at, Hearing.id)
    return unit.session.scalars(query).all()


def _there(unit: Unit, row_ids: Iterable[str]) -> set[str]:
    return set(unit.session.scalars(select(Hearing.id).where(Hearing.id.in_(list(row_ids)))))


def _hearer(unit: Unit, found: _Found, hearing: Hearing, stated: dict[str, str]) -> Hearer:
    name, profession, institution = _who(unit, found, found.seats.get(hearing.seat_id))
    labels = _labels(unit, hearing.kinds.split())
    vouched = stated.get(hearing.id) == ledger.row_write(hearing).digest
    return Hearer(name, profession, institution, hearing.heard_at, labels, vouched)


def _missed(found: _Found, heard: Iterable[Hearing]) -> tuple[Missed, ...]:
    """Those concerned by the item who were not in the room when it was shown, and why."""
    saw = {each.seat_id for each in heard}
    absent = [found.seats[seat_id] for seat_id in found.concerned - saw if seat_id in found.seats]
    lines = [Missed(*_short(found, seat), _why(seat), seat.left_at) for seat in absent]
    return tuple(sorted(lines, key=lambda each: (each.why, each.name)))


def _why(seat: Seat) -> str:
    if seat.left_at is not None:
        return "left"
    return "present" if seat.status == rows.PRESENT else "away"


def _short(found: _Found, seat: Seat) -> tuple[str, str]:
    if seat.user_id is None:
        return GUEST_NAME, found.houses.get(seat.institution_id or "", "")
    person = found.people.get(seat.user_id, UNKNOWN)
    return person.name, person.institution


def _who(unit: Unit, found: _Found, seat: Seat | None) -> tuple[str, str, str]:
    """Name, profession and institution of a seat; of a guest no name. A seat that is gone is somebody unknown."""
    if seat is None:
        return UNKNOWN.name, "", ""
    word = unit.charter.vocabulary.professions.get(seat.profession)
    return _short(found, seat)[0], agree(word.label, "n") if word else seat.profession, _short(found, seat)[1]


def _leaves(unit: Unit, found: _Found) -> tuple[tuple[Spoken, ...], dict[str, str]]:
    """The leaves of this meeting that speak of this dossier, oldest first, and the digest they state of each of its hearings."""
    everything = _every_access(unit, found.number)
    mine = [each for each in everything if each.leaf.meeting == found.meeting.id and each.leaf.action != READ][::-1]
    stated = {
        write.row: write.digest for each in mine for write in each.leaf.writes if write.table == Hearing.__tablename__ and not write.gone
    }
    people = professionals(unit.session, unit.instance.anchor, {each.leaf.actor for each in mine if each.leaf.actor})
    return tuple(_spoken(unit, found, each, people) for each in mine), stated


def _every_access(unit: Unit, number: str) -> Iterator[ledger.Access]:
    """All leaves of a dossier, newest first: an answer that left some out would accuse the rows they vouch for."""
    offset, count = 0, 1
    while offset < count:
        page, count = ledger.accesses(unit.session, number=number, offset=offset, limit=BATCH)
        yield from page
        offset += BATCH


def _spoken(unit: Unit, found: _Found, access: ledger.Access, people: dict[str, Professional]) -> Spoken:
    leaf, words = access.leaf, unit.charter.vocabulary
    kinds = next((shown for number, shown in leaf.dossiers if number == found.number), ())
    action = words.actions.get(leaf.action)
    return Spoken(
        access.seq,
        leaf.at,
        people.get(leaf.actor or "", UNKNOWN).name,
        action.label if action else leaf.action,
        _labels(unit, kinds),
        leaf.rule,
    )


def _labels(unit: Unit, kinds: Collection[str]) -> tuple[str, ...]:
    """Kinds of compartments in words, in the order of the vocabulary."""
    return tuple(agree(kind.label, "n") for code, kind in unit.charter.vocabulary.kinds.items() if code in kinds)


def _kind(unit: Unit, meeting: Meeting) -> str:
    kind = unit.charter.meetings.kinds.get(meeting.kind)
    return agree(kind.label, "n") if kind else meeting.kind
