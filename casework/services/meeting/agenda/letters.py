"""The convocation that leaves the house: cell, kind, day, place, and where to sign in. No name, no number, no motive."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from casework.models.cells import Cell
from casework.models.meetings import Meeting
from casework.services.attention import mail
from casework.services.instance import Instance
from casework.services.meeting.agenda.icalendar import Event, calendar
from casework.services.meeting.rows import CANCELLED
from casework.services.meeting.views import Letter
from casework.services.terms import PARIS

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
CONVOKED, MOVED, OFF = "convoked", "moved", "off"
SUBJECTS = {CONVOKED: "Convocation", MOVED: "Réunion déplacée", OFF: "Réunion annulée"}
"""Letters are written in French: they leave the house, and nobody's language is known there."""


def letter(instance: Instance, meeting: Meeting, cell: Cell, *, why: str = CONVOKED) -> Letter:
    """What is sent, or copied where nothing can be sent."""
    why = OFF if meeting.status == CANCELLED else why
    kind = instance.charter.meetings.kinds[meeting.kind].label
    when = spelled(meeting.starts_at)
    lines = ["Bonjour,", "", f"{kind}, {cell.name}", f"{when[0].upper()}{when[1:]}", meeting.place, ""]
    if why == OFF:
        lines[1:1] = ["", "Cette réunion est annulée :"]
    elif why == MOVED:
        lines[1:1] = ["", "Cette réunion est déplacée. La voici telle qu’elle est désormais :"]
    lines += [] if why == OFF else ["Vos points se lisent après connexion, et nulle part ailleurs :", address(instance, meeting), ""]
    lines += ["Ce message ne contient aucun nom. Merci de n’en écrire aucun en réponse."]
    return Letter(f"{SUBJECTS[why]} : {cell.name}, {when}", "\n".join(lines), mail.ready(instance.config))


def event(instance: Instance, meeting: Meeting, cell: Cell) -> bytes:
    """The convocation as a calendar takes it; its sequence grows with every change of the meeting."""
    kind = instance.charter.meetings.kinds[meeting.kind].label
    made = Event(
        uid=f"{meeting.id}@{instance.anchor.instance}",
        sequence=meeting.version,
        stamp=meeting.convened_at or meeting.starts_at,
        starts_at=meeting.starts_at,
        summary=f"{kind}, {cell.name}",
        place=meeting.place,
        description="Vos points se lisent dans casework, après connexion.",
        url=address(instance, meeting),
        cancelled=meeting.status == CANCELLED,
    )
    return calendar(made)


def post(instance: Instance, meeting: Meeting, cell: Cell, addresses: Iterable[str], *, why: str = CONVOKED) -> mail.Posted:
    """Send the convocation to these addresses, one message each. Never raises: what went wrong is in what it returns."""
    written, attached = letter(instance, meeting, cell, why=why), event(instance, meeting, cell)
    wanted: Sequence[str] = sorted({each for each in addresses if each})
    return mail.post(instance.config, [mail.Message(to, written.subject, written.text, attached) for to in wanted], at=instance.clock.now())


def address(instance: Instance, meeting: Meeting) -> str:
    """Where a convened person reads it."""
    return f"{instance.config.public_url}/reunions/{meeting.id}"


def spelled(moment: datetime) -> str:
    """« mardi 12 mars 2026 à 14 h 05 », in Paris."""
    here = moment.astimezone(PARIS)
    day = "1er" if here.day == 1 else here.day
    return f"{DAYS[here.weekday()]} {day} {MONTHS[here.month - 1]} {here.year} à {here.hour} h {here.minute:02}"
