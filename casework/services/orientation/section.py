"""The section « Orientations » of a dossier's page: each with its state, its date and why it ended, for those who follow it."""

from collections.abc import Iterator

from sqlalchemy import select

from casework.models.orientations import ReferralOut
from casework.services.access import Held
from casework.services.orientation import mine, steps, targets, wording
from casework.services.orientation.telling import PERSON
from casework.services.reasons import label
from casework.services.views import OrientationOfDossier


def lines(held: Held) -> Iterator[OrientationOfDossier]:
    """The orientations of a dossier the actor holds, newest first, where the charter lets them follow these."""
    unit = held.unit
    if not held.verdict(mine.FOLLOW).permitted:
        return
    query = select(ReferralOut).where(ReferralOut.dossier_id == held.dossier.id, mine.settled())
    rows = unit.session.scalars(query.order_by(ReferralOut.created_at.desc(), ReferralOut.id)).all()
    names = targets.names_of(held, [_ends(row) for row in rows])
    for row in rows:
        yield OrientationOfDossier(
            id=row.id,
            need=label(unit.charter.meetings.needs, row.need),
            to=names[_ends(row)],
            status=wording.status_of(unit, row.status),
            since=row.ended_at or row.sent_at or row.created_at,
            meets_at=row.meets_at if row.status in steps.PLANNED else None,
            reason=steps.label_of(unit.charter, row.status, row.reason),
            over=row.status in steps.OVER,
        )


def name(held: Held, referral: ReferralOut) -> str:
    """To whom it goes, in words."""
    return targets.name_of(held, *_ends(referral))


def _ends(referral: ReferralOut) -> targets.Ends:
    return referral.service_id, referral.institution_id, referral.holder_id if referral.channel == PERSON else None


def carried(held: Held) -> frozenset[str]:
    """Ids of the extracts that go with orientations: they show on the orientation's own page, not among the dossier's parts."""
    ids = [each.id for each in held.compartments if each.kind == "extract"]
    found = held.unit.session.scalars(select(ReferralOut.extract_id).where(ReferralOut.extract_id.in_(ids))) if ids else ()
    return frozenset(each for each in found if each)
