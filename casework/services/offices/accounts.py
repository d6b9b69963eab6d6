"""Accounts: an officer opens one, the person makes their own keys, the officer compares the fingerprint and certifies."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import NotFound, SignInRefused, UncertifiedKey
from casework.ledger import Leaf, append
from casework.models.base import new_id
from casework.models.cells import CharterSignature, Habilitation
from casework.models.people import Certificate, Enrolment, Institution, OneTimeStep, User, UserKeys
from casework.services import terms, typed
from casework.services.actor import Actor
from casework.services.instance import Instance
from casework.services.keys.certificates import certified_person, certified_user
from casework.services.keys.keyrows import key_row
from casework.services.membership.admissions import statement
from casework.services.membership.standing import OFFICE
from casework.services.unit import Unit, writing
from casework.vault import trust, userkeys
from casework.vault.trust import read_signed
from casework.vault.userkeys import Enrolled
from casework.wording import says

ENROL = "account.enrol"
"""Not an action of the charter: there is nobody yet to ask about, the single-use code decides."""

CODE_LIFE = timedelta(hours=24)
OFFICES = frozenset({"officer", "auditor", "dpo"})
USERNAME = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
MAX_USERNAME, MAX_NAME, MAX_SECTOR, MAX_EMAIL = 64, 120, 40, 120
EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""An address that a relay takes as it is: no space, no line end, no second header."""
GENDERS = ("f", "m", "n")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an officer types to open an account."""

    username: str
    name: str
    gender: str
    function: str
    profession: str
    institution: str
    email: str = ""


def add_institution(actor: Actor, name: str, kind: str, sector: str = "") -> None:
    """Add a signatory of the charter. sector: the part of the territory it works in, or empty.

    Raises InvalidInput for a name that is there already or a kind outside the list.
    """
    with writing(actor, "institution.create") as unit:
        unit.require([unit.situation()])
        name = typed.clean(name)
        found = {"name": typed.problem(name, MAX_NAME)}
        if unit.session.scalar(select(Institution.id).where(Institution.name == name)) is not None:
            found["name"] = says("Cette institution est déjà inscrite.")
        if kind not in unit.charter.vocabulary.institution_kinds:
            found["kind"] = says("Choisissez un type d’institution de la liste.")
        sector = typed.clean(sector)
        found["sector"] = typed.problem(sector, MAX_SECTOR) if sector else None
        terms.refuse(found)
        unit.session.add(Institution(id=new_id(), version=1, name=name, kind=kind, sector=sector or None))


def address(actor: Actor, username: str, email: str) -> None:
    """Change the work address of an account, or take it away. Raises NotFound for an unknown or closed one, InvalidInput."""
    with writing(actor, "account.create") as unit:
        unit.require([unit.situation()])
        user = unit.session.scalar(select(User).where(User.username == username, User.deactivated_at.is_(None)))
        if user is None:
            raise NotFound(unit.action)
        terms.refuse({"email": wrong_address(email)})
        user.email, user.version = email.strip() or None, user.version + 1
        unit.trace.facts["account"] = user.id


def wrong_address(email: str) -> str | None:
    """What is wrong with an e-mail address; nothing when there is none: it is never asked for."""
    wanted = email.strip()
    if not wanted or (len(wanted) <= MAX_EMAIL and EMAIL.fullmatch(wanted)):
        return None
    return says("Cette adresse ne se lit pas : écrivez-la comme « prenom.nom@exemple.fr ».")


def create(actor: Actor, account: NewAccount) -> str:
    """Open an account without keys. Returns the single-use code (128 bits, 24 hours) to hand over in person.

    Raises InvalidInput for what is not in the lists, an unreadable name, or a user name that exists.
    """
    with writing(actor, "account.create") as unit:
        unit.require([unit.situation()])
        institution = unit.session.scalar(select(Institution).where(Institution.name == account.institution))
        terms.refuse(_wrong(unit, account) | ({} if institution else {"institution": says("Choisissez une institution de la liste.")}))
        user = _opened(unit, account, institution.id if institution else "")
        unit.session.add(user)
        unit.session.flush()
        return _give_code(unit, user.id)


def reissue(actor: Actor, username: str) -> str:
    """A new single-use code for somebody who is not certified yet; the former one stops working. Returns it.

    Keys made with the former code stay until the new one is used, and are then made anew: nothing was ever sealed to them.
    Raises NotFound for an unknown or closed account and for a certified person, whose keys nobody replaces this way.
    """
    with writing(actor, "account.create") as unit:
        unit.require([unit.situation()])
        user = unit.session.scalar(select(User).where(User.username == username, User.deactivated_at.is_(None)).with_for_update())
        if user is None or is_certified(unit.session, user.id):
            raise NotFound(unit.action)
        former = unit.session.get(Enrolment, user.id)
        if former is not None:
            unit.session.delete(former)
            unit.session.flush()
        return _give_code(unit, user.id)


def is_certified(session: Session, user_id: str) -> bool:
    """Whether an officer ever certified keys of this account."""
    return session.scalar(select(Certificate.id).where(Certificate.subject_id == user_id).limit(1)) is not None


def _give_code(unit: Unit, user_id: str) -> str:
    code = secrets.token_hex(16)
    unit.session.add(Enrolment(user_id=user_id, code_hash=_hash(code), until=unit.now + CODE_LIFE))
    unit.trace.facts["account"] = user_id
    return code


def _wrong(unit: Unit, account: NewAccount) -> dict[str, str | None]:
    username = account.username.strip().lower()
    found = {
        "username": None,
        "name": typed.problem(typed.clean(account.name), MAX_NAME),
        "function": typed.problem(typed.clean(account.function), MAX_NAME),
        "email": wrong_address(account.email),
        "gender": None if account.gender in GENDERS else says("Choisissez l’accord dans la liste."),
        "profession": None if account.profession in unit.charter.vocabulary.professions else says("Choisissez une profession de la liste."),
    }
    if len(username) > MAX_USERNAME or not USERNAME.fullmatch(username):
        found["username"] = says("Des lettres sans accent, des chiffres, des points ou des tirets, par exemple « claire.vasselane ».")
    elif unit.session.scalar(select(User.id).where(User.username == username)) is not None:
        found["username"] = says("Cet identifiant est déjà pris.")
    return found


def _opened(unit: Unit, account: NewAccount, institution_id: str) -> User:
    """The account's row, with what the officer meant signed: certifying relies on that, not on the row."""
    stated = {
        "instance": unit.instance.anchor.instance,
        "account": new_id(),
        "username": account.username.strip().lower(),
        "name": typed.clean(account.name),
        "profession": account.profession,
        "institution": institution_id,
    }
    signed = unit.actor.keyring.sign(dict(stated))
    return User(
        id=stated["account"], version=1, username=stated["username"], name=stated["name"], gender=account.gender,
        function=typed.clean(account.function),
        profession=account.profession, institution_id=institution_id, created_at=unit.now, opener_id=unit.actor.certificate_id,
        statement=signed.statement, signature=signed.signature, email=account.email.strip() or None,
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

    Keys made before with another code, and never certified, are replaced. Raises SignInRefused for an unknown name, a wrong or an
    old code, a certified account: the same error. The passphrase's strength is asked for by `services.offices.enrolment`.
    """
    with instance.database.reading() as session:
        user_id = _awaiting(session, username, code, instance.clock.now()).id
    enrolled = userkeys.enrol(user_id, passphrase, pepper=instance.pepper, hashing=instance.hashing, anchor=instance.anchor)
    now = instance.clock.now()
    with instance.database.writing() as session:
        user = _awaiting(session, username, code, now, lock=True)
        for former in filter(None, (session.get(UserKeys, user.id), session.get(OneTimeStep, user.id))):
            session.delete(former)
        session.delete(session.get_one(Enrolment, user.id))
        session.flush()
        session.add_all([key_row(user.id, enrolled.stored), OneTimeStep(user_id=user.id, step=0)])
        append(session, enrolment_leaf(instance, user, now))
    return enrolled


def enrolment_leaf(instance: Instance, user: User, now: datetime) -> Leaf:
    """The line of the ledger for somebody who makes their keys: the charter has no rule for it, the code decided."""
    return Leaf(
        at=now, action=ENROL, outcome="authorised", purpose="administration", rule="", charter=instance.charter.version,
        actor=user.id, institution=user.institution_id,
    )  # fmt: skip


def fingerprint(public: bytes, signing: bytes) -> str:
    """What officer and person compare aloud: 40 bits would be too few to trust, so 128, in groups of four."""
    digest = hashlib.sha256(public + signing).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def read_fingerprint(typed_text: str) -> str:
    """A fingerprint as it was typed while somebody read it aloud: case, spaces and hyphens do not matter."""
    signs = re.sub(r"[\s\-.]", "", typed_text).lower()
    return " ".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def certify(actor: Actor, username: str, read_aloud: str, *, act: str = "", until: datetime | None = None, charter_sheet: str = "") -> None:
    """Certify a person's keys after comparing their fingerprint with the person. An office is admitted by the same act.

    act, until: of the office's habilitation, needed for one; nothing is done with them for somebody without an office.
    charter_sheet: reference of a charter signed on paper; without one the person signs on screen. Raises InvalidInput when the
    fingerprint is another one or the term too long, NotFound for an account without keys or already certified.
    """
    with writing(actor, "account.certify") as unit:
        unit.require([unit.situation()])
        user, keys = _with_keys(unit, username)
        office = user.profession in OFFICES
        found = terms.problems(act, until or unit.now, unit.now) if office else {}
        if not hmac.compare_digest(fingerprint(keys.public, keys.signing_public).encode(), read_fingerprint(read_aloud).encode()):
            found["fingerprint"] = says("L’empreinte lue par la personne n’est pas celle du compte. Ne certifiez pas : faites-la relire.")
        terms.refuse(found)
        unit.session.add(_certificate(unit, user, keys))
        unit.trace.facts["account"] = user.id
        if office and until is not None:
            admit_to_office(unit, user, act=typed.clean(act), until=until, charter_sheet=charter_sheet)


def renew(actor: Actor, username: str, *, act: str, until: datetime) -> None:
    """A new term for somebody in office, on a new act; the former habilitation ends by itself.

    Raises NotFound for an unknown account, one without an office or not certified, InvalidInput for a term that is too long.
    """
    with writing(actor, "account.certify") as unit:
        unit.require([unit.situation()])
        user = unit.session.scalar(select(User).where(User.username == username, User.deactivated_at.is_(None)))
        if user is None or not is_certified(unit.session, user.id):
            raise NotFound(unit.action)
        if certified_person(unit.session, unit.instance.anchor, user.id).claims["profession"] not in OFFICES:
            raise NotFound(unit.action)
        terms.refuse(terms.problems(act, until, unit.now))
        unit.trace.facts["account"] = user.id
        admit_to_office(unit, user, act=typed.clean(act), until=until, charter_sheet="")


def _certificate(unit: Unit, user: User, keys: UserKeys) -> Certificate:
    signed = trust.certificate(
        unit.actor.keyring.signing, instance=unit.instance.anchor.instance, kind=trust.USER, subject=user.id, public=keys.public,
        signing=keys.signing_public, claims=_meant(unit, user) | {"issued": unit.now.isoformat()},
    )  # fmt: skip
    return Certificate(
        id=new_id(), version=1, subject_id=user.id, issuer_id=unit.actor.certificate_id, statement=signed.statement,
        signature=signed.signature, created_at=unit.now,
    )  # fmt: skip


def admit_to_office(unit: Unit, user: User, *, act: str, until: datetime, charter_sheet: str) -> None:
    """Record the habilitation of an officer, auditor or data-protection officer, and their signature if it was given on paper."""
    unit.session.add(signed_habilitation(unit, user.id, None, OFFICE, act=act, until=until))
    if charter_sheet:
        unit.session.add(signature(unit, user.id, charter_sheet))


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


def _awaiting(session: Session, username: str, code: str, now: datetime, *, lock: bool = False) -> User:
    query = select(User, Enrolment).join(Enrolment, Enrolment.user_id == User.id).where(User.username == username.strip().lower())
    row = session.execute(query.with_for_update(of=User) if lock else query).one_or_none()
    if row is None or now >= row[1].until or not hmac.compare_digest(row[1].code_hash, _hash(code)):
        raise SignInRefused
    user: User = row[0]
    if user.deactivated_at is not None or is_certified(session, user.id):
        raise SignInRefused
    return user


def _with_keys(unit: Unit, username: str) -> tuple[User, UserKeys]:
    """An account whose keys wait, locked: they must not be made anew while they are certified."""
    row = unit.session.execute(
        select(User, UserKeys).join(UserKeys, UserKeys.user_id == User.id).where(User.username == username).with_for_update(of=User)
    ).one_or_none()
    if row is None or is_certified(unit.session, row[0].id):
        raise NotFound(unit.action)
    user, keys = row
    return user, keys


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
