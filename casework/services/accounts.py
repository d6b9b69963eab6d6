"""Accounts: an officer opens one, the person makes their own keys, the officer compares the fingerprint and certifies."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import InvalidInput, NotFound, SignInRefused, UncertifiedKey
from casework.ledger import Leaf, append
from casework.models.base import new_id
from casework.models.cells import CharterSignature, Habilitation
from casework.models.people import Certificate, Enrolment, Institution, OneTimeStep, User, UserKeys
from casework.services.actor import Actor
from casework.services.admissions import statement
from casework.services.certificates import certified_user
from casework.services.instance import Instance
from casework.services.keyrows import key_row
from casework.services.standing import OFFICE
from casework.services.unit import Unit, writing
from casework.vault import trust, userkeys
from casework.vault.trust import read_signed
from casework.vault.userkeys import Enrolled

ENROL = "account.enrol"
"""Not an action of the charter: there is nobody yet to ask about, the single-use code decides."""

CODE_LIFE = timedelta(hours=24)
OFFICES = frozenset({"officer", "auditor", "dpo"})


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an officer types to open an account."""

    username: str
    name: str
    gender: str
    function: str
    profession: str
    institution: str


def add_institution(actor: Actor, name: str, kind: str) -> None:
    """Add a signatory of the charter."""
    with writing(actor, "institution.create") as unit:
        unit.require([unit.situation()])
        if kind not in unit.charter.vocabulary.institution_kinds:
            raise InvalidInput({"kind": "Choisissez un type d’institution de la liste."})
        unit.session.add(Institution(id=new_id(), version=1, name=name, kind=kind))


def create(actor: Actor, account: NewAccount) -> str:
    """Open an account without keys. Returns the single-use code (128 bits, 24 hours) to hand over in person."""
    with writing(actor, "account.create") as unit:
        unit.require([unit.situation()])
        institution = unit.session.scalar(select(Institution).where(Institution.name == account.institution))
        if institution is None or account.profession not in unit.charter.vocabulary.professions:
            raise InvalidInput({"institution": "Choisissez une institution et une profession de la liste."})
        user = _opened(unit, account, institution.id)
        code = secrets.token_hex(16)
        unit.session.add(user)
        unit.session.flush()
        unit.session.add(Enrolment(user_id=user.id, code_hash=_hash(code), until=unit.now + CODE_LIFE))
        unit.trace.facts["account"] = user.id
        return code


def _opened(unit: Unit, account: NewAccount, institution_id: str) -> User:
    """The account's row, with what the officer meant signed: certifying relies on that, not on the row."""
    stated = {
        "instance": unit.instance.anchor.instance,
        "account": new_id(),
        "username": account.username.strip().lower(),
        "name": account.name,
        "profession": account.profession,
        "institution": institution_id,
    }
    signed = unit.actor.keyring.sign(dict(stated))
    return User(
        id=stated["account"], version=1, username=stated["username"], name=account.name, gender=account.gender, function=account.function,
        profession=account.profession, institution_id=institution_id, created_at=unit.now, opener_id=unit.actor.certificate_id,
        statement=signed.statement, signature=signed.signature,
    )  # fmt: skip


def _meant(unit: Unit, user: User) -> dict[str, str]:
    """What an officer signed when opening the account. Raises UncertifiedKey when it was changed since."""
    if user.opener_id is None or user.statement is None or user.signature is None:
        raise UncertifiedKey("an account nobody opened")
    opener = certified_user(unit.session, unit.instance.anchor, user.opener_id)
    stated = read_signed(trust.Signed(user.statement, user.signature), opener.signing)
    shown = {"username": user.username, "name": user.name, "profession": user.profession, "institution": user.institution_id}
    if opener.claims["profession"] != "officer" or stated["account"] != user.id or shown.items() - stated.items():
        raise UncertifiedKey("an account that is not as it was opened")
    return {name: stated[name] for name in shown}


