"""Prints a sheet with typst: tagged, PDF/UA-1, in French, the same bytes for the same sheet.

Data goes in as one JSON text (`sys.inputs`), which no template evaluates: what somebody typed comes out as it was typed. Fonts are those
inside the typst library (Libertinus Serif, SIL Open Font License 1.1) and no other, so that every machine prints alike. The files a
template may read are those of `templates/paper/`; none asks for a package, so nothing is fetched.
"""

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import typst

from casework.paper.sheets import Sheet
from casework.resources import resource_dir

MEDIA_TYPE = "application/pdf"
STANDARD: Final = "ua-1"
UNPRINTABLE = "□"
"""Stands for a character that none of the fonts has (an emoji): the checker refuses a hole, and a sheet must come out."""


def press(sheet: Sheet) -> bytes:
    """The PDF of a sheet. Raises RuntimeError when typst's own checker finds the result not accessible, or the template wrong."""
    folder = resource_dir("templates") / "paper"
    text = json.dumps(_printed(asdict(sheet)), ensure_ascii=False)
    return _compile(folder / f"{sheet.template}.typ", text, int(sheet.printed_at.timestamp()))


def _compile(template: Path, text: str, timestamp: int) -> bytes:
    return typst.compile(
        template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True, format="pdf", sys_inputs={"sheet": text},
        pdf_standards=STANDARD, timestamp=timestamp,
    )  # fmt: skip


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside the library, found once: the machine's own would make the same sheet look different elsewhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


@lru_cache(maxsize=4096)
def _printable(char: str) -> bool:
    """Whether the fonts have a character, asked of typst itself, once for each."""
    try:
        _compile(resource_dir("templates") / "paper" / "probe.typ", char, 0)
    except typst.TypstError:
        return False
    return True


def _printed(value: object) -> object:
    """The same values with nothing in their texts that cannot be printed."""
    if isinstance(value, str):
        return "".join(char if char == "\n" or " " <= char <= "~" or _printable(char) else UNPRINTABLE for char in value)
    if isinstance(value, dict):
        return {name: _printed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printed(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
