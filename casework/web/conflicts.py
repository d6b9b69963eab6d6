"""« Lien personnel ? Je me retire »: one page that says what it does, one button; and, for stewards, the same for a member."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField

from casework import services
from casework.errors import InvalidInput
from casework.services.sharing.views import Withdrawal
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("conflicts", __name__)


class LinkForm(fields.OnceForm):
    """Whom a steward keeps out."""

    username = SelectField(_("Membre de la cellule"), [fields.required(_("Choisissez un membre."))], validate_choice=False)
    sure = BooleanField(
        _("Cette personne a un lien personnel avec la personne suivie : lui fermer ce dossier."),
        [fields.required(_("Cochez cette case pour confirmer."))],
    )


@screen.get("/dossiers/<number:number>/lien-personnel")
@guarded("dossier.withdraw")
def form(number: str) -> ResponseReturnValue:
    """What withdrawing does, before it is done."""
    return _page(LinkForm(formdata=None), services.conflicts.prepare(guard.actor(), number))


@screen.post("/dossiers/<number:number>/lien-personnel")
@guarded("dossier.withdraw")
def withdraw(number: str) -> ResponseReturnValue:
    """Withdraw, at once."""
    services.conflicts.withdraw(guard.actor(), number)
    flashes.leave("withdrawn")
    return redirect(url_for("pages.home"), 303)


@screen.post("/dossiers/<number:number>/lien-personnel/membre")
@guarded("dossier.withdraw")
def declare(number: str) -> ResponseReturnValue:
    """A steward keeps a member out."""
    filled = LinkForm()
    if not filled.validate():
        return _again(filled, number), 422
    try:
        services.conflicts.declare_for(guard.actor(), number, filled.username.data)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _again(filled, number), 422
    services.conflicts.settle_pending(guard.actor())
    flashes.leave("link-declared")
    return redirect(url_for("dossiers.read", number=number), 303)


@screen.post("/liens-personnels/cles")
@guarded("conflict.settle")
def settle() -> ResponseReturnValue:
    """Turn the keys that wait for a keeper like me."""
    done = services.conflicts.settle_pending(guard.actor()) + services.turnover.settle_pending(guard.actor())
    flashes.leave("keys-turned" if done else "keys-none")
    return redirect(url_for("pages.home"), 303)


def _again(filled: LinkForm, number: str) -> str:
    return _page(filled, services.conflicts.prepare(guard.actor(), number))


def _page(shown: LinkForm, offer: Withdrawal) -> str:
    people = ((each.username, f"{each.name}, {each.function}, {each.institution}") for each in offer.members)
    shown.username.choices = fields.options([("", _("Choisir…")), *people])
    return render_template("conflicts/withdraw.html", form=shown, shown=offer, problems=fields.summary(shown))
