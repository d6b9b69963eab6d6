"""Tables as people and others send them, made of the fewest bytes."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def xlsx_of(cells: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook whose only sheet has these rows, as XML."""
    sheets = f'<sheets><sheet name="A" sheetId="1" xmlns:r="{_OFFICE}" r:id="rId1"/></sheets>'
    return packed(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{_SHEET}">{sheets}</workbook>',
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>',
            **(more or {}),
        }
    )


def xlsx(rows: Sequence[Sequence[str | int]]) -> bytes:
    """These rows: texts as texts, numbers as numbers."""
    return xlsx_of("".join(_row(number, row) for number, row in enumerate(rows, start=1)))


def _row(number: int, row: Sequence[str | int]) -> str:
    cells = "".join(_cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row) if value != "")
    return f'<row r="{number}">{cells}</row>'


def _cell(where: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{where}"><v>{value}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def ods_of(rows: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A document whose only sheet has these rows, as XML."""
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    body = f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body>'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest:manifest {names}/>",
            "content.xml": f"<office:document-content {names}>{body}</office:document-content>",
            **(more or {}),
        }
    )


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """These rows, and the thousands of empty ones that spreadsheets write after them."""
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    empty = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    return ods_of(lines + empty)


def _ods_cell(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def csv(rows: Sequence[Sequence[str]], *, encoding: str = "utf-8", separator: str = ";") -> bytes:
    """These rows, as spreadsheets save them."""
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)
