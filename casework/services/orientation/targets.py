"""Whom a person may be passed on to: services of the directory, by their ring or by a link, and named certified people.

Nothing is sealed to a ring that reaches somebody who is kept apart from the dossier, or a member whom the charter would not let read it:
such a service cannot be chosen, and the sentence is the same for every reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from casework.charter import Situation
from casework.errors import InvalidInput, UncertifiedKey
from casework.models.cells import Cell, Habilitation, Ring, RingEpoch, RingMember
from casework.models.directory import Service
from casework.models.people import Institution, User
from casework.services.access import Held, linked
from casework.services.apart import serving
from casework.services.directory.rows import STATES, fold, offered, stored
from casework.services.dossier.readers import holdings
from casework.services.keys.certificates import SERVICE, certified_people, newest_epoch, ring_holder
from casework.services.keys.compartments import reaches
from casework.services.keys.keychain import PARTNER
from casework.services.membership.admissions import certified_member, proven
from casework.services.membership.standing import alive
from casework.services.offices.people import professionals
from casework.services.orientation.steps import LINK
from casework.services.orientation.telling import PERSON, RING
from casework.services.orientation.views import OrientationQuery, TargetView
from casework.services.views import Choice
from casework.wording import says

SHOWN = 20
"""Services on one page: who needs another narrows the search."""

MAX_WORDS = 6
RECEIVE = "orientation.receive"
NOT_NOW = says("Ne peut pas recevoir cette orientation ici : choisissez un autre service.")
CHOOSE = says("Choisissez à qui vous adressez l’orientation.")


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody one may choose, with what sealing to them needs. professions: of those who would read, empty when nobody knows.

    until: when a named person's habilitation ends.
    """

    shown: TargetView
    channel: str
    holder_id: str | None
    epoch_id: str | None
    service_id: str | None
    institution_id: str | None
    professions: frozenset[str]
    until: datetime | None = None


def services_for(held: Held, query: OrientationQuery, institution_id: str | None = None) -> tuple[list[Target], int]:
    """The services that answer, by name, and how many more there are. institution_id: one that a meeting chose, its teams first."""
    session = held.unit.session
    wanted = list(_wanted(held, query))
    rows = session.scalars(offered().where(*wanted).limit(SHOWN)).all()
    count = session.scalar(select(func.count(Service.id)).where(Service.closed_at.is_(None), *wanted)) or 0
    institutions = {each.institution_id for each in rows if each.institution_id} | ({institution_id} if institution_id else set())
    rings = _rings(held, institutions)
    found = [_of_ring(held, ring, cell, None) for ring, cell in rings.get(institution_id or "", ())]
    for row in rows:
        found += list(_of_service(held, row, rings))
    return found, max(0, count - len(rows))


def people_for(held: Held) -> list[Target]:
    """The named people one may choose: certified, habilitated anywhere, of a profession that may receive; not those on the dossier."""
    unit = held.unit
    out = linked(unit, held.dossier.id) | {unit.actor.user_id} | {each.user_id for each in holdings(held) if each.title != PARTNER}
    rows = unit.session.scalars(select(Habilitation).where(alive(unit.now), Habilitation.user_id.not_in(out)).order_by(Habilitation.until))
    ends = {row.user_id: row.until for row in rows if proven(unit.session, unit.instance, row)}
    certified = certified_people(unit.session, unit.instance.anchor, ends)
    able = {each: claims for each, claims in certified.items() if _may_read(held, claims.claims["profession"])}
    people = professionals(unit.session, unit.instance.anchor, able)
    names = {row.id: row.username for row in unit.session.execute(select(User.id, User.username).where(User.id.in_(able)))}
    found = [
        Target(
            TargetView(f"{PERSON}:{names[user_id]}", each.name, each.institution, each.function, "", None, PERSON, "", ""),
            PERSON, user_id, None, None, certified[user_id].claims.get("institution"),
            frozenset({certified[user_id].claims["profession"]}), ends[user_id],
        )
        for user_id, each in people.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.shown.name)


def chosen(held: Held, code: str) -> Target:
    """The target behind a code that a form sent back. Raises InvalidInput (`to`) for one that cannot be chosen now."""
    channel, _, rest = code.partition(":")
    found: Target | None = None
    if channel == PERSON:
        found = next((each for each in people_for(held) if each.shown.code == code), None)
    elif channel in (RING, LINK):
        ring_id, _, service_id = rest.rpartition(":")
        found = _again(held, channel, ring_id, service_id)
    if found is None:
        raise InvalidInput({"to": CHOOSE})
    if found.shown.why:
        raise InvalidInput({"to": found.shown.why})
    return found


def name_of(held: Held, service_id: str | None, institution_id: str | None, person_id: str | None = None) -> str:
    """To whom an orientation goes, in words: closed services keep their name here."""
    session = held.unit.session
    if person_id:
        people = professionals(session, held.unit.instance.anchor, [person_id])
        if person_id in people:
            return people[person_id].name
    service = session.get(Service, service_id) if service_id else None
    if service is not None:
        return service.name
    institution = session.get(Institution, institution_id) if institution_id else None
    return institution.name if institution is not None else ""


