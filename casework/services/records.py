"""The record of a dossier: contact points and school situation, written by those who keep it."""

from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.content import ContactPoint, Schooling
from casework.services import compartments
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.sealing import seal
from casework.services.typed import clean, problem
from casework.services.unit import writing
from casework.vault.content import ContentKey

WRITE = "record.write"
MAX_VALUE = 200


def add_contact(actor: Actor, number: str, label: str, value: str) -> None:
    """Add a phone, an address or a legal representative. Raises NotFound or InvalidInput."""
    _add(actor, number, "contact", ContactPoint(id=new_id(), version=1), {"label": label, "value": value})


def set_schooling(actor: Actor, number: str, establishment: str, level: str, absences: str) -> None:
    """Add the school situation. Raises NotFound or InvalidInput."""
    texts = {"establishment": establishment, "level": level, "absences": absences}
    _add(actor, number, "school", Schooling(id=new_id(), version=1), texts)


def _add(actor: Actor, number: str, kind: str, row: ContactPoint | Schooling, texts: dict[str, str]) -> None:
    texts = {name: clean(text) for name, text in texts.items()}
    problems = {name: found for name, text in texts.items() if (found := problem(text, MAX_VALUE))}
    with writing(actor, WRITE) as unit:
        held = find(unit, number)
        unit.require(held.situations(kind))
        if problems:
            raise InvalidInput(problems)
        content = _content(held, kind)
        row.compartment_id = content.scope
        seal(row, content, texts)
        unit.session.add(row)
        unit.trace.show(number, kind)


def _content(held: Held, kind: str) -> ContentKey:
    compartment = held.compartment(kind)
    if compartment is None:
        return compartments.make(held.unit, held.dossier, kind, compartments.grants_for(held, kind))
    content = held.key(compartment)
    if content is None:
        raise NotFound(held.unit.action)
    compartments.deposit_chain(held, compartment, content)
    return content
