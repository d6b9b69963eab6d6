"""A meeting made of rows: agenda, seats and who is concerned, without the screens that prepare one. For tests of what follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from casework import services
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, ItemSeat, Meeting, Seat
from casework.models.people import User
from casework.services.access import find
from casework.services.actor import Actor
from casework.services.meeting import access
from casework.services.unit import Unit, writing
from tests.house import END, House, enrol

PREPARE = "meeting.prepare"


@dataclass(frozen=True)
class Room:
    """A meeting as the tests speak of it. seats: user name -> seat id. items: dossier number -> item id."""

    house: House
    meeting: str
    steward: Actor
    seats: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)

    def change(self, model: type[Any], row_id: str, **values: Any) -> None:
        """Change a row as a service would: through a writing unit, with a new row version."""
        with writing(self.steward, PREPARE) as unit:
            row = unit.session.get_one(model, row_id)
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1

    def row(self, model: type[Any], row_id: str) -> Any:
        """A row as it stands now."""
        with self.house.instance.database.reading() as session:
            found = session.get_one(model, row_id)
            session.expunge(found)
            return found

    def seat(self, name: str) -> Seat:
        """Somebody's seat as it stands now."""
        found: Seat = self.row(Seat, self.seats[name])
        return found


def convene(
    house: House,
    agenda: Mapping[str, Iterable[str]],
    *,
    people: Iterable[str] = (),
    steward: str = "stella",
    cell: str = "nord",
    kind: str = "ordinary",
    status: str = "convened",
    before: bool = True,
) -> Room:
    """A meeting that begins in an hour. agenda: dossier number -> user names of those concerned; people: others convened.

    before: give the concerned what a convocation gives them (identity), as it does.
    """
    actor = house.actors[steward]
    rules = house.instance.charter.meetings.kinds[kind]
    names = list(dict.fromkeys([*people, *(name for concerned in agenda.values() for name in concerned)]))
    with writing(actor, PREPARE) as unit:
        now = unit.now
        meeting = Meeting(
            id=new_id(), cell_id=house.cells[cell], kind=kind, nominative=rules.nominative, status=status,
            starts_at=now + timedelta(hours=1), place="Salle des mariages", author_id=actor.user_id,
            convened_at=now if status == "convened" else None, version=1,
        )  # fmt: skip
        unit.session.add(meeting)
        unit.session.flush()
        seats = {name: _seat(unit, meeting, house.actors[name].user_id) for name in names}
        room = Room(house, meeting.id, actor, {name: seat.id for name, seat in seats.items()})
        unit.session.flush()
        receivers = access.Receivers(unit, meeting)
        for position, (number, concerned) in enumerate(agenda.items()):
            held = find(unit, number)
            item = _item(unit, meeting, held.dossier, position, actor.user_id)
            room.items[number] = item.id
            unit.session.flush()
            for name in concerned:
                unit.session.add(ItemSeat(id=new_id(), item_id=item.id, seat_id=seats[name].id, origin="convened", version=1))
            if before and status == "convened":
                access.give(held, meeting, [house.actors[name].user_id for name in concerned], receivers, kinds=access.BEFORE)
    return room


def _seat(unit: Unit, meeting: Meeting, user_id: str) -> Seat:
    user = unit.session.get_one(User, user_id)
    seat = Seat(
        id=new_id(), meeting_id=meeting.id, user_id=user_id, institution_id=user.institution_id, profession=user.profession,
        status="convened", version=1,
    )  # fmt: skip
    unit.session.add(seat)
    return seat


def _item(unit: Unit, meeting: Meeting, dossier: Dossier, position: int, author: str) -> Item:
    item = Item(
        id=new_id(), meeting_id=meeting.id, nominative=True, dossier_id=dossier.id, position=position, origin="added",
        status="confirmed", shown="all", author_id=author, version=1,
    )  # fmt: skip
    unit.session.add(item)
    return item


def secretary(house: House, name: str = "serge", cell: str = "nord", steward: str = "stella") -> Actor:
    """A secretary of the cell, signed in; enrolled the first time."""

    if name not in house.actors:
        enrol(house, name, "secretary", "Ville de Valmorel-sur-Orle")
        services.cells.admit(house.actors[steward], house.cells[cell], name, "secretary", act="acte 5", until=END, charter_sheet="acte 5")
        house.actors[name] = house.sign_in(name)
    return house.actors[name]


def reads(house: House, name: str, number: str) -> frozenset[str]:
    """Kinds of compartments somebody reads of a dossier now; none when it is not open to them. Asked without a leaf."""
    with house.instance.database.reading() as session:
        unit = Unit(house.actors[name], "dossier.open", session)
        held = find(unit, number)
        return frozenset(each.kind for each in held.compartments if held.key(each) is not None)


__all__ = ["PREPARE", "Room", "convene", "reads", "secretary"]
