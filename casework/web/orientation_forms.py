"""The forms of an orientation: whom to, what goes with it, what the person said; and a step on a button."""

from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TimeField

from casework.services.orientation.views import OrientationDraft, OrientationOffer, OrientationQuery, StepChoice
from casework.web import dates, fields

SEARCH, AGAIN, PROPOSE = "chercher", "modifier", "proposer"
"""Names of the buttons that look for services, go back to the form, and note a proposal without sending."""


class OrientationForm(fields.OnceForm):
    """Need, recipient, agreement, what is copied. What is looked for travels in the body, never in an address."""

    need = SelectField(_("Pour quel besoin ?"), [fields.required(_("Choisissez un besoin."))], validate_choice=False)
    sector = SelectField(_("Secteur"), validate_choice=False)
    words = StringField(_("Nom du service, mots"))
    to = RadioField(_("À quel service ?"), validate_choice=False)
    person = SelectField(_("Ou à une personne nommée"), validate_choice=False)
    agreement = RadioField(
        _("Que dit la personne de cet envoi, à ce destinataire ?"),
        [fields.required(_("Dites ce que la personne accepte pour ce destinataire."))],
        validate_choice=False,
    )
    unasked = SelectField(_("Pourquoi l’accord n’a pas encore été demandé"), validate_choice=False)
    pieces = SelectMultipleField(_("Que transmettez-vous ?"), validate_choice=False)
    intro = StringField(_("Une phrase pour le service"))
    referral = HiddenField()
    submission = HiddenField(validators=[fields.submitted])

    def query(self) -> OrientationQuery:
        """What is looked for."""
        return OrientationQuery(self.need.data or "", self.sector.data or "", self.words.data or "")

    def draft(self) -> OrientationDraft:
        """What was typed; a person and a service at once is nobody."""
        to, person = self.to.data or "", self.person.data or ""
        return OrientationDraft(
            need=self.need.data or "",
            to="" if to and person else to or person,
            pieces=tuple(self.pieces.data or ()),
            intro=self.intro.data or "",
            agreement=self.agreement.data or "",
            unasked=self.unasked.data or "",
            submission=self.submission.data or "",
            referral=self.referral.data or "",
        )

    def offer(self, shown: OrientationOffer) -> None:
        """The lists, as they are now."""
        self.need.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in shown.needs)])
        self.sector.choices = fields.options([("", _("Partout")), *((each, each) for each in shown.sectors)])
        self.to.choices = fields.options((each.code, each.name) for each in shown.services if not each.why)
        people = ((each.code, f"{each.name}, {each.about}, {each.institution}") for each in shown.people)
        self.person.choices = fields.options([("", _("Choisir…")), *people])
        self.unasked.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in shown.unasked)])
        self.pieces.choices = fields.options((each.id, each.label) for each in shown.pieces)
        self.agreement.choices = fields.options(
            [
                ("given", _("Elle accepte")),
                ("not_sought", gettext("Pas encore demandé : %(days)s jours pour l’obtenir", days=shown.days)),
                ("refused", _("Elle refuse : rien n’est envoyé")),
            ]
        )


ACTS = {
    "accepted": _("Accepter l’orientation"),
    "declined": _("Décliner"),
    "appointment": _("Fixer un rendez-vous"),
    "attended": _("Le rendez-vous a eu lieu"),
    "missed": _("Le rendez-vous n’a pas eu lieu"),
    "moved": _("Déplacer le rendez-vous"),
    "in_progress": _("L’accompagnement commence"),
    "ended": _("Terminer l’orientation"),
    "withdrawn": _("Retirer l’orientation"),
}
"""What each step is called on its button."""

TOLD = ACTS | {"accepted": _("Le partenaire accepte"), "declined": _("Le partenaire décline")}
"""The same for whoever records what a partner without an account told them."""


class StepForm(fields.OnceForm):
    """One step: which, why, and for when. seen: how many steps the page showed."""

    step = HiddenField()
    seen = HiddenField()
    reason = SelectField(_("Motif"), validate_choice=False)
    day = fields.DayField(_("Jour"), [])
    hour = TimeField(_("Heure"), invalid_value_message=fields.HOUR)

    def meets_at(self) -> datetime | None:
        """The appointment, in Paris."""
        day, hour = self.day.data, self.hour.data
        return datetime.combine(day, hour, tzinfo=dates.PARIS) if day and hour else None

    def position(self) -> int:
        """How many steps the page showed; a number that no page shows where it cannot be read."""
        return fields.seen(self.seen)


def blank(choice: StepChoice, seen: int) -> StepForm:
    """The form of one step, before anything is typed."""
    form = StepForm(formdata=None, prefix="")
    form.step.data, form.seen.data = choice.step.code, str(seen)
    return offered(form, choice)


def offered(form: StepForm, choice: StepChoice) -> StepForm:
    """The form of a step with its list, and with ids of its own: several stand on one page."""
    form.reason.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in choice.reasons)])
    for field in form:
        field.id = f"{choice.step.code}-{field.name}"
    return form


class AnswerForm(fields.OnceForm):
    """What the person said, asked later."""

    state = RadioField(
        _("Que dit la personne ?"), [fields.required(_("Dites ce que la personne a répondu."))], validate_choice=False,
        choices=fields.options([("given", _("Elle accepte")), ("refused", _("Elle refuse : l’orientation est retirée"))]),
    )  # fmt: skip


class ContactForm(fields.OnceForm):
    """The new safe contact that was shown, by its id."""

    contact = HiddenField()


class FindingForm(fields.OnceForm):
    """What a review before a purge found."""

    finding = RadioField(_("Ce que vous constatez"), [fields.required(_("Choisissez ce que vous constatez."))], validate_choice=False)
