"""What a scanned sheet may be: a PDF, a JPEG or a PNG, told by the file's own bytes and never by its name.

Nothing here reads the picture: a file that begins and ends as its kind does is kept, sealed, and handed back as it came.
"""

from collections.abc import Callable
from dataclasses import dataclass

from casework.wording import Wording, says

MOST = 5 * 1024 * 1024
"""Bytes."""
TAIL = 4096
"""Bytes at the end in which the mark of the end must stand: scanners and telephones write a little behind it."""

EMPTY = says("Ce fichier est vide.")
LARGE = says("Ce fichier est trop volumineux : 5 Mo au plus.")
OTHER = says("Ce fichier n’est ni un PDF, ni une image JPEG ou PNG.")
CUT = says("Ce fichier est incomplet : scannez à nouveau la feuille, ou envoyez-le une seconde fois.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it begins, what stands near its end."""

    media_type: str
    suffix: str
    begins: bytes
    ends: Callable[[bytes], bool]


KINDS = (
    Kind("application/pdf", "pdf", b"%PDF-", lambda tail: b"startxref" in tail and b"%%EOF" in tail),
    Kind("image/jpeg", "jpg", b"\xff\xd8\xff", lambda tail: b"\xff\xd9" in tail),
    Kind("image/png", "png", b"\x89PNG\r\n\x1a\n", lambda tail: b"\x00\x00\x00\x00IEND\xaeB`\x82" in tail),
)


def kind_of(data: bytes) -> Kind | None:
    """The kind of a file by its first bytes; None for any other."""
    return next((each for each in KINDS if data.startswith(each.begins)), None)


def problem(data: bytes) -> Wording | None:
    """What is wrong with a file that was sent, or None."""
    if not data:
        return EMPTY
    if len(data) > MOST:
        return LARGE
    kind = kind_of(data)
    if kind is None:
        return OTHER
    return None if kind.ends(data[len(kind.begins) :][-TAIL:]) else CUT
