"""The form on which a meeting's decision is entered, and the one that closes the meeting."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from casework.services.meeting.decisions.asking import MOST
from casework.services.meeting.decisions.deciding import UNSEEN
from casework.services.meeting.decisions.outcome_views import DecisionDraft, DecisionPage, ReferralRow, TaskRow
from casework.services.views import Choice
from casework.web import fields

REVIEW, ACT = timedelta(days=91), timedelta(days=30)
"""The dates that stand there already: a review within three months (domain §6, step 8), an action within one."""

NONE = [("", _("Choisir…"))]


class TaskForm(Form):
    """An action or a question: what, who, for when. A line without words and without a name is no line."""

    text = StringField(_("Quoi"))
    owner = SelectField(_("Qui"), validate_choice=False)
    due = fields.DayField(_("Pour le"), [])
    task = HiddenField()

    def row(self) -> TaskRow | None:
        """The line as it was typed; None for an empty one."""
        text, owner = (self.text.data or "").strip(), self.owner.data or ""
        return TaskRow(text, owner, self.due.data, self.task.data or "") if text or owner else None


class ReferralForm(Form):
    """An orientation: to whom, for what."""

    institution = SelectField(_("Vers"), validate_choice=False)
    need = SelectField(_("Pour"), validate_choice=False)

    def row(self) -> ReferralRow | None:
        """The line as it was chosen; None for an empty one."""
        institution, need = self.institution.data or "", self.need.data or ""
        return ReferralRow(institution, need) if institution or need else None


class DecisionForm(fields.OnceForm):
    """An outcome, what it asks for, a short text, actions, questions, orientations. The verb says what is missing."""

    outcome = RadioField(_("Issue"), validate_choice=False)
    lead = SelectField(_("Référent·e de parcours"), validate_choice=False)
    missing = SelectField(_("Ce qui manque"), validate_choice=False)
    closing_reason = SelectField(_("Motif de clôture"), validate_choice=False)
    redirected_to = SelectField(_("Vers quel service"), validate_choice=False)
    duplicate_of = StringField(_("Ou numéro du dossier déjà suivi"))
    next_date = fields.DayField(_("Prochaine échéance"), [])
    text = TextAreaField(_("Ce qui est décidé"), filters=[fields.plain_lines])
    actions = FieldList(FormField(TaskForm), min_entries=MOST, max_entries=MOST)
    questions = FieldList(FormField(TaskForm), min_entries=MOST, max_entries=MOST)
    referrals = FieldList(FormField(ReferralForm), min_entries=MOST, max_entries=MOST)
    copies = SelectMultipleField(_("Copier cette décision"), validate_choice=False)
    keep = RadioField(_("Quel texte garder ?"), validate_choice=False, default="mine")
    version = HiddenField(default="0")

    def begin(self, page: DecisionPage) -> None:
        """The decision as it stands; for a new one, the usual dates."""
        draft, new = page.draft, page.stands is None
        self.next_date.data = draft.next_date or page.today + REVIEW if new else draft.next_date
        self.lead.data, self.outcome.data, self.text.data = draft.lead, draft.outcome, draft.text
        self.missing.data, self.closing_reason.data = draft.missing, draft.closing_reason
        self.redirected_to.data, self.duplicate_of.data = draft.redirected_to, draft.duplicate_of
        self.version.data, self.keep.data = str(draft.version), UNSEEN if page.withheld and not new else "mine"
        self._fill(page, draft)

    def meet(self, page: DecisionPage) -> None:
        """After a clash: what was typed stays, the other scribe's lines join it, and the next button knows what it is over."""
        typed = self.draft()
        self.version.data, self.keep.data = str(page.draft.version), "both" if typed.text and page.draft.text else "mine"
        if page.withheld:  # the other scribe's words cannot be shown to choose from: they stay
            self.keep.data = "both" if typed.text else UNSEEN
        if not typed.text:
            self.text.data = page.draft.text
        joined = DecisionDraft(
            typed.outcome,
            actions=_joined(typed.actions, page.draft.actions),
            questions=_joined(typed.questions, page.draft.questions),
            referrals=(*typed.referrals, *(each for each in page.draft.referrals if each not in typed.referrals)),
        )
        self._fill(page, joined)

    def offer(self, page: DecisionPage) -> None:
        """Offer the closed lists and the people."""
        self.outcome.choices = _pairs(page.outcomes)
        for field, choices in (
            (self.lead, page.leads),
            (self.missing, page.missing),
            (self.closing_reason, page.reasons),
            (self.redirected_to, page.redirections),
        ):
            field.choices = _with_none(choices)
        self.copies.choices = _pairs(page.siblings)
        self.keep.choices = fields.options([("mine", _("Le mien")), ("theirs", _("L’autre")), ("both", _("Les deux, à la suite"))])
        others = tuple(each for each in page.owners if each not in page.absent)
        for entries, people in ((self.actions, (*page.owners, *page.outside)), (self.questions, (*page.absent, *others))):
            for entry in entries:
                entry.form.owner.choices = _with_none(people)
                entry.form.due.data = entry.form.due.data or (page.today + ACT if not entry.form.due.raw_data else None)
        for entry in self.referrals:
            entry.form.institution.choices, entry.form.need.choices = _with_none(page.institutions), _with_none(page.needs)

    def draft(self) -> DecisionDraft:
        """What was typed."""
        return DecisionDraft(
            outcome=self.outcome.data or "",
            lead=self.lead.data or "",
            next_date=self.next_date.data,
            missing=self.missing.data or "",
            closing_reason=self.closing_reason.data or "",
            redirected_to=self.redirected_to.data or "",
            duplicate_of=self.duplicate_of.data or "",
            text=(self.text.data or "").strip(),
            actions=tuple(row for entry in self.actions if (row := entry.form.row())),
            questions=tuple(row for entry in self.questions if (row := entry.form.row())),
            referrals=tuple(row for entry in self.referrals if (row := entry.form.row())),
            copies=tuple(self.copies.data or ()),
            version=fields.whole(self.version.data) or 0,
            keep=self.keep.data or "mine",
        )

    def _fill(self, page: DecisionPage, draft: DecisionDraft) -> None:
        for entries, rows in ((self.actions, draft.actions), (self.questions, draft.questions)):
            for entry, row in zip(entries, [*rows, *([TaskRow()] * MOST)], strict=False):
                entry.form.text.data, entry.form.owner.data, entry.form.task.data = row.text, row.owner, row.id
                entry.form.due.data, entry.form.due.raw_data = row.due or _soon(page.today), None  # not what was typed in that line before
        for entry, referral in zip(self.referrals, [*draft.referrals, *([ReferralRow()] * MOST)], strict=False):
            entry.form.institution.data, entry.form.need.data = referral.institution, referral.need


class ClosingForm(fields.OnceForm):
    """The button that closes, and the digest of what was read."""

    seen = HiddenField()


def _joined(mine: tuple[TaskRow, ...], theirs: tuple[TaskRow, ...]) -> tuple[TaskRow, ...]:
    """My lines, then theirs that are not among them."""
    known = {(each.text or each.id, each.owner) for each in mine}
    return (*mine, *(each for each in theirs if (each.text or each.id, each.owner) not in known))[:MOST]


def _soon(today: date) -> date:
    return today + ACT


def _pairs(choices: tuple[Choice, ...]) -> list[Any]:
    return fields.options((choice.code, choice.label) for choice in choices)


def _with_none(choices: tuple[Choice, ...]) -> list[Any]:
    return [*fields.options(NONE), *_pairs(choices)]
