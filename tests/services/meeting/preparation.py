"""Shortest ways to prepare a meeting in the small house, through the services as the screens do."""

from datetime import datetime, timedelta

from casework import services
from casework.models.meetings import Seat
from casework.services.actor import Actor
from casework.services.meeting.drafts import MeetingDraft
from casework.services.meeting.views import Agenda, AgendaItem, OwnMeeting
from tests.house import House


def draft(house: House, *, kind: str = "ordinary", days: int = 20, cell: str = "nord", starts_at: datetime | None = None) -> MeetingDraft:
    """A meeting in some days."""
    return MeetingDraft(house.cells[cell], kind, starts_at or house.clock.now() + timedelta(days=days), "Salle du conseil")


def meeting(house: House, *numbers: str, people: tuple[str, ...] = (), kind: str = "ordinary", days: int = 20) -> str:
    """A meeting of Stella's with its people and its confirmed items."""
    made = services.preparing.create(house.stella, draft(house, kind=kind, days=days))
    services.convening.choose(house.stella, made, ids(house, *people))
    if numbers:
        services.agenda_items.add(house.stella, made, numbers)
    return made


def convened(house: House, *numbers: str, people: tuple[str, ...] = ("alice", "hugo"), days: int = 5) -> str:
    """The same, convened: near enough for keys by default."""
    made = meeting(house, *numbers, people=people, days=days)
    services.convening.convene(house.stella, made)
    return made


def ids(house: House, *names: str) -> list[str]:
    """User ids."""
    return [house.actors[each].user_id for each in names]


def agenda(actor: Actor, made: str) -> Agenda:
    """The page of somebody who prepares."""
    shown = services.agendas.read(actor, made)
    assert isinstance(shown, Agenda)
    return shown


def item(actor: Actor, made: str, number: str) -> AgendaItem:
    """One item of that page."""
    return next(each for each in agenda(actor, made).items if each.number == number)


def own(actor: Actor, made: str) -> OwnMeeting:
    """The page of somebody who is convened."""
    shown = services.agendas.read(actor, made)
    assert isinstance(shown, OwnMeeting)
    return shown


def seat_of(house: House, made: str, name: str) -> Seat:
    """Somebody's seat as it stands."""
    with house.instance.database.reading() as session:
        user = house.actors[name].user_id
        found = session.query(Seat).filter_by(meeting_id=made, user_id=user).one()
        session.expunge(found)
        return found
