"""A call becomes a saisine to the victims' cell: safe contact first, then what the person agrees to, then who, needs and measures.

The story of the facts is never asked, and nobody types it. What a person who refuses said is dropped: a counter goes up, nothing else.
"""

from dataclasses import astuple

from sqlalchemy import delete

from casework.charter import agree
from casework.errors import InvalidInput
from casework.models.attention import Draft
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.content import Measure, Person, SafeContact, Situation, SupportRequest
from casework.models.dossiers import Dossier
from casework.services import submissions
from casework.services.access import Held
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.membership.standing import STEWARD
from casework.services.reasons import choices
from casework.services.record import measure_ends
from casework.services.referral import arriving
from casework.services.referral.arriving import SEND
from casework.services.referral.sent import family_of, receipt_of
from casework.services.support import awaiting, refusals
from casework.services.support.call_checks import Checked, check
from casework.services.support.drafts import CallDraft
from casework.services.support.views import CallPreparation, CallReceipt
from casework.services.support.words import AGREEMENTS, NEEDS, REFUSED, TOLD, takes_calls
from casework.services.terms import PARIS
from casework.services.typed import is_submission
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice
from casework.wording import says

FORM = "call"
"""The form whose draft goes with what was sent (`record.saved_drafts`)."""


def prepare(actor: Actor, cell: str = "", draft: CallDraft | None = None) -> CallPreparation:
    """The cells that take calls, and the closed lists of the one chosen: the cell named, or the only one there is.

    draft: what was typed so far, looked at without being sent. Raises NotFound where no cell of the actor's takes calls.
    """
    with reading(actor, SEND) as unit:
        cells = _cells(unit)
        unit.require([unit.situation(arriving.role(unit, each), each.programme) for each in cells])
        chosen = next((each for each in cells if each.id == cell or len(cells) == 1), None)
        offered = tuple(Choice(each.id, each.name) for each in cells)
        return CallPreparation(offered) if chosen is None else _lists(unit, chosen, offered, draft)


def send(actor: Actor, draft: CallDraft) -> CallReceipt:
    """Keep what was noted during a call: a saisine, sealed like any other; or, refused, one more in a counter and nothing else.

    The same submission twice makes one. Raises NotFound, or InvalidInput with what is wrong in each field.
    """
    return submissions.once(lambda: _send(actor, draft))


def _send(actor: Actor, draft: CallDraft) -> CallReceipt:
    with writing(actor, SEND) as unit:
        cell = next((each for each in _cells(unit) if each.id == draft.cell), None)
        unit.require([unit.situation(arriving.role(unit, cell), cell.programme)] if cell is not None else [])
        assert cell is not None  # noqa: S101  # without a cell there is no permit
        _drop_draft(unit)
        if draft.agreement == REFUSED:
            _count(unit, cell, draft)
            return CallReceipt(_agreement(REFUSED))
        token = submissions.token(actor, draft.submission, [str(value) for value in astuple(draft)])
        sent = family_of(unit, token) or [_create(unit, cell, draft, token)]
        row = awaiting.state_of(unit, sent[0].id)
        keeps = cell.id in unit.facts.cells_as(STEWARD)
        return CallReceipt(
            agreement=_agreement(row.state if row else draft.agreement),
            receipt=receipt_of(unit, cell, sent, sent[0]),
            due=row.due if row else None,
            until=None if keeps else sent[0].received_at + unit.charter.support.reread,
        )


def _cells(unit: Unit) -> list[Cell]:
    return [each for each in arriving.cells(unit) if takes_calls(unit.charter.programmes[each.programme])]


def _lists(unit: Unit, cell: Cell, offered: tuple[Choice, ...], draft: CallDraft | None) -> CallPreparation:
    charter, programme = unit.charter, unit.charter.programmes[cell.programme]
    return CallPreparation(
        cells=offered,
        cell=Choice(cell.id, cell.name),
        commune=cell.commune,
        origins=choices(programme.origins),
        motives=choices(programme.motives),
        channels=choices(charter.vocabulary.safe_channels),
        limits=choices(charter.vocabulary.safe_limits),
        agreements=tuple(_agreement(state) for state in TOLD),
        unasked=choices(charter.support.unasked),
        sexes=choices(charter.vocabulary.sexes),
        needs=tuple(Choice(code, agree(charter.meetings.needs[code].label, "n")) for code in NEEDS),
        measures=choices(programme.measures),
        keeps_contact=_keeps(unit, cell),
        due=awaiting.last_day(unit),
        problems=_check(unit, cell, draft).problems if draft is not None and draft.agreement != REFUSED else {},
    )


def _agreement(state: str) -> Choice:
    return Choice(state, AGREEMENTS.get(state, state))


def _keeps(unit: Unit, cell: Cell) -> bool:
    return arriving.service(unit, cell) is not None


def _check(unit: Unit, cell: Cell, draft: CallDraft) -> Checked:
    today = unit.now.astimezone(PARIS).date()
    return check(unit.charter, unit.charter.programmes[cell.programme], draft, today=today, keeps_contact=_keeps(unit, cell))


def _create(unit: Unit, cell: Cell, draft: CallDraft, token: str) -> Dossier:
    found = _check(unit, cell, draft)
    if found.problems:
        raise InvalidInput(found.problems)
    dossier = arriving.receive(unit, cell, submissions.of_child(token, 0))
    said = found.situation | {"reported_by": f"{unit.actor.name}, {unit.actor.function}"}
    if any(found.safety.values()):
        arriving.put(unit, dossier, "safety", (SafeContact(id=new_id(), version=1), found.safety))
    arriving.put(unit, dossier, "identity", (Person(id=new_id(), version=1), found.person))
    request = (SupportRequest(id=new_id(), version=1), found.request)
    arriving.put(unit, dossier, "confidential", (Situation(id=new_id(), version=1), said), request)
    _measures(unit, cell, dossier, found)
    unit.session.flush()
    awaiting.keep(unit, dossier.id, draft.agreement, reason=draft.reason)
    return dossier


def _measures(unit: Unit, cell: Cell, dossier: Dossier, found: Checked) -> None:
    """The measures that are known, with the last day by law where it was not said; each last day is kept for reminders."""
    held, rows = Held(unit, Keychain(unit), dossier, cell, (), {}), []
    for texts in found.measures:
        last = measure_ends.legal_end(unit, texts)
        until = texts["until"] or (last.isoformat() if last else "")
        rows.append((Measure(id=new_id(), version=1), texts | {"until": until}))
    if rows:
        arriving.put(unit, dossier, "judicial", *rows)
    for row, texts in rows:
        measure_ends.keep(held, row.id, texts["until"])


def _count(unit: Unit, cell: Cell, draft: CallDraft) -> None:
    """One refusal more. The same form twice counts once."""
    if not is_submission(draft.submission):
        raise InvalidInput({"submission": says("Ce formulaire n’est plus valable : rechargez la page.")})
    unit.trace.facts["agreement"] = REFUSED
    if refusals.is_first(unit, draft.submission):
        refusals.count(unit, cell.id)


def _drop_draft(unit: Unit) -> None:
    """What was being typed goes in the same act, whatever the person answered."""
    unit.session.execute(delete(Draft).where(Draft.user_id == unit.actor.user_id, Draft.form == FORM))
