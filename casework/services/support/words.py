"""What a call is told in, codes and labels: needs, years of birth, agreements, and which programmes take calls at all."""

from collections.abc import Mapping
from types import MappingProxyType

from casework.charter import Programme, Word
from casework.services.reasons import label
from casework.wording import listed, says

NEEDS = ("rights", "housing", "listening", "children", "money", "administrative")
"""The needs a call may name, codes of `charter.meetings.needs`: nothing of health, and no story."""

GIVEN, NOT_SOUGHT, REFUSED, WITHDRAWN = "given", "not_sought", "refused", "withdrawn"
AGREEMENTS: Mapping[str, str] = MappingProxyType(
    {
        GIVEN: says("Donné"),
        NOT_SOUGHT: says("Pas demandé pour l’instant"),
        REFUSED: says("Refusé"),
        WITHDRAWN: says("Retiré"),
    }
)
"""States of an agreement."""

TOLD = (GIVEN, NOT_SOUGHT, REFUSED)
"""What a call may say of it."""


def takes_calls(programme: Programme) -> bool:
    """Whether its saisines may be noted during a call: it keeps what the person needs."""
    return "support_request.needs" in programme.fields


def asked_for(needs: Mapping[str, Word], column: str, text: str) -> str:
    """A stored value of a support request as people read it: needs by their labels, years as they are."""
    words = text.split(" ")
    return ", ".join(words) if column == "children" else listed(label(needs, code) for code in words if code)
