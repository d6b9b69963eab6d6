"""A cell and its members, for those who keep it: names, terms and groups, never a dossier's content."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select

from casework.charter import Situation, agree
from casework.errors import NotFound
from casework.models.cells import Cell, CharterSignature, Habilitation, Ring, RingEpoch, RingMember
from casework.models.dossiers import Dossier
from casework.services.actor import Actor
from casework.services.apart import serving
from casework.services.keys.certificates import ELECTED_RING, STEWARDS, certified_people, current_epoch
from casework.services.membership.admissions import proven
from casework.services.membership.cells import roles_for
from casework.services.membership.departures import FOLLOWED
from casework.services.membership.standing import ELECTED, MEMBER, SECRETARY, STEWARD, alive
from casework.services.offices.people import professionals
from casework.services.offices.rosters import account_lines, cell_line, described, may_sit
from casework.services.offices.views import AdmissionLists, Candidate, CellLine, CellPage, MemberLine, RingLine
from casework.services.unit import Unit, reading
from casework.services.views import Choice
from casework.wording import says

ROLES = {
    STEWARD: says("{coordonnatrice|coordonnateur|coordonnateur·rice}"),
    MEMBER: says("membre"),
    SECRETARY: says("secrétaire"),
    ELECTED: says("{élue|élu|élu·e}"),
}
RINGS = {
    STEWARDS: says("Coordination : détient les clés des volets communs"),
    "cell": says("Tous les membres : textes sans personne"),
    ELECTED_RING: says("Élu·e de la commune : identité et décisions"),
    "service": says("Service qui accompagne"),
    "duty": says("Astreinte : accès urgent"),
}
SOON = timedelta(days=30)


def mine(actor: Actor) -> tuple[CellLine, ...]:
    """The cells the actor keeps, or is secretary of. Raises NotFound when there is none."""
    with reading(actor, "cell.read") as unit:
        found = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name)).all()
        kept = [each for each in found if unit.check("cell.read", _seats(unit, each)).permitted]
        unit.require(situation for each in kept for situation in _seats(unit, each))
        unit.trace.hits = len(kept)
        return tuple(cell_line(unit, each) for each in kept)


def page(actor: Actor, cell_id: str) -> CellPage:
    """A cell: its members, its groups, the dossiers whose lead left, and what the actor may do here. Raises NotFound."""
    with reading(actor, "cell.read") as unit:
        found = _kept(unit, cell_id)
        unit.trace.facts["cell"] = found.id
        members = _members(unit, found)
        unit.trace.hits = len(members)
        without = _without_lead(unit, found.id)
        for number in without:
            unit.trace.show(number)
        return CellPage(cell_line(unit, found), members, _rings(unit, found), without, _may(unit, found))


def admission(actor: Actor, cell_id: str) -> AdmissionLists:
    """Who may be admitted to a cell, in which roles. Raises NotFound for whoever may not admit."""
    with reading(actor, "cell.read") as unit:
        found = _kept(unit, cell_id)
        unit.require(_seats(unit, found), action="member.admit")
        lines = {each.username: each for each in account_lines(unit) if may_sit(each)}
        people = certified_people(unit.session, unit.instance.anchor, (each.id for each in lines.values()))
        candidates = (
            Candidate(line.username, described(line), roles_for(unit.charter, people[line.id].claims["profession"], found.programme))
            for line in lines.values()
            if line.id in people
        )
        return AdmissionLists(
            cell_line(unit, found), tuple(candidates), tuple(Choice(code, agree(label, "n")) for code, label in ROLES.items())
        )


def _kept(unit: Unit, cell_id: str) -> Cell:
    found = unit.session.get(Cell, cell_id)
    if found is None:
        raise NotFound(unit.action)
    unit.require(_seats(unit, found))
    return found


def _seats(unit: Unit, cell: Cell) -> list[Situation]:
    roles = {each.role for each in unit.facts.admissions if each.cell_id == cell.id}
    return [unit.situation(role, cell.programme) for role in sorted(roles)]


def _may(unit: Unit, cell: Cell) -> frozenset[str]:
    """What the screen offers. Each verb asks again."""
    charged = current_epoch(unit.session, STEWARDS, cell.id) is not None
    fitting = {
        "cell.take_charge": not charged,
        "member.admit": charged,
        "member.end": charged,
        "ring.duty": charged,
        "ring.elected": charged and current_epoch(unit.session, ELECTED_RING, cell.id) is None,
    }
    seats = _seats(unit, cell)
    return frozenset(action for action, fits in fitting.items() if fits and unit.check(action, seats).permitted)


def _members(unit: Unit, cell: Cell) -> tuple[MemberLine, ...]:
    query = select(Habilitation).where(Habilitation.cell_id == cell.id, alive(unit.now))
    rows = [each for each in unit.session.scalars(query) if proven(unit.session, unit.instance, each)]
    latest = {(each.user_id, each.role): each for each in sorted(rows, key=lambda each: each.until)}
    people = professionals(unit.session, unit.instance.anchor, {each.user_id for each in rows})
    certified = certified_people(unit.session, unit.instance.anchor, people)
    signed = _signed(unit, people)
    words = unit.charter.vocabulary.professions
    lines = [
        MemberLine(
            id=each.user_id,
            name=people[each.user_id].name,
            profession=agree(words[certified[each.user_id].claims["profession"]].label, people[each.user_id].gender),
            function=people[each.user_id].function,
            institution=people[each.user_id].institution,
            role=Choice(each.role, agree(ROLES.get(each.role, each.role), people[each.user_id].gender)),
            starts=each.starts,
            until=each.until,
            soon=each.until < unit.now + SOON,
            signed=each.user_id in signed,
            mine=each.user_id == unit.actor.user_id,
        )
        for each in latest.values()
        if each.user_id in certified
    ]
    order = {role: place for place, role in enumerate(ROLES)}
    return tuple(sorted(lines, key=lambda line: (order.get(line.role.code, 9), line.name)))


def _signed(unit: Unit, user_ids: Iterable[str]) -> set[str]:
    newest = (
        select(CharterSignature.user_id, func.max(CharterSignature.signed_at).label("at"))
        .where(CharterSignature.user_id.in_(set(user_ids)))
        .group_by(CharterSignature.user_id)
        .subquery()
    )
    rows = select(CharterSignature.user_id).join(
        newest, (newest.c.user_id == CharterSignature.user_id) & (newest.c.at == CharterSignature.signed_at)
    )
    return set(unit.session.scalars(rows.where(CharterSignature.charter == unit.charter.text_version)))


def _rings(unit: Unit, cell: Cell) -> tuple[RingLine, ...]:
    """The cell's groups in their newest epoch; groups of one dossier are not told here."""
    rings = unit.session.execute(
        select(Ring.id, Ring.kind, func.max(RingEpoch.number))
        .join(RingEpoch, RingEpoch.ring_id == Ring.id)
        .where(Ring.cell_id == cell.id, Ring.dossier_id.is_(None))
        .group_by(Ring.id, Ring.kind)
    ).all()
    lines = []
    for ring_id, kind, number in sorted(rings, key=lambda row: list(RINGS).index(row[1]) if row[1] in RINGS else len(RINGS)):
        holders = select(RingMember.holder_id).join(RingEpoch, RingEpoch.id == RingMember.epoch_id)
        here = holders.where(RingEpoch.ring_id == ring_id, RingEpoch.number == number, RingMember.to_ring.is_(False), serving(unit.now))
        people = professionals(unit.session, unit.instance.anchor, set(unit.session.scalars(here)))
        lines.append(RingLine(Choice(kind, RINGS.get(kind, kind)), tuple(sorted(each.name for each in people.values()))))
    return tuple(lines)


def _without_lead(unit: Unit, cell_id: str) -> tuple[str, ...]:
    """Dossiers under way whose lead is in the cell no more."""
    inside = select(Habilitation.user_id).where(Habilitation.cell_id == cell_id, alive(unit.now))
    query = select(Dossier.number).where(
        Dossier.cell_id == cell_id, Dossier.status.in_(FOLLOWED), Dossier.lead_id.is_not(None), Dossier.lead_id.not_in(inside),
        Dossier.id.not_in(unit.apart_from),
    )  # fmt: skip
    return tuple(unit.session.scalars(query.order_by(Dossier.number)))
