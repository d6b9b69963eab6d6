"""The first line of a file: whether to call now, until when, and how. Worked out when the page is made, and true for that minute."""

from datetime import datetime

from casework.charter import Charter, agree
from casework.services.access import Held, only_a_part
from casework.services.safety import hours, rules, safe_contact
from casework.services.safety.safe_contact import CALLED, IN_PERSON, NOBODY, THIRD, SafeContact
from casework.services.safety.views import CallNow

OPEN = ""
RESERVED, MISSING, FORBIDDEN, IN_THE_FLESH, OTHER = "reserved", "missing", "none", "in_person", "other_channel"
NO_NUMBER, NO_HOURS, UNREAD, CLOSED = "no_number", "no_hours", "unread", "closed"
ENDED, CHANGED = rules.WITHDRAWN, "changed"
"""Why not to call now. ENDED: the person withdrew their agreement; neither number nor word is shown. CHANGED: what was passed on stands no
more, and its recipient goes through whoever sent it."""


def first_line(held: Held) -> CallNow | None:
    """The first line of a dossier for this reader; None where the person may be reached as anybody, or the reader has but a part.

    Whoever does not open `safety` is told to go through somebody, and nothing of it.
    """
    kinds = {each.kind for each in held.compartments if each.id in held.boxes}
    if not safe_contact.guarded(held) or only_a_part(held.titles, kinds):
        return None
    now = held.unit.now
    if not safe_contact.opens(held):
        return CallNow(now=False, why=RESERVED, at=now, through=safe_contact.through(held))
    if rules.withdrawn(held):
        return CallNow(now=False, why=ENDED, at=now)
    found = safe_contact.of(held)
    return line(held.unit.charter, found, now) if found is not None else CallNow(now=False, why=MISSING, at=now)


def line(charter: Charter, found: SafeContact, now: datetime) -> CallNow:
    """The first line that a safe contact makes at this moment, for somebody who reads it."""
    why = why_not(found, now)
    windows = found.windows or ()
    until = hours.open_at(windows, now) if why == OPEN else None
    then = hours.next_opening(windows, now) if why == CLOSED else None
    words = charter.vocabulary.safe_channels
    instead = agree(words[found.channel].label, "n") if found.channel not in CALLED and found.channel in words else ""
    return CallNow(
        now=why == OPEN, why=why, at=now, until=until, then=then, number=found.value, instead=instead, hours=hours.shown(found.hours),
        introduction=found.introduction, code_word=found.code_word, limits=found.limits_shown,
        must_not_answer=found.must_not_answer, interpreter=found.interpreter,
    )  # fmt: skip


def why_not(found: SafeContact, moment: datetime) -> str:
    """Why not to call at a moment; empty when one may. What is not certain is a no.

    Somebody the person trusts may be called at any hour, unless hours were recorded.
    """
    if found.channel in {NOBODY, IN_PERSON}:
        return FORBIDDEN if found.channel == NOBODY else IN_THE_FLESH
    if found.channel not in CALLED:
        return OTHER if found.channel else MISSING
    if not found.value:
        return NO_NUMBER
    if found.windows is None:
        return UNREAD
    if not found.windows:
        return OPEN if found.channel == THIRD else NO_HOURS
    return OPEN if hours.open_at(found.windows, moment) is not None else CLOSED