def _again(held: Held, channel: str, ring_id: str, service_id: str) -> Target | None:
    row = held.unit.session.get(Service, service_id) if service_id else None
    if (service_id and row is None) or (row is not None and row.closed_at is not None):
        return None
    if channel == LINK:
        return (
            next((each for each in _of_service(held, row, {}) if not row.institution_id or not _has_ring(held, row)), None) if row else None
        )
    ring = held.unit.session.get(Ring, ring_id)
    if ring is None or (ring.kind, ring.dossier_id) != (SERVICE, None) or (row is not None and row.institution_id != ring.institution_id):
        return None
    cell = held.unit.session.get(Cell, ring.cell_id or "")
    return _of_ring(held, ring, cell, row) if cell is not None else None


def _has_ring(held: Held, row: Service) -> bool:
    return bool(_rings(held, {row.institution_id} if row.institution_id else set()))


def _wanted(held: Held, query: OrientationQuery) -> Iterator[ColumnElement[bool]]:
    yield or_(Service.programmes == "", Service.programmes.contains(stored([held.dossier.programme])))
    if query.need in held.unit.charter.meetings.needs:
        yield Service.needs.contains(stored([query.need]))
    if query.sector:
        yield or_(Service.sector == "", Service.sector == query.sector)
    for word in fold(query.words).split()[:MAX_WORDS]:
        yield Service.words.contains(word)


def _rings(held: Held, institutions: set[str]) -> Mapping[str, Sequence[tuple[Ring, Cell]]]:
    """The service rings of these institutions, of any cell; not those the actor serves in, nor the one that follows the person."""
    query = select(Ring, Cell).join(Cell, Cell.id == Ring.cell_id).where(Ring.kind == SERVICE, Ring.dossier_id.is_(None))
    found: dict[str, list[tuple[Ring, Cell]]] = {}
    for ring, cell in held.unit.session.execute(query.where(Ring.institution_id.in_(institutions)).order_by(Cell.name, Ring.id)):
        if ring.id != held.dossier.service_ring_id and not _mine(held, ring):
            found.setdefault(ring.institution_id or "", []).append((ring, cell))
    return found


def _mine(held: Held, ring: Ring) -> bool:
    epoch = newest_epoch(held.unit.session, ring.id)
    return epoch is not None and epoch.id in held.keychain.holders


def _of_service(held: Held, row: Service, rings: Mapping[str, Sequence[tuple[Ring, Cell]]]) -> Iterator[Target]:
    teams = rings.get(row.institution_id or "", ())
    for ring, cell in teams:
        yield _of_ring(held, ring, cell, row)
    if not teams:
        view = _view(f"{LINK}::{row.id}", row, "", LINK, "", "")
        yield Target(view, LINK, None, None, row.id, row.institution_id, frozenset())


def _of_ring(held: Held, ring: Ring, cell: Cell, row: Service | None) -> Target:
    institution = held.unit.session.get(Institution, ring.institution_id or "")
    epoch, professions = _usable(held, ring)
    view = _view(
        f"{RING}:{ring.id}:{row.id if row else ''}", row, institution.name if institution else "", RING, cell.name, "" if epoch else NOT_NOW
    )
    return Target(
        view, RING, ring.id, epoch.id if epoch else None, row.id if row else None, ring.institution_id, professions
    )  # fmt: skip


def _view(code: str, row: Service | None, institution: str, channel: str, team: str, why: str) -> TargetView:
    if row is None:
        return TargetView(code, institution, institution, "", "", None, channel, team, why)
    return TargetView(code, row.name, row.institution, row.about, row.hours, Choice(row.state, STATES[row.state]), channel, team, why)


def _usable(held: Held, ring: Ring) -> tuple[RingEpoch | None, frozenset[str]]:
    """The ring's newest epoch when everybody it reaches may read, and their professions; None for whatever reason it is not so."""
    unit = held.unit
    epoch = newest_epoch(unit.session, ring.id)
    nobody: frozenset[str] = frozenset()
    if epoch is None or ring.cell_id is None or reaches(unit.session, epoch.id, linked(unit, held.dossier.id)):
        return None, nobody
    try:
        ring_holder(unit.session, unit.instance.anchor, epoch)
        serve = select(RingMember.holder_id).where(RingMember.epoch_id == epoch.id, RingMember.to_ring.is_(False), serving(unit.now))
        people = [certified_member(unit.session, unit.instance, ring.cell_id, each, unit.now) for each in unit.session.scalars(serve)]
    except UncertifiedKey:
        return None, nobody
    professions = frozenset(each.claims["profession"] for each in people if each is not None)
    if not professions or None in people or not all(_may_read(held, each) for each in professions):
        return None, nobody
    return epoch, professions


def _may_read(held: Held, profession: str) -> bool:
    """Whether the charter would let somebody of this profession receive, and read what is sent."""
    dossier = held.dossier
    asked = ((RECEIVE, "none"), ("compartment.read", "extract"))
    return all(
        held.unit.check(action, [Situation(profession, PARTNER, dossier.programme, dossier.status, kind)]).permitted
        for action, kind in asked
    )
