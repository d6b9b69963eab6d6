"""Meetings: their list, a new one, the page of one, its convocation, another day, none at all."""

from datetime import datetime, time
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TimeField

from casework import services
from casework.errors import InvalidInput
from casework.services.attention.mail import Posted
from casework.services.meeting.drafts import MeetingDraft
from casework.services.meeting.views import Agenda, NewMeeting
from casework.web import dates, drafts, fields, flashes, guard
from casework.web.agenda_forms import POINT, PointForm, point_form
from casework.web.guard import guarded

screen = Blueprint("meetings", __name__)

USUAL = time(14, 0)


class WhenForm(fields.OnceForm):
    """When and where."""

    day = fields.DayField(_("Jour"), [fields.required(_("Indiquez le jour."))])
    hour = TimeField(
        _("Heure"), [fields.required(_("Indiquez l’heure, par exemple 14:00."))], default=USUAL, invalid_value_message=fields.HOUR
    )
    place = StringField(_("Lieu"), [fields.required(_("Indiquez le lieu."))])
    sector = StringField(_("Secteur"))

    def starts_at(self) -> datetime | None:
        """The moment, on a Paris clock."""
        day, hour = self.day.data, self.hour.data
        return datetime.combine(day, hour, tzinfo=dates.PARIS) if day and hour else None

    def fill(self, starts_at: datetime, place: str, sector: str = "") -> None:
        """Show what is known already."""
        here = dates.local(starts_at)
        self.day.data, self.hour.data, self.place.data, self.sector.data = here.date(), here.time().replace(second=0), place, sector


class MeetingForm(WhenForm):
    """A meeting to prepare."""

    cell = SelectField(_("Cellule"), [fields.required(_("Choisissez la cellule."))], validate_choice=False)
    kind = RadioField(_("Nature"), [fields.required(_("Choisissez la nature de la réunion."))], validate_choice=False)

    def offer(self, lists: NewMeeting) -> None:
        """Offer the closed lists; the only cell is chosen already."""
        self.cell.choices = fields.options((each.code, each.label) for each in lists.cells)
        self.kind.choices = fields.options((each.code, each.label) for each in lists.kinds)

    def draft(self) -> MeetingDraft:
        """What was typed."""
        return MeetingDraft(self.cell.data or "", self.kind.data or "", self.starts_at(), self.place.data or "", self.sector.data or "")


class CancelForm(fields.OnceForm):
    """A box and a button."""

    confirmed = BooleanField(
        _("Oui, annuler cette réunion et prévenir les personnes convoquées."), [fields.required(_("Cochez pour confirmer."))]
    )


@screen.get("/reunions")
@guarded("meeting.read")
def mine() -> ResponseReturnValue:
    """The meetings I prepare and those I am convened to."""
    return render_template("meetings/mine.html", shown=services.preparing.mine(guard.actor()))


@screen.get("/reunions/nouvelle")
@guarded("meeting.prepare")
def new() -> ResponseReturnValue:
    """The empty form."""
    lists = services.preparing.new(guard.actor())
    form = MeetingForm(formdata=None)
    form.place.data, form.cell.data = lists.place, lists.cells[0].code
    return _new(form, lists)


