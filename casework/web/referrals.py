"""Sending a saisine: a situation is brought to a cell, in closed lists and 500 characters of facts."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from casework import services
from casework.errors import InvalidInput
from casework.services.drafts import ReferralDraft
from casework.services.views import Choice, ReferralPreparation
from casework.web import fields, guard
from casework.web.guard import guarded

screen = Blueprint("referrals", __name__)


class ReferralForm(FlaskForm):
    """Whom it is about, where it comes from, why, and the facts."""

    cell = RadioField(_("Cellule saisie"), [fields.required(_("Choisissez la cellule."))], validate_choice=False)
    last_name = StringField(_("Nom"), [fields.required(_("Saisissez le nom."))])
    first_name = StringField(_("Prénom"), [fields.required(_("Saisissez le prénom."))])
    sex = RadioField(_("Sexe"), [fields.required(_("Indiquez le sexe, ou « Non renseigné »."))], validate_choice=False)
    birth_date = fields.DayField(_("Date de naissance"), [fields.required(_("Indiquez une date, par exemple 12/03/2010."))])
    commune = StringField(_("Commune de résidence"), [fields.required(_("Saisissez la commune."))])
    origin = SelectField(_("Origine de la saisine"), [fields.required(_("Choisissez l’origine de la saisine."))], validate_choice=False)
    motives = SelectMultipleField(_("Motifs"), [fields.required(_("Choisissez au moins un motif."))], validate_choice=False)
    facts = TextAreaField(_("Les faits"), [fields.required(_("Décrivez les faits en quelques phrases."))], filters=[fields.plain_lines])
    informed = BooleanField(_("La personne, ou ses représentants légaux, est informée de cette saisine."))
    submission = HiddenField(validators=[fields.submitted])

    def offer(self, lists: ReferralPreparation) -> None:
        """Offer the closed lists."""
        self.cell.choices, self.sex.choices = _pairs(lists.cells), _pairs(lists.sexes)
        self.origin.choices = [*fields.options([("", _("Choisir…"))]), *_pairs(lists.origins)]
        self.motives.choices = _pairs(lists.motives)

    def draft(self) -> ReferralDraft:
        """What was typed."""
        typed: dict[str, Any] = self.data
        typed.pop("csrf_token")
        return ReferralDraft(**{**typed, "motives": tuple(typed["motives"])})


@screen.get("/saisines/nouvelle")
@guarded("referral.send")
def form() -> ResponseReturnValue:
    """The empty form; a cell that is the only one is chosen already."""
    lists = services.referrals.prepare(guard.actor())
    empty = ReferralForm(formdata=None)
    empty.submission.data = fields.new_submission()
    if len(lists.cells) == 1:
        empty.cell.data = lists.cells[0].code
    return _page(empty, lists)


@screen.post("/saisines/nouvelle")
@guarded("referral.send")
def send() -> ResponseReturnValue:
    """Send it once and give a receipt. The receipt is this very answer: no address and no cookie ever holds its number."""
    filled = ReferralForm()
    if not filled.validate():
        return _again(filled), 422
    try:
        receipt = services.referrals.send(guard.actor(), filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _again(filled), 422
    return render_template("referrals/receipt.html", receipt=receipt), 201


def _again(filled: ReferralForm) -> str:
    """The form with what was typed."""
    return _page(filled, services.referrals.prepare(guard.actor()))


def _pairs(choices: tuple[Choice, ...]) -> list[Any]:
    return fields.options((choice.code, choice.label) for choice in choices)


def _page(shown: ReferralForm, lists: ReferralPreparation) -> str:
    shown.offer(lists)
    return render_template("referrals/new.html", form=shown, lists=lists, problems=fields.summary(shown))
