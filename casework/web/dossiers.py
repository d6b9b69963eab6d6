"""My dossiers, finding one of them, and one dossier."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.drafts import ListFilters
from casework.services.views import DossierPage
from casework.web import dossier_words, fields, guard, i18n, intake, shapes, timeline
from casework.web.guard import guarded

screen = Blueprint("dossiers", __name__)

ALL = ("", _("Tous"))
WHY = {
    "name_exact": _("même nom"),
    "name_prefix": _("début du nom"),
    "name_sound": _("même prononciation"),
    "name_slip": _("une lettre d’écart"),
    "number": _("numéro du dossier"),
    "born": _("date de naissance"),
    "phone": _("téléphone"),
}
"""Why a dossier answers a search."""


class FilterForm(fields.OnceForm):
    """Filters and order of my list. Codes only, never a name: they travel in the address and need no CSRF token."""

    class Meta:
        """No token: a question changes nothing."""

        csrf = False

    etat = SelectField(_("État"), validate_choice=False, default="")
    programme = SelectField(_("Programme"), validate_choice=False, default="")
    cellule = SelectField(_("Cellule"), validate_choice=False, default="")
    referent = SelectField(
        _("Référent·e"),
        validate_choice=False,
        default="",
        choices=fields.options([ALL, ("me", _("Moi")), ("others", _("Une autre personne")), ("none", _("À désigner"))]),
    )
    echeance = SelectField(
        _("Prochaine date"), validate_choice=False, default="", choices=fields.options([("", _("Toutes")), ("overdue", _("Dépassée"))])
    )
    tri = SelectField(
        _("Trier par"),
        validate_choice=False,
        default="date",
        choices=fields.options(
            [("date", _("Prochaine date")), ("name", _("Nom")), ("activity", _("Dernière activité")), ("number", _("Numéro"))]
        ),
    )

    def asked(self) -> ListFilters:
        """The question, in the service's words."""
        overdue = self.echeance.data == "overdue"
        return ListFilters(self.etat.data, self.programme.data, self.cellule.data, self.referent.data, overdue, self.tri.data)

    def offer(self, shown: DossierPage) -> None:
        """Offer what occurs in my list; say so beside a field whose value is in no list."""
        for field, offered in ((self.etat, "status"), (self.programme, "programme"), (self.cellule, "cell")):
            field.choices = fields.options([ALL, *((each.code, each.label) for each in shown.offers.get(offered, ()))])
        for field in self:
            if not any(choice.value == field.data for choice in field.choices):
                field.errors = [str(fields.UNLISTED)]
        fields.say_twice(self)

    def used(self) -> dict[str, str]:
        """What is asked beyond the ordinary, for the addresses of the other pages."""
        return {field.name: field.data for field in self if field.data != field.default}

    def order(self) -> str:
        """The order in use, in words."""
        return next((str(choice.label) for choice in self.tri.choices if choice.value == self.tri.data), gettext("valeur inconnue"))

    def chips(self) -> list[tuple[str, str, str]]:
        """The filters in use: label, value, and the address of the list without that one."""
        used = self.used()
        shown = []
        for name in [each for each in used if each != "tri"]:
            value = next((choice.label for choice in self[name].choices if choice.value == used[name]), gettext("valeur inconnue"))
            others: dict[str, Any] = {other: code for other, code in used.items() if other != name}
            shown.append((self[name].label.text, value, url_for("dossiers.mine", **others)))
        return shown


class SearchForm(fields.OnceForm):
    """What somebody looks for. Sent in the body, never in an address."""

    typed = StringField(_("Rechercher parmi mes dossiers"))


@screen.get("/dossiers")
@guarded("dossier.list")
def mine() -> ResponseReturnValue:
    """The dossiers I hold a box for, and the saisines I sent."""
    form = FilterForm(request.args)
    shown = services.dossiers.list_mine(guard.actor(), page=intake.page_asked(), asked=form.asked())
    form.offer(shown)
    problems = fields.summary(form)
    page = render_template(
        "dossiers/mine.html",
        shown=shown,
        form=form,
        search=SearchForm(formdata=None),
        problems=problems,
        today=guard.today(),
        numbers=shapes.page_numbers(shown.page, shown.pages),
    )
    return page, 422 if problems else 200


@screen.get("/dossiers/recherche")
@guarded("dossier.search")
def search() -> ResponseReturnValue:
    """An answer has no address of its own: who comes back to it finds the list, and the field to ask again."""
    return redirect(url_for("dossiers.mine"), 303)


@screen.post("/dossiers/recherche")
@guarded("dossier.search")
def find() -> ResponseReturnValue:
    """What was looked for, and what was found. This very answer: no address and no cookie ever holds what was typed."""
    asked, found = SearchForm(), None
    if asked.validate():
        try:
            found = services.finding.search(guard.actor(), asked.typed.data or "")
        except InvalidInput as problem:
            fields.place(asked, problem.problems)
    problems = fields.summary(asked)
    page = render_template("dossiers/list_found.html", search=asked, found=found, why=WHY, problems=problems, today=guard.today())
    return page, 422 if problems else 200


@screen.get("/dossiers/<number:number>")
@guarded("dossier.open")
def read(number: str) -> ResponseReturnValue:
    """One dossier, as much of it as the reader may see."""
    shown, lang = services.dossiers.open(guard.actor(), number), i18n.language()
    acts, withdraws = dossier_words.acts(shown.may, number), dossier_words.withdraws_here(shown.may)
    if shown.part_only:
        return render_template(
            "sharing/part.html", shown=shown, acts=acts, withdraws=withdraws, write_url=url_for("entries.form", number=number)
        )
    notes = timeline.of(shown.timeline, request.args, shown.looked_at, lang)
    return render_template(
        "dossiers/read.html",
        shown=shown,
        timeline=notes,
        ids=shapes.ids(row[0] for group in notes.groups for row in group.rows),
        banners=dossier_words.banners(shown, lang),
        acts=acts,
        withdraws=withdraws,
        write_url=url_for("entries.form", number=number),
        today=guard.today(),
    )
