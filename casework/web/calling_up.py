"""The urgent cell: one page that creates, confirms and convenes, then the list to ring."""

from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.services.meeting.drafts import MeetingDraft, UrgentDraft
from casework.services.meeting.views import NewMeeting, UrgentPage
from casework.web import fields, guard
from casework.web.guard import guarded
from casework.web.meetings import WhenForm, numbers_in, say

screen = Blueprint("calling_up", __name__)

SOON = timedelta(hours=1)
ROUND = timedelta(minutes=5)
URGENT = "urgent"


class UrgentForm(WhenForm):
    """A call: who, why, when, where, about which dossiers."""

    several = frozenset({"dossier", "people"})

    caller = RadioField(_("Qui appelle la cellule"), [fields.required(_("Choisissez qui appelle la cellule."))], validate_choice=False)
    reason = RadioField(_("Motif"), [fields.required(_("Choisissez le motif."))], validate_choice=False)
    numbers = TextAreaField(_("Numéros des dossiers"))

    def offer(self, lists: NewMeeting) -> None:
        """Offer the closed lists."""
        self.caller.choices = fields.options((each.code, each.label) for each in lists.callers)
        self.reason.choices = fields.options((each.code, each.label) for each in lists.reasons)

    def draft(self, cell: str) -> UrgentDraft:
        """What was typed and ticked."""
        caller, reason = self.caller.data or "", self.reason.data or ""
        meeting = MeetingDraft(cell, URGENT, self.starts_at(), self.place.data or "", "", caller, reason)
        return UrgentDraft(
            meeting, (*numbers_in(self.numbers.data), *request.form.getlist("dossier")), tuple(request.form.getlist("people"))
        )


@screen.get("/reunions/urgente")
@guarded("meeting.convene")
def urgent() -> ResponseReturnValue:
    """One page: who calls, why, which dossiers; in an hour, where the cell met last."""
    page = services.calling_up.page(guard.actor(), request.args.get("cellule", ""))
    form = UrgentForm(formdata=None)
    form.fill(_rounded(guard.instance().clock.now() + SOON), page.lists.place)
    return _urgent(form, page)


@screen.post("/reunions/urgente")
@guarded("meeting.convene")
def call() -> ResponseReturnValue:
    """Create, confirm and convene at once, then the list to ring."""
    filled = UrgentForm()
    cell = filled.beside("cell")
    if not filled.validate():
        return _urgent(filled, services.calling_up.page(guard.actor(), cell), again=True), 422
    try:
        made, posted = services.calling_up.call(guard.actor(), filled.draft(cell))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _urgent(filled, services.calling_up.page(guard.actor(), cell), again=True), 422
    say(posted, "meeting-called")
    return redirect(url_for("calling_up.calls", meeting=made), 303)


@screen.get("/reunions/<number:meeting>/appels")
@guarded("meeting.convene")
def calls(meeting: str) -> ResponseReturnValue:
    """Whom to ring."""
    return render_template("meetings/calls.html", shown=services.calling_up.call_list(guard.actor(), meeting))


@screen.post("/reunions/<number:meeting>/appels")
@guarded("meeting.convene")
def reach(meeting: str) -> ResponseReturnValue:
    """Somebody was reached, or was not after all."""
    seat = fields.once("seat")
    services.calling_up.reach(guard.actor(), meeting, seat, reached="joint" in request.form)
    return redirect(url_for("calling_up.calls", meeting=meeting, _anchor="liste"), 303)


def _urgent(form: UrgentForm, page: UrgentPage, *, again: bool = False) -> str:
    if page.cell is None:
        return render_template("meetings/urgent_cell.html", shown=page)
    form.offer(page.lists)
    ticked = set(request.form.getlist("people")) if again else None
    chosen = set(request.form.getlist("dossier"))
    return render_template(
        "meetings/urgent.html", form=form, shown=page, problems=fields.summary(form), ticked=ticked, chosen=chosen, today=guard.today()
    )


def _rounded(moment: datetime) -> datetime:
    """Up to the next five minutes: nobody convenes for 14 h 07."""
    over = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment - over + (ROUND if over else timedelta(0))
