"""From a draft back to the page its form stands on."""

from collections.abc import Callable

from flask import request, url_for


def _note(number: str) -> str:
    corrected = next(iter(request.values.getlist("corrige")), "") or None
    return url_for("entries.form", number=number, corrige=corrected)


WAYS: dict[str, Callable[[str], str]] = {
    "note": _note,
    "correction": _note,
    "referral": lambda _place: url_for("referrals.form"),
    "call": lambda _place: url_for("support.form"),
    "complement": lambda place: url_for("sent.read", number=place, _anchor="complement"),
    "report": lambda place: url_for("tasks.form", task=place),
    "release": lambda place: url_for("releases.form", number=place),
    "reach": lambda place: url_for("reaching.form", number=place),
    "urgent": lambda _place: url_for("urgent.desk"),
    "briefing": lambda place: url_for("agendas.brief", meeting=place),
    "point": lambda place: url_for("meetings.read", meeting=place, _anchor="sans-personne"),
    "decision": lambda place: url_for("decisions.resume", item=place),
}
"""Form -> the address of the page it stands on; of the volets of a record, their own."""

WITHOUT_PLACE = frozenset({"referral", "call", "urgent"})
"""Forms about what has no number yet."""


def of(form: str, place: str) -> str:
    """The address of the page, and the first page for a place that is missing."""
    way = WAYS.get(form)
    if way is not None:
        return way(place) if place or form in WITHOUT_PLACE else url_for("pages.home")
    return url_for("records.edit", number=place, kind=form) if place else url_for("pages.home")
