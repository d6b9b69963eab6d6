"""Who is at the door. Every view says which action it performs, or why it is public; a view that says neither stops the start.

The guard only asks *who*: *may they* is asked by the service, which also records the answer.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from casework import services
from casework.errors import ConfigurationError, ScreenCovered, SessionEnded
from casework.services.actor import Actor
from casework.services.instance import Instance
from casework.services.views import Profile
from casework.web import cookies, dates, flashes, keeping, ways

BEFORE_SIGNING = "charter.sign"
"""The one action that somebody who has not signed the charter may perform on a screen."""

View = TypeVar("View", bound=Callable[..., Any])


class SignedIn(UserMixin):  # type: ignore[misc, unused-ignore]  # Flask-Login ships no types
    """Flask-Login's user: a thin wrap of the Actor, made for one request and never stored."""

    def __init__(self, actor: Actor, profile: Profile) -> None:
        self.actor = actor
        self.profile = profile


def guarded(action: str) -> Callable[[View], View]:
    """Declare the action a view performs. Only signed-in people reach it; the service decides whether they may."""

    def mark(view: View) -> View:
        view.casework_guard = ("action", action)  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def public(reason: str) -> Callable[[View], View]:
    """Declare that a view is open to everybody, and why."""

    def mark(view: View) -> View:
        view.casework_guard = ("public", reason)  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def under_cover(view: View) -> View:
    """Declare that a view answers while the session's screen is covered: the page that uncovers it, and leaving."""
    view.casework_under_cover = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def check_every_route(app: Flask) -> None:
    """Raises ConfigurationError naming the routes whose view declares neither an action nor a reason to be public."""
    bare = sorted({rule.rule for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], "casework_guard")})
    if bare:
        raise ConfigurationError(f"These routes declare no action: {', '.join(bare)}. Mark their views with @guarded or @public.")


def install(app: Flask) -> None:
    """Resume the session before every view, through Flask-Login."""
    manager = LoginManager()
    manager.session_protection = None  # the session is ours: its secret is half of a key, and Flask's cookie knows nothing of it
    manager.init_app(app, add_context_processor=False)
    manager.request_loader(_resume)
    app.before_request(_before)


def instance() -> Instance:
    """The instance this application serves."""
    found: Instance = current_app.extensions["casework"]
    return found


def actor() -> Actor:
    """The person signed in. Only views marked @guarded may ask."""
    if not current_user.is_authenticated:
        raise SessionEnded
    found: Actor = current_user.actor
    return found


def viewer() -> Profile | None:
    """Who is signed in, for the head of the page. Never asks a service: an error page must not fail again."""
    found: Profile | None = g.get("viewer")
    return found


def doors() -> frozenset[str]:
    """The rooms the viewer may enter."""
    found = viewer()
    return found.doors if found else frozenset()


def today() -> date:
    """The day it is in Paris, by the instance's clock."""
    return dates.local(instance().clock.now()).date()


def _resume(_request: object) -> SignedIn | None:
    secret = cookies.session_secret()
    if secret is None:
        return None
    try:
        found = services.sessions.resume(instance(), secret)
    except SessionEnded:
        return None
    except ScreenCovered:
        g.covered = True
        return None
    return SignedIn(found, services.profile.of(found))


def _before() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    kind, reason = getattr(view, "casework_guard", ("public", ""))
    if reason.startswith("no session"):
        return None
    if current_user.is_authenticated:
        if reason.startswith("outside"):  # whoever is signed in is nobody there; a covered session is still refused below
            return None
        g.viewer = current_user.profile
        return _to_the_charter() if kind == "action" and reason != BEFORE_SIGNING and not g.viewer.signed else None
    if g.get("covered"):
        return None if hasattr(view, "casework_under_cover") else redirect(url_for("covers.form"), 303)
    return None if kind == "public" else _to_sign_in()


def local_path(path: object) -> str | None:
    """The path if it is one of ours. It comes from our own signed cookie, and is checked all the same."""
    if isinstance(path, str) and path.startswith("/") and not path.startswith(("//", "/\\")):
        return path
    return None


def _to_the_charter() -> ResponseReturnValue:
    """Whoever has not signed the present charter reads it first, and sees nothing else. The services would refuse as well."""
    return redirect(url_for("charter.read"), 303)


def _to_sign_in() -> ResponseReturnValue:
    """Off to the sign-in page. The path asked for waits in the signed cookie, so that no number stands in an address."""
    if request.method == "GET":
        session["suite"] = request.path
    view = current_app.view_functions.get(request.endpoint or "")
    if keeping.keep_typed(instance(), view):
        session["suite"] = ways.of(*keeping.kept_for(view))
    elif cookies.session_secret() and not keeping.keeps_drafts(view):
        flashes.leave("session-ended")
    return redirect(url_for("sign_in.form"), 303)
