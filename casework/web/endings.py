"""The person ends the follow-up: one page that says what it does, one button; then the steward's review before the purge."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import services
from casework.errors import InvalidInput
from casework.web import fields, flashes, guard
from casework.web.guard import guarded
from casework.web.orientation_forms import FindingForm

screen = Blueprint("endings", __name__)


@screen.get("/dossiers/<number:number>/arret")
@guarded("agreement.withdraw")
def form(number: str) -> ResponseReturnValue:
    """What it does, before it is done."""
    return render_template("orientations/withdraw.html", shown=services.withdrawing.prepare(guard.actor(), number))


@screen.post("/dossiers/<number:number>/arret")
@guarded("agreement.withdraw")
def withdraw(number: str) -> ResponseReturnValue:
    """End the follow-up."""
    services.withdrawing.withdraw(guard.actor(), number)
    flashes.leave("follow-up-ended")
    return redirect(url_for("dossiers.mine"), 303)


@screen.get("/dossiers/<number:number>/revue")
@guarded("purge.review")
def review(number: str) -> ResponseReturnValue:
    """What the review found, or the form on which it is told."""
    return _page(FindingForm(formdata=None), number)


@screen.post("/dossiers/<number:number>/revue")
@guarded("purge.review")
def decide(number: str) -> ResponseReturnValue:
    """Record what the review found."""
    filled = FindingForm()
    if not filled.validate():
        return _page(filled, number), 422
    try:
        services.purging.decide(guard.actor(), number, filled.finding.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled, number), 422
    flashes.leave("purge-reviewed")
    return redirect(url_for("endings.review", number=number), 303)


def _page(form: FindingForm, number: str) -> str:
    shown = services.purging.prepare(guard.actor(), number)
    form.finding.choices = fields.options((each.code, each.label) for each in shown.findings)
    return render_template("orientations/purge.html", form=form, shown=shown, problems=fields.summary(form))
