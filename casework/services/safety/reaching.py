"""The one door for reaching somebody: what is printed, exported, planned or written to a person, or to a parent, asks here first.

The application writes to nobody and calls nobody: it plans, and prints what somebody sends. Who does not open the `safety` of a file that
is reached by it produces nothing at all; who does, against a rule, says why. Source: domain 3.18; charter, article 18; decision 5.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from casework.charter import Word
from casework.errors import NotFound, ThroughSomebody
from casework.models.base import new_id
from casework.models.support import PlannedContact
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier.dossier_page import person_of
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.safety import calling, consignes, overrides, rules, safe_contact
from casework.services.safety.rules import LETTER, MESSAGE
from casework.services.safety.views import ContactDraft, LetterView, Option, PlannedLine, ReachPage
from casework.services.terms import PARIS, refuse
from casework.services.unit import reading, writing
from casework.wording import says

PLAN = "contact.plan"
PERSON, PARENT = "person", "parent"
WRITTEN = frozenset({LETTER, MESSAGE})
PLANNED = "planned"
ENDS = {"done": says("Fait"), "not_reached": says("Pas joint"), "dropped": says("Abandonné")}
STATES = {PLANNED: says("Prévu"), **ENDS}
RECIPIENTS = {PERSON: says("La personne"), PARENT: says("Un titulaire de l’autorité parentale")}
AHEAD = timedelta(days=366)
LATE = timedelta(minutes=30)
"""A form takes a while: what is planned for a moment ago is planned for now."""
SHOWN = 20
CALL_BACK = says("Merci de nous rappeler quand cela vous convient.")
LETTERS = {
    "appointment": says("Merci de nous rappeler pour convenir d’un rendez-vous."),
    "documents": says("Un document vous attend. Merci de nous rappeler avant de passer."),
}
"""The one sentence of a letter, by purpose. What it is about is never written."""


def prepare(actor: Actor, number: str) -> ReachPage:
    """All that planning needs. Raises ThroughSomebody for who may open the file and not reach the person, NotFound else."""
    with reading(actor, PLAN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        door(held)
        person, support = person_of(held), unit.charter.support
        unit.trace.show(number, *(("identity",) if person else ()))
        return ReachPage(
            number=number,
            person=person,
            call=calling.first_line(held),
            channels=_options(support.contact_channels),
            purposes=_options(support.contact_purposes),
            recipients=tuple(Option(code, RECIPIENTS[code]) for code in _recipients(held)),
            overrides=_options(support.overrides),
            planned=_planned(held),
            consigne=bool(consignes.living(unit.session, held.dossier.id)),
            shortest=overrides.SHORTEST,
            longest=overrides.LONGEST,
        )


def plan(actor: Actor, number: str, draft: ContactDraft) -> str:
    """Plan a contact; returns its id. The same plan twice is one.

    Raises as `prepare`; InvalidInput with what is wrong in each field, with the rules that would be broken where no reason was given to
    set them aside, or when nobody could review that reason.
    """
    with writing(actor, PLAN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        door(held, draft.channel, draft.recipient)
        moment = _checked(held, draft)
        wrong = broken(held, draft.channel, moment)
        known = next((each for each in unit.session.scalars(_same(held, draft, moment)) if overrides.covers(unit, each, wrong)), None)
        if known is not None:
            return known.id
        contact = PlannedContact(
            id=new_id(), version=1, dossier_id=held.dossier.id, channel=draft.channel, purpose=draft.purpose, recipient=draft.recipient,
            planned_for=moment, author_id=actor.user_id, state=PLANNED, created_at=unit.now,
        )  # fmt: skip
        if wrong:
            overrides.set_aside(held, contact, draft, wrong)
        unit.session.add(contact)
        unit.trace.facts |= {"contact": contact.id, "channel": draft.channel}
        return contact.id


def mark(actor: Actor, number: str, contact_id: str, state: str) -> None:
    """Say what became of a contact that I planned, once: done, not_reached, dropped. Raises NotFound, and InvalidInput for another word."""
    with writing(actor, PLAN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        contact = _mine(held, contact_id)
        refuse({"form": None if state in ENDS and contact.state == PLANNED else says("Ce contact n’est plus prévu.")})
        contact.state = state
        contact.version += 1
        unit.trace.facts |= {"contact": contact.id, "state": state}


def letter(actor: Actor, number: str, contact_id: str) -> LetterView:
    """A letter that I planned, to print: neutral words, and the safe address where no rule is set aside.

    The rules are asked again. Raises as `prepare`, and InvalidInput when one stands in the way that was not set aside when it was planned.
    """
    with reading(actor, PLAN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        contact = _mine(held, contact_id)
        if (contact.channel, contact.state) != (LETTER, PLANNED):
            raise NotFound(unit.action)
        door(held, LETTER, contact.recipient)
        wrong = broken(held, LETTER, unit.now)
        refuse({"form": None if overrides.covers(unit, contact, wrong) else rules.said(wrong)})
        found = safe_contact.of(held) if safe_contact.guarded(held) else None
        told = found is not None and not wrong and contact.recipient == PERSON
        unit.trace.facts |= {"channel": "pdf", "contact": contact.id}
        return LetterView(
            number=number,
            day=unit.now.astimezone(PARIS).date(),
            sentences=(str(LETTERS.get(contact.purpose, CALL_BACK)),),
            address=tuple(found.address.split("\n")) if told and found is not None else (),
            printed_at=unit.now,
        )


def door(held: Held, channel: str = "", recipient: str = PERSON) -> None:
    """Raise ThroughSomebody for who must not reach the person (who does not open the `safety` they are reached by), and, while a consigne
    stands that they do not open, for all that goes to a holder of parental authority: what is written to a child, they open.
    """
    to_parents = recipient == PARENT or channel in WRITTEN
    if safe_contact.shut(held) or (to_parents and consignes.blocks(held)):
        raise ThroughSomebody(held.unit.action)


def broken(held: Held, channel: str, moment: datetime) -> tuple[str, ...]:
    """The rules that would be broken; none where the person is reached as anybody, unless they said that it is over."""
    if rules.withdrawn(held):
        return (rules.WITHDRAWN,)
    return rules.broken(safe_contact.of(held), channel, moment) if safe_contact.guarded(held) else ()


def _checked(held: Held, draft: ContactDraft) -> datetime:
    """The moment. Raises InvalidInput with every problem at once."""
    support, now = held.unit.charter.support, held.unit.now
    pick = says("Choisissez dans la liste.")
    moment = draft.at
    late = moment is None or not now - LATE <= moment <= now + AHEAD
    refuse(
        {
            "channel": None if draft.channel in support.contact_channels else pick,
            "purpose": None if draft.purpose in support.contact_purposes else pick,
            "recipient": None if draft.recipient in (_recipients(held) or (PERSON,)) else pick,
            "day": says("Indiquez un jour et une heure à venir, dans l’année.") if late else None,
        }
    )
    assert moment is not None  # noqa: S101 - refused just above
    return moment


def _recipients(held: Held) -> tuple[str, ...]:
    """Whom one may write to; empty where only the person."""
    return (PERSON, PARENT) if consignes.follows_children(held.unit.charter.programmes[held.dossier.programme]) else ()


def _same(held: Held, draft: ContactDraft, moment: datetime) -> Select[PlannedContact]:
    row = PlannedContact
    mine = (row.dossier_id == held.dossier.id) & (row.author_id == held.unit.actor.user_id) & (row.state == PLANNED)
    return select(row).where(
        mine, row.channel == draft.channel, row.purpose == draft.purpose, row.recipient == draft.recipient, row.planned_for == moment
    )


def _mine(held: Held, contact_id: str) -> PlannedContact:
    contact = held.unit.session.get(PlannedContact, contact_id)
    if contact is None or (contact.dossier_id, contact.author_id) != (held.dossier.id, held.unit.actor.user_id):
        raise NotFound(held.unit.action)
    return contact


def _planned(held: Held) -> tuple[PlannedLine, ...]:
    unit = held.unit
    query = select(PlannedContact).where(PlannedContact.dossier_id == held.dossier.id)
    rows = unit.session.scalars(query.order_by(PlannedContact.planned_for.desc(), PlannedContact.id).limit(SHOWN)).all()
    people = professionals(unit.session, unit.instance.anchor, {row.author_id for row in rows})
    support = unit.charter.support
    return tuple(
        PlannedLine(
            id=row.id,
            number=held.dossier.number,
            channel=_option(support.contact_channels, row.channel),
            purpose=_option(support.contact_purposes, row.purpose),
            at=row.planned_for,
            author=people.get(row.author_id, UNKNOWN).name,
            mine=row.author_id == unit.actor.user_id,
            state=STATES.get(row.state, row.state),
            override=_option(support.overrides, row.override).label if row.override else "",
            open=row.state == PLANNED,
            printable=row.channel == LETTER and row.state == PLANNED and row.author_id == unit.actor.user_id,
        )
        for row in rows
    )


def _option(words: Mapping[str, Word], code: str) -> Option:
    word = words.get(code)
    return Option(code, word.label if word else code)


def _options(words: Mapping[str, Word]) -> tuple[Option, ...]:
    return tuple(_option(words, code) for code in words)
