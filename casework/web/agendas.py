"""The agenda of a meeting: items put there, confirmed, ordered, prepared, taken off; and points without a person."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.meeting.views import Agenda
from casework.web import drafts, fields, flashes, guard
from casework.web.agenda_forms import POINT, ItemsForm, PointForm
from casework.web.guard import guarded
from casework.web.keeping import keeps
from casework.web.meetings import agenda_page, numbers_in

screen = Blueprint("agendas", __name__)

BRIEFING = "briefing"
"""The form's name among the drafts; its place is the meeting. Beside it `agenda_forms.POINT`."""


@screen.post("/reunions/<number:meeting>/ordre-du-jour")
@guarded("meeting.prepare")
def add(meeting: str) -> ResponseReturnValue:
    """Put the ticked dossiers, and those typed by number, on the agenda."""
    try:
        wanted = (*request.form.getlist("dossier"), *numbers_in(fields.once("numbers")))
        count = services.agenda_items.add(guard.actor(), meeting, wanted)
    except InvalidInput as problem:
        return agenda_page(services.agendas.read(guard.actor(), meeting, every="toutes" in request.form), problems=problem.problems), 422
    return _back(meeting, "items-added" if count else "items-there")


@screen.post("/reunions/<number:meeting>/ordre-du-jour/confirmation")
@guarded("meeting.prepare")
def confirm(meeting: str) -> ResponseReturnValue:
    """Confirm what the secretary proposes."""
    services.agenda_items.confirm(guard.actor(), meeting)
    return _back(meeting, "items-confirmed")


@screen.post("/reunions/<number:meeting>/ordre-du-jour/ordre")
@guarded("meeting.prepare")
def order(meeting: str) -> ResponseReturnValue:
    """One place up, one down, to a place, or all by groups."""
    item, place = fields.once("item"), fields.whole(fields.once("place"))
    if place is None and "groupes" not in request.form:
        raise InvalidInput({})
    if "groupes" in request.form:
        services.agenda_items.regroup(guard.actor(), meeting)
    else:
        step = -1 if "haut" in request.form else 1 if "bas" in request.form else 0
        services.agenda_items.move(guard.actor(), meeting, item, (place or 0) + step)
    return redirect(url_for("meetings.read", meeting=meeting, _anchor=f"point-{item}" if item else "ordre"), 303)


@screen.post("/reunions/<number:meeting>/ordre-du-jour/retrait")
@guarded("meeting.prepare")
def withdraw(meeting: str) -> ResponseReturnValue:
    """Take one off."""
    services.agenda_items.withdraw(guard.actor(), meeting, fields.once("item"))
    return _back(meeting, "item-withdrawn")


@screen.get("/reunions/<number:meeting>/points")
@guarded("meeting.convene")
def brief(meeting: str) -> ResponseReturnValue:
    """Every item on one screen."""
    shown, desk = _prepared(meeting), drafts.desk(BRIEFING, meeting)
    if desk.typed is not None:
        return _brief(ItemsForm(formdata=desk.typed), shown, desk)
    form = ItemsForm(formdata=None)
    for each in (each for each in shown.items if each.status == "confirmed" and not each.apart):
        typed = {"item": each.id, "seen": each.question_id, "question": each.question or "", "informed": each.informed}
        form.items.append_entry({**typed, "concerned": list(each.concerned)})
    return _brief(form, shown, desk)


@screen.post("/reunions/<number:meeting>/points")
@guarded("meeting.convene")
@keeps(lambda given: (BRIEFING, given["meeting"]))
def keep(meeting: str) -> ResponseReturnValue:
    """Keep what is prepared."""
    filled = ItemsForm()
    try:
        fields.refuse_twice(filled)
        whole = services.briefing.prepare(guard.actor(), meeting, [entry.form.draft() for entry in filled.items])
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _brief(filled, _prepared(meeting), drafts.Desk(BRIEFING, meeting)), 422
    drafts.drop(BRIEFING, meeting)
    return _back(meeting, "items-kept" if whole else "items-kept-less")


@screen.post("/reunions/<number:meeting>/points-sans-personne")
@guarded("meeting.prepare")
@keeps(lambda given: (POINT, given["meeting"]))
def write_point(meeting: str) -> ResponseReturnValue:
    """A point without a person."""
    filled = PointForm()
    if not filled.validate():
        return agenda_page(services.agendas.read(guard.actor(), meeting), point=filled), 422
    try:
        services.points.write(guard.actor(), meeting, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return agenda_page(services.agendas.read(guard.actor(), meeting), point=filled), 422
    drafts.drop(POINT, meeting)
    return _back(meeting, "point-added", "sans-personne")


@screen.post("/reunions/<number:meeting>/points-sans-personne/retrait")
@guarded("meeting.prepare")
def drop_point(meeting: str) -> ResponseReturnValue:
    """Take one away."""
    services.points.drop(guard.actor(), meeting, fields.once("point"))
    return _back(meeting, "point-dropped", "sans-personne")


def _prepared(meeting: str) -> Agenda:
    """The agenda, for those who may prepare its items. Raises NotFound."""
    shown = services.agendas.read(guard.actor(), meeting)
    if not isinstance(shown, Agenda) or "meeting.convene" not in shown.may or shown.head.status.code not in ("prepared", "convened"):
        raise NotFound("meeting.convene")
    return shown


def _brief(form: ItemsForm, shown: Agenda, desk: drafts.Desk) -> str:
    form.offer(shown)
    items = {each.id: each for each in shown.items}
    entries: list[Any] = [(entry.form, items[entry.form.item.data]) for entry in form.items if entry.form.item.data in items]
    return render_template("meetings/items.html", shown=shown, entries=entries, problems=fields.summary(form), draft=desk)


def _back(meeting: str, notice: str, anchor: str = "ordre") -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("meetings.read", meeting=meeting, _anchor=anchor), 303)
