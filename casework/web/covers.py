"""The covered screen: one page, the only one that a covered session is answered, and the code that takes the cover away."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField

from casework import services
from casework.errors import InvalidInput, SessionEnded
from casework.web import cookies, fields, guard
from casework.web.guard import public, under_cover

screen = Blueprint("covers", __name__)

WAYS = {"screen": "sitting.show", "sheet": "presence.sheet"}
REASON = "a covered session is nobody's: this page shows nothing and asks for the code"


class CodeForm(FlaskForm):
    """The code that was chosen when the meeting was opened."""

    code = PasswordField(_("Code"), [fields.required(_("Saisissez votre code."))])


@screen.get("/ecran")
@public(REASON)
@under_cover
def form() -> ResponseReturnValue:
    """The cover; whoever is not covered goes on."""
    if not _covered():
        return _onward("")
    return _page(CodeForm(formdata=None))


@screen.post("/ecran")
@public(REASON)
@under_cover
def uncover() -> ResponseReturnValue:
    """The code: back to the item that was on the screen."""
    filled = CodeForm()
    if not _covered():
        return _onward("")
    if not filled.validate():
        return _page(filled), 422
    try:
        meeting = services.covering.uncover(guard.instance(), cookies.session_secret() or "", filled.code.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled), 403
    return _onward(meeting)


def _covered() -> bool:
    """Raises SessionEnded for no session at all."""
    secret = cookies.session_secret()
    if secret is None:
        raise SessionEnded
    return services.covering.covered(guard.instance(), secret)


def _onward(meeting: str) -> ResponseReturnValue:
    """Back to the item for whoever conducts the meeting, to the sheet for whoever keeps it; home once it is over."""
    actor = services.sessions.resume(guard.instance(), cookies.session_secret() or "")
    where = WAYS.get(services.showing.way_back(actor, meeting) if meeting else "")
    return redirect(url_for(where, meeting=meeting) if where else url_for("pages.home"), 303)


def _page(shown: CodeForm) -> str:
    return render_template("sitting/cover.html", form=shown, problems=fields.summary(shown))
