"""The victims' association receives at the point-justice on two half-days: what is taken until the end of next week, and who came."""

from datetime import date, timedelta
from itertools import cycle

from casework import services
from casework.cli.demo.founding import Town
from casework.cli.demo.people import PERSONAS, VICTIMS
from casework.services import Actor
from casework.services.permanence.views import BookingDraft, Half, PermanenceDraft
from casework.services.terms import PARIS

PLACE = "Point-justice, 6 place du Palais"
HALF_DAYS = ((0, "09:00", "12:00"), (2, "14:00", "17:00"))
"""Weekday (0 is Monday), from, to."""
MINUTES = 30
TAKEN = (0, 1, 3, 4)
"""Which slots of a half-day are taken; every other one by somebody without a dossier yet."""
WEEKS = 3
NEWCOMER = "nouvelle personne"
MISSES = 4
"""One appointment in so many is missed."""


def receive(town: Town) -> None:
    """Two permanences, and appointments from now on for three weeks."""
    keeper, *others = _service(town)
    since = _today(town) - timedelta(days=_today(town).weekday())
    for weekday, starts, ends in HALF_DAYS:
        town.wait(60)
        services.keeping.make(keeper, PermanenceDraft(town.cells[VICTIMS.key], PLACE, weekday, starts, ends, MINUTES, since))
    hands = cycle((keeper, *others))
    for week in range(WEEKS):
        for half in _halves(keeper, since + timedelta(weeks=week)):
            _book(town, next(hands), half)


def say_who_came(town: Town) -> None:
    """What became of the appointments that began by now."""
    keeper, *_others = _service(town)
    over = [slot for half in _halves(keeper, _today(town)) for slot in half.slots]
    for count, slot in enumerate((each for each in over if each.state == "booked" and each.started), 1):
        town.wait(5)
        services.booking.attend(keeper, slot.id, came=bool(count % MISSES), seen=slot.version)


def _book(town: Town, actor: Actor, half: Half) -> None:
    mine = [each.number for each in services.dossiers.list_mine(actor).lines if each.person and each.cell == VICTIMS.name]
    for place, slot in enumerate(half.slots):
        if place in TAKEN and slot.bookable:
            town.wait(30)
            known = mine and place % 2
            draft = BookingDraft(number=mine[(half.day.day + place) % len(mine)]) if known else BookingDraft(words=NEWCOMER)
            services.booking.book(actor, slot.permanence, slot.starts_at, draft)


def _halves(actor: Actor, day: date) -> list[Half]:
    return [half for _day, halves in services.week.week(actor, day).days for half in halves]


def _service(town: Town) -> list[Actor]:
    """The people of the association, who make its team."""
    here = [each for each in PERSONAS if each.institution == VICTIMS.service and each.stays_in(VICTIMS.key)]
    return [town.actors[each.username] for each in here]


def _today(town: Town) -> date:
    return town.clock.now().astimezone(PARIS).date()
