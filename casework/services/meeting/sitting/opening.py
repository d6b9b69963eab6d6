"""Opening a meeting: the steward's act that gives, for each item and each member concerned, the keys of this sitting."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, Seat
from casework.services.access import find
from casework.services.actor import Actor
from casework.services.meeting import access
from casework.services.meeting.rows import (
    COMING,
    CONFIRMED,
    CONVENED,
    OPEN,
    PRESENT,
    concerned,
    hold_agenda,
    items_of,
    meeting_of,
    my_seat,
    require_in,
    seats_of,
    users_of,
)
from casework.services.meeting.vouching import insist_on
from casework.services.offices import covering
from casework.services.terms import PARIS
from casework.services.unit import Unit, reading, writing
from casework.wording import says

OPENING, ATTEND = "meeting.open", "meeting.attend"
ENTITLED = (CONVENED, PRESENT, "left", "absent")
"""Statuses of a seat whose keys a meeting gives: whoever is excused or replaced gets none."""

EARLY = timedelta(hours=2)
"""How long before its hour a meeting may be opened: its keys live from then on."""


def open(actor: Actor, meeting_id: str, code: str, repeated: str, *, session: str = "") -> int:  # noqa: A001  # always called as opening.open
    """Open a meeting: it is under way, its members hold what they may read, and this session shows it; returns how many boxes were given.

    code, repeated: what uncovers the screen, 4 to 8 digits. session: the cookie's secret, whose idle limit waits until the end.
    Of a meeting that is open already, those who keep its sheet only take the screen. Raises NotFound; InvalidInput for a code that is
    none, or hours before its time.
    """
    covering.check_code(code, repeated)
    given = 0
    if _is_open(actor, meeting_id):
        with reading(actor, ATTEND) as unit:
            meeting, cell = meeting_of(unit, meeting_id, OPEN)
            require_in(unit, cell)
            until = access.latest_end(unit, meeting)
    else:
        with writing(actor, OPENING) as unit:
            meeting, cell = meeting_of(unit, meeting_id, *COMING)
            require_in(unit, cell)
            given = _begin(unit, meeting)
            until = access.latest_end(unit, meeting)
    if session:
        covering.take_screen(actor.instance, session, meeting_id, code, until)
    return given


def _is_open(actor: Actor, meeting_id: str) -> bool:
    """Whether the meeting is under way: decides which action is asked for, and shows nothing."""
    with actor.instance.database.reading() as session:
        return session.scalar(select(Meeting.status).where(Meeting.id == meeting_id)) == OPEN


def _begin(unit: Unit, meeting: Meeting) -> int:
    if meeting.starts_at - unit.now > EARLY:
        starts = meeting.starts_at.astimezone(PARIS)
        raise InvalidInput(
            {
                "code": says(
                    "La réunion est prévue le %(day)s à %(hour)s. Elle s’ouvre au plus tôt deux heures avant.",
                    day=starts.date(),
                    hour=starts.strftime("%H:%M"),
                )
            }
        )
    meeting.status, meeting.opened_at, meeting.opened_by = OPEN, unit.now, unit.actor.user_id
    meeting.version += 1
    hold_agenda(unit, meeting)
    _sit_down(unit, meeting)
    unit.session.flush()
    agenda = [(item, dossier) for item, dossier in items_of(unit, meeting.id, walled=True) if item.status == CONFIRMED]
    given = give_items(unit, meeting, agenda, seats_of(unit, meeting.id))
    unit.trace.facts |= {"items": len(agenda), "boxes": given}
    return given


def _sit_down(unit: Unit, meeting: Meeting) -> None:
    """Whoever opens a meeting is there."""
    seat = my_seat(unit, meeting.id)
    if seat is None:
        seat = Seat(
            id=new_id(), meeting_id=meeting.id, user_id=unit.actor.user_id, institution_id=unit.actor.institution_id,
            profession=unit.actor.profession, version=0,
        )  # fmt: skip
        unit.session.add(seat)
    seat.status, seat.arrived_at, seat.left_at = PRESENT, unit.now, None
    seat.version += 1


def give_items(
    unit: Unit, meeting: Meeting, agenda: Iterable[tuple[Item, Dossier]], everybody: list[Seat], *, only: Collection[str] | None = None
) -> int:
    """Give the keys of these items to the seats concerned, as far as the charter lets them; returns how many boxes.

    only: ids of seats, when some of them alone are to get theirs. An item that is closed to the actor waits for another steward.
    Raises TamperedError for an item, a seat, or somebody concerned, that stands there and that the ledger knows nothing of.
    """
    agenda, rule = list(agenda), unit.trace.rule
    insist_on(unit, [item for item, _ in agenda], everybody)
    receivers = access.Receivers(unit, meeting)
    entitled = {seat.id for seat in everybody if seat.status in ENTITLED and (only is None or seat.id in only)}
    wanted = concerned(unit, [item for item, _ in agenda])
    given = 0
    for item, dossier in agenda:
        people = set(users_of(everybody, wanted[item.id] & entitled)) - {unit.actor.user_id}  # who gives keeps the dossier already
        try:
            held = find(unit, dossier.number) if people else None
        except NotFound:
            continue  # the actor has a personal link to this person: another steward calls that item
        if held is not None:
            given += access.give(held, meeting, people, receivers)
    unit.trace.rule = rule
    return given
