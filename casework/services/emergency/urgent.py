"""Accès urgent: a member of the duty ring enters a dossier for half an hour, for a reason they type; it is announced at once and reviewed.

The reason and the half hour are charter and ledger, not cryptography: the duty ring holds the key. Source: design §4, charter article 6.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.cells import RingEpoch
from casework.models.dossiers import Dossier, UrgentAccess
from casework.services import typed
from casework.services.access import Held, find, shut
from casework.services.actor import Actor
from casework.services.emergency.typed_reasons import FOR_AUTHOR, open_mine, seal_twice
from casework.services.emergency.urgent_alerts import announce
from casework.services.emergency.urgent_doors import dossiers_named, duty_cells, duty_situations, shown
from casework.services.emergency.urgent_lines import context, lines
from casework.services.emergency.urgent_page import view_of
from casework.services.emergency.views import UrgentDesk, UrgentReason, UrgentView
from casework.services.keys.certificates import OVERSIGHT, current_epoch
from casework.services.offices import throttle
from casework.services.reasons import choices
from casework.services.terms import refuse
from casework.services.unit import Unit, reading, writing
from casework.wording import says

OPEN = "urgent.open"
READ = "urgent.read"
HALF_HOUR = timedelta(minutes=30)
DOUBLE_CLICK = timedelta(minutes=1)
SHORTEST, LONGEST = 20, 500
"""Characters of the typed reason."""
LATELY = 20
NO_OVERSIGHT = says(
    "Aucun groupe de contrôle n’est en place : personne ne pourrait revoir cet accès. "
    "Appelez les secours, et prévenez la déléguée ou le délégué à la protection des données."
)


@dataclass(frozen=True, slots=True)
class UrgentRequest:
    """What is typed to open an accès urgent: a number, or exactly a name and a birth date; a coded reason and the reason in words."""

    number: str
    first_name: str
    last_name: str
    birth_date: date | None
    reason: str
    text: str


def desk(actor: Actor) -> UrgentDesk:
    """The form's lists, and my own accesses. Raises NotFound for whoever is on call nowhere."""
    with reading(actor, OPEN) as unit:
        cells = duty_cells(unit)
        unit.require(duty_situations(unit, cells))
        here = (UrgentAccess.user_id == actor.user_id) & UrgentAccess.dossier_id.not_in(unit.apart_from)
        query = select(UrgentAccess).where(here).order_by(UrgentAccess.opened_at.desc(), UrgentAccess.id)
        mine = tuple(lines(unit, unit.session.scalars(query.limit(LATELY))))
        for each in mine:
            unit.trace.show(each.number)
        return UrgentDesk(
            cells=tuple(each.name for each in cells),
            reasons=choices(unit.charter.vocabulary.urgent_reasons),
            mine=mine,
            ready=current_epoch(unit.session, OVERSIGHT, None) is not None,
            shortest=SHORTEST,
            longest=LONGEST,
        )


def open(actor: Actor, asked: UrgentRequest) -> tuple[str, ...]:  # noqa: A001  # always called as urgent.open, the act's own name
    """Open an accès urgent; returns its id, or several when the person is followed more than once. Announced in the same transaction.

    Raises InvalidInput with what is wrong in each field or when there is nobody to review it, TooManyAttempts, and NotFound, alike for
    what does not exist, what this duty does not keep and what is not exactly so named: never anything finer.
    """
    with writing(actor, OPEN) as unit:
        text = _checked(unit, asked)
        oversight = current_epoch(unit.session, OVERSIGHT, None)
        refuse({"form": NO_OVERSIGHT if oversight is None else None})
        assert oversight is not None  # noqa: S101 - refused just above
        throttle.count_urgent(actor.instance, actor.user_id)
        opened = tuple(_opened(each, asked.reason, text, oversight).id for each in _wanted(unit, asked))
    if "access" in unit.trace.facts:  # the same form again announces nothing, and buys no further tries
        throttle.forgive_urgent(actor.instance, actor.user_id)
    return opened


