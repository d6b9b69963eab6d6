"""The verdicts of an action without a dictionary of its situations: each word's place in the table is computed."""

from itertools import product

import pytest

from casework.charter import Charter, Situation
from casework.charter.loading import Sources
from casework.charter.situation import Verdict
from casework.charter.table import Table, situations
from casework.charter.verdicts import Verdicts

NO, YES = Verdict(False, "no", "Non.", "art. 1"), Verdict(True, "yes", "Oui.", "art. 2")
WORDS = (("judge", "nurse"), ("lead", "none"), ("fragility",), ("open", "closed", "sealed"), ("social", "health"))
NUMBERS = [int(number) for number in "010011000111010110001011"]


@pytest.fixture
def some() -> Verdicts:
    """A small action, with words enough to confuse."""
    return Verdicts(WORDS, NUMBERS, [NO, YES])


def test_each_situation_has_the_verdict_of_its_number(some: Verdicts) -> None:
    expected = {Situation(*words): (NO, YES)[number] for words, number in zip(product(*WORDS), NUMBERS, strict=True)}
    assert dict(some) == expected
    assert len(some) == len(expected)
    assert set(expected.values()) == {NO, YES}, "else any place would do"


def test_every_situation_of_the_shipped_law_has_its_row(sources: Sources, table: Table, charter: Charter) -> None:
    rules = [charter.default.rule, *(rule.id for rule in charter.rules)]
    for code, action in sources.vocabulary.actions.items():
        known = situations(action, sources.vocabulary, sources.programmes)
        assert [charter.decisions[code][situation].rule for situation in known] == [rules[number] for number in table.rows[code]]


@pytest.mark.parametrize("axis", range(5))
def test_a_word_that_is_none_of_them_has_no_place(some: Verdicts, axis: int) -> None:
    words = [known[0] for known in WORDS]
    words[axis] = "stranger"
    assert Situation(*words) not in some


@pytest.mark.parametrize("profession", WORDS[0])
def test_what_is_permitted_to_a_profession(some: Verdicts, profession: str) -> None:
    expected = [situation[1:] for situation, verdict in some.items() if verdict.permitted and situation.profession == profession]
    assert list(some.permitted(profession)) == expected


def test_they_are_equal_by_what_they_say(some: Verdicts) -> None:
    assert some == Verdicts(WORDS, list(NUMBERS), [NO, YES]) == dict(some)
    assert some != Verdicts(WORDS, [1 - number for number in NUMBERS], [NO, YES])
    assert some != Verdicts(WORDS, NUMBERS, [NO, NO])


@pytest.mark.parametrize("numbers", [NUMBERS[1:], [*NUMBERS, 0], []])
def test_a_table_of_another_size_is_none(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="one number for each"):
        Verdicts(WORDS, numbers, [NO, YES])
