"""Looking after the directory: a service added, corrected, closed, opened again."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.services.directory.views import DirectoryLists, ServiceDraft
from casework.services.directory.views import ServiceForm as Composition
from casework.web import fields, flashes, guard
from casework.web.directory import AgeField
from casework.web.guard import guarded

screen = Blueprint("directory_upkeep", __name__)


class ServiceForm(fields.OnceForm):
    """A service. Nothing here is about somebody who is followed."""

    name = StringField(_("Nom du service"), [fields.required(_("Saisissez le nom du service."))])
    institution = StringField(_("Institution"), [fields.required(_("Saisissez l’institution."))])
    about = TextAreaField(_("Ce que fait le service"))
    needs = SelectMultipleField(_("Besoins"), [fields.required(_("Choisissez au moins un besoin."))], validate_choice=False)
    programmes = SelectMultipleField(_("Publics"), validate_choice=False)
    age_min = AgeField(_("À partir de (ans)"))
    age_max = AgeField(_("Jusqu’à (ans)"))
    address = StringField(_("Adresse"))
    sector = StringField(_("Secteur"))
    hours = StringField(_("Horaires"))
    phone = StringField(_("Téléphone du service"))
    state = RadioField(_("Places"), [fields.required(_("Dites s’il reste des places."))], validate_choice=False, default="open")
    state_until = fields.DayField(_("Jusqu’au"), [])
    version = HiddenField(default="0")

    def offer(self, lists: DirectoryLists) -> None:
        """Offer the closed lists."""
        self.needs.choices = fields.options((each.code, each.label) for each in lists.needs)
        self.programmes.choices = fields.options((each.code, each.label) for each in lists.programmes)
        self.state.choices = fields.options((each.code, each.label) for each in lists.states)

    def draft(self) -> ServiceDraft:
        """What was typed."""
        typed: dict[str, Any] = {name: value for name, value in self.data.items() if name not in {"csrf_token", "version"}}
        lists = {name: tuple(typed[name] or ()) for name in ("needs", "programmes")}
        texts = {name: typed[name] or "" for name in ("name", "institution", "about", "address", "sector", "hours", "phone", "state")}
        return ServiceDraft(**{**typed, **texts, **lists})


@screen.get("/annuaire/nouveau")
@guarded("directory.keep")
def new() -> ResponseReturnValue:
    """The empty form."""
    return _page(ServiceForm(formdata=None))


@screen.post("/annuaire/nouveau")
@guarded("directory.keep")
def add() -> ResponseReturnValue:
    """Put it into the directory."""
    filled = ServiceForm()
    if not filled.validate():
        return _page(filled), 422
    try:
        made = services.upkeep.add(guard.actor(), filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled), 422
    return _back("service-added", made)


@screen.get("/annuaire/<number:service>/modifier")
@guarded("directory.keep")
def edit(service: str) -> ResponseReturnValue:
    """The form with the service as it is."""
    found = services.upkeep.compose(guard.actor(), service)
    return _page(ServiceForm(formdata=None, obj=found.draft, version=found.version), service, found)


@screen.post("/annuaire/<number:service>/modifier")
@guarded("directory.keep")
def change(service: str) -> ResponseReturnValue:
    """Correct it."""
    filled = ServiceForm()
    if not filled.validate():
        return _page(filled, service), 422
    try:
        services.upkeep.change(guard.actor(), service, filled.draft(), seen=fields.seen(filled.version))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled, service), 422
    return _back("service-changed", service)


@screen.post("/annuaire/<number:service>/fermeture")
@guarded("directory.keep")
def close(service: str) -> ResponseReturnValue:
    """Offer it no longer."""
    services.upkeep.close(guard.actor(), service)
    return _back("service-closed", service)


@screen.post("/annuaire/<number:service>/reouverture")
@guarded("directory.keep")
def reopen(service: str) -> ResponseReturnValue:
    """Offer it again."""
    services.upkeep.reopen(guard.actor(), service)
    return _back("service-reopened", service)


def _back(notice: str, service: str) -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("directory.read", service=service), 303)


def _page(form: ServiceForm, service: str = "", found: Composition | None = None) -> str:
    found = found or services.upkeep.compose(guard.actor(), service)
    form.offer(found.lists)
    return render_template("directory/form.html", form=form, service=service, sectors=found.lists.sectors, problems=fields.summary(form))
