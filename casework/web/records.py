"""Bringing a dossier up to date: the fields of its volets under a version check, its next date, its end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectField, StringField, TextAreaField

from casework import services
from casework.errors import InvalidInput, StaleVersion
from casework.services.record.views import FieldClash, RecordClash, RecordField, RecordIndex, RecordPage, RecordRow, RowClash
from casework.web import drafts, fields, flashes, guard, hours
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("records", __name__)

MOST_ROWS = 40
PART = re.compile(r"r([0-9]{1,2})-(\w+)(.*)")
NEW = RecordRow("", 0, {})
SEVERAL = {"hours": hours.typed_hours, "codes": hours.typed_codes}
"""Shapes of several controls, and how what they sent becomes one text."""


class PlanForm(fields.OnceForm):
    """The next date, and the one that stood there when the form was opened."""

    next_date = fields.DayField(_("Prochaine date"), [fields.required(_("Indiquez une date, par exemple 12/03/2026."))])


class CloseForm(fields.OnceForm):
    """Why the follow-up ends."""

    reason = RadioField(_("Motif de clôture"), [fields.required(_("Choisissez le motif."))], validate_choice=False)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the form: its prefix, its controls, and what somebody else saved in it meanwhile."""

    prefix: str
    row: RecordRow
    form: Form
    clash: RowClash | None
    differs: Mapping[str, FieldClash]


@screen.get("/dossiers/<number:number>/fiche")
@guarded("dossier.open")
def form(number: str) -> ResponseReturnValue:
    """What may be brought up to date here."""
    return _index(services.records.index(guard.actor(), number), PlanForm(formdata=None), CloseForm(formdata=None))


@screen.get("/dossiers/<number:number>/fiche/<kind>")
@guarded("dossier.open")
def edit(number: str, kind: str) -> ResponseReturnValue:
    """The fields of a volet as they are now, or as they were being typed."""
    page = services.records.compose(guard.actor(), number, kind)
    desk = drafts.desk(kind, number)
    rows = _posted(desk.typed, page) if desk.typed else _blank_too(page)
    return _page(page, rows, desk)


@screen.post("/dossiers/<number:number>/fiche/<kind>")
@guarded("record.write")
@keeps(lambda given: (given["kind"], given["number"]))
def save(number: str, kind: str) -> ResponseReturnValue:
    """Save what changed; or show what is wrong, or what somebody else saved meanwhile, and keep every text."""
    page = services.records.compose(guard.actor(), number, kind)
    rows, desk = _posted(request.form, page), drafts.Desk(kind, number)
    try:
        if problems := _sent_twice(page):
            return _page(page, rows, desk, problems=problems), 422
        proposed = services.records.write(guard.actor(), number, kind, rows)
    except InvalidInput as found:
        return _page(page, rows, desk, problems=found.problems), 422
    except StaleVersion:
        clash = services.records.compare(guard.actor(), number, kind, rows)
        return _page(clash.page, clash.page.rows, desk, clash=clash), 409
    drafts.drop(kind, number)
    flashes.leave("measure-proposed" if proposed else "record-saved")
    again = proposed or "encore" in request.form  # back to the form: to look at what is proposed, or for one more phone number
    return redirect(url_for("records.edit", number=number, kind=kind) if again else url_for("dossiers.read", number=number), 303)


@screen.post("/dossiers/<number:number>/echeance")
@guarded("dossier.plan")
def plan(number: str) -> ResponseReturnValue:
    """Set the next date, unless somebody else has just set another."""
    filled = PlanForm()
    seen = filled.beside("seen")
    if not filled.validate():
        return _index(services.records.index(guard.actor(), number), filled, CloseForm(formdata=None)), 422
    try:
        services.lifecycle.plan(guard.actor(), number, filled.next_date.data, seen=seen)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _index(services.records.index(guard.actor(), number), filled, CloseForm(formdata=None)), 422
    except StaleVersion:
        return _index(services.records.index(guard.actor(), number), filled, CloseForm(formdata=None), before=seen), 409
    flashes.leave("date-planned")
    return redirect(url_for("dossiers.read", number=number), 303)


@screen.post("/dossiers/<number:number>/cloture")
@guarded("dossier.close")
def close(number: str) -> ResponseReturnValue:
    """Close the dossier with a reason of its programme."""
    filled = CloseForm()
    if not filled.validate():
        return _index(services.records.index(guard.actor(), number), PlanForm(formdata=None), filled), 422
    try:
        services.lifecycle.close(guard.actor(), number, filled.reason.data)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _index(services.records.index(guard.actor(), number), PlanForm(formdata=None), filled), 422
    flashes.leave("dossier-closed")
    return redirect(url_for("dossiers.read", number=number), 303)


