"""One appointment: a slot taken, moved to another, or freed."""

from datetime import datetime
from itertools import groupby

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.permanence.views import AppointmentPage, BookingDraft
from casework.web import dates, fields, flashes, guard, i18n
from casework.web.guard import guarded
from casework.web.permanences import moment_address, week_of

screen = Blueprint("appointments", __name__)


class BookingForm(fields.OnceForm):
    """Who comes."""

    number = StringField(_("Numéro du dossier"))
    words = StringField(_("Ou un mot, sans dossier"))


class MoveForm(fields.OnceForm):
    """Another slot."""

    slot = SelectField(_("Nouveau créneau"), [fields.required(_("Choisissez un créneau."))], validate_choice=False)
    version = HiddenField(default="0")


class CancelForm(fields.OnceForm):
    """A button."""

    version = HiddenField(default="0")


@screen.get("/permanences/<number:permanence>/creneaux/<number:moment>")
@guarded("permanence.keep")
def form(permanence: str, moment: str) -> ResponseReturnValue:
    """A free slot."""
    return _booking(BookingForm(formdata=None), permanence, _moment(moment))


@screen.post("/permanences/<number:permanence>/creneaux/<number:moment>")
@guarded("permanence.keep")
def book(permanence: str, moment: str) -> ResponseReturnValue:
    """Take it."""
    filled, at = BookingForm(), _moment(moment)
    if not filled.validate():
        return _booking(filled, permanence, at), 422
    try:
        made = services.booking.book(guard.actor(), permanence, at, BookingDraft(filled.number.data or "", filled.words.data or ""))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _booking(filled, permanence, at), 422
    return _back("appointment-booked", at, made)


@screen.get("/permanences/rendez-vous/<number:slot>")
@guarded("permanence.read")
def read(slot: str) -> ResponseReturnValue:
    """One appointment, to move or to free."""
    return _page(MoveForm(formdata=None), slot)


@screen.post("/permanences/rendez-vous/<number:slot>/deplacement")
@guarded("permanence.keep")
def move(slot: str) -> ResponseReturnValue:
    """To another slot."""
    filled = MoveForm()
    if not filled.validate():
        return _page(filled, slot), 422
    permanence, _sign, moment = filled.slot.data.partition(".")
    at = _moment(moment)
    try:
        made = services.booking.move(guard.actor(), slot, permanence, at, seen=fields.seen(filled.version))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled, slot), 422
    return _back("appointment-moved", at, made)


@screen.post("/permanences/rendez-vous/<number:slot>/annulation")
@guarded("permanence.keep")
def cancel(slot: str) -> ResponseReturnValue:
    """Free it."""
    filled = CancelForm()
    try:
        fields.refuse_twice(filled)
        at = services.booking.cancel(guard.actor(), slot, seen=fields.seen(filled.version))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled, slot), 422
    return _back("appointment-cancelled", at)


def _back(notice: str, at: datetime, slot: str = "") -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("permanences.week", week=week_of(at), _anchor=f"rdv-{slot}" if slot else None), 303)


def _moment(text: str) -> datetime:
    try:
        found = datetime.strptime(text, "%Y-%m-%dT%H%M").replace(tzinfo=dates.PARIS)
    except ValueError as problem:
        raise NotFound("permanence.keep") from problem
    if found.year not in fields.YEARS:
        raise NotFound("permanence.keep")
    return found


def _booking(form: BookingForm, permanence: str, at: datetime) -> str:
    shown = services.booking.prepare(guard.actor(), permanence, at)
    return render_template(
        "permanences/book.html", form=form, shown=shown, moment=moment_address(at), back=week_of(at), problems=fields.summary(form)
    )


def _page(form: fields.OnceForm, slot: str) -> str:
    shown = services.booking.read(guard.actor(), slot)
    moving = form if isinstance(form, MoveForm) else MoveForm(formdata=None)
    moving.slot.choices = _offered(shown)
    back = week_of(shown.slot.starts_at)
    return render_template("permanences/appointment.html", form=moving, shown=shown, back=back, problems=fields.summary(form))


def _offered(shown: AppointmentPage) -> dict[str, list[tuple[str, str]]]:
    """Free slots by day: the browser shows the days as headings."""
    lang = i18n.language()
    found: dict[str, list[tuple[str, str]]] = {"": [("", str(_("Choisir…")))]}
    for day, slots in groupby(shown.free, key=lambda each: dates.local(each.starts_at).date()):
        found[dates.weekday(day, lang)] = [
            (f"{each.permanence.id}.{moment_address(each.starts_at)}", f"{dates.clock_time(each.starts_at, lang)}, {each.permanence.place}")
            for each in slots
        ]
    return found