def enrol(instance: Instance, username: str, code: str, passphrase: str) -> Enrolled:
    """Make one's own keys with the officer's code, which is burnt. Returns what only the person keeps: TOTP seed and recovery sheet.

    Raises SignInRefused for an unknown name, a wrong or an old code: the same error.
    """
    now = instance.clock.now()
    with instance.database.writing() as session:
        user = _awaiting(session, username, code, now)
        enrolled = userkeys.enrol(user.id, passphrase, pepper=instance.pepper, hashing=instance.hashing, anchor=instance.anchor)
        session.add_all([key_row(user.id, enrolled.stored), OneTimeStep(user_id=user.id, step=0)])
        session.delete(session.get_one(Enrolment, user.id))
        append(
            session,
            Leaf(at=now, action=ENROL, outcome="authorised", purpose="administration", rule="", charter=instance.charter.version,
                 actor=user.id, institution=user.institution_id),
        )  # fmt: skip
    return enrolled


def fingerprint(public: bytes, signing: bytes) -> str:
    """What officer and person compare aloud: 40 bits would be too few to trust, so 128, in groups of four."""
    digest = hashlib.sha256(public + signing).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def certify(actor: Actor, username: str, read_aloud: str, *, act: str, until: datetime) -> None:
    """Certify a person's keys after comparing their fingerprint with the person. An office is admitted by the same act.

    Raises InvalidInput when the fingerprint is another one, NotFound without keys.
    """
    with writing(actor, "account.certify") as unit:
        unit.require([unit.situation()])
        user, keys = _with_keys(unit, username)
        if not hmac.compare_digest(fingerprint(keys.public, keys.signing_public), read_aloud):
            raise InvalidInput({"fingerprint": "L’empreinte lue par la personne n’est pas celle du compte."})
        unit.session.add(_certificate(unit, user, keys))
        unit.trace.facts["account"] = user.id
        if user.profession in OFFICES:
            admit_to_office(unit, user, act=act, until=until)


def _certificate(unit: Unit, user: User, keys: UserKeys) -> Certificate:
    signed = trust.certificate(
        unit.actor.keyring.signing, instance=unit.instance.anchor.instance, kind=trust.USER, subject=user.id, public=keys.public,
        signing=keys.signing_public, claims=_meant(unit, user) | {"issued": unit.now.isoformat()},
    )  # fmt: skip
    return Certificate(
        id=new_id(), version=1, subject_id=user.id, issuer_id=unit.actor.certificate_id, statement=signed.statement,
        signature=signed.signature, created_at=unit.now,
    )  # fmt: skip


def admit_to_office(unit: Unit, user: User, *, act: str, until: datetime) -> None:
    """Record the habilitation and the charter signature of an officer, auditor or data-protection officer."""
    unit.session.add(signed_habilitation(unit, user.id, None, OFFICE, act=act, until=until))
    unit.session.add(signature(unit, user.id, act))


def signed_habilitation(unit: Unit, user_id: str, cell_id: str | None, role: str, *, act: str, until: datetime) -> Habilitation:
    """The row and the signed statement that let a person in."""
    signed = unit.actor.keyring.sign(dict(statement(unit.instance.anchor.instance, user_id, cell_id, role, until)))
    return Habilitation(
        id=new_id(), version=1, user_id=user_id, cell_id=cell_id, role=role, starts=unit.now, until=until, act=act,
        signer_id=unit.actor.certificate_id, statement=signed.statement, signature=signed.signature,
    )  # fmt: skip


def signature(unit: Unit, user_id: str, reference: str) -> CharterSignature:
    """The record that a person signed the charter in its current version."""
    return CharterSignature(
        id=new_id(), version=1, user_id=user_id, charter=unit.charter.text_version, reference=reference, recorded_by=unit.actor.user_id,
        signed_at=unit.now,
    )  # fmt: skip


def _awaiting(session: Session, username: str, code: str, now: datetime) -> User:
    row = session.execute(
        select(User, Enrolment).join(Enrolment, Enrolment.user_id == User.id).where(User.username == username.strip().lower())
    ).one_or_none()
    if row is None or now >= row[1].until or not hmac.compare_digest(row[1].code_hash, _hash(code)):
        raise SignInRefused
    user: User = row[0]
    return user


def _with_keys(unit: Unit, username: str) -> tuple[User, UserKeys]:
    row = unit.session.execute(
        select(User, UserKeys).join(UserKeys, UserKeys.user_id == User.id).where(User.username == username)
    ).one_or_none()
    if row is None:
        raise NotFound(unit.action)
    user, keys = row
    return user, keys


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
