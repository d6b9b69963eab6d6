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

CALL, AGREEMENT, REFUSED = "call", "agreement", "refused"
OF_A_REFUSAL = frozenset({AGREEMENT, "cell", "submission"})
"""All that a draft of a call holds once the person refused: nothing about them is kept, not for a moment and not for its author."""


def keeps(where: Place) -> Callable[[View], View]:
    """Declare that what is posted to this view is kept when the session has ended. where: arguments of the view -> form and place."""

    def mark(view: View) -> View:
        view.casework_keeps = where  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def keeps_drafts(view: object) -> bool:
    """Whether this request brings text that its form would keep."""
    return request.method == "POST" and hasattr(view, "casework_keeps")


def typed(form: str) -> tuple[tuple[str, str], ...]:
    """What was typed in a form, as pairs in their order; of a call that the person refused, that they did."""
    refused = form == CALL and REFUSED in request.form.getlist(AGREEMENT)
    named = (pair for pair in request.form.items(multi=True) if pair[0] not in OURS)
    return tuple((name, text) for name, text in named if not refused or name in OF_A_REFUSAL)


def kept_for(view: object) -> tuple[str, str]:
    """Which form, and where, this request's text is kept for. Only for a view that keeps drafts."""
    where: Place = view.casework_keeps  # type: ignore[attr-defined]  # a mark on the function
    return where(dict(request.view_args or {}))


def keep_typed(instance: Instance, view: object) -> bool:
    """Of a form sent after the session ended, keep the text for its author, and say on the next page what became of it."""
    if not keeps_drafts(view):
        return False
    kept = keep_late(instance, *kept_for(view))
    flashes.leave("draft-kept" if kept else "draft-lost")
    return kept


def keep_late(instance: Instance, form: str, place: str) -> bool:
    """Keep what was posted for the person whose session has just ended; False when nothing could be kept."""
    secret = cookies.session_secret()
    if secret is None:
        return False
    try:
        return services.saved_drafts.keep_after(instance, secret, form, place, typed(form))
    except (InvalidInput, TooManyAttempts, LedgerUnavailable):
        return False
