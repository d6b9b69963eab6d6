"""Putting somebody in the position of a row: a habilitation, a fact, or a real box under that title. Every attack begins so: somebody did
get a key.
"""

from dataclasses import dataclass, replace

from sqlalchemy import select

from casework.charter import Charter, Situation
from casework.charter.decisions import Decision
from casework.errors import CaseworkError
from casework.models.cells import Habilitation
from casework.models.dossiers import Compartment, Dossier
from casework.services import Actor
from casework.services.access import OWNED
from casework.services.keys import boxes, compartments, rings
from casework.services.keys.certificates import user_holder
from casework.services.membership import cells
from casework.services.offices.accounts import signed_habilitation
from casework.services.unit import Unit, writing
from tests.house import END
from tests.policy.application import RECEIVER, Part, Town, fill, persona

ROLES = {"steward": "steward", "elected": "elected", "secretary": "secretary"}
"""Positions that are the role of a habilitation; whoever has another one is a member."""
WITHOUT_BOX = ("none", "member", "reporter")
"""Positions that are no title of a box."""
PARTNER = "partner"
"""Whoever receives an orientation: their box opens at their own door and nowhere else."""
GUEST = "guest"
"""Somebody who sits in once, without account and without key: the projected view is cut for them."""
SHARE, OWN_SHARE = "partage", "partage-a-soi"
"""References of a share given to the receiver, and of one that the row's person got."""
SITTING, ACTION = "5" * 32, "7" * 32
"""References of a meeting and of an action: what those titles name."""
REFERENCES = {"shared": OWN_SHARE, "convened": SITTING, "secretary": SITTING, "owner": ACTION}
TO_ANOTHER = {"share.end": "shared", "extract.end": "addressed"}
"""Acts upon what somebody else was given: under that title, the receiver holds the compartment."""
BY_ANOTHER_DOOR = {
    ("author", "open"): "one’s own notes or extract open no page: their author is there by a share",
    ("author", "closed"): "the same, when the dossier is closed",
}
"""Where `dossier.open` is denied to a position by which something is read: they get in by a share of a compartment the row is not about."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody in the position of a row, before the verb. cell: where, or empty; part: what the row is about, if it is a compartment."""

    town: Town
    row: Decision
    actor: Actor
    cell: str = ""
    number: str = ""
    part: Part | None = None

    @property
    def at(self) -> Situation:
        """The words of the row."""
        return self.row.situation

    @property
    def word(self) -> str:
        """The word of the compartment, or that of the identity when the row is about none."""
        known = self.part or self.town.parts[self.at.programme, self.at.status, "identity"]
        return known.word

    def under(self, law: Charter) -> "Place":
        """The same person, the same boxes, another charter."""
        return replace(self, actor=replace(self.actor, instance=replace(self.actor.instance, charter=law)))


def put(town: Town, row: Decision) -> Place:
    """Make the row's position true."""
    at = row.situation
    place = Place(town, row, town.house.actors[persona(at.profession)])
    if at.programme == "none":
        return place
    scope = town.law.vocabulary.actions[row.action].scope
    code = f"vacant-{at.programme}" if row.action == "cell.take_charge" else at.programme
    place = replace(place, cell=town.house.cells[code])
    if (scope != "cell" or at.position != "none") and not by_orientation(row.action, at):
        _let_in(place)
    if scope == "cell":
        if at.position == "service":
            serve(place)
        return place
    place = replace(place, number=town.numbers[at.programme, at.status], part=town.parts.get((at.programme, at.status, at.kind)))
    if at.position == "author" and at.kind in OWNED:
        place = replace(place, part=_own(place))
    with writing(town.keeper(at.programme), "share.give") as unit:
        _give(unit, place)
    return place


def by_orientation(action: str, at: Situation) -> bool:
    """Whether the row is about what a partner does at their own door, for which nobody is let into the cell."""
    return at.position == PARTNER and (action == "orientation.receive" or at.kind == "extract")


