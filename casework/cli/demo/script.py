"""Who does what on which day: the whole town, as data, for a builder that replays it through the application's own services.

The same seed and start give the same town, and a larger town begins with the smaller one.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from casework.cli.demo.casting import Cast, cast
from casework.cli.demo.names import Contacts, Mint, Person, age_on, birthday_before, born, dice
from casework.cli.demo.people import CELL, NORTH, RELEASE, SOUTH, VICTIMS, Cell, public_words
from casework.cli.demo.stories import ADULT, Extra, Step, Story, long_story, stories, wording
from casework.cli.demo.stories_text import Writer

FIRST_DAY = 3
LAST_DAY = 268
DEFAULT_START = date(2026, 3, 2)
LONG_ENTRIES = 24
YOUNGEST = 12

LEAVING = 190
"""The day on which somebody leaves the North and hands over what they lead."""

PATTERN = (
    *(NORTH, SOUTH, VICTIMS, NORTH, RELEASE, SOUTH, NORTH, NORTH, SOUTH, NORTH),
    *(NORTH, VICTIMS, SOUTH, RELEASE, NORTH, SOUTH, VICTIMS, NORTH, SOUTH, RELEASE),
)
"""Which cell each dossier of the town is in, again and again."""

_LONG_DAYS = 225
_RECEIVED = (256, 264)
"""Eleven to nineteen days before the building: some of the fortnight is left, some is over."""

_OPEN_UNTIL = 200
_MAJORITY = 18
_FRIDAY = 4
_MORNING, _EVENING = 7 * 60, 15 * 60
_EARLY = 6 * 60
"""When an accès urgent is reviewed, a working day later: within 72 hours, weekends included."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One act, `day` days after the town's start at `minute` minutes after midnight UTC, done by `username`.

    extra, by act: see `stories.EXTRAS`; `to` is a username here, `of` an index in the dossier's steps; schooling has establishment and
    absences (half-days). `text` is what is written: the facts of a saisine, a complement, the body of a note or a correction, the level
    in a schooling record, the obligations of a measure, the sentence before an extract, the reason of an accès urgent; else "".
    """

    day: int
    minute: int
    username: str
    who: str
    act: str
    kind: str
    compartment: str
    text: str
    extra: Mapping[str, Extra]


@dataclass(frozen=True, slots=True)
class Secrets:
    """The confidential values of a dossier as the town stores them."""

    names: tuple[str, ...]
    phones: tuple[str, ...]
    addresses: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DossierPlan:
    """A dossier from its saisine on. `lead` is "" and `contacts` may be empty while nobody took it up; `ends`: received, open or closed.

    last_lead: who leads it in the end. brings: story of the second child of the same saisine, which is the next dossier; elder: index of
    the dossier it came with. twin: index of the dossier of the same person, when somebody refers them again.
    """

    index: int
    story: str
    ends: str
    cell: str
    sender: str
    steward: str
    lead: str
    person: Person
    contacts: Contacts
    steps: tuple[PlannedStep, ...]
    programme: str = "fragility"
    last_lead: str = ""
    brings: str = ""
    elder: int | None = None
    twin: int | None = None

    def secrets(self) -> Secrets:
        """What no byte outside a key may show."""
        contacts = self.contacts
        names = dict.fromkeys((self.person.first_name, self.person.last_name, *contacts.representatives, *contacts.not_to_inform))
        notes = tuple(step.text for step in self.steps if step.text and step.act != "urgent")
        return Secrets(tuple(names), contacts.phones, contacts.addresses, (*notes, *contacts.code_words))


def plan(
    count: int, seed: int, *, start: date = DEFAULT_START, long_entries: int = LONG_ENTRIES, youngest: int = YOUNGEST
) -> list[DossierPlan]:
    """The first `count` dossiers of the town.

    start: day 0; ages and working days follow it. long_entries: notes of the first dossier. youngest: nobody is under that age on day 0.
    """
    town = _Town(seed, start, youngest)
    plans: list[DossierPlan] = []
    for index in range(count):
        plans.append(town.next_one(plans) if index else town.dossier(long_story(long_entries, _LONG_DAYS), NORTH, plans))
    return plans


def merged(plans: Iterable[DossierPlan]) -> list[tuple[DossierPlan, PlannedStep]]:
    """Every act of every dossier in the order of time."""
    acts = [(dossier, step) for dossier in plans for step in dossier.steps]
    return sorted(acts, key=lambda act: (act[1].day, act[1].minute, act[0].index))


def _static_texts() -> Iterable[str]:
    """Every sentence the notes are made of: no name may occur in one."""
    for story in (*stories(), long_story(LONG_ENTRIES, _LONG_DAYS)):
        yield from (text for step in story.steps for text in step.texts)
    yield from (text for group in (wording().slots, wording().closings) for texts in group.values() for text in texts)


class _Town:
    """What must stay unique from one dossier to the next."""

    def __init__(self, seed: int, start: date, youngest: int) -> None:
        self._seed = seed
        self._start = start
        self._youngest = youngest
        self._mint = Mint(seed, [*public_words(), *_static_texts()])
        self._notes: set[str] = set()
        brought = {story.brings for story in stories()}
        told = [story for story in stories() if story.key not in brought]
        arcs = dice(seed, "arcs").sample(told, len(told))
        self._arcs = {cell.key: [story for story in arcs if cell.programme in story.programmes] for cell in PATTERN}
        self._turns = dict.fromkeys(self._arcs, 0)

    def next_one(self, plans: list[DossierPlan]) -> DossierPlan:
        """The next dossier: a second child of the last saisine, or the next arc of the next cell. Each arc comes once, then again."""
        if plans[-1].brings:
            story = next(each for each in stories() if each.key == plans[-1].brings)
            return self.dossier(story, CELL[plans[-1].cell], plans, elder=plans[-1])
        cell = PATTERN[(1 + sum(self._turns.values())) % len(PATTERN)]
        arcs = self._arcs[cell.key]
        self._turns[cell.key] += 1
        return self.dossier(arcs[(self._turns[cell.key] - 1) % len(arcs)], cell, plans)

    def dossier(self, story: Story, cell: Cell, plans: list[DossierPlan], *, elder: DossierPlan | None = None) -> DossierPlan:
        """One dossier; its own random source, so that its neighbours do not change it."""
        index = len(plans)
        rng = dice(self._seed, index)
        days = self._days(rng, story, cell, elder)
        twin = _twin(story, cell, days[0], plans)
        person = self._mint.slip(twin.person) if twin else self._mint.person(rng, self._birth(rng, story, days[-1]), story.sexes)
        if ADULT & set(story.programmes):
            person = replace(person, guardian="")
        played = cast(rng, story, cell, elder.sender if elder else "", elder.steward if elder else "")
        writer = Writer(rng, person, age_on(person.birth_date, self._start), self._notes)
        minutes = _minutes(rng, days) if elder is None else [elder.steps[0].minute + 1, *_minutes(rng, days[1:])]
        minutes = [_EARLY if step.act == "review" else minute for step, minute in zip(story.steps, minutes, strict=True)]
        steps = tuple(_planned(step, day, minute, played, writer) for step, day, minute in zip(story.steps, days, minutes, strict=True))
        return DossierPlan(
            index, story.key, story.ends, cell.key, played.roles["sender"], played.roles["steward"], played.lead, person,
            self._contacts(rng, story, person), steps, cell.programme, _last_lead(steps, played.lead), story.brings,
            elder.index if elder else None, twin.index if twin else None,
        )  # fmt: skip

    def _contacts(self, rng: random.Random, story: Story, person: Person) -> Contacts:
        acts = {step.act for step in story.steps}
        if "safe" in acts:
            return self._mint.safe_contact(rng, person)
        return self._mint.contacts(rng, person) if "contact" in acts else Contacts()

    def _birth(self, rng: random.Random, story: Story, last_day: int) -> date:
        """Of the story's age on day 0; whoever is followed until majority turns eighteen just before the last day."""
        if story.reason == "majority":
            return birthday_before(self._start + timedelta(days=last_day - rng.randint(0, 9)), _MAJORITY)
        low, high = (max(age, self._youngest) for age in story.ages)
        return born(rng, rng.randint(low, high), self._start)

    def _days(self, rng: random.Random, story: Story, cell: Cell, elder: DossierPlan | None) -> list[int]:
        """Working days, never back in time, with a little delay where life had room for one."""
        first, late, days = elder.steps[0].day if elder else _first_day(rng, story, cell), 0, [0]
        for step, before in zip(story.steps, (story.steps[0], *story.steps), strict=False):
            late += rng.randint(0, 1) if step.after - before.after > 3 else 0
            soonest = self._working(days[-1] + 1) if step.act == "review" else days[-1]
            days.append(max(soonest, self._working(first + step.after + late)))
        return days[1:]

    def _working(self, day: int) -> int:
        """The same day, or the Monday after a weekend."""
        weekday = (self._start + timedelta(days=day)).weekday()
        return day + (7 - weekday if weekday > _FRIDAY else 0)


