"""Sharing: whoever holds a compartment gives it to a named person whom the charter lets read it, until a date."""

from datetime import datetime

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.cells import Habilitation
from casework.models.people import User
from casework.services import boxes
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.certificates import certified_profession, user_holder
from casework.services.standing import alive
from casework.services.unit import Unit, writing

GIVE = "share.give"
SHARED = "shared"


def give(actor: Actor, number: str, kinds: list[str], to: str, *, until: datetime | None) -> str:
    """Share compartments of a dossier with a member of its cell; returns the share's id.

    Raises NotFound for what one may not give or does not hold, InvalidInput when the charter does not let that person read a kind.
    """
    with writing(actor, GIVE) as unit:
        held = find(unit, number)
        receiver = _member(unit, held, to)
        share = new_id()
        for kind in kinds:
            _give_one(held, kind, receiver, share, until)
        unit.trace.facts |= {"holder": receiver, "share": share}
        return share


def _give_one(held: Held, kind: str, receiver: str, share: str, until: datetime | None) -> None:
    unit, compartment = held.unit, held.compartment(kind)
    unit.require(held.situations(kind))
    content = held.key(compartment, action=GIVE) if compartment is not None else None
    if content is None:
        raise NotFound(unit.action)
    profession = certified_profession(unit.session, unit.instance.anchor, receiver)
    situation = Situation(profession, SHARED, held.dossier.programme, held.dossier.status, kind)
    if not unit.check("compartment.read", [situation]).permitted:
        label = unit.charter.vocabulary.kinds[kind].label
        raise InvalidInput({"kinds": f"La charte ne permet pas à cette personne de lire le volet « {label} »."})
    boxes.give(unit, content, user_holder(unit.session, receiver), SHARED, reference=share, until=until)
    unit.trace.show(held.dossier.number, kind)


def end(actor: Actor, number: str, share: str) -> None:
    """End a share: its boxes are deleted, nothing else changes. By whoever may give."""
    with writing(actor, GIVE) as unit:
        held = find(unit, number)
        unit.require(held.situations("identity"))
        if not boxes.end_reference(unit, held.dossier.id, SHARED, share):
            raise NotFound(unit.action)
        unit.trace.facts |= {"ended": share}


def _member(unit: Unit, held: Held, username: str) -> str:
    found = unit.session.scalar(
        select(User.id)
        .join(Habilitation, Habilitation.user_id == User.id)
        .where(User.username == username, Habilitation.cell_id == held.dossier.cell_id, alive(unit.now))
        .limit(1)
    )
    if found is None:
        raise InvalidInput({"to": "Cette personne n’est pas membre de la cellule."})
    return found
