"""Every kind of table is read alike; what is none, or was built to hurt, ends in a code and nowhere else."""

import subprocess
import sys
from pathlib import Path

import pytest

from casework import sheets
from casework.sheets import reading
from tests.sheets.making import csv, ods, ods_of, packed, xlsx, xlsx_of

ROWS = [["Service", "Téléphone"], ["Élan", "02 61 91 00 01"], ["", "115"]]
READ = [(1, ("Service", "Téléphone")), (2, ("Élan", "02 61 91 00 01")), (3, ("", "115"))]
FORMULA = '<row r="1"><c r="A1"><v>1</v></c></row><row r="7"><c r="B7" s="1"><f>SUM(A1)</f><v>1</v></c></row>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

REFUSED = {
    "nothing": (b" \n", "empty", ""),
    "blank lines": (b";;\n;\n", "empty", ""),
    "too large": (b"a;b\n" * 600_000, "size", ""),
    "a PDF": (b"%PDF-1.7\n\x00\x01", "type", ""),
    "a letter": ("Bonjour,\nvoici la liste.\n".replace(",", "").encode(), "type", ""),
    "another archive": (packed({"a.txt": "x"}), "type", ""),
    "old or encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old", ""),
    "macros": (xlsx_of("", {"xl/vbaProject.bin": b"x"}), "macro", ""),
    "a formula": (xlsx_of(FORMULA), "formula", "B7"),
    "a formula in ODS": (ods_of('<table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row>'), "formula", ""),
    "a formula in CSV": (csv([["a", "b"], ["x", "=HYPERLINK(1)"]]), "formula", "B2"),
    "a command in CSV": (csv([["a", "b"], ["@SUM(1)", "x"]]), "formula", "A2"),
    "10,000 lines": (csv([["a", "b"]] * 10_000), "rows", ""),
    "10,000 lines in XLSX": (xlsx([["a", "b"]] * 10_000), "rows", ""),
    "many columns": (csv([["a"] * 41]), "columns", ""),
    "a locked ODS": (ods_of("", {"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "locked", ""),
    "unpacks to 60 MB": (packed({"xl/workbook.xml": b" " * 60_000_000}), "size", ""),
    "cut short": (xlsx(ROWS)[:400], "broken", ""),
    "no XML": (xlsx_of("<row"), "broken", ""),
    "a quarter of a billion cells": (xlsx_of(FAR), "broken", ""),
    "quotes that do not end": (b'a;b\n"x;y\n', "broken", ""),
}


@pytest.mark.parametrize(
    "data",
    [csv(ROWS), csv(ROWS, encoding="cp1252"), csv(ROWS, encoding="utf-8-sig"), csv(ROWS, separator="\t"), xlsx(ROWS), ods(ROWS)],
    ids=["csv", "cp1252", "bom", "tabs", "xlsx", "ods"],
)
def test_every_kind_is_read_alike(data: bytes) -> None:
    assert sheets.read(data) == READ


def test_lines_keep_their_numbers_and_numbers_their_digits() -> None:
    """Blank lines count, as they do in the spreadsheet; a long cell comes back just longer than is allowed."""
    assert sheets.read(xlsx([["a"], [""], ["b", 261910001]])) == [(1, ("a",)), (3, ("b", "261910001"))]
    assert sheets.read(b'a;b\n\n"c\nd";e\nf;g') == [(1, ("a", "b")), (3, ("c d", "e")), (5, ("f", "g"))]
    (_, (cell,)) = sheets.read(xlsx([["x" * 2_000_000]]))[0]
    assert len(cell) == sheets.MAX_CELL + 1


@pytest.mark.parametrize(("data", "code", "where"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_says_why(data: bytes, code: str, where: str) -> None:
    with pytest.raises(sheets.Unreadable) as refused:
        sheets.read(data)
    assert (refused.value.code, refused.value.where) == (code, where)


def test_control_what_is_far_away_would_end_whoever_reads_it() -> None:
    """Positive control: the library itself asks for half a terabyte and is ended; here that was a process of its own."""
    far = xlsx_of(FAR)
    program = (
        "import io, resource, sys, python_calamine as c\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "c.load_workbook(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)"
    )
    assert subprocess.run([sys.executable, "-c", program], input=far, capture_output=True, check=False).returncode < 0


def test_a_reader_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.001)
    with pytest.raises(sheets.Unreadable, match="broken"):
        sheets.read(csv(ROWS))


@pytest.mark.parametrize("confined", [True, False], ids=["ours", "control: unconfined"])
def test_the_reader_can_write_no_file(tmp_path: Path, confined: bool) -> None:
    """Its limits let it put not one byte into a file."""
    limits = "from casework.sheets.__main__ import _confine; _confine(); " if confined else ""
    made = tmp_path / "made"
    subprocess.run([sys.executable, "-c", f"{limits}open({str(made)!r}, 'w').write('x')"], capture_output=True, check=False)
    assert made.read_text() == ("" if confined else "x")
