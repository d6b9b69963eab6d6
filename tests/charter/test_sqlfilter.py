"""One law: the rows that the SQL condition keeps are the rows that `check` permits, over every situation."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, create_engine, false, insert, select

from casework.charter import Charter, Situation, UnknownWord, load
from casework.charter.sqlfilter import blocks, condition
from tests.charter.conftest import Spoil
from tests.sampling import Sampler

AXES = ("position", "programme", "status", "kind")
BOX = Table("box", MetaData(), Column("id", Integer, primary_key=True), *(Column(axis, String(16)) for axis in AXES))


def every_row(charter: Charter) -> list[dict[str, str]]:
    """All combinations of the vocabulary as rows."""
    words = charter.vocabulary
    every = product(words.positions, charter.programmes, words.statuses, words.kinds)
    return [dict(zip(AXES, row, strict=True)) for row in every]


@pytest.fixture
def database() -> Iterator[Connection]:
    """An empty table of boxes in memory."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        BOX.metadata.create_all(connection)
        yield connection
    engine.dispose()


def selected(charter: Charter, database: Connection, action: str, profession: str) -> list[tuple[str, ...]]:
    where = charter.list_filter(
        action, profession, position=BOX.c.position, programme=BOX.c.programme, status=BOX.c.status, kind=BOX.c.kind
    )
    return sorted(tuple(row) for row in database.execute(select(*(BOX.c[axis] for axis in AXES)).where(where)))


def differences(
    charter: Charter, judge: Charter, database: Connection, actions: tuple[str, ...] = (), professions: list[str] | None = None
) -> list[tuple[str, str]]:
    """The (action, profession) pairs for which the list of `charter` is not what `judge` permits row by row."""
    rows = every_row(charter)
    database.execute(insert(BOX), rows)
    found = []
    for action, profession in product(actions or charter.vocabulary.actions, professions or charter.vocabulary.professions):
        permitted = (tuple(row.values()) for row in rows if judge.check(action, Situation(profession, **row)).permitted)
        if selected(charter, database, action, profession) != sorted(permitted):
            found.append((action, profession))
    return found


def test_the_list_is_the_law_for_every_situation(charter: Charter, database: Connection, sample: Sampler) -> None:
    assert differences(charter, charter, database, professions=sample(charter.vocabulary.professions, 5)) == []


def test_control_another_law_gives_another_list(charter: Charter, database: Connection, spoil: Spoil) -> None:
    policies, _ = spoil("charter.cedar", '[Status::"received", Status::"open", Status::"closed"]', '[Status::"open"]')
    actions = ("compartment.read", "compartment.know", "history.read")
    changed = [(action, p) for action in actions if action != "compartment.know" for p in sorted_stewards(charter)]
    assert differences(charter, load(policies), database, actions) == changed


def sorted_stewards(charter: Charter) -> list[str]:
    """The professions that a steward may have without being forbidden, in the order of the vocabulary."""
    return [p for p in charter.vocabulary.professions if any(c[0] == "steward" for c in charter.combinations("compartment.read", p))]


def test_the_programme_is_part_of_the_list(spoil: Spoil, database: Connection) -> None:
    policies, _ = spoil("charter.cedar", '@id("read.lead")', NOT_AT_SCHOOL)
    charter = load(policies)
    assert differences(charter, charter, database, ("compartment.read", "dossier.list")) == []
    assert {c[1] for c in charter.combinations("compartment.read", "coordinator")} == {"fragility", "release"}


NOT_AT_SCHOOL = """@id("not.at_school") @article("a") @says("s")
forbid (principal, action == Action::"compartment.read", resource) when { context.programme == Programme::"school" };

@id("read.lead")"""


def test_a_null_word_hides_its_row(charter: Charter, database: Connection) -> None:
    row = {"position": "steward", "programme": "fragility", "status": "open", "kind": "identity"}
    database.execute(insert(BOX), [row])
    assert len(selected(charter, database, "compartment.read", "coordinator")) == 1
    database.execute(BOX.update().values(status=None))
    assert selected(charter, database, "compartment.read", "coordinator") == []


def test_nothing_permitted_is_false(charter: Charter) -> None:
    where = charter.list_filter("dossier.list", "auditor", position=BOX.c.position, programme=BOX.c.programme, status=BOX.c.status)
    assert where.compare(false())


def test_an_action_crossed_with_kinds_needs_their_column(charter: Charter) -> None:
    with pytest.raises(ValueError, match="column of the kind"):
        charter.list_filter("compartment.read", "coordinator", position=BOX.c.position, programme=BOX.c.programme, status=BOX.c.status)


def test_an_unknown_profession_has_no_list(charter: Charter) -> None:
    with pytest.raises(UnknownWord):
        charter.list_filter("dossier.list", "stranger", position=BOX.c.position, programme=BOX.c.programme, status=BOX.c.status)


LETTERS = st.sampled_from("abc")


@given(st.frozensets(st.tuples(LETTERS, LETTERS, LETTERS, LETTERS)))
def test_blocks_hold_each_combination_once(combinations: frozenset[tuple[str, str, str, str]]) -> None:
    spread = [combination for block in blocks(combinations) for combination in product(*block)]
    assert len(spread) == len(combinations)
    assert set(spread) == combinations


def test_no_combination_is_no_row() -> None:
    assert condition(frozenset(), ((0, BOX.c.position),)).compare(false())
