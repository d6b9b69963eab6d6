"""A convocation as a calendar takes it (RFC 5545): one event, in UTC. Pure: it is given its words and knows nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAX_LINE = 75
"""Octets of a line, its end not counted (RFC 5545 §3.1)."""

USUAL_LENGTH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Event:
    """What stands in the calendar. uid: the same for every version of the event; sequence: grows with each change."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    summary: str
    place: str
    description: str
    url: str
    cancelled: bool = False


def calendar(event: Event) -> bytes:
    """The file: CRLF line ends, long lines folded, texts escaped."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//casework//reunions//FR",
        f"METHOD:{'CANCEL' if event.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(event.stamp)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.starts_at + USUAL_LENGTH)}",
        f"SUMMARY:{_text(event.summary)}",
        f"LOCATION:{_text(event.place)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"URL:{event.url}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Backslash, semicolon, comma and line end are escaped; other controls have no place in a text."""
    kept = "".join(sign for sign in value.replace("\r\n", "\n").replace("\r", "\n") if sign == "\n" or sign.isprintable())
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """At most 75 octets a line, never in the middle of a character; what continues begins with a space."""
    parts, room = [b""], MAX_LINE
    for sign in line:
        raw = sign.encode()
        if len(parts[-1]) + len(raw) > room:
            parts.append(b" ")
        parts[-1] += raw
    return b"\r\n".join(parts)
