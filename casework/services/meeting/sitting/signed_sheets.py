"""The attendance sheet that was signed on paper: its reference, its scan, and who was ticked from it, entered in or after the sitting.

It stands beside what the screen noted and changes nothing of it: who was in the room for an item is a `Hearing`, and no signature says
when somebody left. So ticking after the close writes no hearing, takes none away, and gives no key. Source: issue 4, decision 0004.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from casework.charter import agree
from casework.errors import InvalidInput, NotFound, TamperedError
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.meetings import Meeting, SheetScan, SignedSheet
from casework.services import terms, typed
from casework.services.actor import Actor
from casework.services.meeting.rows import CLOSED, OPEN, PRESENT, meeting_of, require_in, seats_of
from casework.services.meeting.sitting import scans
from casework.services.meeting.sitting.attendance import ATTEND, LEFT, REFERENCE
from casework.services.meeting.sitting.sheet import places
from casework.services.meeting.sitting.sitting_views import Scan, SheetDraft, SheetKept, SheetPage, Signatory
from casework.services.membership import cell_ring
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.terms import PARIS
from casework.services.unit import Unit, reading, writing
from casework.wording import says

DIGEST = sha256().digest_size
CHANNEL = {"channel": "download"}
"""What the leaf of a scan that was handed out says beside the rest."""

EARLY = timedelta(days=1)
"""A meeting past midnight is signed the evening before, by its own clock."""
WHERE = says("Indiquez où le papier est rangé : lettres, chiffres et tirets, par exemple FP-2026-14.")


def page(actor: Actor, meeting_id: str) -> SheetPage:
    """What was recorded of the signed sheet, and everybody's place, for those who keep the attendance. Raises NotFound."""
    with reading(actor, ATTEND) as unit:
        meeting, cell = _sat(unit, meeting_id)
        everybody = seats_of(unit, meeting.id)
        signed = {seat.id: bool(seat.signed) for seat in everybody}
        there = {seat.id: seat.status in (PRESENT, LEFT) for seat in everybody}
        return SheetPage(
            meeting=meeting.id,
            kind=agree(unit.charter.meetings.kinds[meeting.kind].label, "n"),
            cell=cell.name,
            status=meeting.status,
            starts_at=meeting.starts_at,
            kept=_kept(unit, meeting),
            people=tuple(Signatory(each, signed=signed[each.id], there=there[each.id]) for each in places(unit, everybody)),
            today=_today(unit),
        )


def record(actor: Actor, meeting_id: str, draft: SheetDraft) -> None:
    """Record the sheet and its scan, in the place of the one recorded before. The same once more changes nothing.

    Raises NotFound for anybody but those who keep the attendance, InvalidInput by field, also when somebody replaced it in the meantime.
    """
    with writing(actor, ATTEND) as unit:
        meeting, cell = _sat(unit, meeting_id)
        row, reference = _row(unit, meeting), typed.clean(draft.reference)
        signed_on = _checked(unit, meeting, draft, reference)
        if row is not None and (reference, signed_on) == (row.reference, row.signed_on) and _file(unit, row) == draft.data:
            return
        _refuse_seen(row, draft)
        row = row or SignedSheet(id=new_id(), meeting_id=meeting.id, version=0)
        scan = SheetScan(id=new_id(), sheet_id=row.id)
        scan.epoch_id, scan.sealed = cell_ring.seal_bytes(
            unit, cell.id, sha256(draft.data).digest() + draft.data, table=SheetScan.__tablename__, row_id=scan.id
        )
        row.reference, row.signed_on, row.recorded_at, row.recorded_by = reference, signed_on, unit.now, actor.user_id
        row.digest, row.version = sha256(scan.sealed).digest(), row.version + 1
        unit.session.add(row)
        unit.session.flush()
        unit.session.execute(delete(SheetScan).where(SheetScan.sheet_id == row.id))
        unit.session.add(scan)
        unit.trace.facts["sheet"] = row.id


