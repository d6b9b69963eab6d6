"""Reviewing accès urgents: within 72 hours, by the data-protection officer, who opens the reason and never the dossier."""

from sqlalchemy import select

from casework.errors import InvalidInput
from casework.models.dossiers import UrgentAccess
from casework.services.access import shut
from casework.services.actor import Actor
from casework.services.emergency.typed_reasons import FOR_OVERSIGHT, open_as_oversight
from casework.services.emergency.urgent_lines import context, lines
from casework.services.emergency.views import UrgentReason, UrgentReviews
from casework.services.reasons import choices
from casework.services.unit import Unit, reading, writing
from casework.wording import says

REVIEW = "urgent.review"
DONE = 50


def waiting(actor: Actor) -> UrgentReviews:
    """The accesses to review, the first due first, and the last ones reviewed. Raises NotFound for whoever may not."""
    with reading(actor, REVIEW) as unit:
        unit.require([unit.situation()])
        query = select(UrgentAccess).where(UrgentAccess.dossier_id.not_in(unit.apart_from))
        todo = query.where(UrgentAccess.reviewed_at.is_(None)).order_by(UrgentAccess.opened_at, UrgentAccess.id)
        done = query.where(UrgentAccess.reviewed_at.is_not(None)).order_by(UrgentAccess.reviewed_at.desc(), UrgentAccess.id).limit(DONE)
        found = UrgentReviews(
            tuple(lines(unit, unit.session.scalars(todo))),
            tuple(lines(unit, unit.session.scalars(done))),
        )
        unit.trace.hits = len(found.waiting)
        for each in (*found.waiting, *found.done):
            unit.trace.show(each.number)
        return found


def read(actor: Actor, access_id: str) -> UrgentReason:
    """One access with the reason that was typed, opened with the oversight ring's secret.

    Raises NotFound for an unknown one, one's own, or a ring one is not in; TamperedError for a row that was altered.
    """
    with reading(actor, REVIEW) as unit:
        access = _found(unit, access_id)
        (line,) = lines(unit, [access])
        unit.trace.show(line.number)
        return UrgentReason(line, _typed(unit, access), choices(unit.charter.vocabulary.urgent_findings))


def decide(actor: Actor, access_id: str, finding: str) -> None:
    """Say what the review found, once. Raises InvalidInput for a finding outside the list or an access reviewed already, and as `read`."""
    with writing(actor, REVIEW) as unit:
        access = _found(unit, access_id)
        _typed(unit, access)  # nobody passes judgement on a row that does not open
        if access.reviewed_at is not None:
            raise InvalidInput({"form": says("Cet accès a déjà été revu.")})
        if finding not in unit.charter.vocabulary.urgent_findings:
            raise InvalidInput({"finding": says("Choisissez une conclusion de la liste.")})
        access.reviewed_at, access.reviewer_id, access.finding = unit.now, actor.user_id, finding
        access.version += 1
        (line,) = lines(unit, [access])
        unit.trace.show(line.number)
        unit.trace.facts["finding"] = finding


def _found(unit: Unit, access_id: str) -> UrgentAccess:
    """An access that somebody else opened."""
    unit.require([unit.situation()])
    access = unit.session.get(UrgentAccess, access_id, with_for_update=True) if unit.writes else unit.session.get(UrgentAccess, access_id)
    shut(unit, access.dossier_id if access is not None and access.user_id != unit.actor.user_id else None)
    assert access is not None  # noqa: S101 - refused just above
    unit.trace.facts |= {"access": access.id}
    return access


def _typed(unit: Unit, access: UrgentAccess) -> str:
    return open_as_oversight(unit, access.epoch_id, access.for_oversight, context(unit, access, FOR_OVERSIGHT))
