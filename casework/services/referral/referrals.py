"""« Saisir la cellule »: a situation arrives, about one child or several of the same family.

Its sender makes the compartments, seals them to those who keep them, and re-reads for 15 minutes. One dossier and one key each, all or
none.
"""

from dataclasses import astuple
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.errors import InvalidInput
from casework.models.base import new_id
from casework.models.cells import Cell, Ring
from casework.models.content import ContactPoint, Person, SafeContact, SealedRow, Situation
from casework.models.dossiers import Dossier, DossierCounter
from casework.services import submissions
from casework.services.actor import Actor
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.keys import compartments
from casework.services.keys.certificates import SERVICE
from casework.services.keys.compartments import Grant, standing_grants
from casework.services.keys.sealing import layout, seal
from casework.services.membership.standing import MEMBER, STEWARD
from casework.services.reasons import choices
from casework.services.referral.referral_checks import MAX_CHILDREN, contact_kind, follows_youth, problems
from casework.services.referral.sent import family_of, receipt_of
from casework.services.referral.views import Receipt, ReferralPreparation
from casework.services.terms import PARIS
from casework.services.typed import MAX_FACTS, clean
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice

SEND = "referral.send"
REREAD = timedelta(minutes=15)
PHONE = "phone"
"""Code of `record_fields.CONTACTS`."""


def prepare(actor: Actor, cell: str = "", draft: ReferralDraft | None = None) -> ReferralPreparation:
    """The cells one may refer to, and the closed lists of the one chosen: the cell named, or the only one there is.

    draft: what was typed so far, looked at without being sent. Raises NotFound when there is no cell.
    """
    with reading(actor, SEND) as unit:
        cells = _cells(unit)
        unit.require([unit.situation(_role(unit, each), each.programme) for each in cells])
        chosen = next((each for each in cells if each.id == cell or len(cells) == 1), None)
        offered = tuple(Choice(each.id, each.name) for each in cells)
        if chosen is None:
            return ReferralPreparation(offered)
        programme, contact = unit.charter.programmes[chosen.programme], _contact(unit, chosen)
        return ReferralPreparation(
            cells=offered,
            cell=Choice(chosen.id, chosen.name),
            programme=programme.label,
            commune=chosen.commune,
            origins=choices(programme.origins),
            motives=choices(programme.motives),
            sexes=choices(unit.charter.vocabulary.sexes),
            contact=contact,
            minors=follows_youth(programme),
            max_facts=MAX_FACTS,
            max_children=MAX_CHILDREN,
            problems=problems(unit.charter, programme, draft, now=unit.now, contact=contact) if draft else {},
        )


def send(actor: Actor, draft: ReferralDraft) -> Receipt:
    """Send a saisine. The same submission twice makes one. Raises InvalidInput with what is wrong in each field of each child."""
    try:
        return _send(actor, draft)
    except IntegrityError:  # the same form arrived twice at once: the other one has just been committed
        return _send(actor, draft)


def _send(actor: Actor, draft: ReferralDraft) -> Receipt:
    with writing(actor, SEND) as unit:
        cell = next((each for each in _cells(unit) if each.id == draft.cell), None)
        unit.require([unit.situation(_role(unit, cell), cell.programme)] if cell is not None else [])
        assert cell is not None  # noqa: S101 - without a cell there is no permit
        token = submissions.token(actor, draft.submission, [str(value) for value in astuple(draft)])
        sent = family_of(unit, token) or _create_all(unit, cell, draft, token)
        return receipt_of(unit, cell, sent, sent[0])


def _create_all(unit: Unit, cell: Cell, draft: ReferralDraft, token: str) -> list[Dossier]:
    programme, contact = unit.charter.programmes[cell.programme], _contact(unit, cell)
    if not programme.opened:
        raise InvalidInput({"cell": programme.refusal})
    found = problems(unit.charter, programme, draft, now=unit.now, contact=contact)
    if found:
        raise InvalidInput(found)
    shared = {
        "origin": draft.origin,
        "motives": " ".join(dict.fromkeys(draft.motives)),
        "facts": clean(draft.facts),
        "reported_by": f"{unit.actor.name}, {unit.actor.function}",
        "informed": "yes" if draft.informed else "no",
    }
    return [_create(unit, cell, child, shared, submissions.of_child(token, index)) for index, child in enumerate(draft.children)]


