"""A consigne d'adressage, which is answered alike for every number; and a child in danger, for whom nobody waits."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.safety.addressing import ConsigneDraft
from casework.services.safety.views import DangerDraft, DangerPage
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("safety", __name__)


class ConsigneForm(fields.OnceForm):
    """Which file, and through whom."""

    number = StringField(_("Numéro du dossier de l’enfant"), [fields.required(_("Indiquez le numéro du dossier, par exemple 2026-0042."))])
    through = StringField(_("Passer par qui"), [fields.required(_("Indiquez la personne par qui passer, et comment la joindre."))])


class LiftForm(fields.OnceForm):
    """Of which file a consigne is lifted."""

    lifted = StringField(_("Numéro du dossier de l’enfant"), [fields.required(_("Indiquez le numéro du dossier, par exemple 2026-0042."))])


class DangerForm(fields.OnceForm):
    """What is recorded of a report: to whom, which day, under which receipt."""

    to = RadioField(_("Transmis à"), [fields.required(_("Choisissez dans la liste."))], validate_choice=False)
    day = fields.DayField(_("Le"), [fields.required(_("Indiquez le jour de la transmission."))])
    receipt = StringField(_("Référence du récépissé"))
    submission = HiddenField(validators=[fields.submitted])


@screen.get("/consigne")
@guarded("addressing.set")
def consigne() -> ResponseReturnValue:
    """The form: a number, and through whom to go."""
    return _consigne(ConsigneForm(formdata=None), LiftForm(formdata=None))


@screen.post("/consigne")
@guarded("addressing.set")
def set_consigne() -> ResponseReturnValue:
    """Set it, if that file exists: the answer does not say."""
    filled = ConsigneForm()
    if not filled.validate():
        return _consigne(filled, LiftForm(formdata=None)), 422
    try:
        services.addressing.set(guard.actor(), ConsigneDraft(filled.number.data or "", filled.through.data or ""))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _consigne(filled, LiftForm(formdata=None)), 422
    flashes.leave("consigne-set")
    return redirect(url_for("safety.consigne"), 303)


@screen.post("/consigne/levee")
@guarded("addressing.set")
def lift_consigne() -> ResponseReturnValue:
    """Lift mine, if there is one: the answer does not say either."""
    filled = LiftForm()
    if not filled.validate():
        return _consigne(ConsigneForm(formdata=None), filled), 422
    try:
        services.addressing.lift(guard.actor(), filled.lifted.data or "")
    except InvalidInput as problem:
        fields.place(filled, {"lifted": problem.problems["number"]})
        return _consigne(ConsigneForm(formdata=None), filled), 422
    flashes.leave("consigne-lifted")
    return redirect(url_for("safety.consigne"), 303)


@screen.get("/enfant-en-danger")
@guarded("danger.guide")
def danger() -> ResponseReturnValue:
    """To whom one turns, at once."""
    return render_template("safety/danger.html", guide=services.danger.guide(guard.actor()), shown=None, form=None, problems=[])


@screen.get("/dossiers/<number:number>/enfant-en-danger")
@guarded("danger.report")
def record(number: str) -> ResponseReturnValue:
    """The same, and the form that records that it was done."""
    filled = DangerForm(formdata=None, submission=fields.new_submission())
    return _danger(services.danger.prepare(guard.actor(), number), filled)


@screen.post("/dossiers/<number:number>/enfant-en-danger")
@guarded("danger.report")
def report(number: str) -> ResponseReturnValue:
    """Record it."""
    filled = DangerForm()
    try:
        if not filled.validate():
            return _danger(services.danger.prepare(guard.actor(), number), filled), 422
        draft = DangerDraft(filled.to.data or "", filled.day.data, filled.receipt.data or "", filled.submission.data or "")
        services.danger.report(guard.actor(), number, draft)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _danger(services.danger.prepare(guard.actor(), number), filled), 422
    flashes.leave("danger-recorded")
    return redirect(url_for("dossiers.read", number=number, _anchor="suivi"), 303)


def _consigne(setting: ConsigneForm, lifting: LiftForm) -> str:
    longest = services.addressing.prepare(guard.actor())
    problems = [*fields.summary(setting), *fields.summary(lifting)]
    return render_template("safety/consigne.html", form=setting, lifting=lifting, longest=longest, problems=problems)


def _danger(shown: DangerPage, filled: DangerForm) -> str:
    filled.to.choices = fields.options((each.code, each.label) for each, _lines in shown.guide.recipients)
    if filled.day.data is None and not filled.day.errors:
        filled.day.data = shown.today
    return render_template("safety/danger.html", guide=shown.guide, shown=shown, form=filled, problems=fields.summary(filled))
