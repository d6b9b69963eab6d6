"""Victim support: closed lists, legal lengths of measures and delays, read from support.yaml."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from casework.charter.documents import Entry, read_document
from casework.charter.problems import Problem
from casework.charter.vocabulary import Word

SUPPORT_FILE = "support.yaml"

MOST_DAYS, MOST_HOURS, MOST_MINUTES, MOST_REREADING, MOST_ATTEMPTS = 90, 72, 60, 15, 5
"""A town may lower a delay of `design.md` or of the issue that asked for it, never raise it beyond."""
MOST_LENGTH_MONTHS, MOST_LENGTH_DAYS = 120, 366
"""No measure of protection lasts longer: a larger number is a slip, which no calendar could hold."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a measure lasts by law."""

    months: int
    days: int

    def after(self, first: date) -> date:
        """The last day of a measure that began on `first`; the last day of a shorter month when there is no such day."""
        year, month = divmod(first.year * 12 + first.month - 1 + self.months, 12)
        for day in range(first.day, 27, -1):
            try:
                return date(year, month + 1, day) + timedelta(days=self.days)
            except ValueError:
                continue
        return date(year, month + 1, first.day) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class SupportRules:
    """Closed lists (code -> word, in the order of the file), lengths of measures by code, and delays.

    danger_lines: how to reach whom a child in danger is reported to.
    agreement: to obtain an agreement that was not sought. reread: how long whoever noted a call, or sent a saisine, reads it again.
    link: how long a partner's link lives; attempts: wrong codes that end it; visit: how long one visit lasts. measure: how long before its
    end a measure is reminded of. purge: to review a dossier whose person left. appointments: how long after one it is still known who it
    was for.
    """

    unasked: Mapping[str, Word]
    steps: Mapping[str, Word]
    declined: Mapping[str, Word]
    missed: Mapping[str, Word]
    results: Mapping[str, Word]
    withdrawn: Mapping[str, Word]
    partner_results: Mapping[str, Word]
    contact_purposes: Mapping[str, Word]
    contact_channels: Mapping[str, Word]
    overrides: Mapping[str, Word]
    danger_recipients: Mapping[str, Word]
    both_sides: Mapping[str, Word]
    link_endings: Mapping[str, Word]
    wall_reasons: Mapping[str, Word]
    purge_findings: Mapping[str, Word]
    danger_lines: Mapping[str, tuple[str, ...]]
    measure_lengths: Mapping[str, Length]
    agreement: timedelta
    reread: timedelta
    link: timedelta
    attempts: int
    visit: timedelta
    measure: timedelta
    purge: timedelta
    appointments: timedelta


_LISTS = (
    "unasked steps declined missed results withdrawn partner_results contact_purposes contact_channels overrides danger_recipients"
    " both_sides link_endings wall_reasons purge_findings"
)
_KNOWN = {
    "steps": "proposed sent received accepted declined appointment attended missed moved in_progress ended withdrawn contact_changed"
    " contact_passed",
    "partner_results": "will_do done not_done",
    "contact_channels": "call message letter visit",
    "danger_recipients": "crip prosecutor",
    "withdrawn": "person no_agreement other_service mistake ended",
}
"""Lists that the application acts upon: a town words them, and neither adds to them nor takes away."""

_DELAYS = {
    "agreement_days": MOST_DAYS,
    "reread_minutes": MOST_REREADING,
    "link_hours": MOST_HOURS,
    "link_attempts": MOST_ATTEMPTS,
    "visit_minutes": MOST_MINUTES,
    "measure_days": MOST_DAYS,
    "purge_days": MOST_DAYS,
    "appointment_days": MOST_DAYS,
}


def read_support(policies: Path, measures: Collection[str], problems: list[Problem]) -> SupportRules:
    """Victim support of the folder `policies`; `measures` may have a length. What is wrong is added to `problems`, never raised."""
    values = read_document(policies, SUPPORT_FILE, problems).record(f"{_LISTS} danger_lines measure_lengths delays")
    for name, codes in _KNOWN.items():
        values[name].record(codes)
    danger = values["danger_lines"].record(_KNOWN["danger_recipients"])
    delays = values["delays"].record(" ".join(_DELAYS))
    told = {name: _at_most(delays[name], most) for name, most in _DELAYS.items()}
    return SupportRules(
        **{name: _words(values[name]) for name in _LISTS.split()},
        danger_lines=MappingProxyType({code: tuple(line.text() for line in each.sequence()) for code, each in danger.items()}),
        measure_lengths=_lengths(values["measure_lengths"], measures),
        agreement=timedelta(days=told["agreement_days"]),
        reread=timedelta(minutes=told["reread_minutes"]),
        link=timedelta(hours=told["link_hours"]),
        attempts=told["link_attempts"],
        visit=timedelta(minutes=told["visit_minutes"]),
        measure=timedelta(days=told["measure_days"]),
        purge=timedelta(days=told["purge_days"]),
        appointments=timedelta(days=told["appointment_days"]),
    )


def _words(entry: Entry) -> Mapping[str, Word]:
    return MappingProxyType({code: Word(code, each.label()) for code, each in entry.coded()})


def _lengths(entry: Entry, measures: Collection[str]) -> Mapping[str, Length]:
    found = {}
    for code, each in entry.coded():
        if code not in measures:
            each.fault(f"'{code}' is not a known measure; known are: {', '.join(sorted(measures))}")
        found[code] = _length(each)
    return MappingProxyType(found)


def _length(entry: Entry) -> Length:
    values = entry.record("", "months days")
    months, days = (values[name].integer() if name in values else 0 for name in ("months", "days"))
    if entry.node is not None and months + days <= 0:
        entry.fault("a measure lasts some months or some days")
    if months > MOST_LENGTH_MONTHS or days > MOST_LENGTH_DAYS:
        entry.fault(f"at most {MOST_LENGTH_MONTHS} months and {MOST_LENGTH_DAYS} days")
    return Length(months, days)


def _at_most(entry: Entry, most: int) -> int:
    found = entry.integer()
    if entry.node is not None and not 0 < found <= most:
        entry.fault(f"from 1 to {most}")
    return found
