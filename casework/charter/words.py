"""French texts that agree with the person they speak to: "{la référente|le référent|référent·e}"."""

from typing import Literal

from casework.wording import Wording, agreement_fault

__all__ = ["Gender", "agree", "agreement_fault"]

Gender = Literal["f", "m", "n"]


def agree(text: str, gender: str) -> Wording:
    """`text`, one of the house's own, with each "{feminine|masculine|neutral}" in the form for `gender` ('f', 'm' or 'n').

    Raises ValueError for another gender: a caller who does not know says 'n'.
    """
    return Wording(text.source, gender, text.values) if isinstance(text, Wording) else Wording(text, gender)
