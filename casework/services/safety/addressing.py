"""*Consigne d'adressage*: of a child's file, nothing goes to a holder of parental authority but through one person.

The association knows the child's number and nothing else of the file; it types it, and the answer is the same whether that number exists,
is archived, is behind a wall or is nobody's: the same words, the same statements, leaves and key operations. Where there is no such file
the whole act is done upon another one and taken back. Source: charter, articles 18 and 31; decision 5.
"""

import re
from dataclasses import dataclass

from sqlalchemy import Select, select

from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.content import Entry
from casework.models.dossiers import Compartment, Dossier
from casework.models.support import AddressingRule
from casework.services.access import Held, find_unopened
from casework.services.actor import Actor
from casework.services.attention.alerts import people_in, tell
from casework.services.dossier.entries import deposit, new_submission
from casework.services.drafts import EntryDraft
from casework.services.membership.standing import STEWARD
from casework.services.safety.consignes import follows_children
from casework.services.terms import PARIS, refuse
from casework.services.typed import clean, problem
from casework.services.unit import Unit, reading, writing
from casework.wording import says

SET = "addressing.set"
KIND = "addressing"
ALERT = "addressing_set"
PLACES = ("contact", "confidential")
"""Where the deposit goes, the first that the file has."""
LONGEST = 200
_NUMBER = re.compile(r"\d{4}-\d{4,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ConsigneDraft:
    """What the association types: the number of a child's file, and whom to go through."""

    number: str
    through: str


class NoSuchFile(NotFound):
    """Nothing was written, and nobody is told."""


def prepare(actor: Actor) -> int:
    """How long the name of the person to go through may be. Raises NotFound for professions that set no consigne."""
    with reading(actor, SET) as unit:
        unit.require([unit.situation()])
        return LONGEST


def set(actor: Actor, draft: ConsigneDraft) -> None:  # noqa: A001  # always called as addressing.set, the act's own name
    """Set a consigne, if that file exists. Whoever asks is never told. Raises InvalidInput for what cannot be taken, before anything is
    looked for, and NotFound for professions that set none.
    """
    try:
        with writing(actor, SET) as unit:
            unit.require([unit.situation()])
            number, text = _checked(draft)
            unit.trace.show(number)
            held, real = _looked_for(unit, number)
            _put(held, text)
            _keep(unit, real=real)
    except NoSuchFile:
        return
    _same_turn(actor)


def lift(actor: Actor, number: str) -> None:
    """Lift the consignes that the actor set on that file, if there are any. Whoever asks is never told. Raises as `set`."""
    try:
        with writing(actor, SET) as unit:
            unit.require([unit.situation()])
            asked = _checked_number(number)
            refuse({"number": None if asked else WRONG_NUMBER})
            unit.trace.show(asked)
            mine = unit.session.scalars(_rules_of(unit, asked)).all()
            other = unit.session.scalars(select(AddressingRule).where(AddressingRule.lifted_at.is_(None)).limit(1)).all()
            for rule in list(mine) or list(other):
                _end(unit, rule)
            _keep(unit, real=bool(mine))
    except NoSuchFile:
        return
    _same_turn(actor)


WRONG_NUMBER = says("Un numéro de dossier s’écrit ainsi : 2026-0042.")


def _checked_number(typed: str) -> str:
    found = clean(typed)
    return found if _NUMBER.fullmatch(found) else ""


def _checked(draft: ConsigneDraft) -> tuple[str, str]:
    number, text = _checked_number(draft.number), clean(draft.through)
    refuse({"number": None if number else WRONG_NUMBER, "through": problem(text, LONGEST)})
    return number, text


def _looked_for(unit: Unit, number: str) -> tuple[Held, bool]:
    """The file, or another one like it upon which the same is done, and which of the two. Raises NoSuchFile where there is none at all."""
    asked = unit.session.scalar(_files(unit).where(Dossier.number == number))
    other = unit.session.scalar(_files(unit).order_by(Dossier.id).limit(1))
    try:
        held = find_unopened(unit, asked or other or "")
    except NotFound as gone:  # archived, or shut to the actor, by somebody who was waited for: they are told no more than of any other
        raise NoSuchFile(SET) from gone
    return held, asked is not None


def _files(unit: Unit) -> Select[str]:
    """Ids of the files of children that are there for the actor, and have a place for a deposit."""
    young = [code for code, each in unit.charter.programmes.items() if follows_children(each)]
    placed = select(Compartment.dossier_id).where(Compartment.kind.in_(PLACES))
    return (
        select(Dossier.id)
        .where(Dossier.programme.in_(young), Dossier.status != "archived", Dossier.id.in_(placed))
        .where(Dossier.id.not_in(unit.apart.numbers))
    )


def _put(held: Held, text: str) -> None:
    """The deposit, the flag, and word to those who keep the file."""
    unit = held.unit
    place = next(each for kind in PLACES for each in held.compartments if each.kind == kind)
    draft = EntryDraft(KIND, place.kind, unit.now.astimezone(PARIS).date(), text, new_submission(), readers="")
    entry = deposit(held, place, draft, text)
    unit.session.add(AddressingRule(id=new_id(), version=1, dossier_id=held.dossier.id, entry_id=entry, set_at=unit.now))
    lead = [held.dossier.lead_id] if held.dossier.lead_id else []
    tell(unit, [*lead, *people_in(unit, held.cell.id, STEWARD)], ALERT, number=held.dossier.number)


def _rules_of(unit: Unit, number: str) -> Select[AddressingRule]:
    """Living consignes that the actor set on this file."""
    return (
        select(AddressingRule)
        .join(Dossier, Dossier.id == AddressingRule.dossier_id)
        .join(Entry, Entry.id == AddressingRule.entry_id)
        .where(Dossier.number == number, Entry.author_id == unit.actor.user_id, AddressingRule.lifted_at.is_(None))
        .where(Dossier.id.not_in(unit.apart.numbers))
    )


def _keep(unit: Unit, *, real: bool) -> None:
    """Send the rows to the database; raise NoSuchFile, which takes them back, where they were written upon another file."""
    unit.session.flush()
    if not real:
        raise NoSuchFile(SET)


def _end(unit: Unit, rule: AddressingRule) -> None:
    rule.lifted_at = unit.now
    rule.version += 1


def _same_turn(actor: Actor) -> None:
    """What was taken back leaves its leaf in a transaction of its own: what was kept takes as many turns."""
    with actor.instance.database.writing():
        return
