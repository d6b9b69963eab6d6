"""A table of services: what it would change, then the act. The file lives as long as the request, in memory."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import HiddenField, ValidationError

from casework import services
from casework.errors import InvalidInput
from casework.services.directory.lines import HEADINGS
from casework.services.directory.views import ImportPlan
from casework.web import fields, flashes, guard, intake
from casework.web.guard import guarded
from casework.wording import spoken

screen = Blueprint("directory_import", __name__)

MAX_UPLOAD = 6 * 1024 * 1024
"""Bytes: a file of 2 MB, or the lines of three thousand services on their way back from the preview."""


def chosen(form: fields.OnceForm, field: FileField) -> None:
    """Refuses a form without file and without lines."""
    if not field.data and not form.rows.data:
        raise ValidationError(gettext("Choisissez un fichier."))


class ImportForm(fields.OnceForm):
    """A file; or, from the preview, the lines it had and what they would do."""

    file = FileField(_("Tableau (XLSX, ODS ou CSV, 2 Mo au plus)"), [chosen])
    rows = HiddenField()
    digest = HiddenField()


@screen.get("/annuaire/import")
@guarded("directory.keep")
def ask() -> ResponseReturnValue:
    """The page with the field."""
    return _page(ImportForm(formdata=None))


@screen.post("/annuaire/import")
@guarded("directory.keep")
@intake.roomy(MAX_UPLOAD)
def send() -> ResponseReturnValue:
    """A file: what it would change. The lines of a preview: the change itself, or what it would be now."""
    form = ImportForm()
    if not form.validate():
        return _page(form), 422
    try:
        if form.rows.data:
            plan = services.importing.apply(guard.actor(), form.rows.data, form.digest.data or "")
            return _plan(form, plan, again=True) if plan else _done()
        return _plan(form, services.importing.preview(guard.actor(), form.file.data.read()))
    except InvalidInput as problem:
        fields.place(form, problem.problems)
        return _page(form), 422


def _done() -> ResponseReturnValue:
    flashes.leave("services-imported")
    return redirect(url_for("directory.browse"), 303)


def _page(form: ImportForm) -> str:
    lists = services.upkeep.compose(guard.actor()).lists
    headings = "\t".join(spoken(each) for each in HEADINGS.values())
    return render_template("directory/import.html", form=form, lists=lists, headings=headings, problems=fields.summary(form))


def _plan(form: ImportForm, plan: ImportPlan, *, again: bool = False) -> str:
    return render_template("directory/plan.html", form=form, plan=plan, again=again, copied=_copied(plan))


def _copied(plan: ImportPlan) -> str:
    """The refused lines as a spreadsheet takes them from the clipboard, with their numbers and reasons."""
    headings = [gettext("Ligne"), gettext("Motif"), *plan.headings]
    width = len(plan.headings)
    lines = [
        [str(each.line), " ".join(spoken(reason) for reason in each.reasons), *each.cells, *("" for _ in range(width - len(each.cells)))]
        for each in plan.refused
    ]
    return "\n".join("\t".join(_inert(cell) for cell in line) for line in (headings, *lines))


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = " ".join(cell.split())
    return f"'{text}" if text[:1] in {"=", "@", "+", "-"} and not text[1:2].isdigit() else text
