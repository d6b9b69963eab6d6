"""The charter, read and signed. Until then the guard leads everybody here."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from casework import services
from casework.errors import InvalidInput
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("charter", __name__)


class CharterForm(fields.OnceForm):
    """One box and one button: a signature is an act."""

    read = BooleanField(_("J’ai lu la charte et je la signe."))


@screen.get("/charte")
@guarded("charter.sign")
def read() -> ResponseReturnValue:
    """The text, and the form for whoever has not signed it."""
    return _page(CharterForm(formdata=None))


@screen.post("/charte")
@guarded("charter.sign")
def sign() -> ResponseReturnValue:
    """Record the signature, and go to the first page."""
    filled = CharterForm()
    try:
        fields.refuse_twice(filled)
        services.signatures.sign(guard.actor(), read=bool(filled.read.data))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled), 422
    flashes.leave("charter-signed")
    return redirect(url_for("pages.home"), 303)


def _page(form: CharterForm) -> str:
    return render_template("charter/read.html", shown=services.signatures.page(guard.actor()), form=form, problems=fields.summary(form))
