"""How a situation arrives: a new dossier with its number, and the compartments that its sender makes and re-reads for a while.

Shared by every form that brings one to a cell (`referrals`, `support.intake`).
"""

from collections.abc import Mapping

from sqlalchemy import select

from casework.models.base import new_id
from casework.models.cells import Cell, Ring
from casework.models.content import SealedRow
from casework.models.dossiers import Dossier, DossierCounter
from casework.services.keys import compartments
from casework.services.keys.certificates import SERVICE
from casework.services.keys.compartments import Grant, standing_grants
from casework.services.keys.sealing import layout, seal
from casework.services.membership.standing import MEMBER, STEWARD
from casework.services.referral.referral_checks import contact_kind
from casework.services.terms import PARIS
from casework.services.unit import Unit

SEND = "referral.send"

Sealing = tuple[SealedRow, Mapping[str, str]]
"""A new row, without its compartment, and its texts; columns without one are sealed empty."""


def cells(unit: Unit) -> list[Cell]:
    """The cells I am in and may refer to."""
    found = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name))
    return [cell for cell in found if unit.check(SEND, [unit.situation(role(unit, cell), cell.programme)]).permitted]


def role(unit: Unit, cell: Cell) -> str:
    """The actor's position in one of their cells, for whoever sends a saisine."""
    return STEWARD if cell.id in unit.facts.cells_as(STEWARD) else MEMBER


def service(unit: Unit, cell: Cell) -> str | None:
    """The cell's only service ring, where the programme keeps a safe contact: it keeps `safety` from the first moment."""
    if contact_kind(unit.charter.programmes[cell.programme]) != "safety":
        return None
    rings = unit.session.scalars(select(Ring.id).where(Ring.kind == SERVICE, Ring.cell_id == cell.id, Ring.dossier_id.is_(None))).all()
    return rings[0] if len(rings) == 1 else None


def receive(unit: Unit, cell: Cell, submission: str) -> Dossier:
    """A new dossier of this cell, status *reçue*, sent by the actor."""
    dossier = Dossier(
        id=new_id(), version=1, number=_next_number(unit), cell_id=cell.id, programme=cell.programme, status="received",
        received_at=unit.now, reporter_id=unit.actor.user_id, submission=submission, service_ring_id=service(unit, cell),
    )  # fmt: skip
    unit.session.add(dossier)
    unit.session.flush()
    return dossier


def put(unit: Unit, dossier: Dossier, kind: str, *rows: Sealing) -> None:
    """A compartment with its first rows. Its sender re-reads it for a while, where the charter lets them."""
    grants = list(standing_grants(unit, dossier, kind))
    author = unit.situation("author", dossier.programme, dossier.status, kind)
    steward = dossier.cell_id in unit.facts.cells_as(STEWARD)
    if not steward and unit.check("compartment.read", [author]).permitted:
        grants.append(Grant(unit.actor.user_id, to_ring=False, title="author", until=unit.now + unit.charter.support.reread))
    content = compartments.make(unit, dossier, kind, grants)
    for row, texts in rows:
        row.compartment_id = content.scope
        seal(row, content, dict.fromkeys(layout(type(row)).confidential, "") | dict(texts))
        unit.session.add(row)
    unit.trace.show(dossier.number, kind)


def _next_number(unit: Unit) -> str:
    """2026-0042: the year in Paris and the next count of that year."""
    year = unit.now.astimezone(PARIS).year
    counter = unit.session.get(DossierCounter, year, with_for_update=True)
    if counter is None:
        counter = DossierCounter(year=year, last=0)
        unit.session.add(counter)
    counter.last += 1
    return f"{year}-{counter.last:04d}"
