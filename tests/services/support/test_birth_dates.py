"""A birth date may be unknown where a programme turns nobody away for their age, and nowhere else; every reader lives with it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework import services
from casework.charter import Programme
from casework.charter.programmes import OLDEST, YOUNGEST
from casework.errors import InvalidInput
from casework.services.record.record_fields import RECORDS
from casework.services.record.views import RecordRow
from casework.services.referral.referral_checks import birth_problem
from tests.house import House
from tests.services.support.calls import noted, ready

TODAY = date(2026, 3, 2)


@pytest.fixture
def town(house: House) -> House:
    """A house whose victims' cell takes calls."""
    return ready(house)


def needed(programme: Programme) -> tuple[bool, bool]:
    """Whether a saisine, and a record, of this programme refuse a missing birth date."""
    rule = next(rule for rule in RECORDS["identity"].declared(programme) if rule.column == "birth_date")
    return birth_problem(programme, None, TODAY) is not None, rule.required


def test_it_is_required_exactly_where_a_programme_has_ages(town: House) -> None:
    """Every programme of the town, and each with a bound more or none."""
    programmes = town.instance.charter.programmes.values()
    assert {programme.ageless for programme in programmes} == {True, False}
    for programme in programmes:
        bounds = [(programme.minimum_age, programme.maximum_age), (YOUNGEST, OLDEST), (YOUNGEST, 25), (16, OLDEST), (6, 25)]
        for least, most in bounds:
            bounded = replace(programme, minimum_age=least, maximum_age=most)
            assert bounded.ageless == ((least, most) == (YOUNGEST, OLDEST))
            assert needed(bounded) == (not bounded.ageless, not bounded.ageless)


def test_whoever_reads_lives_without_it(town: House) -> None:
    """Page, search by name, by another's birth date, duplicates, record, dossier list."""
    number = noted(town, town.igor, last_name="Quibérac-Sansdate").number
    noted(town, town.igor, last_name="Vaucresson-Autre")
    services.lifecycle.take_up(town.vera, number, "viola", town.clock.now().date() + timedelta(days=30))
    view = town.open(town.viola, number)
    assert view.age is None
    (match,) = services.finding.search(town.viola, "sansdate").matches
    assert (match.line.number, match.born) == (number, None)
    assert number not in {each.line.number for each in services.finding.search(town.viola, "12/03/1990").matches}
    assert number in {line.number for line in services.dossiers.list_mine(town.viola).lines}
    page = services.records.compose(town.viola, number, "identity")
    assert not next(field for field in page.fields if field.column == "birth_date").required
    services.records.write(
        town.viola, number, "identity", [replace(page.rows[0], texts={**page.rows[0].texts, "commune": "Orle-le-Vieux"})]
    )
    assert town.open(town.viola, number).age is None


def test_two_unknown_birth_dates_are_not_the_same_one(town: House) -> None:
    """Alike by name only; control: two equal dates are said to be."""
    first = noted(town, town.igor, last_name="Montaubrac")
    second = noted(town, town.igor, last_name="Montaubrac")
    third = noted(town, town.igor, last_name="Delavigerie", birth_date="12/03/1991")
    fourth = noted(town, town.igor, last_name="Orsanval", birth_date="12/03/1991")
    found = {each.number: each for each in services.examination.prepare(town.vera, first.number).alike}
    assert (found[second.number].name, found[second.number].birth, found[second.number].born) == (True, False, None)
    assert third.number not in found
    assert {each.number: each.birth for each in services.examination.prepare(town.vera, third.number).alike}[fourth.number]


def test_a_programme_with_ages_still_refuses_an_empty_one(town: House) -> None:
    """In the record of a child's dossier."""
    number = town.follow("Quibérac-Enfant")
    page = services.records.compose(town.alice, number, "identity")
    row = page.rows[0]
    with pytest.raises(InvalidInput) as refused:
        services.records.write(town.alice, number, "identity", [RecordRow(row.id, row.version, {**row.texts, "birth_date": ""})])
    assert set(refused.value.problems) == {"0-birth_date"}
