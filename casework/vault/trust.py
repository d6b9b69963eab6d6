"""Certificates that chain to the founding officer's key. Nothing is ever sealed to a key without one.

A statement is canonical JSON signed with Ed25519. `kind` says what it certifies:
a *user* (issued by a user certified as an officer), or a *ring* epoch or *compartment* version (issued by any certified user; whether
that user was entitled to make it is the services' question).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casework.errors import UncertifiedKey
from casework.vault.hybrid import seal_to

USER = "user"
RING = "ring"
COMPARTMENT = "compartment"
OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement and its signature, as stored."""

    statement: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Certified:
    """What a valid chain proves. Made by `TrustAnchor.verify` only."""

    kind: str
    subject: str
    claims: Mapping[str, str]
    public: bytes
    signing: bytes


def sign(private: Ed25519PrivateKey, statement: Mapping[str, str | int | None]) -> Signed:
    """Sign a statement (flat, strings and integers)."""
    raw = _canonical(statement)
    return Signed(raw, private.sign(raw))


def is_signed(statement: Mapping[str, str | int | None], signature: bytes, signing: bytes) -> bool:
    """Whether this Ed25519 public key signed exactly this statement."""
    try:
        Ed25519PublicKey.from_public_bytes(signing).verify(signature, _canonical(statement))
    except InvalidSignature:
        return False
    return True


def _canonical(statement: Mapping[str, str | int | None]) -> bytes:
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_signed(signed: Signed, signing: bytes) -> dict[str, str]:
    """The statement, if that Ed25519 public key signed it. Raises UncertifiedKey otherwise."""
    return dict(_stated(signed, signing))


@lru_cache(maxsize=4096)
def _stated(signed: Signed, signing: bytes) -> dict[str, str]:
    """A signature over the same bytes stays valid: an admission is checked once a process, not for every key given. A failure is not
    remembered.
    """
    try:
        Ed25519PublicKey.from_public_bytes(signing).verify(signed.signature, signed.statement)
        statement = json.loads(signed.statement)
    except (InvalidSignature, ValueError) as problem:
        raise UncertifiedKey("a signature does not hold") from problem
    if not isinstance(statement, dict):
        raise UncertifiedKey("a signed statement is not an object")
    return statement


def certificate(
    private: Ed25519PrivateKey, *, instance: str, kind: str, subject: str, public: bytes, signing: bytes = b"", claims: Mapping[str, str]
) -> Signed:
    """Certify public keys: `public` is the hybrid key one seals to, `signing` an Ed25519 key or nothing."""
    head = {"instance": instance, "kind": kind, "subject": subject, "public": public.hex(), "signing": signing.hex()}
    return sign(private, head | {f"claim.{name}": value for name, value in claims.items()})


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """What the instance file pins: its id, the founding officer's Ed25519 key and the recovery public key."""

    instance: str
    founder: bytes
    recovery: bytes

    def verify(self, chain: Sequence[Signed]) -> Certified:
        """What the first statement certifies, each signed by the next, the last by the founder.

        Raises UncertifiedKey for a broken chain, a foreign instance, or a user certified by anybody but an officer.
        """
        return _verified(self, tuple(chain))

    def walk(self, chain: tuple[Signed, ...]) -> Certified:
        """`verify`, computed afresh."""
        if not chain:
            raise UncertifiedKey("no certificate")
        issuer_key, issuer = self.founder, None
        for signed in reversed(chain):
            issuer = self._read(signed, issuer_key, issuer)
            issuer_key = issuer.signing
        assert issuer is not None  # noqa: S101 - the chain is not empty
        return issuer

    def _read(self, signed: Signed, issuer_key: bytes, issuer: Certified | None) -> Certified:
        statement = read_signed(signed, issuer_key)
        claims = {name[6:]: value for name, value in statement.items() if name.startswith("claim.")}
        if statement.get("instance") != self.instance:
            raise UncertifiedKey("a certificate of another instance")
        if issuer is not None and (issuer.kind != USER or (statement["kind"] == USER and issuer.claims.get("profession") != OFFICER)):
            raise UncertifiedKey("certified by somebody who may not")
        return Certified(
            statement["kind"], statement["subject"], claims, bytes.fromhex(statement["public"]), bytes.fromhex(statement["signing"])
        )

    def seal(self, chain: Sequence[Signed], plaintext: bytes, context: bytes) -> bytes:
        """Seal to the key that the chain certifies. Raises UncertifiedKey before anything is sealed."""
        return seal_to(self.verify(chain).public, plaintext, context)

    def seal_for_recovery(self, plaintext: bytes, context: bytes) -> bytes:
        """Seal to the pinned recovery key."""
        return seal_to(self.recovery, plaintext, context)


@lru_cache(maxsize=4096)
def _verified(anchor: TrustAnchor, chain: tuple[Signed, ...]) -> Certified:
    """Signatures over the same bytes stay valid, so each chain is computed once a process. A failure is not remembered."""
    return anchor.walk(chain)
