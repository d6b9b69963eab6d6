"""Deciding about an item of a meeting, closing the meeting, and reading its relevé."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import services
from casework.errors import InvalidInput, StaleVersion
from casework.services.meeting.decisions.outcome_views import ClosingPage, DecisionPage, UndecidedChoice
from casework.web import drafts, fields, flashes, guard
from casework.web.decision_forms import ClosingForm, DecisionForm
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("decisions", __name__)

FORM = "decision"
"""The form's name among the drafts; its place is the item."""


@screen.get("/reunions/<number:meeting>/points/<number:item>/decision")
@guarded("meeting.decide")
def form(meeting: str, item: str) -> ResponseReturnValue:
    """The decision as it stands, the empty form, or what was being typed."""
    shown = services.deciding.prepare(guard.actor(), meeting, item)
    desk = drafts.desk(FORM, item)
    if desk.typed is not None:
        return _page(DecisionForm(desk.typed), shown, desk)
    filled = DecisionForm(formdata=None)
    filled.begin(shown)
    return _page(filled, shown, desk)


@screen.post("/reunions/<number:meeting>/points/<number:item>/decision")
@guarded("meeting.decide")
@keeps(lambda given: (FORM, given["item"]))
def save(meeting: str, item: str) -> ResponseReturnValue:
    """Enter it once; or show what is wrong, or what somebody else entered meanwhile, and keep every word."""
    filled, desk = DecisionForm(), drafts.Desk(FORM, item)
    filled.validate()  # for days that cannot be read; what is needed is the verb's to say
    try:
        fields.refuse_twice(filled)
        services.deciding.decide(guard.actor(), meeting, item, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems, only_where_silent=True)
        return _page(filled, services.deciding.prepare(guard.actor(), meeting, item), desk), 422
    except StaleVersion:
        shown = services.deciding.prepare(guard.actor(), meeting, item)
        filled.meet(shown)
        return _page(filled, shown, desk, clash=True), 409
    drafts.drop(FORM, item)
    flashes.leave("decision-kept")
    return redirect(_onward(meeting, filled.beside("suite")), 303)


@screen.get("/reunions/points/<number:item>/decision")
@guarded("meeting.decide")
def resume(item: str) -> ResponseReturnValue:
    """From a draft back to its form."""
    return redirect(url_for("decisions.form", meeting=services.deciding.meeting_of_item(guard.actor(), item), item=item), 303)


@screen.get("/reunions/<number:meeting>/cloture")
@guarded("meeting.close")
def closing(meeting: str) -> ResponseReturnValue:
    """Everything that was decided, to read and correct."""
    return _closing(services.closing.prepare(guard.actor(), meeting), ClosingForm(formdata=None))


@screen.post("/reunions/<number:meeting>/cloture")
@guarded("meeting.close")
def close(meeting: str) -> ResponseReturnValue:
    """Close the meeting; or say which item still needs something."""
    filled = ClosingForm()
    try:
        choices = _choices()
        fields.refuse_twice(filled)
        services.closing.close(guard.actor(), meeting, choices, filled.seen.data or "")
    except InvalidInput as problem:
        return _closing(services.closing.prepare(guard.actor(), meeting), filled, problems=problem.problems), 422
    except StaleVersion:
        return _closing(services.closing.prepare(guard.actor(), meeting), filled, changed=True), 409
    flashes.leave("meeting-closed")
    return redirect(url_for("decisions.minutes", meeting=meeting), 303)


@screen.get("/reunions/<number:meeting>/releve")
@guarded("meeting.read")
def minutes(meeting: str) -> ResponseReturnValue:
    """My relevé of a meeting, and nothing else."""
    return render_template("decisions/minutes.html", shown=services.minutes.read(guard.actor(), meeting))


def _onward(meeting: str, asked: str) -> str:
    """Where the scribe goes next: the room's screen, the closing page, or the next item's form."""
    if asked == "seance":
        return url_for("sitting.show", meeting=meeting)
    if asked == "cloture":
        return url_for("decisions.closing", meeting=meeting)
    return url_for("decisions.form", meeting=meeting, item=asked) if asked else url_for("pages.home")


def _choices() -> list[UndecidedChoice]:
    """What becomes of each item nobody decided about, as it was typed."""
    once = fields.once
    items = [name.removeprefix("choice-") for name in request.form if name.startswith("choice-")]
    return [
        UndecidedChoice(each, once(f"choice-{each}"), once(f"missing-{each}"), fields.read_day(once(f"next_date-{each}"))) for each in items
    ]


def _page(shown: DecisionForm, page: DecisionPage, desk: drafts.Desk, *, clash: bool = False) -> str:
    shown.offer(page)
    return render_template("decisions/form.html", form=shown, shown=page, draft=desk, clash=clash, problems=fields.summary(shown))


def _closing(shown: ClosingPage, form: ClosingForm, *, problems: dict[str, str] | None = None, changed: bool = False) -> str:
    found = problems or {}
    listed = [(f"point-{line.item}", said) for line in shown.lines for name, said in found.items() if name.endswith(line.item)]
    beside = [("", said) for name, said in found.items() if not name.endswith(tuple(line.item for line in shown.lines))]
    return render_template(
        "decisions/closing.html",
        shown=shown,
        form=form,
        typed=request.form,
        found=found,
        problems=[*fields.summary(form), *beside, *listed],
        changed=changed,
    )
