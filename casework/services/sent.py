"""The saisines I sent: number and state, nothing of their content."""

from sqlalchemy import select

from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.services.reasons import choice
from casework.services.unit import Unit
from casework.services.views import SentReferral

SHOWN = 20


def sent_referrals(unit: Unit) -> tuple[SentReferral, ...]:
    """My newest saisines, where the charter lets their reporter follow them."""
    rows = unit.session.execute(
        select(Dossier, Cell.name)
        .join(Cell, Cell.id == Dossier.cell_id)
        .where(Dossier.reporter_id == unit.actor.user_id, Dossier.cell_id.in_(unit.facts.cells))
        .order_by(Dossier.received_at.desc())
        .limit(SHOWN)
    ).all()
    found = []
    for dossier, cell in rows:
        verdict = unit.check("referral.follow", [unit.situation("reporter", dossier.programme, dossier.status)])
        if verdict.permitted:
            unit.trace.rules.add(verdict.rule)
            unit.trace.show(dossier.number)
            found.append(SentReferral(dossier.number, cell, dossier.received_at, choice(unit.charter.vocabulary.statuses, dossier.status)))
    return tuple(found)
