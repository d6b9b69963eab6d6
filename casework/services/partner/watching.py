"""The inside of a link: when it was made, opened and answered, until when it lives; what came back, for whoever holds the extract."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import select

from casework.charter import Word
from casework.errors import NotFound
from casework.models.orientations import PartnerAnswer, PartnerLink
from casework.services.access import Held
from casework.services.actor import Actor
from casework.services.meeting.decisions import decided, reporting
from casework.services.meeting.decisions.outcome_views import ReportDraft
from casework.services.meeting.decisions.owning import EXTRACT
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.orientation.targets import name_of
from casework.services.partner import answers, deposits, making, subjects
from casework.services.partner.subjects import Subject
from casework.services.partner.views import REFERRAL, TASK, About, AnswerLine, LinkLine, LinkPage
from casework.services.reasons import choice, label
from casework.services.terms import PARIS
from casework.services.unit import reading
from casework.services.views import Choice
from casework.wording import listed

BY_LINK = "link"
"""How a result reached whoever records it (`told_by` of meetings.yaml)."""

RESULTS = {"done": decided.DONE, "not_done": decided.NOT_DONE}
"""What a partner says of an action, as its result."""

REPORT = "task.report"
HOUR = 3600


def page(actor: Actor, about: About) -> LinkPage:
    """The link of an orientation or action, and what came back. Raises NotFound for whoever may make none."""
    with reading(actor, making.LINK) as unit:
        subject, held = making.found(unit, about)
        lines = tuple(_answers(held, subject, about))
        title, text = _about(held, subject)
        if any(each.kept for each in lines):
            unit.trace.show(held.dossier.number, EXTRACT)
        rules = unit.charter.support
        return LinkPage(
            about=about,
            number=held.dossier.number,
            title=title,
            text=text,
            link=_line(held, subjects.link_of(unit.session, about)),
            answers=lines,
            why=making.reason_against(held, subject),
            hours=int(rules.link.total_seconds()) // HOUR,
            attempts=rules.attempts,
        )


def take_over(actor: Actor, task_id: str, answer_id: str) -> None:
    """Record what a partner answered as the result of their action, in one act. For the steward who holds the extract.

    Raises NotFound for another, or an answer that is no result.
    """
    about = About(TASK, task_id)
    with reading(actor, making.LINK) as unit:
        subject, held = making.found(unit, about)
        line = next((each for each in _answers(held, subject, about) if each.id == answer_id and each.takes), None)
        if line is None or line.result is None:
            raise NotFound(unit.action)
        unit.trace.show(held.dossier.number, EXTRACT)
        told_on = line.received_at.astimezone(PARIS).date()
        draft = ReportDraft(RESULTS[line.result.code], _as_text(line), BY_LINK, told_on)
    reporting.report(actor, task_id, draft)


def _as_text(line: AnswerLine) -> str:
    day = f"{line.on:%d/%m/%Y}" if line.on else ""
    return listed([each for each in (line.text, day) if each])


def _about(held: Held, subject: Subject) -> tuple[str, str]:
    """What it is about, in words: the need and the service; or the institution, and the action's text for who reads it."""
    if subject.referral is not None:
        need = label(held.unit.charter.meetings.needs, subject.referral.need)
        to = name_of(held, subject.referral.service_id, subject.referral.institution_id)
        return listed([each for each in (need, to) if each]), ""
    task = subject.task
    assert task is not None  # noqa: S101  # one of the two is there
    words = decided.words(held, [task.entry_id]).get(task.entry_id, "") if task.entry_id else ""
    return name_of(held, None, task.institution_id), words


def _line(held: Held, link: PartnerLink | None) -> LinkLine | None:
    """The living link; one that is past its time, and that the night has not deleted yet, is none."""
    if link is None or link.until <= held.unit.now:
        return None
    unit = held.unit
    by = professionals(unit.session, unit.instance.anchor, [link.author_id]).get(link.author_id, UNKNOWN).name
    return LinkLine(by, link.author_id == unit.actor.user_id, link.made_at, link.until, link.opened_at, link.failures)


def _answers(held: Held, subject: Subject, about: About) -> Iterator[AnswerLine]:
    """What came back, newest first; opened where the actor holds the extract it is sealed to."""
    unit = held.unit
    column = PartnerAnswer.referral_id if about.kind == REFERRAL else PartnerAnswer.task_id
    reports = subject.task is not None and subject.runs and "steward" in held.titles and held.verdict(REPORT).permitted
    query = select(PartnerAnswer).where(column == about.id).order_by(PartnerAnswer.received_at.desc(), PartnerAnswer.id)
    for row in unit.session.scalars(query).all():
        key = making.key_of(held, row.compartment_id)
        if key is None:
            yield AnswerLine(row.id, row.received_at, kept=False)
            continue
        said = deposits.opened(unit.instance, held.keychain.at_version(key, row.key_version), row)
        yield _opened(held, row, said, takes=reports and said.get("result") in RESULTS)


def _opened(held: Held, row: PartnerAnswer, said: Mapping[str, str], *, takes: bool) -> AnswerLine:
    rules = held.unit.charter.support
    return AnswerLine(
        id=row.id,
        received_at=row.received_at,
        kept=True,
        answer=Choice(said["answer"], answers.ANSWERS[said["answer"]]),
        reason=_choice(rules.declined, said["reason"]),
        result=_choice(rules.partner_results, said["result"]),
        on=date.fromisoformat(said["on"]) if said["on"] else None,
        text=said["text"],
        takes=takes,
    )


def _choice(words: Mapping[str, Word], code: str) -> Choice | None:
    return choice(words, code) if code in words else None
