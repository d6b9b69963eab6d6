"""Making a compartment, and saying beforehand who would hold it: the same answer serves the key and the screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import UncertifiedKey
from casework.models.base import new_id
from casework.models.cells import RingEpoch
from casework.models.dossiers import Compartment, CompartmentVersion, Dossier
from casework.services import boxes
from casework.services.access import OWNED, Held
from casework.services.admissions import was_member
from casework.services.certificates import (
    ELECTED_RING,
    STEWARDS,
    Holder,
    certified_profession,
    certified_user,
    chain,
    current_epoch,
    ring_holder,
    trusted_stewards,
    user_holder,
)
from casework.services.unit import Unit
from casework.vault import aead, trust
from casework.vault.content import ContentKey

COORDINATOR = "coordinator"
FROM_THE_SENDER = ("identity", "confidential")
"""Compartments that a saisine comes with."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A box that a new compartment will get."""

    holder_id: str
    to_ring: bool
    title: str
    until: datetime | None = None
    reference: str = ""


def make(unit: Unit, dossier: Dossier, kind: str, grants: list[Grant]) -> ContentKey:
    """A new compartment with its first key version, sealed to those named. Raises UncertifiedKey when one of them is not certified."""
    actor, anchor = unit.actor, unit.instance.anchor
    owner = actor.user_id if kind in OWNED else ""
    compartment = Compartment(id=new_id(), version=1, dossier_id=dossier.id, cell_id=dossier.cell_id, kind=kind, owner_id=owner)
    content = ContentKey(aead.new_key(), instance=anchor.instance, scope=compartment.id, version=1)
    unit.session.add(compartment)
    unit.session.flush()
    unit.session.add(_version(unit, content))
    for grant in grants:
        boxes.give(unit, compartment, content, holder_of(unit, grant), grant.title, reference=grant.reference, until=grant.until)
    return content


def _version(unit: Unit, content: ContentKey) -> CompartmentVersion:
    signed = trust.certificate(
        unit.actor.keyring.signing,
        instance=unit.instance.anchor.instance,
        kind=trust.COMPARTMENT,
        subject=content.scope,
        public=content.deposit.public,
        claims={"version": str(content.version)},
    )
    return CompartmentVersion(
        id=new_id(),
        version=1,
        compartment_id=content.scope,
        number=content.version,
        maker_id=unit.actor.certificate_id,
        statement=signed.statement,
        signature=signed.signature,
        previous=None,
    )


def holder_of(unit: Unit, grant: Grant) -> Holder:
    """The certified holder a grant names."""
    if not grant.to_ring:
        return user_holder(unit.session, unit.instance.anchor, grant.holder_id)
    return ring_holder(unit.session, unit.instance.anchor, unit.session.get_one(RingEpoch, grant.holder_id))


def grants_for(held: Held, kind: str) -> list[Grant]:
    """Who will hold a compartment of this kind if the actor makes it now, as the charter has it.

    N2 and N3: the author alone. Else the stewards who keep it, the lead and the elected ring where they may read it, and the author.
    """
    actor = held.unit.actor
    if kind in OWNED:
        return [Grant(actor.user_id, to_ring=False, title="author")]
    return [*standing_grants(held.unit, held.dossier, kind), *_own_grants(held, kind)]


def standing_grants(unit: Unit, dossier: Dossier, kind: str) -> Iterator[Grant]:
    """The boxes that every compartment of this kind has: stewards, lead, elected."""
    steward = Situation(COORDINATOR, "steward", dossier.programme, dossier.status, kind)
    stewards = current_epoch(unit.session, STEWARDS, dossier.cell_id)
    if stewards is not None and unit.check("compartment.keep", [steward]).permitted:
        yield Grant(stewards.id, to_ring=True, title="steward")
    if dossier.lead_id is not None:
        check_lead(unit, dossier)
        profession = certified_profession(unit.session, unit.instance.anchor, dossier.lead_id)
        if unit.check("compartment.read", [Situation(profession, "lead", dossier.programme, dossier.status, kind)]).permitted:
            yield Grant(dossier.lead_id, to_ring=False, title="lead")
    elected = current_epoch(unit.session, ELECTED_RING, dossier.cell_id)
    situation = Situation("elected", "elected", dossier.programme, dossier.status, kind)
    if elected is not None and unit.check("compartment.read", [situation]).permitted:
        yield Grant(elected.id, to_ring=True, title="elected")


