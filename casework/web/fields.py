"""What the forms share: sentences for empty fields, line ends, and errors put beside the field they belong to.

Forms only see whether something was typed and can be read; what it may be, and how long, is the services' to say, once.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, Form, SelectChoice, SelectMultipleField, ValidationError

from casework.errors import InvalidInput

DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y")
YEARS = range(1900, 2200)
"""Of a day that somebody means: before and after, a slip of the hand, and clocks of other places leave the calendar."""
SUBMISSION = re.compile(r"[0-9a-f]{32}")
CARRIED = frozenset({"csrf_token"})
"""What a form carries for us: twice, it does no harm."""

UNLISTED = _("Cette valeur n’est pas dans la liste : choisissez-en une autre.")
HOUR = _("Cette heure ne se lit pas. Écrivez-la ainsi : 14:30.")
TWICE = _("Ce champ est arrivé deux fois. Vérifiez-le, puis enregistrez.")


class OnceForm(FlaskForm):
    """The base of every form: what has one value comes once. No honest page sends it twice; which one was meant is the person's to say.

    A question in an address is answered for the first of the two, and says so all the same.
    several: names beside the fields, of which a page sends as many as are ticked.
    """

    several: frozenset[str] = frozenset()

    def validate(self, extra_validators: Any = None) -> bool:
        """Says so beside every field of one value that came twice, and at the head for what is read beside the fields."""
        valid: bool = super().validate(extra_validators)
        return not say_twice(self) and valid

    def beside(self, name: str) -> str:
        """What was sent with the form under a name that is no field of it; empty for nothing. `validate` says when it came twice."""
        return str(request.form.get(name, ""))


def say_twice(form: OnceForm) -> bool:
    """Whether something came twice that comes once. It is said at its field; at the head of the form where it has none."""
    twice = [field for field in leaves(form) if takes_one(field) and field.name not in CARRIED and len(field.raw_data or ()) > 1]
    for field in twice:
        field.errors = [*(each for each in field.errors if each != str(TWICE)), str(TWICE)]
    beside = came_twice(request.form) - {field.name for field in leaves(form)} - form.several
    if beside and str(TWICE) not in form.form_errors:
        form.form_errors.append(str(TWICE))
    return bool(twice or beside)


def came_twice(sent: MultiDict[str, str]) -> set[str]:
    """The names that came more than once."""
    return {name for name, texts in sent.lists() if len(texts) > 1} - CARRIED


def status(form: OnceForm) -> int:
    """For a view that shows the form again before it is sent: 422 when something came twice, which the form then says; 200 otherwise."""
    return 422 if say_twice(form) else 200


def refuse_twice(form: OnceForm) -> None:
    """For a view that leaves the other checks to its service: raises InvalidInput, said at the fields already, when one came twice."""
    if say_twice(form):
        raise InvalidInput({})


def once(name: str) -> str:
    """What a page without a form class sent under a name; empty for nothing. Raises InvalidInput when it came twice."""
    sent = request.form.getlist(name)
    if len(sent) > 1:
        raise InvalidInput({name: str(TWICE)})
    return sent[0] if sent else ""


def whole(text: str | None) -> int | None:
    """A whole number as our pages send it; None for anything else, and for one so long that nothing here counts up to it."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def seen(field: Field) -> int:
    """The version a page showed; one that no row has where it cannot be read, so that the verb finds it stale."""
    found = whole(str(field.data or ""))
    return -1 if found is None else found


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

    data: Any

    def __init__(self, label: str, validators: list[Any], **given: Any) -> None:
        super().__init__(label, validators, format=list(DAY_FORMS), **given)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, shown beside the field, for what is no day."""
        if not valuelist or not valuelist[0].strip():
            return
        self.data = read_day(valuelist[0])
        if self.data is None:
            raise ValueError(gettext("Cette date ne se lit pas. Écrivez-la ainsi : 12/03/2026."))


def read_day(typed: str) -> date | None:
    """A day as a calendar sends it or people type it; None for nothing, for what is no day, and for one that nobody here means."""
    for form in DAY_FORMS:
        try:
            found = datetime.strptime(typed.strip(), form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return found if found.year in YEARS else None
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


def place(form: OnceForm, problems: Mapping[str, str], *, only_where_silent: bool = False) -> None:
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


def summary(form: OnceForm) -> list[tuple[str, Any]]:
    """All errors in the order of the fields, as (id of the control or empty, sentence)."""
    own = [("", sentence) for sentence in form.form_errors]
    return own + [(anchor(field), sentence) for field in leaves(form) if field.name not in CARRIED for sentence in field.errors]


def anchor(field: Field) -> str:
    """The id of the first control of a field, empty for a hidden one: lists have one control for each choice."""
    if field.type == "HiddenField":
        return ""
    return f"{field.id}-0" if hasattr(field, "iter_choices") and field.type != "SelectField" else str(field.id)
