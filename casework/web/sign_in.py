"""Signing in and out. One form, one sentence for every refusal."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from wtforms import PasswordField, StringField

from casework import services
from casework.errors import SignInRefused, TooManyAttempts
from casework.web import cookies, fields, flashes, guard
from casework.web.guard import public, under_cover

screen = Blueprint("sign_in", __name__)


class SignInForm(fields.OnceForm):
    """User name, passphrase and one-time code, asked together so that a refusal says nothing of which one was wrong."""

    username = StringField(
        _("Identifiant"),
        [fields.required(_("Saisissez votre identifiant."))],
        filters=[lambda text: (text or "").strip()],
    )
    passphrase = PasswordField(_("Phrase de passe"), [fields.required(_("Saisissez votre phrase de passe."))])
    code = StringField(
        _("Code à usage unique"),
        [fields.required(_("Saisissez le code affiché par votre application."))],
        filters=[lambda text: "".join((text or "").split())],
    )

    def three(self) -> tuple[str, str, str]:
        """What was typed: user name, passphrase, code."""
        return self.username.data or "", self.passphrase.data or "", self.code.data or ""


@screen.get("/connexion")
@public("this is the door")
def form() -> ResponseReturnValue:
    """The empty form; whoever is already inside goes on."""
    if current_user.is_authenticated:
        return redirect(url_for("pages.home"), 303)
    return _page(SignInForm())


@screen.post("/connexion")
@public("this is the door")
def enter() -> ResponseReturnValue:
    """Check the three, open the session, and go where one wanted to go."""
    filled = SignInForm()
    if not filled.validate():
        return _page(filled), 422
    try:
        found = services.sign_in(guard.instance(), *filled.three(), address=request.remote_addr or "")
    except SignInRefused:
        return _refused(
            filled, gettext("Identifiant, phrase de passe ou code incorrect. Un code ne sert qu’une fois : attendez le suivant.")
        ), 403
    except TooManyAttempts as problem:
        return _refused(filled, wait(problem.retry_after)), 429, {"Retry-After": str(problem.retry_after)}
    services.conflicts.settle_pending(found)  # what waited for a keeper like them does not wait for a click
    services.turnover.settle_pending(found)
    services.due_keys.settle_pending(found)
    return _welcome(services.sessions.start(found))


@screen.post("/deconnexion")
@public("leaving must work even when the session has already ended")
@under_cover
def leave() -> ResponseReturnValue:
    """End the session on the server, forget both cookies, and say so."""
    _end_session()
    session.clear()
    flashes.leave("signed-out")
    response = make_response(redirect(url_for("sign_in.form"), 303))
    cookies.take_secret(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(shown: SignInForm) -> str:
    return render_template("sign_in.html", form=shown, problems=fields.summary(shown))


def _refused(filled: SignInForm, sentence: str) -> str:
    filled.form_errors.append(sentence)
    filled.code.data = ""
    return _page(filled)


def wait(seconds: int) -> str:
    """What somebody reads who tried too often: in how many minutes to try again."""
    minutes = max(1, -(-seconds // 60))
    sentence: str = ngettext("Trop d’essais. Réessayez dans une minute.", "Trop d’essais. Réessayez dans %(num)s minutes.", minutes)
    return sentence


def _welcome(secret: str) -> Response:
    """A new session: the former one ends, the signed cookie starts afresh."""
    wanted = session.get("suite")
    _end_session()
    session.clear()
    response = make_response(redirect(guard.local_path(wanted) or url_for("pages.home"), 303))
    cookies.give_secret(response, secret)
    return response


def _end_session() -> None:
    secret = cookies.session_secret()
    if secret is not None:
        services.sessions.end(guard.instance(), secret)
