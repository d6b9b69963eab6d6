"""What somebody does before, in and after a meeting: the real verbs. True when it was done.

The meeting is made of rows by whoever keeps the cell, under the reference that the boxes of the row's person name.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput
from casework.models.meetings import Item, ItemSeat, Meeting, Point, Seat, Task
from casework.services.meeting.decisions.outcome_views import DecisionDraft, ReportDraft
from casework.services.meeting.drafts import MeetingDraft
from casework.services.membership import cell_ring
from casework.services.unit import Unit, writing
from tests.policy.application import RECEIVER
from tests.policy.places import ACTION, SITTING, Place, hold

ITEM, SEAT, OTHER_SEAT, POINT = "a" * 32, "b" * 32, "c" * 32, "d" * 32
SOON = date(2026, 9, 1)
BY_TELEPHONE = ReportDraft("done", told_by="phone", told_on=date(2026, 3, 2))


@dataclass(frozen=True, slots=True)
class Sitting:
    """How far a meeting has come. concerned: whether the item concerns the person's seat. guest: the seat is a guest's."""

    status: str
    item: bool = False
    concerned: bool = False
    guest: bool = False


def sit(place: Place, sitting: Sitting) -> None:
    """Make the meeting, in an hour or under way: the row's person has a seat, another member is expected."""
    opened = sitting.status == "open"
    with _kept(place) as unit:
        unit.session.add(
            Meeting(
                id=SITTING, version=1, cell_id=place.cell, kind="ordinary", nominative=True, status=sitting.status, place="Mairie",
                starts_at=unit.now + timedelta(hours=-1 if opened else 1), author_id=unit.actor.user_id,
                opened_at=unit.now if opened else None, opened_by=unit.actor.user_id if opened else None,
            )
        )  # fmt: skip
        unit.session.flush()
        user_id, other = None if sitting.guest else place.actor.user_id, place.town.house.actors[RECEIVER]
        seats = (
            (SEAT, user_id, place.at.profession, "present" if opened else "convened"),
            (OTHER_SEAT, other.user_id, other.profession, "convened"),
        )
        for seat_id, holder, profession, status in seats:
            unit.session.add(Seat(id=seat_id, version=1, meeting_id=SITTING, user_id=holder, profession=profession, status=status))
        unit.session.flush()
        if sitting.item:
            _put(unit, place, concerned=sitting.concerned)


def _kept(place: Place) -> AbstractContextManager[Unit]:
    """A unit of whoever keeps the cell."""
    return writing(place.town.keeper(place.at.programme), "meeting.prepare")


def _put(unit: Unit, place: Place, *, concerned: bool) -> None:
    item = Item(
        id=ITEM, version=1, meeting_id=SITTING, nominative=True, dossier_id=_dossier_id(place), position=1, origin="added",
        status="confirmed", shown="all", author_id=unit.actor.user_id,
    )  # fmt: skip
    unit.session.add(item)
    unit.session.flush()
    if concerned:
        unit.session.add(ItemSeat(version=1, item_id=ITEM, seat_id=SEAT, origin="convened"))


def _dossier_id(place: Place) -> str:
    return place.town.dossiers[place.at.programme, place.at.status]


def projected(place: Place) -> bool:
    """`compartment.read` before a guest: the word is on the projected view, the guest being in the room."""
    sit(place, Sitting("open", item=True, concerned=True, guest=True))
    parts = place.town.parts
    with _kept(place) as unit:
        for part in {each.id: each for each in (place.part, parts[place.at.programme, place.at.status, "identity"]) if each}.values():
            hold(unit, unit.actor, part, "steward")
    keeper = replace(place.town.keeper(place.at.programme), instance=place.actor.instance)
    services.showing.call(keeper, SITTING, ITEM)
    return place.word in repr(services.showing.look(keeper, SITTING))


def confirm(place: Place) -> bool:
    """`meeting.confirm`: the item stands on the agenda, confirmed. A dossier that one may not confirm is like an unknown number."""
    sit(place, Sitting("prepared"))
    try:
        services.agenda_items.add(place.actor, SITTING, [place.number])
    except InvalidInput:
        return False
    with place.town.house.instance.database.reading() as session:
        return session.scalars(select(Item.status).where(Item.meeting_id == SITTING)).all() == ["confirmed"]


def answer(place: Place) -> bool:
    """`meeting.answer`."""
    sit(place, Sitting("convened", item=True, concerned=True))
    services.answering.answer(place.actor, SITTING, ITEM, "known")
    return True