def _first_day(rng: random.Random, story: Story, cell: Cell) -> int:
    """Saisines still waiting are recent, open dossiers have news of the last weeks, closed ones lie anywhere.

    Nothing precedes the opening of the cell, and whoever leaves it hands over in the days that follow.
    """
    if story.ends == "received":
        first, last = _RECEIVED
        return rng.randint(first, last - story.length)
    if story.leaver:
        handed = next(step.after for step in story.steps if step.act == "relead")
        return LEAVING - handed + rng.randint(2, 5)
    latest = LAST_DAY - story.length - len(story.steps) - 2
    from_the_start = cell.opens + FIRST_DAY
    earliest = from_the_start if story.ends == "closed" else max(from_the_start, _OPEN_UNTIL - story.length)
    return rng.randint(earliest, max(earliest, latest))


def _twin(story: Story, cell: Cell, day: int, plans: list[DossierPlan]) -> DossierPlan | None:
    """Whom a saisine brings a second time: somebody followed in the cell for some days, and not doubled yet."""
    if not any(step.extra.get("outcome") == "duplicate" for step in story.steps):
        return None
    doubled = {each.twin for each in plans}
    known = (each for each in plans if each.cell == cell.key and each.lead and each.index not in doubled and each.steps[0].day + 10 < day)
    return next(known, None)


def _last_lead(steps: tuple[PlannedStep, ...], lead: str) -> str:
    return next((str(step.extra["to"]) for step in reversed(steps) if step.act == "relead"), lead)


def _minutes(rng: random.Random, days: list[int]) -> list[int]:
    """Office hours; acts of one day follow each other by some minutes."""
    minutes: list[int] = []
    for position, day in enumerate(days):
        same = position > 0 and days[position - 1] == day
        minutes.append(minutes[-1] + rng.randint(3, 20) if same else rng.randint(_MORNING, _EVENING))
    return minutes


def _planned(step: Step, day: int, minute: int, played: Cast, writer: Writer) -> PlannedStep:
    extra = dict(step.extra)
    if "to" in extra:
        extra["to"] = played.roles[str(extra["to"])]
    if step.act == "schooling":
        extra |= {"establishment": played.establishment, "absences": writer.absences()}
    if extra.get("origin") == "social_service" and played.from_prevention:
        extra["origin"] = "specialised_prevention"
    text = writer.write(step)
    return PlannedStep(day, minute, played.roles[step.who], step.who, step.act, step.kind, step.compartment, text, MappingProxyType(extra))