def tick(actor: Actor, meeting_id: str, chosen: Mapping[str, tuple[bool, bool]]) -> int:
    """Note who signed: seat id -> (what stood on the form, what was chosen); returns how many seats changed.

    What nobody changed on the form stays as another left it. Attendance, hearings and keys are not touched. Raises NotFound.
    """
    with writing(actor, ATTEND) as unit:
        meeting, _ = _sat(unit, meeting_id)
        if _row(unit, meeting) is None:
            raise NotFound(unit.action)
        changed = 0
        for seat in seats_of(unit, meeting.id):
            before, after = chosen.get(seat.id, (False, False))
            if after not in (before, bool(seat.signed)):
                seat.signed, seat.version, changed = after, seat.version + 1, changed + 1
        unit.trace.facts["seats"] = changed
        return changed


def scan(actor: Actor, meeting_id: str) -> Scan:
    """The scan as it was handed in, to be saved. Raises NotFound for anybody else, without one, or once it was destroyed."""
    with reading(actor, ATTEND) as unit:
        meeting, _ = _sat(unit, meeting_id)
        row = _row(unit, meeting)
        data = _file(unit, row) if row is not None else None
        kind = scans.kind_of(data or b"")
        if row is None or data is None or kind is None:
            raise NotFound(unit.action)
        unit.trace.facts |= {"sheet": row.id, **CHANNEL}
        return Scan(data, kind.media_type, kind.suffix, meeting.starts_at)


def _sat(unit: Unit, meeting_id: str) -> tuple[Meeting, Cell]:
    """A meeting that is under way or over, for those who keep its attendance. Raises NotFound."""
    meeting, cell = meeting_of(unit, meeting_id, OPEN, CLOSED)
    require_in(unit, cell)
    return meeting, cell


def _row(unit: Unit, meeting: Meeting) -> SignedSheet | None:
    return unit.session.scalar(select(SignedSheet).where(SignedSheet.meeting_id == meeting.id))


def _file(unit: Unit, row: SignedSheet) -> bytes | None:
    """The present scan; None once it was destroyed. Raises TamperedError for one that is not the sheet's own."""
    found = unit.session.scalar(select(SheetScan).where(SheetScan.sheet_id == row.id))
    if found is None:
        return None
    raw = cell_ring.open_bytes(unit, found.epoch_id, found.sealed, table=SheetScan.__tablename__, row_id=found.id)
    stated, data = raw[:DIGEST], raw[DIGEST:]
    if sha256(found.sealed).digest() != row.digest or sha256(data).digest() != stated:
        raise TamperedError("a scan is not the one that was recorded")
    return data


def _kept(unit: Unit, meeting: Meeting) -> SheetKept | None:
    row = _row(unit, meeting)
    if row is None:
        return None
    there = unit.session.scalar(select(SheetScan.id).where(SheetScan.sheet_id == row.id)) is not None
    people = professionals(unit.session, unit.instance.anchor, [row.recorded_by])
    return SheetKept(
        row.reference, row.signed_on, row.recorded_at, people.get(row.recorded_by, UNKNOWN).name, row.version,
        _until(unit, meeting).astimezone(PARIS).date() if there else None,
    )  # fmt: skip


def _until(unit: Unit, meeting: Meeting) -> datetime:
    """When a scan of this meeting is destroyed, as `meeting.destroying` counts."""
    return (meeting.closed_at or meeting.starts_at) + unit.charter.meetings.sheets


def _checked(unit: Unit, meeting: Meeting, draft: SheetDraft, reference: str) -> date:
    """The day of the signatures. Raises InvalidInput with every problem at once."""
    first = meeting.starts_at.astimezone(PARIS).date() - EARLY
    on = draft.signed_on if draft.signed_on is not None and first <= draft.signed_on <= _today(unit) else None
    late = _until(unit, meeting) <= unit.now
    terms.refuse(
        {
            "reference": None if REFERENCE.fullmatch(reference) else WHERE,
            "signed_on": None if on else says("Indiquez le jour de la signature, celui de la réunion ou après, aujourd’hui au plus tard."),
            "scan": scans.problem(draft.data),
            "form": says("Le délai de conservation de cette feuille est passé : elle ne s’enregistre plus.") if late else None,
        }
    )
    return on or first


def _refuse_seen(row: SignedSheet | None, draft: SheetDraft) -> None:
    if (row.version if row else 0) != draft.seen:
        raise InvalidInput({"form": says("Une feuille vient d’être enregistrée par quelqu’un d’autre. Vérifiez, puis recommencez.")})


def _today(unit: Unit) -> date:
    return unit.now.astimezone(PARIS).date()
