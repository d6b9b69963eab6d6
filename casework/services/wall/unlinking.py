"""Ending a link between two dossiers, set apart by mistake or no longer in need of it: by somebody who holds both, and by nobody else.

That is whoever stays on both sides by a reasoned act: for everybody else one of the two does not exist. The gates that the link set are
taken away; no key is given back by this act. Nobody who held one side is told. Source: domain 3.18; charter, articles 20 and 29.
"""

from sqlalchemy import select

from casework.errors import InvalidInput
from casework.models.dossiers import Conflict
from casework.models.walls import BothSides, DossierLink
from casework.services.access import find, hold, linked
from casework.services.actor import Actor
from casework.services.apart import AWAITED, WALL
from casework.services.attention import alerts
from casework.services.terms import refuse
from casework.services.unit import Unit, writing
from casework.services.wall import staying
from casework.services.wall.linking import LINK
from casework.wording import says

ENDED = "link_over"
NOT_APART = says("Vous ne tenez pas de dossier à ce numéro, ou il n’est pas séparé de celui-ci.")
REASON = says("Choisissez un motif de la liste.")


def unlink(actor: Actor, number: str, other_number: str, reason: str) -> None:
    """End the link of two dossiers, and what it shut. The data-protection officer is told that, and not of which.

    Raises NotFound for whoever may not on the first, InvalidInput for every other number that they do not hold, whatever the reason, for
    two that are not apart and for a reason outside the list.
    """
    with writing(actor, LINK) as unit:
        hold(unit, number, other_number.strip())
        held = find(unit, number)
        unit.require(held.situations())
        refuse({"ending": None if reason in unit.charter.support.link_endings else REASON})
        other = staying.found(unit, other_number.strip())
        link = staying.between(unit, number, other_number.strip())
        if other is None or link is None:
            raise InvalidInput({"apart": NOT_APART})
        unit.trace.facts |= {"link": link.id, "reason": reason, "holders": _open(unit, link)}
        link.ended_at, link.version = unit.now, link.version + 1
        out = linked(unit, held.dossier.id) | linked(unit, other.dossier.id)
        alerts.tell(unit, set(alerts.protection_officers(unit)) - out, ENDED, reference=link.id)


def _open(unit: Unit, link: DossierLink) -> int:
    """Take away the gates that this link set, and the places that nobody took; how many gates. Walls that somebody set for themselves, and
    personal links that were said, stand; so do the reasons of those who stayed, for whoever reviews them."""
    sides = Conflict.dossier_id.in_((link.dossier_id, link.other_id))
    made = (Conflict.origin == WALL) & (Conflict.author_id == link.author_id) & (Conflict.declared_at == link.made_at)
    gates = unit.session.scalars(select(Conflict).where(sides, made)).all()
    kept = select(BothSides).where(BothSides.link_id == link.id, BothSides.reason == AWAITED)
    for row in [*gates, *unit.session.scalars(kept)]:
        unit.session.delete(row)
    return len(gates)
