"""Sharing compartments, or a part of what they hold, with one named person. Two steps: choose, then read what they will see."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.sharing.extracts import ExtractDraft
from casework.services.sharing.recipients import term
from casework.services.sharing.views import ExtractOffer, ShareOffer
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("shares", __name__)

AGAIN = "modifier"
"""Name of the button that goes back from the second step to the first, with what was typed."""


class ShareForm(fields.OnceForm):
    """With whom, which compartments, until when."""

    to = RadioField(_("Avec qui ?"), [fields.required(_("Choisissez une personne."))], validate_choice=False)
    kinds = SelectMultipleField(_("Quels volets ?"), [fields.required(_("Choisissez au moins un volet."))], validate_choice=False)
    until = fields.DayField(_("Jusqu’au"), [fields.required(_("Indiquez le dernier jour du partage."))])
    submission = HiddenField(validators=[fields.submitted])


class ExtractForm(fields.OnceForm):
    """For whom, which pieces, with which introduction, until when."""

    to = RadioField(_("Pour qui ?"), [fields.required(_("Choisissez une personne."))], validate_choice=False)
    pieces = SelectMultipleField(
        _("Que voulez-vous lui adresser ?"), [fields.required(_("Choisissez au moins un élément."))], validate_choice=False
    )
    intro = StringField(_("Une phrase de présentation"))
    until = fields.DayField(_("Jusqu’au"), [fields.required(_("Indiquez le dernier jour du partage."))])
    submission = HiddenField(validators=[fields.submitted])

    def draft(self) -> ExtractDraft:
        """What was typed."""
        return ExtractDraft(
            self.to.data or "", tuple(self.pieces.data or ()), self.intro.data or "", term(self.until.data), self.submission.data or ""
        )


@screen.get("/dossiers/<number:number>/partage")
@guarded("dossier.open")
def form(number: str) -> ResponseReturnValue:
    """What is shared already, and the empty form."""
    offer = services.shares.prepare(guard.actor(), number)
    empty = ShareForm(formdata=None)
    empty.submission.data, empty.until.data = fields.new_submission(), offer.until
    return _page(empty, offer)


@screen.post("/dossiers/<number:number>/partage")
@guarded("dossier.open")
def look(number: str) -> ResponseReturnValue:
    """Exactly what the person would see, before anything is shared."""
    filled = ShareForm()
    if AGAIN in request.form:
        status = fields.status(filled)
        return _again(filled, number), status
    if not filled.validate():
        return _again(filled, number), 422
    try:
        seen = services.shares.preview(guard.actor(), number, filled.kinds.data or [], filled.to.data, until=term(filled.until.data))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _again(filled, number), 422
    return render_template("sharing/share_look.html", form=filled, seen=seen, problems=[])


@screen.post("/dossiers/<number:number>/partage/confirmation")
@guarded("share.give")
def give(number: str) -> ResponseReturnValue:
    """Share."""
    filled = ShareForm()
    if not filled.validate():
        return _again(filled, number), 422
    try:
        services.shares.give(
            guard.actor(),
            number,
            filled.kinds.data or [],
            filled.to.data,
            until=term(filled.until.data),
            submission=filled.submission.data or "",
        )
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _again(filled, number), 422
    flashes.leave("volet-shared")
    return redirect(url_for("shares.form", number=number), 303)


@screen.post("/dossiers/<number:number>/partage/fin")
@guarded("share.end")
def end(number: str) -> ResponseReturnValue:
    """End one share."""
    services.shares.end(guard.actor(), number, fields.once("partage"))
    flashes.leave("share-ended")
    return redirect(url_for("shares.form", number=number), 303)


@screen.get("/dossiers/<number:number>/partie")
@guarded("dossier.open")
def part(number: str) -> ResponseReturnValue:
    """The empty form of an extract."""
    offer = services.extracts.prepare(guard.actor(), number)
    empty = ExtractForm(formdata=None)
    empty.submission.data, empty.until.data = fields.new_submission(), offer.until
    return _part_page(empty, offer)


@screen.post("/dossiers/<number:number>/partie")
@guarded("dossier.open")
def look_at_part(number: str) -> ResponseReturnValue:
    """The extract, word for word, before it is given."""
    filled = ExtractForm()
    if AGAIN in request.form:
        status = fields.status(filled)
        return _part_again(filled, number), status
    if not filled.validate():
        return _part_again(filled, number), 422
    try:
        seen = services.extracts.preview(guard.actor(), number, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _part_again(filled, number), 422
    return render_template("sharing/part_look.html", form=filled, seen=seen, problems=[])


@screen.post("/dossiers/<number:number>/partie/confirmation")
@guarded("extract.give")
def give_part(number: str) -> ResponseReturnValue:
    """Give the extract."""
    filled = ExtractForm()
    if not filled.validate():
        return _part_again(filled, number), 422
    try:
        services.extracts.give(guard.actor(), number, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _part_again(filled, number), 422
    flashes.leave("extract-given")
    return redirect(url_for("shares.form", number=number), 303)


@screen.post("/dossiers/<number:number>/partie/fin")
@guarded("extract.end")
def end_part(number: str) -> ResponseReturnValue:
    """End one extract."""
    services.extracts.end(guard.actor(), number, fields.once("partage"))
    flashes.leave("share-ended")
    return redirect(url_for("shares.form", number=number), 303)


def _again(filled: ShareForm, number: str) -> str:
    """The form with what was typed, and what may be shared now."""
    return _page(filled, services.shares.prepare(guard.actor(), number))


def _part_again(filled: ExtractForm, number: str) -> str:
    return _part_page(filled, services.extracts.prepare(guard.actor(), number))


def _page(shown: ShareForm, offer: ShareOffer) -> str:
    shown.to.choices = fields.options((each.person.username, each.person.name) for each in offer.people if not each.why)
    shown.kinds.choices = fields.options((each.kind, each.label) for each in offer.volets)
    return render_template("sharing/share.html", form=shown, shown=offer, problems=fields.summary(shown))


def _part_page(shown: ExtractForm, offer: ExtractOffer) -> str:
    shown.to.choices = fields.options((each.person.username, each.person.name) for each in offer.people if not each.why)
    shown.pieces.choices = fields.options((each.id, each.label) for each in offer.pieces)
    groups = [(volet, list(pieces)) for volet, pieces in groupby(offer.pieces, key=lambda piece: piece.volet)]
    return render_template("sharing/part_new.html", form=shown, shown=offer, groups=groups, problems=fields.summary(shown))
