"""Who is convened, in blocks; the permanent core; and what convened people say before the meeting."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from casework import services
from casework.errors import InvalidInput
from casework.services.meeting.views import Block
from casework.web import fields, flashes, guard
from casework.web.guard import guarded
from casework.web.meetings import back

screen = Blueprint("convocations", __name__)

ANSWER = "answer-"
"""Before an item's id: the name of its three radio buttons."""


@screen.get("/reunions/<number:meeting>/convoques")
@guarded("meeting.prepare")
def people(meeting: str) -> ResponseReturnValue:
    """Who may be convened. Those whom the agenda asks for are ticked beforehand: keeping them is an act. Whom the programme alone calls
    is a block to tick in one go."""
    shown = services.convening.invitations(guard.actor(), meeting)
    ticked = {each.id for block in shown.blocks for each in block.people if each.seated or (each.why and each.reads)}
    return render_template("meetings/people.html", shown=shown, ticked=ticked, problems=[])


@screen.post("/reunions/<number:meeting>/convoques")
@guarded("meeting.prepare")
def choose(meeting: str) -> ResponseReturnValue:
    """These people are convened; or one whole block is ticked, and nothing is kept yet."""
    ticked, block, problems = set(request.form.getlist("people")), None, []
    try:
        block = fields.once("bloc") if "bloc" in request.form else None  # the block of others has an empty code
        if block is None:
            return back(meeting, services.convening.choose(guard.actor(), meeting, ticked), "people-kept")
    except InvalidInput as problem:
        problems = [("", sentence) for sentence in problem.problems.values()]
    shown = services.convening.invitations(guard.actor(), meeting)
    ticked ^= _block(shown.blocks, block, ticked)
    return render_template("meetings/people.html", shown=shown, ticked=ticked, problems=problems), 422 if problems else 200


@screen.get("/cellules/<number:cell>/noyau")
@guarded("meeting.convene")
def core(cell: str) -> ResponseReturnValue:
    """Whom every meeting of the cell convenes."""
    shown = services.core.page(guard.actor(), cell)
    ticked = {each.id for block in shown.blocks for each in block.people if each.seated}
    return render_template("meetings/core.html", shown=shown, ticked=ticked, problems=[])


@screen.post("/cellules/<number:cell>/noyau")
@guarded("meeting.convene")
def compose(cell: str) -> ResponseReturnValue:
    """These people are the core; or one whole block is ticked, and nothing is kept yet."""
    ticked, block, problems = set(request.form.getlist("people")), None, []
    try:
        block = fields.once("bloc") if "bloc" in request.form else None  # the block of others has an empty code
        if block is None:
            services.core.compose(guard.actor(), cell, ticked)
            flashes.leave("core-composed")
            return redirect(url_for("convocations.core", cell=cell), 303)
    except InvalidInput as problem:
        problems = [("", sentence) for sentence in problem.problems.values()]
    shown = services.core.page(guard.actor(), cell)
    ticked ^= _block(shown.blocks, block, ticked)
    return render_template("meetings/core.html", shown=shown, ticked=ticked, problems=problems), 422 if problems else 200


@screen.post("/reunions/<number:meeting>/reponses")
@guarded("meeting.answer")
def answer(meeting: str) -> ResponseReturnValue:
    """One of three answers for each item, in one go, for those who keep the dossiers."""
    try:
        given = {name.removeprefix(ANSWER): fields.once(name) for name in request.form if name.startswith(ANSWER)}
        services.answering.answer_all(guard.actor(), meeting, given)
    except InvalidInput as problem:
        return _own(meeting, problem), 422
    flashes.leave("answer-kept")
    return redirect(url_for("meetings.read", meeting=meeting), 303)


@screen.post("/reunions/<number:meeting>/absence")
@guarded("meeting.read")
def absence(meeting: str) -> ResponseReturnValue:
    """I cannot come; or I can after all."""
    try:
        if "venir" in request.form:
            services.answering.come(guard.actor(), meeting)
        else:
            services.answering.excuse(guard.actor(), meeting, fields.once("deputy"))
    except InvalidInput as problem:
        return _own(meeting, problem), 422
    flashes.leave("absence-said" if "venir" not in request.form else "coming-said")
    return redirect(url_for("meetings.read", meeting=meeting), 303)


@screen.post("/reunions/<number:meeting>/remplacement")
@guarded("meeting.convene")
def deputy(meeting: str) -> ResponseReturnValue:
    """Accept a deputy, or decline."""
    accepted = "accepter" in request.form
    services.answering.settle_deputy(guard.actor(), meeting, fields.once("seat"), accepted=accepted)
    flashes.leave("deputy-accepted" if accepted else "deputy-declined")
    return redirect(url_for("meetings.read", meeting=meeting, _anchor="personnes"), 303)


def _own(meeting: str, problem: InvalidInput) -> str:
    problems = [("", sentence) for sentence in problem.problems.values()] or [("", gettext("Recommencez."))]
    shown = services.agendas.read(guard.actor(), meeting)
    return render_template("meetings/own.html", shown=shown, typed=request.form, problems=problems)


def _block(blocks: Iterable[Block], code: str | None, ticked: set[str]) -> set[str]:
    """Who changes when a whole block is ticked: those who are not yet, or all of them when everybody is."""
    people = {each.id for block in blocks if code is not None and block.code == code for each in block.people if not each.fixed}
    return people - ticked or people
