"""Where and when my service receives: a permanence begun, a permanence ended."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.permanence.views import PermanenceDraft
from casework.web import dates, fields, flashes, guard, i18n
from casework.web.guard import guarded

screen = Blueprint("permanence_keeping", __name__)

LENGTHS = ("15", "20", "30", "45", "60", "90", "120")
USUAL = "30"


class PermanenceForm(fields.OnceForm):
    """A place, a day of the week, two hours."""

    cell = SelectField(_("Cellule"), validate_choice=False)
    place = StringField(_("Lieu"), [fields.required(_("Indiquez le lieu."))])
    weekday = SelectField(_("Jour"), [fields.required(_("Choisissez le jour."))], validate_choice=False)
    starts = StringField(_("De"), [fields.required(_("Indiquez l’heure de début, par exemple 9:00."))])
    ends = StringField(_("À"), [fields.required(_("Indiquez l’heure de fin, par exemple 12:00."))])
    minutes = SelectField(_("Durée d’un rendez-vous"), validate_choice=False, default=USUAL)
    since = fields.DayField(_("À partir du"), [fields.required(_("Indiquez le premier jour."))])

    def draft(self) -> PermanenceDraft:
        """What was typed."""
        typed = self.data
        return PermanenceDraft(
            typed["cell"] or "", typed["place"] or "", fields.whole(typed["weekday"]), typed["starts"] or "", typed["ends"] or "",
            fields.whole(typed["minutes"]), typed["since"],
        )  # fmt: skip


class EndForm(fields.OnceForm):
    """The last day."""

    until = fields.DayField(_("Dernier jour"), [fields.required(_("Indiquez le dernier jour."))])
    version = HiddenField(default="0")


@screen.get("/permanences/nouvelle")
@guarded("permanence.keep")
def new() -> ResponseReturnValue:
    """The empty form."""
    return _page(PermanenceForm(formdata=None))


@screen.post("/permanences/nouvelle")
@guarded("permanence.keep")
def make() -> ResponseReturnValue:
    """Begin it."""
    filled = PermanenceForm()
    if not filled.validate():
        return _page(filled), 422
    try:
        services.keeping.make(guard.actor(), filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled), 422
    return _back("permanence-made")


@screen.get("/permanences/<number:permanence>/fin")
@guarded("permanence.keep")
def ending(permanence: str) -> ResponseReturnValue:
    """Until when."""
    return _ending(EndForm(formdata=None), permanence)


@screen.post("/permanences/<number:permanence>/fin")
@guarded("permanence.keep")
def end(permanence: str) -> ResponseReturnValue:
    """End it."""
    filled = EndForm()
    if not filled.validate():
        return _ending(filled, permanence), 422
    try:
        services.keeping.end(guard.actor(), permanence, filled.until.data, seen=fields.seen(filled.version))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _ending(filled, permanence), 422
    return _back("permanence-ended")


def _back(notice: str) -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("permanences.now"), 303)


def _page(form: PermanenceForm) -> str:
    found = services.keeping.compose(guard.actor())
    form.cell.choices = fields.options((each.code, each.label) for each in found.cells)
    days = dates.WEEKDAYS[i18n.language()]
    form.weekday.choices = fields.options([("", _("Choisir…")), *((str(number), name) for number, name in enumerate(days))])
    form.minutes.choices = fields.options((each, _("%(count)s minutes", count=each)) for each in LENGTHS)
    form.since.data = form.since.data or (None if form.is_submitted() else found.today)
    return render_template("permanences/new.html", form=form, shown=found, problems=fields.summary(form))


def _ending(form: EndForm, permanence: str) -> str:
    shown = services.keeping.ending(guard.actor(), permanence)
    days = dates.WEEKDAYS[i18n.language()]
    return render_template("permanences/end.html", form=form, shown=shown, weekdays=days, problems=fields.summary(form))
