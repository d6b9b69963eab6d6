"""`/orientations`: what my services received, what goes out of the dossiers I follow, and what waits for me."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from casework.models.directory import Service
from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut
from casework.models.people import Institution
from casework.services.actor import Actor
from casework.services.dossier.contents import full_name
from casework.services.keys.keychain import Keychain
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.orientation import contacts, mine, steps, wording
from casework.services.orientation.telling import PERSON
from casework.services.orientation.views import OrientationBoard, OrientationLine
from casework.services.reasons import label
from casework.services.search.shelf import Shelf
from casework.services.unit import Unit, reading
from casework.services.views import Choice
from casework.wording import says

INBOX = "orientation.inbox"
SHOWN = 100
ANSWER, OPEN, OUTCOME, SEND, SILENT, CONTACT = "answer", "open", "outcome", "send", "silent", "contact"
"""What waits for me: to open it, to answer it, to say how the appointment went, to send it, to ask why nobody answers, to pass on the safe
contact that changed.
"""

FINISHED = says("Terminée")


def inbox(actor: Actor) -> OrientationBoard:
    """Received and sent orientations, those that wait for me first. Of one that ended, its recipient is told that and nothing else."""
    with reading(actor, INBOX) as unit:
        unit.require([unit.situation()])
        keychain = Keychain(unit)
        arrived = unit.session.scalars(
            mine.received(unit, keychain).order_by(ReferralOut.sent_at.desc(), ReferralOut.id).limit(SHOWN)
        ).all()
        past = unit.session.scalars(mine.over(unit).order_by(ReferralOut.ended_at.desc(), ReferralOut.id).limit(SHOWN)).all()
        out = unit.session.scalars(mine.followed(unit, keychain).order_by(ReferralOut.created_at.desc(), ReferralOut.id).limit(SHOWN)).all()
        words = _Words(unit, [*arrived, *past, *out])
        people = _people(unit, keychain, sorted({each.dossier_id for each in out}))
        for each in (*arrived, *past, *out):
            unit.trace.show(words.numbers[each.dossier_id], *(("identity",) if people.get(each.dossier_id) and each in out else ()))
        received = [*(words.arrived(each) for each in arrived), *(words.over(each) for each in past)]
        sent = [words.sent(each, people.get(each.dossier_id)) for each in out]
        unit.trace.hits = len(received) + len(sent)
        return OrientationBoard(
            tuple(sorted(received, key=lambda each: (each.over, not each.waits))),
            tuple(sorted(sent, key=lambda each: (each.over, not each.waits))),
        )


class _Words:
    """Looks up what the lines say, once for all of them."""

    def __init__(self, unit: Unit, rows: Sequence[ReferralOut]) -> None:
        self._unit, session = unit, unit.session
        self.numbers: dict[str, str] = {
            row.id: row.number
            for row in session.execute(select(Dossier.id, Dossier.number).where(Dossier.id.in_({each.dossier_id for each in rows})))
        }
        services, places = {each.service_id for each in rows}, {each.institution_id for each in rows}
        self._services = {
            row.id: row.name for row in session.execute(select(Service.id, Service.name).where(Service.id.in_(services - {None})))
        }
        self._institutions = {
            row.id: row.name for row in session.execute(select(Institution.id, Institution.name).where(Institution.id.in_(places - {None})))
        }
        query = select(ReferralOut.id).where(ReferralOut.id.in_({each.id for each in rows}), contacts.stale())
        self._stale = frozenset(session.scalars(query))
        named = {each.author_id for each in rows} | {each.holder_id for each in rows if each.holder_id and each.channel == PERSON}
        self._people: Mapping[str, Professional] = professionals(session, unit.instance.anchor, named)

    def arrived(self, row: ReferralOut) -> OrientationLine:
        """A living one of mine, as its recipient."""
        waits = OPEN if row.status == steps.SENT else ANSWER if row.status == steps.RECEIVED else self._outcome(row)
        return self._line(row, wording.status_of(self._unit, row.status), waits)

    def over(self, row: ReferralOut) -> OrientationLine:
        """One that ended: not why, nor how."""
        return self._line(row, Choice(steps.ENDED, FINISHED), "", over=True)

    def sent(self, row: ReferralOut, person: str | None) -> OrientationLine:
        """One of a dossier I follow."""
        late = row.sent_at is not None and row.status in steps.WAITING and row.sent_at <= self._unit.now - mine.ANSWERED_WITHIN
        over = row.status in steps.OVER
        waits = SEND if row.status == steps.PROPOSED else SILENT if late else self._outcome(row)
        waits = CONTACT if row.id in self._stale and not over else waits
        return self._line(row, wording.status_of(self._unit, row.status), waits, person=person, over=over, reason=True)

    def _outcome(self, row: ReferralOut) -> str:
        return OUTCOME if row.status in steps.PLANNED and row.meets_at is not None and row.meets_at < self._unit.now else ""

    def _line(
        self, row: ReferralOut, status: Choice, waits: str, *, person: str | None = None, over: bool = False, reason: bool = False
    ) -> OrientationLine:
        holder = self._people.get(row.holder_id or "", UNKNOWN).name if row.channel == PERSON else ""
        to = holder or self._services.get(row.service_id or "", "") or self._institutions.get(row.institution_id or "", "")
        author = self._people.get(row.author_id, UNKNOWN)
        return OrientationLine(
            id=row.id,
            number=self.numbers[row.dossier_id],
            person=person,
            need=label(self._unit.charter.meetings.needs, row.need),
            to=to,
            from_whom=author.institution,
            status=status,
            since=row.ended_at or row.sent_at or row.created_at,
            meets_at=row.meets_at if row.status in steps.PLANNED else None,
            reason=steps.label_of(self._unit.charter, row.status, row.reason) if reason else "",
            waits=waits,
            over=over,
        )


def _people(unit: Unit, keychain: Keychain, dossier_ids: Sequence[str]) -> dict[str, str | None]:
    """Dossier id -> name, None where I may not read it."""
    shelf = Shelf(unit, keychain, dossier_ids)
    return {held.dossier.id: full_name(texts) if (texts := shelf.identity(held)) else None for held in shelf}
