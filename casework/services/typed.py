"""What was typed: the few checks every text goes through before it is sealed."""

import unicodedata

from casework.wording import says

MAX_NOTE = 4000
MAX_FACTS = 500
MAX_NAME = 80
SUBMISSION = 32
UNREADABLE = "\ufffd"
"""What stands in a text for bytes that were no UTF-8."""
IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u3164\uffa0")
"""Letters and marks that show nothing (Unicode default ignorables outside category Cf)."""
JOINERS = frozenset("\u200d\u00ad")
"""Invisible, and of use inside words."""


def clean(text: str) -> str:
    """NFC, Unix line ends, no spaces around."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_submission(text: str) -> bool:
    """Whether this is a form's random id as the screens make it: 32 hexadecimal characters."""
    return len(text) == SUBMISSION and set(text) <= set("0123456789abcdef")


def problem(text: str, longest: int, *, lines: bool = False) -> str | None:
    """A sentence in French about what is wrong with a cleaned text, or None."""
    if not text:
        return says("Écrivez quelque chose.")
    if len(text) > longest:
        return says("Ce texte compte %(count)s caractères : %(most)s au plus.", count=len(text), most=longest)
    if UNREADABLE in text:
        return says("Ce texte contient des caractères illisibles : retapez-le.")
    if any(_invisible(sign) and not (lines and sign == "\n") for sign in text):
        return says("Ce texte contient des caractères invisibles : retapez-le.")
    return None


def _invisible(sign: str) -> bool:
    return sign in IGNORABLE or (sign not in JOINERS and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"})
