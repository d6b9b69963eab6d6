"""The small process: a table on standard input, its lines as JSON on standard output. Imports little, may do little.

What it refuses it says with a code; what breaks it ends it, and its parent says so.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from casework.sheets.reading import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Unreadable

MEMORY = 768 * 1024 * 1024
"""Bytes of address space: a sheet that claims its last cell is at XFD1048576 finds none."""
PROCESSOR = 15
"""Seconds."""
UNPACKED = 48 * 1024 * 1024
"""Bytes of all parts of a packed table together."""
PIECE = 64 * 1024

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""XLS before 2007, and every encrypted workbook."""
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
ODS_LOCKED = b"manifest:encryption-data"

XLSX_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f[\s/>]|<(?:\w+:)?f[\s/>]')
ODS_FORMULA = re.compile(rb'\bformula\s*=\s*["\']')
CSV_FORMULA = re.compile(r"\s*(?:[=@]|[+-](?![\d\s.(]))")


def main() -> None:
    """Read, say, end."""
    _confine()
    try:
        told: object = {"lines": list(_lines(sys.stdin.buffer.read(MAX_BYTES + 1)))}
    except Unreadable as refusal:
        told = {"refused": refusal.code, "where": refusal.where}
    sys.stdout.write(json.dumps(told))


def _confine() -> None:
    limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: PROCESSOR, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Numbered lines; blank ones are left out, and blanks at the end of one as well."""
    count = 0
    for number, row in _rows(data):
        cells = [_text(each) for each in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > MAX_ROWS + 1:
            raise Unreadable("rows")
        if len(cells) > MAX_COLUMNS:
            raise Unreadable("columns")
        yield number, cells
    if not count:
        raise Unreadable("empty")


def _rows(data: bytes) -> Iterable[tuple[int, Iterable[object]]]:
    if data.startswith(OLD):
        raise Unreadable("old")
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    return _csv(data)


def _packed(data: bytes) -> Iterator[tuple[int, Iterable[object]]]:
    """The first sheet of a workbook, once its parts were found harmless."""
    _look(data)
    import python_calamine  # noqa: PLC0415  # a table in CSV does not need it

    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            yield from enumerate(book.get_sheet_by_index(0).iter_rows(), start=1)
    except python_calamine.PasswordError as problem:
        raise Unreadable("locked") from problem
    except (python_calamine.CalamineError, IndexError) as problem:
        raise Unreadable("broken") from problem


def _look(data: bytes) -> None:
    """Unpack every part once, within limits, and look for what a list of values does not have. Raises Unreadable."""
    known, left = False, UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for each in parts.infolist():
                content = _part(parts, each, left)
                left -= len(content)
                known = known or each.filename == "xl/workbook.xml" or (each.filename == "mimetype" and content.strip() == ODS)
                _look_at(each.filename, content)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as problem:
        raise Unreadable("broken") from problem  # RuntimeError: a part with a password
    if not known:
        raise Unreadable("type")


def _part(parts: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    with parts.open(part) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        raise Unreadable("size")
    return content


def _look_at(name: str, content: bytes) -> None:
    if name.endswith("vbaProject.bin") or name.startswith("Basic/"):
        raise Unreadable("macro")
    if name == "META-INF/manifest.xml" and ODS_LOCKED in content:
        raise Unreadable("locked")
    if name.startswith("xl/worksheets/") and (found := XLSX_FORMULA.search(content)):
        raise Unreadable("formula", (found[1] or b"").decode())
    if name == "content.xml" and ODS_FORMULA.search(content):
        raise Unreadable("formula")


def _csv(data: bytes) -> Iterator[tuple[int, Iterable[object]]]:
    """Values between semicolons, commas or tabs, whichever the first line has most of."""
    if b"\0" in data:
        raise Unreadable("type")
    text = _decoded(data)
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        raise Unreadable("type")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    if separator not in first:
        raise Unreadable("type")
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        number = 1
        for row in reader:
            found = next((place for place, cell in enumerate(row) if CSV_FORMULA.match(cell)), None)
            if found is not None:
                raise Unreadable("formula", f"{_letters(found)}{number}")
            yield number, row
            number = reader.line_num + 1
    except csv.Error as problem:
        raise Unreadable("broken") from problem


def _decoded(data: bytes) -> str:
    """UTF-8, or what French spreadsheets save as « CSV »."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _letters(place: int) -> str:
    """The name of a column: A, B … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _text(value: object) -> str:
    """A cell as one would type it: whole numbers without a comma, days as 2026-03-12; never longer than a little over `MAX_CELL`."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value)[: MAX_CELL * 4].split())[: MAX_CELL + 1]


if __name__ == "__main__":
    main()