def orientation_of(place: Place) -> str:
    """The reference of the orientation that carries the extract of the row's dossier."""
    return place.town.parts[place.at.programme, place.at.status, "extract"].owner


def _let_in(place: Place) -> None:
    """By the service where it admits such a person; else by the keeper's signature, so that the charter and not the admission answers."""
    town, at = place.town, place.at
    keeper, role = town.keeper(at.programme), ROLES.get(at.position, "member")
    try:
        cells.admit(keeper, place.cell, persona(at.profession), role, act="acte 6", until=END)
    except CaseworkError:
        with writing(keeper, "member.admit") as unit:
            unit.session.add(signed_habilitation(unit, place.actor.user_id, place.cell, role, act="acte 6", until=END))
    with town.house.instance.database.reading() as session:
        here = select(Habilitation.role).where(Habilitation.cell_id == place.cell, Habilitation.user_id == place.actor.user_id)
        assert session.scalars(here).all() == [role]


def serve(place: Place) -> None:
    """The ring of the person's service in this cell, with a colleague."""
    actor = place.actor
    with writing(actor, "ring.service") as unit:
        anchor = unit.instance.anchor
        both = [(user_holder(unit.session, anchor, each), None) for each in (actor.user_id, place.town.house.actors[RECEIVER].user_id)]
        rings.make(unit, "service", place.cell, both, institution_id=actor.institution_id)


def _own(place: Place) -> Part:
    """A compartment that the person made: N2 and N3 have an owner."""
    town, at = place.town, place.at
    with writing(place.actor, "entry.write") as unit:
        dossier = unit.session.get_one(Dossier, town.dossiers[at.programme, at.status])
        return fill(unit, dossier, at.kind, place.actor.user_id)


def _give(unit: Unit, place: Place) -> None:
    """The boxes, and the facts, that make the position."""
    town, at = place.town, place.at
    dossier = unit.session.get_one(Dossier, town.dossiers[at.programme, at.status])
    if at.position == "reporter":
        dossier.reporter_id, dossier.version = place.actor.user_id, dossier.version + 1
    if at.position == "lead":
        compartments.name_lead(unit, dossier, place.actor.user_id)
        dossier.version += 1
    if at.position not in (*WITHOUT_BOX, GUEST):
        held = place.part if place.part is not None and _on_the_part(place) else _entrance(place)
        hold(unit, place.actor, held, at.position, orientation_of(place) if at.position == PARTNER else REFERENCES.get(at.position, ""))
    if place.part is not None and (at.position, at.status) in BY_ANOTHER_DOOR:
        hold(
            unit,
            place.actor,
            town.parts[at.programme, at.status, "identity" if at.kind == "decisions" else "decisions"],
            "shared",
            OWN_SHARE,
        )
    if place.row.action in TO_ANOTHER:
        held = place.part or town.parts[at.programme, at.status, "extract"]
        title = TO_ANOTHER[place.row.action]
        hold(unit, town.house.actors[RECEIVER], held, title, held.owner if title == "addressed" else SHARE)


def _on_the_part(place: Place) -> bool:
    """Whether the box is one of the compartment itself. Knowing is not holding; N2 and N3 that one writes are one's own, and new."""
    at, action = place.at, place.row.action
    return at.position == "author" or (action != "compartment.know" and not (action == "entry.write" and at.kind in OWNED))


def _entrance(place: Place) -> Part:
    """Where a title is held when the row is about no compartment: identity; for an addressee, a partner or an owner, the extract."""
    part = "extract" if place.at.position in ("addressed", "owner", PARTNER) else "identity"
    return place.town.parts[place.at.programme, place.at.status, part]


def hold(unit: Unit, actor: Actor, part: Part, title: str, reference: str = "") -> None:
    """Somebody holds a compartment under a title."""
    holder = user_holder(unit.session, unit.instance.anchor, actor.user_id)
    boxes.give(unit, unit.session.get_one(Compartment, part.id), part.key, holder, title, reference=reference)
