"""Who does what on which day: the whole town, as data, for a builder that replays it through the application's own services.

The same seed and start give the same town, and a larger town begins with the smaller one.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from casework.cli.demo.names import Contacts, Mint, Person, age_on, birthday_before, born, dice
from casework.cli.demo.people import CELLS, INSTITUTIONS, NORTH, SOUTH, Cell, Persona, members, public_words
from casework.cli.demo.stories import Extra, Step, Story, long_story, stories, wording
from casework.cli.demo.stories_text import Writer

FIRST_DAY = 3
LAST_DAY = 268
DEFAULT_START = date(2026, 3, 2)
LONG_ENTRIES = 24
YOUNGEST = 12

_LONG_DAYS = 225
_RECEIVED = (250, 262)
_OPEN_UNTIL = 200
_MAJORITY = 18
_FRIDAY = 4
_MORNING, _EVENING = 7 * 60, 15 * 60


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One act, `day` days after the town's start at `minute` minutes after midnight UTC, done by `username`.

    extra, by act: refer (origin, motives, informed), share (to: username, kinds, days), plan (in_days), close (reason),
    correct (of: index in the dossier's steps), schooling (establishment, absences: half-days). `text` is what is written: the facts of a
    saisine, the body of a note or a correction, the level in a schooling record; "" for the other acts.
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
    """A dossier from its saisine on. `lead` is "" and `contacts` may be empty while nobody took it up; `ends`: received, open or closed."""

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

    def secrets(self) -> Secrets:
        """What no byte outside a key may show."""
        names = dict.fromkeys((self.person.first_name, self.person.last_name, *self.contacts.representatives))
        notes = tuple(step.text for step in self.steps if step.text)
        return Secrets(tuple(names), self.contacts.phones, self.contacts.addresses, notes)


def plan(
    count: int, seed: int, *, start: date = DEFAULT_START, long_entries: int = LONG_ENTRIES, youngest: int = YOUNGEST
) -> list[DossierPlan]:
    """The first `count` dossiers of the town.

    start: day 0; ages and working days follow it. long_entries: notes of the first dossier. youngest: nobody is under that age on day 0.
    """
    arcs = dice(seed, "arcs").sample(stories(), len(stories()))
    town = _Town(seed, start, youngest)
    first = [town.dossier(0, long_story(long_entries, _LONG_DAYS), NORTH)] if count > 0 else []
    return first + [town.dossier(index, *_arc(arcs, index)) for index in range(1, count)]


def merged(plans: Iterable[DossierPlan]) -> list[tuple[DossierPlan, PlannedStep]]:
    """Every act of every dossier in the order of time."""
    acts = [(dossier, step) for dossier in plans for step in dossier.steps]
    return sorted(acts, key=lambda act: (act[1].day, act[1].minute, act[0].index))


def _arc(arcs: list[Story], index: int) -> tuple[Story, Cell]:
    """Each arc once, then each again in the other cell; a school head leads in the South only."""
    turn, place = divmod(index - 1, len(arcs))
    return arcs[place], SOUTH if arcs[place].lead == "school_head" else CELLS[(turn + place) % len(CELLS)]


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

    def dossier(self, index: int, story: Story, cell: Cell) -> DossierPlan:
        """One dossier; its own random source, so that its neighbours do not change it."""
        rng = dice(self._seed, index)
        days = self._days(rng, story)
        person = self._mint.person(rng, self._birth(rng, story, days[-1]))
        cast = _cast(rng, story, cell)
        writer = Writer(rng, person, age_on(person.birth_date, self._start), self._notes)
        minutes = _minutes(rng, days)
        steps = tuple(_planned(step, day, minute, cast, writer) for step, day, minute in zip(story.steps, days, minutes, strict=True))
        contacts = self._mint.contacts(rng, person) if any(step.act == "contact" for step in steps) else Contacts()
        lead = cast["lead"] if story.lead else ""
        return DossierPlan(index, story.key, story.ends, cell.key, cast["sender"], cast["steward"], lead, person, contacts, steps)

    def _birth(self, rng: random.Random, story: Story, last_day: int) -> date:
        """Of the story's age on day 0; whoever is followed until majority turns eighteen just before the last day."""
        if story.reason == "majority":
            return birthday_before(self._start + timedelta(days=last_day - rng.randint(0, 9)), _MAJORITY)
        low, high = (max(age, self._youngest) for age in story.ages)
        return born(rng, rng.randint(low, high), self._start)

    def _days(self, rng: random.Random, story: Story) -> list[int]:
        """Working days, never back in time, with a little delay where life had room for one."""
        first, late, days = _first_day(rng, story), 0, [0]
        for step, before in zip(story.steps, (story.steps[0], *story.steps), strict=False):
            late += rng.randint(0, 1) if step.after - before.after > 3 else 0
            days.append(max(days[-1], self._working(first + step.after + late)))
        return days[1:]

    def _working(self, day: int) -> int:
        """The same day, or the Monday after a weekend."""
        weekday = (self._start + timedelta(days=day)).weekday()
        return day + (7 - weekday if weekday > _FRIDAY else 0)


