"""Public-key sealing: HPKE (RFC 9180) with ML-KEM-768 + X25519, HKDF-SHA-256 and AES-256-GCM.

A private key is 32 random bytes from which both halves are derived, so that one value is wrapped, escrowed and moved.
"""

from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite

from casework.errors import TamperedError
from casework.vault.aead import derive, new_key

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
MLKEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32
MLKEM_SEED_BYTES = 64


class HybridPrivateKey:
    """The private half. `secret`: 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    @classmethod
    def generate(cls) -> "HybridPrivateKey":
        """A fresh key."""
        return cls(new_key())

    @cached_property
    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        seed = derive(self.secret, "hybrid", "ml-kem-768", length=MLKEM_SEED_BYTES)
        scalar = derive(self.secret, "hybrid", "x25519")
        return MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(scalar)

    @cached_property
    def public(self) -> bytes:
        """The public half: 1,216 bytes, ML-KEM-768 then X25519."""
        mlkem, x25519 = self._halves
        return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    def open(self, blob: bytes, context: bytes) -> bytes:
        """What was sealed to this key in this context. Raises TamperedError otherwise."""
        try:
            return SUITE.decrypt(blob, MLKEM768X25519PrivateKey(*self._halves), info=context)
        except (InvalidTag, ValueError) as problem:
            raise TamperedError("a sealed box does not open") from problem


def seal_to(public: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Seal to a public key. Internal to the vault: others go through a certificate (`trust.seal`)."""
    mlkem = MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES])
    x25519 = X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:])
    return SUITE.encrypt(plaintext, MLKEM768X25519PublicKey(mlkem, x25519), info=context)
