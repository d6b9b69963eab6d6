"""Who is certified, and who may be believed: chains of certificates, stewards by signed acts, rings made by those entitled."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from casework.errors import UncertifiedKey
from casework.models.cells import Cell, Habilitation, Ring, RingEpoch
from casework.models.people import Certificate
from casework.services.keys.answers import asked_once
from casework.services.membership.standing import STEWARD
from casework.vault.trust import RING, USER, Certified, Signed, TrustAnchor, read_signed

STEWARDS = "stewards"
ELECTED_RING = "elected"
OVERSIGHT = "oversight"
SERVICE = "service"
DUTY_RING = "duty"
CELL_RING = "cell"
DPO = "dpo"
PEOPLE = "people"
"""Claim of a duty epoch: who is on call. Nobody but they hold its secret, so nobody else could tell a stray member by its MAC."""


_NEWEST_CERTIFICATE = (
    select(Certificate).where(Certificate.subject_id == bindparam("user")).order_by(Certificate.created_at.desc(), Certificate.id).limit(1)
)
_CERTIFICATES = select(Certificate).where(Certificate.subject_id.in_(bindparam("users", expanding=True))).order_by(Certificate.created_at)
_STANDING_EPOCH = (
    select(RingEpoch)
    .join(Ring, Ring.id == RingEpoch.ring_id)
    .where(Ring.kind == bindparam("kind"), Ring.cell_id == bindparam("cell"))
    .where((Ring.dossier_id == bindparam("dossier")) | Ring.dossier_id.is_(None))
    .order_by(Ring.dossier_id.is_(None), RingEpoch.number.desc())
    .limit(1)
)
"""Put together once: they are asked all day."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A key one may seal to: who it is, and the chain that says so."""

    id: str
    to_ring: bool
    chain: tuple[Signed, ...]


def newest_certificate(session: Session, user_id: str) -> Certificate:
    """The certificate that counts for a user. Raises UncertifiedKey without one."""
    found = asked_once(session, ("newest certificate", user_id), lambda: session.scalar(_NEWEST_CERTIFICATE, {"user": user_id}))
    if found is None:
        raise UncertifiedKey("no certificate yet")
    return found


def chain(session: Session, certificate_id: str) -> tuple[Signed, ...]:
    """A certificate and its issuers, up to the founder's."""
    return tuple(_chain(session, certificate_id))


def _chain(session: Session, certificate_id: str | None) -> Iterator[Signed]:
    seen: set[str] = set()
    while certificate_id is not None and certificate_id not in seen:
        seen.add(certificate_id)
        certificate = _certificate(session, certificate_id)
        if certificate is None:
            raise UncertifiedKey("a certificate is missing")
        yield Signed(certificate.statement, certificate.signature)
        certificate_id = certificate.issuer_id


def _certificate(session: Session, certificate_id: str) -> Certificate | None:
    return asked_once(session, ("certificate", certificate_id), lambda: session.get(Certificate, certificate_id))


def certified_user(session: Session, anchor: TrustAnchor, certificate_id: str) -> Certified:
    """What a user's certificate proves. Raises UncertifiedKey for a certificate of anything but a user."""
    found = anchor.verify(chain(session, certificate_id))
    if found.kind != USER:
        raise UncertifiedKey("not a certificate of a person")
    return found


def certified_person(session: Session, anchor: TrustAnchor, user_id: str) -> Certified:
    """What a user's newest certificate proves. Raises UncertifiedKey when it is another person's."""
    return _proven(session, anchor, user_id, newest_certificate(session, user_id))


def _proven(session: Session, anchor: TrustAnchor, user_id: str, newest: Certificate) -> Certified:
    found = certified_user(session, anchor, newest.id)
    if found.subject != user_id or found.claims.get("issued") != newest.created_at.isoformat():
        raise UncertifiedKey("a certificate of somebody else, or of another day")
    return found


def signing_keys(session: Session, anchor: TrustAnchor, user_id: str) -> list[bytes]:
    """The Ed25519 public keys of a user, past ones included."""
    ids = session.scalars(select(Certificate.id).where(Certificate.subject_id == user_id)).all()
    found = [certified_user(session, anchor, each) for each in ids]
    return [each.signing for each in found if each.subject == user_id]


def certified_people(
    session: Session, anchor: TrustAnchor, user_ids: Iterable[str], *, broken: list[str] | None = None
) -> dict[str, Certified]:
    """What the newest certificates of these users prove, by user id; who has none of their own is left out.

    Raises UncertifiedKey for one that does not verify. broken: where it is given, whose it is goes there instead, and the others are found.
    """
    rows = session.scalars(_CERTIFICATES, {"users": list(set(user_ids))})
    found = {}
    for user_id, newest in {each.subject_id: each for each in rows}.items():
        try:
            found[user_id] = certified_user(session, anchor, newest.id)
        except UncertifiedKey:
            if broken is None:
                raise
            broken.append(user_id)
    return {user_id: each for user_id, each in found.items() if each.subject == user_id}


def user_holder(session: Session, anchor: TrustAnchor, user_id: str) -> Holder:
    """A user as somebody to seal to. Raises UncertifiedKey without a certificate of their own."""
    newest = newest_certificate(session, user_id)
    _proven(session, anchor, user_id, newest)
    return Holder(user_id, False, chain(session, newest.id))


def certified_profession(session: Session, anchor: TrustAnchor, user_id: str) -> str:
    """A user's profession as an officer certified it."""
    return certified_person(session, anchor, user_id).claims["profession"]


