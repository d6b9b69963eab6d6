"""The meeting room as data: kinds, closed lists, delays, and what a town cannot write there."""

from datetime import timedelta

import pytest

from casework.charter import Charter, LawError
from casework.charter.loading import read_sources
from casework.charter.meetings import WITHOUT_PERSONS
from tests.charter.conftest import Spoil

WRONG = [
    ('situation par situation.", nominative: true', 'situation par situation.", nominative: yes', "true or false"),
    ('une par une.", nominative: true}', 'une par une."}', "'nominative' is missing"),
    ("  mayor:", "  Mayor:", "'Mayor' is not a code"),
    ("  unfinished:", "  unfinish:", "'unfinish' is not known here"),
    ("  unknown:", "  not_known:", "'not_known' is not known here"),
    ('  informed: "', '  told: "', "'told' is not known here"),
    ('  retained: "', '  kept: "', "'kept' is not known here"),
    ("  watch:", "  plenary:", "given twice"),
    ("before_days: 7", "before_days: sept", "'sept' is not a whole number"),
    ("longest_hours: 12", "longest_hours: 0", "1 to 24 hours"),
    ("longest_hours: 12", "longest_hours: 25", "1 to 24 hours"),
    ("minutes_days: 365, ", "", "'minutes_days' is missing"),
    ("callers:", "caller:", "'caller' is not known here"),
    ("notice_days: 30", "notice_days: 31", "within 30 days"),
    ("notice_days: 30", "notice_days: 0", "within 30 days"),
    ("  release: [probation,", "  releases: [probation,", "'releases' is not known here"),
    ("  release: [probation,", "  release: [landlord,", "'landlord' is not a known profession"),
]


def test_the_shipped_room(charter: Charter) -> None:
    room = charter.meetings
    assert {code for code, kind in room.kinds.items() if not kind.nominative} == WITHOUT_PERSONS
    assert tuple(room.answers) == ("known", "unknown", "aloud")
    assert next(iter(room.outcomes)) == "not_retained"
    assert (room.before, room.notes) == (timedelta(days=7), timedelta(days=7))
    assert room.notice == timedelta(days=30)
    assert room.longest <= timedelta(hours=24)


@pytest.mark.parametrize(("old", "new", "named"), WRONG, ids=[new.strip()[:30] or named for _, new, named in WRONG])
def test_a_wrong_word_is_refused_with_its_line(spoil: Spoil, old: str, new: str, named: str) -> None:
    policies, line = spoil("meetings.yaml", old, new)
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.file == "meetings.yaml" and abs(p.line - line) <= 1 and named in p.sentence for p in refused.value.problems), refused.value


@pytest.mark.parametrize("kind", sorted(WITHOUT_PERSONS))
def test_no_town_puts_a_dossier_on_the_agenda_of_a_plenary_or_a_watch(spoil: Spoil, kind: str) -> None:
    """Art. D.132-8 CSI, domain 1.3: the law loads only when it says no."""
    policies, _ = spoil("meetings.yaml", "  ordinary:", "  ordinary:")
    path = policies / "meetings.yaml"
    before, _, after = path.read_text(encoding="utf-8").partition(f"  {kind}:")
    path.write_text(before + f"  {kind}:" + after.replace("nominative: false", "nominative: true", 1), encoding="utf-8")
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any("D.132-8" in p.sentence and kind in p.sentence for p in refused.value.problems)


@pytest.mark.parametrize("kind", sorted(WITHOUT_PERSONS))
def test_nor_does_it_without_those_kinds(spoil: Spoil, kind: str) -> None:
    policies, _ = spoil("meetings.yaml", f"  {kind}:", "  other:")
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.sentence == f"'{kind}' is missing" for p in refused.value.problems)


def test_control_a_town_may_add_a_kind_with_dossiers(spoil: Spoil) -> None:
    policies, _ = spoil("meetings.yaml", "  watch:", '  other: {label: "Autre", hint: "Autre.", nominative: true}\n  watch:')
    assert read_sources(policies).meetings.kinds["other"].nominative
