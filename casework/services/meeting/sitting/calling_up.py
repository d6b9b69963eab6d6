"""The urgent cell: from a call to everybody concerned convened in one act, and then a list to ring."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Meeting, Seat
from casework.services.actor import Actor
from casework.services.attention.mail import Posted
from casework.services.dossier.contents import full_name
from casework.services.keys.keychain import Keychain
from casework.services.meeting import people
from casework.services.meeting.agenda import letters
from casework.services.meeting.agenda.agenda_items import confirm_rows, put
from casework.services.meeting.agenda.convening import CONVENE, convoke
from casework.services.meeting.agenda.headings import head
from casework.services.meeting.agenda.preparing import URGENT, lists, made, made_already
from casework.services.meeting.agenda.proposing import LIVING
from casework.services.meeting.drafts import UrgentDraft
from casework.services.meeting.rows import CONVENED, OPEN, items_of, meeting_of, require_in, seats_of
from casework.services.meeting.sitting.concerning import interests, proposed
from casework.services.meeting.sitting.seat_lines import seat_lines
from casework.services.meeting.sitting.seating import expect
from casework.services.meeting.views import CallList, UrgentPage
from casework.services.membership.teams import cell_of
from casework.services.search.shelf import Shelf, visible
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice

IN = timedelta(hours=1)
"""When an urgent meeting begins, unless somebody says otherwise."""


def page(actor: Actor, cell_id: str = "") -> UrgentPage:
    """All that an urgent meeting needs; without a cell, and several to choose from, the choice. Raises NotFound."""
    with reading(actor, CONVENE) as unit:
        offered = lists(unit, CONVENE)
        wanted = cell_id or (offered.cells[0].code if len(offered.cells) == 1 else "")
        if not wanted:
            return UrgentPage(offered, None, (), ())
        cell = cell_of(unit, wanted)
        require_in(unit, cell)
        members, core = people.members(unit, cell), people.core_of(unit, cell)
        seated = {*core, *(each.id for each in members.values() if each.steward)}
        blocks = people.blocks(unit, members.values(), core, {}, seated)
        return UrgentPage(offered, Choice(cell.id, cell.name), blocks, tuple(_dossiers(unit, cell)))


def _dossiers(unit: Unit, cell: Cell) -> Iterable[Choice]:
    """The living dossiers of the cell that the actor keeps, newest first, under their names."""
    keychain = Keychain(unit)
    here = select(Dossier.id).where(Dossier.cell_id == cell.id, Dossier.status.in_(LIVING), Dossier.id.in_(visible(unit, keychain)))
    shelf = Shelf(unit, keychain, here)
    for held in sorted(shelf, key=lambda each: each.dossier.number, reverse=True):
        texts = shelf.identity(held)
        unit.trace.show(held.dossier.number, *(("identity",) if texts else ()))
        yield Choice(held.dossier.number, full_name(texts) if texts else "")


def call(actor: Actor, draft: UrgentDraft) -> tuple[str, Posted]:
    """Make an urgent meeting, confirm its dossiers, convene the people chosen and everybody whom the dossiers concern; its id.

    The same form twice makes one meeting and sends one convocation.
    Raises NotFound for anybody but a steward, InvalidInput with what is wrong in each field.
    """
    with writing(actor, CONVENE) as unit:
        cell = cell_of(unit, draft.meeting.cell)
        require_in(unit, cell)
        if draft.meeting.kind != URGENT:
            raise NotFound(unit.action)
        known = _called_already(unit, cell, draft)
        if known is not None:
            return known.id, Posted()
        meeting = made(unit, cell, draft.meeting)
        members = people.members(unit, cell)
        rows = put(unit, meeting, cell, draft.numbers)
        found = interests(unit, [dossier for _, dossier in rows], members, Keychain(unit))
        asked = proposed(found.values(), members.values(), "")
        expect(unit, meeting, {*draft.people, *asked}, members)
        confirm_rows(unit, meeting, cell, rows)
        addresses = convoke(unit, meeting, cell)
    return meeting.id, letters.post(actor.instance, meeting, cell, addresses)


def _called_already(unit: Unit, cell: Cell, draft: UrgentDraft) -> Meeting | None:
    """The meeting that this very form made, with these dossiers and these people."""
    for each in made_already(unit, cell, draft.meeting):
        numbers = {dossier.number for _, dossier in items_of(unit, each.id)}
        seated = {seat.user_id for seat in seats_of(unit, each.id)}
        same = (each.caller, each.reason, numbers) == (draft.meeting.caller, draft.meeting.reason, set(draft.numbers))
        if same and set(draft.people) <= seated:
            return each
    return None


def call_list(actor: Actor, meeting_id: str) -> CallList:
    """Whom to ring, those not reached first. Raises NotFound for who does not convene this meeting."""
    with reading(actor, CONVENE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CONVENED, OPEN)
        require_in(unit, cell)
        lines = seat_lines(unit, meeting, cell)
        lines = tuple(sorted((each for each in lines if not each.mine), key=lambda each: (each.reached_at is not None, each.institution)))
        return CallList(head(unit, meeting, cell), lines, letters.letter(actor.instance, meeting, cell))


def reach(actor: Actor, meeting_id: str, seat_id: str, *, reached: bool) -> None:
    """Tick somebody as reached by telephone now, or take the tick away. Raises NotFound."""
    with writing(actor, CONVENE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CONVENED, OPEN)
        require_in(unit, cell)
        seat = _seat(unit, meeting, seat_id)
        if (seat.reached_at is not None) != reached:
            seat.reached_at, seat.version = unit.now if reached else None, seat.version + 1


def _seat(unit: Unit, meeting: Meeting, seat_id: str) -> Seat:
    found = next((each for each in seats_of(unit, meeting.id) if each.id == seat_id), None)
    if found is None:
        raise NotFound(unit.action)
    return found
