"""Accès urgent: opening one, reading by it as long as it lasts, and reviewing those that others opened."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField

from casework import services
from casework.errors import InvalidInput, NotFound, TooManyAttempts
from casework.services.emergency.urgent import UrgentRequest
from casework.services.emergency.views import UrgentDesk, UrgentReason
from casework.web import drafts, fields, flashes, guard, i18n, shapes
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("urgent", __name__)

DRAFT = ("urgent", "")
"""Under which what one types before opening is kept."""

UNKNOWN = _(
    "Aucun dossier que garde votre astreinte ne porte ce numéro, ou exactement ce nom et cette date de naissance. Cet essai est enregistré."
)


class UrgentForm(fields.OnceForm):
    """Which dossier, by number or by exact name and birth date; a reason from the list and one in words."""

    number = StringField(_("Numéro du dossier"))
    last_name = StringField(_("Nom"))
    first_name = StringField(_("Prénom"))
    birth_date = fields.DayField(_("Date de naissance"), [])
    reason = RadioField(_("Motif"), [fields.required(_("Choisissez un motif."))], validate_choice=False)
    text = TextAreaField(
        _("Pourquoi cela ne peut pas attendre"), [fields.required(_("Écrivez pourquoi cela ne peut pas attendre."))],
        filters=[fields.plain_lines],
    )  # fmt: skip

    def request(self) -> UrgentRequest:
        """What was typed."""
        typed: dict[str, Any] = self.data
        texts = {name: typed[name] or "" for name in ("number", "first_name", "last_name", "reason", "text")}
        return UrgentRequest(**texts, birth_date=typed["birth_date"])


class ReviewForm(fields.OnceForm):
    """What the review found."""

    finding = RadioField(_("Conclusion"), [fields.required(_("Choisissez une conclusion."))], validate_choice=False)


@screen.get("/acces-urgent")
@guarded("urgent.open")
def desk() -> ResponseReturnValue:
    """The form, as it was being typed, what will happen, and my own accesses."""
    shown, kept = services.urgent.desk(guard.actor()), drafts.desk(*DRAFT)
    return _desk(UrgentForm(kept.typed), shown, kept)


@screen.post("/acces-urgent")
@guarded("urgent.open")
@keeps(lambda _given: DRAFT)
def enter() -> ResponseReturnValue:
    """Open it, announce it, go there. What does not exist and what is not mine to open get one sentence."""
    filled = UrgentForm()
    if not filled.validate():
        return _again(filled), 422
    try:
        opened = services.urgent.open(guard.actor(), filled.request())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _again(filled), 422
    except NotFound:
        filled.form_errors.append(str(UNKNOWN))
        return _again(filled), 404
    except TooManyAttempts as problem:
        filled.form_errors.append(_wait(problem.retry_after))
        return _again(filled), 429, {"Retry-After": str(problem.retry_after)}
    drafts.drop(*DRAFT)
    flashes.leave("urgent-opened")
    one = url_for("urgent.read", access=opened[0]) if len(opened) == 1 else url_for("urgent.desk")
    return redirect(one, 303)


@screen.get("/acces-urgent/<number:access>")
@guarded("urgent.read")
def read(access: str) -> ResponseReturnValue:
    """The dossier, until the half hour is over; then the browser leaves the page by itself."""
    shown = services.urgent.read(guard.actor(), access)
    rows = shapes.rows(shown.timeline, i18n.language())
    response = make_response(render_template("urgent/read.html", shown=shown, rows=rows, ids=shapes.ids(shown.timeline)))
    left = (shown.access.until - guard.instance().clock.now()).total_seconds()
    response.headers["Refresh"] = f"{max(1, int(left) + 1)}; url={url_for('urgent.desk')}"
    return response


@screen.get("/acces-urgent/<number:access>/motif")
@guarded("urgent.open")
def reason(access: str) -> ResponseReturnValue:
    """What I typed, re-read."""
    return render_template("urgent/reason.html", shown=services.urgent.own_reason(guard.actor(), access))


@screen.get("/acces-urgents")
@guarded("urgent.review")
def reviews() -> ResponseReturnValue:
    """What waits to be reviewed, and what was."""
    return render_template("urgent/reviews.html", shown=services.urgent_review.waiting(guard.actor()))


@screen.get("/acces-urgents/<number:access>")
@guarded("urgent.review")
def review(access: str) -> ResponseReturnValue:
    """One access with its reason."""
    return _review(ReviewForm(formdata=None), services.urgent_review.read(guard.actor(), access))


@screen.post("/acces-urgents/<number:access>")
@guarded("urgent.review")
def decide(access: str) -> ResponseReturnValue:
    """Say what the review found."""
    filled = ReviewForm()
    if not filled.validate():
        return _review(filled, services.urgent_review.read(guard.actor(), access)), 422
    try:
        services.urgent_review.decide(guard.actor(), access, filled.finding.data)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _review(filled, services.urgent_review.read(guard.actor(), access)), 422
    flashes.leave("urgent-reviewed")
    return redirect(url_for("urgent.reviews"), 303)


def _again(filled: UrgentForm) -> str:
    """The form with what was typed. Raises NotFound for whoever is on call nowhere."""
    return _desk(filled, services.urgent.desk(guard.actor()), drafts.Desk(*DRAFT))


def _desk(form: UrgentForm, shown: UrgentDesk, kept: drafts.Desk) -> str:
    form.reason.choices = fields.options((each.code, each.label) for each in shown.reasons)
    return render_template("urgent/desk.html", form=form, shown=shown, draft=kept, problems=fields.summary(form))


def _review(form: ReviewForm, shown: UrgentReason) -> str:
    form.finding.choices = fields.options((each.code, each.label) for each in shown.findings)
    return render_template("urgent/review.html", form=form, shown=shown, problems=fields.summary(form))


def _wait(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    sentence: str = ngettext("Trop d’essais. Réessayez dans une minute.", "Trop d’essais. Réessayez dans %(num)s minutes.", minutes)
    return f"{sentence} {gettext('Un danger ? Appelez le 17.')}"
