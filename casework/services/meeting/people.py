"""Who may be convened by a cell: its certified members, by institution, and the blocks they are convened in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from casework.charter import Situation
from casework.models.cells import Cell, Habilitation
from casework.models.meetings import CoreMember
from casework.models.people import Institution, User
from casework.services.keys.certificates import certified_people
from casework.services.meeting.access import CONVENED_TITLE
from casework.services.meeting.views import Block, Invitee
from casework.services.membership.admissions import proven
from casework.services.membership.standing import SECRETARY, STEWARD, alive
from casework.services.offices.people import professionals
from casework.services.unit import Unit
from casework.wording import Wording, says

CORE, PROPOSED, PROGRAMME = "core", "proposed", "programme"
LABELS: Mapping[str, Wording] = {
    CORE: says("Noyau permanent"),
    PROPOSED: says("D’après l’ordre du jour et le secteur"),
    PROGRAMME: says("D’après le programme"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A certified member of a cell now. Institution and profession are the certified ones. reads: may be shown an item as convened."""

    id: str
    name: str
    function: str
    profession: str
    institution_id: str
    institution: str
    kind: str
    sector: str
    roles: frozenset[str]
    email: str
    reads: bool

    @property
    def steward(self) -> bool:
        """Whether they keep the cell: they hold every item by that title, and sit at each."""
        return STEWARD in self.roles


def members(unit: Unit, cell: Cell) -> dict[str, Member]:
    """Everybody whom a cell may convene, by user id and in the order of their names. Secretaries write; they are not convened."""
    rows = unit.session.scalars(select(Habilitation).where(Habilitation.cell_id == cell.id, alive(unit.now)))
    roles: dict[str, set[str]] = {}
    for each in rows:
        if proven(unit.session, unit.instance, each):
            roles.setdefault(each.user_id, set()).add(each.role)
    wanted = {user_id for user_id, held in roles.items() if held != {SECRETARY}}
    certified = certified_people(unit.session, unit.instance.anchor, wanted)
    people = professionals(unit.session, unit.instance.anchor, certified)
    houses = {each.id: each for each in unit.session.scalars(select(Institution))}
    query = select(User.id, User.email).where(User.id.in_(certified), User.deactivated_at.is_(None))
    addresses: dict[str, str | None] = {row[0]: row[1] for row in unit.session.execute(query)}
    found = []
    for user_id, email in addresses.items():
        claims, house = certified[user_id].claims, houses.get(certified[user_id].claims.get("institution", ""))
        reads = unit.check("compartment.read", [Situation(claims["profession"], CONVENED_TITLE, cell.programme, "open", "identity")])
        found.append(
            Member(
                id=user_id,
                name=people[user_id].name,
                function=people[user_id].function,
                profession=claims["profession"],
                institution_id=house.id if house else "",
                institution=house.name if house else "",
                kind=house.kind if house else "",
                sector=(house.sector or "") if house else "",
                roles=frozenset(roles[user_id]),
                email=email or "",
                reads=reads.permitted,
            )
        )
    return {each.id: each for each in sorted(found, key=lambda each: each.name)}


def secretaries(unit: Unit, cell: Cell) -> list[str]:
    """User ids of the cell's secretaries now."""
    rows = unit.session.scalars(
        select(Habilitation).where(Habilitation.cell_id == cell.id, Habilitation.role == SECRETARY, alive(unit.now))
    )
    return sorted({each.user_id for each in rows if proven(unit.session, unit.instance, each)})


def core_of(unit: Unit, cell: Cell) -> set[str]:
    """User ids of the cell's permanent core, those who left it included."""
    return set(unit.session.scalars(select(CoreMember.user_id).where(CoreMember.cell_id == cell.id)))


def blocks(
    unit: Unit,
    everybody: Iterable[Member],
    core: Collection[str],
    why: Mapping[str, str],
    seated: Collection[str],
    *,
    usual: Collection[str] = (),
    fixed: bool = True,
) -> tuple[Block, ...]:
    """The members in their blocks, each once: the core, those that something proposes, then by kind of institution.

    why: user id -> what proposes them. usual: whom the programme alone does: their block says so. fixed: stewards cannot be unticked.
    """
    words = unit.charter.vocabulary.institution_kinds
    order = [CORE, PROPOSED, PROGRAMME, *words, ""]
    found: dict[str, list[Invitee]] = {code: [] for code in order}
    for each in everybody:
        code = CORE if each.id in core or each.steward else _block(each, why, usual) or (each.kind if each.kind in words else "")
        found[code].append(
            Invitee(
                each.id,
                each.name,
                each.function,
                each.institution,
                each.id in seated,
                fixed and each.steward,
                why.get(each.id, ""),
                each.reads,
            )
        )
    labels = {**LABELS, **{code: word.label for code, word in words.items()}, "": says("Autres")}
    return tuple(Block(code, labels[code], tuple(people)) for code, people in found.items() if people)


def _block(member: Member, why: Mapping[str, str], usual: Collection[str]) -> str:
    if member.id in usual:
        return PROGRAMME
    return PROPOSED if member.id in why else ""
