"""Whom one may share with, what they would see, and until when: the same answers serve the form, the preview and the act."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from casework.charter import DENY_DEFAULT, Situation, agree
from casework.errors import InvalidInput
from casework.models.cells import Habilitation
from casework.models.content import Entry
from casework.models.dossiers import Box, Compartment
from casework.models.people import User
from casework.services.access import OWNED, Held, linked
from casework.services.dossier.readers import holdings
from casework.services.keys.certificates import certified_people
from casework.services.membership.admissions import member, proven
from casework.services.membership.standing import alive
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.sharing.views import Given, Person, Recipient, Volet
from casework.services.terms import end_of
from casework.services.unit import Unit
from casework.vault.trust import Certified
from casework.wording import says

PARIS = ZoneInfo("Europe/Paris")
MONTHS = 3
"""What a share lasts unless its giver says otherwise."""

SHARED = "shared"
ADDRESSED = "addressed"
EXTRACT = "extract"
NOTHING = ("addressed", "duty", "partner")
"""Titles of somebody who holds nothing of a dossier that can be looked at page by page."""

LINKED = says("Un lien personnel avec la personne suivie a été déclaré : rien de ce dossier ne lui est partagé.")
"""Said to those who settle such a link; nobody else hears that an account has one."""

NO_MEMBER = says("Choisissez dans la liste.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of the cell: user id, certified profession, and the last moment of their habilitation."""

    user_id: str
    profession: str
    person: Person
    until: datetime


def candidates(held: Held) -> list[Candidate]:
    """Members of the cell by name, the actor and whoever has a personal link left aside."""
    unit = held.unit
    aside = linked(unit, held.dossier.id) | {unit.actor.user_id}
    rows = unit.session.scalars(
        select(Habilitation).where(Habilitation.cell_id == held.cell.id, alive(unit.now)).order_by(Habilitation.until)
    )
    ends = {row.user_id: row.until for row in rows if row.user_id not in aside and proven(unit.session, unit.instance, row)}
    certified = certified_people(unit.session, unit.instance.anchor, ends)
    people = professionals(unit.session, unit.instance.anchor, certified)
    usernames = {row.id: row.username for row in unit.session.execute(select(User.id, User.username).where(User.id.in_(certified)))}
    found = [
        Candidate(
            user_id,
            certified[user_id].claims["profession"],
            Person(usernames[user_id], each.name, each.function, each.institution),
            ends[user_id],
        )
        for user_id, each in people.items()
    ]
    return sorted(found, key=lambda each: each.person.name)


def for_share(held: Held, kinds: Sequence[str]) -> tuple[Recipient, ...]:
    """Everybody one could share these kinds with, each with what the charter lets them receive."""
    words = held.unit.charter.vocabulary.kinds
    gender = held.unit.actor.gender
    found = []
    for each in candidates(held):
        able = tuple(kind for kind in kinds if may_read(held, each.profession, kind))
        why = "" if able else says("La charte ne lui ouvre aucun des volets que vous pouvez partager.")
        found.append(Recipient(each.person, able, tuple(agree(words[kind].label, gender) for kind in able), paris_day(each.until), why))
    return tuple(found)


def for_extract(held: Held) -> tuple[Recipient, ...]:
    """Everybody one could address an extract to: who holds nothing else, and whom the charter lets read one."""
    busy = {each.user_id for each in holdings(held) if each.title not in NOTHING}
    found = []
    for each in candidates(held):
        why = ""
        if not may_read(held, each.profession, EXTRACT, title=ADDRESSED):
            why = says("La charte ne lui permet pas de recevoir une partie partagée.")
        elif each.user_id in busy:
            why = says("Cette personne a déjà accès à ce dossier : partagez-lui plutôt un volet.")
        found.append(Recipient(each.person, (), (), paris_day(each.until), why))
    return tuple(found)


def may_read(held: Held, profession: str, kind: str, *, title: str = SHARED) -> bool:
    """Whether the charter would let somebody of this profession read this kind here, under that title."""
    situation = Situation(profession, title, held.dossier.programme, held.dossier.status, kind)
    return held.unit.check("compartment.read", [situation]).permitted


def forbidden(held: Held, profession: str, kind: str) -> str | None:
    """The charter's sentence when it forbids this profession to read this kind, whatever the title; None when it is merely silent."""
    situation = Situation(profession, ADDRESSED, held.dossier.programme, held.dossier.status, kind)
    verdict = held.unit.check("compartment.read", [situation])
    return None if verdict.permitted or verdict.rule == DENY_DEFAULT else agree(verdict.says, "n")


def receiver(held: Held, username: str) -> Certified:
    """The member of the cell behind a user name. Raises InvalidInput for nobody, for oneself, and for whoever is kept apart."""
    unit = held.unit
    person = member(unit.session, unit.instance, held.cell.id, username, unit.now)
    apart = person is not None and person.subject in linked(unit, held.dossier.id)
    if person is None or apart or person.subject == unit.actor.user_id:
        told = apart and held.verdict("conflict.settle").permitted
        raise InvalidInput({"to": LINKED if told else NO_MEMBER})
    return person


