"""What changed in my dossiers since I last looked: notes of others in what I may read, status and lead. No text is opened for it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy_continuum import version_class, versioning_manager

from casework.charter import agree
from casework.models.attention import LastLook
from casework.models.base import UtcDateTime
from casework.models.content import Entry
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.attention.views import Change
from casework.services.dossier.contents import SOMEBODY, UNSIGNED
from casework.services.keys.keychain import Keychain
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.search.shelf import visible
from casework.services.unit import Unit

NEVER_LOOKED = timedelta(days=30)
"""How far back the changes of a dossier go that I never opened."""

READ = "compartment.read"
NOTES = 300
"""Newest notes that are looked at: more than a screen shows, so few that a long absence costs nothing."""

DOSSIERS = 20
EACH = 4


class Raw(NamedTuple):
    """A change before its people are named. what: entry kind, status code or user id of the lead."""

    dossier_id: str
    code: str
    what: str
    by: str
    at: datetime
    compartment_id: str = ""
    place: str = ""
    entry: str = ""


def found(unit: Unit, keychain: Keychain) -> tuple[dict[str, list[Raw]], bool]:
    """Dossier id -> its changes, newest first, the dossier with the newest change first; and whether older ones were left out."""
    notes, acts = _notes(unit, keychain), _acts(unit, keychain)
    grouped: dict[str, list[Raw]] = {}
    for change in sorted([*notes, *acts], key=lambda each: each.at, reverse=True):
        grouped.setdefault(change.dossier_id, []).append(change)
    shown = {each: grouped[each] for each in list(grouped)[:DOSSIERS]}
    _insist(unit, keychain, {change.compartment_id for changes in shown.values() for change in changes if change.compartment_id})
    return shown, len(grouped) > len(shown) or len(notes) == NOTES


def looks(unit: Unit, dossiers: Iterable[str]) -> Mapping[str, datetime]:
    """When I last opened each of these dossiers."""
    query = select(LastLook.dossier_id, LastLook.at).where(LastLook.user_id == unit.actor.user_id, LastLook.dossier_id.in_(set(dossiers)))
    return {row.dossier_id: row.at for row in unit.session.execute(query)}


def named(unit: Unit, grouped: Mapping[str, list[Raw]]) -> dict[str, tuple[Change, ...]]:
    """The first few changes of each dossier in words, with the certified names of who made them."""
    kept = {dossier_id: changes[:EACH] for dossier_id, changes in grouped.items()}
    ids = {each.by for changes in kept.values() for each in changes}
    ids |= {each.what for changes in kept.values() for each in changes if each.code == "lead" and each.what}
    people = {user_id: each.name for user_id, each in professionals(unit.session, unit.instance.anchor, ids).items()}
    words = unit.charter.vocabulary

    def label(change: Raw) -> str:
        if change.code == "note":
            return words.entry_kinds[change.what].label if change.what in words.entry_kinds else change.what
        return words.statuses[change.what].label if change.code == "status" else people.get(change.what, "")

    def place(change: Raw) -> str:
        return agree(words.kinds[change.place].label, unit.actor.gender) if change.place else ""

    def who(change: Raw) -> str:
        return SOMEBODY.name if change.what == UNSIGNED else people.get(change.by, UNKNOWN.name)

    return {
        dossier_id: tuple(Change(each.code, label(each), place(each), who(each), each.at, each.entry) for each in changes)
        for dossier_id, changes in kept.items()
    }


def _notes(unit: Unit, keychain: Keychain) -> list[Raw]:
    query = (
        select(Dossier.id, Entry.kind, Entry.author_id, Entry.written_at, Compartment.id, Compartment.kind, Entry.id)
        .join(Compartment, Compartment.id == Entry.compartment_id)
        .join(Dossier, Dossier.id == Compartment.dossier_id)
        .outerjoin(LastLook, (LastLook.dossier_id == Dossier.id) & (LastLook.user_id == unit.actor.user_id))
        .where(
            Entry.compartment_id.in_(_readable(unit, keychain)),
            Dossier.id.in_(visible(unit, keychain)),
            Entry.author_id != unit.actor.user_id,
            Entry.written_at > _since(unit),
        )
        .order_by(Entry.written_at.desc())
        .limit(NOTES)
    )
    return [
        Raw(dossier_id, "note", kind, by, at, compartment_id, place, entry)
        for dossier_id, kind, by, at, compartment_id, place, entry in unit.session.execute(query)
    ]


def _acts(unit: Unit, keychain: Keychain) -> list[Raw]:
    """Changes of status and lead, as the change history has them: each version beside the one before."""
    versions, writes = version_class(Dossier).__table__, versioning_manager.transaction_cls.__table__

    def before(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.lag(column).over(partition_by=versions.c.id, order_by=versions.c.transaction_id)

    steps = (
        select(
            versions.c.id, versions.c.status, versions.c.lead_id, versions.c.transaction_id,
            before(versions.c.status).label("status_before"), before(versions.c.lead_id).label("lead_before"),
        )
        .where(versions.c.id.in_(visible(unit, keychain)))
        .subquery()
    )  # fmt: skip
    lead_changed = func.coalesce(steps.c.lead_id, "") != func.coalesce(steps.c.lead_before, "")
    query = (
        select(steps, writes.c.actor, writes.c.issued_at)
        .join(writes, writes.c.id == steps.c.transaction_id)
        .outerjoin(LastLook, (LastLook.dossier_id == steps.c.id) & (LastLook.user_id == unit.actor.user_id))
        .where(
            steps.c.status_before.is_not(None),
            or_(steps.c.status != steps.c.status_before, lead_changed),
            writes.c.actor != unit.actor.user_id,
            writes.c.issued_at > _since(unit),
        )
    )
    changes = []
    for row in unit.session.execute(query):
        at = row.issued_at.replace(tzinfo=UTC)
        if row.status != row.status_before:
            changes.append(Raw(row.id, "status", row.status, row.actor, at))
        if (row.lead_id or "") not in (row.lead_before or "", unit.actor.user_id):  # who becomes lead is told by an alert of their own
            changes.append(Raw(row.id, "lead", row.lead_id or "", row.actor, at))
    return changes


def _since(unit: Unit) -> ColumnElement[datetime]:
    return func.coalesce(LastLook.at, literal(unit.now - NEVER_LOOKED, UtcDateTime()))


def _readable(unit: Unit, keychain: Keychain) -> Select[str]:
    """Ids of the compartments I hold under a title by which the charter lets me read them."""
    law = unit.charter.list_filter(
        READ, unit.actor.profession, position=Box.title, programme=Dossier.programme, status=Dossier.status, kind=Compartment.kind
    )
    return (
        select(Box.compartment_id)
        .join(Compartment, Compartment.id == Box.compartment_id)
        .join(Dossier, Dossier.id == Compartment.dossier_id)
        .where(keychain.live(), Dossier.cell_id.in_(unit.facts.cells), law)
    )


def _insist(unit: Unit, keychain: Keychain, compartments: set[str]) -> None:
    """Open my boxes on what is shown: a title is worth what its box opens. Raises TamperedError for a stray one."""
    query = select(Box, Compartment).join(Compartment, Compartment.id == Box.compartment_id)
    for box, compartment in unit.session.execute(query.where(Compartment.id.in_(compartments), keychain.live())):
        keychain.open(box, compartment)
