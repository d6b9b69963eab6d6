"""The forms of an agenda: how each item is prepared, and a point without a person."""

from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from casework.services.meeting.drafts import ItemDraft, PointDraft
from casework.services.meeting.views import Agenda
from casework.web import fields

POINT = "point"
"""The name of that form among the drafts; its place is the meeting."""


class PointForm(fields.OnceForm):
    """A place, a trouble, an action; who, until when."""

    place = StringField(_("Lieu"), [fields.required(_("Indiquez le lieu."))], id="point-lieu")
    trouble = TextAreaField(
        _("Ce qui s’y passe"), [fields.required(_("Dites en quelques mots ce qui s’y passe."))], filters=[fields.plain_lines]
    )
    action = TextAreaField(_("Action"), [fields.required(_("Dites ce qui sera fait."))], filters=[fields.plain_lines])
    owner = SelectField(_("Qui s’en charge"), [fields.required(_("Choisissez qui s’en charge."))], validate_choice=False)
    due = fields.DayField(_("Pour le"), [fields.required(_("Indiquez une date."))])

    def draft(self) -> PointDraft:
        """What was typed."""
        texts = {name: self[name].data or "" for name in ("place", "trouble", "action", "owner")}
        return PointDraft(due=self.due.data, **texts)


class ItemForm(Form):
    """How one item is prepared."""

    item = HiddenField()
    seen = HiddenField()
    question = TextAreaField(_("Question posée"), filters=[fields.plain_lines])
    informed = SelectField(_("Information de la personne"), validate_choice=False)
    concerned = SelectMultipleField(_("Concerne"), validate_choice=False)

    def draft(self) -> ItemDraft:
        """What was typed."""
        return ItemDraft(
            item=self.item.data or "", question=self.question.data or "", informed=self.informed.data or "",
            concerned=tuple(self.concerned.data or ()), seen=self.seen.data or "",
        )  # fmt: skip


class ItemsForm(fields.OnceForm):
    """Every confirmed item, on one screen."""

    items = FieldList(FormField(ItemForm))

    def offer(self, shown: Agenda) -> None:
        """The lists of each item: who sits, and whether the person was informed."""
        seats = [each for each in shown.seats if each.status != "replaced" and not each.steward]
        for entry in self.items:
            entry.form.informed.choices = fields.options([("", _("Pas encore dit")), *((each.code, each.label) for each in shown.told)])
            entry.form.concerned.choices = fields.options((each.id, f"{each.name}, {each.institution}") for each in seats)


def point_form(shown: Agenda, filled: fields.OnceForm | None = None) -> PointForm:
    """The form of a point without a person, with those who may carry one."""
    form = filled if isinstance(filled, PointForm) else PointForm(formdata=None)
    form.owner.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in shown.owners)])
    return form
