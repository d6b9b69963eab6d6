"""Reading the directory: by words, need, public, age and sector. Accents and case do not count; a closed service is not offered."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select

from casework.errors import NotFound
from casework.models.directory import Service
from casework.services.actor import Actor
from casework.services.directory.rows import KEEP, READ, STATES, fold, keeping, stored, today, view
from casework.services.directory.views import DirectoryLists, DirectoryPage, DirectoryQuery, ServicePage
from casework.services.unit import Unit, reading
from casework.services.views import Choice

PER_PAGE = 30
MAX_WORDS = 6
"""Most words of a query that are looked at."""


def find(actor: Actor, query: DirectoryQuery) -> DirectoryPage:
    """The services that answer to everything asked, by name. What is not in a list filters nothing. Its leaf holds a count, no word."""
    with reading(actor, READ) as unit:
        unit.require([unit.situation()])
        may_keep = _may_keep(unit)
        wanted = list(_wanted(unit, query, closed=query.closed and may_keep))
        count = unit.session.scalar(select(func.count(Service.id)).where(*wanted)) or 0
        total = unit.session.scalar(select(func.count(Service.id)).where(Service.closed_at.is_(None))) or 0
        pages = max(1, -(-count // PER_PAGE))
        page = min(max(1, query.page), pages)
        ordered = select(Service).where(*wanted).order_by(Service.name_key, Service.id)
        rows = unit.session.scalars(ordered.offset((page - 1) * PER_PAGE).limit(PER_PAGE))
        shown = tuple(view(unit.charter, row, today(unit)) for row in rows)
        unit.trace.hits = count
        return DirectoryPage(shown, count, total, page, pages, lists(unit), may_keep)


def read(actor: Actor, service_id: str) -> ServicePage:
    """One service, also a closed one: what was sent there still says where. Raises NotFound for an unknown one."""
    with reading(actor, READ) as unit:
        unit.require([unit.situation()])
        row = unit.session.get(Service, service_id)
        if row is None:
            raise NotFound(READ)
        unit.trace.facts["service"] = row.id
        return ServicePage(view(unit.charter, row, today(unit)), _may_keep(unit))


def lists(unit: Unit) -> DirectoryLists:
    """What one may choose from."""
    sectors = select(Service.sector).where(Service.closed_at.is_(None), Service.sector != "").distinct()
    return DirectoryLists(
        needs=tuple(Choice(each.code, each.label) for each in unit.charter.meetings.needs.values()),
        programmes=tuple(Choice(code, each.label) for code, each in unit.charter.programmes.items()),
        sectors=tuple(sorted(unit.session.scalars(sectors), key=fold)),
        states=tuple(Choice(code, label) for code, label in STATES.items()),
    )


def _wanted(unit: Unit, query: DirectoryQuery, *, closed: bool) -> Iterator[ColumnElement[bool]]:
    yield Service.closed_at.is_not(None) if closed else Service.closed_at.is_(None)
    if query.need in unit.charter.meetings.needs:
        yield Service.needs.contains(stored([query.need]))
    if query.programme in unit.charter.programmes:
        yield or_(Service.programmes == "", Service.programmes.contains(stored([query.programme])))
    if query.sector:
        yield or_(Service.sector == "", Service.sector == query.sector)
    if query.age is not None:
        yield or_(Service.age_min.is_(None), Service.age_min <= query.age)
        yield or_(Service.age_max.is_(None), Service.age_max >= query.age)
    for word in fold(query.words).split()[:MAX_WORDS]:
        yield Service.words.contains(word)  # letters and digits only: nothing that LIKE would read as a sign


def _may_keep(unit: Unit) -> bool:
    return unit.check(KEEP, keeping(unit)).permitted
