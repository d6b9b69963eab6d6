"""Opening an accès urgent in tests: the shortest way to a duty, a request and what the alerts say."""

from datetime import date
from typing import Any

from sqlalchemy import select

from casework import services
from casework.models.attention import Alert
from casework.models.dossiers import UrgentAccess
from casework.services import Actor
from casework.services.emergency.urgent import UrgentRequest
from tests.house import House

WHY = "La mère appelle : il n’est pas rentré et parle de partir."
BORN = date(2012, 4, 5)


def on_call(house: House, *names: str, cell: str = "nord", steward: str = "stella") -> None:
    """Name who is on call."""
    services.duty.compose(house.actors[steward], house.cells[cell], [house.actors[each].user_id for each in names])


def asked(number: str = "", **changes: Any) -> UrgentRequest:
    """What somebody on call types."""
    typed = {"number": number, "first_name": "", "last_name": "", "birth_date": None, "reason": "runaway", "text": WHY}
    return UrgentRequest(**{**typed, **changes})


def named(last_name: str, **changes: Any) -> UrgentRequest:
    """The same by exact name and birth date."""
    return asked(**{"first_name": "Théodule", "last_name": last_name, "birth_date": BORN, **changes})


def enter(actor: Actor, number: str) -> str:
    """Open one access; returns its id."""
    (access,) = services.urgent.open(actor, asked(number))
    return access


def access_row(house: House, access_id: str) -> UrgentAccess:
    """The stored row."""
    with house.instance.database.reading() as session:
        return session.get_one(UrgentAccess, access_id)


def told(house: House, number: str) -> set[str]:
    """Names of those who were alerted of an accès urgent on this dossier."""
    with house.instance.database.reading() as session:
        ids = set(session.scalars(select(Alert.recipient_id).where(Alert.kind == "urgent_access", Alert.number == number)))
    return {name for name, actor in house.actors.items() if actor.user_id in ids}