def read(actor: Actor, access_id: str) -> UrgentView:
    """The dossier of my accès urgent, as long as it lasts: the compartments my duty keeps, and nothing else. Each look is a leaf.

    Raises NotFound for somebody else's, an unknown one and one that is over.
    """
    with reading(actor, READ) as unit:
        access = _own(unit, access_id)
        if not access.opened_at <= unit.now < access.until:
            raise NotFound(unit.action)
        _typed(unit, access)  # a row whose hours, dossier or reason were moved does not open
        held = find(unit, unit.session.get_one(Dossier, access.dossier_id).number)
        unit.require(_as_duty(held))
        unit.trace.facts |= {"access": access.id, "reason": access.reason}
        (line,) = lines(unit, [access])
        return view_of(held, shown(held), line)


def own_reason(actor: Actor, access_id: str) -> UrgentReason:
    """What I typed to open an accès urgent, re-read. Raises NotFound for somebody else's, TamperedError for an altered row."""
    with reading(actor, OPEN) as unit:
        access = _own(unit, access_id)
        unit.require(duty_situations(unit, duty_cells(unit)))
        (line,) = lines(unit, [access])
        unit.trace.show(line.number)
        unit.trace.facts["access"] = access.id
        return UrgentReason(line, _typed(unit, access))


def _own(unit: Unit, access_id: str) -> UrgentAccess:
    access = unit.session.get(UrgentAccess, access_id)
    shut(unit, access.dossier_id if access is not None and access.user_id == unit.actor.user_id else None)
    assert access is not None  # noqa: S101 - refused just above
    return access


def _typed(unit: Unit, access: UrgentAccess) -> str:
    return open_mine(unit, access.for_author, context(unit, access, FOR_AUTHOR))


def _as_duty(held: Held) -> Iterator[Situation]:
    return held.situations(titles=held.titles & {"duty"})


def _checked(unit: Unit, asked: UrgentRequest) -> str:
    """The cleaned reason. Raises InvalidInput with every problem at once."""
    text = typed.clean(asked.text)
    found: dict[str, str | None] = {"text": typed.problem(text, LONGEST, lines=True)}
    if found["text"] is None and len(" ".join(text.split())) < SHORTEST:
        found["text"] = says("Dites en %(least)s caractères au moins ce qui ne peut pas attendre.", least=SHORTEST)
    if asked.reason not in unit.charter.vocabulary.urgent_reasons:
        found["reason"] = says("Choisissez un motif de la liste.")
    if not asked.number.strip():
        missing = says("Indiquez le numéro du dossier, ou exactement le prénom, le nom et la date de naissance.")
        named = asked.first_name.strip() and asked.last_name.strip() and asked.birth_date
        found["number"] = None if named else missing
    elif asked.first_name.strip() or asked.last_name.strip() or asked.birth_date:
        found["number"] = says("Indiquez le numéro, ou la personne : pas les deux.")
    refuse(found)
    return text


def _wanted(unit: Unit, asked: UrgentRequest) -> list[Held]:
    """The dossiers asked for, of those my duty keeps. Raises NotFound when there is none."""
    numbers = [asked.number.strip()]
    if not numbers[0]:
        assert asked.birth_date is not None  # noqa: S101 - checked before
        numbers = dossiers_named(unit, asked.first_name, asked.last_name, asked.birth_date)
    if not numbers:
        unit.require([])
    found = []
    for number in sorted(numbers):
        held = find(unit, number)
        unit.require(_as_duty(held))
        found.append(held)
    return found


def _opened(held: Held, reason: str, text: str, oversight: RingEpoch) -> UrgentAccess:
    """The recorded row, its two sealed reasons, the announcements. A double click opens it once."""
    unit = held.unit
    known = next((each for each in _just_opened(held) if each.reason == reason and _typed(unit, each) == text), None)
    if known is not None:
        return known
    access = UrgentAccess(
        id=new_id(), version=1, dossier_id=held.dossier.id, user_id=unit.actor.user_id, reason=reason,
        opened_at=unit.now, until=unit.now + HALF_HOUR, epoch_id=oversight.id,
    )  # fmt: skip
    access.for_oversight, access.for_author = seal_twice(unit, oversight, text, lambda reader: context(unit, access, reader))
    unit.session.add(access)
    announce(held, access)
    unit.trace.facts |= {"access": access.id, "reason": reason}
    return access


def _just_opened(held: Held) -> Iterator[UrgentAccess]:
    mine = (UrgentAccess.dossier_id == held.dossier.id) & (UrgentAccess.user_id == held.unit.actor.user_id)
    yield from held.unit.session.scalars(select(UrgentAccess).where(mine, UrgentAccess.opened_at > held.unit.now - DOUBLE_CLICK))
