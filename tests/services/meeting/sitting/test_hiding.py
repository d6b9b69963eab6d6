"""No hidden number can be computed from what is shown: asked of every small table, and of seeded larger ones.

The attacker here knows the rules. They go through every table that would look the same, and read off what all of these have in common.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product

import pytest

from casework.services.meeting.sitting import hiding
from casework.services.meeting.sitting.hiding import LEAST, Part, Shown

Row = tuple[int, ...]
Rows = tuple[Row, ...]
Publish = Callable[[Rows], tuple[Shown, ...]]


def parts_of(rows: Rows) -> list[Part]:
    """One number a row: a count. Two: halves of a sum."""
    return [hiding.count(row[0]) if len(row) == 1 else hiding.halves(*row) for row in rows]


def sums_of(rows: Rows) -> Row:
    """The numbers of the last line."""
    columns = tuple(sum(column) for column in zip(*rows, strict=True))
    return columns if len(columns) == 1 else (sum(columns), *columns)


def published(rows: Rows) -> tuple[Shown, ...]:
    """The table as it is shown: its lines, then their total."""
    parts = parts_of(rows)
    return (*(part.shown for part in parts), hiding.total(parts, sums_of(rows)))


def careless(rows: Rows) -> tuple[Shown, ...]:
    """The same without complementary suppression: what is under five is hidden, and nothing else."""
    lines = [row if len(row) == 1 else (sum(row), *row) for row in rows]
    return tuple(tuple(value if value >= LEAST else None for value in line) for line in (*lines, sums_of(rows)))


def known(tables: Iterable[Rows], publish: Publish) -> Iterator[tuple[Rows, int, int]]:
    """Every hidden number that is the same in all tables that look alike: the table, the row, the column."""
    alike: dict[tuple[Shown, ...], list[Rows]] = defaultdict(list)
    for rows in tables:
        alike[publish(rows)].append(rows)
    for shown, worlds in alike.items():
        for place in range(len(worlds[0])):
            full = [row if len(row) == 1 else (sum(row), *row) for row in (each[place] for each in worlds)]
            for column, value in enumerate(shown[place]):
                if value is None and len({line[column] for line in full}) == 1:
                    yield worlds[0], place, column


def every(rows: int, width: int, largest: int) -> Iterator[Rows]:
    """Every table of this size, no line of which adds up to more than `largest`: none that looks like one of them is left out."""
    row = [line for line in product(range(largest + 1), repeat=width) if sum(line) <= largest]
    return product(row, repeat=rows)


SMALL = [(1, 1, 12), (2, 1, 12), (3, 1, 12), (4, 1, 7), (1, 2, 16), (2, 2, 13)]


@pytest.mark.parametrize(("rows", "width", "largest"), SMALL)
def test_no_hidden_number_is_known_in_any_small_table(rows: int, width: int, largest: int) -> None:
    assert next(known(every(rows, width, largest), published), None) is None


@pytest.mark.parametrize(("rows", "width", "largest"), [(2, 1, 12), (4, 1, 7), (1, 2, 16), (2, 2, 11)])
def test_control_without_complementary_suppression_some_are(rows: int, width: int, largest: int) -> None:
    assert next(known(every(rows, width, largest), careless), None) is not None


def values_left(rows: Rows, shown: tuple[Shown, ...], place: int, column: int) -> set[int]:
    """The naive attacker: what a hidden number may be, by going through every line each row could be and adding them up."""
    told = shown[-1]
    found = set()
    for world in product(*(_lines(line, row) for line, row in zip(shown, rows, strict=False))):
        sums = [sum(line[each] for line in world) for each in range(len(told))]
        if all(value is None or value == sum_ for value, sum_ in zip(told, sums, strict=True)):
            found.add(world[place][column])
    return found


def _lines(shown: Shown, row: Row) -> list[tuple[int, ...]]:
    if len(row) == 1:
        return [(shown[0],)] if shown[0] is not None else [(each,) for each in range(LEAST)]
    if shown[0] is None:
        return [(a + b, a, b) for a, b in product(range(LEAST), repeat=2) if a + b < LEAST]
    whole = [(shown[0], each, shown[0] - each) for each in range(shown[0] + 1)]
    if shown[1] is not None:
        return [line for line in whole if line[1] == shown[1]]
    return [line for line in whole if min(line[1:]) < LEAST]


def drawn(seed: int, width: int) -> Rows:
    """A year of a small cell: four quarters, many of them small."""
    numbers = random.Random(seed)  # noqa: S311  # repeatable on purpose
    return tuple(tuple(numbers.choice((0, 1, 2, 3, 4, 4, 5, 6, 9, 14)) for _ in range(width)) for _ in range(4))


@pytest.mark.prove
@pytest.mark.parametrize("width", [1, 2])
def test_seeded_years_leave_five_values_to_every_hidden_number(pytestconfig: pytest.Config, width: int) -> None:
    seed = pytestconfig.option.seed
    for draw in range(seed, seed + (400 if pytestconfig.option.prove else 20)):
        rows = drawn(draw, width)
        shown = published(rows)
        for place, line in enumerate(shown[:-1]):
            for column, value in enumerate(line):
                assert value is not None or len(values_left(rows, shown, place, column)) >= LEAST, (draw, rows, shown)


def test_control_seeded_years_without_it_leave_one(pytestconfig: pytest.Config) -> None:
    """The attacker of the test above does find numbers, where one total more is shown."""
    seed = pytestconfig.option.seed
    tables = [drawn(draw, 1) for draw in range(seed, seed + 200)]
    hidden = [(rows, place) for rows in tables for place, row in enumerate(rows) if row[0] < LEAST]
    assert any(len(values_left(rows, careless(rows), place, 0)) == 1 for rows, place in hidden)


def test_what_is_shown_is_true() -> None:
    for rows in every(2, 2, 9):
        lines = [(sum(row), *row) for row in rows] + [sums_of(rows)]
        for line, shown in zip(lines, published(rows), strict=True):
            assert all(value is None or value == number >= LEAST for value, number in zip(shown, line, strict=True))


def test_totals_are_shown_where_they_tell_nothing() -> None:
    """Small quarters, a year that can be read: hiding everything would be safe and useless."""
    assert published(((3,), (2,), (4,), (1,)))[-1] == (10,)
    assert published(((12,), (9,), (7,), (5,)))[-1] == (33,)
    assert published(((12, 6), (9, 5), (7, 8), (5, 5)))[-1] == (57, 33, 24)
    assert published(((12,), (9,), (7,), (2,)))[-1] == (None,)
    assert published(((4,), (4,), (9,), (9,)))[-1] == (None,), "two that can only be four"
    assert published(((1, 7), (9, 9), (9, 9), (9, 9)))[-1] == (62, None, None)


def test_a_part_does_not_depend_on_the_others() -> None:
    """A quarter that was shown stays as it was when the next one comes."""
    first = published(((7,), (3,)))
    assert published(((7,), (3,), (1,), (9,)))[:2] == first[:2]
