"""Examining the saisines that arrived, and naming another lead."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField

from casework import services
from casework.errors import DecidedMeanwhile, InvalidInput, StaleVersion
from casework.services.drafts import ExaminationDraft
from casework.services.referral.views import Examination, Releading
from casework.services.views import Choice
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("examinations", __name__)


class ExaminationForm(fields.OnceForm):
    """The outcome, and what that outcome needs; the verb says what is missing."""

    outcome = RadioField(_("Issue de l’examen"), validate_choice=False)
    lead = SelectField(_("Référent·e de parcours"), validate_choice=False)
    next_date = fields.DayField(_("Prochaine échéance"), [])
    redirected_to = SelectField(_("Vers quel service"), validate_choice=False)
    duplicate_of = StringField(_("Numéro du dossier déjà suivi"))

    def offer(self, lists: Examination) -> None:
        """Offer the closed lists and the people who may lead."""
        self.outcome.choices = _pairs(lists.outcomes)
        self.lead.choices, self.redirected_to.choices = _with_none(lists.leads), _with_none(lists.redirections)

    def draft(self) -> ExaminationDraft:
        """What was decided."""
        return ExaminationDraft(
            outcome=self.outcome.data or "",
            lead=self.lead.data or "",
            next_date=self.next_date.data,
            redirected_to=self.redirected_to.data or "",
            duplicate_of=self.duplicate_of.data or "",
        )


class LeadForm(fields.OnceForm):
    """Who is in charge from now on."""

    lead = SelectField(_("Référent·e de parcours"), [fields.required(_("Choisissez la personne référente."))], validate_choice=False)


@screen.get("/saisines")
@guarded("referral.examine")
def waiting() -> ResponseReturnValue:
    """What waits to be examined, the most urgent first."""
    return render_template("examinations/waiting.html", lines=services.examination.waiting(guard.actor()))


@screen.get("/saisines/<number:number>/examen")
@guarded("referral.examine")
def form(number: str) -> ResponseReturnValue:
    """One saisine, whole, and the outcome to choose."""
    return _page(services.examination.prepare(guard.actor(), number), ExaminationForm(formdata=None))


@screen.post("/saisines/<number:number>/examen")
@guarded("referral.examine")
def decide(number: str) -> ResponseReturnValue:
    """Give it its outcome."""
    filled = ExaminationForm()
    filled.validate()  # for a date that cannot be read; whether it is needed is the verb's to say
    draft = filled.draft()
    try:
        fields.refuse_twice(filled)
        services.examination.decide(guard.actor(), number, draft)
    except InvalidInput as problem:
        fields.place(filled, problem.problems, only_where_silent=True)
        return _page(services.examination.prepare(guard.actor(), number), filled), 422
    except DecidedMeanwhile:
        return render_template("examinations/decided.html", shown=services.examined.read(guard.actor(), number, draft)), 409
    flashes.leave("child-protection" if draft.outcome == "child_protection" else "referral-examined")
    return redirect(url_for("dossiers.read", number=number), 303)


@screen.get("/dossiers/<number:number>/reference")
@guarded("dossier.relead")
def lead(number: str) -> ResponseReturnValue:
    """Who is in charge, and who may be."""
    return _lead_page(services.lifecycle.releading(guard.actor(), number), LeadForm(formdata=None))


@screen.post("/dossiers/<number:number>/reference")
@guarded("dossier.relead")
def relead(number: str) -> ResponseReturnValue:
    """Name somebody else."""
    filled = LeadForm()
    seen = filled.beside("seen")
    if not filled.validate():
        return _lead_page(services.lifecycle.releading(guard.actor(), number), filled), 422
    try:
        services.lifecycle.relead(guard.actor(), number, filled.lead.data or "", seen=seen)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _lead_page(services.lifecycle.releading(guard.actor(), number), filled), 422
    except StaleVersion:
        return _lead_page(services.lifecycle.releading(guard.actor(), number), filled, changed=True), 409
    flashes.leave("lead-named")
    return redirect(url_for("dossiers.read", number=number), 303)


def _page(shown: Examination, form: ExaminationForm) -> str:
    form.offer(shown)
    return render_template("examinations/form.html", shown=shown, form=form, problems=fields.summary(form))


def _lead_page(shown: Releading, form: LeadForm, *, changed: bool = False) -> str:
    form.lead.choices = _with_none(shown.leads)
    return render_template("examinations/lead.html", shown=shown, form=form, changed=changed, problems=fields.summary(form))


def _pairs(choices: tuple[Choice, ...]) -> list[Any]:
    return fields.options((choice.code, choice.label) for choice in choices)


def _with_none(choices: tuple[Choice, ...]) -> list[Any]:
    return [*fields.options([("", _("Choisir…"))]), *_pairs(choices)]
