"""Habilitations as signed acts: a row says nothing that its signed statement does not say."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from casework.errors import UncertifiedKey
from casework.models.cells import CharterSignature, Habilitation
from casework.models.people import User
from casework.services.instance import Instance
from casework.services.keys.certificates import certified_person, certified_user, trusted_stewards
from casework.services.membership.standing import Admission, Facts, alive
from casework.vault.trust import Certified, Signed, read_signed

OFFICER = "officer"

_STANDING = (
    select(User.deactivated_at, Habilitation)
    .outerjoin(Habilitation, (Habilitation.user_id == User.id) & alive(bindparam("now")))
    .where(User.id == bindparam("user"))
)
_SIGNED = (
    select(CharterSignature.charter)
    .where(CharterSignature.user_id == bindparam("user"))
    .order_by(CharterSignature.signed_at.desc())
    .limit(1)
)
"""Statements of `load_facts`, put together once: every verb begins with them."""


def statement(instance: str, user_id: str, cell_id: str | None, role: str, until: datetime) -> dict[str, str]:
    """What is signed when somebody is admitted."""
    return {"instance": instance, "user": user_id, "cell": cell_id or "", "role": role, "until": until.astimezone(UTC).isoformat()}


def load_facts(session: Session, instance: Instance, user_id: str, now: datetime) -> Facts:
    """The standing of a user now, by signed acts alone. An unknown user has none."""
    rows = session.execute(_STANDING, {"user": user_id, "now": now}).all()
    signed = session.scalar(_SIGNED, {"user": user_id})
    habilitations: list[Habilitation | None] = [row for _, row in rows]
    admissions = [row for row in habilitations if row is not None and proven(session, instance, row)]
    return Facts(
        active=bool(rows) and rows[0][0] is None,
        admissions=tuple(Admission(row.cell_id, row.role, row.starts, row.until) for row in admissions),
        signed=signed,
    )


def proven(session: Session, instance: Instance, row: Habilitation) -> bool:
    """Whether a habilitation is exactly what somebody entitled signed: an officer, or a steward of that cell.

    Proven once for each process: signed bytes do not change their meaning.
    """
    signed = Signed(row.statement, row.signature)
    if signed not in instance.proofs:
        try:
            instance.proofs[signed] = _prove(session, instance, row, signed)
        except UncertifiedKey:
            return False
    expected = statement(instance.anchor.instance, row.user_id, row.cell_id, row.role, row.until)
    return instance.proofs[signed] == expected


def _prove(session: Session, instance: Instance, row: Habilitation, signed: Signed) -> dict[str, str]:
    signer = certified_user(session, instance.anchor, row.signer_id)
    stated = read_signed(signed, signer.signing)
    by_officer = signer.claims.get("profession") == OFFICER
    cell = stated.get("cell", "")
    if cell:
        stewards = trusted_stewards(session, instance.anchor, cell)
        entitled = signer.subject in stewards or (by_officer and stated.get("user") in stewards)
    else:
        entitled = by_officer
    if not entitled:
        raise UncertifiedKey("admitted by somebody who may not")
    return stated


def member(session: Session, instance: Instance, cell_id: str, username: str, now: datetime) -> Certified | None:
    """The certified person behind a user name, if a signed habilitation lets them into this cell now."""
    query = select(Habilitation).join(User, User.id == Habilitation.user_id)
    for row in session.scalars(query.where(User.username == username, Habilitation.cell_id == cell_id, alive(now))):
        if proven(session, instance, row):
            person = certified_person(session, instance.anchor, row.user_id)
            if person.claims.get("username") == username:
                return person
    return None


def certified_member(session: Session, instance: Instance, cell_id: str, user_id: str, now: datetime) -> Certified | None:
    """The certified person with this id, if a signed habilitation lets them into this cell now. Raises UncertifiedKey."""
    rows = session.scalars(select(Habilitation).where(Habilitation.user_id == user_id, Habilitation.cell_id == cell_id, alive(now)))
    if any(proven(session, instance, row) for row in rows):
        return certified_person(session, instance.anchor, user_id)
    return None


def was_member(session: Session, instance: Instance, cell_id: str, user_id: str) -> bool:
    """Whether a signed habilitation, past ones included, ever let this user into the cell."""
    rows: Iterable[Habilitation] = session.scalars(
        select(Habilitation).where(Habilitation.user_id == user_id, Habilitation.cell_id == cell_id)
    )
    return any(proven(session, instance, row) for row in rows)
