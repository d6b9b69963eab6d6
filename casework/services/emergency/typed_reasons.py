"""Reasons that people type hold names: sealed twice, to the oversight ring and to their author, bound to the row they belong to."""

from collections.abc import Callable

from casework.errors import NotFound
from casework.models.cells import RingEpoch
from casework.services.keys.certificates import chain, ring_holder
from casework.services.keys.keychain import Keychain
from casework.services.unit import Unit
from casework.vault.hybrid import HybridPrivateKey

FOR_OVERSIGHT = "oversight"
FOR_AUTHOR = "author"


def seal_twice(unit: Unit, oversight: RingEpoch, text: str, context: Callable[[str], bytes]) -> tuple[bytes, bytes]:
    """The text for the oversight ring, and for the actor. context: reader -> what the ciphertext is bound to. Raises UncertifiedKey."""
    anchor = unit.instance.anchor
    reviewers = ring_holder(unit.session, anchor, oversight).chain
    mine = chain(unit.session, unit.actor.certificate_id)
    return (
        anchor.seal(reviewers, text.encode(), context(FOR_OVERSIGHT)),
        anchor.seal(mine, text.encode(), context(FOR_AUTHOR)),
    )


def open_mine(unit: Unit, sealed: bytes, bound_to: bytes) -> str:
    """What I typed, re-read. Raises TamperedError for a row that was altered."""
    return unit.actor.keyring.private.open(sealed, bound_to).decode()


def open_as_oversight(unit: Unit, epoch_id: str, sealed: bytes, bound_to: bytes, keychain: Keychain | None = None) -> str:
    """What somebody typed, for the oversight ring. keychain: one for all the lines of a list, which then asks for its rings once.

    Raises NotFound for who is not in it, TamperedError for a row that was altered.
    """
    keychain = keychain or Keychain(unit)
    if epoch_id not in keychain.holders:
        raise NotFound(unit.action)
    return HybridPrivateKey(keychain.ring_secret(epoch_id)).open(sealed, bound_to).decode()
