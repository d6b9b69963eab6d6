"""Packing, sealing to people, certificates, user keys and sessions, each by itself."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import TamperedError, UncertifiedKey
from casework.vault import sessionkeys, trust, userkeys
from casework.vault.hybrid import PUBLIC_BYTES, HybridPrivateKey, seal_to
from casework.vault.packing import pack
from casework.vault.passphrase import Hashing

CHEAP = Hashing(64, 1, 1)
PARTS = st.lists(st.one_of(st.binary(), st.text(), st.integers(), st.none()))


@given(PARTS, PARTS)
def test_different_lists_never_share_their_bytes(one: list[object], other: list[object]) -> None:
    same = [(type(each), each) for each in one] == [(type(each), each) for each in other]
    assert (pack(*one) == pack(*other)) == same  # type: ignore[arg-type]  # the strategy makes parts


def test_a_box_opens_for_its_key_in_its_context_only() -> None:
    private = HybridPrivateKey.generate()
    assert len(private.public) == PUBLIC_BYTES
    box = seal_to(private.public, b"secret", b"context")
    assert private.open(box, b"context") == b"secret"
    for key, context in ((private, b"other"), (HybridPrivateKey.generate(), b"context")):
        with pytest.raises(TamperedError):
            key.open(box, context)


def chain(profession: str = "officer", *, instance: str = "town") -> tuple[trust.TrustAnchor, list[trust.Signed], HybridPrivateKey]:
    """Founder → a certified user of this profession → somebody certified by them."""
    founder, middle, last = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), HybridPrivateKey.generate()
    anchor = trust.TrustAnchor("town", founder.public_key().public_bytes_raw(), HybridPrivateKey.generate().public)
    issuer = trust.certificate(
        founder, instance="town", kind=trust.USER, subject="middle", public=last.public,
        signing=middle.public_key().public_bytes_raw(), claims={"profession": profession},
    )  # fmt: skip
    user = trust.certificate(
        middle, instance=instance, kind=trust.USER, subject="last", public=last.public, claims={"profession": "police"}
    )
    return anchor, [user, issuer], last


def test_a_chain_to_the_founder_is_sealed_to() -> None:
    anchor, links, last = chain()
    assert anchor.verify(links).subject == "last"
    assert last.open(anchor.seal(links, b"secret", b"context"), b"context") == b"secret"


def test_users_are_certified_by_officers_of_this_instance_only() -> None:
    for anchor, links, _ in (chain("social_worker"), chain(instance="another town")):
        with pytest.raises(UncertifiedKey):
            anchor.seal(links, b"secret", b"context")


def test_a_broken_chain_is_sealed_to_by_nobody() -> None:
    anchor, links, _ = chain()
    stranger, others, _ = chain()
    for attempt in ([], links[:1], [links[0], others[1]], others, [trust.Signed(links[0].statement + b" ", links[0].signature), links[1]]):
        with pytest.raises(UncertifiedKey):
            anchor.seal(attempt, b"secret", b"context")
    assert stranger.verify(others).subject == "last"


def test_a_passphrase_or_the_sheet_unlocks_and_nothing_else_does() -> None:
    anchor = chain()[0]
    kept = userkeys.enrol("zoe", "une phrase", pepper=b"p" * 32, hashing=CHEAP, anchor=anchor)
    user_key = userkeys.unlock("zoe", "une phrase", kept.stored, pepper=b"p" * 32)
    assert user_key is not None
    assert userkeys.unlock_with_sheet("zoe", kept.recovery_sheet, kept.stored) == user_key
    assert userkeys.totp_seed("zoe", user_key, kept.stored) == kept.totp_seed
    assert userkeys.unlock("zoe", "une autre", kept.stored, pepper=b"p" * 32) is None
    assert userkeys.unlock("zoe", "une phrase", kept.stored, pepper=b"q" * 32) is None
    with pytest.raises(TamperedError):
        userkeys.unlock_with_sheet("zoe", "00" * 16, kept.stored)
    with pytest.raises(TamperedError):
        userkeys.keyring("yves", user_key, kept.stored)


def test_a_session_is_split() -> None:
    secret = sessionkeys.new_secret()
    locked = sessionkeys.lock(secret, "zoe", 1, b"k" * 32)
    assert sessionkeys.unlock(secret, "zoe", 1, locked.locked) == b"k" * 32
    assert secret not in locked.id
    for other in ((sessionkeys.new_secret(), "zoe", 1), (secret, "yves", 1), (secret, "zoe", 2)):
        with pytest.raises(TamperedError):
            sessionkeys.unlock(*other, locked.locked)
