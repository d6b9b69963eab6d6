"""What the page of a call hands over: typed text, nothing checked yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """A measure that is known: its kind, a code, and two days as they were typed."""

    label: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call as it was noted. Lists are codes; hours, birth date and children's years as people type them.

    needs: what the person needs; oriented: those of them for which somebody was already named. reason: why the agreement was not sought.
    submission: a random id made with the form; the same call twice under it is sent once.
    """

    cell: str
    agreement: str
    submission: str
    origin: str = ""
    motives: tuple[str, ...] = ()
    channel: str = ""
    value: str = ""
    hours: str = ""
    code_word: str = ""
    introduction: str = ""
    limits: tuple[str, ...] = ()
    interpreter: str = ""
    must_not_answer: str = ""
    not_to_inform: str = ""
    reason: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: str = ""
    sex: str = ""
    commune: str = ""
    needs: tuple[str, ...] = ()
    oriented: tuple[str, ...] = ()
    measures: tuple[MeasureDraft, ...] = ()
    children: str = ""
