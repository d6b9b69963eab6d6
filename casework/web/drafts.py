"""Drafts: kept while one writes, taken up again when the form is shown, listed, deleted."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, jsonify, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from casework import services
from casework.errors import InvalidInput, TooManyAttempts
from casework.web import cookies, dates, fields, flashes, guard, i18n, keeping, ways
from casework.web.guard import guarded, public

screen = Blueprint("drafts", __name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """A form that keeps drafts, for its template: which one, and since when what it shows was kept."""

    form: str
    place: str
    saved_at: datetime | None = None
    typed: MultiDict[str, str] | None = None


def desk(form: str, place: str) -> Desk:
    """The form with its draft, opened. It stays kept until it is saved or deleted."""
    found = services.saved_drafts.opened(guard.actor(), form, place)
    return Desk(form, place, found.saved_at, MultiDict(list(found.fields))) if found else Desk(form, place)


def drop(form: str, place: str) -> None:
    """What was typed is saved: its draft goes."""
    services.saved_drafts.drop(guard.actor(), form, place)


@screen.post("/brouillons")
@public("an ended session may still seal what was typed to its owner; nothing is shown")
def keep() -> ResponseReturnValue:
    """Keep what a form holds. Answers how it went, alike for every place, and nothing else."""
    form, place = fields.once("brouillon"), fields.once("lieu")
    if not current_user.is_authenticated:
        return _late(form, place)
    try:
        at = services.saved_drafts.keep(guard.actor(), form, place, keeping.typed(form), session=cookies.session_secret() or "")
    except InvalidInput:
        return _answer("refused", 422)
    except TooManyAttempts as problem:
        answer = _answer("later", 429)
        answer.headers["Retry-After"] = str(problem.retry_after)
        return answer
    return _answer("kept", 200, dates.clock_time(at, i18n.language()))


@screen.get("/brouillons")
@guarded("draft.write")
def mine() -> ResponseReturnValue:
    """My drafts, each with the way back to its form."""
    shown = services.saved_drafts.mine(guard.actor())
    lines = [
        (line, ways.of(line.form, line.place), line.place if "-" in line.place else "") for line in shown
    ]  # an id says nothing to anybody
    return render_template("drafts/mine.html", lines=lines)


@screen.post("/brouillons/effacer")
@guarded("draft.write")
def delete() -> ResponseReturnValue:
    """Delete one, and go back where it was."""
    form, place, back = fields.once("brouillon"), fields.once("lieu"), fields.once("retour")
    drop(form, place)
    flashes.leave("draft-gone")
    listed = back == "liste" or form not in services.saved_drafts.FORMS
    return redirect(url_for("drafts.mine") if listed else ways.of(form, place), 303)


def _late(form: str, place: str) -> Response:
    """The session is over. The way back waits in the signed cookie for whoever signs in next."""
    if not keeping.keep_late(guard.instance(), form, place):
        return _answer("lost", 401)
    session["suite"] = ways.of(form, place)
    return _answer("ended", 200)


def _answer(state: str, status: int, at: str = "") -> Response:
    response = jsonify(state=state, at=at)
    response.status_code = status
    return response
