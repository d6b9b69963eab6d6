"""A table of services, on both databases: nothing is written before the act, the act does what was shown, twice is once."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from casework import services
from casework.cli.demo.directory import table
from casework.errors import InvalidInput
from casework.services.directory.lines import HEADINGS
from casework.services.directory.views import DirectoryQuery, ImportPlan
from tests.house import House
from tests.sheets.making import csv, ods, xlsx

TITLES = [str(each) for each in HEADINGS.values()]
_numbers = iter(range(1000))


def line(name: str, **cells: str) -> list[str]:
    """A line of the table, otherwise as most are."""
    usual = {"name": name, "institution": "Club", "needs": "Écoute", "phone": "02 61 91 00 02"}
    return [{**usual, **cells}.get(field, "") for field in HEADINGS]


@pytest.fixture
def name() -> str:
    """A name nothing has yet."""
    return f"Club nautique {next(_numbers)}"


def preview(house: House, *rows: list[str]) -> ImportPlan:
    """What these lines would change."""
    return services.importing.preview(house.stella, csv([TITLES, *rows]))


def act(house: House, plan: ImportPlan) -> ImportPlan | None:
    """Write them."""
    return services.importing.apply(house.stella, plan.rows, plan.digest)


def names(house: House, words: str) -> list[str]:
    """What the directory finds."""
    return [each.name for each in services.catalogue.find(house.alice, DirectoryQuery(words=words)).services]


@pytest.fixture
def written(house: House) -> Iterator[list[str]]:
    """The statements that write to the directory from now on."""
    heard: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"} and " service " in f"{statement} ".replace("(", " "):
            heard.append(statement)

    engine = house.instance.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("make", [csv, xlsx, ods])
def test_a_preview_writes_nothing_and_the_act_writes_it_once(house: House, name: str, written: list[str], make: object) -> None:
    """Twice the same file changes nothing, in whatever kind of file."""
    data = make([TITLES, line(name, state="Complet", state_until="24/12/2026")])  # type: ignore[operator]  # one of three functions
    plan = services.importing.preview(house.stella, data)
    assert ([each.name for each in plan.added], plan.changed, plan.unchanged, plan.refused) == ([name], (), 0, ())
    assert written == []
    assert names(house, name) == []
    assert act(house, plan) is None
    assert names(house, name) == [name]
    assert len(written) == 1
    again = services.importing.preview(house.stella, data)
    assert (again.added, again.changed, again.unchanged, again.refused) == ((), (), 1, ())
    assert act(house, again) is None
    assert len(written) == 1


def test_a_change_says_what_was_and_what_would_be(house: House, name: str) -> None:
    """By name and institution, however they are spelt."""
    act(house, preview(house, line(name)))
    (change,) = preview(house, line(name.upper(), needs="listening; Logement ou hébergement", hours="lundi")).changed
    assert (change.line, change.fields) == (
        2,
        (("Service", name, name.upper()), ("Besoins", "Écoute", "Logement ou hébergement / Écoute"), ("Horaires", "", "lundi")),
    )


def test_every_refused_line_has_its_number_and_its_reasons(house: House, name: str) -> None:
    """The others are taken; a service that closed is not opened by a table."""
    act(house, preview(house, line(f"{name} fermé")))
    (closed,) = services.catalogue.find(house.stella, DirectoryQuery(words=f"{name} ferme")).services
    services.upkeep.close(house.stella, closed.id)
    plan = preview(
        house,
        line(name),
        line(name.upper()),
        line(f"{name} b", needs="Soins / Écoute", age_min="seize", state="bientôt", state_until="demain"),
        line("", phone=""),
        line(f"{name} fermé"),
        line(f"{name} c", state="Complet", state_until="01/01/2026"),
        [*line(f"{name} d"), "de trop"],
        line("y" * 500),
    )
    assert [each.name for each in plan.added] == [name]
    reasons = {each.line: " ".join(each.reasons) for each in plan.refused}
    assert sorted(reasons) == [3, 4, 5, 6, 7, 8, 9]
    for number, *said in (
        (3, "déjà à la ligne 2"),
        (4, "« Soins »", "par exemple 16", "date", "Liste d’attente"),
        (5, "Service :", "adresse ou un téléphone"),
        (6, "fermé"),
        (7, "passée"),
        (8, "plus de cellules"),
        (9, "120 caractères"),
    ):
        assert all(each in reasons[number] for each in said), (number, said, reasons[number])
    assert act(house, plan) is None
    assert names(house, name) == [name]


def test_a_directory_that_changed_meanwhile_is_shown_again(house: House, name: str) -> None:
    """The act does what was shown and nothing else."""
    plan = preview(house, line(name, hours="lundi"))
    act(house, preview(house, line(name, hours="mardi")))
    now = act(house, plan)
    assert now is not None
    assert [each.fields for each in now.changed] == [(("Horaires", "mardi", "lundi"),)]
    assert act(house, now) is None


@pytest.mark.parametrize("rows", ["", "[", "{}", "[]", "[[1]]", '[["x",["a"]]]', "[" * 100_000, "null", '[[1,["Service"]]]', "1"])
def test_lines_that_no_preview_made_are_refused(house: House, rows: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.importing.apply(house.stella, rows, "")
    assert set(refused.value.problems) == {"file"}


def test_lines_of_a_forged_page_are_checked_like_any_other(house: House, name: str) -> None:
    """What comes back is believed no more than a file: it is refused, whatever digest it claims."""
    plan = preview(house, line(name))
    forged = json.loads(plan.rows)
    forged[1][1][TITLES.index("Téléphone")] = "<script>"
    found = services.importing.apply(house.stella, json.dumps(forged), plan.digest)
    assert found is not None
    assert [each.line for each in found.refused] == [2]
    assert names(house, name) == []


WRONG = [
    (b"", "vide"),
    (b"%PDF-1.4 \x00", "pas un tableau"),
    (csv([["Service", "Institution"]]), "Il manque : Besoins"),
    (csv([[*TITLES, "Motif"]]), "Colonnes inconnues : Motif"),
    (csv([[*TITLES, "Service"]]), "deux fois"),
    (csv([TITLES, line("=A1")]), "A2 contient une formule"),
    (csv([TITLES] * 9000), "3000 lignes"),
    (b"PK\x03\x04" + bytes(90), "ne se lit pas"),
]


@pytest.mark.parametrize(("data", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_file_that_cannot_be_read_says_why(house: House, data: bytes, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.importing.preview(house.stella, data)
    assert said in refused.value.problems["file"]


def test_a_telephone_gets_its_zero_back(house: House, name: str) -> None:
    """Spreadsheets take it for a number."""
    row: list[str | int] = list(line(name))
    row[list(HEADINGS).index("phone")] = 261910002
    act(house, services.importing.preview(house.stella, xlsx([TITLES, row])))
    (found,) = services.catalogue.find(house.alice, DirectoryQuery(words=name)).services
    assert found.phone == "0261910002"


def test_the_town_s_table_is_taken_whole(house: House) -> None:
    """The example that ships."""
    plan = services.importing.preview(house.stella, table(house.clock.now().date()).encode())
    assert plan.refused == ()
    assert len(plan.added) == 31
