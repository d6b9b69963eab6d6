"""Making a compartment, and saying beforehand who would hold it: the same answer serves the key and the screen."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from casework.charter import Situation
from casework.errors import InvalidInput, UncertifiedKey
from casework.models.base import new_id
from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Compartment, CompartmentVersion, Dossier
from casework.models.history import past_table
from casework.services.access import OWNED, Held, linked
from casework.services.keys import boxes, following
from casework.services.keys.certificates import (
    DUTY_RING,
    ELECTED_RING,
    SERVICE,
    STEWARDS,
    Holder,
    certified_user,
    chain,
    newest_epoch,
    reached_by,
    ring_holder,
    standing_epoch,
    trusted_stewards,
    user_holder,
)
from casework.services.membership.admissions import certified_member, was_member
from casework.services.unit import Unit
from casework.vault import aead, trust
from casework.vault.content import ContentKey
from casework.wording import says

SAFETY = "safety"
EXTRACT = "extract"
"""What a service may make besides `safety`: the part of a dossier that goes with an orientation."""

FROM_THE_SENDER = ("identity", "contact", "confidential", "judicial", "safety")
"""Compartments that a saisine comes with."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A box that a new compartment will get."""

    holder_id: str
    to_ring: bool
    title: str
    until: datetime | None = None
    reference: str = ""


def make(unit: Unit, dossier: Dossier, kind: str, grants: list[Grant], *, owner: str = "") -> ContentKey:
    """A new compartment with its first key version, sealed to those named. owner: the share, for an extract.

    Raises UncertifiedKey when one of them is not certified.
    """
    compartment, content = begin(unit, dossier, kind, owner=owner)
    unit.session.flush()
    unit.session.add(version_row(unit, content))
    boxes.give_each(unit, compartment, content, recipients(unit, grants))
    if kind == SAFETY:
        _follow(unit, dossier, grants)
    return content


def begin(unit: Unit, dossier: Dossier, kind: str, *, owner: str = "") -> tuple[Compartment, ContentKey]:
    """The row and the first key of a new compartment: whoever makes many at once flushes once, then adds versions and boxes."""
    owner = unit.actor.user_id if kind in OWNED else owner
    compartment = Compartment(id=new_id(), version=1, dossier_id=dossier.id, cell_id=dossier.cell_id, kind=kind, owner_id=owner)
    unit.session.add(compartment)
    return compartment, ContentKey(aead.new_key(), instance=unit.instance.anchor.instance, scope=compartment.id, version=1)


def make_here(held: Held, kind: str) -> ContentKey:
    """A new compartment of a dossier one works on. The service that keeps a first `safety` is told whom it follows, as far as the actor
    may give it. Raises UncertifiedKey as `make`.
    """
    content = make(held.unit, held.dossier, kind, grants_for(held, kind))
    for compartment in held.compartments if kind == SAFETY else ():
        key = held.key(compartment, action="compartment.keep") or held.key(compartment, action="share.give")
        for grant in standing_grants(held.unit, held.dossier, compartment.kind) if key is not None else ():
            if grant.title == SERVICE and key is not None:
                following.check_boxes(held.unit, compartment, key)
                boxes.give(held.unit, compartment, key, holder_of(held.unit, grant), SERVICE)
                held.unit.trace.show(held.dossier.number, compartment.kind)
    return content


def version_row(unit: Unit, content: ContentKey, previous: bytes | None = None) -> CompartmentVersion:
    """A key version, its deposit key signed by the actor. previous: the version before, under this one's key."""
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
        previous=previous,
    )


