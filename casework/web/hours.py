"""Days and hours, and several choices of a list, as fields of a form: typed without a script, read back as one text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectChoice, ValidationError

from casework.services.safety import hours
from casework.services.safety.hours import DAY_NAMES, DAYS, MOST_LINES, Line

AT_HAND = 2
"""Lines shown at once; the others unfold."""


def typed_hours(sent: MultiDict[str, str], name: str) -> str:
    """The hours that a form sent under this name, as one text (`services.safety.hours.join`); a text of former times stays until then."""
    lines = [
        Line(tuple(sent.getlist(f"{name}-{place}-days")), sent.get(f"{name}-{place}-start", ""), sent.get(f"{name}-{place}-end", ""))
        for place in range(MOST_LINES)
    ]
    return hours.join(lines) or sent.get(f"{name}-old", "")


def typed_codes(sent: MultiDict[str, str], name: str) -> str:
    """The codes that a form sent under this name, as one text; a text of former times stays until something is chosen."""
    return " ".join(sent.getlist(name)) or sent.get(f"{name}-old", "")


class TextField(Field):
    """A field of several controls whose value is one text."""

    def read(self, sent: MultiDict[str, str]) -> str:
        """The text that was sent."""
        raise NotImplementedError

    def process(self, formdata: Any, data: Any = "", extra_filters: Any = None) -> None:
        """Take what was sent, else what is there."""
        self.process_errors: list[str] = []
        self.object_data = data
        self.data: str = self.read(formdata) if formdata else str(data or "")


class HoursField(TextField):
    """Up to four lines of days and two times. Its `data` is the text to store, or what was typed wrong, which does not validate."""

    days = tuple(zip(DAYS, DAY_NAMES, strict=True))

    def read(self, sent: MultiDict[str, str]) -> str:
        """The text that was sent."""
        return typed_hours(sent, self.name)

    def pre_validate(self, form: object) -> None:
        """Raises ValidationError for lines that are not hours."""
        if wrong := hours.checked(self.data):
            raise ValidationError(wrong)

    @property
    def old(self) -> str:
        """A text of former times, which is no hour."""
        return self.data if hours.is_free_text(self.data) else ""

    @property
    def lines(self) -> list[Line]:
        """Four lines: those that were typed, then empty ones."""
        return [*hours.split(self.data), *[Line()] * MOST_LINES][:MOST_LINES]

    @property
    def at_hand(self) -> int:
        """How many lines to show before unfolding."""
        return max(AT_HAND, sum(not line.blank for line in self.lines))


class CodesField(TextField):
    """Several choices of a closed list. Its `data` is the codes in a row."""

    def __init__(
        self, label: str, validators: Sequence[Callable[..., None]] = (), *, options: Mapping[str, str] | None = None, **given: Any
    ) -> None:
        super().__init__(label, list(validators), **given)
        self.choices = [SelectChoice(code, word) for code, word in (options or {}).items()]

    def read(self, sent: MultiDict[str, str]) -> str:
        """The text that was sent."""
        return typed_codes(sent, self.name)

    @property
    def chosen(self) -> frozenset[str]:
        """The codes that are ticked."""
        return frozenset(self.data.split())

    @property
    def old(self) -> str:
        """A text of former times, which has no codes."""
        return "" if self.chosen <= {choice.value for choice in self.choices} else self.data
