"""A meeting under way: opening it, the room's screen, calling its items, and covering the screen."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import PasswordField

from casework import services
from casework.errors import InvalidInput
from casework.services.meeting.sitting.sitting_views import Sitting
from casework.web import cookies, fields, flashes, guard, sitting_words
from casework.web.guard import guarded

screen = Blueprint("sitting", __name__)

FETCHED = "X-Seance"
"""A header that sitting.js sends when it fetches the next file itself."""


class OpeningForm(fields.OnceForm):
    """The code that will uncover the screen, typed twice. It opens nothing by itself."""

    code = PasswordField(_("Code de l’écran"), [fields.required(_("Choisissez un code de 4 à 8 chiffres."))])
    repeated = PasswordField(_("Le même code, encore une fois"), [fields.required(_("Saisissez le code une seconde fois."))])

    def both(self) -> tuple[str, str]:
        """The code, twice."""
        return (self.code.data or "").strip(), (self.repeated.data or "").strip()


@screen.get("/reunions/<number:meeting>/seance/ouvrir")
@guarded("meeting.attend")
def opening(meeting: str) -> ResponseReturnValue:
    """What opening does, and the code to choose. For a meeting that is open: the code alone, on this screen."""
    return _opening(OpeningForm(formdata=None), meeting)


@screen.post("/reunions/<number:meeting>/seance/ouvrir")
@guarded("meeting.open")
def open_it(meeting: str) -> ResponseReturnValue:
    """Open the meeting on this screen."""
    filled = OpeningForm()
    if not filled.validate():
        return _opening(filled, meeting), 422
    try:
        services.opening.open(guard.actor(), meeting, *filled.both(), session=cookies.session_secret() or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _opening(filled, meeting), 422
    return redirect(url_for("sitting.show", meeting=meeting), 303)


@screen.get("/reunions/<number:meeting>/seance")
@guarded("meeting.show")
def show(meeting: str) -> ResponseReturnValue:
    """The room's screen: the item that was called, cut to those present."""
    return _screen(services.showing.look(guard.actor(), meeting))


@screen.post("/reunions/<number:meeting>/points/<number:item>/appel")
@guarded("meeting.show")
def call(meeting: str, item: str) -> ResponseReturnValue:
    """The room comes to this item. A page that puts the answer in its own place gets it at once, any other is sent to it."""
    if FETCHED in request.headers:
        return _screen(services.showing.call_and_look(guard.actor(), meeting, item))
    services.showing.call(guard.actor(), meeting, item)
    return _back(meeting)


@screen.post("/reunions/<number:meeting>/seance/aller")
@guarded("meeting.show")
def jump(meeting: str) -> ResponseReturnValue:
    """The room comes to the item at this place of the agenda."""
    place = fields.whole(fields.once("place").strip()) or 0
    try:
        services.showing.call_place(guard.actor(), meeting, place)
    except InvalidInput:
        flashes.leave("item-none")
    return _back(meeting)


@screen.post("/reunions/<number:meeting>/points/<number:item>/affichage")
@guarded("meeting.show")
def cut(meeting: str, item: str) -> ResponseReturnValue:
    """Keep to the number and the question, or show everything that everybody may see again."""
    services.showing.keep_to_number(guard.actor(), meeting, item, only=fields.once("montrer") == "number")
    return _back(meeting)


@screen.post("/reunions/<number:meeting>/points/<number:item>/association")
@guarded("meeting.show")
def associate(meeting: str, item: str) -> ResponseReturnValue:
    """Associate somebody in the room to this item."""
    seat = fields.once("seat")
    try:
        services.showing.associate(guard.actor(), meeting, item, seat)
    except InvalidInput:
        flashes.leave("associate-none")
    return _back(meeting)


@screen.post("/reunions/<number:meeting>/points/<number:item>/retrait")
@guarded("meeting.show")
def withdraw(meeting: str, item: str) -> ResponseReturnValue:
    """The item leaves the agenda; what it opened closes."""
    services.showing.withdraw(guard.actor(), meeting, item)
    flashes.leave("item-withdrawn")
    return _back(meeting)


@screen.post("/reunions/<number:meeting>/seance/sortie")
@guarded("meeting.attend")
def leave(meeting: str) -> ResponseReturnValue:
    """These people leave the room."""
    services.attendance.leave(guard.actor(), meeting, request.form.getlist("seat"))
    return _back(meeting)


@screen.post("/reunions/<number:meeting>/seance/couvrir")
@guarded("session.sign_in")
def cover(meeting: str) -> ResponseReturnValue:
    """Cover the screen; whoever has no code yet chooses one first, for a passphrase is not typed before a room."""
    secret = cookies.session_secret() or ""
    if services.covering.has_code(guard.instance(), secret):
        services.covering.cover(guard.instance(), secret)
        return redirect(url_for("covers.form"), 303)
    flashes.leave("cover-none")
    return redirect(url_for("sitting.opening", meeting=meeting), 303)


@screen.get("/reunions/<number:meeting>/seance/suivre")
@guarded("meeting.read")
def follow(meeting: str) -> ResponseReturnValue:
    """The meeting on a member's own device."""
    return render_template("sitting/follow.html", shown=services.showing.follow(guard.actor(), meeting))


def _screen(shown: Sitting) -> str:
    coded = services.covering.has_code(guard.instance(), cookies.session_secret() or "")
    words = sitting_words.of(shown)
    return render_template("sitting/show.html", shown=shown, words=words, coded=coded, decide=_way("decisions.form", shown))


def _back(meeting: str) -> ResponseReturnValue:
    return redirect(url_for("sitting.show", meeting=meeting), 303)


def _opening(shown: OpeningForm, meeting: str) -> str:
    sheet = services.sheet.read(guard.actor(), meeting)
    return render_template("sitting/open.html", form=shown, sheet=sheet, problems=fields.summary(shown))


def _way(endpoint: str, shown: Sitting) -> str:
    """The address of the decision about the item on the screen; empty when there is nothing to decide."""
    if shown.item is None or endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, meeting=shown.meeting, item=shown.item.item)
