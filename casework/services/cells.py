"""Cells: founded empty by an officer, taken charge of by their first steward, peopled by stewards only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.cells import Cell, Habilitation
from casework.models.people import User
from casework.services import rings
from casework.services.accounts import signature, signed_habilitation
from casework.services.actor import Actor
from casework.services.certificates import ELECTED_RING, STEWARDS, certified_profession, current_epoch, trusted_stewards, user_holder
from casework.services.keychain import Keychain
from casework.services.standing import ELECTED, MEMBER, STEWARD, alive
from casework.services.unit import Unit, writing


@dataclass(frozen=True, slots=True)
class NewCell:
    """What an officer types to found a cell. stewards: user names. act: reference of the signed paper act."""

    code: str
    name: str
    programme: str
    commune: str
    stewards: tuple[str, ...]
    act: str
    until: datetime


def found(actor: Actor, new: NewCell) -> str:
    """Found an empty cell on a recorded act that names its first stewards. Returns its id. The officer holds none of its keys."""
    with writing(actor, "cell.found") as unit:
        unit.require([unit.situation()])
        if new.programme not in unit.charter.programmes:
            raise InvalidInput({"programme": "Choisissez un programme de la liste."})
        stewards = [_user(unit, username) for username in new.stewards]
        cell_id = new_id()
        signed = actor.keyring.sign(
            {"instance": unit.instance.anchor.instance, "cell": cell_id, "programme": new.programme,
             "stewards": " ".join(each.id for each in stewards), "act": new.act}
        )  # fmt: skip
        unit.session.add(
            Cell(id=cell_id, version=1, code=new.code, name=new.name, programme=new.programme, commune=new.commune,
                 founder_id=actor.certificate_id, statement=signed.statement, signature=signed.signature, founded_at=unit.now)
        )  # fmt: skip
        unit.session.flush()
        for steward in stewards:
            unit.session.add(signed_habilitation(unit, steward.id, cell_id, STEWARD, act=new.act, until=new.until))
            unit.session.add(signature(unit, steward.id, new.act))
        return cell_id


def take_charge(actor: Actor, cell_id: str) -> None:
    """A first steward makes the stewards' ring, sealed to every steward named by signed acts."""
    with writing(actor, "cell.take_charge") as unit:
        _require_steward(unit, cell_id)
        if current_epoch(unit.session, STEWARDS, cell_id) is not None:
            raise NotFound(unit.action)
        named = trusted_stewards(unit.session, unit.instance.anchor, cell_id)
        living = unit.session.scalars(
            select(Habilitation).where(Habilitation.cell_id == cell_id, Habilitation.role == STEWARD, alive(unit.now))
        )
        members = [(user_holder(unit.session, unit.instance.anchor, each.user_id), each.until) for each in living if each.user_id in named]
        rings.make(unit, STEWARDS, cell_id, members)


def admit(actor: Actor, cell_id: str, username: str, role: str, *, act: str, until: datetime) -> None:
    """Admit a certified person to the cell until a date; their signature of the charter is recorded by the same act.

    role: steward, member or elected. Raises NotFound for an unknown person, UncertifiedKey for one without a certificate.
    """
    with writing(actor, "member.admit") as unit:
        _require_steward(unit, cell_id)
        if role not in {STEWARD, MEMBER, ELECTED}:
            raise InvalidInput({"role": "Choisissez un rôle de la liste."})
        user = _user(unit, username)
        profession = certified_profession(unit.session, unit.instance.anchor, user.id)
        if (role == ELECTED) != (profession == "elected") or (role == STEWARD) != (profession == "coordinator"):
            raise InvalidInput({"role": "Ce rôle ne va pas avec la profession certifiée de cette personne."})
        unit.session.add(signed_habilitation(unit, user.id, cell_id, role, act=act, until=until))
        unit.session.add(signature(unit, user.id, act))
        unit.trace.facts |= {"account": user.id, "cell": cell_id, "role": role}
        _let_into_ring(unit, cell_id, user.id, role, until)


def _let_into_ring(unit: Unit, cell_id: str, user_id: str, role: str, until: datetime) -> None:
    keychain = Keychain(unit)
    stewards = current_epoch(unit.session, STEWARDS, cell_id)
    elected = current_epoch(unit.session, ELECTED_RING, cell_id)
    if stewards is None:
        raise NotFound(unit.action)
    holder = user_holder(unit.session, unit.instance.anchor, user_id)
    if role == STEWARD:
        rings.add_member(unit, stewards.id, keychain.ring_secret(stewards.id), holder, until)
    elif role == ELECTED and elected is not None:
        rings.add_member(unit, elected.id, rings.kept_secret(unit, keychain, elected, stewards), holder, until)


def _require_steward(unit: Unit, cell_id: str) -> None:
    cell = unit.session.get(Cell, cell_id)
    if cell is None or cell_id not in unit.facts.cells_as(STEWARD):
        raise NotFound(unit.action)
    unit.require([unit.situation(STEWARD, cell.programme)])


def _user(unit: Unit, username: str) -> User:
    user = unit.session.scalar(select(User).where(User.username == username, User.deactivated_at.is_(None)))
    if user is None:
        raise NotFound(unit.action)
    return user
