"""Where the time comes from. Everything below the screens is UTC; only `web` speaks Europe/Paris."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Passed in code only: no setting and no environment variable changes it."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, UTC."""
        return datetime.now(UTC)


class ForwardClock:
    """A clock that stands still until it is moved, and moves only forward. For the demo town and the tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was last moved to, timezone-aware, UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward by a positive duration. Raises ValueError for a step back."""
        self.move_to(self._now + by)

    def move_to(self, moment: datetime) -> None:
        """Move to a later moment. Raises ValueError for a step back."""
        if moment < self._now:
            raise ValueError("this clock only moves forward")
        self._now = moment.astimezone(UTC)
