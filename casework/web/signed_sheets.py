"""The attendance sheet signed on paper: recording its reference and scan, ticking who signed, saving the scan."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.meeting.sitting.sitting_views import SheetDraft, SheetPage
from casework.web import dates, fields, flashes, guard, intake
from casework.web.guard import guarded

screen = Blueprint("signed_sheets", __name__)

MAX_UPLOAD = 6 * 1024 * 1024
"""Bytes: a scan of 5 MB with the form around it. What is a little larger is refused beside its field."""


class SheetForm(fields.OnceForm):
    """The signed sheet. version: of the one that the page shows, so that nobody replaces what they have not seen."""

    reference = StringField(_("Référence de la feuille signée"), [fields.required(_("Indiquez la référence."))])
    signed_on = fields.DayField(_("Signée le"), [fields.required(_("Indiquez le jour de la signature."))])
    scan = FileField(_("Scan de la feuille (PDF, JPEG ou PNG, 5 Mo au plus)"), [fields.required(_("Choisissez le fichier."))])
    version = HiddenField()

    def draft(self) -> SheetDraft:
        """What was handed in. The name of the file is not even looked at."""
        seen = fields.whole(self.version.data)
        return SheetDraft(self.reference.data or "", self.signed_on.data, self.scan.data.read(), -1 if seen is None else seen)


class TickForm(fields.OnceForm):
    """Who signed: `vu-<seat>` whether they stood ticked, `signe-<seat>` when they are ticked now."""

    def chosen(self) -> dict[str, tuple[bool, bool]]:
        """Seat id -> (ticked before, ticked now)."""
        seats = [name[3:] for name in request.form if name.startswith("vu-")]
        return {seat: (self.beside(f"vu-{seat}") == "1", self.beside(f"signe-{seat}") == "1") for seat in seats}


@screen.get("/reunions/<number:meeting>/feuille-signee")
@guarded("meeting.attend")
def page(meeting: str) -> ResponseReturnValue:
    """What was recorded, and the form."""
    return _page(meeting)


@screen.post("/reunions/<number:meeting>/feuille-signee")
@guarded("meeting.attend")
@intake.roomy(MAX_UPLOAD)
def record(meeting: str) -> ResponseReturnValue:
    """Record the sheet, in the place of the one before."""
    filled = SheetForm()
    if not filled.validate():
        return _page(meeting, filled), 422
    try:
        services.signed_sheets.record(guard.actor(), meeting, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(meeting, filled), 422
    flashes.leave("sheet-recorded")
    return redirect(url_for("signed_sheets.page", meeting=meeting), 303)


@screen.post("/reunions/<number:meeting>/feuille-signee/signatures")
@guarded("meeting.attend")
def tick(meeting: str) -> ResponseReturnValue:
    """Who signed, ticked from the sheet."""
    filled = TickForm()
    if not filled.validate():
        return _page(meeting, ticks=filled), 422
    services.signed_sheets.tick(guard.actor(), meeting, filled.chosen())
    flashes.leave("signatures-ticked")
    return redirect(url_for("signed_sheets.page", meeting=meeting, _anchor="signatures"), 303)


@screen.get("/reunions/<number:meeting>/feuille-signee/scan")
@guarded("meeting.attend")
def scan(meeting: str) -> ResponseReturnValue:
    """The scan, to be saved under a name that says nothing of anybody; `web.headers` says that nothing keeps it on the way."""
    found = services.signed_sheets.scan(guard.actor(), meeting)
    answer = Response(found.data, mimetype=found.media_type)
    name = f"feuille-de-presence-{dates.local(found.held_on).date().isoformat()}.{found.suffix}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(meeting: str, form: SheetForm | None = None, *, ticks: TickForm | None = None) -> str:
    shown = services.signed_sheets.page(guard.actor(), meeting)
    filled = form or _fresh(shown)
    problems = [*fields.summary(filled), *(fields.summary(ticks) if ticks else [])]
    return render_template("sitting/signed_sheet.html", shown=shown, form=filled, problems=problems)


def _fresh(shown: SheetPage) -> SheetForm:
    form = SheetForm(formdata=None)
    form.reference.data = shown.kept.reference if shown.kept else ""
    form.signed_on.data = shown.kept.signed_on if shown.kept else dates.local(shown.starts_at).date()
    return form
