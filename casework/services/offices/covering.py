"""Covering the screen: a state of the session, kept in its store. A covered session resumes nobody, whatever it asks for.

Who conducts a meeting uncovers with a code chosen at its opening, which is no key: it opens nothing by itself, and lives as a keyed slow
hash for as long as the session does. Everybody else uncovers with their passphrase.
"""

import re
from datetime import datetime

from casework.errors import InvalidInput, SessionEnded
from casework.models.session_store import SessionRow
from casework.services.instance import Instance
from casework.services.offices import sessions, throttle
from casework.services.offices.signing_in import knows_passphrase
from casework.vault import passphrase, sessionkeys
from casework.wording import says

CODE = re.compile(r"[0-9]{4,8}")
TRIES = 5
"""Wrong answers that a covered session bears; the last one ends it."""

FORM = says("Choisissez un code de 4 à 8 chiffres.")
TWICE = says("Les deux codes ne sont pas les mêmes.")
LAST = says("Ce n’est pas cela. Il reste un essai avant la fin de la session.")


def check_code(code: str, repeated: str) -> None:
    """Raise InvalidInput for anything but 4 to 8 digits, typed twice alike."""
    if not CODE.fullmatch(code):
        raise InvalidInput({"code": FORM})
    if code != repeated:
        raise InvalidInput({"repeated": TWICE})


def take_screen(instance: Instance, secret: str, meeting_id: str, code: str, until: datetime) -> None:
    """This session shows the meeting from now on: `code` uncovers it, and the idle limit waits until then at the latest.

    secret: the cookie's. The absolute limit of the session stays. Raises InvalidInput for a code that is none.
    """
    check_code(code, code)
    session_id = sessionkeys.session_id(secret)
    kept = _hashed(instance, session_id, code, passphrase.new_salt())
    instance.sessions.give_screen(session_id, meeting_id, awake=int(until.timestamp()), code=kept)


def has_code(instance: Instance, secret: str) -> bool:
    """Whether this session was given a code: without one, the passphrase uncovers it."""
    row = instance.sessions.find(sessionkeys.session_id(secret))
    return row is not None and row.code is not None


def cover(instance: Instance, secret: str) -> None:
    """Cover the screen of this session."""
    instance.sessions.cover(sessionkeys.session_id(secret))


def covered(instance: Instance, secret: str) -> bool:
    """Whether a living session is covered."""
    row = _living(instance, secret)
    return row is not None and bool(row.covered)


def uncover(instance: Instance, secret: str, typed: str) -> str:
    """Take the cover away with the session's code, or with the passphrase of whoever signed in where it has none.

    Returns the id of the meeting to go back to, empty without one. Raises InvalidInput for a wrong answer, and SessionEnded, with the
    session ended and that recorded, at the fifth.
    """
    row = _living(instance, secret)
    if row is None:
        raise SessionEnded
    counted = instance.sessions.count_try(row.id, most=TRIES)
    if counted and _is_theirs(instance, row, typed):
        instance.sessions.uncover(row.id)
        return row.meeting
    left = TRIES - row.tries - 1
    if not counted or left <= 0:
        sessions.end(instance, secret)
        raise SessionEnded
    several = says("Ce n’est pas cela. Il reste %(count)s essais avant la fin de la session.", count=left)
    raise InvalidInput({"code": LAST if left == 1 else several})


def release(instance: Instance, meeting_id: str) -> None:
    """The meeting is over: for every session that showed it, the idle limit counts again, from now. A covered one stays covered.

    Whoever closes a meeting calls it, once its transaction is committed.
    """
    instance.sessions.release_screens(meeting_id, now=int(instance.clock.now().timestamp()))


def _living(instance: Instance, secret: str) -> SessionRow | None:
    now = int(instance.clock.now().timestamp())
    return instance.sessions.find_living(sessionkeys.session_id(secret), now=now, idle=instance.limits.idle)


def _is_theirs(instance: Instance, row: SessionRow, typed: str) -> bool:
    if row.code is None:
        return knows_passphrase(instance, row.user_id, typed)
    return _matches(instance, row.id, typed, row.code)


def _hashed(instance: Instance, session_id: str, code: str, salt: bytes) -> bytes:
    return salt + passphrase.stored(_stretched(instance, session_id, code, salt))


def _matches(instance: Instance, session_id: str, code: str, kept: bytes) -> bool:
    salt, hashed = kept[: passphrase.SALT_BYTES], kept[passphrase.SALT_BYTES :]
    return passphrase.same(_stretched(instance, session_id, code, salt), hashed)


def _stretched(instance: Instance, session_id: str, code: str, salt: bytes) -> bytes:
    with throttle.hashing_slot(instance):
        return passphrase.stretch(code, salt, instance.hashing, pepper=instance.pepper, user=f"screen:{session_id}").auth
