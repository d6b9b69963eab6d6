"""Setting two dossiers apart: the one of a person to protect, and the other one. Done by somebody who holds both, and by nobody else.

Whoever holds something of both now keeps one side, which the actor chooses; whoever comes to one side later has nothing on the other
(`services.apart`). Names are compared nowhere. Source: domain 3.18; charter, articles 20 and 29; decision 5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from casework.errors import InvalidInput
from casework.models.base import new_id
from casework.models.cells import RingMember
from casework.models.dossiers import Box, Compartment, Conflict, Dossier
from casework.models.people import User
from casework.models.walls import BothSides, DossierLink
from casework.services.access import Held, find, hold
from casework.services.actor import Actor
from casework.services.apart import WALL, holds, serving
from casework.services.dossier.dossier_page import person_of
from casework.services.keys.keychain import DUTY
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.reasons import choices
from casework.services.sharing import conflicts
from casework.services.unit import Unit, reading, writing
from casework.services.wall import staying
from casework.services.wall.staying import LONGEST, Stay
from casework.services.wall.views import BothHolder, LinkOffer
from casework.wording import says

LINK = "wall.link"
UNDECIDED = "both"
"""What may be chosen for somebody instead of a side: they say themselves why they stay, and see one side until they do."""

UNKNOWN_OTHER = says("Vous ne tenez pas d’autre dossier à ce numéro.")
APART = says("Ces deux dossiers sont séparés déjà.")
CHANGED = says("Les personnes qui tiennent les deux dossiers ont changé : relisez la liste, puis choisissez de nouveau.")
SIDE = says("Choisissez, pour chaque personne, le dossier qui se ferme pour elle.")
LAST = says("Plus personne ne coordonnerait l’un des deux dossiers : laissez-le ouvert à quelqu’un, ou cochez la case pour continuer.")


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """sides: user name -> the number that closes to them, or UNDECIDED, for everybody who holds both; mine: the number that closes to the
    actor, or None when they stay (`stay`). last: that a dossier may be left without coordination was confirmed.
    """

    sides: Mapping[str, str]
    mine: str | None
    stay: Stay | None = None
    last: bool = False


def prepare(actor: Actor, number: str, other_number: str) -> LinkOffer:
    """Who holds both, and what happens to each unless the actor chooses otherwise.

    Raises NotFound for whoever may not on the first, InvalidInput for every other number that they do not hold, whatever the reason.
    """
    with reading(actor, LINK) as unit:
        held, other = _both(unit, number, other_number)
        person, other_person = person_of(held), person_of(other)
        for each, name in ((held, person), (other, other_person)):
            unit.trace.show(each.dossier.number, *(("identity",) if name else ()))
        return LinkOffer(
            number=held.dossier.number,
            person=person,
            other=other.dossier.number,
            other_person=other_person,
            people=tuple(sorted(_people(unit, held.dossier, other.dossier), key=lambda each: each.name)),
            mine=_default(held.dossier, other.dossier, actor.user_id),
            reasons=choices(unit.charter.support.both_sides),
            longest=LONGEST,
        )


def link(actor: Actor, number: str, other_number: str, draft: LinkDraft) -> None:
    """Set two dossiers apart. number: the person to protect.

    Raises as `prepare`, and InvalidInput when somebody who holds both has no side or when a dossier would be left to nobody.
    """
    with writing(actor, LINK) as unit:
        held, other = _both(unit, number, other_number)
        sides = _sides(unit, held.dossier, other.dossier, draft)
        both = {each.dossier.number: each for each in (held, other)}
        _leave_somebody(unit, both, sides, draft)
        row = _row(unit, held.dossier, other.dossier)
        if draft.stay is not None:
            staying.check(unit, draft.stay, (held.dossier.number, other.dossier.number))
        unit.session.add(row)
        unit.session.flush()
        if draft.stay is not None:
            staying.record(row, held, other, draft.stay)
            unit.session.flush()
        for user_id, closed in sorted(sides.items()):
            if closed in both:
                conflicts.shut(both[closed], user_id, origin=WALL, author=actor.user_id)
            else:
                staying.keep_place(unit, row, user_id, _open_side(held.dossier, other.dossier, user_id).id)
        unit.trace.facts |= {"link": row.id, "holders": len(sides)}


def _row(unit: Unit, protected: Dossier, other: Dossier) -> DossierLink:
    """The link of these two: a new one, or the one that ended, begun again; who stayed then says anew why."""
    ended = select(DossierLink).where(DossierLink.dossier_id == protected.id, DossierLink.other_id == other.id)
    row = unit.session.scalar(ended) or DossierLink(id=new_id(), version=0, dossier_id=protected.id, other_id=other.id)
    for stayed in unit.session.scalars(select(BothSides).where(BothSides.link_id == row.id)).all():
        unit.session.delete(stayed)
    row.author_id, row.made_at, row.ended_at, row.version = unit.actor.user_id, unit.now, None, row.version + 1
    return row


def _both(unit: Unit, number: str, other_number: str) -> tuple[Held, Held]:
    hold(unit, number, other_number.strip())
    held = find(unit, number)
    unit.require(held.situations())
    other = staying.found(unit, other_number.strip())
    if other is None or other.dossier.id == held.dossier.id:
        raise InvalidInput({"other": UNKNOWN_OTHER})
    if staying.between(unit, held.dossier.number, other.dossier.number) is not None:
        raise InvalidInput({"other": APART})
    return held, other


def _sides(unit: Unit, protected: Dossier, other: Dossier, draft: LinkDraft) -> dict[str, str]:
    """User id -> the number that closes to them. Raises InvalidInput for a list that is not the one that holds both now."""
    names = {row.username: row.id for row in _on_both(unit, protected, other)}
    if set(draft.sides) != set(names):
        raise InvalidInput({"people": CHANGED})
    numbers = {protected.number, other.number}
    mine = {unit.actor.user_id: draft.mine} if draft.mine is not None else {}
    if set(draft.sides.values()) - numbers - {UNDECIDED} or (draft.mine is None) is (draft.stay is None) or set(mine.values()) - numbers:
        raise InvalidInput({"people": SIDE})
    return {names[name]: side for name, side in draft.sides.items()} | mine


def _leave_somebody(unit: Unit, both: Mapping[str, Held], sides: Mapping[str, str], draft: LinkDraft) -> None:
    """Raise InvalidInput when a dossier would be left without anybody to turn its keys, and nobody said that it may."""
    for number, held in both.items():
        keeping = conflicts.keeping(unit, held.dossier)
        if keeping and not keeping - {user_id for user_id, closed in sides.items() if closed == number} and not draft.last:
            raise InvalidInput({"last": LAST})


def _on_both(unit: Unit, protected: Dossier, other: Dossier) -> list[User]:
    """Everybody but the actor who holds something of both, by boxes of their own or by a ring, on duty too, and is kept out of neither."""
    out = select(Conflict.user_id).where(Conflict.dossier_id.in_((protected.id, other.id)))
    here = holds(User.id, protected.id, unit.now) & holds(User.id, other.id, unit.now)
    query = select(User).where(here, User.id != unit.actor.user_id, User.id.not_in(out)).order_by(User.username)
    return list(unit.session.scalars(query))


def _people(unit: Unit, protected: Dossier, other: Dossier) -> Iterator[BothHolder]:
    rows = _on_both(unit, protected, other)
    names = professionals(unit.session, unit.instance.anchor, [each.id for each in rows])
    on_duty = _on_duty_only(unit, (protected.id, other.id), [each.id for each in rows])
    for each in rows:
        person = names.get(each.id, UNKNOWN)
        leads = next((dossier.number for dossier in (protected, other) if dossier.lead_id == each.id), "")
        yield BothHolder(
            username=each.username,
            name=person.name,
            function=person.function,
            institution=person.institution,
            leads=leads,
            duty=each.id in on_duty,
            side=_default(protected, other, each.id),
        )


def _default(protected: Dossier, other: Dossier, user_id: str) -> str:
    """The side that closes: the protected one, unless they lead it."""
    return other.number if protected.lead_id == user_id else protected.number


def _open_side(protected: Dossier, other: Dossier, user_id: str) -> Dossier:
    return other if _default(protected, other, user_id) == protected.number else protected


def _on_duty_only(unit: Unit, sides: tuple[str, str], people: list[str]) -> frozenset[str]:
    """Those who hold both sides on duty and by no other title, in one statement for all of them."""
    here = Compartment.dossier_id.in_(sides) & or_(Box.until.is_(None), Box.until > unit.now)
    box = select(Compartment.dossier_id, Box.title).join_from(Box, Compartment, Compartment.id == Box.compartment_id).where(here)
    by_ring = box.join(RingMember, RingMember.epoch_id == Box.holder_id).where(RingMember.holder_id.in_(people), serving(unit.now))
    own = box.where(Box.holder_id.in_(people)).add_columns(Box.holder_id)
    titles: dict[tuple[str, str], set[str]] = {}
    for side, title, person in unit.session.execute(own.union(by_ring.add_columns(RingMember.holder_id))):
        titles.setdefault((person, side), set()).add(title)
    return frozenset(each for each in people if all(titles.get((each, side)) == {DUTY} for side in sides))
