"""Staying on both sides of two dossiers that were set apart: a reasoned act, told to the data-protection officer at once.

Lists, counts and searches show one of the two; the other opens by its number. Source: charter, articles 20 and 29; decision 5.
"""

from dataclasses import dataclass

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.walls import BothSides, DossierLink
from casework.services import typed
from casework.services.access import Held, find, hold, linked
from casework.services.actor import Actor
from casework.services.apart import AWAITED
from casework.services.attention import alerts
from casework.services.emergency.typed_reasons import FOR_OVERSIGHT, open_as_oversight, seal_twice
from casework.services.keys.certificates import OVERSIGHT, current_epoch
from casework.services.keys.keychain import Keychain
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.reasons import choice, choices
from casework.services.terms import refuse
from casework.services.unit import Unit, reading, writing
from casework.services.wall.views import StayLine, StayOffer
from casework.vault.packing import pack
from casework.wording import says

STAY = "wall.stay"
REVIEW = "urgent.review"
"""Who reviews the accès urgents reviews this too."""
STAYED = "both_sides"
SHORTEST, LONGEST = 20, 500
"""Characters of the typed reason."""
NO_OVERSIGHT = says("Aucun groupe de contrôle n’est en place : personne ne pourrait revoir cette décision.")
OTHER = says("Vous ne tenez pas de dossier à ce numéro, ou il n’est pas séparé de celui-ci.")


@dataclass(frozen=True, slots=True)
class Stay:
    """Why somebody stays: the number that their lists go on showing, a code, and the reason in words."""

    listed: str
    reason: str
    text: str


def prepare(actor: Actor, number: str) -> StayOffer:
    """The form's lists. Raises NotFound, alike for unknown and forbidden; it tells nothing of any other dossier."""
    with reading(actor, STAY) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        return StayOffer(number, choices(unit.charter.support.both_sides), LONGEST)


def stay(actor: Actor, number: str, other_number: str, asked: Stay) -> None:
    """Stay on both sides of two dossiers, for somebody whom the author of the link left the choice. Once.

    Raises NotFound for whoever may not on the first, InvalidInput for anything else: another number, a reason outside the list, a text too
    short, a side that is neither. Of a wall that somebody set against the actor there is nothing to stay on.
    """
    with writing(actor, STAY) as unit:
        link = between(unit, number, other_number.strip())
        place = awaited(unit, link)
        if link is not None and place is not None:  # nobody else looks behind the wall, nor pays for it
            unit.cross(link.dossier_id, link.other_id)
        hold(unit, number, other_number.strip())
        held = find(unit, number)
        unit.require(held.situations())
        check(unit, asked, (number, other_number.strip()))
        other = found(unit, other_number.strip())
        if other is None or link is None or place is None:
            raise InvalidInput({"other": OTHER})
        record(link, held, other, asked)


def review(actor: Actor) -> tuple[StayLine, ...]:
    """Who stays on both sides, newest first, with the reasons they typed, for whoever reviews and serves in the oversight ring. Who stayed
    is shown after the end of the link as well: nobody takes their reason away by ending it.

    Raises NotFound for everybody else, TamperedError for a row that was altered.
    """
    with reading(actor, REVIEW) as unit:
        unit.require([unit.situation()])
        stayed = select(BothSides, DossierLink.ended_at).join(DossierLink, DossierLink.id == BothSides.link_id)
        aside = DossierLink.dossier_id.not_in(unit.apart.reasons) & DossierLink.other_id.not_in(unit.apart.reasons)
        rows = unit.session.execute(stayed.where(BothSides.reason != AWAITED, aside).order_by(BothSides.made_at.desc())).all()
        people = professionals(unit.session, unit.instance.anchor, {each.user_id for each, _ in rows})
        words, keychain = unit.charter.support.both_sides, Keychain(unit)
        unit.trace.hits = len(rows)
        return tuple(
            StayLine(
                (person := people.get(each.user_id, UNKNOWN)).name,
                person.function,
                person.institution,
                each.made_at,
                ended_at,
                choice(words, each.reason),
                open_as_oversight(unit, each.epoch_id, each.for_oversight, context(unit, each, FOR_OVERSIGHT), keychain),
            )
            for each, ended_at in rows
        )


