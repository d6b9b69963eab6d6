"""The saisines I sent: their list, the receipt of each, its state, and a complement."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.services.referral.views import Receipt
from casework.web import drafts, fields, flashes, guard
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("sent", __name__)

FORM = "complement"
"""Under which its drafts are kept."""


class ComplementForm(fields.OnceForm):
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
    """The receipt, to read again or to print, where the saisine stands, and the complement as it was being typed."""
    receipt, desk = services.sent.follow(guard.actor(), number), drafts.desk(FORM, number)
    if desk.typed is not None:
        return _shown(receipt, ComplementForm(desk.typed), desk)
    empty = ComplementForm(formdata=None)
    empty.submission.data = fields.new_submission()
    return _shown(receipt, empty, desk)


@screen.post("/saisines/<number:number>/complement")
@guarded("referral.add")
@keeps(lambda given: (FORM, given["number"]))
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
    drafts.drop(FORM, number)
    flashes.leave("complement-added")
    return redirect(url_for("sent.read", number=number), 303)


def _page(number: str, form: ComplementForm) -> str:
    return _shown(services.sent.follow(guard.actor(), number), form, drafts.Desk(FORM, number))


def _shown(receipt: Receipt, form: ComplementForm, desk: drafts.Desk) -> str:
    return render_template("referrals/sent.html", receipt=receipt, form=form, draft=desk, problems=fields.summary(form))
