"""« Permanences »: the week of my service, who came, and the list of a day on paper."""

import re
from datetime import date, datetime

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from casework import paper, services
from casework.errors import InvalidInput, NotFound
from casework.services.permanence.views import WeekView
from casework.web import dates, fields, flashes, guard, i18n, paper_sheets
from casework.web.guard import guarded

screen = Blueprint("permanences", __name__)

WEEK = re.compile(r"(20\d{2})-s(\d{2})")
DAY = re.compile(r"20\d{2}-\d{2}-\d{2}")
SEEN = re.compile(r"([0-9a-f]{32})\.(\d{1,9})")


class PresenceForm(fields.OnceForm):
    """One click: the button says which appointment, in which version, and what became of it."""

    venue = StringField()
    absence = StringField()


@screen.get("/permanences")
@guarded("permanence.read")
def now() -> ResponseReturnValue:
    """This week."""
    return _week(services.week.week(guard.actor()), PresenceForm(formdata=None))


@screen.get("/permanences/<number:week>")
@guarded("permanence.read")
def week(week: str) -> ResponseReturnValue:
    """A week by its number: 2026-s48."""
    return _week(services.week.week(guard.actor(), _monday(week)), PresenceForm(formdata=None))


@screen.post("/permanences/<number:week>")
@guarded("permanence.keep")
def attend(week: str) -> ResponseReturnValue:
    """Somebody came, or did not."""
    filled, monday = PresenceForm(), _monday(week)
    found = SEEN.fullmatch(filled.venue.data or filled.absence.data or "")
    if not filled.validate() or found is None:
        raise NotFound("permanence.keep")
    try:
        services.booking.attend(guard.actor(), found[1], came=bool(filled.venue.data), seen=int(found[2]))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _week(services.week.week(guard.actor(), monday), filled), 422
    flashes.leave("presence-said")
    return redirect(url_for("permanences.week", week=week, _anchor=f"rdv-{found[1]}"), 303)


@screen.get("/permanences/feuille/<number:day>")
@guarded("permanence.read")
def sheet(day: str) -> ResponseReturnValue:
    """The day's list without names, to print from the browser."""
    shown = services.today.sheet(guard.actor(), _day(day))
    return render_template("permanences/sheet.html", shown=shown, back=week_address(shown.day))


@screen.get("/permanences/feuille/<number:day>/liste.pdf")
@guarded("permanence.read")
def printed(day: str) -> ResponseReturnValue:
    """The same as a file."""
    shown = services.today.sheet(guard.actor(), _day(day), printed=True)
    answer = Response(paper.press(paper_sheets.day_list(shown)), mimetype=paper.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="permanences-{shown.day.isoformat()}.pdf"'
    return answer


def week_address(day: date) -> str:
    """How an address names the week of a day."""
    year, number, _weekday = day.isocalendar()
    return f"{year}-s{number:02}"


def week_of(moment: datetime) -> str:
    """The same of a moment, in Paris."""
    return week_address(dates.local(moment).date())


def _monday(week: str) -> date:
    found = WEEK.fullmatch(week)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else _nowhere()
    except ValueError:
        return _nowhere()


def _day(day: str) -> date:
    try:
        return date.fromisoformat(day) if DAY.fullmatch(day) else _nowhere()
    except ValueError:
        return _nowhere()


def _nowhere() -> date:
    raise NotFound("permanence.read")


def _week(shown: WeekView, form: PresenceForm) -> str:
    before, after = (week_address(each) if each else "" for each in (shown.before, shown.after))
    return render_template(
        "permanences/week.html", shown=shown, here=week_address(shown.monday), before=before, after=after,
        current=week_address(shown.today), problems=fields.summary(form), moment_of=moment_address,
        weekdays=dates.WEEKDAYS[i18n.language()],
    )  # fmt: skip


def moment_address(moment: datetime) -> str:
    """How an address names a slot's beginning, on a Paris clock."""
    return f"{dates.local(moment):%Y-%m-%dT%H%M}"
