"""A cell, for those who keep it: its members and their terms, its groups, who comes in and who leaves."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.offices.views import AdmissionLists, CellPage, MemberLine
from casework.services.terms import end_of
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("cells", __name__)


class AdmissionForm(fields.OnceForm):
    """Who comes in, as what, by which act, until when."""

    person = SelectField(_("Personne"), [fields.required(_("Choisissez une personne."))], validate_choice=False)
    role = RadioField(_("Rôle dans la cellule"), [fields.required(_("Choisissez le rôle."))], validate_choice=False)
    act = StringField(_("Référence de l’acte"), [fields.required(_("Saisissez la référence de l’acte signé."))])
    until = fields.DayField(_("Habilitation jusqu’au"), [fields.required(_("Indiquez le dernier jour, un an au plus."))])
    charter_sheet = StringField(_("Charte signée sur papier : référence de la feuille"))

    def offer(self, lists: AdmissionLists) -> None:
        """Offer the certified people and the roles that one of them can have."""
        possible = {role for each in lists.candidates for role in each.roles}
        self.person.choices = fields.options([("", _("Choisir…")), *((each.username, each.label) for each in lists.candidates)])
        self.role.choices = fields.options((each.code, each.label) for each in lists.roles if each.code in possible)


class DepartureForm(fields.OnceForm):
    """A box and a button: what it does cannot be taken back."""

    confirmed = BooleanField(_("Oui, mettre fin à cette habilitation maintenant."))


@screen.get("/cellules")
@guarded("cell.read")
def mine() -> ResponseReturnValue:
    """The cells one keeps; the only one opens by itself."""
    found = services.cell_rosters.mine(guard.actor())
    if len(found) == 1:
        return redirect(url_for("cells.read", cell=found[0].id), 303)
    return render_template("cells/mine.html", cells=found)


@screen.get("/cellules/<number:cell>")
@guarded("cell.read")
def read(cell: str) -> ResponseReturnValue:
    """One cell."""
    return render_template("cells/read.html", shown=services.cell_rosters.page(guard.actor(), cell))


@screen.post("/cellules/<number:cell>/prise-en-charge")
@guarded("cell.take_charge")
def take_charge(cell: str) -> ResponseReturnValue:
    """Make the stewards' keys of a cell that was founded for me."""
    services.cells.take_charge(guard.actor(), cell)
    return _back("cell-taken", cell)


@screen.post("/cellules/<number:cell>/elus")
@guarded("ring.elected")
def switch_on_elected(cell: str) -> ResponseReturnValue:
    """Let the elected people of the commune read identities and decisions."""
    services.rings.switch_on_elected(guard.actor(), cell)
    return _back("elected-on", cell)


@screen.get("/cellules/<number:cell>/admettre")
@guarded("member.admit")
def admission(cell: str) -> ResponseReturnValue:
    """The empty form."""
    return _admission(AdmissionForm(formdata=None), cell)


@screen.post("/cellules/<number:cell>/admettre")
@guarded("member.admit")
def admit(cell: str) -> ResponseReturnValue:
    """Let somebody in."""
    filled = AdmissionForm()
    if not filled.validate():
        return _admission(filled, cell), 422
    typed = filled.data
    try:
        services.cells.admit(
            guard.actor(),
            cell,
            typed["person"],
            typed["role"],
            act=typed["act"],
            until=end_of(typed["until"]),
            charter_sheet=(typed["charter_sheet"] or "").strip(),
        )
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _admission(filled, cell), 422
    return _back("member-admitted", cell)


@screen.get("/cellules/<number:cell>/membres/<number:member>/fin")
@guarded("member.end")
def departure(cell: str, member: str) -> ResponseReturnValue:
    """What ends with this habilitation, before it ends."""
    return _departure(DepartureForm(formdata=None), cell, member)


@screen.post("/cellules/<number:cell>/membres/<number:member>/fin")
@guarded("member.end")
def end(cell: str, member: str) -> ResponseReturnValue:
    """End it."""
    filled = DepartureForm()
    try:
        fields.refuse_twice(filled)
        services.departures.end(guard.actor(), cell, member, confirmed=bool(filled.confirmed.data))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _departure(filled, cell, member), 422
    if member == guard.actor().user_id:
        flashes.leave("member-ended")
        return redirect(url_for("pages.home"), 303)
    return _back("member-ended", cell)


def _back(notice: str, cell: str) -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("cells.read", cell=cell), 303)


def _admission(form: AdmissionForm, cell: str) -> str:
    lists = services.cell_rosters.admission(guard.actor(), cell)
    form.offer(lists)
    return render_template("cells/admit.html", form=form, lists=lists, problems=fields.summary(form))


def _departure(form: DepartureForm, cell: str, member: str) -> str:
    shown = services.cell_rosters.page(guard.actor(), cell)
    return render_template("cells/departure.html", form=form, shown=shown, member=_member(shown, member), problems=fields.summary(form))


def _member(shown: CellPage, member: str) -> MemberLine:
    """The member of this page. Raises NotFound."""
    found = next((each for each in shown.members if each.id == member), None)
    if found is None or "member.end" not in shown.may:
        raise NotFound
    return found
