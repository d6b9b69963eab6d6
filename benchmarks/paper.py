"""A relevé of 30 decisions on paper, from the frozen view to the bytes: first in a fresh process, then again."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import median

from benchmarks.report import Figure
from casework import paper
from casework.services.meeting.decisions.outcome_views import MeetingHead, MinutesAction, MinutesLine, MinutesReferral, MinutesView
from casework.services.views import Choice
from casework.web import paper_sheets

DECISIONS = 30
SECONDS = 2.0
SAMPLES = 5
AT = datetime(2026, 3, 2, 13, tzinfo=UTC)
DAY = date(2026, 3, 2)
WORDS = "Rendez-vous avec la famille et le collège, puis point avec la mission locale ; la référente tient la cellule informée. " * 3


def figures() -> list[Figure]:
    """Both, against the promise of the issue; each sheet differs, so that nothing of the one before is used again."""
    sheets = [paper_sheets.minutes(replace(_shown(), institution=f"Institution {each}")) for each in range(SAMPLES + 1)]
    times = [_timed(sheet) for sheet in sheets]
    return [
        Figure(f"PDF of {DECISIONS} decisions, the first", times[0], SECONDS, "s"),
        Figure(f"PDF of {DECISIONS} decisions, median of the next", median(times[1:]), SECONDS, "s"),
    ]


def _timed(sheet: paper.Sheet) -> float:
    begin = time.perf_counter()
    pdf = paper.press(sheet)
    spent = time.perf_counter() - begin
    assert pdf.startswith(b"%PDF")
    return spent


def _shown() -> MinutesView:
    """A whole relevé: words, a lead, a date, an orientation and two actions each."""
    numbers = [f"2026-{each:04}" for each in range(1, DECISIONS + 1)]
    line = MinutesLine("", "Retenue avec référent", "Alice", DAY, "", WORDS, DAY, DAY, (MinutesReferral("Mission locale", "Emploi"),))
    actions = [MinutesAction(kind, number, "Hugo", WORDS[:120], DAY) for number in numbers for kind in ("action", "question")]
    head = MeetingHead("m", Choice("ordinary", "Cellule de suivi"), "Cellule nord", "Salle des mariages", AT, DAY, "closed")
    return MinutesView(head, "", True, AT, AT, tuple(replace(line, number=each) for each in numbers), tuple(actions))
