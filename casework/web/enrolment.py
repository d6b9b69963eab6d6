"""Enrolment at first sign-in, in four pages: the code, the telephone, the sheet, the fingerprint."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from wtforms import PasswordField, StringField, ValidationError

from casework import services
from casework.errors import InvalidInput, SessionEnded, SignInRefused, TooManyAttempts
from casework.web import cookies, fields, flashes, guard, qr
from casework.web.guard import public

screen = Blueprint("enrolment", __name__)
REASON = "who enrols has no account of keys yet: the single-use code decides"


class BeginForm(fields.OnceForm):
    """The officer's code and a passphrase of one's own, twice."""

    username = StringField(_("Identifiant"), [fields.required(_("Saisissez votre identifiant."))])
    code = StringField(_("Code d’enrôlement"), [fields.required(_("Saisissez le code remis par l’officier ou l’officière."))])
    passphrase = PasswordField(_("Phrase de passe"), [fields.required(_("Choisissez une phrase de passe."))])
    repeated = PasswordField(_("La même, encore une fois"), [fields.required(_("Retapez la phrase de passe."))])

    def validate_repeated(self, field: PasswordField) -> None:
        """Twice the same."""
        if field.data and self.passphrase.data and field.data != self.passphrase.data:
            raise ValidationError(gettext("Les deux phrases ne sont pas les mêmes."))


class ConfirmForm(fields.OnceForm):
    """A code the telephone shows."""

    code = StringField(
        _("Code affiché par le téléphone"),
        [fields.required(_("Recopiez les 6 chiffres que votre téléphone affiche."))],
        filters=[lambda text: "".join((text or "").split())],
    )


def under_way(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """An enrolment that ended leads back to its first page and says why."""

    @wraps(view)
    def followed(*given: Any, **named: Any) -> ResponseReturnValue:
        try:
            return view(*given, **named)
        except SessionEnded:
            flashes.leave("enrolment-over")
            return redirect(url_for("enrolment.form"), 303)

    return followed


@screen.get("/enrolement")
@public(REASON)
def form() -> ResponseReturnValue:
    """The first page; whoever is inside already goes on."""
    if current_user.is_authenticated:
        return redirect(url_for("pages.home"), 303)
    return _begin(BeginForm(formdata=None))


@screen.post("/enrolement")
@public(REASON)
def begin() -> ResponseReturnValue:
    """Make the keys."""
    filled = BeginForm()
    if not filled.validate():
        return _begin(filled), 422
    typed = filled.username.data or "", filled.code.data or "", filled.passphrase.data or ""
    try:
        secret = services.enrolment.begin(guard.instance(), *typed, address=_address())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _begin(filled), 422
    except SignInRefused:
        filled.form_errors.append(
            gettext("Identifiant ou code incorrect, ou code périmé. Demandez-en un autre à l’officier ou l’officière.")
        )
        return _begin(filled), 403
    except TooManyAttempts as problem:
        filled.form_errors.append(_wait(problem.retry_after))
        return _begin(filled), 429, {"Retry-After": str(problem.retry_after)}
    return _welcome(secret)


@screen.get("/enrolement/telephone")
@public(REASON)
@under_way
def telephone() -> ResponseReturnValue:
    """The telephone's key, as a picture and as letters, until it is proven."""
    if services.enrolment.resume(guard.instance(), _secret()).confirmed:
        return redirect(url_for("enrolment.sheet"), 303)
    return _telephone(ConfirmForm(formdata=None))


@screen.post("/enrolement/telephone")
@public(REASON)
@under_way
def confirm() -> ResponseReturnValue:
    """Prove the telephone."""
    filled = ConfirmForm()
    if not filled.validate():
        return _telephone(filled), 422
    try:
        services.enrolment.confirm(guard.instance(), _secret(), filled.code.data or "", address=_address())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        filled.code.data = ""
        return _telephone(filled), 422
    except TooManyAttempts as problem:
        filled.form_errors.append(_wait(problem.retry_after))
        return _telephone(filled), 429, {"Retry-After": str(problem.retry_after)}
    return redirect(url_for("enrolment.sheet"), 303)


@screen.get("/enrolement/feuille")
@public(REASON)
@under_way
def sheet() -> ResponseReturnValue:
    """The recovery sheet, to print."""
    return _after_telephone("enrolment/sheet.html")


@screen.get("/enrolement/empreinte")
@public(REASON)
@under_way
def fingerprint() -> ResponseReturnValue:
    """The fingerprint, to read aloud."""
    return _after_telephone("enrolment/fingerprint.html")


@screen.post("/enrolement/fin")
@public(REASON)
def finish() -> ResponseReturnValue:
    """Forget all of it here, and go to the door."""
    secret = cookies.session_secret()
    if secret:
        services.enrolment.finish(guard.instance(), secret)
    flashes.leave("enrolment-done")
    response = make_response(redirect(url_for("sign_in.form"), 303))
    cookies.take_secret(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _begin(shown: BeginForm) -> str:
    return render_template("enrolment/begin.html", form=shown, problems=fields.summary(shown), suggestion=services.enrolment.suggestion())


def _welcome(secret: str) -> Response:
    response = make_response(redirect(url_for("enrolment.telephone"), 303))
    cookies.give_secret(response, secret)
    return response


def _telephone(shown: ConfirmForm) -> str:
    found = services.enrolment.resume(guard.instance(), _secret())
    return render_template("enrolment/telephone.html", form=shown, problems=fields.summary(shown), shown=found, picture=qr.svg(found.uri))


def _after_telephone(template: str) -> ResponseReturnValue:
    found = services.enrolment.resume(guard.instance(), _secret())
    if not found.confirmed:
        return redirect(url_for("enrolment.telephone"), 303)
    return render_template(template, shown=found)


def _secret() -> str:
    secret = cookies.session_secret()
    if secret is None:
        raise SessionEnded
    return secret


def _address() -> str:
    return request.remote_addr or ""


def _wait(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    sentence: str = ngettext("Trop d’essais. Réessayez dans une minute.", "Trop d’essais. Réessayez dans %(num)s minutes.", minutes)
    return sentence