def _own_grants(held: Held, kind: str) -> Iterator[Grant]:
    """A reader by share who makes a compartment they may read keeps a box of it, as long as the share lasts."""
    shares = [box for boxes_here in held.boxes.values() for box in boxes_here if box.title == "shared"]
    if shares and held.unit.check("compartment.read", held.situations(kind, frozenset({"shared"}))).permitted:
        longest = max(shares, key=lambda box: (box.until is None, box.until or held.unit.now))
        yield Grant(held.unit.actor.user_id, to_ring=False, title="shared", until=longest.until, reference=longest.reference)


def name_lead(unit: Unit, dossier: Dossier, lead_id: str) -> None:
    """Name a dossier's lead by a signed act of a steward. The row alone names nobody."""
    signed = unit.actor.keyring.sign(dict(_lead_statement(unit, dossier, lead_id)))
    dossier.lead_id, dossier.lead_signer_id = lead_id, unit.actor.certificate_id
    dossier.lead_statement, dossier.lead_signature = signed.statement, signed.signature


def check_lead(unit: Unit, dossier: Dossier) -> None:
    """Raise UncertifiedKey unless a steward of the cell named this lead for this dossier."""
    if dossier.lead_id is None or dossier.lead_signer_id is None or dossier.lead_statement is None or dossier.lead_signature is None:
        raise UncertifiedKey("a lead nobody named")
    anchor = unit.instance.anchor
    signer = certified_user(unit.session, anchor, dossier.lead_signer_id)
    stated = trust.read_signed(trust.Signed(dossier.lead_statement, dossier.lead_signature), signer.signing)
    stewards = trusted_stewards(unit.session, anchor, dossier.cell_id)
    if signer.subject not in stewards or stated != _lead_statement(unit, dossier, dossier.lead_id):
        raise UncertifiedKey("a lead nobody named")


def _lead_statement(unit: Unit, dossier: Dossier, lead_id: str) -> dict[str, str]:
    return {"instance": unit.instance.anchor.instance, "dossier": dossier.id, "cell": dossier.cell_id, "lead": lead_id}


def deposit_chain(held: Held, compartment: Compartment, content: ContentKey | None) -> tuple[trust.Signed, ...]:
    """The certified deposit key of a compartment's newest version, made by somebody who was entitled to make it.

    content: the key I opened, when I did: it must be the one the version publishes. Asked before anything is written, so that nobody
    writes under a key that was planted. Raises UncertifiedKey.
    """
    session, instance = held.unit.session, held.unit.instance
    version = session.scalars(
        select(CompartmentVersion)
        .where(CompartmentVersion.compartment_id == compartment.id)
        .order_by(CompartmentVersion.number.desc())
        .limit(1)
    ).one()
    maker = certified_user(session, instance.anchor, version.maker_id)
    links = (trust.Signed(version.statement, version.signature), *chain(session, version.maker_id))
    stated = instance.anchor.verify(links)
    genuine = (stated.kind, stated.subject, stated.claims) == (trust.COMPARTMENT, compartment.id, {"version": str(version.number)})
    if content is not None and content.deposit.public != stated.public:
        genuine = False
    if not genuine or not _entitled(held, compartment, version.number, maker.subject):
        raise UncertifiedKey("a compartment made by somebody who may not")
    return links


def _entitled(held: Held, compartment: Compartment, number: int, maker: str) -> bool:
    """Who may have made a compartment's key version: of N2 and N3 their author; of the others a steward of the cell, the lead a steward
    named, and, of the two that come with a saisine, for their first version, its sender."""
    if compartment.owner_id:
        return maker == compartment.owner_id
    unit, dossier = held.unit, held.dossier
    if maker in trusted_stewards(unit.session, unit.instance.anchor, dossier.cell_id):
        return True
    if maker == dossier.lead_id:
        check_lead(unit, dossier)
        return True
    sent = compartment.kind in FROM_THE_SENDER and number == 1 and maker == dossier.reporter_id
    return sent and was_member(unit.session, unit.instance, dossier.cell_id, maker)
