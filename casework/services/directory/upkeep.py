"""Looking after the directory, one service at a time: a steward adds, corrects, closes, opens again."""

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.directory import Service
from casework.services.actor import Actor
from casework.services.directory import checking
from casework.services.directory.catalogue import lists
from casework.services.directory.rows import KEEP, draft_of, identity, keeping, signatories, today, write
from casework.services.directory.views import ServiceDraft, ServiceForm
from casework.services.terms import refuse
from casework.services.unit import Unit, reading, writing
from casework.wording import says


def compose(actor: Actor, service_id: str = "") -> ServiceForm:
    """What the form offers, for a new service or for one that is open. Raises NotFound."""
    with reading(actor, KEEP) as unit:
        unit.require(keeping(unit))
        if not service_id:
            return ServiceForm(ServiceDraft(), 0, lists(unit))
        row = _open(unit, service_id)
        return ServiceForm(draft_of(row), row.version, lists(unit))


def add(actor: Actor, draft: ServiceDraft) -> str:
    """Put a service into the directory; returns its id. Raises InvalidInput, also for one that is there already."""
    with writing(actor, KEEP) as unit:
        unit.require(keeping(unit))
        draft = _checked(unit, draft)
        row = Service(id=new_id(), version=1, state_on=today(unit))
        write(unit, row, draft, signatories(unit))
        unit.session.add(row)
        unit.trace.facts["service"] = row.id
        return row.id


def change(actor: Actor, service_id: str, draft: ServiceDraft, *, seen: int) -> None:
    """Correct a service. seen: the row's version when the form was opened. Raises InvalidInput, also when somebody else was faster."""
    with writing(actor, KEEP) as unit:
        unit.require(keeping(unit))
        row = _open(unit, service_id)
        if row.version != seen:
            raise InvalidInput({"form": says("Ce service a été modifié entre-temps. Rouvrez-le, puis corrigez-le.")})
        draft = _checked(unit, draft, row)
        known = signatories(unit)  # a query between the changes of a row would write half of them
        if draft != draft_of(row):
            row.version += 1
            write(unit, row, draft, known)


def close(actor: Actor, service_id: str) -> None:
    """Offer it no longer. What was sent there keeps its name. Raises NotFound, also for one that is closed."""
    with writing(actor, KEEP) as unit:
        unit.require(keeping(unit))
        row = _open(unit, service_id)
        row.closed_at, row.author_id, row.version = unit.now, unit.actor.user_id, row.version + 1


def reopen(actor: Actor, service_id: str) -> None:
    """Offer it again. Raises NotFound, also for one that is open."""
    with writing(actor, KEEP) as unit:
        unit.require(keeping(unit))
        row = unit.session.get(Service, service_id, with_for_update=True)
        if row is None or row.closed_at is None:
            raise NotFound(KEEP)
        unit.trace.facts["service"] = row.id
        row.closed_at, row.updated_at, row.author_id, row.version = None, unit.now, unit.actor.user_id, row.version + 1


def _open(unit: Unit, service_id: str) -> Service:
    row = unit.session.get(Service, service_id, with_for_update=unit.writes or None)
    if row is None or row.closed_at is not None:
        raise NotFound(KEEP)
    unit.trace.facts["service"] = row.id
    return row


def _checked(unit: Unit, draft: ServiceDraft, row: Service | None = None) -> ServiceDraft:
    """The draft as it will be written. Raises InvalidInput."""
    draft = checking.cleaned(draft)
    found = checking.problems(unit.charter, draft)
    if not found:
        other = unit.session.scalar(select(Service).where(Service.identity == identity(draft.name, draft.institution)))
        if other is not None and other is not row:
            found["name"] = taken(other)
        elif row is None or (row.state, row.state_until) != (draft.state, draft.state_until):
            found |= past(unit, draft)
    refuse(found)
    return draft


def past(unit: Unit, draft: ServiceDraft) -> dict[str, str]:
    """A new day of capacity that is over already."""
    if draft.state_until is not None and draft.state_until < today(unit):
        return {"state_until": says("Cette date est passée : choisissez une date à venir.")}
    return {}


def taken(other: Service) -> str:
    """Why a name is not free."""
    if other.closed_at is not None:
        return says("Ce service est dans l’annuaire, et fermé. Rouvrez-le depuis la liste des services fermés.")
    return says("Ce service est déjà dans l’annuaire.")
