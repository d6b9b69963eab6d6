"""Sign-in attempts, limited for each account and each address; tries of an accès urgent and of a link; Argon2 computations."""

import fcntl
import hmac
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

from casework.errors import TooManyAttempts
from casework.services.instance import Instance

WAIT = 0.005
"""Seconds between two looks for a free hashing slot."""


def subjects(instance: Instance, username: str, address: str) -> dict[str, int]:
    """Keyed hashes of account and address -> how many attempts each may make: the store holds no name and no address."""
    limits = instance.limits
    return {
        hmac.digest(instance.pepper, b"account\0" + username.encode(), "sha256").hex(): limits.per_account,
        hmac.digest(instance.pepper, b"address\0" + address.encode(), "sha256").hex(): limits.per_address,
    }


def count(instance: Instance, username: str, address: str) -> None:
    """Count an attempt. Raises TooManyAttempts, the same for an unknown name, when account or address has used up its window."""
    now = int(instance.clock.now().timestamp())
    wait = instance.sessions.count_attempt(subjects(instance, username, address), at=now, window=instance.limits.window)
    if wait is not None:
        raise TooManyAttempts(wait)


def forgive(instance: Instance, username: str, address: str) -> None:
    """After a success the account starts afresh; the address keeps its count."""
    account, _ = subjects(instance, username, address)
    instance.sessions.forget_attempts(account)


def count_urgent(instance: Instance, user_id: str) -> None:
    """Count a try to enter a dossier by an accès urgent. Raises TooManyAttempts: nobody walks through names and birth dates."""
    limits, now = instance.limits, int(instance.clock.now().timestamp())
    wait = instance.sessions.count_attempt({_urgent(instance, user_id): limits.per_urgent}, at=now, window=limits.window)
    if wait is not None:
        raise TooManyAttempts(wait)


def forgive_urgent(instance: Instance, user_id: str) -> None:
    """After an access was opened the count starts afresh."""
    instance.sessions.forget_attempts(_urgent(instance, user_id))


def count_link(instance: Instance, address: str) -> None:
    """Count a try to open a partner's link. Raises TooManyAttempts when the address has used up its window."""
    limits, now = instance.limits, int(instance.clock.now().timestamp())
    subject = hmac.digest(instance.pepper, b"link\0" + address.encode(), "sha256").hex()
    wait = instance.sessions.count_attempt({subject: limits.per_address}, at=now, window=limits.window)
    if wait is not None:
        raise TooManyAttempts(wait)


def _urgent(instance: Instance, user_id: str) -> str:
    return hmac.digest(instance.pepper, b"urgent\0" + user_id.encode(), "sha256").hex()


@contextmanager
def hashing_slot(instance: Instance) -> Iterator[None]:
    """At most `limits.hashes` Argon2 computations at once on this machine, over all processes: memory is bounded."""
    folder = instance.runtime
    slots = [(folder / f"hashing-{number}.lock").open("a") for number in range(instance.limits.hashes)]
    try:
        for slot in itertools.cycle(slots):
            try:
                fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(WAIT)
        yield
    finally:
        for slot in slots:
            slot.close()
