"""Signing in: user name, passphrase and one-time code, in one act, at one cost, with one answer for every failure."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from casework.errors import SignInRefused, TamperedError, UncertifiedKey
from casework.ledger import Leaf, append
from casework.models.people import Certificate, Institution, OneTimeStep, User, UserKeys
from casework.services.actor import Actor
from casework.services.instance import Instance
from casework.services.keys.certificates import certified_user, newest_certificate
from casework.services.keys.keyrows import stored_keys
from casework.services.membership.admissions import load_facts
from casework.services.offices import throttle
from casework.services.unit import record
from casework.vault import userkeys
from casework.vault.passphrase import Hashing, stretch
from casework.vault.sessionkeys import as_base32
from casework.vault.userkeys import StoredKeys

SIGN_IN = "session.sign_in"
STEP_SECONDS = 30
"""RFC 6238: a code is of the current time step or of the one before."""

MAX_TYPED = 1024
NO_SEED = bytes(20)
"""Stands in for a seed that was not unlocked: no code is ever accepted with it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An account as sign-in needs it, detached."""

    user: User
    keys: StoredKeys
    institution: Institution
    certificate: Certificate


def sign_in(instance: Instance, username: str, passphrase: str, code: str, *, address: str = "") -> Actor:
    """A signed-in person with an unlocked keyring.

    Raises SignInRefused for an unknown user, a wrong passphrase, a wrong or used code, a closed account or a habilitation that has ended:
    the same error at the same cost. Raises TooManyAttempts, before any hash, when account or address is limited. Whoever has not signed
    the charter comes in and may do nothing else than sign it: every other action has the gate `signature`.
    """
    username = username.strip().lower()[:MAX_TYPED]
    throttle.count(instance, username, address)
    known, stand_in = _find(instance, username), _drawn_hashing(instance, username)
    with throttle.hashing_slot(instance):
        user_key = _unlock(instance, username, passphrase[:MAX_TYPED], known, stand_in)
    try:
        actor = _admit(instance, known, user_key, code)
    except SignInRefused:
        record(instance, _leaf(instance, known.user if known else None, "refused", ""))
        raise
    throttle.forgive(instance, username, address)
    return actor


def _admit(instance: Instance, known: _Known | None, user_key: bytes | None, code: str) -> Actor:
    """The actor, their code burnt. Raises SignInRefused, after the same transaction whatever was wrong."""
    if known is None or user_key is None:
        _use_code(instance, known.user.id if known else "", NO_SEED, "")
        raise SignInRefused
    with instance.database.reading() as session:
        actor = assemble(session, instance, known.user, known.keys, known.institution, known.certificate, user_key)
    _use_code(instance, actor.user_id, userkeys.totp_seed(known.user.id, user_key, known.keys), code, actor)
    return actor


def assemble(
    session: Session,
    instance: Instance,
    user: User,
    keys: StoredKeys,
    institution: Institution,
    certificate: Certificate,
    user_key: bytes,
) -> Actor:
    """An Actor out of an unlocked account. Raises SignInRefused when the certificate is not of these keys."""
    certified = certified_user(session, instance.anchor, certificate.id)
    if (certified.subject, certified.public, certified.signing) != (user.id, keys.public, keys.signing_public):
        raise SignInRefused
    return Actor(
        instance=instance,
        user_id=user.id,
        name=user.name,
        gender=user.gender,
        function=user.function,
        profession=certified.claims["profession"],
        institution_id=certified.claims["institution"],
        institution=institution.name,
        certificate_id=certificate.id,
        keyring=userkeys.keyring(user.id, user_key, keys),
    )


def knows_passphrase(instance: Instance, user_id: str, passphrase: str) -> bool:
    """Whether this opens the account's keys. It signs nobody in: whoever asks counts the tries, and has a session already."""
    with instance.database.reading() as session:
        keys = session.scalar(select(UserKeys).where(UserKeys.user_id == user_id))
    if keys is None:
        return False
    try:
        with throttle.hashing_slot(instance):
            return userkeys.unlock(user_id, passphrase, stored_keys(keys), pepper=instance.pepper) is not None
    except TamperedError:
        return False


