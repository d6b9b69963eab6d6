"""The wall: closing a dossier to somebody, setting it apart from another one, staying on both sides."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.services.wall.linking import UNDECIDED, LinkDraft
from casework.services.wall.staying import Stay
from casework.services.wall.views import LinkOffer, StayOffer, WallPage
from casework.services.wall.walling import WallDraft
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("walls", __name__)

SIDE = "cote-"
"""Before a user name: which dossier closes to that person."""
STAYS = "rester"


class WallForm(fields.OnceForm):
    """To whom, why."""

    who = StringField(_("Nom exact, ou identifiant"), [fields.required(_("Donnez le nom de la personne."))])
    reason = SelectField(_("Motif"), [fields.required(_("Choisissez un motif."))], validate_choice=False)
    last = BooleanField(_("Fermer quand même, sans personne pour coordonner ce dossier."))


class OtherForm(fields.OnceForm):
    """The number of the other dossier."""

    other = StringField(_("Numéro de l’autre dossier"), [fields.required(_("Donnez le numéro de l’autre dossier."))])


class EndForm(fields.OnceForm):
    """Which separation ends, and why."""

    apart = StringField(_("Numéro de l’autre dossier"), [fields.required(_("Donnez le numéro de l’autre dossier."))])
    ending = SelectField(_("Motif"), [fields.required(_("Choisissez un motif."))], validate_choice=False)


class StayForm(fields.OnceForm):
    """Why one stays on both sides, and which dossier one's lists go on showing."""

    other = StringField(_("Numéro de l’autre dossier"))
    listed = RadioField(_("Vos listes continuent de montrer"), validate_choice=False)
    reason = SelectField(_("Motif"), validate_choice=False)
    text = TextAreaField(_("Pourquoi"), filters=[fields.plain_lines])

    def said(self) -> Stay:
        """What was typed."""
        return Stay((self.listed.data or "").strip(), self.reason.data or "", self.text.data or "")


class LinkForm(StayForm):
    """The second step: for the actor, a side or the reasoned act; for the others, a choice each (`sides`)."""

    other = HiddenField()
    mine = RadioField(_("Et vous ?"), [fields.required(_("Choisissez ce qu’il en est pour vous."))], validate_choice=False)
    last = BooleanField(_("Continuer quand même, sans personne pour coordonner l’un des deux dossiers."))

    def draft(self) -> LinkDraft:
        """What was chosen."""
        mine = None if self.mine.data == STAYS else self.mine.data
        return LinkDraft(self.sides(), mine, self.said() if mine is None else None, bool(self.last.data))

    def sides(self) -> dict[str, str]:
        """User name -> what was chosen for that person."""
        return {name.removeprefix(SIDE): self.beside(name) for name in request.form if name.startswith(SIDE)}


@screen.get("/dossiers/<number:number>/separation")
@guarded("wall.set")
def form(number: str) -> ResponseReturnValue:
    """Who is walled off, and the empty forms."""
    return _page(services.walling.page(guard.actor(), number), WallForm(formdata=None), OtherForm(formdata=None))


@screen.post("/dossiers/<number:number>/separation")
@guarded("wall.set")
def close(number: str) -> ResponseReturnValue:
    """Close the dossier to somebody, and turn the keys."""
    filled = WallForm()
    if not filled.validate():
        return _page(services.walling.page(guard.actor(), number), filled, OtherForm(formdata=None)), 422
    try:
        draft = WallDraft(filled.who.data or "", filled.reason.data or "", bool(filled.last.data))
        services.walling.set(guard.actor(), number, draft)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(services.walling.page(guard.actor(), number), filled, OtherForm(formdata=None)), 422
    services.conflicts.settle_pending(guard.actor())
    flashes.leave("wall-set")
    return redirect(url_for("walls.form", number=number), 303)


@screen.post("/dossiers/<number:number>/separation/levee")
@guarded("wall.set")
def lift(number: str) -> ResponseReturnValue:
    """Take one wall away."""
    services.walling.lift(guard.actor(), number, fields.once("personne"))
    flashes.leave("wall-lifted")
    return redirect(url_for("walls.form", number=number), 303)


