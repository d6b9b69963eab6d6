"""Writing a note, or correcting one's own."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from casework import services
from casework.errors import InvalidInput, ReadersChanged
from casework.services.drafts import EntryDraft
from casework.services.views import EntryComposition
from casework.web import drafts, fields, flashes, guard
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("entries", __name__)

READERS_CHANGED = _("Les personnes qui liront cette note ont changé pendant que vous écriviez. Relisez la liste, puis enregistrez.")


class EntryForm(fields.OnceForm):
    """A note: what, of what kind, when, for whom. The first kind of the list and today stand there already; its readers never do:
    no default may be wider than its author meant."""

    body = TextAreaField(_("Note"), [fields.required(_("Écrivez la note."))], filters=[fields.plain_lines])
    kind = SelectField(_("Type de note"), [fields.required(_("Choisissez le type de note."))], validate_choice=False)
    occurred_on = fields.DayField(_("Date des faits ou de l’action"), [fields.required(_("Indiquez une date, par exemple 12/03/2026."))])
    compartment = RadioField(
        _("Qui doit pouvoir la lire ?"), [fields.required(_("Choisissez qui pourra lire cette note."))], validate_choice=False
    )
    submission = HiddenField(validators=[fields.submitted])

    def begin(self, composition: EntryComposition) -> None:
        """Fill an empty form: the usual kind, today, or the note being corrected."""
        self.submission.data = fields.new_submission()
        self.kind.data = next((each.code for each in composition.kinds), None)
        self.occurred_on.data = composition.today
        if composition.correcting:
            former = composition.correcting
            self.kind.data, self.compartment.data = former.kind.code, former.compartment.code
            self.body.data, self.occurred_on.data = former.body, former.occurred_on

    def draft(self, corrects: str | None) -> EntryDraft:
        """What was typed, with the digest of the readers that stood beside the chosen compartment."""
        typed: dict[str, Any] = self.data
        names = ("kind", "compartment", "occurred_on", "body", "submission")
        readers = self.beside(f"readers-{typed['compartment']}")
        return EntryDraft(**{name: typed[name] for name in names}, readers=readers, corrects=corrects)


@screen.get("/dossiers/<number:number>/notes/nouvelle")
@guarded("dossier.open")
def form(number: str) -> ResponseReturnValue:
    """The empty form, the note to correct, or what was being typed."""
    composition = services.entries.compose(guard.actor(), number, _corrects())
    desk = drafts.desk(*_where(number))
    if desk.typed is not None and desk.typed.get("corrige", "") == (_corrects() or ""):
        return _page(EntryForm(desk.typed), composition, desk)
    empty = EntryForm(formdata=None)
    empty.begin(composition)
    return _page(empty, composition)


@screen.post("/dossiers/<number:number>/notes/nouvelle")
@guarded("entry.write")
@keeps(lambda given: _where(given["number"]))
def write(number: str) -> ResponseReturnValue:
    """Write the note once, then show it in its place."""
    filled = EntryForm()
    if not filled.validate():
        return _again(filled, number), 422
    try:
        entry = services.entries.write(guard.actor(), number, filled.draft(_corrects()))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _again(filled, number), 422
    except ReadersChanged:
        filled.compartment.errors = [READERS_CHANGED]
        return _again(filled, number), 409
    drafts.drop(*_where(number))
    flashes.leave("entry-corrected" if _corrects() else "entry-written")
    return redirect(url_for("dossiers.read", number=number, _anchor=f"note-{entry}"), 303)


def _corrects() -> str | None:
    return request.args.get("corrige") or None


def _where(number: str) -> tuple[str, str]:
    """Which form this is, and where its drafts are kept."""
    return ("correction" if _corrects() else "note"), number


def _again(filled: EntryForm, number: str) -> str:
    """The form with what was typed, and the readers as they are now."""
    return _page(filled, services.entries.compose(guard.actor(), number, _corrects()))


def _page(shown: EntryForm, composition: EntryComposition, desk: drafts.Desk | None = None) -> str:
    desk = desk or drafts.Desk(*_where(composition.number))
    problems = fields.summary(shown)
    return render_template("entries/new.html", form=shown, shown=composition, corrects=_corrects(), problems=problems, draft=desk)
