"""Whom an item concerns: found in clear data (lead, sender, shares, service, open tasks) and, for whoever reads it, in the school's name.

A named person stands for their institution; where nobody of it is named, its members are proposed. It only proposes: a steward decides.
Source: design §4 (titles), charter art. 5 (each sees what concerns their own mission).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from casework.models.cells import RingMember
from casework.models.content import Schooling
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.meetings import Meeting, Task
from casework.models.people import User
from casework.services import apart
from casework.services.apart import serving
from casework.services.keys.certificates import SERVICE
from casework.services.keys.keychain import Keychain
from casework.services.meeting.people import Member
from casework.services.search.names import words
from casework.services.search.shelf import Shelf
from casework.services.unit import Unit
from casework.wording import Wording, says

SCHOOL, LANDLORD = "school", "landlord"
WHY: Mapping[str, Wording] = {
    "steward": says("Tient la cellule"),
    "lead": says("{Référente|Référent|Référent·e} de parcours"),
    "share": says("A un accès à un dossier"),
    "service": says("Service qui accompagne"),
    "task": says("Action en cours"),
    "reporter": says("À l’origine d’une saisine"),
    "school": says("Établissement scolaire"),
    "sector": says("Travaille dans ce secteur"),
    "landlord": says("Bailleur concerné"),
    "programme": says("D’après le programme"),
}
"""Why somebody is proposed, the strongest first."""

_RANK = {code: rank for rank, code in enumerate(WHY)}
_LEVELS = frozenset({"ecole", "college", "lycee"})
_EMPTY = frozenset({"le", "la", "les", "l", "de", "des", "du", "d", "professionnel", "general", "prive", "public", "et"})


@dataclass(slots=True)
class Interests:
    """Who has to do with a dossier: people and institutions, each with the strongest reason. out: those with a personal link."""

    people: dict[str, str] = field(default_factory=dict)
    institutions: dict[str, str] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)

    def add(self, place: dict[str, str], whom: str | None, why: str) -> None:
        """Note a reason, unless a stronger one is there."""
        if whom and _RANK[why] < _RANK.get(place.get(whom, ""), len(_RANK)):
            place[whom] = why


def interests(unit: Unit, dossiers: Iterable[Dossier], members: Mapping[str, Member], keychain: Keychain) -> dict[str, Interests]:
    """Dossier id -> who has to do with it, in a fixed number of queries. Where the actor may read the school's name, it counts as well."""
    rows = {each.id: each for each in dossiers}
    found = {dossier_id: Interests() for dossier_id in rows}
    for dossier_id, dossier in rows.items():
        found[dossier_id].add(found[dossier_id].people, dossier.lead_id, "lead")
        found[dossier_id].add(found[dossier_id].people, dossier.reporter_id, "reporter")
    _holders(unit, found)
    for task in unit.session.scalars(select(Task).where(Task.dossier_id.in_(rows), Task.status == "open")):
        here = found[task.dossier_id or ""]
        here.add(here.people, task.owner_id, "task")
        here.add(here.institutions, task.institution_id, "task")
    for dossier_id, user_id in apart.pairs(unit.session, rows, unit.now):
        found[dossier_id].out.add(user_id)
    _schools(unit, keychain, found, members)
    _their_institutions(unit, found.values())
    return found


def concerned(found: Interests, among: Iterable[Member]) -> dict[str, str]:
    """User id -> why, of these people. Stewards always; nobody with a personal link, nobody whom the charter shows nothing."""
    everybody = [each for each in among if each.reads and each.id not in found.out]
    named = {each.id: found.people[each.id] for each in everybody if each.id in found.people}
    spoken_for = {each.institution_id for each in everybody if each.id in named}
    for each in everybody:
        if each.steward:
            named[each.id] = "steward"
        elif each.id not in named and each.institution_id in found.institutions and each.institution_id not in spoken_for:
            named[each.id] = found.institutions[each.institution_id]
    return named


