"""Dossiers: my list, and opening one."""

from collections.abc import Iterator

from sqlalchemy import Select, func, select

from casework.models.cells import Cell
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier_page import person_of, view_of
from casework.services.keychain import Keychain
from casework.services.people import professionals
from casework.services.reasons import choice, reason
from casework.services.sent import sent_referrals
from casework.services.unit import Unit, reading
from casework.services.views import DossierLine, DossierPage, DossierView

PAGE = 25


def list_mine(actor: Actor, page: int = 1) -> DossierPage:
    """The dossiers I can open, soonest date first, and the exact count. A join on my boxes: it cannot show what I cannot open."""
    with reading(actor, "dossier.list") as unit:
        if not unit.charter.combinations("dossier.list", actor.profession):
            unit.require([])
        keychain = Keychain(unit)
        visible = _visible(unit, keychain)
        count = unit.session.scalar(select(func.count()).select_from(visible.subquery())) or 0
        pages = max(1, -(-count // PAGE))
        page = min(max(1, page), pages)
        rows = unit.session.execute(
            select(Dossier, Cell)
            .join(Cell, Cell.id == Dossier.cell_id)
            .where(Dossier.id.in_(visible))
            .order_by(Dossier.next_date.is_(None), Dossier.next_date, Dossier.number.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE)
        ).all()
        unit.trace.hits = count
        lines = tuple(_lines(unit, keychain, [(row[0], row[1]) for row in rows]))
        return DossierPage(lines, count, page, pages, sent_referrals(unit) if page == 1 else ())


def _visible(unit: Unit, keychain: Keychain) -> Select[str]:
    """Ids of the dossiers whose identity I hold under a title by which the charter lists them."""
    law = unit.charter.list_filter(
        "dossier.list", unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status
    )
    return (
        select(Dossier.id)
        .join(Compartment, (Compartment.dossier_id == Dossier.id) & (Compartment.kind == "identity"))
        .join(Box, Box.compartment_id == Compartment.id)
        .where(keychain.live(), Dossier.cell_id.in_(unit.facts.cells), law)
        .distinct()
    )


def _lines(unit: Unit, keychain: Keychain, rows: list[tuple[Dossier, Cell]]) -> Iterator[DossierLine]:
    ids = [dossier.id for dossier, _ in rows]
    identities = {
        each.dossier_id: each
        for each in unit.session.scalars(select(Compartment).where(Compartment.dossier_id.in_(ids), Compartment.kind == "identity"))
    }
    mine: dict[str, list[Box]] = {}
    for box in unit.session.scalars(select(Box).where(Box.compartment_id.in_([each.id for each in identities.values()]), keychain.live())):
        mine.setdefault(box.compartment_id, []).append(box)
    leads = professionals(unit.session, unit.instance.anchor, {dossier.lead_id for dossier, _ in rows if dossier.lead_id})
    for dossier, cell in rows:
        held = Held(unit, keychain, dossier, cell, (identities[dossier.id],), mine)
        yield _line(held, identities[dossier.id], leads[dossier.lead_id].name if dossier.lead_id else None)


def _line(held: Held, identity: Compartment, lead: str | None) -> DossierLine:
    dossier = held.dossier
    here = Held(held.unit, held.keychain, dossier, held.cell, (identity,), {identity.id: held.boxes.get(identity.id, [])})
    verdict = here.verdict("dossier.list")
    held.unit.trace.rules.add(verdict.rule)
    person = person_of(here)
    held.unit.trace.show(dossier.number, *(("identity",) if person else ()))
    return DossierLine(
        number=dossier.number,
        person=person,
        programme=held.unit.charter.programmes[dossier.programme].label,
        cell=held.cell.name,
        status=choice(held.unit.charter.vocabulary.statuses, dossier.status),
        lead=lead,
        next_date=dossier.next_date,
        reason=reason(held.unit, verdict),
    )


def open(actor: Actor, number: str) -> DossierView:  # noqa: A001  # always called as dossiers.open, the verb of the field
    """A dossier, as far as the actor's keys and the charter go. Raises NotFound, alike for unknown and forbidden."""
    with reading(actor, "dossier.open") as unit:
        held = find(unit, number)
        verdict = unit.require(held.situations())
        return view_of(held, verdict)
