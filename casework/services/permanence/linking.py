"""The link from an appointment to a person: sealed under the key of the service's ring, and with it the whole row.

Its length says nothing. Whoever has the database alone learns that a slot is taken, and by nobody's name or number; a row that was
touched behind the application's back does not open.
"""

import json
from dataclasses import dataclass

from casework.errors import TamperedError
from casework.models.permanences import Slot
from casework.services.permanence.teams import Team
from casework.vault.content import Clear

TABLE, COLUMN = "permanence_slot", "link"
LENGTH = 191
"""Bytes of every link before sealing: 40 characters of any alphabet fit."""


@dataclass(frozen=True, slots=True)
class Link:
    """Who comes: the number of a dossier, or a word."""

    number: str = ""
    words: str = ""


def seal(team: Team, slot: Slot, link: Link) -> None:
    """Seal a link to the service as it is now, over the row as it is now: call it last. A new epoch is used from its first write on."""
    text = json.dumps({"n": link.number, "w": link.words}, separators=(",", ":"), ensure_ascii=False)
    filled = text + " " * (LENGTH - len(text.encode()))
    slot.epoch_id = team.epoch.id
    with team.unit.session.no_autoflush:  # a query in the middle of a change would write half of it
        (slot.link,) = team.key(team.epoch.id).seal_row(TABLE, (COLUMN,), slot.id, _rest(slot), [filled])


def open_link(team: Team, slot: Slot) -> Link:
    """What `seal` sealed; nothing once it was forgotten in its time. Raises TamperedError when the row is not as it was sealed."""
    if slot.link is None and slot.starts_at <= team.unit.now - team.unit.charter.support.appointments:
        return Link()
    if slot.epoch_id is None or slot.link is None:
        raise TamperedError("an appointment without its link")
    (text,) = team.key(slot.epoch_id).reader(TABLE, (COLUMN,)).open(slot.id, _rest(slot), [slot.link])
    found = json.loads(text)
    return Link(found["n"], found["w"])


def _rest(slot: Slot) -> tuple[Clear, ...]:
    moments = slot.starts_at.timestamp(), slot.updated_at.timestamp()
    return (slot.permanence_id, *moments, slot.minutes, slot.state, slot.moved_to_id, slot.author_id, slot.version)
