"""A partner without an account: the page of a link, a visit, one answer. No session, no name, no number in any address.

The link's secret stands after the # of the address, which no browser sends; it arrives in the body of a form, with the code said by voice.
"""

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField

from casework import services
from casework.errors import InvalidInput, LinkRefused, TooManyAttempts
from casework.services.partner.views import PartnerDraft, VisitView
from casework.web import fields, guard
from casework.web.guard import public
from casework.web.sign_in import wait

screen = Blueprint("partner", __name__, url_prefix="/lien")

OUTSIDE = "outside: a partner without an account; the link itself decides"
PATH = "/lien"


class EnterForm(fields.OnceForm):
    """The link and the code, asked together so that a refusal says nothing of which one was wrong."""

    secret = StringField(
        _("Lien reçu"), [fields.required(_("Collez le lien que vous avez reçu."))], filters=[lambda text: (text or "").strip()]
    )
    code = StringField(_("Code donné de vive voix"), [fields.required(_("Saisissez le code qu’on vous a dit."))])

    def both(self) -> tuple[str, str]:
        """What was typed: link, code."""
        return self.secret.data or "", self.code.data or ""


class AnswerForm(fields.OnceForm):
    """Accept, decline with a reason, or a result; a day and a contact."""

    answer = RadioField(_("Votre réponse"), validate_choice=False)
    reason = SelectField(_("Pourquoi ?"), validate_choice=False)
    result = SelectField(_("Qu’en est-il ?"), validate_choice=False)
    on = fields.DayField(_("Jour"), [])
    text = StringField(_("Contact au service"), filters=[lambda text: (text or "").strip()])

    def draft(self) -> PartnerDraft:
        """What was typed."""
        return PartnerDraft(self.answer.data or "", self.reason.data or "", self.result.data or "", self.on.data, self.text.data or "")

    def offer(self, shown: VisitView) -> None:
        """The lists of this visit; for an action the free field is a few words."""
        self.answer.choices = fields.options([(each.code, each.label) for each in shown.answers])
        self.reason.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in shown.reasons)])
        self.result.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in shown.results)])
        if shown.kind == "task":
            self.text.label.text = gettext("En quelques mots")
        if len(shown.answers) == 1:
            self.answer.data = shown.answers[0].code


@screen.get("")
@public(OUTSIDE)
def form() -> str:
    """The empty form: the same for everybody, whatever link brought them."""
    return _door(EnterForm(formdata=None))


@screen.post("")
@public(OUTSIDE)
def enter() -> ResponseReturnValue:
    """Look at link and code; one answer for whatever is wrong."""
    filled = EnterForm()
    if not filled.validate():
        return _door(filled), 422
    try:
        cookie = services.entering.enter(guard.instance(), *filled.both(), address=request.remote_addr or "")
    except LinkRefused:
        sentence = gettext("Ce lien et ce code n’ouvrent rien. Vérifiez le code, ou rappelez la personne qui vous l’a donné.")
        filled.form_errors.append(sentence)
        return _door(filled), 403
    except TooManyAttempts as problem:
        filled.form_errors.append(wait(problem.retry_after))
        return _door(filled), 429, {"Retry-After": str(problem.retry_after)}
    response = make_response(redirect(url_for("partner.read"), 303))
    response.set_cookie(_name(), cookie, secure=_secure(), httponly=True, samesite="Strict", path=PATH)
    return response


@screen.get("/visite")
@public(OUTSIDE)
def read() -> ResponseReturnValue:
    """What was sealed for the partner, and the form of their answer."""
    try:
        return _visit(AnswerForm(formdata=None))
    except LinkRefused:
        return _over()


@screen.post("/visite")
@public(OUTSIDE)
def answer() -> ResponseReturnValue:
    """Take the answer; then nothing opens any more."""
    filled = AnswerForm()
    filled.validate()  # for a day that cannot be read; what is needed is the verb's to say
    try:
        fields.refuse_twice(filled)
        services.visits.answer(guard.instance(), _cookie(), filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems, only_where_silent=True)
        return _visit(filled), 422
    except LinkRefused:
        return _over()
    return _forget(redirect(url_for("partner.thanks"), 303))


@screen.post("/quitter")
@public(OUTSIDE)
def leave() -> ResponseReturnValue:
    """End the visit at once: coming back, or going back, shows nothing."""
    try:
        services.visits.leave(guard.instance(), _cookie())
    except LinkRefused:
        return _over()
    return _forget(redirect(url_for("partner.left"), 303))


@screen.get("/merci")
@public(OUTSIDE)
def thanks() -> str:
    """After an answer. It says nothing of whom it was about."""
    return render_template("partner/thanks.html")


@screen.get("/fin")
@public(OUTSIDE)
def left() -> str:
    """After leaving: an empty page."""
    return render_template("partner/left.html")


def _door(shown: EnterForm) -> str:
    return render_template("partner/enter.html", form=shown, problems=fields.summary(shown))


def _visit(shown: AnswerForm) -> str:
    view = services.visits.read(guard.instance(), _cookie())
    shown.offer(view)
    return render_template("partner/visit.html", form=shown, shown=view, problems=fields.summary(shown))


def _over() -> Response:
    """One page, whatever ended; the cookie goes."""
    return _forget(make_response(render_template("partner/over.html"), 403))


def _cookie() -> str:
    return request.cookies.get(_name(), "")


def _forget(response: ResponseReturnValue) -> Response:
    made = make_response(response)
    made.delete_cookie(_name(), secure=_secure(), httponly=True, samesite="Strict", path=PATH)
    return made


def _name() -> str:
    return "__Secure-lien" if _secure() else "lien"


def _secure() -> bool:
    return bool(current_app.config["CASEWORK_SECURE"])