def proposed(found: Iterable[Interests], members: Collection[Member], sector: str) -> dict[str, str]:
    """User id -> why somebody is proposed for a meeting: an item concerns them, or they work in its sector."""
    why: dict[str, str] = {}
    for each in found:
        for user_id, reason in concerned(each, members).items():
            if _RANK[reason] < _RANK.get(why.get(user_id, ""), len(_RANK)):
                why[user_id] = reason
    for member in members:
        if sector and member.sector == sector:
            why.setdefault(member.id, "sector")
    return {user_id: reason for user_id, reason in why.items() if reason != "steward"}


def suggested(unit: Unit, meeting: Meeting, programme: str, found: Collection[Interests], members: Collection[Member]) -> dict[str, str]:
    """`proposed`, with landlords and whom the programme usually calls: a steward ticks them, nobody else does.

    A landlord may read no item: they are proposed where their house has to do with one, and where a sector is spoken of without a person.
    """
    why = proposed(found, members, meeting.sector or "")
    usual = unit.charter.meetings.usual.get(programme, ())
    for member in members:
        if member.steward:
            continue
        if member.kind == LANDLORD and (_lets_here(meeting, member) or _had_to_do(found, member)):
            why.setdefault(member.id, "landlord")
        elif member.profession in usual:
            why.setdefault(member.id, "programme")
    return why


def _lets_here(meeting: Meeting, member: Member) -> bool:
    """Whether a meeting without persons speaks of where this landlord's house is; one that says no sector may be anywhere."""
    return not meeting.nominative and (not meeting.sector or not member.sector or meeting.sector == member.sector)


def _had_to_do(found: Iterable[Interests], member: Member) -> bool:
    return any(member.institution_id in each.institutions and member.id not in each.out for each in found)


def same_school(establishment: str, institution: str) -> bool:
    """Whether a school's name, as somebody typed it, is that institution's: same level where both say one, and all its own words."""
    typed, listed = set(words(establishment)), set(words(institution))
    levels = typed & _LEVELS, listed & _LEVELS
    own = listed - _LEVELS - _EMPTY
    return bool(own) and own <= typed and (not levels[0] or not levels[1] or levels[0] == levels[1])


def _holders(unit: Unit, found: Mapping[str, Interests]) -> None:
    """Those who hold a share or are addressed a part, and the members of the service that follows."""
    query = select(Compartment.dossier_id, Box.holder_id, Box.to_ring).join(Compartment, Compartment.id == Box.compartment_id)
    rings: dict[str, list[str]] = {}
    for dossier_id, holder, to_ring in unit.session.execute(
        query.where(Compartment.dossier_id.in_(found), Box.title.in_(("shared", "addressed", SERVICE)))
    ):
        if to_ring:
            rings.setdefault(holder, []).append(dossier_id)
        else:
            found[dossier_id].add(found[dossier_id].people, holder, "share")
    members = select(RingMember.epoch_id, RingMember.holder_id).where(RingMember.epoch_id.in_(rings), RingMember.to_ring.is_(False))
    for epoch_id, user_id in unit.session.execute(members.where(serving(unit.now))):
        for dossier_id in rings[epoch_id]:
            found[dossier_id].add(found[dossier_id].people, user_id, "service")


def _schools(unit: Unit, keychain: Keychain, found: Mapping[str, Interests], members: Mapping[str, Member]) -> None:
    schools = {each.institution_id: each.institution for each in members.values() if each.kind == SCHOOL}
    if not schools:
        return
    shelf = Shelf(unit, keychain, list(found), {SCHOOL: Schooling})
    for held in shelf:
        for texts in shelf.texts(held, SCHOOL):
            unit.trace.show(held.dossier.number, SCHOOL)
            here = found[held.dossier.id]
            for institution_id, name in schools.items():
                if same_school(texts["establishment"], name):
                    here.add(here.institutions, institution_id, "school")


def _their_institutions(unit: Unit, found: Iterable[Interests]) -> None:
    """The institutions of the people named."""
    every: Sequence[Interests] = list(found)
    wanted = {user_id for each in every for user_id in each.people}
    rows = unit.session.execute(select(User.id, User.institution_id).where(User.id.in_(wanted)))
    employer: dict[str, str] = {row[0]: row[1] for row in rows}
    for each in every:
        for user_id, why in each.people.items():
            each.add(each.institutions, employer.get(user_id), why)
