"""Has a small process read the bytes of a table, and believes nothing it says beyond rows of short texts."""

import json
import subprocess
import sys

from casework.errors import CaseworkError

MAX_BYTES = 2 * 1024 * 1024
"""Of the file as it was sent."""
MAX_ROWS = 3000
"""Lines, without the headings."""
MAX_COLUMNS = 40
MAX_CELL = 1000
"""Characters of a cell; of a longer one, one more than that comes back, so that whoever checks lengths sees it."""
SECONDS = 20

REFUSALS = frozenset({"empty", "size", "type", "old", "macro", "formula", "rows", "columns", "locked", "broken"})


class Unreadable(CaseworkError):
    """No table could be read. code: one of REFUSALS; where: a cell like B12, or how many there were; often empty."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"unreadable table: {code}")
        self.code = code
        self.where = where


def read(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """The lines of the first sheet that are not blank, as (number as people count them, cells without blanks around).

    XLSX, ODS, or CSV in UTF-8 or Windows-1252. Raises Unreadable.
    """
    if not data.strip():
        raise Unreadable("empty")
    if len(data) > MAX_BYTES:
        raise Unreadable("size")
    try:
        run = subprocess.run(
            [sys.executable, "-I", "-m", "casework.sheets"], input=data, capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as problem:
        raise Unreadable("broken") from problem
    if run.returncode != 0:
        raise Unreadable("broken")
    told = json.loads(run.stdout)
    if "refused" in told:
        raise Unreadable(told["refused"], told["where"])
    return [(number, tuple(cells)) for number, cells in told["lines"]]
