"""« Annuaire »: finding a service by words, need, public, age and sector; one service."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField

from casework import services
from casework.services.directory.views import DirectoryLists, DirectoryPage, DirectoryQuery
from casework.web import fields, guard, intake, shapes
from casework.web.guard import guarded

screen = Blueprint("directory", __name__)


class AgeField(IntegerField):
    """A whole number of years, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, shown beside the field, for what is no age."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) <= 3):
            raise ValueError(gettext("Un âge s’écrit en années, par exemple 16."))
        self.data = int(text)


class DirectoryForm(fields.OnceForm):
    """What is looked for. Sent in the body, because words may hold a name; codes alone may travel in an address."""

    mots = StringField(_("Service, institution, rue"))
    besoin = SelectField(_("Besoin"), validate_choice=False, default="")
    public = SelectField(_("Public"), validate_choice=False, default="")
    secteur = SelectField(_("Secteur"), validate_choice=False, default="")
    age = AgeField(_("Âge de la personne"))

    def query(self, *, page: int = 1, closed: bool = False) -> DirectoryQuery:
        """The question, in the service's words."""
        return DirectoryQuery(
            words=self.mots.data or "",
            need=self.besoin.data or "",
            programme=self.public.data or "",
            sector=self.secteur.data or "",
            age=self.age.data,
            closed=closed,
            page=page,
        )

    def offer(self, lists: DirectoryLists) -> None:
        """Offer the closed lists."""
        self.besoin.choices = fields.options([("", _("Tous les besoins")), *((each.code, each.label) for each in lists.needs)])
        self.public.choices = fields.options([("", _("Tous les publics")), *((each.code, each.label) for each in lists.programmes)])
        self.secteur.choices = fields.options([("", _("Tous les secteurs")), *((each, each) for each in lists.sectors)])

    def used(self) -> dict[str, Any]:
        """What is asked beside the words, for addresses."""
        chosen = {name: self[name].data for name in ("besoin", "public", "secteur", "age")}
        return {name: value for name, value in chosen.items() if value not in {None, ""}}


class AskedForm(DirectoryForm):
    """The same, from an address: no words, and no token, for a question changes nothing."""

    class Meta:
        """No token."""

        csrf = False

    mots = None


@screen.get("/annuaire")
@guarded("directory.read")
def browse() -> ResponseReturnValue:
    """All services, or those that answer to what the address asks in codes."""
    form = DirectoryForm(formdata=None)
    asked = AskedForm(request.args)
    problems = [] if asked.validate() else fields.summary(asked)
    form.process(formdata=None, data={name: asked[name].data for name in ("besoin", "public", "secteur", "age")})
    for name in ("besoin", "public", "secteur", "age"):
        form[name].errors = asked[name].errors
    closed = request.args.get("fermes") == "1"
    shown = services.catalogue.find(guard.actor(), form.query(page=intake.page_asked(), closed=closed))
    return _page(form, shown, problems, closed=closed), 422 if problems else 200


@screen.get("/annuaire/recherche")
@guarded("directory.read")
def search() -> ResponseReturnValue:
    """An answer to words has no address of its own."""
    return redirect(url_for("directory.browse"), 303)


@screen.post("/annuaire/recherche")
@guarded("directory.read")
def find() -> ResponseReturnValue:
    """With words: this very answer. Without: an address to come back to."""
    form = DirectoryForm()
    if form.validate() and not (form.mots.data or "").strip():
        return redirect(url_for("directory.browse", **form.used()), 303)
    problems = fields.summary(form)
    return _page(form, services.catalogue.find(guard.actor(), form.query()), problems), 422 if problems else 200


@screen.get("/annuaire/<number:service>")
@guarded("directory.read")
def read(service: str) -> ResponseReturnValue:
    """One service."""
    return render_template("directory/read.html", shown=services.catalogue.read(guard.actor(), service))


def _page(form: DirectoryForm, shown: DirectoryPage, problems: list[tuple[str, Any]], *, closed: bool = False) -> str:
    form.offer(shown.lists)
    return render_template(
        "directory/browse.html",
        form=form,
        shown=shown,
        problems=problems,
        closed=closed,
        words=bool((form.mots.data or "").strip()),
        asked=form.used() | ({"fermes": "1"} if closed else {}),
        numbers=shapes.page_numbers(shown.page, shown.pages),
    )
