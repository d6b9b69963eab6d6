"""Cells: founded empty by an officer, taken charge of by their first steward, peopled by stewards only."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.charter import Charter, Situation
from casework.errors import NotFound, UncertifiedKey
from casework.models.base import new_id
from casework.models.cells import Cell, Habilitation
from casework.models.people import User
from casework.services import terms, typed
from casework.services.actor import Actor
from casework.services.keys import rings
from casework.services.keys.certificates import (
    ELECTED_RING,
    STEWARDS,
    certified_profession,
    current_epoch,
    trusted_stewards,
    user_holder,
)
from casework.services.keys.epochs import seat_again, still_needed
from casework.services.keys.keychain import Keychain
from casework.services.membership import cell_ring
from casework.services.membership.admissions import proven
from casework.services.membership.standing import ELECTED, MEMBER, SECRETARY, STEWARD, alive
from casework.services.offices.accounts import OFFICES, signature, signed_habilitation
from casework.services.unit import Unit, writing
from casework.wording import says

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_CODE, MAX_NAME, MAX_COMMUNE = 32, 120, 80


@dataclass(frozen=True, slots=True)
class NewCell:
    """What an officer types to found a cell. stewards: user names. act: reference of the signed paper act.

    charter_sheet: reference of the sheet on which they signed the charter; without one each signs on screen.
    """

    code: str
    name: str
    programme: str
    commune: str
    stewards: tuple[str, ...]
    act: str
    until: datetime
    charter_sheet: str = ""


def roles_for(law: Charter, profession: str, programme: str) -> tuple[str, ...]:
    """The roles somebody of this profession can have in a cell of this programme. None for an office, or for whom it does not seat.

    Whoever the charter lets take charge of such a cell may be its steward; elected people and secretaries are that and nothing else.
    """
    if profession in OFFICES or not law.programmes[programme].seats(profession, MEMBER):
        return ()
    if profession == ELECTED:
        return (ELECTED,) if _lets_elected_in(law, programme) else ()
    if profession == SECRETARY:
        return (SECRETARY,)
    keeps = law.check("cell.take_charge", Situation(profession, STEWARD, programme)).permitted
    return (STEWARD, MEMBER) if keeps else (MEMBER,)


def _lets_elected_in(law: Charter, programme: str) -> bool:
    """Whether anybody may ever open a cell of this programme to elected people: in domestic violence nobody may."""
    return any(law.check("ring.elected", Situation(each, STEWARD, programme)).permitted for each in law.vocabulary.professions)


def found(actor: Actor, new: NewCell) -> str:
    """Found an empty cell on a recorded act that names its first stewards. Returns its id. The officer holds none of its keys.

    Raises InvalidInput for what cannot be taken: a code that exists, a programme outside the list, a steward the charter does not let
    keep a cell of that programme, a term of more than a year.
    """
    with writing(actor, "cell.found") as unit:
        unit.require([unit.situation()])
        terms.refuse(_wrong(unit, new))
        stewards = [_user(unit, username) for username in new.stewards]
        cell_id, act = new_id(), typed.clean(new.act)
        signed = actor.keyring.sign(
            {"instance": unit.instance.anchor.instance, "cell": cell_id, "programme": new.programme,
             "stewards": " ".join(each.id for each in stewards), "act": act}
        )  # fmt: skip
        unit.session.add(
            Cell(id=cell_id, version=1, code=new.code, name=typed.clean(new.name), programme=new.programme,
                 commune=typed.clean(new.commune), founder_id=actor.certificate_id, statement=signed.statement,
                 signature=signed.signature, founded_at=unit.now)
        )  # fmt: skip
        unit.session.flush()
        for steward in stewards:
            unit.session.add(signed_habilitation(unit, steward.id, cell_id, STEWARD, act=act, until=new.until))
            if new.charter_sheet:
                unit.session.add(signature(unit, steward.id, new.charter_sheet))
        unit.trace.facts["cell"] = cell_id
        return cell_id


def _wrong(unit: Unit, new: NewCell) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "name": typed.problem(typed.clean(new.name), MAX_NAME),
        "commune": typed.problem(typed.clean(new.commune), MAX_COMMUNE),
        **terms.problems(new.act, new.until, unit.now),
    }
    if len(new.code) > MAX_CODE or not CODE.fullmatch(new.code):
        found["code"] = says("Des lettres sans accent, des chiffres ou des tirets, par exemple « nord ».")
    elif unit.session.scalar(select(Cell.id).where(Cell.code == new.code)) is not None:
        found["code"] = says("Ce nom court est déjà pris.")
    if new.programme not in unit.charter.programmes:
        found["programme"] = says("Choisissez un programme de la liste.")
    elif unit.charter.programmes[new.programme].missing:
        found["programme"] = unit.charter.programmes[new.programme].refusal
    elif not new.stewards or not all(_may_keep(unit, username, new.programme) for username in new.stewards):
        found["stewards"] = says(
            "Choisissez des personnes certifiées, d’une profession que la charte laisse tenir une cellule de ce programme."
        )
    return found


def _may_keep(unit: Unit, username: str, programme: str) -> bool:
    try:
        user = _user(unit, username)
        return STEWARD in roles_for(unit.charter, certified_profession(unit.session, unit.instance.anchor, user.id), programme)
    except (NotFound, UncertifiedKey):
        return False


def take_charge(actor: Actor, cell_id: str) -> None:
    """A first steward makes the stewards' ring, sealed to every steward named by signed acts."""
    with writing(actor, "cell.take_charge") as unit:
        require_steward(unit, cell_id)
        if current_epoch(unit.session, STEWARDS, cell_id) is not None:
            raise NotFound(unit.action)
        named = trusted_stewards(unit.session, unit.instance.anchor, cell_id)
        living = unit.session.scalars(
            select(Habilitation).where(Habilitation.cell_id == cell_id, Habilitation.role == STEWARD, alive(unit.now))
        )
        members = [
            (user_holder(unit.session, unit.instance.anchor, each.user_id), each.until)
            for each in living
            if each.user_id in named and proven(unit.session, unit.instance, each)
        ]
        rings.make(unit, STEWARDS, cell_id, members)
        cell_ring.ensure(unit, cell_id)


