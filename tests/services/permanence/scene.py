"""The Department's service receives on Tuesdays in the north cell: Alice and Bob serve, nobody else does."""

from datetime import date, datetime, time, timedelta
from itertools import count

from casework import services
from casework.models.permanences import Slot
from casework.services import Actor
from casework.services.permanence.views import BookingDraft, PermanenceDraft, SlotView
from casework.services.terms import PARIS
from tests.attacks.sql import row
from tests.house import END, START, House, enrol

MONDAY = START.date()
TUESDAY = MONDAY + timedelta(days=1)
WORD = "nouvelle personne Zéphyrine-Canari"
_places = count(1)


def serve(house: House) -> None:
    """Alice and Bob make the ring of their service, unless it is there."""
    if not services.service_rings.page(house.alice, house.cells["nord"]).made:
        services.service_rings.make(house.alice, house.cells["nord"], [house.bob.user_id])


def colleagues(house: House, *names: str) -> Actor:
    """Social workers of the school, in the cell, whose service has its own ring; the first of them."""
    for name in names:
        enrol(house, name, "social_worker", "Collège des Tilleuls")
        services.cells.admit(house.stella, house.cells["nord"], name, "member", act="acte 9", until=END, charter_sheet="acte 9")
        house.actors[name] = house.sign_in(name)
    first, *others = [house.actors[name] for name in names]
    services.service_rings.make(first, house.cells["nord"], [each.user_id for each in others])
    return first


def draft(house: House, **changes: object) -> PermanenceDraft:
    """Tuesdays from 9 to 12, half an hour each."""
    usual: dict[str, object] = {
        "cell": house.cells["nord"], "place": f"Point-justice {next(_places)}", "weekday": 1, "starts": "09:00", "ends": "12:00",
        "minutes": 30, "since": MONDAY,
    }  # fmt: skip
    return PermanenceDraft(**{**usual, **changes})  # type: ignore[arg-type]  # by name


def receive(house: House, **changes: object) -> str:
    """A new permanence; its id."""
    serve(house)
    return services.keeping.make(house.alice, draft(house, **changes))


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    """That hour in Paris."""
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS)


def take(house: House, place: str, moment: datetime, *, number: str = "", words: str = "", who: str = "alice") -> str:
    """Book; the appointment's id."""
    return services.booking.book(house.actors[who], place, moment, BookingDraft(number, words))


def seen(house: House, who: str, slot_id: str) -> SlotView:
    """An appointment as somebody's week shows it."""
    days = services.week.week(house.actors[who], TUESDAY).days
    return next(slot for _day, halves in days for half in halves for slot in half.slots if slot.id == slot_id)


def stored(house: House, slot_id: str) -> Slot:
    """Its row."""
    found: Slot = row(house, Slot, id=slot_id)
    return found
