"""Who is to be told what was decided, by whom, and until when: one month at most (RGPD, art. 14-3-a; domain 1.16). Clear columns only.

The duty is the lead's; without one, whoever entered the decision has it. It ends with a note « Information donnée à la personne » in the
dossier; in one that is over, where nobody writes any more, with the word « Vu » beside its alert.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select

from casework.models.attention import Alert
from casework.models.cells import Cell
from casework.models.content import Entry
from casework.models.dossiers import Compartment, Dossier
from casework.models.meetings import Decision, Item
from casework.services.keys.keychain import Keychain
from casework.services.meeting.decisions.effects import NOTICE, SILENT
from casework.services.search.shelf import visible
from casework.services.terms import PARIS
from casework.services.unit import Unit

GIVEN = "notice"
"""The kind of note by which somebody says that they told the person."""

Notice = tuple[str, str, str, date]
"""Dossier id, number, name of the cell, last day."""


def due(unit: Unit, keychain: Keychain) -> Iterator[Notice]:
    """What I have to tell, once for each of my dossiers: by the oldest decision that nobody was told of yet."""
    me, oldest = unit.actor.user_id, func.min(Decision.applied_at)
    query = (
        select(Dossier.id, Dossier.number, Cell.name, oldest)
        .join(Decision, Decision.dossier_id == Dossier.id)
        .join(Item, Item.id == Decision.item_id)
        .join(Cell, Cell.id == Dossier.cell_id)
        .where((Dossier.lead_id == me) | (Dossier.lead_id.is_(None) & (Decision.author_id == me)))
        .where(Decision.outcome.not_in(SILENT) | (Item.informed == "deferred"), Dossier.id.in_(visible(unit, keychain)))
        .where(~_told(), (Dossier.status == "open") | _waits(me))
        .group_by(Dossier.id, Dossier.number, Cell.name)
    )
    for dossier_id, number, cell, applied in unit.session.execute(query):
        if applied is not None:  # decided, and not yet in effect
            yield dossier_id, number, cell, _until(unit, applied)


def told_by_alert() -> ColumnElement[bool]:
    """Whether the alert of a notice is shown as one: in a dossier under way, the line of what is due says it all."""
    return (Alert.kind != NOTICE) | Alert.number.in_(select(Dossier.number).where(Dossier.status != "open"))


def _told() -> ColumnElement[bool]:
    """Somebody noted since the decision took effect that the person was told."""
    query = exists().where(Entry.compartment_id == Compartment.id, Compartment.dossier_id == Dossier.id)
    return query.where(Entry.kind == GIVEN, Entry.written_at >= Decision.applied_at)


def _waits(me: str) -> ColumnElement[bool]:
    return exists().where(Alert.recipient_id == me, Alert.kind == NOTICE, Alert.number == Dossier.number, Alert.seen_at.is_(None))


def _until(unit: Unit, applied: datetime) -> date:
    return applied.astimezone(PARIS).date() + unit.charter.meetings.notice
