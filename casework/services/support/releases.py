"""A release from prison: somebody of the service types an alert on the victim's own dossier, and those who follow her are told at once.

It is never derived from another dossier, whoever it is about; and the application tells the person nothing itself.
Source: art. D.1-11-2 CPP; charter, articles 18 and 27; domain 3.15.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.content import Entry
from casework.services.access import Held, find, linked
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.dossier import contents, readers
from casework.services.dossier.dossier_page import person_of
from casework.services.dossier.entries import put, token_of
from casework.services.drafts import EntryDraft
from casework.services.terms import PARIS, refuse
from casework.services.typed import clean, is_submission, problem
from casework.services.unit import Unit, reading, writing
from casework.wording import says

WARN = "release.warn"
KIND, SAFETY = "release_alert", "safety"
TOLD = "release_alert"
"""Kind of the alert: a code and a number, like any other."""

SERVICE = "service"
LONGEST = 200
SOONEST, FARTHEST = timedelta(days=31), timedelta(days=366 * 3)
"""How long ago, and how far ahead, a day of release may be."""


@dataclass(frozen=True, slots=True)
class ReleaseDraft:
    """An alert as the form sends it. day: of the release, where it is known."""

    day: date | None
    text: str
    submission: str


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """What the form needs. wish: `yes`, `no`, or `unsaid`; None for somebody who keeps no part of what protects her."""

    number: str
    person: str | None
    wish: str | None
    today: date
    longest: int


def prepare(actor: Actor, number: str) -> ReleasePage:
    """Whether she wishes to be told, before anything is typed. Raises NotFound for whoever warns of nothing on this dossier."""
    with reading(actor, WARN) as unit:
        held = _door(unit, number)
        person = person_of(held)
        unit.trace.show(number, *(("identity",) if person else ()))
        return ReleasePage(number, person, _wish(held), _today(unit), LONGEST)


def warn(actor: Actor, number: str, draft: ReleaseDraft) -> str:
    """Write the alert among what protects her, and tell her lead and her service; returns the note's id. The same form twice is one alert.

    Whoever does not read that part deposits it. Raises NotFound, and InvalidInput with what is wrong in each field.
    """
    with writing(actor, WARN) as unit:
        held = _door(unit, number)
        body = _checked(unit, draft)
        note = EntryDraft(KIND, SAFETY, _today(unit), body, draft.submission, readers="")
        known = unit.session.scalar(
            select(Entry.id).where(Entry.submission == token_of(unit, number, note), Entry.author_id == actor.user_id)
        )
        if known is not None:
            return known
        entry = put(held, SAFETY, note, body)
        alerts.tell(unit, _followers(held), TOLD, number=number, reference=entry)
        return entry


def _door(unit: Unit, number: str) -> Held:
    held = find(unit, number)
    unit.require(held.situations())
    if held.compartment(SAFETY) is None:
        raise NotFound(unit.action)  # a saisine makes it; without it nobody keeps what protects her
    return held


def _wish(held: Held) -> str | None:
    compartment = held.compartment(SAFETY)
    key = held.key(compartment) if compartment is not None else None
    if compartment is None or key is None:
        return None
    held.unit.trace.show(held.dossier.number, SAFETY)
    return next((texts["release_wish"] for texts in contents.rows_of(held, compartment, key) if texts["release_wish"]), "unsaid")


def _checked(unit: Unit, draft: ReleaseDraft) -> str:
    """The body of the note. Raises InvalidInput."""
    text, today = clean(draft.text), _today(unit)
    strange = draft.day is not None and not today - SOONEST <= draft.day <= today + FARTHEST
    refuse(
        {
            "text": problem(text, LONGEST),
            "day": says("Cette date est trop ancienne ou trop lointaine.") if strange else None,
            "submission": None if is_submission(draft.submission) else says("Ce formulaire n’est plus valable : rechargez la page."),
        }
    )
    when = says("Sortie annoncée pour le %(day)s.", day=f"{draft.day:%d/%m/%Y}") if draft.day else says("Date de sortie inconnue.")
    return f"{when} {text}"


def _followers(held: Held) -> set[str]:
    """Her lead and the members of the service that keeps what protects her; nobody with a personal link."""
    lead = {held.dossier.lead_id} if held.dossier.lead_id else set()
    service = {each.user_id for each in readers.holdings(held) if each.kind == SAFETY and each.title == SERVICE}
    return (lead | service) - linked(held.unit, held.dossier.id)


def _today(unit: Unit) -> date:
    return unit.now.astimezone(PARIS).date()
