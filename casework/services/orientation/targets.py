"""Whom a person may be passed on to: services of the directory, by their ring or by a link, and named certified people.

Nothing is sealed to a ring that reaches somebody who is kept apart from the dossier, or a member whom the charter would not let read it:
such a service cannot be chosen, and the sentence is the same for every reason.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, or_, select

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


@dataclass(frozen=True, slots=True)
class _Team:
    """A service ring. cell, institution: their names; epoch: what to seal to, None when it cannot be chosen."""

    ring: Ring
    cell: str
    institution: str
    epoch: RingEpoch | None
    professions: frozenset[str]


Ends = tuple[str | None, str | None, str | None]
"""To whom an orientation goes: ids of a service, an institution, a person."""


def services_for(held: Held, query: OrientationQuery, institution_id: str | None = None) -> tuple[list[Target], int]:
    """The services that answer, by name, and how many more there are. institution_id: one that a meeting chose, its teams first."""
    session = held.unit.session
    wanted = list(_wanted(held, query))
    rows = session.scalars(offered().where(*wanted).limit(SHOWN)).all()
    count = session.scalar(select(func.count(Service.id)).where(Service.closed_at.is_(None), *wanted)) or 0
    institutions = {each.institution_id for each in rows if each.institution_id} | ({institution_id} if institution_id else set())
    rings = _rings(held, institutions)
    found = [_of_ring(team, None) for team in rings.get(institution_id or "", ())]
    for row in rows:
        found += list(_of_service(row, rings))
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
    ends = service_id, institution_id, person_id
    return names_of(held, [ends])[ends]


def names_of(held: Held, many: Collection[Ends]) -> dict[Ends, str]:
    """`name_of` for several at once, in a fixed number of questions."""
    places, houses, people = ({each for ends in many if (each := ends[column])} for column in range(3))
    known = {row.id: row.name for model, ids in ((Service, places), (Institution, houses)) for row in _named(held, model, ids)}
    if people:
        known |= {each.id: each.name for each in professionals(held.unit.session, held.unit.instance.anchor, people).values()}
    return {ends: next((known[each] for each in (ends[2], ends[0], ends[1]) if each in known), "") for ends in many}


def _named(held: Held, model: type[Service] | type[Institution], ids: Collection[str]) -> Sequence[Row[str, str]]:
    return held.unit.session.execute(select(model.id, model.name).where(model.id.in_(ids))).all() if ids else ()


def _again(held: Held, channel: str, ring_id: str, service_id: str) -> Target | None:
    row = held.unit.session.get(Service, service_id) if service_id else None
    if (service_id and row is None) or (row is not None and row.closed_at is not None):
        return None
    if channel == LINK:
        return next((each for each in _of_service(row, {}) if not row.institution_id or not _has_ring(held, row)), None) if row else None
    ring = held.unit.session.get(Ring, ring_id)
    if ring is None or (ring.kind, ring.dossier_id) != (SERVICE, None) or (row is not None and row.institution_id != ring.institution_id):
        return None
    cell = held.unit.session.get(Cell, ring.cell_id or "")
    if cell is None:
        return None
    house = held.unit.session.get(Institution, ring.institution_id or "")
    gone = linked(held.unit, held.dossier.id)
    usable = _usable(held, ring, newest_epoch(held.unit.session, ring.id), gone)
    return _of_ring(_Team(ring, cell.name, house.name if house else "", *usable), row)


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


def _rings(held: Held, institutions: set[str]) -> Mapping[str, Sequence[_Team]]:
    """The service rings of these institutions, of any cell; not those the actor serves in, nor the one that follows the person.

    Each is looked at once, however many services of its institution answer.
    """
    query = (
        select(Ring, Cell.name, Institution.name)
        .join(Cell, Cell.id == Ring.cell_id)
        .join(Institution, Institution.id == Ring.institution_id)
        .where(Ring.kind == SERVICE, Ring.dossier_id.is_(None), Ring.institution_id.in_(institutions))
    )
    gone, found = linked(held.unit, held.dossier.id), defaultdict[str, list[_Team]](list)
    for ring, cell, institution in held.unit.session.execute(query.order_by(Cell.name, Ring.id)).all():
        newest = newest_epoch(held.unit.session, ring.id)
        mine = newest is not None and newest.id in held.keychain.holders
        if ring.id != held.dossier.service_ring_id and not mine:
            found[ring.institution_id or ""].append(_Team(ring, cell, institution, *_usable(held, ring, newest, gone)))
    return found


def _of_service(row: Service, rings: Mapping[str, Sequence[_Team]]) -> Iterator[Target]:
    teams = rings.get(row.institution_id or "", ())
    for team in teams:
        yield _of_ring(team, row)
    if not teams:
        view = _view(f"{LINK}::{row.id}", row, "", LINK, "", "")
        yield Target(view, LINK, None, None, row.id, row.institution_id, frozenset())


def _of_ring(team: _Team, row: Service | None) -> Target:
    ring, epoch, service_id = team.ring, team.epoch, row.id if row else None
    view = _view(f"{RING}:{ring.id}:{service_id or ''}", row, team.institution, RING, team.cell, "" if epoch else NOT_NOW)
    return Target(view, RING, ring.id, epoch.id if epoch else None, service_id, ring.institution_id, team.professions)


def _view(code: str, row: Service | None, institution: str, channel: str, team: str, why: str) -> TargetView:
    if row is None:
        return TargetView(code, institution, institution, "", "", None, channel, team, why)
    return TargetView(code, row.name, row.institution, row.about, row.hours, Choice(row.state, STATES[row.state]), channel, team, why)


def _usable(held: Held, ring: Ring, epoch: RingEpoch | None, gone: frozenset[str]) -> tuple[RingEpoch | None, frozenset[str]]:
    """The ring's newest epoch when everybody it reaches may read, and their professions; None for whatever reason it is not so.

    gone: who is kept apart from the dossier.
    """
    unit = held.unit
    nobody: frozenset[str] = frozenset()
    if epoch is None or ring.cell_id is None or reaches(unit.session, epoch.id, gone):
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
