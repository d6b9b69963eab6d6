"""Who is who, for the officer: accounts, institutions and cells. Names, never a dossier's content."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from casework.charter import agree
from casework.errors import NotFound
from casework.models.cells import Cell, Habilitation
from casework.models.people import Certificate, Enrolment, Institution, OneTimeStep, User
from casework.services.actor import Actor
from casework.services.keys.certificates import STEWARDS, current_epoch
from casework.services.membership.standing import alive
from casework.services.offices.accounts import OFFICES
from casework.services.offices.views import (
    AccountLine,
    CellLine,
    Directory,
    OfficerLists,
)
from casework.services.reasons import choices
from casework.services.unit import Unit, reading
from casework.services.views import Choice
from casework.wording import listed, says

STATES = {
    "to_enrol": says("à enrôler"),
    "to_certify": says("clés à certifier"),
    "certified": says("certifié"),
    "closed": says("fermé"),
}


def directory(actor: Actor) -> Directory:
    """Every account, institution and cell. For officers."""
    with reading(actor, "account.read") as unit:
        unit.require([unit.situation()])
        lines = account_lines(unit)
        unit.trace.hits = len(lines)
        counts = Counter(each.state.code for each in lines)
        kinds = unit.charter.vocabulary.institution_kinds
        institutions = unit.session.execute(select(Institution.name, Institution.kind).order_by(Institution.name))
        return Directory(
            accounts=tuple(lines),
            institutions=tuple(Choice(kinds[row.kind].label if row.kind in kinds else "", row.name) for row in institutions),
            cells=tuple(cell_line(unit, each) for each in unit.session.scalars(select(Cell).order_by(Cell.name))),
            counts=tuple((Choice(code, label), counts[code]) for code, label in STATES.items() if counts[code]),
        )


def account(actor: Actor, account_id: str) -> AccountLine:
    """One account. For officers. Raises NotFound for an unknown one."""
    with reading(actor, "account.read") as unit:
        unit.require([unit.situation()])
        found = account_lines(unit, account_id)
        if not found:
            raise NotFound(unit.action)
        unit.trace.facts["account"] = found[0].id
        return found[0]


def officer_lists(actor: Actor) -> OfficerLists:
    """The closed lists of the officer's forms."""
    with reading(actor, "account.read") as unit:
        unit.require([unit.situation()])
        words = unit.charter.vocabulary
        names = unit.session.scalars(select(Institution.name).order_by(Institution.name))
        return OfficerLists(
            professions=choices(words.professions),
            institutions=tuple(Choice(name, name) for name in names),
            kinds=choices(words.institution_kinds),
            programmes=tuple(Choice(code, programme.label) for code, programme in unit.charter.programmes.items()),
            stewards=tuple(Choice(each.username, described(each)) for each in account_lines(unit) if may_sit(each)),
        )


def account_lines(unit: Unit, account_id: str = "") -> list[AccountLine]:
    """All accounts by name, or the one asked for: what was signed when they were opened, and where each stands now."""
    query = (
        select(User, Institution.name, OneTimeStep.step)
        .join(Institution, Institution.id == User.institution_id)
        .outerjoin(OneTimeStep, OneTimeStep.user_id == User.id)
        .order_by(User.name)
    )
    if account_id:
        query = query.where(User.id == account_id)
    certified = set(unit.session.scalars(select(Certificate.subject_id)))
    codes = {row.user_id: row.until for row in unit.session.scalars(select(Enrolment).where(Enrolment.until > unit.now))}
    ends: dict[str, datetime] = {}
    for row in unit.session.scalars(select(Habilitation).where(alive(unit.now)).order_by(Habilitation.until)):
        ends[row.user_id] = row.until
    professions = unit.charter.vocabulary.professions
    return [
        AccountLine(
            id=user.id,
            username=user.username,
            name=user.name,
            function=user.function,
            profession=agree(professions[user.profession].label, user.gender) if user.profession in professions else "",
            institution=institution,
            state=_state(user, certified=user.id in certified, step=step),
            ends=ends.get(user.id),
            code_until=codes.get(user.id),
            office=user.profession in OFFICES,
            email=user.email or "",
        )
        for user, institution, step in unit.session.execute(query)
    ]


def _state(user: User, *, certified: bool, step: int | None) -> Choice:
    """Keys whose telephone was never proven are as good as none: their owner starts again."""
    if user.deactivated_at is not None:
        code = "closed"
    elif certified:
        code = "certified"
    else:
        code = "to_certify" if step else "to_enrol"
    return Choice(code, STATES[code])


def may_sit(line: AccountLine) -> bool:
    """Whether a cell may be founded for this person: keys certified, and no office."""
    return line.state.code == "certified" and not line.office


def described(line: AccountLine) -> str:
    """A person as the officer's lists show them."""
    return listed([line.name, line.profession, line.institution])


def cell_line(unit: Unit, cell: Cell) -> CellLine:
    """A cell as the officer sees it: its name, its programme, and whether a steward has taken charge. Nothing of its dossiers."""
    programme = unit.charter.programmes.get(cell.programme)
    taken_up = current_epoch(unit.session, STEWARDS, cell.id) is not None
    return CellLine(cell.id, cell.name, programme.label if programme else cell.programme, cell.commune, cell.founded_at, taken_up)