def _create(unit: Unit, cell: Cell, child: ChildDraft, shared: dict[str, str], submission: str) -> Dossier:
    dossier = Dossier(
        id=new_id(), version=1, number=_next_number(unit), cell_id=cell.id, programme=cell.programme, status="received",
        received_at=unit.now, reporter_id=unit.actor.user_id, submission=submission, service_ring_id=_service(unit, cell),
    )  # fmt: skip
    unit.session.add(dossier)
    unit.session.flush()
    assert child.birth_date is not None  # noqa: S101 - checked with all the rest
    names = {name: clean(getattr(child, name)) for name in ("first_name", "last_name", "commune")}
    person = {**names, "sex": child.sex, "birth_date": child.birth_date.isoformat()}
    _add_row(unit, dossier, "identity", Person(id=new_id(), version=1), person)
    _add_row(unit, dossier, "confidential", Situation(id=new_id(), version=1), shared)
    kind, said = contact_kind(unit.charter.programmes[cell.programme]), clean(child.contact)
    if said and kind == "contact":
        _add_row(unit, dossier, kind, ContactPoint(id=new_id(), version=1), {"label": PHONE, "value": said})
    elif said:
        _add_row(unit, dossier, kind, SafeContact(id=new_id(), version=1), {"value": said})
    return dossier


def _add_row(unit: Unit, dossier: Dossier, kind: str, row: SealedRow, texts: dict[str, str]) -> None:
    """A compartment with its first row. Its sender re-reads it for a while, where the charter lets them."""
    grants = list(standing_grants(unit, dossier, kind))
    author = unit.situation("author", dossier.programme, dossier.status, kind)
    steward = dossier.cell_id in unit.facts.cells_as(STEWARD)
    if not steward and unit.check("compartment.read", [author]).permitted:
        grants.append(Grant(unit.actor.user_id, to_ring=False, title="author", until=unit.now + REREAD))
    content = compartments.make(unit, dossier, kind, grants)
    row.compartment_id = content.scope
    seal(row, content, dict.fromkeys(layout(type(row)).confidential, "") | texts)
    unit.session.add(row)
    unit.trace.show(dossier.number, kind)


def _contact(unit: Unit, cell: Cell) -> str:
    """What a saisine to this cell may say about reaching the person: nothing that nobody would keep."""
    kind = contact_kind(unit.charter.programmes[cell.programme])
    return "" if kind == "safety" and _service(unit, cell) is None else kind


def _service(unit: Unit, cell: Cell) -> str | None:
    """The cell's only service ring, where the programme keeps a safe contact: it keeps `safety` from the first moment."""
    if contact_kind(unit.charter.programmes[cell.programme]) != "safety":
        return None
    rings = unit.session.scalars(select(Ring.id).where(Ring.kind == SERVICE, Ring.cell_id == cell.id, Ring.dossier_id.is_(None))).all()
    return rings[0] if len(rings) == 1 else None


def _cells(unit: Unit) -> list[Cell]:
    """The cells I am in and may refer to."""
    found = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name))
    return [cell for cell in found if unit.check(SEND, [unit.situation(_role(unit, cell), cell.programme)]).permitted]


def _role(unit: Unit, cell: Cell) -> str:
    return STEWARD if cell.id in unit.facts.cells_as(STEWARD) else MEMBER


def _next_number(unit: Unit) -> str:
    """2026-0042: the year in Paris and the next count of that year."""
    year = unit.now.astimezone(PARIS).year
    counter = unit.session.get(DossierCounter, year, with_for_update=True)
    if counter is None:
        counter = DossierCounter(year=year, last=0)
        unit.session.add(counter)
    counter.last += 1
    return f"{year}-{counter.last:04d}"
