"""A complement to a saisine: its sender deposits a note, and reads nothing."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.errors import InvalidInput, NotFound
from casework.models.content import Entry
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.attention.alerts import people_in, tell
from casework.services.dossier.entries import deposit, token_of
from casework.services.drafts import EntryDraft
from casework.services.membership.standing import STEWARD
from casework.services.referral.sent import ADD, require_reporter
from casework.services.terms import PARIS
from casework.services.typed import MAX_FACTS, clean, is_submission, problem
from casework.services.unit import writing
from casework.wording import says

KIND = "complement"
PLACE = "confidential"


def add(actor: Actor, number: str, body: str, submission: str) -> None:
    """Deposit a complement into what the cell shares, and tell the lead and the stewards. The same form twice makes one.

    Raises NotFound unless the actor sent this saisine and it is received or open; InvalidInput for a text that cannot be taken.
    """
    try:
        _add(actor, number, body, submission)
    except IntegrityError:  # the same form arrived twice at once: the other one has just been committed
        _add(actor, number, body, submission)


def _add(actor: Actor, number: str, body: str, submission: str) -> None:
    text = clean(body)
    with writing(actor, ADD) as unit:
        held = find(unit, number)
        require_reporter(held)
        _check(text, submission)
        today = unit.now.astimezone(PARIS).date()
        draft = EntryDraft(KIND, PLACE, today, text, submission, readers="")
        place = held.compartment(PLACE)
        if place is None:
            raise NotFound(unit.action)
        if unit.session.scalar(select(Entry.id).where(Entry.submission == token_of(unit, number, draft))) is None:
            deposit(held, place, draft, text)
            tell(unit, _concerned(held), KIND, number=number)
        unit.trace.show(number, PLACE)


def _check(text: str, submission: str) -> None:
    found = {}
    if wrong := problem(text, MAX_FACTS, lines=True):
        found["body"] = wrong
    if not is_submission(submission):
        found["submission"] = says("Ce formulaire n’est plus valable : rechargez la page.")
    if found:
        raise InvalidInput(found)


def _concerned(held: Held) -> list[str]:
    lead = [held.dossier.lead_id] if held.dossier.lead_id else []
    return [*lead, *people_in(held.unit, held.cell.id, STEWARD)]
