"""A call: noted on one page while it lasts, and its receipt."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField

from casework import services
from casework.errors import InvalidInput
from casework.services.support.drafts import CallDraft, MeasureDraft
from casework.services.support.views import CallPreparation
from casework.services.support.words import NEEDS, REFUSED
from casework.services.views import Choice
from casework.web import drafts, fields, guard
from casework.web.guard import guarded
from casework.web.keeping import keeps

screen = Blueprint("support", __name__)

DRAFT = ("call", "")
"""The form, and the place its drafts are kept at: a call has no number yet."""

WANTED, ORIENTED = "wanted", "oriented"
TEXTS = ("value", "hours", "code_word", "introduction", "interpreter", "must_not_answer", "not_to_inform", "last_name", "first_name",
         "birth_date", "commune", "children")  # fmt: skip
AFTER_NEEDS = ("children", "measures", "motives")
"""Fields that stand below the needs on the page."""

LISTS = ("origin", "channel", "agreement", "reason", "sex")


class MeasureForm(Form):
    """A measure that is known: its kind and its dates, nothing else."""

    label = SelectField(_("Mesure"), validate_choice=False)
    since = StringField(_("Depuis le"))
    until = StringField(_("Jusqu’au"))


class CallForm(fields.OnceForm):
    """What is noted while somebody speaks. What is missing or wrong is the service's to say, all at once."""

    cell = HiddenField()
    origin = SelectField(_("Qui oriente la personne"), validate_choice=False)
    channel = RadioField(_("Comment la joindre"), validate_choice=False)
    value = StringField(_("Numéro ou adresse"))
    hours = StringField(_("Jours et heures"))
    code_word = StringField(_("Mot convenu"))
    introduction = StringField(_("Comment se présenter"))
    limits = SelectMultipleField(_("Précautions"), validate_choice=False)
    interpreter = StringField(_("Langue de l’interprète"))
    must_not_answer = StringField(_("Qui ne doit jamais répondre"))
    not_to_inform = StringField(_("Personnes à ne pas informer"))
    agreement = RadioField(_("Accord de la personne pour être adressée à cette cellule"), validate_choice=False)
    reason = SelectField(_("Pourquoi pas demandé"), validate_choice=False)
    last_name = StringField(_("Nom"))
    first_name = StringField(_("Prénom"))
    birth_date = StringField(_("Date de naissance"))
    sex = RadioField(_("Sexe"), validate_choice=False)
    commune = StringField(_("Commune de résidence"))
    children = StringField(_("Enfants au domicile : années de naissance"))
    measures = FieldList(FormField(MeasureForm), min_entries=2, max_entries=3)
    motives = SelectMultipleField(_("Motifs"), validate_choice=False)
    submission = HiddenField(validators=[fields.submitted])

    def offer(self, lists: CallPreparation) -> None:
        """Offer the closed lists of the chosen cell."""
        empty = fields.options([("", _("Choisir…"))])
        self.origin.choices, self.reason.choices = [*empty, *_pairs(lists.origins)], [*empty, *_pairs(lists.unasked)]
        self.channel.choices, self.limits.choices = _pairs(lists.channels), _pairs(lists.limits)
        self.agreement.choices, self.sex.choices = _pairs(lists.agreements), _pairs(lists.sexes)
        self.motives.choices = _pairs(lists.motives)
        for entry in self.measures:
            entry.form.label.choices = [*empty, *_pairs(lists.measures)]

    def draft(self) -> CallDraft:
        """What was typed."""
        needs = {code: self.beside(f"need-{code}") for code in NEEDS}
        measures = tuple(MeasureDraft(*(entry.form[name].data or "" for name in ("label", "since", "until"))) for entry in self.measures)
        return CallDraft(
            cell=self.cell.data or "",
            submission=self.submission.data or "",
            limits=tuple(self.limits.data or ()),
            motives=tuple(self.motives.data or ()),
            needs=tuple(code for code, told in needs.items() if told in (WANTED, ORIENTED)),
            oriented=tuple(code for code, told in needs.items() if told == ORIENTED),
            measures=measures,
            **{name: self[name].data or "" for name in (*TEXTS, *LISTS)},
        )


@screen.get("/saisir/appel")
@guarded("referral.send")
def form() -> ResponseReturnValue:
    """The choice of the cell when several take calls, then the page of a call, or what was being typed."""
    asked, desk = request.args.get("cellule", ""), drafts.desk(*DRAFT)
    if desk.typed is not None and asked in ("", desk.typed.get("cell", "")):
        restored = CallForm(formdata=desk.typed)
        return _page(restored, services.intake.prepare(guard.actor(), restored.cell.data or ""), desk.typed, desk)
    lists = services.intake.prepare(guard.actor(), asked)
    empty = CallForm(formdata=None)
    empty.submission.data, empty.commune.data = fields.new_submission(), lists.commune
    return _page(empty, lists, {})


@screen.post("/saisir/appel")
@guarded("referral.send")
@keeps(lambda _given: DRAFT)
def send() -> ResponseReturnValue:
    """Keep it once and give a receipt: this very answer, so that no cookie ever holds its number. Refused: say that nothing was kept."""
    filled = CallForm()
    if not filled.validate():
        return _again(filled), 422
    try:
        kept = services.intake.send(guard.actor(), filled.draft())
    except InvalidInput as problem:
        fields.place(filled, {name: said for name, said in problem.problems.items() if name == "submission"})
        return _again(filled), 422
    return render_template("support/receipt.html", kept=kept, refused=kept.agreement.code == REFUSED), 201


def _again(filled: CallForm) -> str:
    """The page with what was typed, and all that is wrong with it at once."""
    lists = services.intake.prepare(guard.actor(), filled.cell.data or "", filled.draft())
    fields.place(filled, {name: said for name, said in lists.problems.items() if name != "needs"}, only_where_silent=True)
    return _page(filled, lists, request.form)


def _pairs(choices: tuple[Choice, ...]) -> list[Any]:
    return fields.options((choice.code, choice.label) for choice in choices)


def _page(shown: CallForm, lists: CallPreparation, typed: Any, desk: drafts.Desk | None = None) -> str:
    if lists.cell is None:
        return render_template("support/cell.html", lists=lists)
    shown.cell.data = lists.cell.code
    shown.offer(lists)
    problems = fields.summary(shown)
    if "needs" in lists.problems:
        place = next((at for at, (name, _) in enumerate(problems) if name.startswith(AFTER_NEEDS)), len(problems))
        problems.insert(place, (f"need-{NEEDS[0]}-0", lists.problems["needs"]))
    return render_template(
        "support/call.html",
        form=shown,
        lists=lists,
        problems=problems,
        needs_problem=lists.problems.get("needs", ""),
        told={code: typed.get(f"need-{code}", "") for code in NEEDS},
        draft=desk or drafts.Desk(*DRAFT),
    )
