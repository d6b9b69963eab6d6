"""The safe contact of a dossier, opened for those who read `safety`; and whether the way to the person is closed to somebody.

Source: domain 3.18 (who rings a number that the violent partner answers endangers).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.charter import Charter, agree
from casework.errors import UncertifiedKey
from casework.models.cells import Ring
from casework.models.dossiers import Compartment, Dossier
from casework.models.people import Institution
from casework.services.access import Held
from casework.services.dossier import contents
from casework.services.keys import following
from casework.services.offices.people import professionals
from casework.services.safety import hours
from casework.services.safety.hours import Hours
from casework.wording import listed

SAFETY, CONTACT = "safety", "contact"
CALLED = frozenset({"call", "third_person"})
"""Safe channels that are a call: to the person, or to somebody they trust."""
WRITTEN = frozenset({"message", "mail"})
IN_PERSON, NOBODY, THIRD = "in_person", "none", "third_person"
PASSING = frozenset({"convened", "secretary", "owner", "addressed", "elected"})
"""Titles that bring somebody by, or tell them what is decided: they reach nobody, and are not told who follows."""


@dataclass(frozen=True, slots=True)
class SafeContact:
    """How to reach somebody without endangering them. windows: None where the hours do not read."""

    channel: str
    value: str
    hours: str
    windows: Hours | None
    introduction: str
    code_word: str
    limits: frozenset[str]
    limits_shown: str
    limits_read: bool
    must_not_answer: str
    interpreter: str
    address: str


def of(held: Held) -> SafeContact | None:
    """The safe contact, where the actor reads `safety` and one was recorded. Notes the compartment as shown."""
    compartment = held.compartment(SAFETY)
    key = held.key(compartment) if compartment is not None else None
    if compartment is None or key is None:
        return None
    held.unit.trace.show(held.dossier.number, SAFETY)
    rows = contents.rows_of(held, compartment, key)
    return read(held.unit.charter, rows[0]) if rows else None


def read(charter: Charter, texts: Mapping[str, str]) -> SafeContact:
    """The safe contact that a row's opened texts say, wherever the row lies: in `safety`, or in what went with an orientation."""
    words = charter.vocabulary.safe_limits
    limits = frozenset(texts["limits"].split())
    read = limits <= set(words)
    return SafeContact(
        channel=texts["channel"],
        value=texts["value"],
        hours=texts["hours"],
        windows=hours.read(texts["hours"]),
        introduction=texts["introduction"],
        code_word=texts["code_word"],
        limits=limits if read else frozenset(),
        limits_shown=listed(agree(word.label, "n") for code, word in words.items() if code in limits) if read else texts["limits"],
        limits_read=read,
        must_not_answer=texts["must_not_answer"],
        interpreter=texts["interpreter"],
        address=texts["address"],
    )


def guarded(held: Held) -> bool:
    """Whether the person is reached by their safe contact alone: there is one, or the programme keeps no other."""
    return held.compartment(SAFETY) is not None or not held.unit.charter.programmes[held.dossier.programme].has(CONTACT)


def guards(session: Session, charter: Charter, dossier: Dossier) -> bool:
    """`guarded`, for whoever holds one part of a dossier, or a link, and is told no more of it than this."""
    if not charter.programmes[dossier.programme].has(CONTACT):
        return True
    there = select(Compartment.id).where(Compartment.dossier_id == dossier.id, Compartment.kind == SAFETY)
    return session.scalar(there) is not None


def opens(held: Held) -> bool:
    """Whether the actor reads `safety` here."""
    compartment = held.compartment(SAFETY)
    return compartment is not None and held.readable(compartment)[1] is not None


def shut(held: Held) -> bool:
    """Whether the way to the person is closed to the actor: reached by a safe contact that they do not open."""
    return guarded(held) and not opens(held)


def through(held: Held) -> str:
    """Whom to go through: the service that follows, else the lead; empty where neither is known, or is not this reader's to know."""
    if held.titles <= PASSING:
        return ""
    unit = held.unit
    try:
        epoch = following.service_of(unit, held.dossier)
    except UncertifiedKey:
        epoch = None
    ring = unit.session.get(Ring, epoch.ring_id) if epoch is not None else None
    house = unit.session.get(Institution, ring.institution_id) if ring is not None and ring.institution_id else None
    if house is not None:
        return house.name
    lead = held.dossier.lead_id
    if lead is None or lead == unit.actor.user_id:
        return ""
    people = professionals(unit.session, unit.instance.anchor, [lead])
    return people[lead].name if lead in people else ""
