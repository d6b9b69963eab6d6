"""Convening: who is expected, the convocation itself, and what becomes of it when the meeting moves or does not take place."""

from collections.abc import Collection

from casework.charter import agree
from casework.errors import InvalidInput, NotFound
from casework.models.cells import Cell
from casework.models.meetings import Meeting
from casework.services import terms, typed
from casework.services.access import apart_from
from casework.services.actor import Actor
from casework.services.attention.alerts import tell
from casework.services.attention.mail import Posted
from casework.services.keys.keychain import Keychain
from casework.services.meeting import access, giving, notes, people
from casework.services.meeting.agenda import letters
from casework.services.meeting.agenda.agenda_items import is_steward
from casework.services.meeting.agenda.headings import PREPARE, head, prepares
from casework.services.meeting.agenda.preparing import checked
from casework.services.meeting.drafts import MeetingDraft
from casework.services.meeting.people import Member
from casework.services.meeting.rows import (
    CANCELLED,
    COMING,
    CONFIRMED,
    CONVENED,
    OPEN,
    PREPARED,
    items_of,
    meeting_of,
    require_in,
    seats_of,
)
from casework.services.meeting.sitting.concerning import WHY, interests, suggested
from casework.services.meeting.sitting.seating import EXPECTED, expect, release
from casework.services.meeting.views import Invitations
from casework.services.membership.teams import seats as positions
from casework.services.unit import Unit, reading, writing
from casework.wording import says

CONVENE, READ = "meeting.convene", "meeting.read"
TOLD, MOVED, OFF, RELEASED = "meeting_convened", "meeting_moved", "meeting_cancelled", "meeting_released"
"""Kinds of alerts; their reference is the meeting."""


