"""The saisines I sent: numbers and state, nothing of their content and nothing of what was decided beyond « reçue, orientée, close »."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from casework.charter import Verdict
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.services import submissions
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.referral.views import Receipt
from casework.services.support.words import takes_calls
from casework.services.terms import PARIS
from casework.services.typed import MAX_FACTS
from casework.services.unit import Unit, reading
from casework.services.views import Choice, SentReferral
from casework.wording import says

FOLLOW = "referral.follow"
ADD = "referral.add"
EXAMINED_WITHIN = timedelta(days=15)
"""« Recevabilité » (domain 6.2)."""

SHOWN = 20
TOLD = {"received": says("reçue"), "open": says("orientée"), "closed": says("close")}
"""What a sender is told of a status (domain 2.20). A saisine that was not retained and a follow-up that ended look the same."""


def sent_referrals(unit: Unit) -> tuple[SentReferral, ...]:
    """My newest saisines, where the charter lets their reporter follow them."""
    rows = unit.session.execute(
        select(Dossier, Cell.name)
        .join(Cell, Cell.id == Dossier.cell_id)
        .where(Dossier.reporter_id == unit.actor.user_id, Dossier.cell_id.in_(unit.facts.cells), Dossier.id.not_in(unit.apart_from))
        .order_by(Dossier.received_at.desc(), Dossier.number)
        .limit(SHOWN)
    ).all()
    found = []
    for dossier, cell in rows:
        verdict = _as_reporter(unit, dossier, FOLLOW)
        if verdict.permitted:
            unit.trace.rules.add(verdict.rule)
            unit.trace.show(dossier.number)
            found.append(_line(dossier, cell))
    return tuple(found)


def mine(actor: Actor) -> tuple[SentReferral, ...]:
    """The saisines I sent, newest first. Raises NotFound for professions that never send any."""
    with reading(actor, FOLLOW) as unit:
        if not unit.charter.combinations(FOLLOW, actor.profession):
            unit.require([])
        sent = sent_referrals(unit)
        unit.trace.hits = len(sent)
        return sent


def follow(actor: Actor, number: str) -> Receipt:
    """The receipt of a saisine I sent, with its state now. Raises NotFound, alike for unknown and somebody else's."""
    with reading(actor, FOLLOW) as unit:
        held = find(unit, number)
        require_reporter(held)
        return receipt_of(unit, held.cell, family_of(unit, held.dossier.submission), held.dossier)


def require_reporter(held: Held) -> None:
    """Raise NotFound unless the actor sent this saisine and the charter lets its reporter do what the unit is about."""
    unit, dossier = held.unit, held.dossier
    mine = dossier.reporter_id == unit.actor.user_id
    unit.require([unit.situation("reporter", dossier.programme, dossier.status)] if mine else [])


def family_of(unit: Unit, submission: str) -> list[Dossier]:
    """All that I sent together under this submission, by number."""
    together = Dossier.submission.startswith(submissions.family(submission))
    mine = (Dossier.reporter_id == unit.actor.user_id) & Dossier.id.not_in(unit.apart_from)
    query = select(Dossier).where(mine, together).order_by(Dossier.number)
    return list(unit.session.scalars(query))


def receipt_of(unit: Unit, cell: Cell, sent: Sequence[Dossier], asked: Dossier) -> Receipt:
    """The receipt, and the trace of every number on it; those that may no longer be followed are left out."""
    shown = [each for each in sent if _as_reporter(unit, each, FOLLOW).permitted]
    for each in shown:
        unit.trace.show(each.number)
    return Receipt(
        number=asked.number,
        lines=tuple(_line(each, cell.name) for each in shown),
        cell=cell.name,
        programme=unit.charter.programmes[asked.programme].label,
        sent_at=asked.received_at,
        answer_by=answer_by(asked),
        may_add=_as_reporter(unit, asked, ADD).permitted,
        max_facts=MAX_FACTS,
        storyless=takes_calls(unit.charter.programmes[asked.programme]),
    )


def answer_by(dossier: Dossier) -> date:
    """The last day for examining it."""
    return dossier.received_at.astimezone(PARIS).date() + EXAMINED_WITHIN


def _as_reporter(unit: Unit, dossier: Dossier, action: str) -> Verdict:
    return unit.check(action, [unit.situation("reporter", dossier.programme, dossier.status)])


def _line(dossier: Dossier, cell: str) -> SentReferral:
    return SentReferral(dossier.number, cell, dossier.received_at, Choice(dossier.status, TOLD[dossier.status]))