def admit(actor: Actor, cell_id: str, username: str, role: str, *, act: str, until: datetime, charter_sheet: str = "") -> None:
    """Admit a certified person to the cell until a date.

    role: steward, secretary, member or elected, as `roles_for` says. charter_sheet: reference of the charter signed on paper; without
    one the person signs on screen before anything opens. Raises NotFound for an unknown person, UncertifiedKey for one without a
    certificate, InvalidInput for a role that does not go with the certified profession, a term of more than a year, or somebody who has
    that role here already.
    """
    with writing(actor, "member.admit") as unit:
        programme = require_steward(unit, cell_id)
        user = _user(unit, username)
        profession = certified_profession(unit.session, unit.instance.anchor, user.id)
        found: dict[str, str | None] = dict(terms.problems(act, until, unit.now))
        charter_sheet = typed.clean(charter_sheet)
        if charter_sheet:
            found["charter_sheet"] = typed.problem(charter_sheet, terms.MAX_REFERENCE)
        if role not in roles_for(unit.charter, profession, programme):
            found["role"] = says("Ce rôle ne va pas avec la profession certifiée de cette personne.")
        found["until"] = found.get("until") or _already(unit, cell_id, user.id, role, until)
        terms.refuse(found)
        unit.session.add(signed_habilitation(unit, user.id, cell_id, role, act=typed.clean(act), until=until))
        if charter_sheet:
            unit.session.add(signature(unit, user.id, charter_sheet))
        unit.trace.facts |= {"account": user.id, "cell": cell_id, "role": role}
        _let_into_ring(unit, cell_id, user.id, role, until)


def _already(unit: Unit, cell_id: str, user_id: str, role: str, until: datetime) -> str | None:
    """A sentence when the person has this role here until then or longer, or another role here now."""
    here = select(Habilitation).where(Habilitation.cell_id == cell_id, Habilitation.user_id == user_id, alive(unit.now))
    for living in unit.session.scalars(here):
        if living.role != role:
            return says("Cette personne a déjà un autre rôle dans la cellule : mettez-y fin d’abord.")
        if living.until >= until:
            return says("Cette personne est déjà habilitée jusqu’à cette date ou plus tard.")
    return None


def _let_into_ring(unit: Unit, cell_id: str, user_id: str, role: str, until: datetime) -> None:
    keychain = Keychain(unit)
    stewards = current_epoch(unit.session, STEWARDS, cell_id)
    elected = current_epoch(unit.session, ELECTED_RING, cell_id)
    if stewards is None:
        raise NotFound(unit.action)
    holder = user_holder(unit.session, unit.instance.anchor, user_id)
    if role == STEWARD:
        for epoch in (stewards, *still_needed(unit, stewards.ring_id)):
            seat_again(unit, epoch, keychain.ring_secret(epoch.id), rings.Seat(holder, until))
    elif role == ELECTED and elected is not None:
        seat_again(unit, elected, rings.kept_secret(unit, keychain, elected, stewards), rings.Seat(holder, until))
    cell_ring.let_in(unit, cell_id, user_id, until)


def require_steward(unit: Unit, cell_id: str) -> str:
    """The cell's programme, for a steward of the cell whom the charter permits this. Raises NotFound."""
    cell = unit.session.get(Cell, cell_id)
    if cell is None or cell_id not in unit.facts.cells_as(STEWARD):
        raise NotFound(unit.action)
    unit.require([unit.situation(STEWARD, cell.programme)])
    return cell.programme


def _user(unit: Unit, username: str) -> User:
    user = unit.session.scalar(select(User).where(User.username == username, User.deactivated_at.is_(None)))
    if user is None:
        raise NotFound(unit.action)
    return user