def _first_day(rng: random.Random, story: Story) -> int:
    """Saisines still waiting are recent, open dossiers have news of the last weeks, closed ones lie anywhere."""
    if story.ends == "received":
        return rng.randint(*_RECEIVED)
    latest = LAST_DAY - story.length - len(story.steps) - 2
    earliest = FIRST_DAY if story.ends == "closed" else max(FIRST_DAY, _OPEN_UNTIL - story.length)
    return rng.randint(earliest, max(earliest, latest))


def _minutes(rng: random.Random, days: list[int]) -> list[int]:
    """Office hours; acts of one day follow each other by some minutes."""
    minutes: list[int] = []
    for position, day in enumerate(days):
        same = position > 0 and days[position - 1] == day
        minutes.append(minutes[-1] + rng.randint(3, 20) if same else rng.randint(_MORNING, _EVENING))
    return minutes


def _cast(rng: random.Random, story: Story, cell: Cell) -> dict[str, str]:
    """Role of the story -> username, and two institutions: the school's name, the sender's key.

    The peer is never the lead; the deputy keeps one northern dossier in eight.
    """
    stewards, social = members(cell.key, "coordinator"), members(cell.key, "social_worker")
    school, police = members(cell.key, "school_head"), members(cell.key, "municipal_police")
    steward = stewards[-1] if rng.randrange(8) == 0 else stewards[0]
    lead = school[0] if story.lead == "school_head" else rng.choice(social)
    peer = rng.choice([persona for persona in social if persona is not lead])
    sender: dict[str, Persona] = {"school": school[0], "social": rng.choice(social), "police": rng.choice(police), "steward": steward}
    roles = {"sender": sender[story.sender], "steward": steward, "lead": lead, "peer_social": peer, "school": school[0]}
    roles["police"] = sender["police"]
    usernames = {role: persona.username for role, persona in roles.items()}
    names = {institution.key: institution.name for institution in INSTITUTIONS}
    return {**usernames, "establishment": names[school[0].institution], "sender_institution": roles["sender"].institution}


def _planned(step: Step, day: int, minute: int, cast: Mapping[str, str], writer: Writer) -> PlannedStep:
    extra = dict(step.extra)
    if step.act == "share":
        extra["to"] = cast[str(extra["to"])]
    if step.act == "schooling":
        extra |= {"establishment": cast["establishment"], "absences": writer.absences()}
    if extra.get("origin") == "social_service" and cast["sender_institution"] == "prevention":
        extra["origin"] = "specialised_prevention"
    text = writer.write(step)
    return PlannedStep(day, minute, cast[step.who], step.who, step.act, step.kind, step.compartment, text, MappingProxyType(extra))
