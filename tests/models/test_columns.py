"""Every byte has a class, every confidential field is ciphertext, and what the law forbids has no column."""

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table

from casework import charter
from casework.models import Base, dictionary
from casework.models.session_store import SCHEMA
from casework.resources import resource_dir
from tests.architecture.tree import ROOT

FORBIDDEN = {
    "nationality": r"nationalit",
    "origin": r"ethni|racial|\brace\b",
    "religion": r"religi|relig|faith|cult[eu]\b",
    "opinion": r"politi|opinion|syndic|union",
    "sex life": r"sexual|orientation",
    "national number": r"\bnir\b|\bssn\b|social_security|securite_sociale|sécurité sociale",
    "picture": r"photo|picture|portrait|biometr",
    "police files": r"\btaj\b|\bfpr\b|fiche_?s\b|radicali",
    "offence": r"offen[cs]e|infraction|crime|convict|condamn|\bdelit|\bdélit",
    "health": r"health|medic|diagnos|sante\b|santé|handicap",
    "score": r"\brisk|risque|\bscore|ranking|profil(e|ing|age)",
}
"""domain.md 1.10, design §8. Words are looked for in names with `_` and `.` read as spaces, and in French labels."""


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> charter.Charter:
    """The charter as it ships."""
    return charter.load(resource_dir("policies"), tmp_path_factory.mktemp("cache"))


def forbidden(names: Iterable[str]) -> list[str]:
    """The names that speak of something no record may hold."""
    found = []
    for name in names:
        words = re.sub(r"[._]", " ", name.lower())
        found += [f"{name}: {what}" for what, pattern in FORBIDDEN.items() if re.search(pattern, words) or re.search(pattern, name.lower())]
    return found


def sealed_columns(metadata: MetaData = Base.metadata) -> set[str]:
    """table.column of every sealed column, history apart."""
    return {
        f"{table}.{column}"
        for table, column, kind, _ in dictionary.columns(metadata)
        if kind == "sealed" and not table.endswith("_version")
    }


def test_the_dictionary_is_up_to_date() -> None:
    """Run `python -m casework.models.dictionary > docs/data-dictionary.md` after a change of the tables."""
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == dictionary.text()


@pytest.mark.parametrize("info", [{}, {"class": "secret", "why": "because"}, {"class": "clear", "why": ""}])
def test_control_a_column_without_a_class_fails(info: dict[str, str]) -> None:
    """Positive control."""
    planted = MetaData()
    Table("planted", planted, Column("loose", Integer, info=info))
    with pytest.raises(LookupError, match=r"planted\.loose has no class"):
        dictionary.text(planted)


def test_the_session_store_is_in_the_dictionary() -> None:
    """Its columns are listed by hand, so they are compared."""
    store = sqlite3.connect(":memory:")
    store.executescript(SCHEMA)
    tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {(table, row[1]) for table in tables for row in store.execute(f"PRAGMA table_info({table})")}
    store.close()
    assert found == {(table, column) for table, column, _, _ in dictionary.SESSIONS}
    assert {kind for _, _, kind, _ in dictionary.SESSIONS} <= dictionary.CLASSES.keys()


def test_every_confidential_field_is_a_sealed_column(law: charter.Charter) -> None:
    """By the programmes, in both directions: no field in the clear, no sealed column that no programme knows."""
    fields = {name for programme in law.programmes.values() for name in programme.fields}
    assert fields == sealed_columns()
    assert len(fields) > 10


def test_control_a_clear_field_is_found(law: charter.Charter) -> None:
    """Positive control: one sealed column declared clear, and the two sets differ."""
    planted = MetaData()
    for table in Base.metadata.sorted_tables:
        table.to_metadata(planted)
    planted.tables["person"].c.birth_date.info = {"class": "clear", "why": "because"}
    assert {name for programme in law.programmes.values() for name in programme.fields} - sealed_columns(planted) == {"person.birth_date"}


def test_sealed_columns_and_their_history_hold_bytes() -> None:
    """Ciphertext has no other type; history has the same class as what it is the history of."""
    for table in Base.metadata.sorted_tables:
        original = Base.metadata.tables.get(table.name.removesuffix("_version"), table)
        for column in table.columns:
            if column.info["class"] == "sealed":
                assert isinstance(column.type, LargeBinary), column
            if column.name in original.columns and table.name != "compartment_version":
                assert column.info["class"] == original.columns[column.name].info["class"], column


def test_what_no_record_may_hold_has_no_column(law: charter.Charter) -> None:
    """Neither in the tables nor among the fields of any programme, by name or by label."""
    names = [f"{table}.{column}" for table, column, _, _ in dictionary.columns()]
    labels = [label for programme in law.programmes.values() for field in programme.fields.values() for label in (field.name, field.label)]
    assert forbidden([*names, *labels]) == []


@pytest.mark.parametrize(
    "name", ["person.nationality", "person.ethnic_origin", "person.religion", "person.photo", "person.nir", "situation.offence",
             "situation.risk_score", "person.medical_notes", "Nationalité", "entry.taj_content"],
)  # fmt: skip
def test_control_a_forbidden_field_is_found(name: str) -> None:
    """Positive control."""
    assert len(forbidden([name])) >= 1


def test_the_dictionary_names_no_path_of_this_machine() -> None:
    """It is generated, so it is looked at."""
    assert str(Path.home()) not in dictionary.text()