def show(place: Place) -> bool:
    """`meeting.show`."""
    sit(place, Sitting("open", item=True))
    services.showing.call(place.actor, SITTING, ITEM)
    return services.showing.look(place.actor, SITTING).item is not None


def decide(place: Place) -> bool:
    """`meeting.decide`: put off, which any dossier under way can be."""
    sit(place, Sitting("open", item=True))
    services.deciding.decide(place.actor, SITTING, ITEM, DecisionDraft("postponed", next_date=SOON, missing="agreement"))
    return True


def report(place: Place) -> bool:
    """`task.report`: by its owner, or by a steward whom somebody telephoned."""
    sit(place, Sitting("closed", item=True))
    owns = place.at.position == "owner"
    with _kept(place) as unit:
        _task(unit, place.actor.user_id if owns else place.town.house.actors[RECEIVER].user_id, dossier_id=_dossier_id(place), item_id=ITEM)
    services.reporting.report(place.actor, ACTION, ReportDraft("done") if owns else BY_TELEPHONE)
    return True


def _task(unit: Unit, owner: str, **about: str) -> None:
    unit.session.add(
        Task(
            id=ACTION, version=1, kind="action", meeting_id=SITTING, owner_id=owner, due=SOON, status="open", author_id=unit.actor.user_id,
            created_at=unit.now, **about,
        )
    )  # fmt: skip


def see(place: Place) -> bool:
    """`meeting.read`: a meeting to which one is convened."""
    sit(place, Sitting("convened"))
    return services.agendas.read(place.actor, SITTING) is not None


def prepare(place: Place) -> bool:
    """`meeting.prepare`."""
    starts = place.town.house.clock.now() + timedelta(days=3)
    return bool(services.preparing.create(place.actor, MeetingDraft(place.cell, "ordinary", starts, "Mairie")))


def convene(place: Place) -> bool:
    """`meeting.convene`."""
    sit(place, Sitting("prepared"))
    services.convening.convene(place.actor, SITTING)
    return True


def attend(place: Place) -> bool:
    """`meeting.attend`: the other member is there."""
    sit(place, Sitting("convened"))
    return services.attendance.keep(place.actor, SITTING, {OTHER_SEAT: ("convened", "present")}) == 1


def open_it(place: Place) -> bool:
    """`meeting.open`."""
    sit(place, Sitting("convened"))
    services.opening.open(place.actor, SITTING, "2718", "2718")
    return True


def close(place: Place) -> bool:
    """`meeting.close`: read, then closed."""
    sit(place, Sitting("open"))
    services.closing.close(place.actor, SITTING, [], services.closing.prepare(place.actor, SITTING).seen)
    return True


def report_point(place: Place) -> bool:
    """`point.report`, of one's own."""
    sit(place, Sitting("closed"))
    with _kept(place) as unit:
        texts = {"place": "Square", "trouble": "Éclairage", "action": "Réparer"}
        epoch, sealed = cell_ring.seal(unit, place.cell, texts, table=Point.__tablename__, row_id=POINT)
        point = Point(
            id=POINT, version=1, meeting_id=SITTING, author_id=unit.actor.user_id, written_at=unit.now, epoch_id=epoch, sealed=sealed
        )
        unit.session.add(point)
        unit.session.flush()
        _task(unit, place.actor.user_id, point_id=POINT)
    services.reporting.report(place.actor, ACTION, ReportDraft("done"))
    return True


def figures(place: Place) -> bool:
    """`figures.read`."""
    return services.figures.read(place.actor, place.cell).cell.id == place.cell


def tasks(place: Place) -> bool:
    """`task.list`."""
    return services.tasks.board(place.actor) is not None


def other_pages(place: Place) -> tuple[Callable[[], object], ...]:
    """What else a meeting under way, whose item concerns the row’s person, shows them: agenda, screen, forms, lists."""
    actor = place.actor
    with place.town.house.instance.database.reading() as session:
        seated = session.get(Meeting, SITTING) is not None
    if not seated:
        sit(place, Sitting("open", item=True, concerned=True))
    return (
        lambda: services.agendas.read(actor, SITTING),
        lambda: services.showing.follow(actor, SITTING),
        lambda: services.sheet.read(actor, SITTING),
        lambda: services.deciding.prepare(actor, SITTING, ITEM),
        lambda: services.closing.prepare(actor, SITTING),
        lambda: services.papers.agenda(actor, SITTING),
        lambda: services.papers.blank_decisions(actor, SITTING),
        lambda: services.minutes.read(actor, SITTING),
        lambda: services.preparing.mine(actor),
        lambda: services.tasks.board(actor),
    )
