"""French texts that agree with the person they speak to: "{la référente|le référent|référent·e}"."""

import re
from typing import Literal

Gender = Literal["f", "m", "n"]

_FORMS = re.compile(r"\{([^{}]*)\}")
_INDEX = {"f": 0, "m": 1, "n": 2}


def agree(text: str, gender: str) -> str:
    """`text` with each "{feminine|masculine|neutral}" replaced by the form for `gender` ('f', 'm' or 'n').

    Raises ValueError for another gender: a caller who does not know says 'n'.
    """
    if gender not in _INDEX:
        raise ValueError("the gender of a text is 'f', 'm' or 'n'")
    return _FORMS.sub(lambda found: found[1].split("|")[_INDEX[gender]], text)


def agreement_fault(text: str) -> str | None:
    """What is wrong with the agreeing forms of `text`, as a sentence; None when they are well formed."""
    rest = _FORMS.sub("", text)
    if "{" in rest or "}" in rest:
        return "a brace { or } stands alone; agreeing texts are written {feminine|masculine|neutral}"
    if any(len(found.split("|")) != 3 for found in _FORMS.findall(text)):
        return "an agreeing text needs exactly three forms: {feminine|masculine|neutral}"
    return None
