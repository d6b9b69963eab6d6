"""The agreement to a saisine that was not sought during the call: obtained in time, or refused."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField

from casework import services
from casework.errors import InvalidInput
from casework.services.support.words import GIVEN, REFUSED
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("agreements", __name__)


class AgreementForm(fields.OnceForm):
    """What the person said when asked."""

    state = RadioField(_("La réponse de la personne"), validate_choice=False)
    sure = BooleanField(_("Je comprends que tout ce qui a été noté sur cette personne est effacé, sans retour."))


@screen.get("/dossiers/<number:number>/accord")
@guarded("agreement.record")
def ask(number: str) -> ResponseReturnValue:
    """What is awaited, until when, and the two answers."""
    return _asking(number, AgreementForm(formdata=None))


@screen.post("/dossiers/<number:number>/accord")
@guarded("agreement.record")
def record(number: str) -> ResponseReturnValue:
    """Record the answer; a refusal takes a second tick, because it erases."""
    filled = AgreementForm()
    if not filled.validate():
        return _asking(number, filled), 422
    if filled.state.data == REFUSED and not filled.sure.data:
        filled.sure.errors = [gettext("Cochez cette case pour consigner le refus.")]
        return _asking(number, filled), 422
    try:
        services.agreements.record(guard.actor(), number, filled.state.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _asking(number, filled), 422
    flashes.leave("agreement-given" if filled.state.data == GIVEN else "agreement-refused")
    return redirect(url_for("dossiers.read", number=number) if filled.state.data == GIVEN else url_for("pages.home"), 303)


def _asking(number: str, shown: AgreementForm) -> str:
    page = services.agreements.prepare(guard.actor(), number)
    shown.state.choices = fields.options([(GIVEN, gettext("Elle est d’accord")), (REFUSED, gettext("Elle refuse"))])
    return render_template("support/agreement.html", page=page, form=shown, problems=fields.summary(shown))
