"""Rows of the directory: who keeps it, what a service offers, and how it is written down."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, select

from casework.charter import Charter, Situation
from casework.models.cells import Cell
from casework.models.directory import Service
from casework.models.people import Institution
from casework.services.directory.views import ServiceDraft, ServiceView
from casework.services.membership.teams import seats
from casework.services.terms import PARIS
from casework.services.unit import Unit
from casework.services.views import Choice
from casework.wording import says

KEEP, READ = "directory.keep", "directory.read"
OPEN, WAITING, FULL = "open", "waiting", "full"
STATES = {OPEN: says("Places disponibles"), WAITING: says("Liste d’attente"), FULL: says("Complet")}

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
_NO_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Small letters and digits without accents, one space between words."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES)).encode("ascii", "ignore").decode()
    return _NO_WORD.sub(" ", plain).strip()


def identity(name: str, institution: str) -> str:
    """The same for one service however its name and institution are spelt."""
    return hashlib.sha256(f"{fold(institution)}\n{fold(name)}".encode()).hexdigest()


def keeping(unit: Unit) -> list[Situation]:
    """The actor's positions in every cell: one that may keep the directory is enough."""
    cells = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)))
    return [each for cell in cells for each in seats(unit, cell)]


def offered() -> Select[Service]:
    """The services one may choose: those that are not closed, by name."""
    return select(Service).where(Service.closed_at.is_(None)).order_by(Service.name_key, Service.id)


def codes(column: str) -> tuple[str, ...]:
    """The codes that a column holds."""
    return tuple(column.split())


def stored(chosen: Iterable[str]) -> str:
    """Codes as a column holds them, each between spaces, so that one can be looked for."""
    return f" {' '.join(chosen)} " if chosen else ""


def draft_of(row: Service) -> ServiceDraft:
    """A row as one would type it."""
    return ServiceDraft(
        name=row.name,
        institution=row.institution,
        needs=codes(row.needs),
        programmes=codes(row.programmes),
        age_min=row.age_min,
        age_max=row.age_max,
        about=row.about,
        address=row.address,
        sector=row.sector,
        hours=row.hours,
        phone=row.phone,
        state=row.state,
        state_until=row.state_until,
    )


def write(unit: Unit, row: Service, draft: ServiceDraft, signatories: dict[str, str]) -> None:
    """Put a checked draft into a row. The day its capacity was told changes with the capacity only."""
    if (row.state, row.state_until) != (draft.state, draft.state_until):
        row.state_on = today(unit)
    for name in ("name", "institution", "age_min", "age_max", "about", "address", "sector", "hours", "phone", "state", "state_until"):
        setattr(row, name, getattr(draft, name))
    row.needs, row.programmes = stored(draft.needs), stored(draft.programmes)
    row.institution_id = signatories.get(fold(draft.institution))
    row.identity, row.name_key = identity(draft.name, draft.institution), fold(draft.name)
    row.words = _words(unit.charter, draft)
    row.updated_at, row.author_id = unit.now, unit.actor.user_id


def signatories(unit: Unit) -> dict[str, str]:
    """Institutions that signed the charter: name without accents and case -> id."""
    return {fold(row.name): row.id for row in unit.session.execute(select(Institution.id, Institution.name))}


def today(unit: Unit) -> date:
    """The day it is in Paris."""
    return unit.now.astimezone(PARIS).date()


def view(charter: Charter, row: Service, day: date) -> ServiceView:
    """A row for the screen. day: today."""
    needs, programmes = charter.meetings.needs, charter.programmes
    return ServiceView(
        id=row.id,
        name=row.name,
        institution=row.institution,
        needs=tuple(needs[code].label if code in needs else code for code in codes(row.needs)),
        publics=tuple(programmes[code].label if code in programmes else code for code in codes(row.programmes)),
        ages=ages(row.age_min, row.age_max),
        about=row.about,
        address=row.address,
        sector=row.sector,
        hours=row.hours,
        phone=row.phone,
        state=Choice(row.state, STATES[row.state]),
        state_until=row.state_until,
        state_on=row.state_on,
        overdue=row.state_until is not None and row.state_until < day,
        updated_on=row.updated_at.astimezone(PARIS).date(),
        closed_on=row.closed_at.astimezone(PARIS).date() if row.closed_at else None,
    )


def ages(youngest: int | None, oldest: int | None) -> str:
    """Bounds in words; empty when there is none."""
    if youngest is not None and oldest is not None:
        return says("de %(least)s à %(most)s ans", least=youngest, most=oldest)
    if youngest is not None:
        return says("à partir de %(least)s ans", least=youngest)
    return says("jusqu’à %(most)s ans", most=oldest) if oldest is not None else ""


def _words(charter: Charter, draft: ServiceDraft) -> str:
    needs = [charter.meetings.needs[code].label for code in draft.needs]
    return fold(" ".join((draft.name, draft.institution, draft.about, draft.sector, draft.address, *needs)))