def current_epoch(session: Session, kind: str, cell_id: str | None, dossier_id: str | None = None) -> RingEpoch | None:
    """The ring's newest epoch, or None when there is no such ring. dossier_id: a ring made for that dossier alone."""
    return session.scalar(
        select(RingEpoch)
        .join(Ring, Ring.id == RingEpoch.ring_id)
        .where(
            Ring.kind == kind,
            Ring.cell_id == cell_id if cell_id else Ring.cell_id.is_(None),
            Ring.dossier_id == dossier_id if dossier_id else Ring.dossier_id.is_(None),
        )
        .order_by(RingEpoch.number.desc())
        .limit(1)
    )


def standing_epoch(session: Session, kind: str, cell_id: str, dossier_id: str) -> RingEpoch | None:
    """The newest epoch of the ring that a dossier has of its own, else of its cell's: one question for both."""
    here = {"kind": kind, "cell": cell_id, "dossier": dossier_id}
    return asked_once(session, ("standing epoch", kind, cell_id, dossier_id), lambda: session.scalar(_STANDING_EPOCH, here))


def newest_epoch(session: Session, ring_id: str) -> RingEpoch | None:
    """The newest epoch of a ring known by its id."""
    query = select(RingEpoch).where(RingEpoch.ring_id == ring_id).order_by(RingEpoch.number.desc()).limit(1)
    return asked_once(session, ("newest epoch", ring_id), lambda: session.scalar(query))


def ring_kind(session: Session, epoch_id: str) -> str:
    """Of which kind the ring of an epoch is."""
    query = select(Ring.kind).join(RingEpoch, RingEpoch.ring_id == Ring.id).where(RingEpoch.id == epoch_id)
    return asked_once(session, ("ring kind", epoch_id), lambda: session.scalars(query).one())


def reached_by(epoch: RingEpoch) -> list[str]:
    """User ids that a ring's secret was ever sealed to, those who left included."""
    return (epoch.reached or "").split()


def on_call(session: Session, anchor: TrustAnchor, epoch: RingEpoch) -> frozenset[str]:
    """Who is on call, by what the maker of a duty epoch signed. Raises UncertifiedKey as `ring_holder`."""
    return frozenset(anchor.verify(ring_holder(session, anchor, epoch).chain).claims.get(PEOPLE, "").split())


def ring_holder(session: Session, anchor: TrustAnchor, epoch: RingEpoch) -> Holder:
    """A ring epoch as somebody to seal to: its key certified, by a maker who was entitled to make this ring.

    Raises UncertifiedKey otherwise.
    """
    return asked_once(session, ("ring holder", epoch.id), lambda: _ring_holder(session, anchor, epoch))


def _ring_holder(session: Session, anchor: TrustAnchor, epoch: RingEpoch) -> Holder:
    ring = session.get_one(Ring, epoch.ring_id)
    maker = certified_user(session, anchor, epoch.maker_id)
    if ring.cell_id is None:
        entitled = ring.kind == OVERSIGHT and maker.claims.get("profession") == DPO
    elif ring.kind == SERVICE:  # a service makes its own ring
        entitled = bool(ring.institution_id) and maker.claims.get("institution") == ring.institution_id
    else:
        entitled = maker.subject in trusted_stewards(session, anchor, ring.cell_id)
    links = (Signed(epoch.statement, epoch.signature), *chain(session, epoch.maker_id))
    stated = anchor.verify(links)
    claims = {name: value for name, value in stated.claims.items() if name != PEOPLE}
    if not entitled or (stated.kind, stated.subject) != (RING, epoch.id) or claims != ring_claims(ring, epoch.number):
        raise UncertifiedKey("a ring made by somebody who may not")
    return Holder(epoch.id, True, links)


def ring_claims(ring: Ring, number: int) -> dict[str, str]:
    """What the maker of an epoch signs, besides its key."""
    claims = {"ring": ring.id, "ring_kind": ring.kind, "cell": ring.cell_id or "", "epoch": str(number)}
    claims |= {"institution": ring.institution_id} if ring.institution_id else {}
    return claims | ({"dossier": ring.dossier_id} if ring.dossier_id else {})


def trusted_stewards(session: Session, anchor: TrustAnchor, cell_id: str) -> frozenset[str]:
    """User ids of the stewards of a cell, past ones included, by signed acts alone: foundation, then admissions by stewards."""
    return asked_once(session, ("stewards", cell_id), lambda: _trusted_stewards(session, anchor, cell_id))


def _trusted_stewards(session: Session, anchor: TrustAnchor, cell_id: str) -> frozenset[str]:
    cell = session.get_one(Cell, cell_id)
    officer = certified_user(session, anchor, cell.founder_id)
    foundation = read_signed(Signed(cell.statement, cell.signature), officer.signing)
    if officer.claims.get("profession") != "officer" or (foundation.get("cell"), foundation.get("programme")) != (cell_id, cell.programme):
        raise UncertifiedKey("a cell founded by somebody who may not")
    trusted = set(foundation["stewards"].split())
    admissions = session.scalars(
        select(Habilitation).where(Habilitation.cell_id == cell_id, Habilitation.role == STEWARD).order_by(Habilitation.starts)
    )
    for admission in admissions:
        signer = certified_user(session, anchor, admission.signer_id)
        if signer.subject in trusted:
            stated = read_signed(Signed(admission.statement, admission.signature), signer.signing)
            if (stated.get("cell"), stated.get("role")) == (cell_id, STEWARD):
                trusted.add(stated["user"])
    return frozenset(trusted)