def keep_place(unit: Unit, link: DossierLink, user_id: str, listed_id: str) -> None:
    """Leave it to somebody to say why they stay: their keys are kept, and until they do one side is hidden from them."""
    unit.session.add(
        BothSides(
            id=new_id(), version=1, link_id=link.id, user_id=user_id, listed_id=listed_id, reason=AWAITED, made_at=unit.now,
            epoch_id="", for_oversight=b"", for_author=b"",
        )
    )  # fmt: skip


def awaited(unit: Unit, link: DossierLink | None) -> BothSides | None:
    """The place kept for the actor, or None for somebody to whom nobody left the choice. Asked of no link too: it costs the same."""
    mine = select(BothSides).where(BothSides.user_id == unit.actor.user_id, BothSides.link_id == (link.id if link is not None else ""))
    return unit.session.scalar(mine, execution_options={"populate_existing": unit.writes})


def between(unit: Unit, number: str, other_number: str) -> DossierLink | None:
    """The living link between two numbers, whichever side is named first."""
    ids = select(Dossier.id).where(Dossier.number.in_({number, other_number}))
    here = select(DossierLink).where(DossierLink.dossier_id.in_(ids), DossierLink.other_id.in_(ids), DossierLink.ended_at.is_(None))
    return unit.session.scalar(here.where(DossierLink.dossier_id != DossierLink.other_id))


def found(unit: Unit, number: str) -> Held | None:
    """The other dossier, where the unit's action is permitted there too; None for every other number, whatever the reason."""
    try:
        held = find(unit, number)
    except NotFound:
        return None
    return held if held.verdict(unit.action).permitted else None


def check(unit: Unit, asked: Stay, numbers: tuple[str, str]) -> None:
    """Raise InvalidInput with everything that is wrong with a reasoned act, by field."""
    text = typed.clean(asked.text)
    wrong: dict[str, str | None] = {"text": typed.problem(text, LONGEST, lines=True)}
    if wrong["text"] is None and len(" ".join(text.split())) < SHORTEST:
        wrong["text"] = says("Dites en %(least)s caractères au moins pourquoi vous restez des deux côtés.", least=SHORTEST)
    if asked.reason not in unit.charter.support.both_sides:
        wrong["reason"] = says("Choisissez un motif de la liste.")
    if asked.listed not in numbers:
        wrong["listed"] = says("Choisissez le dossier que vos listes montreront.")
    if current_epoch(unit.session, OVERSIGHT, None) is None:
        wrong["form"] = NO_OVERSIGHT
    refuse(wrong)


def record(link: DossierLink, held: Held, other: Held, asked: Stay) -> None:
    """The row, its two sealed texts, and word to the data-protection officer. `check` has passed. Again is harmless."""
    unit = held.unit
    row, epoch = awaited(unit, link), current_epoch(unit.session, OVERSIGHT, None)
    if (row is not None and row.reason != AWAITED) or epoch is None:
        return
    listed = held if asked.listed == held.dossier.number else other
    row = row or BothSides(id=new_id(), version=0, link_id=link.id, user_id=unit.actor.user_id)
    with unit.session.no_autoflush:  # certificates are read between the columns
        row.listed_id, row.reason, row.made_at, row.epoch_id = listed.dossier.id, asked.reason, unit.now, epoch.id
        sealed = seal_twice(unit, epoch, typed.clean(asked.text), lambda reader: context(unit, row, reader))
        row.for_oversight, row.for_author = sealed
        row.version += 1
        unit.session.add(row)
    out = linked(unit, held.dossier.id) | linked(unit, other.dossier.id)  # the alert has no number by which their day would hide it
    alerts.tell(unit, set(alerts.protection_officers(unit)) - out, STAYED, reference=row.id)
    unit.trace.facts |= {"both": row.id, "reason": asked.reason}


def context(unit: Unit, row: BothSides, reader: str) -> bytes:
    """What a typed reason is bound to: its row, whose it is, between which two, which one is listed and under which code."""
    return pack("both-sides", unit.instance.anchor.instance, row.id, row.link_id, row.user_id, row.listed_id, row.reason, reader)


def stays(held: Held) -> bool:
    """Whether the actor stays on both sides of a link of this dossier: the other one opens by its number, and is named nowhere."""
    pairs = held.unit.apart.pairs
    return held.dossier.id in {*pairs, *pairs.values()}
