"""What a reader of a printed sheet gets: its words, and what its marks promise."""

import io
import re
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader

NUMBER = re.compile(r"\d{4}-\d{4,}")


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF that was read. text: all pages; spaces and line ends are one space, since a printer breaks lines where it likes."""

    text: str
    title: str
    language: str
    tagged: bool
    universal: bool
    pages: int

    @property
    def numbers(self) -> list[str]:
        """Numbers of dossiers, in the order of the page."""
        return NUMBER.findall(self.text)


def read(pdf: bytes) -> Printed:
    """Raises pypdf's own errors for what is no PDF."""
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.root_object
    marks: Any = root.get("/MarkInfo", {})
    told: Any = reader.metadata or {}
    about = root["/Metadata"].get_object().get_data().decode()
    return Printed(
        text=re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages)),
        title=str(told.get("/Title", "")),
        language=str(root.get("/Lang", "")),
        tagged=bool(marks.get("/Marked")) and "/StructTreeRoot" in root,
        universal=re.search(r"<pdfuaid:part>1<", about) is not None,
        pages=len(reader.pages),
    )
