"""The auditor's page: who opened what, when, under which rule. No key of any dossier is within reach here."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from casework import ledger
from casework.charter import agree
from casework.ledger import Access
from casework.models.people import Institution, User
from casework.services.actor import Actor
from casework.services.dossier.entries import PARIS
from casework.services.drafts import AccessQuery
from casework.services.meeting.sitting.hearings import meetings_of
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.unit import Unit, reading
from casework.services.views import AccessLine, AccessPage, Choice
from casework.wording import says

PAGE = 50
NO_DOSSIER = "-"
"""What is looked for in place of a number that an auditor is kept apart from: nothing has it."""
SYSTEM = says("Système")
PARTNER = says("Partenaire sans compte")
OUTSIDE_THE_LAW = {
    "ledger.genesis": says("Fondation du journal"),
    "instance.found": says("Fondation de l’instance"),
    "account.enrol": says("Création de ses clés"),
    "jobs.sweep": says("Nettoyage de ce qui a pris fin"),
    "jobs.meetings": says("Destruction de ce qu’une réunion laisse"),
    "jobs.reminders": says("Rappels"),
    "jobs.links": says("Fin des liens de partenaires"),
    "partner.enter": says("Ouverture d’un lien par un partenaire"),
    "partner.read": says("Lecture par un lien"),
    "partner.answer": says("Réponse par un lien"),
    "partner.leave": says("Fin de la visite d’un partenaire"),
    "jobs.agreements": says("Effacement des saisines restées sans accord"),
}
"""What happens before there is anybody to ask: it is in the ledger, not in the charter."""


def read(actor: Actor, query: AccessQuery) -> AccessPage:
    """One page of the ledger, newest first. Reading it is itself recorded. Raises NotFound for whoever may not."""
    with reading(actor, "ledger.read") as unit:
        unit.require([unit.situation()])
        page = max(1, query.page)
        newest = ledger.head(unit.session).size - 1
        upto = newest if query.upto is None else min(query.upto, newest)
        hidden = frozenset(unit.apart.numbers.values())
        number = NO_DOSSIER if query.dossier.strip() in hidden else query.dossier.strip()
        found, count = ledger.accesses(
            unit.session,
            number=number or None,
            actor=query.person or None,
            outcome=query.outcome or None,
            since=_midnight(query.since),
            until=_midnight(_day_after(query.until)),
            upto=upto,
            offset=(page - 1) * PAGE,
            limit=PAGE,
        )
        unit.trace.hits = count
        people = professionals(unit.session, unit.instance.anchor, {each.leaf.actor for each in found if each.leaf.actor})
        institutions = {row.id: row.name for row in unit.session.execute(select(Institution.id, Institution.name))}
        lines = tuple(_line(unit, each, people, institutions, hidden) for each in found)
        meetings = meetings_of(unit, number) if number and page == 1 else ()
        return AccessPage(lines, count, page, max(1, -(-count // PAGE)), _people(unit), upto, meetings)


def _line(
    unit: Unit, access: Access, people: Mapping[str, Professional], institutions: Mapping[str, str], hidden: frozenset[str]
) -> AccessLine:
    leaf, words = access.leaf, unit.charter.vocabulary
    person = people.get(leaf.actor or "", UNKNOWN)
    kinds = {kind for number, shown in leaf.dossiers if number not in hidden for kind in shown}
    action = words.actions.get(leaf.action)
    return AccessLine(
        sequence=access.seq,
        at=leaf.at,
        person=person.name if leaf.actor else PARTNER if leaf.action.startswith("partner.") else SYSTEM,
        institution=institutions.get(leaf.institution or "", person.institution),
        action=action.label if action else OUTSIDE_THE_LAW.get(leaf.action, leaf.action),
        dossiers=tuple(number for number, _ in leaf.dossiers if number not in hidden),
        compartments=tuple(agree(kind.label, "n") for code, kind in words.kinds.items() if code in kinds),
        rule=leaf.rule,
        charter=leaf.charter,
        authorised=leaf.outcome == "authorised",
        outcome=words.outcomes[leaf.outcome].label,
    )


def _people(unit: Unit) -> tuple[Choice, ...]:
    rows = unit.session.execute(select(User.id, User.name).order_by(User.name))
    return tuple(Choice(id_, name) for id_, name in rows)


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day and day < date.max else day


def _midnight(day: date | None) -> datetime | None:
    """The start of a day in Paris, in UTC. A day at the end of the calendar is no limit."""
    if day is None or not date.min + timedelta(days=2) < day < date.max - timedelta(days=2):
        return None
    return datetime.combine(day, time(), tzinfo=PARIS).astimezone(UTC)
