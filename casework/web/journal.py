"""The access ledger, as an auditor reads it: who, when, which dossier, by which rule; never what it says."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from casework import services
from casework.services.drafts import AccessQuery
from casework.services.views import AccessPage
from casework.web import fields, guard, intake, shapes
from casework.web.guard import guarded

screen = Blueprint("journal", __name__)


class JournalForm(fields.OnceForm):
    """The filters. They only ask, so they travel in the address and need no CSRF token."""

    class Meta:
        """No token: a question changes nothing."""

        csrf = False

    dossier = StringField(_("Numéro de dossier"), filters=[lambda text: (text or "").strip()])
    personne = SelectField(_("Personne"), validate_choice=False, default="")
    issue = SelectField(
        _("Issue"),
        default="",
        invalid_choice_message=fields.UNLISTED,
        choices=fields.options([("", _("Toutes")), ("authorised", _("Autorisé")), ("refused", _("Refusé")), ("failed", _("Échec"))]),
    )
    du = fields.DayField(_("Du"), [Optional()])
    au = fields.DayField(_("Au"), [Optional()])

    def query(self) -> AccessQuery:
        """The question, with what could not be understood left out."""
        return AccessQuery(
            page=intake.page_asked(),
            upto=intake.upto_asked(),
            dossier=self.dossier.data or "",
            person=self.personne.data or "",
            outcome=self.issue.data if not self.issue.errors else "",
            since=self.du.data,
            until=self.au.data,
        )

    def offer(self, found: AccessPage) -> None:
        """Offer the people the ledger knows."""
        self.personne.choices = fields.options([("", _("Toutes")), *((person.code, person.label) for person in found.people)])

    def asked(self) -> dict[str, str]:
        """The filters in use, for the addresses of the other pages."""
        return {field.name: value for field in self if (value := request.args.get(field.name, ""))}


@screen.get("/journal")
@guarded("ledger.read")
def read() -> ResponseReturnValue:
    """One page of the ledger."""
    asked = JournalForm(request.args)
    asked.personne.choices = []
    valid = asked.validate()
    found = services.accesses.read(guard.actor(), asked.query())
    asked.offer(found)
    numbers = shapes.page_numbers(found.page, found.pages)
    page = render_template(
        "journal.html", form=asked, shown=found, asked=asked.asked(), upto=found.upto, numbers=numbers, problems=fields.summary(asked)
    )
    return page, 200 if valid else 422


@screen.get("/journal/reunion/<number:meeting>/<number:number>")
@guarded("ledger.read")
def hearings(meeting: str, number: str) -> ResponseReturnValue:
    """Who saw a dossier in a meeting."""
    return render_template("journal_meeting.html", shown=services.hearings.of_item(guard.actor(), meeting, number))
