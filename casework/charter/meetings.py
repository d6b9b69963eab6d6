"""What meetings there are and their closed lists, read from meetings.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from casework.charter.documents import Entry, read_document
from casework.charter.problems import Problem
from casework.charter.programmes import Programme
from casework.charter.vocabulary import Word

MEETINGS_FILE = "meetings.yaml"

LONGEST_HOURS = 24
LATEST_NOTICE = 30
"""Days: « un mois au plus » (RGPD, art. 14-3-a; domain 1.16). A town may lower it."""

_YES_NO = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class MeetingKind:
    """A kind of meeting. nominative: whether dossiers may be on its agenda (art. D.132-8 CSI, domain 1.3)."""

    code: str
    label: str
    hint: str
    nominative: bool


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """Closed lists (code -> word, in the order of the file) and delays of the meeting room.

    before: how long before a meeting its members see their items. notes: how long after it preparatory notes live.
    minutes: how long a relevé stays readable; sheets: the scan of a signed attendance sheet. longest: when an open meeting ends by itself.
    notice: how long one has to tell the person what was decided. usual: programme -> professions proposed for each of its meetings.
    """

    kinds: Mapping[str, MeetingKind]
    callers: Mapping[str, Word]
    reasons: Mapping[str, Word]
    origins: Mapping[str, Word]
    informed: Mapping[str, Word]
    deferrals: Mapping[str, Word]
    answers: Mapping[str, Word]
    outcomes: Mapping[str, Word]
    missing: Mapping[str, Word]
    needs: Mapping[str, Word]
    told_by: Mapping[str, Word]
    usual: Mapping[str, tuple[str, ...]]
    before: timedelta
    notes: timedelta
    minutes: timedelta
    sheets: timedelta
    notice: timedelta
    longest: timedelta


_LISTS = "callers reasons origins informed deferrals answers outcomes missing needs told_by"
_KNOWN = {
    "origins": "unfinished received review added",
    "informed": "informed deferred",
    "answers": "known unknown aloud",
    "outcomes": "not_retained followed_elsewhere mainstream child_protection retained continued postponed closed",
}
"""Lists that the application acts upon: a town words them, and neither adds to them nor takes away."""
WITHOUT_PERSONS = frozenset({"plenary", "watch"})
"""Kinds that take no dossier whatever a town writes (art. D.132-8 CSI; domain 1.3)."""


def read_meetings(policies: Path, programmes: Mapping[str, Programme], problems: list[Problem]) -> MeetingRules:
    """The meeting room of the folder `policies`. What is wrong is added to `problems`, never raised."""
    values = read_document(policies, MEETINGS_FILE, problems).record(f"kinds {_LISTS} usual delays")
    delays = values["delays"].record("before_days notes_days minutes_days sheets_days notice_days longest_hours")
    for name, codes in _KNOWN.items():
        values[name].record(codes)
    return MeetingRules(
        kinds=_kinds(values["kinds"]),
        **{name: _words(values[name]) for name in _LISTS.split()},
        usual=_usual(values["usual"], programmes),
        before=timedelta(days=delays["before_days"].integer()),
        notes=timedelta(days=delays["notes_days"].integer()),
        minutes=timedelta(days=delays["minutes_days"].integer()),
        sheets=timedelta(days=delays["sheets_days"].integer()),
        notice=timedelta(days=_notice(delays["notice_days"])),
        longest=timedelta(hours=_hours(delays["longest_hours"])),
    )


def _words(entry: Entry) -> Mapping[str, Word]:
    return MappingProxyType({code: Word(code, each.label()) for code, each in entry.coded()})


def _usual(entry: Entry, programmes: Mapping[str, Programme]) -> Mapping[str, tuple[str, ...]]:
    """Programme -> professions, among those that may be convened for it."""
    found = entry.record("", " ".join(programmes))
    return MappingProxyType({code: _convened(each, programmes[code]) for code, each in found.items() if code in programmes})


def _convened(entry: Entry, programme: Programme) -> tuple[str, ...]:
    known = frozenset(programme.people.get("convened", ()))
    return tuple(each.word(known, "profession that this programme convenes") for each in entry.sequence())


def _kinds(entry: Entry) -> Mapping[str, MeetingKind]:
    kinds = {code: _kind(code, each) for code, each in entry.coded()}
    for code in sorted(WITHOUT_PERSONS - kinds.keys()):
        entry.fault(f"'{code}' is missing")
    return MappingProxyType(kinds)


def _hours(entry: Entry) -> int:
    hours = entry.integer()
    if entry.node is not None and not 0 < hours <= LONGEST_HOURS:
        entry.fault(f"a meeting ends by itself after 1 to {LONGEST_HOURS} hours")
    return hours


def _notice(entry: Entry) -> int:
    days = entry.integer()
    if entry.node is not None and not 0 < days <= LATEST_NOTICE:
        entry.fault(f"a person is told within {LATEST_NOTICE} days (RGPD, art. 14-3-a)")
    return days


def _kind(code: str, entry: Entry) -> MeetingKind:
    values = entry.record("label hint nominative")
    nominative = values["nominative"].word(_YES_NO, "answer (true or false)") == "true"
    if nominative and code in WITHOUT_PERSONS:
        values["nominative"].fault(f"no dossier is ever on the agenda of '{code}' (art. D.132-8 CSI)")
    return MeetingKind(code, values["label"].label(), values["hint"].label(), nominative)
