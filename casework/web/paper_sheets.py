"""From what a service showed to what is printed: labels and dates in French. The words around them stand in the templates."""

from collections.abc import Iterable
from datetime import date, datetime

from casework.paper import (
    AgendaLine,
    AgendaSheet,
    AttendanceSheet,
    DayListSheet,
    DecisionSheet,
    GuestLine,
    LetterSheet,
    MinutesItem,
    MinutesSheet,
    PlaceLines,
    SeatLine,
    SlotLine,
    TaskLine,
)
from casework.services.meeting.decisions import outcome_views
from casework.services.meeting.decisions.outcome_views import MinutesAction, MinutesLine, MinutesView
from casework.services.meeting.paper_views import AttendanceList, BlankDecisions, MeetingHead, PaperAgenda, PaperGuest, PaperItem
from casework.services.permanence.views import DayPlace, DaySheet
from casework.services.safety.views import LetterView
from casework.web import dates


def agenda(shown: PaperAgenda) -> AgendaSheet:
    """The agenda by number."""
    return AgendaSheet(
        day=_day(shown.head), head=_head(shown.head), printed_at=shown.head.printed_at,
        items=_lines(shown.items), points=shown.points,
    )  # fmt: skip


def blank_decisions(shown: BlankDecisions) -> DecisionSheet:
    """Decisions to tick by hand."""
    return DecisionSheet(
        day=_day(shown.head), head=_head(shown.head), printed_at=shown.head.printed_at,
        items=_lines(shown.items), outcomes=tuple(str(each) for each in shown.outcomes), seats=shown.seats,
    )  # fmt: skip


def attendance(shown: AttendanceList) -> AttendanceSheet:
    """Who signs."""
    return AttendanceSheet(
        day=_day(shown.head), head=_head(shown.head), printed_at=shown.head.printed_at,
        seats=tuple(SeatLine(str(each.name), each.function, each.institution) for each in shown.seats),
        guests=tuple(GuestLine(each.name, str(each.profession), each.institution, _charter(each)) for each in shown.guests),
    )  # fmt: skip


def minutes(shown: MinutesView) -> MinutesSheet:
    """A relevé, by number, as its reader sees it. The same relevé is the same file, whenever it is printed."""
    head = shown.meeting
    return MinutesSheet(
        day=dates.day(head.held_on), head=(_joined(str(head.kind.label), head.cell), _where(head)), printed_at=shown.drawn_at,
        institution=shown.institution, items=tuple(_decided(each, shown.actions) for each in shown.lines),
        points=_tasks(each for each in shown.actions if not each.number),
    )  # fmt: skip


def day_list(shown: DaySheet) -> DayListSheet:
    """The appointments of a day without names."""
    return DayListSheet(
        day=dates.weekday(shown.day),
        head=(shown.institution,),
        printed_at=shown.printed_at,
        places=tuple(_place(each) for each in shown.places),
    )


def _place(each: DayPlace) -> PlaceLines:
    lines = tuple(SlotLine(line.order, dates.clock_time(line.starts_at), line.taken) for line in each.lines)
    return PlaceLines(each.place, f"{each.starts} – {each.ends}", lines)


def letter(shown: LetterView) -> LetterSheet:
    """A neutral letter: nothing of the file is on it but, where the rules allow, an address."""
    return LetterSheet(day=dates.day(shown.day), head=(), printed_at=shown.printed_at, sentences=shown.sentences, address=shown.address)


def file_name(what: str, starts_at: datetime) -> str:
    """A neutral name for the file: what it is and the day, in ASCII."""
    return f"{what}-{dates.local(starts_at).date().isoformat()}.pdf"


def _decided(line: MinutesLine, actions: tuple[MinutesAction, ...]) -> MinutesItem:
    mine = [each for each in actions if each.number == line.number]
    tasks, questions = (_tasks(each for each in mine if (each.kind == "question") is asked) for asked in (False, True))
    late = line.entered_on != line.decided_on
    return MinutesItem(
        line.number, str(line.outcome), line.lead, on(line.next_date), str(line.missing),
        tuple(f"{each.institution}, {each.need}" for each in line.referrals), dates.day(line.decided_on),
        dates.day(line.entered_on) if late else "", line.words, tasks, questions,
    )  # fmt: skip


def _tasks(actions: Iterable[MinutesAction]) -> tuple[TaskLine, ...]:
    return tuple(TaskLine(each.text, each.owner, dates.day(each.due)) for each in actions)


def on(day: date | None) -> str:
    """A day in words, or nothing."""
    return dates.day(day) if day else ""


def _day(head: MeetingHead) -> str:
    return dates.day(dates.local(head.starts_at))


def _head(head: MeetingHead) -> tuple[str, ...]:
    return (_joined(str(head.kind), head.cell, head.sector), _where(head))


def _where(head: MeetingHead | outcome_views.MeetingHead) -> str:
    return ", ".join(filter(None, (dates.moment(head.starts_at), head.place)))


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def _lines(items: tuple[PaperItem, ...]) -> tuple[AgendaLine, ...]:
    return tuple(AgendaLine(each.order, each.number, str(each.informed)) for each in items)


def _charter(guest: PaperGuest) -> str:
    return ", ".join(filter(None, (guest.charter_reference, on(guest.charter_date))))
