"""Printed sheets are tagged, French and exact; what somebody typed comes out as typed; the same sheet is the same bytes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typst

from casework import paper
from casework.paper import (
    AgendaLine,
    AgendaSheet,
    AttendanceSheet,
    DecisionSheet,
    GuestLine,
    LetterSheet,
    MinutesItem,
    MinutesSheet,
    SeatLine,
    Sheet,
    TaskLine,
    printing,
)  # fmt: skip
from casework.resources import resource_dir
from tests.paper.reading import read

COMMON: dict[str, Any] = {"day": "2 mars 2026", "head": ("Cellule nord",), "printed_at": datetime(2026, 3, 2, 9, tzinfo=UTC)}
ITEMS = tuple(AgendaLine(order, f"2026-{order:04}", "Personne informée") for order in range(1, 31))
TYPED = 'Zoé #panic("x") *gras* _i_ $x^2$ @ref <b> `c` [d] \\ // /* */ -- --- ... "q" \'p\' = == - + ~ #sys.inputs'
MINUTES = MinutesSheet(
    institution="", **COMMON, points=(TaskLine(TYPED, TYPED, "x"),),
    items=(MinutesItem("2026-0001", TYPED, TYPED, "", "", (TYPED,), "", "", TYPED, (TaskLine(TYPED, TYPED, "x"),), ()),),
)  # fmt: skip
AGENDA = AgendaSheet(items=ITEMS, points=2, **COMMON)
SHEETS = (
    AGENDA,
    DecisionSheet(items=ITEMS, outcomes=("Poursuivie",), seats=4, **COMMON),
    AttendanceSheet(
        seats=(SeatLine("Alice", "as", "Département"),),
        guests=(GuestLine("", "Médecin", "Hôpital", "feuille 3"),), **COMMON,
    ),
    MINUTES,
    LetterSheet(sentences=("Merci de nous rappeler.",), address=("3 rue du Four",), **(COMMON | {"head": ()})),
)  # fmt: skip


TITLES = {
    "agenda": "Ordre du jour", "decisions": "Feuille de décisions", "attendance": "Feuille de présence", "minutes": "Relevé de décisions",
    "letter": "Courrier",
}  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.template)
def test_a_sheet_is_tagged_french_and_titled(sheet: Sheet) -> None:
    """PDF/UA-1: the structure, the language and the title a reading aid needs."""
    printed = read(paper.press(sheet))
    assert (printed.tagged, printed.universal, printed.language, printed.title) == (
        True,
        True,
        "fr-FR",
        f"{TITLES[sheet.template]}, 2 mars 2026",
    )


def test_control_without_the_standard_it_is_not_universal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of these tests can tell."""
    monkeypatch.setattr(printing, "STANDARD", [])
    assert not read(paper.press(AGENDA)).universal


def compiled(folder: Path, markup: str) -> bytes:
    """A template of one's own."""
    template = folder / "own.typ"
    template.write_text(f'#set document(title: "x")\n{markup}', encoding="utf-8")
    return printing._compile(template, "", 0)


def test_the_checker_refuses_what_is_not_accessible(tmp_path: Path) -> None:
    """A picture without words for it stops the build. Control: with words it is printed."""
    (tmp_path / "x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    with pytest.raises(typst.TypstError, match="alt"):
        compiled(tmp_path, '#image("x.svg")')
    assert compiled(tmp_path, '#image("x.svg", alt: "un trait")')


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.template)
def test_every_text_of_a_sheet_is_printed(sheet: Sheet) -> None:
    """Each item once, and nothing is forgotten."""
    printed = read(paper.press(sheet))
    items = getattr(sheet, "items", ())
    assert printed.numbers == [each.number for each in items]
    assert all(line in printed.text for line in sheet.head)


def test_what_was_typed_is_text() -> None:
    """Markup, code, quotation marks and dashes come out as they were typed, wherever they stand."""
    printed = read(paper.press(MINUTES))
    assert printed.text.replace(" ", "").count(TYPED.replace(" ", "")) == 8


def test_control_evaluated_it_would_not_be_text(tmp_path: Path) -> None:
    """The same words as markup are an error, or something else."""
    with pytest.raises(typst.TypstError):
        compiled(tmp_path, TYPED)


@pytest.mark.parametrize("char", ["😀", "日", "\u0007", "ع", "\u202e", "Ž", "œ"])
def test_a_character_that_no_font_has_does_not_lose_the_sheet(char: str) -> None:
    """An emoji leaves an empty square; letters stay."""
    sheet = replace(MINUTES, items=(replace(MINUTES.items[0], words=f"Avant {char} après"),))
    text = read(paper.press(sheet)).text
    assert "Avant" in text
    assert (printing.UNPRINTABLE in text) is (char in "😀日\u0007")


def test_the_same_sheet_is_the_same_bytes() -> None:
    """And another moment is another file (control)."""
    later = replace(AGENDA, printed_at=AGENDA.printed_at + timedelta(seconds=1))
    assert paper.press(AGENDA) == paper.press(AGENDA) != paper.press(later)


def test_templates_ask_for_nothing_elsewhere() -> None:
    """No package, no read outside their own folder, and only fonts that lie in the library."""
    texts = [path.read_text(encoding="utf-8") for path in (resource_dir("templates") / "paper").glob("*.typ")]
    assert len(texts) == 8
    assert not [text for text in texts if "@preview" in text or "eval(" in text or "read(" in text]
    assert "Libertinus Serif" in printing._fonts().families()
    assert not [each.path for each in printing._fonts().fonts() if each.path]
