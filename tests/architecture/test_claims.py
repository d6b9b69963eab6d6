"""Documents say what is there: cited tests exist, names of files and functions resolve, settings and accounts are the real ones."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from casework import config
from casework.cli.demo.people import BY_USERNAME
from tests.architecture.commands import prose
from tests.architecture.tree import ROOT, kept_files, text_of

CLAIMS = "docs/claims.md"
PAGES = [path for path in kept_files() if path.suffix == ".md" and path.name not in {"data-dictionary.md", "charter.md"}]
CITED = re.compile(r"`(?P<file>tests/[\w/]+\.py)?::(?P<name>\w+)`")
CODE = re.compile(r"`(?P<code>[^`\n]+)`")
PLACE = re.compile(r"(?P<path>(?:casework|tests|templates|policies|migrations|scripts|docs|benchmarks)/[\w./-]*)(?::(?P<name>\w[\w.]*))?")
ROOMS = "web|cli|jobs|services|charter|ledger|models|vault|paper|sheets|config|errors|clock|resources|wording"
DOTTED = re.compile(rf"(?:casework\.)?(?P<name>(?:{ROOMS})(?:\.\w+)+)")
SETTING = re.compile(r"CASEWORK_\w+")
USERNAME = re.compile(r"`(?P<name>[a-z]+\.[a-z]+)`")
IN_THE_TEST = re.compile(r"in the (first |second |third )?tests?: ")


def rows(text: str) -> Iterator[list[str]]:
    """Cells of a document's table rows, headings left out."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] != "claim":
            yield cells


def citations(text: str) -> Iterator[tuple[str, str]]:
    """(file, function) of every test cited; `::name` stands for the file named before it in the line."""
    for line in text.splitlines():
        file = ""
        for match in CITED.finditer(line):
            file = match["file"] or file
            yield file, match["name"]


@cache
def defined(path: Path) -> set[str]:
    """Names a Python file defines at its top, and `Class.method`."""
    found = set()
    for node in ast.parse(text_of(path)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def invented_tests(text: str) -> Iterator[str]:
    """Cited tests that do not exist."""
    for file, name in citations(text):
        if not file or not (ROOT / file).is_file() or name not in defined(ROOT / file):
            yield f"no test {file}::{name}"


def invented_names(text: str) -> Iterator[str]:
    """Files, and functions or classes of the house, that a document names and that are not there."""
    actions = yaml.safe_load(text_of(ROOT / "policies" / "vocabulary.yaml"))["actions"]
    for match in CODE.finditer(prose(text)):
        code = match["code"]
        if place := PLACE.fullmatch(code):
            yield from _wrong_place(place["path"], place["name"])
        elif (dotted := DOTTED.fullmatch(code)) and code not in actions:
            yield from _wrong_name(dotted["name"])


def _wrong_place(path: str, name: str | None) -> Iterator[str]:
    if not (ROOT / path).exists():
        yield f"no file {path}"
    elif name and name not in defined(ROOT / path):
        yield f"no {name} in {path}"


def _wrong_name(name: str) -> Iterator[str]:
    try:
        pkgutil.resolve_name(f"casework.{name}")
    except (ImportError, AttributeError):
        yield f"no {name}"


def unproven(text: str) -> Iterator[str]:
    """Claims without a test, or without a positive control."""
    for cells in rows(text):
        if len(cells) != 3 or not CITED.search(cells[1]) or not (CITED.search(cells[2]) or IN_THE_TEST.match(cells[2])):
            yield f"not proven: {cells[0]}"


def test_cited_tests_exist() -> None:
    """By reading the files; nothing is run."""
    found = [f"{page.name}: {sentence}" for page in PAGES for sentence in invented_tests(text_of(page))]
    assert not found, "\n".join(found)


def test_every_claim_has_a_test_and_a_control() -> None:
    """In every table of the claims."""
    text = text_of(ROOT / CLAIMS).partition("## What this leaves open")[0]
    assert len(list(rows(text))) > 30
    assert not list(unproven(text))


def test_every_security_test_is_cited() -> None:
    """A file of tests/security that no claim cites proves something nobody says."""
    cited = {file for file, _ in citations(text_of(ROOT / CLAIMS))}
    kept = {path.relative_to(ROOT).as_posix() for path in kept_files()}
    assert {path for path in kept if re.fullmatch(r"tests/security/test_\w+\.py", path)} <= cited


def test_names_exist() -> None:
    """`casework/…/file.py:name`, `services.dossier.dossiers.open` and paths, in every document."""
    found = [f"{page.name}: {sentence}" for page in PAGES for sentence in invented_names(text_of(page))]
    assert not found, "\n".join(found)


def test_settings_are_those_the_program_reads() -> None:
    """The operator's table, the docstring and the code name the same settings."""
    source = text_of(ROOT / "casework" / "config.py")
    said = set(SETTING.findall(config.__doc__ or ""))
    told = {name for cells in rows(text_of(ROOT / "docs" / "operating.md")) for name in SETTING.findall(cells[0])}
    assert told == said == set(SETTING.findall(source.replace(config.__doc__ or "", "")))


def test_accounts_of_the_first_page_exist() -> None:
    """Whoever is named in README.md can sign in to the demo."""
    named = {match["name"] for match in USERNAME.finditer(text_of(ROOT / "README.md"))}
    assert named
    assert named <= BY_USERNAME.keys()


def test_the_picture_speaks() -> None:
    """It has a title and a description, and asks for nothing elsewhere."""
    text = text_of(ROOT / "docs" / "house.svg")
    tags = {element.tag.rpartition("}")[2]: element.text for element in ET.fromstring(text)}  # noqa: S314  # our own file
    assert tags["title"]
    assert tags["desc"]
    assert not re.search(r"href|url\((?!#)|@import", text)


@pytest.mark.parametrize("cited", ["tests/nowhere.py::test_x", "tests/architecture/test_claims.py::test_nothing", "::test_names_exist"])
def test_control_an_invented_test_is_found(cited: str) -> None:
    """A wrong file, a wrong function, a function without a file."""
    assert list(invented_tests(f"| claim `{cited}` |"))
    assert not list(invented_tests("`tests/architecture/test_claims.py::test_names_exist` and `::test_cited_tests_exist`"))


@pytest.mark.parametrize(
    "name", ["services.dossiers.close_all", "casework.vault.nothing", "casework/web/none.py", "casework/config.py:Nothing"]
)
def test_control_an_invented_name_is_found(name: str) -> None:
    """A function, a module, a file, a name in a file; an action of the charter is none of them."""
    assert list(invented_names(f"See `{name}`."))
    assert not list(invented_names("See `ledger.read`, `services.dossier.dossiers.open` and `casework/config.py:Config`."))


@pytest.mark.parametrize("row", ["| safe | trust me | in the test: no |", "| safe | `tests/x.py::test_y` | none |"])
def test_control_a_claim_without_proof_is_found(row: str) -> None:
    """Words instead of a test, no control."""
    assert list(unproven(row))
