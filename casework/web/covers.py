"""The covered screen: one page, the only one that a covered session is answered, and what takes the cover away: a code or a passphrase."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException
from wtforms import PasswordField

from casework import services
from casework.errors import InvalidInput, SessionEnded
from casework.web import cookies, fields, guard
from casework.web.guard import guarded, public, under_cover

screen = Blueprint("covers", __name__)

WAYS = {"screen": "sitting.show", "sheet": "presence.sheet"}
REASON = "a covered session is nobody's: this page shows nothing and asks for a code or a passphrase"


class CodeForm(fields.OnceForm):
    """The code that was chosen when the meeting was opened."""

    code = PasswordField(_("Code"), [fields.required(_("Saisissez votre code."))])


class PassphraseForm(fields.OnceForm):
    """The passphrase one signed in with."""

    code = PasswordField(_("Phrase de passe"), [fields.required(_("Saisissez votre phrase de passe."))])


@screen.post("/ecran/couvrir")
@guarded("session.sign_in")
def cover() -> ResponseReturnValue:
    """Cover the screen, whatever came with it. The page to come back to waits in the signed cookie, so that no address has a number."""
    services.covering.cover(guard.instance(), cookies.session_secret() or "")
    pages = request.form.getlist("page")
    session["suite"] = pages[0] if len(pages) == 1 and _is_read_at(pages[0]) else ""
    return redirect(url_for("covers.form"), 303)


@screen.get("/ecran")
@public(REASON)
@under_cover
def form() -> ResponseReturnValue:
    """The cover; whoever is not covered goes on."""
    if not _covered():
        return _onward("")
    return _page(_form()(formdata=None))


@screen.post("/ecran")
@public(REASON)
@under_cover
def uncover() -> ResponseReturnValue:
    """The code or the passphrase: back to what was on the screen."""
    if not _covered():
        return _onward("")
    filled = _form()()
    if not filled.validate():
        return _page(filled), 422
    try:
        meeting = services.covering.uncover(guard.instance(), cookies.session_secret() or "", filled.code.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled), 403
    return _onward(meeting)


def _is_read_at(path: str) -> bool:
    """Whether a page is read there: a form that came back from its sending stands at an address that may only take."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def _covered() -> bool:
    """Raises SessionEnded for no session at all."""
    secret = cookies.session_secret()
    if secret is None:
        raise SessionEnded
    return services.covering.covered(guard.instance(), secret)


def _form() -> type[CodeForm | PassphraseForm]:
    return CodeForm if services.covering.has_code(guard.instance(), cookies.session_secret() or "") else PassphraseForm


def _onward(meeting: str) -> ResponseReturnValue:
    """Back to the item for whoever conducts the meeting, to the sheet for whoever keeps it; else to the page that was covered."""
    actor = services.sessions.resume(guard.instance(), cookies.session_secret() or "")
    where = WAYS.get(services.showing.way_back(actor, meeting) if meeting else "")
    page = guard.local_path(session.pop("suite", None))
    return redirect(url_for(where, meeting=meeting) if where else page or url_for("pages.home"), 303)


def _page(shown: CodeForm | PassphraseForm) -> str:
    coded = isinstance(shown, CodeForm)
    return render_template("sitting/cover.html", form=shown, coded=coded, problems=fields.summary(shown))
