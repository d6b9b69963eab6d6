"""Reaching somebody without endangering them: planning, what became of it, a neutral letter, and the precautions set aside."""

from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField, TimeField

from casework import paper, services
from casework.errors import InvalidInput, ThroughSomebody
from casework.services.safety.views import ContactDraft, ReachPage
from casework.web import dates, drafts, fields, flashes, guard, paper_sheets
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("reaching", __name__)

FORM = "reach"
"""Under which its drafts are kept."""

PICK = _("Choisissez dans la liste.")


class ReachForm(fields.OnceForm):
    """How, what for, to whom, when; and why a precaution is set aside, if one is."""

    channel = RadioField(_("Par quel moyen"), [fields.required(PICK)], validate_choice=False)
    purpose = RadioField(_("Pour quoi"), [fields.required(PICK)], validate_choice=False)
    recipient = RadioField(_("À qui"), default="person", validate_choice=False)
    day = fields.DayField(_("Jour"), [fields.required(_("Indiquez un jour, par exemple 12/03/2026."))])
    hour = TimeField(_("Heure"), [fields.required(_("Indiquez une heure, par exemple 09:30."))], invalid_value_message=fields.HOUR)
    override = SelectField(_("Motif pour passer outre"), default="", validate_choice=False)
    text = TextAreaField(_("Pourquoi passer outre"), filters=[fields.plain_lines])

    def draft(self) -> ContactDraft:
        """What was typed."""
        at = datetime.combine(self.day.data, self.hour.data, tzinfo=dates.PARIS) if self.day.data and self.hour.data else None
        return ContactDraft(
            self.channel.data or "", self.purpose.data or "", at, self.recipient.data or "person", self.override.data or "",
            self.text.data or "",
        )  # fmt: skip


class StateForm(fields.OnceForm):
    """What became of a planned contact."""

    state = RadioField(_("Ce qu’il en est"), [fields.required(PICK)], validate_choice=False)


@screen.get("/dossiers/<number:number>/joindre")
@guarded("contact.plan")
def form(number: str) -> ResponseReturnValue:
    """The first line, the form as it was being typed, and what is planned."""
    try:
        shown = services.reaching.prepare(guard.actor(), number)
        desk = drafts.desk(FORM, number)
        return _page(shown, ReachForm(desk.typed), desk)
    except ThroughSomebody:
        return _through(number)


@screen.post("/dossiers/<number:number>/joindre")
@guarded("contact.plan")
@keeps(lambda given: (FORM, given["number"]))
def plan(number: str) -> ResponseReturnValue:
    """Plan it; or say which precaution stands in the way, and keep what was typed."""
    filled = ReachForm()
    try:
        if not filled.validate():
            return _page(services.reaching.prepare(guard.actor(), number), filled), 422
        services.reaching.plan(guard.actor(), number, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(services.reaching.prepare(guard.actor(), number), filled), 422
    except ThroughSomebody:
        return _through(number)
    drafts.drop(FORM, number)
    flashes.leave("contact-planned")
    return redirect(url_for("reaching.form", number=number, _anchor="prevus"), 303)


@screen.post("/dossiers/<number:number>/joindre/<number:contact>")
@guarded("contact.plan")
def mark(number: str, contact: str) -> ResponseReturnValue:
    """Say what became of it, once."""
    filled = StateForm()
    fields.refuse_twice(filled)
    try:
        services.reaching.mark(guard.actor(), number, contact, filled.state.data or "")
        flashes.leave("contact-marked")
    except InvalidInput:
        flashes.leave("contact-over")
    return redirect(url_for("dossiers.read", number=number), 303)


@screen.get("/dossiers/<number:number>/joindre/<number:contact>/courrier.pdf")
@guarded("contact.plan")
def letter(number: str, contact: str) -> ResponseReturnValue:
    """A neutral letter, kept nowhere."""
    try:
        shown = services.reaching.letter(guard.actor(), number, contact)
    except InvalidInput as problem:
        filled = ReachForm(formdata=None)
        fields.place(filled, problem.problems)
        return _page(services.reaching.prepare(guard.actor(), number), filled), 422
    except ThroughSomebody:
        return _through(number)
    answer = Response(paper.press(paper_sheets.letter(shown)), mimetype=paper.MEDIA_TYPE)
    name = paper_sheets.file_name("courrier", shown.printed_at)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@screen.get("/acces-urgents/precautions")
@guarded("urgent.review")
def overridden() -> ResponseReturnValue:
    """The precautions that were set aside, the newest first."""
    return render_template("safety/overrides.html", lines=services.overrides.waiting(guard.actor()), whole=False)


@screen.get("/acces-urgents/precautions/<number:contact>")
@guarded("urgent.review")
def override(contact: str) -> ResponseReturnValue:
    """One of them with what was typed."""
    return render_template("safety/overrides.html", lines=[services.overrides.read(guard.actor(), contact)], whole=True)


def _through(number: str) -> ResponseReturnValue:
    """The one neutral answer to who must not reach the person themselves."""
    return render_template("safety/through.html", number=number), 404


def _page(shown: ReachPage, filled: ReachForm, desk: drafts.Desk | None = None) -> str:
    filled.channel.choices = fields.options((each.code, each.label) for each in shown.channels)
    filled.purpose.choices = fields.options((each.code, each.label) for each in shown.purposes)
    filled.recipient.choices = fields.options((each.code, each.label) for each in shown.recipients)
    filled.override.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in shown.overrides)])
    aside = bool(filled.override.errors or filled.text.errors or filled.override.data or filled.text.data)
    kept = desk or drafts.Desk(FORM, shown.number)
    return render_template("safety/reach.html", shown=shown, form=filled, aside=aside, draft=kept, problems=fields.summary(filled))
