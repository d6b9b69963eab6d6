"""Sessions between requests: the server keeps a lock, the cookie its key (design §4, security.md P2)."""

from sqlalchemy import bindparam, select

from casework.errors import ScreenCovered, SessionEnded, SignInRefused, TamperedError, UncertifiedKey
from casework.ledger import Leaf
from casework.models.people import Institution, User, UserKeys
from casework.models.session_store import SessionRow
from casework.services.actor import Actor
from casework.services.instance import Instance
from casework.services.keys.certificates import newest_certificate
from casework.services.keys.keyrows import stored_keys
from casework.services.offices.signing_in import assemble
from casework.services.unit import record
from casework.vault import sessionkeys

SIGN_OUT = "session.sign_out"
TOUCH_EVERY = 60
"""Seconds: the last-seen time is written at most this often."""

_ACCOUNT = (
    select(User, UserKeys, Institution)
    .join(UserKeys, UserKeys.user_id == User.id)
    .join(Institution, Institution.id == User.institution_id)
    .where(User.id == bindparam("user"), User.deactivated_at.is_(None))
)
"""Put together once: every request asks it."""


def start(actor: Actor) -> str:
    """Open a session for somebody who just signed in; returns the cookie's secret, which the server does not keep."""
    instance = actor.instance
    now = int(instance.clock.now().timestamp())
    secret = sessionkeys.new_secret()
    locked = sessionkeys.lock(secret, actor.user_id, now, actor.keyring.user_key)
    instance.sessions.sweep(now=now, idle=instance.limits.idle)
    instance.sessions.put(SessionRow(locked.id, actor.user_id, locked.locked, now, now, now + instance.limits.absolute))
    return secret


def resume(instance: Instance, secret: str) -> Actor:
    """The actor of a living session.

    Raises SessionEnded for no session, one idle too long, too old, or of an account that changed; ScreenCovered for one whose screen is
    covered: whatever it asks for, nobody asks.
    """
    now = int(instance.clock.now().timestamp())
    row = instance.sessions.find_living(sessionkeys.session_id(secret), now=now, idle=instance.limits.idle)
    if row is None:
        raise SessionEnded
    if row.covered:
        raise ScreenCovered(row.meeting)
    try:
        user_key = sessionkeys.unlock(secret, row.user_id, row.created, row.locked)
        actor = _assemble(instance, row.user_id, user_key)
    except (TamperedError, UncertifiedKey, SignInRefused) as problem:
        raise SessionEnded from problem
    if now - row.seen >= TOUCH_EVERY:
        instance.sessions.touch(row.id, now)
    return actor


def end(instance: Instance, secret: str) -> None:
    """Kill a session and record the sign-out. Ending one that is over is no error and leaves no leaf."""
    row = instance.sessions.find(sessionkeys.session_id(secret))
    instance.sessions.delete(sessionkeys.session_id(secret))
    if row is None:
        return
    record(
        instance,
        Leaf(
            at=instance.clock.now(),
            action=SIGN_OUT,
            outcome="authorised",
            purpose=instance.charter.vocabulary.actions[SIGN_OUT].purpose,
            rule="gate.open",
            charter=instance.charter.version,
            actor=row.user_id,
            institution=None,
        ),
    )


def _assemble(instance: Instance, user_id: str, user_key: bytes) -> Actor:
    with instance.database.reading() as session:
        row = session.execute(_ACCOUNT, {"user": user_id}).one_or_none()
        if row is None:
            raise SessionEnded
        user, keys, institution = row
        return assemble(session, instance, user, stored_keys(keys), institution, newest_certificate(session, user_id), user_key)
