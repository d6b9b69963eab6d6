"""What the forms share: sentences for empty fields, line ends, and errors put beside the field they belong to.

Forms only see whether something was typed and can be read; what it may be, and how long, is the services' to say, once.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, Form, SelectChoice, SelectMultipleField, ValidationError

from casework.errors import InvalidInput

SUBMISSION = re.compile(r"[0-9a-f]{32}")


TWICE = _("Ce champ est arrivé deux fois. Vérifiez-le, puis enregistrez.")


class OnceForm(FlaskForm):
    """A form whose fields each come once. No honest page sends one twice; which of the two was meant is the person's to say."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Says so beside every field of one value that came twice."""
        valid: bool = super().validate(extra_validators)
        twice = [field for field in leaves(self) if takes_one(field) and field.name != "csrf_token" and len(field.raw_data or ()) > 1]
        for field in twice:
            field.errors = [*field.errors, str(TWICE)]
        return valid and not twice


def refuse_twice(form: OnceForm) -> None:
    """For a view that leaves the other checks to its service: raises InvalidInput, said at the fields already, when one came twice."""
    if any(str(TWICE) in field.errors for field in leaves(form)):
        raise InvalidInput({})


def takes_one(field: Field) -> bool:
    """Whether a field has one value: all but the lists in which several are ticked."""
    return not isinstance(field, SelectMultipleField)


def required(sentence: str) -> Callable[[Form, Field], None]:
    """Refuses an empty or blank field with its own sentence."""

    def check(_form: Form, field: Field) -> None:
        if field.errors:
            return  # what was typed could not be read: one sentence is enough
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise ValidationError(sentence)

    return check


def options(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """The choices of a list, from (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


class DayField(DateField):
    """A day, as the browser's calendar sends it or as people type it: 2026-03-12 or 12/03/2026."""

    def __init__(self, label: str, validators: list[Any], **given: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d/%m/%Y"], **given)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, shown beside the field, for what is no day."""
        if not valuelist or not valuelist[0].strip():
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as problem:
            raise ValueError(gettext("Cette date ne se lit pas. Écrivez-la ainsi : 12/03/2026.")) from problem


def read_day(typed: str) -> date | None:
    """A day as a calendar sends it or people type it; None for nothing, and for what is no day."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed.strip(), form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def plain_lines(value: str | None) -> str | None:
    """Browsers send CRLF; a note is stored with plain line ends."""
    return value.replace("\r\n", "\n") if value else value


def new_submission() -> str:
    """A random id for one filled-in form: the same id twice makes one entry."""
    return secrets.token_hex(16)


def submitted(_form: Form, field: Field) -> None:
    """Refuses an id that we did not make."""
    if not SUBMISSION.fullmatch(field.data or ""):
        raise ValidationError(gettext("Rechargez la page et recommencez."))


def place(form: FlaskForm, problems: Mapping[str, str], *, only_where_silent: bool = False) -> None:
    """Put a service's problems beside the fields they name; the others head the form.

    only_where_silent: a field that the form found something wrong with says that, and no more.
    """
    every = {field.name: field for field in leaves(form)}
    for name, sentence in problems.items():
        if name not in every:
            form.form_errors.append(sentence)
        elif not (only_where_silent and every[name].errors):
            every[name].errors = [*every[name].errors, sentence]


def leaves(form: Iterable[Field]) -> Iterator[Field]:
    """The fields one types in, in order; those of the forms within a form included."""
    for field in form:
        if field.type == "FieldList":
            yield from leaves(field)
        elif field.type == "FormField":
            yield from leaves(field.form)
        else:
            yield field


def summary(form: FlaskForm) -> list[tuple[str, Any]]:
    """All errors in the order of the fields, as (id of the control or empty, sentence)."""
    own = [("", sentence) for sentence in form.form_errors]
    return own + [(anchor(field), sentence) for field in leaves(form) if field.name != "csrf_token" for sentence in field.errors]


def anchor(field: Field) -> str:
    """The id of the first control of a field, empty for a hidden one: lists have one control for each choice."""
    if field.type == "HiddenField":
        return ""
    return f"{field.id}-0" if hasattr(field, "iter_choices") and field.type != "SelectField" else str(field.id)