@screen.post("/reunions/nouvelle")
@guarded("meeting.prepare")
def create() -> ResponseReturnValue:
    """Prepare it: the core and the stewards are seated at once."""
    filled = MeetingForm()
    if not filled.validate():
        return _new(filled), 422
    try:
        made = services.preparing.create(guard.actor(), filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _new(filled), 422
    flashes.leave("meeting-made")
    return redirect(url_for("meetings.read", meeting=made), 303)


@screen.get("/reunions/<number:meeting>")
@guarded("meeting.read")
def read(meeting: str) -> ResponseReturnValue:
    """The agenda of those who prepare, or the own items of somebody convened. A steward's visit gives the keys that are due."""
    shown = services.agendas.read(guard.actor(), meeting, every="toutes" in request.args)
    if not isinstance(shown, Agenda):
        return render_template("meetings/own.html", shown=shown)
    if shown.pending:
        services.convening.catch_up(guard.actor(), meeting)
    return agenda_page(shown)


@screen.get("/reunions/<number:meeting>/changer")
@guarded("meeting.prepare")
def change_form(meeting: str) -> ResponseReturnValue:
    """Another day, hour, place, or none at all."""
    stands = services.preparing.draft_of(guard.actor(), meeting)
    form = WhenForm(formdata=None)
    if stands.starts_at is not None:
        form.fill(stands.starts_at, stands.place, stands.sector)
    return _change(form, meeting)


@screen.post("/reunions/<number:meeting>/changer")
@guarded("meeting.prepare")
def change(meeting: str) -> ResponseReturnValue:
    """Move it; whoever was convened is told."""
    filled = WhenForm()
    if not filled.validate():
        return _change(filled, meeting), 422
    draft = MeetingDraft("", "", filled.starts_at(), filled.place.data or "", filled.sector.data or "")
    try:
        posted = services.convening.change(guard.actor(), meeting, draft)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _change(filled, meeting), 422
    return back(meeting, posted, "meeting-changed")


@screen.post("/reunions/<number:meeting>/annulation")
@guarded("meeting.convene")
def cancel(meeting: str) -> ResponseReturnValue:
    """It does not take place."""
    filled = CancelForm()
    if not filled.validate():
        return _change(filled, meeting), 422
    return back(meeting, services.convening.cancel(guard.actor(), meeting), "meeting-cancelled")


@screen.post("/reunions/<number:meeting>/convocation")
@guarded("meeting.convene")
def convene(meeting: str) -> ResponseReturnValue:
    """Send the convocations."""
    try:
        posted = services.convening.convene(guard.actor(), meeting)
    except InvalidInput as problem:
        return agenda_page(services.agendas.read(guard.actor(), meeting), problems=problem.problems), 422
    return back(meeting, posted, "meeting-convened")


@screen.get("/reunions/<number:meeting>/convocation.ics")
@guarded("meeting.read")
def calendar(meeting: str) -> ResponseReturnValue:
    """The convocation for a calendar."""
    answer = Response(services.convening.calendar(guard.actor(), meeting), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="convocation.ics"'
    return answer


def agenda_page(shown: Any, *, problems: dict[str, str] | None = None, point: fields.OnceForm | None = None) -> str:
    """The agenda. problems: what a form of the page could not take, said at its head. point: the form of a point, as it was filled."""
    said = [("", sentence) for sentence in (problems or {}).values()]
    desk = drafts.Desk(POINT, shown.head.id) if point is not None else drafts.desk(POINT, shown.head.id)
    form = point_form(shown, PointForm(formdata=desk.typed) if desk.typed is not None else point)
    asking = [
        (lines[0].origin, lines) for _code, found in groupby(shown.proposals, lambda each: each.origin.code) if (lines := list(found))
    ]
    return render_template(
        "meetings/agenda.html",
        shown=shown,
        asking=asking,
        every="toutes" in request.values,
        today=guard.today(),
        draft=desk,
        point=form,
        problems=said or fields.summary(form),
        typed=request.form,
    )


def back(meeting: str, posted: Posted, notice: str) -> ResponseReturnValue:
    """To the meeting's page, saying what was done and what became of the e-mails."""
    say(posted, notice)
    return redirect(url_for("meetings.read", meeting=meeting), 303)


def say(posted: Posted, notice: str) -> None:
    """What was done, and an e-mail that did not leave."""
    flashes.leave(notice)
    if posted.failed:
        flashes.leave("mail-failed")


def numbers_in(text: str | None) -> tuple[str, ...]:
    """The numbers typed in one field, whatever stands between them."""
    return tuple((text or "").replace(",", " ").replace(";", " ").split())


def _new(form: MeetingForm, lists: NewMeeting | None = None) -> str:
    lists = lists or services.preparing.new(guard.actor())
    form.offer(lists)
    return render_template("meetings/new.html", form=form, lists=lists, problems=fields.summary(form), today=guard.today())


def _change(form: fields.OnceForm, meeting: str) -> str:
    """The page with the form that was filled in, the other as the meeting stands."""
    shown = services.agendas.read(guard.actor(), meeting)
    when, cancelling = (form if isinstance(form, WhenForm) else WhenForm(formdata=None)), CancelForm(formdata=None)
    if isinstance(form, CancelForm):
        cancelling = form
        when.fill(shown.head.starts_at, shown.head.place, shown.head.sector)
    return render_template(
        "meetings/change.html", shown=shown, form=when, off=cancelling, problems=fields.summary(form), today=guard.today()
    )
