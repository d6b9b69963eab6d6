"""Victim support as data: closed lists, legal lengths, delays, and what a town cannot write there."""

from datetime import date, timedelta

import pytest

from casework.charter import Charter, LawError
from casework.charter.loading import read_sources
from casework.charter.support import Length
from tests.charter.conftest import Spoil

WRONG = [
    ("  sent:", "  posted:", "'posted' is not known here"),
    ("  proposed:", "  Proposed:", "'Proposed' is not a code"),
    ("  moved:", "  missed:", "given twice"),
    ("  will_do:", "  maybe:", "'maybe' is not known here"),
    ("  call:", "  phone:", "'phone' is not known here"),
    ('  visit: "Visite ou rencontre"', '  visit: "Visite ou rencontre"\n  fax: "Télécopie"', "'fax' is not known here"),
    ("  crip:", "  cell:", "'cell' is not known here"),
    ("  prosecutor:", "  procureur:", "'prosecutor' is missing"),
    ("  no_agreement:", "  refusal:", "'no_agreement' is missing"),
    ('  full: "Plus de place"', '  full: ""', "a text is expected here"),
    ("unasked:", "unsought:", "'unsought' is not known here"),
    ("protection_order: {months: 12}", "protection_orders: {months: 12}", "not a known measure"),
    ("protection_order: {months: 12}", "protection_order: {years: 1}", "'years' is not known here"),
    ("protection_order: {months: 12}", "protection_order: {months: 0}", "some months or some days"),
    ("protection_order: {months: 12}", "protection_order: {}", "some months or some days"),
    ("protection_order: {months: 12}", "protection_order: {months: 1200}", "at most 120 months"),
    ("immediate_order: {days: 6}", "immediate_order: {days: 600}", "366 days"),
    ("immediate_order: {days: 6}", "immediate_order: {days: six}", "'six' is not a whole number"),
    ("agreement_days: 15", "agreement_days: 91", "from 1 to 90"),
    ("agreement_days: 15", "agreement_days: 0", "from 1 to 90"),
    ("link_hours: 72", "link_hours: 73", "from 1 to 72"),
    ("link_attempts: 5", "link_attempts: 6", "from 1 to 5"),
    ("link_attempts: 5", "link_attempts: cinq", "'cinq' is not a whole number"),
    ("visit_minutes: 30", "visit_minutes: 61", "from 1 to 60"),
    ("reread_minutes: 15", "reread_minutes: 16", "from 1 to 15"),
    ("measure_days: 30", "measure_days: 91", "from 1 to 90"),
    (" purge_days: 30,", "", "'purge_days' is missing"),
    ("purge_days: 30", "purge_day: 30", "'purge_day' is not known here"),
]
LASTS = [
    (Length(1, 0), date(2026, 1, 31), date(2026, 2, 28)),
    (Length(1, 0), date(2028, 1, 31), date(2028, 2, 29)),
    (Length(1, 0), date(2026, 3, 31), date(2026, 4, 30)),
    (Length(1, 0), date(2026, 1, 27), date(2026, 2, 27)),
    (Length(1, 0), date(2026, 1, 1), date(2026, 2, 1)),
    (Length(6, 0), date(2026, 8, 31), date(2027, 2, 28)),
    (Length(6, 0), date(2026, 6, 15), date(2026, 12, 15)),
    (Length(12, 0), date(2028, 2, 29), date(2029, 2, 28)),
    (Length(12, 0), date(2026, 12, 31), date(2027, 12, 31)),
    (Length(0, 6), date(2026, 12, 28), date(2027, 1, 3)),
    (Length(1, 1), date(2026, 1, 31), date(2026, 3, 1)),
]


def test_the_shipped_rules(charter: Charter) -> None:
    rules = charter.support
    assert tuple(rules.steps)[:4] == ("proposed", "sent", "received", "accepted")
    assert tuple(rules.partner_results) == ("will_do", "done", "not_done")
    assert (rules.agreement, rules.link, rules.attempts) == (timedelta(days=15), timedelta(hours=72), 5)
    assert (rules.visit, rules.measure, rules.purge) == (timedelta(minutes=30), timedelta(days=30), timedelta(days=30))


def test_the_lengths_are_those_of_the_law(charter: Charter) -> None:
    """Domain 3.13 and 3.14."""
    lengths = charter.support.measure_lengths
    assert (lengths["protection_order"], lengths["immediate_order"]) == (Length(12, 0), Length(0, 6))
    assert lengths["emergency_phone"] == Length(6, 0)
    assert set(lengths) <= set(charter.programmes["domestic_violence"].measures)


@pytest.mark.parametrize(("length", "first", "last"), LASTS)
def test_the_last_day_of_a_measure(length: Length, first: date, last: date) -> None:
    assert length.after(first) == last


@pytest.mark.parametrize(("old", "new", "named"), WRONG, ids=[new.strip()[:34] or named for _, new, named in WRONG])
def test_a_wrong_word_is_refused_with_its_line(spoil: Spoil, old: str, new: str, named: str) -> None:
    policies, line = spoil("support.yaml", old, new)
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    found = [p for p in refused.value.problems if p.file == "support.yaml" and named in p.sentence]
    assert found, refused.value
    assert any(p.line <= line + 1 for p in found), "the line of the word, or of the list that lacks it"


@pytest.mark.parametrize(
    ("old", "new"),
    [("link_hours: 72", "link_hours: 24"), ("link_attempts: 5", "link_attempts: 3"), ("agreement_days: 15", "agreement_days: 8")],
)
def test_control_a_town_may_be_stricter(spoil: Spoil, old: str, new: str) -> None:
    policies, _ = spoil("support.yaml", old, new)
    rules = read_sources(policies).support
    assert {rules.link, rules.attempts, rules.agreement} & {timedelta(hours=24), 3, timedelta(days=8)}


def test_control_a_town_may_add_a_reason_of_its_own(spoil: Spoil) -> None:
    policies, _ = spoil("support.yaml", '  full: "Plus de place"', '  full: "Plus de place"\n  holidays: "Service fermé"')
    assert "holidays" in read_sources(policies).support.declined


def test_no_length_leads_beyond_the_calendar(charter: Charter) -> None:
    longest = Length(120, 366)
    assert longest.after(date(2026, 1, 31)) == date(2037, 1, 31)
    assert all(each.after(date(2026, 8, 31)) <= longest.after(date(2026, 8, 31)) for each in charter.support.measure_lengths.values())
