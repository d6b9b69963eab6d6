"""A visit: what was sealed for the partner is shown, one answer is taken, and then the link is over."""

from dataclasses import replace

from sqlalchemy import delete, select, update

from casework.errors import LinkRefused
from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.content import ExtractItem
from casework.models.orientations import PartnerAnswer, PartnerLink
from casework.services import apart
from casework.services.dossier.contents import table_of
from casework.services.instance import Instance
from casework.services.keys.sealing import open_row
from casework.services.meeting.decisions.owning import EXTRACT
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.orientation import contacts, telling
from casework.services.orientation import steps as life
from casework.services.orientation.contacts import Carried
from casework.services.partner import answers, deposits, making, steps, subjects, visiting
from casework.services.partner.subjects import Subject
from casework.services.partner.views import PartnerDraft, VisitView
from casework.services.partner.visiting import Visit
from casework.services.views import Field
from casework.vault import links
from casework.vault.content import ContentKey

ANSWERED, REPORTED = "partner_answered", "partner_reported"
"""The alert to whoever made the link: of an orientation, of an action."""


def read(instance: Instance, cookie: str) -> VisitView:
    """What was sealed for the partner. Raises LinkRefused when the visit, the link or what it is about is over."""
    _known(instance, cookie)
    with visiting.reading(instance, visiting.READ) as visit:
        link, subject, content = _found(visit, cookie)
        visiting.about(visit, subject, link, EXTRACT)
        page = answers.page(visit, subject, items_of(visit, content), link.visit_until or visit.now)
        carried = _contacts(visit, subject, content)
        through = professionals(visit.session, instance.anchor, [link.author_id]).get(link.author_id, UNKNOWN).institution
        return replace(page, contacts=carried.shown, call=contacts.call(visit, subject.dossier, carried, through))


def answer(instance: Instance, cookie: str, draft: PartnerDraft) -> None:
    """Take the partner's one answer: sealed into the extract, a step of the orientation, whoever made the link is told; the link is over.

    Raises LinkRefused as `read`, InvalidInput with what is wrong in each field.
    """
    _known(instance, cookie)
    with visiting.writing(instance, visiting.ANSWER) as visit:
        link, subject, content = _found(visit, cookie, lock=True)
        visiting.about(visit, subject, link, EXTRACT)
        said, step = answers.checked(visit, subject, draft)
        row = PartnerAnswer(
            id=new_id(), version=1, referral_id=link.referral_id, task_id=link.task_id, link_id=link.id,
            compartment_id=content.scope, key_version=content.version, received_at=visit.now,
        )  # fmt: skip
        deposits.put(visit.session, instance, content, row, said)
        visit.session.add(row)
        steps.answered(visit, subject, link, step, said["reason"])
        _tell(visit, subject, link)
        visit.session.execute(delete(PartnerLink).where(PartnerLink.id == link.id))
        visit.trace.facts |= {"answer": row.id}


def leave(instance: Instance, cookie: str) -> None:
    """End a visit at once: the key under its cookie goes, the link itself stays. Raises LinkRefused for a visit that is over already."""
    _known(instance, cookie)
    with visiting.writing(instance, visiting.LEAVE) as visit:
        link, _, _ = _found(visit, cookie, lock=True)
        nothing = {"visit_hash": None, "visit_wrapped": None, "visit_until": None}
        visit.session.execute(update(PartnerLink).where(PartnerLink.id == link.id).values(nothing))


def items_of(visit: Visit, content: ContentKey) -> tuple[Field, ...]:
    """The extract, in the order in which it was chosen."""
    table = table_of(ExtractItem)
    rows = visit.session.execute(select(table).where(table.c.compartment_id == content.scope).order_by(table.c.id))
    opened = (open_row(ExtractItem, row, content) for row in rows)
    return tuple(Field(each["label"], each["text"]) for each in opened)


def _contacts(visit: Visit, subject: Subject, content: ContentKey) -> Carried:
    """How to reach the person, where an orientation carries it; an action carries none. Raises LinkRefused when the keys were turned."""
    if subject.referral is None:
        return Carried()
    rows = life.of(visit.session, subject.referral.id)

    def key_of(version: int) -> ContentKey:
        if version != content.version:
            raise LinkRefused
        return content

    return contacts.opened(visit, subject.dossier, content.scope, rows, key_of)


def _known(instance: Instance, cookie: str) -> None:
    """Raise LinkRefused for a cookie of nothing: like an unknown session's it is nobody's act, and leaves no leaf."""
    with instance.database.reading() as session:
        if session.scalar(select(PartnerLink.id).where(PartnerLink.visit_hash == links.found_by(cookie))) is None:
            raise LinkRefused


def _found(visit: Visit, cookie: str, *, lock: bool = False) -> tuple[PartnerLink, Subject, ContentKey]:
    """The link of a visit that is under way, what it is about, and the extract's key. Raises LinkRefused."""
    there = subjects.of_link(visit.session, PartnerLink.visit_hash == links.found_by(cookie), lock=lock)
    if there is None:
        raise LinkRefused
    link, subject = there
    visiting.about(visit, subject, link)
    if link.visit_wrapped is None or link.visit_until is None or not (link.visit_until > visit.now < link.until) or not subject.runs:
        raise LinkRefused
    place = making.place(visit.instance.anchor.instance, link)
    secret = links.open_visit(place, cookie, link.visit_wrapped, link.visit_until.isoformat())
    content = ContentKey(secret, instance=visit.instance.anchor.instance, scope=link.compartment_id, version=link.key_version)
    return link, subject, content


def _tell(visit: Visit, subject: Subject, link: PartnerLink) -> None:
    """An alert for whoever made the link and, of an orientation, for those who follow it; never for somebody kept apart since."""
    people = {link.author_id} | (telling.senders(visit.session, subject.referral, visit) if subject.referral else set())
    number, reference = subject.dossier.number, link.referral_id or link.task_id or ""
    kind = ANSWERED if link.referral_id else REPORTED
    for user_id in sorted(people - apart.kept_out(visit.session, subject.dossier.id, visit.now)):
        visit.session.add(Alert(id=new_id(), recipient_id=user_id, kind=kind, number=number, reference=reference, created_at=visit.now))