def recipients(unit: Unit, grants: Iterable[Grant]) -> Iterator[boxes.Recipient]:
    """Grants with the certified holders they name. Raises UncertifiedKey at one who is none."""
    for grant in grants:
        yield boxes.Recipient(holder_of(unit, grant), grant.title, grant.reference, grant.until)


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
    """The boxes that every compartment of this kind has: stewards, lead, service, duty, elected."""
    service = _service(unit, dossier, kind)
    stewards = keepers(unit, dossier)
    if stewards is not None and _somebody(unit, "compartment.keep", "steward", dossier, kind):
        yield Grant(stewards.id, to_ring=True, title="steward")
    lead = certified_member(unit.session, unit.instance, dossier.cell_id, dossier.lead_id, unit.now) if dossier.lead_id else None
    if dossier.lead_id is not None and lead is not None:  # a lead who left the cell gets no key any more
        check_lead(unit, dossier)
        reads = unit.check(
            "compartment.read", [Situation(lead.claims["profession"], "lead", dossier.programme, dossier.status, kind)]
        ).permitted
        if reads and (kind != SAFETY or service is None):  # the service keeps it; without one, the lead
            yield Grant(dossier.lead_id, to_ring=False, title="lead")
    rings = (
        ("service", service),
        ("duty", ring_for(unit, dossier, DUTY_RING)),
        # the elected are told of what is followed, not of a saisine that was not retained
        ("elected", ring_for(unit, dossier, ELECTED_RING) if dossier.opened_at else None),
    )
    kept_out = linked(unit, dossier.id)
    for title, epoch in rings:
        if epoch is None or reaches(unit.session, epoch.id, kept_out):
            continue  # until a keeper has made a ring without whoever has a personal link
        if _somebody(unit, "compartment.read", title, dossier, kind):
            yield Grant(epoch.id, to_ring=True, title=title)


def _service(unit: Unit, dossier: Dossier, kind: str) -> RingEpoch | None:
    """The ring of the service that follows the person: the one the dossier names; for a first `safety`, the only one of the cell."""
    named = following.service_of(unit, dossier)
    if named is not None or dossier.service_ring_id is not None:
        return named
    if kind != SAFETY or unit.session.scalar(_safety(dossier)) is not None:
        return None
    only = select(Ring.id).where(Ring.kind == SERVICE, Ring.cell_id == dossier.cell_id, Ring.dossier_id.is_(None))
    found = unit.session.scalars(only).all()
    epoch = newest_epoch(unit.session, found[0]) if len(found) == 1 else None
    return following.trusted(unit, dossier, epoch) if epoch is not None else None


def _safety(dossier: Dossier) -> Select[str]:
    return select(Compartment.id).where(Compartment.dossier_id == dossier.id, Compartment.kind == SAFETY)


def may_make(held: Held, kind: str) -> bool:
    """Whether the programme has this kind, and one that the actor makes now would be believed by those who come after (`deposit_key`)."""
    titles = {"steward", "lead", *((SERVICE,) if kind == SAFETY else ())}
    return held.unit.charter.programmes[held.dossier.programme].has(kind) and (kind in OWNED or bool(held.titles & titles))


def _follow(unit: Unit, dossier: Dossier, grants: Sequence[Grant]) -> None:
    """Whoever keeps `safety` from its first moment is the service that follows the person."""
    service = next((each.holder_id for each in grants if each.title == SERVICE), None)
    if service is not None and dossier.service_ring_id is None:
        dossier.service_ring_id, dossier.version = unit.session.get_one(RingEpoch, service).ring_id, dossier.version + 1


def keepers(unit: Unit, dossier: Dossier) -> RingEpoch | None:
    """The ring that keeps a dossier: its own reduced one after a conflict of interest, else the stewards of its cell."""
    return ring_for(unit, dossier, STEWARDS)


def ring_for(unit: Unit, dossier: Dossier, kind: str) -> RingEpoch | None:
    """The newest epoch of a ring of the dossier's cell: the reduced one made for this dossier, else the cell's."""
    return standing_epoch(unit.session, kind, dossier.cell_id, dossier.id)


def reached(session: Session, epoch_id: str) -> frozenset[str]:
    """User ids that a ring's secret was ever given to, themselves or through a ring that keeps it."""
    members = session.execute(select(RingMember.holder_id, RingMember.to_ring).where(RingMember.epoch_id == epoch_id)).all()
    people = {each.holder_id for each in members if not each.to_ring}.union(reached_by(session.get_one(RingEpoch, epoch_id)))
    return frozenset(people.union(*(reached(session, each.holder_id) for each in members if each.to_ring)))


def reaches(session: Session, epoch_id: str, people: Collection[str]) -> bool:
    """Whether one of these people was ever given a ring's secret, themselves or through a ring that keeps it."""
    if not people:
        return False
    return not reached(session, epoch_id).isdisjoint(people)


def _somebody(unit: Unit, action: str, position: str, dossier: Dossier, kind: str) -> bool:
    """Whether the charter permits this to any profession under that title: a ring has no profession of its own."""
    asked = Situation("", position, dossier.programme, dossier.status, kind)
    return bool(unit.charter.professions(action, asked))


