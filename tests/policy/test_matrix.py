"""Each cell of the access matrix (domain 2.20) has rows of decisions.yaml that cite it."""

import pytest

from casework.charter import Charter, Problem, load
from casework.charter.decisions import read_decisions
from casework.resources import resource_dir

ROWS = (
    "coordonnateur",
    "maire, élu",
    "référent",
    "travailleur social",
    "éducateur",
    "éducation nationale",
    "service social scolaire",
    "police municipale",
    "police nationale, gendarmerie",
    "ISCG",
    "procureur",
    "PJJ",
    "SPIP",
    "mission locale",
    "bailleur, transporteur",
    "association d'aide aux victimes",
    "santé",
    "DPO",
    "administrateur technique",
    "statistiques, préfecture",
)
CELLS = [(row, cell) for row in ROWS for cell in ("voit", "écrit", "jamais") if (row, cell) != ("statistiques, préfecture", "écrit")]
POLICIES = resource_dir("policies")


@pytest.fixture(scope="module")
def law() -> Charter:
    """The shipped charter."""
    return load(POLICIES)


@pytest.fixture(scope="module")
def cited(law: Charter) -> list[str]:
    """The sources of all rows."""
    problems: list[Problem] = []
    return [row.source for row in read_decisions(POLICIES, law, problems)]


@pytest.mark.parametrize(("row", "cell"), CELLS)
def test_every_cell_of_the_matrix_is_cited(cited: list[str], row: str, cell: str) -> None:
    assert any(source.startswith(f"D 2.20 {row} : {cell}") for source in cited)


def test_every_profession_and_position_and_programme_is_decided(law: Charter) -> None:
    problems: list[Problem] = []
    rows = read_decisions(POLICIES, law, problems)
    assert {row.situation.profession for row in rows} == set(law.vocabulary.professions)
    assert {row.situation.position for row in rows} == set(law.vocabulary.positions)
    assert {row.situation.programme for row in rows} - {"none"} == set(law.programmes)
    assert {row.situation.kind for row in rows} - {"none"} == set(law.vocabulary.kinds)
