"""The review before a purge: a steward looks at what a closed dossier may still keep, and says so once, with a coded finding.

The finding shortens no delay and erases nothing by itself: the retention clock of the programme does. Source: charter, articles 13 and 25.
"""

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.support import PurgeReview
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier.dossier_page import person_of
from casework.services.reasons import choice, choices
from casework.services.sharing.recipients import paris_day
from casework.services.support.views import PurgePage
from casework.services.unit import reading, writing
from casework.wording import says

REVIEW = "purge.review"


def prepare(actor: Actor, number: str) -> PurgePage:
    """The review of a dossier, open or decided. Raises NotFound where there is none."""
    with reading(actor, REVIEW) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        row = _newest(held)
        person = person_of(held)
        unit.trace.show(number, *(("identity",) if person else ()))
        findings = unit.charter.support.purge_findings
        return PurgePage(
            number=number,
            person=person,
            opened_on=paris_day(row.opened_at),
            due=row.due,
            findings=choices(findings),
            finding=choice(findings, row.finding) if row.finding in findings and row.finding else None,
            decided_on=paris_day(row.decided_at) if row.decided_at else None,
        )


def decide(actor: Actor, number: str, finding: str) -> None:
    """Record the finding. Raises NotFound where no review is open any more, InvalidInput for a finding of no list."""
    with writing(actor, REVIEW) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        row = _newest(held)
        if row.decided_at is not None:
            raise NotFound(unit.action)
        if finding not in unit.charter.support.purge_findings:
            raise InvalidInput({"finding": says("Choisissez ce que vous constatez.")})
        row.finding, row.decided_at, row.decided_by, row.version = finding, unit.now, actor.user_id, row.version + 1
        unit.trace.facts["finding"] = finding


def _newest(held: Held) -> PurgeReview:
    query = select(PurgeReview).where(PurgeReview.dossier_id == held.dossier.id).order_by(PurgeReview.opened_at.desc()).limit(1)
    row = held.unit.session.scalars(query).first()
    if row is None:
        raise NotFound(held.unit.action)
    return row
