"""The saisines I sent: their list, the receipt of each, its state, and a complement."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("sent", __name__)


class ComplementForm(FlaskForm):
    """What the cell should know besides."""

    body = TextAreaField(
        _("Complément"), [fields.required(_("Écrivez ce que la cellule doit savoir de plus."))], filters=[fields.plain_lines]
    )
    submission = HiddenField(validators=[fields.submitted])


@screen.get("/saisines/envoyees")
@guarded("referral.follow")
def mine() -> ResponseReturnValue:
    """All of them, and where each stands."""
    return render_template("referrals/mine.html", sent=services.sent.mine(guard.actor()))


@screen.get("/saisines/<number:number>")
@guarded("referral.follow")
def read(number: str) -> ResponseReturnValue:
    """The receipt, to read again or to print, and where the saisine stands."""
    empty = ComplementForm(formdata=None)
    empty.submission.data = fields.new_submission()
    return _page(number, empty)


@screen.post("/saisines/<number:number>/complement")
@guarded("referral.add")
def add(number: str) -> ResponseReturnValue:
    """Deposit a complement once."""
    filled = ComplementForm()
    if not filled.validate():
        return _page(number, filled), 422
    try:
        services.complements.add(guard.actor(), number, filled.body.data or "", filled.submission.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(number, filled), 422
    flashes.leave("complement-added")
    return redirect(url_for("sent.read", number=number), 303)


def _page(number: str, form: ComplementForm) -> str:
    receipt = services.sent.follow(guard.actor(), number)
    return render_template("referrals/sent.html", receipt=receipt, form=form, problems=fields.summary(form))
