"""« Qui lira ceci ? »: the people who can open a compartment and whom the charter lets read it. Also who is on a case."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from casework.charter import Situation
from casework.models.cells import Habilitation, RingMember
from casework.models.dossiers import Box, Compartment
from casework.services.access import Held, linked
from casework.services.apart import serving
from casework.services.keys.certificates import certified_people
from casework.services.keys.compartments import grants_for
from casework.services.keys.keychain import DUTY
from casework.services.membership.admissions import proven
from casework.services.membership.standing import alive
from casework.services.offices.people import Professional, professionals
from casework.services.views import Reader
from casework.wording import says


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody who holds a box, themselves or through a ring."""

    user_id: str
    compartment_id: str
    kind: str
    title: str
    until: datetime | None


def holdings(held: Held) -> list[Holding]:
    """Every living box on the dossier, rings spelt out; whoever has a personal link is kept out, whatever they hold."""
    session, now = held.unit.session, held.unit.now
    rows = session.execute(
        select(Box.holder_id, Box.to_ring, Compartment.id, Compartment.kind, Box.title, Box.until)
        .join(Compartment, Compartment.id == Box.compartment_id)
        .where(Compartment.dossier_id == held.dossier.id, or_(Box.until.is_(None), Box.until > now))
    ).all()
    members = _members(held, {row.holder_id for row in rows if row.to_ring})
    kept_out = linked(held.unit, held.dossier.id)
    return [
        Holding(user_id, row.id, row.kind, row.title, row.until)
        for row in rows
        for user_id in (members.get(row.holder_id, ()) if row.to_ring else (row.holder_id,))
        if user_id not in kept_out
    ]


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads a compartment. digest: of that answer, to notice that it changed. mine: I am among them."""

    readers: tuple[Reader, ...]
    digest: str
    mine: bool


def readers_of(held: Held, compartment: Compartment | None, kind: str, everybody: list[Holding]) -> Reading:
    """Who reads this compartment, or would if it were made now."""
    holders = [each for each in everybody if compartment is not None and each.compartment_id == compartment.id]
    if compartment is None:
        holders = list(_prospective(held, kind))
    found = _reading(held, kind, [each for each in holders if each.title != DUTY])
    on_call = _reading(held, kind, [each for each in holders if each.title == DUTY])
    digest = hashlib.sha256("\n".join([kind, *sorted(each.id for each in found)]).encode()).hexdigest()[:32]
    readers = sorted((Reader(each.name, each.function, each.institution) for each in found), key=lambda each: each.name)
    mine = any(each.id == held.unit.actor.user_id for each in found)
    return Reading((*readers, *_duty(held, len(on_call))), digest, mine=mine)


def _duty(held: Held, people: int) -> Iterator[Reader]:
    """Who is on call, as one line: they read nothing of this outside an accès urgent, which is announced when it happens."""
    if people:
        one = says("une personne, par accès urgent seulement")
        who = one if people == 1 else says("%(count)s personnes, par accès urgent seulement", count=people)
        yield Reader(says("Astreinte"), who, held.cell.name)


def _prospective(held: Held, kind: str) -> Iterator[Holding]:
    grants = grants_for(held, kind)
    members = _members(held, {grant.holder_id for grant in grants if grant.to_ring})
    kept_out = linked(held.unit, held.dossier.id)
    for grant in grants:
        for user_id in set(members.get(grant.holder_id, ()) if grant.to_ring else (grant.holder_id,)) - kept_out:
            yield Holding(user_id, "", kind, grant.title, grant.until)


def _members(held: Held, epochs: Iterable[str]) -> dict[str, list[str]]:
    """Living members of ring epochs."""
    found: dict[str, list[str]] = {}
    rows = held.unit.session.execute(
        select(RingMember.epoch_id, RingMember.holder_id).where(
            RingMember.epoch_id.in_(set(epochs)),
            RingMember.to_ring.is_(False),
            serving(held.unit.now),
        )
    )
    for epoch_id, user_id in rows:
        found.setdefault(epoch_id, []).append(user_id)
    return found


def _reading(held: Held, kind: str, holders: list[Holding]) -> list[Professional]:
    """Those whom the charter lets read, habilitated in the cell now."""
    unit, dossier = held.unit, held.dossier
    people = professionals(unit.session, unit.instance.anchor, (each.user_id for each in holders))
    certified = certified_people(unit.session, unit.instance.anchor, people)
    professions = {user_id: each.claims["profession"] for user_id, each in certified.items()}
    rows = unit.session.scalars(
        select(Habilitation).where(Habilitation.cell_id == dossier.cell_id, Habilitation.user_id.in_(people), alive(unit.now))
    )
    admitted = {row.user_id for row in rows if proven(unit.session, unit.instance, row)}
    found: dict[str, Professional] = {}
    for each in holders:
        if each.user_id in admitted & professions.keys():
            situation = Situation(professions[each.user_id], each.title, dossier.programme, dossier.status, kind)
            if unit.check("compartment.read", [situation]).permitted:
                found[each.user_id] = people[each.user_id]
    return list(found.values())
