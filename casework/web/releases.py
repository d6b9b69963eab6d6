"""Warning of a release from prison: typed by the service on the victim's own dossier."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.services.support.releases import LONGEST, ReleaseDraft, ReleasePage
from casework.web import drafts, fields, flashes, guard
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("releases", __name__)

FORM = "release"
"""Under which its drafts are kept."""


class ReleaseForm(fields.OnceForm):
    """The day, where it is known, and a sentence."""

    day = fields.DayField(_("Jour de la sortie, s’il est connu"), [])
    text = TextAreaField(_("Ce qu’il faut savoir"), filters=[fields.plain_lines])
    submission = HiddenField(validators=[fields.submitted])


@screen.get("/dossiers/<number:number>/sortie")
@guarded("release.warn")
def form(number: str) -> ResponseReturnValue:
    """Whether she wishes to be told, then the form, as it was being typed."""
    shown, desk = services.releases.prepare(guard.actor(), number), drafts.desk(FORM, number)
    if desk.typed is not None:
        return _shown(shown, ReleaseForm(desk.typed), desk)
    empty = ReleaseForm(formdata=None)
    empty.submission.data = fields.new_submission()
    return _shown(shown, empty, desk)


@screen.post("/dossiers/<number:number>/sortie")
@guarded("release.warn")
@keeps(lambda given: (FORM, given["number"]))
def warn(number: str) -> ResponseReturnValue:
    """Keep the alert, tell those who follow her."""
    filled = ReleaseForm()
    if not filled.validate():
        return _page(number, filled), 422
    try:
        draft = ReleaseDraft(filled.day.data, filled.text.data or "", filled.submission.data or "")
        services.releases.warn(guard.actor(), number, draft)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(number, filled), 422
    drafts.drop(FORM, number)
    flashes.leave("release-warned")
    return redirect(url_for("dossiers.read", number=number), 303)


def _page(number: str, filled: ReleaseForm) -> str:
    return _shown(services.releases.prepare(guard.actor(), number), filled, drafts.Desk(FORM, number))


def _shown(shown: ReleasePage, filled: ReleaseForm, desk: drafts.Desk) -> str:
    problems = fields.summary(filled)
    return render_template("support/release.html", shown=shown, form=filled, longest=LONGEST, draft=desk, problems=problems)