def _index(shown: RecordIndex, planning: PlanForm, closing: CloseForm, *, before: str | None = None) -> str:
    closing.reason.choices = fields.options((each.code, each.label) for each in shown.reasons)
    if planning.next_date.data is None and not planning.errors:
        planning.next_date.data = shown.next_date
    problems = [*fields.summary(planning), *fields.summary(closing)]
    return render_template("records/index.html", shown=shown, planning=planning, closing=closing, before=before, problems=problems)


def _blank_too(page: RecordPage) -> tuple[RecordRow, ...]:
    """The rows, and an empty one where one may be added."""
    return page.rows if page.rows and not page.many else (*page.rows, NEW)


def _posted(sent: MultiDict[str, str], page: RecordPage) -> tuple[RecordRow, ...]:
    """The rows as they were sent. A row marked for removal comes empty; where one chose the other's text, that text."""
    rows: list[RecordRow] = []
    while f"r{len(rows)}-id" in sent and len(rows) < MOST_ROWS:
        prefix = f"r{len(rows)}-"
        gone = bool(sent.get(f"{prefix}remove"))
        texts = {each.column: "" if gone else _text(sent, prefix + each.column, each.shape) for each in page.fields}
        rows.append(RecordRow(sent.get(f"{prefix}id", ""), fields.whole(sent.get(f"{prefix}version")) or 0, texts))
    return tuple(rows) or _blank_too(page)


def _text(sent: MultiDict[str, str], name: str, shape: str) -> str:
    if sent.get(f"{name}-choice") == "theirs":
        return sent.get(f"{name}-theirs", "")
    if shape in SEVERAL:
        return SEVERAL[shape](sent, name)
    return sent.get(name, "")


def _sent_twice(page: RecordPage) -> dict[str, str]:
    """What has one value and came twice: under the field it belongs to, `<place>-<column>`, or under no name."""
    shapes, found = {each.column: each.shape for each in page.fields}, {}
    for name in fields.came_twice(request.form):
        place, column, rest = part.groups() if (part := PART.fullmatch(name)) else ("", "", "")
        ticked = {"codes": not rest, "hours": rest.endswith("-days")}
        if not ticked.get(shapes.get(column, "")):
            found[f"{place}-{column}" if column in shapes else ""] = str(fields.TWICE)
    return found


def _control(field: RecordField) -> Any:
    if field.shape == "choice":
        every = [("", _("Choisir…")), *((each.code, each.label) for each in field.options)]
        return SelectField(field.label, validate_choice=False, choices=fields.options(every))
    if field.shape == "hours":
        return hours.HoursField(field.label)
    if field.shape == "codes":
        return hours.CodesField(field.label, options={each.code: each.label for each in field.options})
    return TextAreaField(field.label) if field.shape == "lines" else StringField(field.label)


def _row(row_form: type[Form], place: int, row: RecordRow, problems: Mapping[str, str], clash: RowClash | None) -> ShownRow:
    prefix = f"r{place}-"
    shown = row_form(data=dict(row.texts), prefix=prefix)
    for column, field in shown._fields.items():  # WTForms has no public way from a bare name to a prefixed field
        field.errors = [problems[f"{place}-{column}"]] if f"{place}-{column}" in problems else []
    return ShownRow(prefix, row, shown, clash, {each.column: each for each in clash.fields} if clash else {})


def _names(page: RecordPage, rows: Sequence[RecordRow]) -> set[str]:
    """What the fields of the form are called in a service's problems."""
    return {f"{place}-{each.column}" for place in range(len(rows)) for each in page.fields}


def _page(
    page: RecordPage,
    rows: Sequence[RecordRow],
    desk: drafts.Desk,
    *,
    problems: Mapping[str, str] | None = None,
    clash: RecordClash | None = None,
) -> str:
    row_form: type[Form] = type("RowForm", (Form,), {each.column: _control(each) for each in page.fields})
    clashes = {each.place: each for each in clash.rows} if clash else {}
    shown = [_row(row_form, place, row, problems or {}, clashes.get(place)) for place, row in enumerate(rows)]
    found = [(field.id, error) for each in shown for field in each.form for error in field.errors]
    beside = [("", said) for name, said in (problems or {}).items() if name not in _names(page, rows)]
    title = gettext("Modifier")
    return render_template("records/edit.html", shown=page, rows=shown, draft=desk, problems=[*beside, *found], clash=clash, title=title)
