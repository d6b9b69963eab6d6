"""What the record and history screens are handed: frozen, plain-text, already authorised, decrypted and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field to type. shape: line, lines, choice, codes, day or hours."""

    column: str
    label: str
    shape: str
    required: bool
    hint: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row as it is typed: the version it was read at and its texts by column. A new one has no id and version 0.

    remarks: what stands beside a field of this row alone, by column.
    """

    id: str
    version: int
    texts: Mapping[str, str]
    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All the form of a volet needs. many: rows may be added and emptied."""

    number: str
    person: str | None
    kind: Choice
    many: bool
    fields: tuple[RecordField, ...]
    rows: tuple[RecordRow, ...]


@dataclass(frozen=True, slots=True)
class RecordIndex:
    """What of a dossier may be brought up to date: its volets with a form, its next date, its end."""

    number: str
    person: str | None
    kinds: tuple[Choice, ...]
    may_plan: bool
    may_close: bool
    next_date: date | None
    reasons: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FieldClash:
    """A field that differs: when the form was opened, now, and as typed. ask: both changed it, so the person must choose.

    stored: what is there now as the form would send it.
    """

    column: str
    label: str
    before: str | None
    now: str
    typed: str
    ask: bool
    stored: str


@dataclass(frozen=True, slots=True)
class RowClash:
    """A row that somebody else saved in the meantime: who, when, and the fields that differ."""

    place: int
    by: str
    at: datetime | None
    fields: tuple[FieldClash, ...]


@dataclass(frozen=True, slots=True)
class RecordClash:
    """The form again, over the present versions: what only the others changed is taken over, what I typed is kept."""

    page: RecordPage
    rows: tuple[RowClash, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """From what to what. before: None when the former version does not verify."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row of a volet. what: created, changed, emptied, corrected (a note), or unverified: that it was, and no more."""

    volet: Choice
    what: str
    version: int
    by: str
    function: str
    at: datetime | None
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Who changed which field when, from what to what, newest first. kind: the volet asked for, or None for all that I read."""

    number: str
    person: str | None
    kind: Choice | None
    kinds: tuple[Choice, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class DraftText:
    """What somebody was typing in a form, as (name, value) pairs in order, and when it was kept."""

    saved_at: datetime
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One of my drafts: which form, where, since when and until when it is kept."""

    form: str
    label: str
    place: str
    saved_at: datetime
    until: datetime
