"""A meeting on paper: tagged PDFs, made for this answer and kept nowhere."""

from datetime import datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from casework import paper, services
from casework.paper import Sheet
from casework.web import guard, paper_sheets
from casework.web.guard import guarded

screen = Blueprint("papers", __name__)


@screen.get("/reunions/<number:meeting>/papier/ordre-du-jour.pdf")
@guarded("meeting.prepare")
def agenda(meeting: str) -> ResponseReturnValue:
    """The agenda by number."""
    shown = services.papers.agenda(guard.actor(), meeting)
    return _pdf(paper_sheets.agenda(shown), "ordre-du-jour", shown.head.starts_at)


@screen.get("/reunions/<number:meeting>/papier/feuille-de-decisions.pdf")
@guarded("meeting.prepare")
def blank_decisions(meeting: str) -> ResponseReturnValue:
    """Decisions to tick by hand, where there is no network."""
    shown = services.papers.blank_decisions(guard.actor(), meeting)
    return _pdf(paper_sheets.blank_decisions(shown), "feuille-de-decisions", shown.head.starts_at)


@screen.get("/reunions/<number:meeting>/papier/presence.pdf")
@guarded("meeting.attend")
def attendance(meeting: str) -> ResponseReturnValue:
    """Who signs."""
    shown = services.papers.attendance(guard.actor(), meeting)
    return _pdf(paper_sheets.attendance(shown), "presence", shown.head.starts_at)


@screen.get("/reunions/<number:meeting>/papier/releve.pdf")
@guarded("meeting.read")
def releve(meeting: str) -> ResponseReturnValue:
    """My relevé de décisions."""
    shown = services.papers.releve(guard.actor(), meeting)
    return _pdf(paper_sheets.minutes(shown), "releve-de-decisions", shown.meeting.starts_at)


def _pdf(sheet: Sheet, what: str, held: datetime) -> Response:
    """The printed sheet, to be saved or printed; `web.headers` says that nothing keeps it on the way."""
    answer = Response(paper.press(sheet), mimetype=paper.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{paper_sheets.file_name(what, held)}"'
    return answer