def invitations(actor: Actor, meeting_id: str) -> Invitations:
    """Who may be convened, in blocks, with what proposes them. Raises NotFound for who does not prepare this meeting."""
    with reading(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        members, core = people.members(unit, cell), people.core_of(unit, cell)
        seated = {each.user_id for each in seats_of(unit, meeting.id) if each.user_id}
        asked = _proposals(unit, meeting, cell, members)
        usual = {user_id for user_id, code in asked.items() if code == people.PROGRAMME} - core
        why = {user_id: agree(WHY[code], "n") for user_id, code in asked.items() if code != people.PROGRAMME}
        return Invitations(head(unit, meeting, cell), people.blocks(unit, members.values(), core, why, seated, usual=usual), bool(core))


def _proposals(unit: Unit, meeting: Meeting, cell: Cell, members: dict[str, Member]) -> dict[str, str]:
    """Whom the agenda asks for. Before a steward has confirmed an item, who has to do with it is not a secretary's to know."""
    mine, apart = is_steward(unit, cell), apart_from(unit)
    rows = [(item, dossier) for item, dossier in items_of(unit, meeting.id) if dossier.id not in apart]
    dossiers = [dossier for item, dossier in rows if mine or item.status == CONFIRMED]
    for each in dossiers:
        unit.trace.show(each.number)
    found = interests(unit, dossiers, members, Keychain(unit))
    return suggested(unit, meeting, cell.programme, found.values(), members.values())


def choose(actor: Actor, meeting_id: str, user_ids: Collection[str]) -> Posted:
    """These people are convened, with the stewards of the cell, and nobody else. After the convocation, only a steward changes it.

    Whoever comes is proposed the items that concern them, and is told; whoever does not come any more loses their keys at once.
    Raises NotFound, InvalidInput for somebody who is no member of the cell.
    """
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        if meeting.status == CONVENED:
            unit.require(positions(unit, cell), action=CONVENE)
        members = people.members(unit, cell)
        terms.refuse({"people": None if set(user_ids) <= set(members) else says("Choisissez des membres de la cellule.")})
        gone = release(unit, meeting, {*user_ids, *(each.id for each in members.values() if each.steward)})
        new = expect(unit, meeting, user_ids, members)
        if meeting.status != CONVENED:
            return Posted()
        giving.settle(unit, meeting, cell, members)
        tell(unit, new, TOLD, reference=meeting.id)
        tell(unit, gone, RELEASED, reference=meeting.id)
        addresses = [members[each].email for each in new]
    return letters.post(actor.instance, meeting, cell, addresses)


def convene(actor: Actor, meeting_id: str) -> Posted:
    """Send the convocations: everybody expected is told, and near the day gets the keys of their items; what became of the e-mails.

    Once they are sent, doing it again does nothing.
    Raises NotFound for anybody but a steward, InvalidInput for a day that is past or a meeting that nobody is convened to.
    """
    with writing(actor, CONVENE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, PREPARED, CONVENED)
        require_in(unit, cell)
        if meeting.status == CONVENED:
            return Posted()
        addresses = convoke(unit, meeting, cell)
    return letters.post(actor.instance, meeting, cell, addresses)


def convoke(unit: Unit, meeting: Meeting, cell: Cell) -> list[str]:
    """The act of `convene`, within a steward's unit; the addresses to write to."""
    members = people.members(unit, cell)
    expect(unit, meeting, (), members)
    wanted = [each.user_id for each in seats_of(unit, meeting.id) if each.status == EXPECTED and each.user_id in members]
    if meeting.starts_at <= unit.now:
        raise InvalidInput({"form": says("Cette réunion est passée : changez d’abord sa date.")})
    if all(members[each or ""].steward for each in wanted):
        raise InvalidInput({"form": says("Personne n’est encore convoqué : choisissez d’abord les personnes.")})
    meeting.status, meeting.convened_at, meeting.version = CONVENED, unit.now, meeting.version + 1
    giving.settle(unit, meeting, cell, members)
    tell(unit, [*(each for each in wanted if each), *people.secretaries(unit, cell)], TOLD, reference=meeting.id)
    return [members[each].email for each in wanted if each]


def catch_up(actor: Actor, meeting_id: str) -> None:
    """Give the keys that are owed, once a convened meeting is near. A steward's page asks it; doing it twice does nothing.

    Raises NotFound for anybody but a steward.
    """
    with writing(actor, CONVENE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CONVENED)
        require_in(unit, cell)
        giving.settle(unit, meeting, cell)


def change(actor: Actor, meeting_id: str, draft: MeetingDraft) -> Posted:
    """Another day, hour, place or sector. Once convened, everybody is told and the keys are given for the new day.

    Raises NotFound, also for a secretary once a steward has confirmed an item: keys say until when they open. InvalidInput.
    """
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        keys = meeting.status == CONVENED or any(item.status == CONFIRMED for item, _ in items_of(unit, meeting.id, walled=True))
        if keys:
            unit.require(positions(unit, cell), action=CONVENE)
        starts_at = checked(unit, draft)
        meeting.starts_at, meeting.place, meeting.sector = starts_at, typed.clean(draft.place), typed.clean(draft.sector) or None
        meeting.version += 1
        if keys:
            giving.give_anew(unit, meeting, cell)
        if meeting.status != CONVENED:
            return Posted()
        addresses = _tell_all(unit, meeting, cell, MOVED)
    return letters.post(actor.instance, meeting, cell, addresses, why=letters.MOVED)


def cancel(actor: Actor, meeting_id: str) -> Posted:
    """The meeting does not take place: its keys end, what was written beforehand is destroyed, whoever was convened is told.

    Of one that is cancelled already, nothing. Raises NotFound for anybody but a steward.
    """
    with writing(actor, CONVENE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING, CANCELLED)
        require_in(unit, cell)
        if meeting.status == CANCELLED:
            return Posted()
        told = meeting.status == CONVENED
        meeting.status, meeting.version = CANCELLED, meeting.version + 1
        access.end(unit, meeting)
        for item, dossier in items_of(unit, meeting.id, withdrawn=True, walled=True):
            notes.forget(unit, item)
            unit.trace.show(dossier.number)
        addresses = _tell_all(unit, meeting, cell, OFF) if told else []
    return letters.post(actor.instance, meeting, cell, addresses, why=letters.OFF) if told else Posted()


def _tell_all(unit: Unit, meeting: Meeting, cell: Cell, kind: str) -> list[str]:
    """An alert for everybody who has a seat and for the secretaries; the addresses to write to."""
    members = people.members(unit, cell)
    seated = [each.user_id for each in seats_of(unit, meeting.id) if each.user_id]
    tell(unit, [*seated, *people.secretaries(unit, cell)], kind, reference=meeting.id)
    return [members[each].email for each in seated if each in members]


def calendar(actor: Actor, meeting_id: str) -> bytes:
    """The convocation as a calendar takes it, for those who prepare the meeting or are convened to it. Raises NotFound."""
    with reading(actor, READ) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CONVENED, OPEN, CANCELLED)
        require_in(unit, cell)
        if not prepares(unit, cell) and not any(each.user_id == actor.user_id for each in seats_of(unit, meeting.id)):
            raise NotFound(unit.action)
        return letters.event(actor.instance, meeting, cell)
