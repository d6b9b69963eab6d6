"""The attendance sheet: one form for everybody's place, one for a deputy, one for a guest."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.meeting.sitting.sitting_views import GuestDraft, Sheet
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("presence", __name__)


class SheetForm(fields.OnceForm):
    """Everybody's place: `etat-<seat>` what was chosen, `vu-<seat>` what stood there."""

    def states(self) -> dict[str, str]:
        """Seat id -> state chosen."""
        return {name[5:]: self.beside(name) for name in request.form if name.startswith("etat-")}

    def chosen(self) -> dict[str, tuple[str, str]]:
        """Seat id -> (state that stood on the form, state chosen). With the button for all, whoever is still expected is there."""
        found = {seat: (self.beside(f"vu-{seat}"), state) for seat, state in self.states().items()}
        if self.beside("tous"):
            found = {seat: (stood, "present" if state == "convened" else state) for seat, (stood, state) in found.items()}
        return found


class DeputyForm(fields.OnceForm):
    """Who is replaced, and by whom."""

    replaced = SelectField(_("Personne remplacée"), [fields.required(_("Choisissez qui est remplacé·e."))], validate_choice=False)
    deputy = SelectField(_("Remplacée par"), [fields.required(_("Choisissez un membre habilité."))], validate_choice=False)


class GuestForm(fields.OnceForm):
    """A guest for one sitting, who signed the charter on paper."""

    name = StringField(_("Nom"), [fields.required(_("Indiquez le nom."))])
    profession = SelectField(_("Profession"), [fields.required(_("Choisissez une profession."))], validate_choice=False)
    institution = SelectField(_("Institution"), validate_choice=False)
    charter_date = fields.DayField(_("Charte signée le"), [fields.required(_("Indiquez le jour de la signature."))])
    charter_reference = StringField(_("Référence de la charte signée"), [fields.required(_("Indiquez la référence."))])
    items = SelectMultipleField(_("Concerné·e par"), validate_choice=False)

    def draft(self) -> GuestDraft:
        """What was typed."""
        name, profession, reference = self.name.data or "", self.profession.data or "", self.charter_reference.data or ""
        return GuestDraft(name, profession, self.institution.data or "", self.charter_date.data, reference, tuple(self.items.data or ()))


@screen.get("/reunions/<number:meeting>/seance/presence")
@guarded("meeting.attend")
def sheet(meeting: str) -> ResponseReturnValue:
    """The sheet."""
    return _page(meeting)


@screen.post("/reunions/<number:meeting>/seance/presence")
@guarded("meeting.attend")
def keep(meeting: str) -> ResponseReturnValue:
    """Keep what was changed on it."""
    filled = SheetForm()
    if not filled.validate():
        return _page(meeting, sheet=filled), 422
    try:
        services.attendance.keep(guard.actor(), meeting, filled.chosen())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(meeting, sheet=filled), 422
    flashes.leave("presence-kept")
    return redirect(url_for("presence.sheet", meeting=meeting), 303)


@screen.post("/reunions/<number:meeting>/seance/presence/remplacement")
@guarded("meeting.attend")
def replace(meeting: str) -> ResponseReturnValue:
    """A deputy sits for somebody."""
    filled = DeputyForm()
    if not filled.validate():
        return _page(meeting, deputy=filled), 422
    try:
        services.attendance.replace(guard.actor(), meeting, filled.replaced.data, filled.deputy.data)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(meeting, deputy=filled), 422
    flashes.leave("deputy-seated")
    return redirect(url_for("presence.sheet", meeting=meeting), 303)


@screen.post("/reunions/<number:meeting>/seance/presence/invite")
@guarded("meeting.attend")
def invite(meeting: str) -> ResponseReturnValue:
    """A guest sits in."""
    filled = GuestForm()
    if not filled.validate():
        return _page(meeting, guest=filled), 422
    try:
        services.attendance.add_guest(guard.actor(), meeting, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(meeting, guest=filled), 422
    flashes.leave("guest-seated")
    return redirect(url_for("presence.sheet", meeting=meeting), 303)


def _page(meeting: str, *, sheet: SheetForm | None = None, deputy: DeputyForm | None = None, guest: GuestForm | None = None) -> str:
    shown = services.sheet.read(guard.actor(), meeting)
    states = sheet.states() if sheet else {}
    sheet, deputy, guest = sheet or SheetForm(formdata=None), deputy or DeputyForm(formdata=None), guest or GuestForm(formdata=None)
    _offer(deputy, guest, shown)
    problems = [*fields.summary(sheet), *fields.summary(deputy), *fields.summary(guest)]
    return render_template("sitting/presence.html", shown=shown, sheet=sheet, states=states, deputy=deputy, guest=guest, problems=problems)


def _offer(deputy: DeputyForm, guest: GuestForm, shown: Sheet) -> None:
    """Fill the lists."""
    none = ("", "—")
    seated = [(each.id, f"{each.name} — {each.institution}") for each in shown.places if not each.guest and each.state.code != "replaced"]
    deputy.replaced.choices = fields.options([none, *seated])
    deputy.deputy.choices = fields.options([none, *((each.code, each.label) for each in shown.deputies)])
    guest.profession.choices = fields.options([none, *((each.code, each.label) for each in shown.professions)])
    guest.institution.choices = fields.options([none, *((each.code, each.label) for each in shown.institutions)])
    guest.items.choices = fields.options((each.item, each.number) for each in shown.items)
    if guest.charter_date.data is None and not guest.charter_date.errors:
        guest.charter_date.data = shown.today