def _find(instance: Instance, username: str) -> _Known | None:
    with instance.database.reading() as session:
        row = session.execute(
            select(User, UserKeys, Institution)
            .join(UserKeys, UserKeys.user_id == User.id)
            .join(Institution, Institution.id == User.institution_id)
            .where(User.username == username)
        ).one_or_none()
        if row is None:
            return None
        user, keys, institution = row
        try:
            return _Known(user, stored_keys(keys), institution, newest_certificate(session, user.id))
        except UncertifiedKey:
            return None


def _drawn_hashing(instance: Instance, username: str) -> Hashing:
    """Argon2id parameters for a name that is nobody's: always the same for a name, and spread over names as they are over accounts.

    Today's default alone would tell whoever made their keys under another one. Drawn by a keyed share of the accounts: one more account
    changes next to no name's draw, and who does not know the pepper foresees none. Asked for known names too: it costs the same.
    """
    kinds = UserKeys.memory_kib, UserKeys.iterations, UserKeys.lanes
    with instance.database.reading() as session:
        counted = session.execute(select(*kinds, func.count()).group_by(*kinds).order_by(*kinds)).all()
    drawn = int.from_bytes(hmac.digest(instance.pepper, b"cost of nobody\0" + username.encode(), "sha256")[:8])
    place = drawn * sum(row[3] for row in counted) >> 64
    for memory, iterations, lanes, accounts in counted:
        if place < accounts:
            return Hashing(memory, iterations, lanes)
        place -= accounts
    return instance.hashing


def _unlock(instance: Instance, username: str, passphrase: str, known: _Known | None, stand_in: Hashing) -> bytes | None:
    """The user key or None. For an unknown name a hash is computed all the same, so that names cannot be told by time.

    stand_in: what that one costs.
    """
    if known is None:
        salt = hmac.digest(instance.pepper, b"no such user\0" + username.encode(), "sha256")[:16]
        stretch(passphrase, salt, stand_in, pepper=instance.pepper, user=username)
        return None
    try:
        return userkeys.unlock(known.user.id, passphrase, known.keys, pepper=instance.pepper)
    except TamperedError:
        return None


def _use_code(instance: Instance, user_id: str, seed: bytes, code: str, actor: Actor | None = None) -> None:
    """Check the code, burn its time step and leave the leaf, in one transaction. Raises SignInRefused."""
    now = instance.clock.now()
    step = matching_step(seed, code, now)
    with instance.database.writing() as session:
        facts = load_facts(session, instance, user_id, now)
        refusal = instance.charter.gate(SIGN_IN, facts.standing(), now)
        burnt = burn_step(session, user_id, step or 0)
        if actor is None or step is None or refusal is not None or not burnt:
            raise SignInRefused
        append(session, _leaf(instance, actor, "authorised", "gate.open"))


def burn_step(session: Session, user_id: str, step: int) -> bool:
    """Use up a time step, atomically: False when it, or a later one, was used before (RFC 6238 §5.2)."""
    burnt = session.execute(update(OneTimeStep).where(OneTimeStep.user_id == user_id, OneTimeStep.step < step).values(step=step))
    return bool(burnt.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def matching_step(seed: bytes, code: str, now: datetime) -> int | None:
    """The time step (current or previous) whose code this is."""
    totp = pyotp.TOTP(as_base32(seed), interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    typed = code.replace(" ", "").encode()
    found = None
    for step in (current - 1, current):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed):
            found = step
    return found


def _leaf(instance: Instance, who: User | Actor | None, outcome: str, rule: str) -> Leaf:
    user_id = who.id if isinstance(who, User) else who.user_id if who else None
    return Leaf(
        at=instance.clock.now(),
        action=SIGN_IN,
        outcome=outcome,
        purpose=instance.charter.vocabulary.actions[SIGN_IN].purpose,
        rule=rule,
        charter=instance.charter.version,
        actor=user_id,
        institution=who.institution_id if who else None,
    )