def _own_grants(held: Held, kind: str) -> Iterator[Grant]:
    """A reader by share who makes a compartment they may read keeps a box of it, as long as the share lasts."""
    shares = [box for boxes_here in held.boxes.values() for box in boxes_here if box.title == "shared"]
    if shares and held.unit.check("compartment.read", held.situations(kind, frozenset({"shared"}))).permitted:
        longest = max(shares, key=lambda box: (box.until is None, box.until or held.unit.now))
        yield Grant(held.unit.actor.user_id, to_ring=False, title="shared", until=longest.until, reference=longest.reference)


def name_lead(unit: Unit, dossier: Dossier, lead_id: str) -> None:
    """Name a dossier's lead by a signed act of a steward. The row alone names nobody.

    Raises InvalidInput for somebody who has a personal link to the person.
    """
    if lead_id in linked(unit, dossier.id):
        raise InvalidInput({"lead": says("Un lien personnel avec la personne suivie a été déclaré : désignez quelqu’un d’autre.")})
    signed = unit.actor.keyring.sign(dict(_lead_statement(unit, dossier, lead_id)))
    dossier.lead_id, dossier.lead_signer_id = lead_id, unit.actor.certificate_id
    dossier.lead_statement, dossier.lead_signature = signed.statement, signed.signature


def check_lead(unit: Unit, dossier: Dossier) -> None:
    """Raise UncertifiedKey unless a steward of the cell named this lead for this dossier."""
    _check_naming(unit, dossier, dossier)


def _check_naming(unit: Unit, dossier: Dossier, naming: Any) -> None:
    """naming: the dossier, or a past version of it, with its four columns on the lead."""
    if None in (naming.lead_id, naming.lead_signer_id, naming.lead_statement, naming.lead_signature):
        raise UncertifiedKey("a lead nobody named")
    anchor = unit.instance.anchor
    signer = certified_user(unit.session, anchor, naming.lead_signer_id)
    stated = trust.read_signed(trust.Signed(naming.lead_statement, naming.lead_signature), signer.signing)
    stewards = trusted_stewards(unit.session, anchor, dossier.cell_id)
    if signer.subject not in stewards or stated != _lead_statement(unit, dossier, naming.lead_id):
        raise UncertifiedKey("a lead nobody named")


def _once_led(unit: Unit, dossier: Dossier, maker: str) -> bool:
    """Whether a steward once named this person the dossier's lead: what they made then stays, when somebody else takes over."""
    past = past_table(Dossier)
    rows = unit.session.execute(select(past).where(past.c.id == dossier.id, past.c.lead_id == maker)).all()
    for row in rows[-1:]:
        _check_naming(unit, dossier, row)
    return bool(rows)


def _lead_statement(unit: Unit, dossier: Dossier, lead_id: str) -> dict[str, str]:
    return {"instance": unit.instance.anchor.instance, "dossier": dossier.id, "cell": dossier.cell_id, "lead": lead_id}


@dataclass(frozen=True, slots=True)
class DepositKey:
    """Where to deposit: the certified public key of a compartment's newest version."""

    version: int
    chain: tuple[trust.Signed, ...]


def deposit_key(held: Held, compartment: Compartment, content: ContentKey | None) -> DepositKey:
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
    return DepositKey(version.number, links)


def _entitled(held: Held, compartment: Compartment, number: int, maker: str) -> bool:
    """Who may have made a compartment's key version: of N2 and N3 their author; of the others a steward of the cell, the lead a steward
    named, for a first version a former lead too, and, of those that come with a saisine, its sender."""
    if compartment.kind in OWNED:
        return maker == compartment.owner_id
    unit, dossier = held.unit, held.dossier
    if maker in trusted_stewards(unit.session, unit.instance.anchor, dossier.cell_id):
        return True
    if maker == dossier.lead_id:
        check_lead(unit, dossier)
        return True
    if compartment.kind in (SAFETY, EXTRACT) and following.serves(unit, dossier, maker):
        return True
    if number == 1 and _once_led(unit, dossier, maker):
        return True
    sent = compartment.kind in FROM_THE_SENDER and number == 1 and maker == dossier.reporter_id
    return sent and was_member(unit.session, unit.instance, dossier.cell_id, maker)