def last_moment(held: Held, person: Certified, until: datetime | None) -> datetime:
    """When their box ends: what was asked, and never after their habilitation. Raises InvalidInput for a date that cannot be."""
    unit = held.unit
    rows = select(Habilitation).where(Habilitation.cell_id == held.cell.id, Habilitation.user_id == person.subject, alive(unit.now))
    longest = max(row.until for row in unit.session.scalars(rows) if proven(unit.session, unit.instance, row))
    if until is None:
        return longest
    if until <= unit.now:
        raise InvalidInput({"until": says("Cette date est passée : choisissez un terme à venir.")})
    if paris_day(until) > paris_day(longest):
        wrong = says(
            "L’habilitation de cette personne prend fin le %(last)s : choisissez une date jusqu’à ce jour.", last=paris_day(longest)
        )
        raise InvalidInput({"until": wrong})
    return min(until, longest)


def volets(held: Held) -> tuple[Volet, ...]:
    """The compartments the actor holds and may give, in the charter's order, with the number of notes in each."""
    unit = held.unit
    written = _notes(held)
    found = []
    for kind, word in unit.charter.vocabulary.kinds.items():
        compartment = held.compartment(kind)
        if (
            compartment is not None
            and held.verdict("share.give", kind).permitted
            and held.key(compartment, action="share.give") is not None
        ):
            gender = unit.actor.gender
            found.append(Volet(kind, agree(word.label, gender), agree(word.hint, gender), written.get(compartment.id, 0)))
    return tuple(found)


def known(held: Held, person: Certified, kinds: Sequence[str]) -> tuple[str, ...]:
    """Labels of the compartments the person would know to exist by this share, and not read."""
    words = held.unit.charter.vocabulary.kinds
    reads = {each.compartment_id for each in holdings(held) if each.user_id == person.subject}
    there = {each.kind for each in held.compartments if each.kind not in kinds and each.id not in reads}
    dossier, profession = held.dossier, person.claims["profession"]
    return tuple(
        agree(word.label, held.unit.actor.gender)
        for kind, word in words.items()
        if kind in there
        and held.unit.check("compartment.know", [Situation(profession, SHARED, dossier.programme, dossier.status, kind)]).permitted
    )


def holds(held: Held, user_id: str, kind: str) -> bool:
    """Whether somebody holds a compartment of this kind already."""
    return any(each.user_id == user_id and each.kind == kind for each in holdings(held))


def given(held: Held) -> tuple[Given, ...]:
    """The shares under way that the actor may end."""
    mine = held.unit.actor.user_id
    return tuple(
        share
        for share, parts in _under_way(held, SHARED)
        if all(each.owner_id in ("", mine) and held.verdict("share.end", each.kind).permitted for each in parts)
    )


def extracts_given(held: Held) -> tuple[Given, ...]:
    """The extracts under way, when the actor may end them."""
    if not held.verdict("extract.end").permitted:
        return ()
    return tuple(share for share, _ in _under_way(held, ADDRESSED))


def _under_way(held: Held, title: str) -> Iterator[tuple[Given, list[Compartment]]]:
    unit = held.unit
    query = select(Box, Compartment).join(Compartment, Compartment.id == Box.compartment_id)
    living = or_(Box.until.is_(None), Box.until > unit.now)
    rows = unit.session.execute(query.where(Compartment.dossier_id == held.dossier.id, Box.title == title, living)).all()
    people = professionals(unit.session, unit.instance.anchor, {box.holder_id for box, _ in rows})
    words = unit.charter.vocabulary.kinds
    order = list(words)
    acts: dict[tuple[str, str], list[tuple[Box, Compartment]]] = {}
    for box, compartment in rows:
        acts.setdefault((box.reference, box.holder_id), []).append((box, compartment))
    for (reference, holder), parts in sorted(acts.items()):
        person = people.get(holder, UNKNOWN)
        parts.sort(key=lambda part: order.index(part[1].kind))
        labels = tuple(agree(words[each.kind].label, unit.actor.gender) for _, each in parts)
        ends = [box.until for box, _ in parts if box.until is not None]
        until = max(ends) if ends else None
        yield Given(reference, person.name, person.function, person.institution, labels, until), [each for _, each in parts]


def _notes(held: Held) -> dict[str, int]:
    ids = [each.id for each in held.compartments if each.kind not in OWNED or each.owner_id == held.unit.actor.user_id]
    query = select(Entry.compartment_id, func.count()).where(Entry.compartment_id.in_(ids)).group_by(Entry.compartment_id)
    return {row[0]: row[1] for row in held.unit.session.execute(query)}


def described(unit: Unit, person: Certified) -> Person:
    """A certified person for the screen."""
    found = professionals(unit.session, unit.instance.anchor, [person.subject]).get(person.subject, UNKNOWN)
    return Person(person.claims["username"], found.name, found.function, found.institution)


def today(unit: Unit) -> date:
    """The day it is in Paris."""
    return paris_day(unit.now)


def paris_day(moment: datetime) -> date:
    """The day of a moment in Paris."""
    return moment.astimezone(PARIS).date()


def proposed_end(unit: Unit, people: Sequence[Recipient]) -> date:
    """Three months from today, or sooner when the habilitations of all these people are over by then."""
    start = today(unit)
    year, month = divmod(start.year * 12 + start.month - 1 + MONTHS, 12)
    proposed = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return min(proposed, max((each.until for each in people if not each.why), default=proposed))


def term(day: date | None) -> datetime | None:
    """The last instant of a typed day."""
    return end_of(day) if day is not None else None
