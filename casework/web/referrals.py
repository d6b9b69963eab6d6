"""Sending a saisine: a situation is brought to a cell, in closed lists and 500 characters of facts, about one child or several."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from casework import services
from casework.errors import InvalidInput
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.referral.views import ReferralPreparation
from casework.services.views import Choice
from casework.web import children, drafts, fields, guard
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("referrals", __name__)

DRAFT = ("referral", "")
"""The form, and the place its drafts are kept at: a saisine has no number yet."""


class ChildForm(Form):
    """Whom it is about."""

    last_name = StringField(_("Nom"), [fields.required(_("Saisissez le nom."))])
    first_name = StringField(_("Prénom"), [fields.required(_("Saisissez le prénom."))])
    birth_date = fields.DayField(_("Date de naissance"), [fields.required(_("Indiquez une date, par exemple 12/03/2010."))])
    commune = StringField(_("Commune de résidence"), [fields.required(_("Saisissez la commune."))])
    sex = RadioField(_("Sexe"), [fields.required(_("Indiquez le sexe, ou « Non renseigné »."))], validate_choice=False)
    contact = StringField(_("Téléphone"))

    def draft(self) -> ChildDraft:
        """What was typed about this child; empty where nothing was."""
        names = ("first_name", "last_name", "sex", "commune", "contact")
        return ChildDraft(birth_date=self.birth_date.data, **{name: self[name].data or "" for name in names})


class ReferralForm(fields.OnceForm):
    """Where it comes from, why, the facts, and whom it is about."""

    cell = HiddenField()
    origin = SelectField(_("Origine de la saisine"), [fields.required(_("Choisissez l’origine de la saisine."))], validate_choice=False)
    motives = SelectMultipleField(_("Motifs"), [fields.required(_("Choisissez au moins un motif."))], validate_choice=False)
    facts = TextAreaField(_("Les faits"), [fields.required(_("Décrivez les faits en quelques phrases."))], filters=[fields.plain_lines])
    informed = BooleanField(_("La personne, ou ses représentants légaux, est informée de cette saisine."))
    children = FieldList(FormField(ChildForm), min_entries=1, max_entries=children.MOST)
    submission = HiddenField(validators=[fields.submitted])

    def offer(self, lists: ReferralPreparation) -> None:
        """Offer the closed lists of the chosen cell."""
        self.origin.choices = [*fields.options([("", _("Choisir…"))]), *_pairs(lists.origins)]
        self.motives.choices = _pairs(lists.motives)
        for entry in self.children:
            entry.form.sex.choices = _pairs(lists.sexes)

    def draft(self) -> ReferralDraft:
        """What was typed."""
        return ReferralDraft(
            cell=self.cell.data or "",
            children=tuple(entry.form.draft() for entry in self.children),
            origin=self.origin.data or "",
            motives=tuple(self.motives.data or ()),
            facts=self.facts.data or "",
            informed=self.informed.data,
            submission=self.submission.data or "",
        )


@screen.get("/saisines/nouvelle")
@guarded("referral.send")
def form() -> ResponseReturnValue:
    """The choice of the cell when there are several, then the form with the lists of that cell, or what was being typed."""
    asked, desk = request.args.get("cellule", ""), drafts.desk(*DRAFT)
    if desk.typed is not None and asked in ("", desk.typed.get("cell", "")):
        restored = ReferralForm(formdata=desk.typed)
        return _page(restored, services.referrals.prepare(guard.actor(), restored.cell.data or ""), desk=desk)
    lists = services.referrals.prepare(guard.actor(), asked)
    empty = ReferralForm(formdata=None)
    empty.submission.data = fields.new_submission()
    empty.children[0].form.commune.data = lists.commune
    return _page(empty, lists)


@screen.post("/saisines/nouvelle")
@guarded("referral.send")
@keeps(lambda _given: DRAFT)
def send() -> ResponseReturnValue:
    """Send it once and give a receipt: this very answer, so that no cookie ever holds its numbers. Or one child more, or less."""
    typed, reshaped = children.reshaped(request.form)
    filled = ReferralForm(formdata=typed)
    if reshaped:
        status = fields.status(filled)
        return _page(filled, services.referrals.prepare(guard.actor(), filled.cell.data or ""), focus=reshaped), status
    if not filled.validate():
        return _again(filled), 422
    try:
        receipt = services.referrals.send(guard.actor(), filled.draft())
    except InvalidInput as problem:
        fields.place(filled, {name: said for name, said in problem.problems.items() if name == "submission"})
        return _again(filled), 422
    drafts.drop(*DRAFT)
    return render_template("referrals/receipt.html", receipt=receipt, fresh=True), 201


def _again(filled: ReferralForm) -> str:
    """The form with what was typed, and all that is wrong with it at once."""
    lists = services.referrals.prepare(guard.actor(), filled.cell.data or "", filled.draft())
    fields.place(filled, lists.problems, only_where_silent=True)
    return _page(filled, lists)


def _pairs(choices: tuple[Choice, ...]) -> list[Any]:
    return fields.options((choice.code, choice.label) for choice in choices)


def _page(shown: ReferralForm, lists: ReferralPreparation, focus: str = "", desk: drafts.Desk | None = None) -> str:
    if lists.cell is None:
        return render_template("referrals/cell.html", lists=lists)
    shown.cell.data = lists.cell.code
    shown.offer(lists)
    return render_template(
        "referrals/new.html", form=shown, lists=lists, problems=fields.summary(shown), focus=focus, draft=desk or drafts.Desk(*DRAFT)
    )
