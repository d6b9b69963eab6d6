"""What the officer inscribes beside accounts: institutions that signed the charter, and cells, founded empty."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.membership.cells import NewCell
from casework.services.offices.views import OfficerLists
from casework.services.terms import end_of
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("foundations", __name__)


class InstitutionForm(fields.OnceForm):
    """A signatory of the charter."""

    name = StringField(_("Nom de l’institution"), [fields.required(_("Saisissez le nom."))])
    kind = SelectField(_("Type"), [fields.required(_("Choisissez le type."))], validate_choice=False)
    sector = StringField(_("Secteur"))

    def offer(self, lists: OfficerLists) -> None:
        """Offer the kinds."""
        self.kind.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in lists.kinds)])


class CellForm(fields.OnceForm):
    """A cell and the act that names its first stewards."""

    name = StringField(_("Nom de la cellule"), [fields.required(_("Saisissez le nom."))])
    code = StringField(_("Nom court"), [fields.required(_("Saisissez un nom court."))], filters=[lambda text: (text or "").strip().lower()])
    programme = SelectField(_("Programme"), [fields.required(_("Choisissez le programme."))], validate_choice=False)
    commune = StringField(_("Territoire"), [fields.required(_("Saisissez la commune ou le quartier."))])
    stewards = SelectMultipleField(
        _("Qui tiendra la cellule"), [fields.required(_("Choisissez au moins une personne."))], validate_choice=False
    )
    act = StringField(_("Référence de l’acte"), [fields.required(_("Saisissez la référence de l’acte signé."))])
    until = fields.DayField(_("Habilitation jusqu’au"), [fields.required(_("Indiquez le dernier jour, un an au plus."))])

    def offer(self, lists: OfficerLists) -> None:
        """Offer the programmes and the certified people."""
        self.programme.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in lists.programmes)])
        self.stewards.choices = fields.options((each.code, each.label) for each in lists.stewards)

    def cell(self) -> NewCell:
        """What was typed."""
        typed = self.data
        return NewCell(
            code=typed["code"],
            name=typed["name"],
            programme=typed["programme"],
            commune=typed["commune"],
            stewards=tuple(typed["stewards"]),
            act=typed["act"],
            until=end_of(typed["until"]),
        )


@screen.get("/institutions/nouvelle")
@guarded("institution.create")
def new_institution() -> ResponseReturnValue:
    """The empty form."""
    return _page("accounts/institution.html", InstitutionForm(formdata=None))


@screen.post("/institutions/nouvelle")
@guarded("institution.create")
def add_institution() -> ResponseReturnValue:
    """Inscribe it."""
    filled = InstitutionForm()
    if not filled.validate():
        return _page("accounts/institution.html", filled), 422
    try:
        services.accounts.add_institution(guard.actor(), filled.name.data or "", filled.kind.data or "", filled.sector.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page("accounts/institution.html", filled), 422
    return _back("institution-added")


@screen.get("/cellules/nouvelle")
@guarded("cell.found")
def new_cell() -> ResponseReturnValue:
    """The empty form."""
    return _page("accounts/cell.html", CellForm(formdata=None))


@screen.post("/cellules/nouvelle")
@guarded("cell.found")
def found_cell() -> ResponseReturnValue:
    """Found it, empty."""
    filled = CellForm()
    if not filled.validate():
        return _page("accounts/cell.html", filled), 422
    try:
        services.cells.found(guard.actor(), filled.cell())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page("accounts/cell.html", filled), 422
    return _back("cell-founded")


def _back(notice: str) -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("accounts.directory"), 303)


def _page(template: str, form: InstitutionForm | CellForm) -> str:
    form.offer(services.rosters.officer_lists(guard.actor()))
    return render_template(template, form=form, problems=fields.summary(form))