@screen.post("/dossiers/<number:number>/separation/dossier")
@guarded("wall.link")
def look(number: str) -> ResponseReturnValue:
    """Who holds both dossiers, before anything is set apart."""
    filled = OtherForm()
    if not filled.validate():
        return _page(services.walling.page(guard.actor(), number), WallForm(formdata=None), filled), 422
    try:
        offer = services.linking.prepare(guard.actor(), number, filled.other.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(services.walling.page(guard.actor(), number), WallForm(formdata=None), filled), 422
    empty = LinkForm(formdata=None)
    empty.other.data, empty.mine.data, empty.listed.data = offer.other, STAYS, number
    return _link_page(offer, empty, {each.username: each.side for each in offer.people})


@screen.post("/dossiers/<number:number>/separation/dossier/confirmation")
@guarded("wall.link")
def link(number: str) -> ResponseReturnValue:
    """Set the two apart, and turn the keys."""
    filled = LinkForm()
    other = filled.other.data or ""
    try:
        if not filled.validate():
            return _link_page(services.linking.prepare(guard.actor(), number, other), filled, filled.sides()), 422
        services.linking.link(guard.actor(), number, other, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _link_page(services.linking.prepare(guard.actor(), number, other), filled, filled.sides()), 422
    services.conflicts.settle_pending(guard.actor())
    flashes.leave("wall-linked")
    return redirect(url_for("pages.home"), 303)


@screen.post("/dossiers/<number:number>/separation/dossier/fin")
@guarded("wall.link")
def unlink(number: str) -> ResponseReturnValue:
    """End the separation of two dossiers, and turn the keys."""
    filled = EndForm()
    if not filled.validate():
        return _still_apart(number, filled)
    try:
        services.unlinking.unlink(guard.actor(), number, filled.apart.data or "", filled.ending.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _still_apart(number, filled)
    services.conflicts.settle_pending(guard.actor())
    flashes.leave("wall-unlinked")
    return redirect(url_for("dossiers.read", number=number), 303)


@screen.get("/dossiers/<number:number>/deux-cotes")
@guarded("wall.stay")
def both(number: str) -> ResponseReturnValue:
    """The empty form of the reasoned act."""
    empty = StayForm(formdata=None)
    empty.listed.data = number
    return _stay_page(services.staying.prepare(guard.actor(), number), empty)


@screen.post("/dossiers/<number:number>/deux-cotes")
@guarded("wall.stay")
def stay(number: str) -> ResponseReturnValue:
    """Stay on both sides."""
    filled = StayForm()
    try:
        filled.validate()
        fields.refuse_twice(filled)
        said = filled.said()
        other = (filled.other.data or "").strip()
        services.staying.stay(guard.actor(), number, other, Stay(other if said.listed == STAYS else said.listed, said.reason, said.text))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _stay_page(services.staying.prepare(guard.actor(), number), filled), 422
    flashes.leave("wall-stayed")
    return redirect(url_for("dossiers.read", number=number), 303)


@screen.get("/acces-urgents/deux-cotes")
@guarded("urgent.review")
def stays() -> ResponseReturnValue:
    """Who stays on both sides, and why."""
    return render_template("walls/stays.html", shown=services.staying.review(guard.actor()))


def _still_apart(number: str, filled: EndForm) -> ResponseReturnValue:
    return _page(services.walling.page(guard.actor(), number), WallForm(formdata=None), OtherForm(formdata=None), filled), 422


def _page(shown: WallPage, wall: WallForm, other: OtherForm, ending: EndForm | None = None) -> str:
    end = ending or EndForm(formdata=None)
    end.ending.choices = fields.options([("", gettext("Choisir…")), *((each.code, each.label) for each in shown.endings)])
    wall.reason.choices = fields.options([("", gettext("Choisir…")), *((each.code, each.label) for each in shown.reasons)])
    problems = [*fields.summary(wall), *fields.summary(other), *fields.summary(end)]
    return render_template("walls/wall.html", shown=shown, form=wall, other=other, end=end, problems=problems)


def _link_page(offer: LinkOffer, filled: LinkForm, chosen: dict[str, str]) -> str:
    filled.reason.choices = fields.options([("", gettext("Choisir…")), *((each.code, each.label) for each in offer.reasons)])
    numbers = [(each, gettext("le dossier %(number)s", number=each)) for each in (offer.number, offer.other)]
    filled.listed.choices = fields.options(numbers)
    closes = [(each, gettext("Le dossier %(number)s se ferme pour moi", number=each)) for each in (offer.number, offer.other)]
    filled.mine.choices = fields.options([(STAYS, gettext("Je reste des deux côtés")), *closes])
    return render_template(
        "walls/link.html", shown=offer, form=filled, chosen=chosen, side=SIDE, undecided=UNDECIDED, problems=fields.summary(filled)
    )


def _stay_page(offer: StayOffer, filled: StayForm) -> str:
    filled.reason.choices = fields.options([("", gettext("Choisir…")), *((each.code, each.label) for each in offer.reasons)])
    filled.listed.choices = fields.options(
        [(offer.number, gettext("ce dossier-ci, %(number)s", number=offer.number)), (STAYS, gettext("l’autre"))]
    )
    return render_template("walls/stay.html", shown=offer, form=filled, problems=fields.summary(filled))
