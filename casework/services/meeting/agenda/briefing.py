"""Preparing the items, all on one screen: the question asked, whether the person was informed, whom each concerns."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, ItemSeat, Meeting, MeetingNote
from casework.services import typed
from casework.services.access import apart_from, linked
from casework.services.actor import Actor
from casework.services.meeting import giving, notes, people
from casework.services.meeting.drafts import ItemDraft
from casework.services.meeting.giving import open_held
from casework.services.meeting.people import Member
from casework.services.meeting.rows import COMING, CONFIRMED, concerned, items_of, meeting_of, require_in, seats_of
from casework.services.meeting.sitting.seating import REPLACED
from casework.services.unit import Unit, writing
from casework.wording import says

CONVENE = "meeting.convene"
MAX_QUESTION = 300
INFORMED, DEFERRED = "informed", "deferred"


def prepare(actor: Actor, meeting_id: str, drafts: Sequence[ItemDraft]) -> bool:
    """Keep what is prepared of each item. Only what changed is written; keys follow whom an item concerns now.

    Returns whether everybody who was ticked is concerned now: somebody who may know nothing of a dossier is not, whoever they are.

    Raises NotFound for anybody but a steward, an item that is not confirmed, or a person whom the actor has a personal link to;
    InvalidInput, and keeps none of it, for a text that is too long, a code outside the lists, or a question that somebody else wrote
    meanwhile. Its keys: `items-<place>-<field>`.
    """
    with writing(actor, CONVENE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        apart, confirmed = apart_from(unit), [row for row in items_of(unit, meeting.id) if row[0].status == CONFIRMED]
        rows = {item.id: (item, dossier) for item, dossier in confirmed if dossier.id not in apart}
        if not {each.item for each in drafts} <= set(rows):
            raise NotFound(unit.action)
        asked = notes.questions_of(unit, [item for item, _ in rows.values()])
        _check(unit, drafts, asked)
        members = people.members(unit, cell)
        chosen = _choosable(unit, meeting, members)
        keep = {each.id for each in seats_of(unit, meeting.id) if each.user_id in members and members[each.user_id].steward}
        known, whole = concerned(unit, [item for item, _ in rows.values()]), True
        for draft in drafts:
            item, dossier = rows[draft.item]
            unit.trace.show(dossier.number)
            _inform(item, draft.informed)
            whole &= _concern(unit, item, dossier, known[item.id], set(draft.concerned) - keep, chosen)
            _ask(unit, meeting, item, dossier, draft, asked.get(item.id))
        giving.settle(unit, meeting, cell, members)
        return whole


def _check(unit: Unit, drafts: Sequence[ItemDraft], asked: Mapping[str, MeetingNote]) -> None:
    rules = unit.charter.meetings
    found: dict[str, str] = {}
    for place, draft in enumerate(drafts):
        question = typed.clean(draft.question)
        wrong = typed.problem(question, MAX_QUESTION, lines=True) if question else None
        if asked[draft.item].id != draft.seen if draft.item in asked else bool(draft.seen):
            wrong = says("Quelqu’un vient de changer cette question : rechargez la page pour la lire, puis reprenez.")
        if wrong:
            found[f"items-{place}-question"] = wrong
        if draft.informed and draft.informed != INFORMED and draft.informed not in rules.deferrals:
            found[f"items-{place}-informed"] = says("Choisissez dans la liste.")
    if found:
        raise InvalidInput(found)


def _choosable(unit: Unit, meeting: Meeting, members: Mapping[str, Member]) -> dict[str, str]:
    """Seat id -> user id, of those whom an item may concern: expected or excused members whom the charter lets be shown one.

    Stewards are not among them: they keep every item, and nothing a form says changes it.
    """
    seats = [each for each in seats_of(unit, meeting.id) if each.user_id in members and each.status != REPLACED]
    return {each.id: each.user_id for each in seats if each.user_id and members[each.user_id].reads and not members[each.user_id].steward}


def _inform(item: Item, code: str) -> None:
    informed = (INFORMED if code == INFORMED else DEFERRED) if code else None
    deferral = code if informed == DEFERRED else None
    if (item.informed, item.deferral) != (informed, deferral):
        item.informed, item.deferral, item.version = informed, deferral, item.version + 1


def _concern(unit: Unit, item: Item, dossier: Dossier, known: set[str], wanted: set[str], chosen: Mapping[str, str]) -> bool:
    """Whom the item concerns from now on. Nobody with a personal link, whatever the form says; False when it said so."""
    out = linked(unit, dossier.id)
    able = {each for each in wanted if each in chosen and chosen[each] not in out}
    whole, wanted = able == wanted, able
    for seat in sorted(wanted - known):
        unit.session.add(ItemSeat(id=new_id(), version=1, item_id=item.id, seat_id=seat, origin="convened"))
    gone = known & set(chosen) - wanted
    for row in unit.session.scalars(select(ItemSeat).where(ItemSeat.item_id == item.id, ItemSeat.seat_id.in_(gone))):
        unit.session.delete(row)
    return whole


def _ask(unit: Unit, meeting: Meeting, item: Item, dossier: Dossier, draft: ItemDraft, former: MeetingNote | None) -> None:
    text = typed.clean(draft.question)
    if not text and former is None:
        return
    held = open_held(unit, dossier.number)
    if held is None:
        return  # a personal link: another steward asks
    if former is None or text != notes.question(held, former):
        notes.ask(held, meeting, item, text)
