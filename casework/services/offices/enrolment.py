"""Enrolment at first sign-in: a single-use code becomes a person's own keys, a telephone that shows codes, and a sheet in an envelope.

Between the pages the server keeps the telephone's key and the recovery sheet only under a secret that lies in the person's cookie, in the
session store: neither alone opens anything, a reload loses nothing, and half an hour without a sign ends it. That row is no session:
it lies under another id and opens no door of the house.

Choice: whoever closes the browser before the officer certified starts again with a new code, which the officer hands over in person
(`accounts.reissue`), and all keys are made anew. That is safe because nothing is ever sealed to keys without a certificate, and simple:
there is nothing half-made to resume by passphrase alone. Once there is a certificate no code replaces keys any more.
"""

import hashlib
from dataclasses import dataclass

import pyotp
from sqlalchemy import select

from casework.errors import InvalidInput, SessionEnded, SignInRefused, TamperedError
from casework.ledger import Leaf, append
from casework.models.people import OneTimeStep, User, UserKeys
from casework.models.session_store import SessionRow
from casework.services.instance import Instance
from casework.services.offices import accounts, passphrases, throttle
from casework.services.offices.signing_in import MAX_TYPED, STEP_SECONDS, burn_step, matching_step
from casework.services.offices.views import EnrolmentView
from casework.services.unit import record
from casework.vault import sessionkeys
from casework.vault.userkeys import SHEET_BYTES, TOTP_SEED_BYTES, Enrolled
from casework.wording import says

APART = ".enrolment"
"""Added to the cookie's secret: the row is found by nobody who looks for a session."""

GROUP = 4


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the row holds once unlocked. keys: digest of the public keys it belongs to."""

    seed: bytes
    sheet: bytes
    keys: bytes


def suggestion() -> str:
    """A passphrase to propose."""
    return passphrases.suggestion()


def begin(instance: Instance, username: str, code: str, passphrase: str, *, address: str = "") -> str:
    """Make one's keys with the officer's code. Returns the cookie's secret, which the server does not keep.

    Raises InvalidInput for a passphrase that is too weak, SignInRefused for an unknown name, a wrong or an old code, a certified account
    (the same error), TooManyAttempts when account or address is limited. The attempts are those of signing in.
    """
    username = username.strip().lower()[:MAX_TYPED]
    weak = passphrases.problem(passphrase, (username, instance.name))
    if weak:
        raise InvalidInput({"passphrase": weak})
    throttle.count(instance, username, address)
    try:
        with throttle.hashing_slot(instance):
            enrolled = accounts.enrol(instance, username, "".join(code.split()).lower()[:MAX_TYPED], passphrase)
    except SignInRefused:
        _record_refusal(instance)
        raise
    throttle.forgive(instance, username, address)
    return _keep(instance, username, enrolled)


def resume(instance: Instance, secret: str) -> EnrolmentView:
    """What the person still has to do and to keep. The sheet and the fingerprint are there once the telephone is proven.

    Raises SessionEnded for an unknown or ended enrolment, and when the keys were made anew since.
    """
    user_id, kept = _open(instance, secret)
    with instance.database.reading() as session:
        user, keys = session.get_one(User, user_id), session.get(UserKeys, user_id)
        if keys is None or _digest(keys.public, keys.signing_public) != kept.keys:
            raise SessionEnded
        confirmed = session.scalar(select(OneTimeStep.step).where(OneTimeStep.user_id == user_id)) != 0
        seed = sessionkeys.as_base32(kept.seed)
        uri = pyotp.TOTP(seed, interval=STEP_SECONDS).provisioning_uri(name=user.username, issuer_name=f"casework {instance.name}")
        return EnrolmentView(
            name=user.name,
            username=user.username,
            instance=instance.name,
            confirmed=confirmed,
            certified=accounts.is_certified(session, user_id),
            key=_groups(seed),
            uri=uri,
            sheet=_groups(kept.sheet.hex()) if confirmed else "",
            fingerprint=accounts.fingerprint(keys.public, keys.signing_public) if confirmed else "",
            made_on=instance.clock.now(),
        )


def confirm(instance: Instance, secret: str, code: str, *, address: str = "") -> None:
    """Prove that the telephone shows the right codes. The code is burnt: it signs nobody in afterwards.

    Raises InvalidInput for a wrong or used code, SessionEnded, TooManyAttempts.
    """
    user_id, kept = _open(instance, secret)
    view = resume(instance, secret)
    throttle.count(instance, view.username, address)
    now = instance.clock.now()
    step = matching_step(kept.seed, code, now)
    with instance.database.writing() as session:
        if step is None or not burn_step(session, user_id, step):
            raise InvalidInput({"code": says("Ce code n’est pas le bon. Attendez que votre téléphone affiche le suivant et recopiez-le.")})
        append(session, accounts.enrolment_leaf(instance, session.get_one(User, user_id), now))
    throttle.forgive(instance, view.username, address)


def finish(instance: Instance, secret: str) -> None:
    """Forget what lay between the pages. Finishing what is over is no error."""
    instance.sessions.delete(sessionkeys.session_id(secret + APART))


def _keep(instance: Instance, username: str, enrolled: Enrolled) -> str:
    now = int(instance.clock.now().timestamp())
    with instance.database.reading() as session:
        user_id = session.scalars(select(User.id).where(User.username == username)).one()
    secret = sessionkeys.new_secret()
    keys = _digest(enrolled.stored.public, enrolled.stored.signing_public)
    content = enrolled.totp_seed + bytes.fromhex(enrolled.recovery_sheet) + keys
    locked = sessionkeys.lock(secret + APART, user_id, now, content)
    instance.sessions.put(SessionRow(locked.id, user_id, locked.locked, now, now, now + instance.limits.absolute))
    return secret


def _open(instance: Instance, secret: str) -> tuple[str, _Kept]:
    now = int(instance.clock.now().timestamp())
    row = instance.sessions.find_living(sessionkeys.session_id(secret + APART), now=now, idle=instance.limits.idle)
    if row is None:
        raise SessionEnded
    try:
        content = sessionkeys.unlock(secret + APART, row.user_id, row.created, row.locked)
    except TamperedError as problem:
        raise SessionEnded from problem
    instance.sessions.touch(row.id, now)
    ends = TOTP_SEED_BYTES, TOTP_SEED_BYTES + SHEET_BYTES
    return row.user_id, _Kept(content[: ends[0]], content[ends[0] : ends[1]], content[ends[1] :])


def _digest(public: bytes, signing: bytes) -> bytes:
    return hashlib.sha256(public + signing).digest()


def _groups(text: str) -> str:
    return " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def _record_refusal(instance: Instance) -> None:
    """The attempt is in the ledger; who was meant is not known, for the name may be anything somebody typed."""
    now, law = instance.clock.now(), instance.charter.version
    leaf = Leaf(
        at=now, action=accounts.ENROL, outcome="refused", purpose="administration", rule="", charter=law, actor=None, institution=None
    )
    record(instance, leaf)
