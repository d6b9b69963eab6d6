"""Sharing: whoever holds a compartment gives it to a named person whom the charter lets read it, until a date."""

from datetime import datetime

from casework.charter import Situation
from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.services import boxes
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.admissions import member
from casework.services.certificates import user_holder
from casework.services.unit import writing
from casework.vault.trust import Certified

GIVE = "share.give"
END = "share.end"
SHARED = "shared"


def give(actor: Actor, number: str, kinds: list[str], to: str, *, until: datetime | None) -> str:
    """Share compartments of a dossier with a member of its cell; returns the share's id.

    Raises NotFound for what one may not give or does not hold, InvalidInput when the charter does not let that person read a kind.
    """
    with writing(actor, GIVE) as unit:
        held = find(unit, number)
        receiver = member(unit.session, unit.instance, held.cell.id, to, unit.now)
        if receiver is None:
            raise InvalidInput({"to": "Cette personne n’est pas membre de la cellule."})
        share = new_id()
        for kind in kinds:
            _give_one(held, kind, receiver, share, until)
        unit.trace.facts |= {"holder": receiver.subject, "share": share}
        return share


def _give_one(held: Held, kind: str, receiver: Certified, share: str, until: datetime | None) -> None:
    unit, compartment = held.unit, held.compartment(kind)
    unit.require(held.situations(kind))
    content = held.key(compartment, action=GIVE) if compartment is not None else None
    if compartment is None or content is None:
        raise NotFound(unit.action)
    situation = Situation(receiver.claims["profession"], SHARED, held.dossier.programme, held.dossier.status, kind)
    if not unit.check("compartment.read", [situation]).permitted:
        label = unit.charter.vocabulary.kinds[kind].label
        raise InvalidInput({"kinds": f"La charte ne permet pas à cette personne de lire le volet « {label} »."})
    holder = user_holder(unit.session, unit.instance.anchor, receiver.subject)
    boxes.give(unit, compartment, content, holder, SHARED, reference=share, until=until)
    unit.trace.show(held.dossier.number, kind)


def end(actor: Actor, number: str, share: str) -> None:
    """End a share: its boxes are deleted, nothing else changes. By whoever may give each of its parts, also once the dossier is closed."""
    with writing(actor, END) as unit:
        held = find(unit, number)
        given = boxes.of_reference(unit, held.dossier.id, SHARED, share)
        kinds = {compartment.kind for _, compartment in given if compartment.owner_id in ("", actor.user_id)}
        if not given or len(kinds) != len(given):
            raise NotFound(unit.action)
        for kind in sorted(kinds):
            unit.require(held.situations(kind))
            unit.trace.show(number, kind)
        for box, _ in given:
            unit.session.delete(box)
        unit.trace.facts |= {"ended": share}
