"""What was typed in a form is not lost with the session: which forms keep drafts, and what the guard does with one sent too late."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

from casework import services
from casework.errors import InvalidInput, LedgerUnavailable, TooManyAttempts
from casework.services.instance import Instance
from casework.web import cookies, flashes

View = TypeVar("View", bound=Callable[..., Any])
Place = Callable[[dict[str, Any]], tuple[str, str]]

OURS = frozenset({"csrf_token", "brouillon", "lieu"})
"""Names that a form carries for us, not for the person."""


def keeps(where: Place) -> Callable[[View], View]:
    """Declare that what is posted to this view is kept when the session has ended. where: arguments of the view -> form and place."""

    def mark(view: View) -> View:
        view.casework_keeps = where  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def keeps_drafts(view: object) -> bool:
    """Whether this request brings text that its form would keep."""
    return request.method == "POST" and hasattr(view, "casework_keeps")


def typed() -> tuple[tuple[str, str], ...]:
    """What was typed, as pairs in their order."""
    return tuple((name, text) for name, text in request.form.items(multi=True) if name not in OURS)


def keep_typed(instance: Instance, view: object) -> bool:
    """Of a form sent after the session ended, keep the text for its author, and say on the next page what became of it."""
    where: Place | None = getattr(view, "casework_keeps", None)
    if request.method != "POST" or where is None:
        return False
    kept = keep_late(instance, *where(dict(request.view_args or {})))
    flashes.leave("draft-kept" if kept else "draft-lost")
    return kept


def keep_late(instance: Instance, form: str, place: str) -> bool:
    """Keep what was posted for the person whose session has just ended; False when nothing could be kept."""
    secret = cookies.session_secret()
    if secret is None:
        return False
    try:
        return services.saved_drafts.keep_after(instance, secret, form, place, typed())
    except (InvalidInput, TooManyAttempts, LedgerUnavailable):
        return False
