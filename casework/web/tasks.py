"""« Actions »: what the cell asked of me and of my institution, and telling what came of it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.services.meeting.decisions.outcome_views import ReportDraft, ReportPage
from casework.web import drafts, fields, flashes, guard
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("tasks", __name__)

FORM = "report"
"""Under which its drafts are kept."""


class ReportForm(fields.OnceForm):
    """Done or not, in a few words; by whom it was told, when a steward notes what they heard."""

    status = RadioField(_("Est-ce fait ?"), validate_choice=False)
    text = TextAreaField(_("Ce qui a été fait, ou pourquoi non"), filters=[fields.plain_lines])
    told_by = SelectField(_("Comment l’avez-vous appris ?"), validate_choice=False)
    told_on = fields.DayField(_("Le"), [])

    def draft(self) -> ReportDraft:
        """What was typed."""
        return ReportDraft(self.status.data or "", self.text.data or "", self.told_by.data or "", self.told_on.data)


@screen.get("/actions")
@guarded("task.list")
def mine() -> ResponseReturnValue:
    """Mine and my institution's, the late ones first."""
    return render_template("tasks/board.html", shown=services.tasks.board(guard.actor()))


@screen.get("/actions/<number:task>")
@guarded("task.list")
def form(task: str) -> ResponseReturnValue:
    """The form on which a result is told, as it was being typed."""
    page, desk = services.reporting.prepare(guard.actor(), task), drafts.desk(FORM, task)
    return _shown(ReportForm(desk.typed), page, desk)


@screen.post("/actions/<number:task>")
@guarded("task.report")
@keeps(lambda given: (FORM, given["task"]))
def report(task: str) -> ResponseReturnValue:
    """Record the result."""
    filled = ReportForm()
    filled.validate()  # for a day that cannot be read; what is needed is the verb's to say
    try:
        fields.refuse_twice(filled)
        services.reporting.report(guard.actor(), task, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems, only_where_silent=True)
        return _page(filled, task), 422
    drafts.drop(FORM, task)
    flashes.leave("task-reported")
    return redirect(url_for("tasks.mine"), 303)


def _page(filled: ReportForm, task: str) -> str:
    return _shown(filled, services.reporting.prepare(guard.actor(), task), drafts.Desk(FORM, task))


def _shown(filled: ReportForm, page: ReportPage, desk: drafts.Desk) -> str:
    filled.status.choices = fields.options([("done", _("Oui, c’est fait")), ("not_done", _("Non"))])
    filled.told_by.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in page.told_by)])
    return render_template("tasks/report.html", form=filled, shown=page, draft=desk, problems=fields.summary(filled))
