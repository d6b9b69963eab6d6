"""A link for a partner without an account: made by whoever may pass the person on and holds what was chosen, shown once, ended at will."""

from sqlalchemy import delete, select

from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.dossiers import Compartment, Dossier
from casework.models.meetings import Task
from casework.models.orientations import PartnerLink
from casework.services.access import Held, shut
from casework.services.access import find as open_dossier
from casework.services.actor import Actor
from casework.services.keys import compartments
from casework.services.keys.compartments import Grant
from casework.services.meeting.decisions import decided, owning
from casework.services.meeting.decisions.owning import EXTRACT, Entrusted
from casework.services.offices import throttle
from casework.services.orientation.steps import LINK as BY_LINK
from casework.services.partner import deposits, subjects
from casework.services.partner.subjects import Subject
from casework.services.partner.views import About, LinkOnce
from casework.services.safety import rules
from casework.services.unit import Unit, writing
from casework.vault import links
from casework.vault.content import ContentKey
from casework.wording import says

LINK = "partner.link"
AUTHOR = "author"


def make(actor: Actor, about: About) -> LinkOnce:
    """A new link to what was chosen for the partner; the former one of the same orientation or action ends.

    What it returns is shown once and kept nowhere: the row has a hash and a wrapped key. Raises NotFound for whoever may not, or does not
    hold the extract; InvalidInput, under `link`, with why none can be made (`reason_against`).
    """
    instance, link_id = actor.instance, new_id()
    with throttle.hashing_slot(instance):  # slow: not while the database waits
        fresh = links.fresh(link_id, instance.hashing, pepper=instance.pepper)
    with writing(actor, LINK) as unit:
        subject, held = found(unit, about, lock=True)
        if why := reason_against(held, subject):
            raise InvalidInput({"link": why})
        content = _content(held, subject, link_id)
        deposits.published(unit.session, instance, content)
        ended = forget(unit, about)
        link = PartnerLink(
            id=link_id, referral_id=subject.referral.id if subject.referral else None, task_id=subject.task.id if subject.task else None,
            compartment_id=content.scope, key_version=content.version, author_id=actor.user_id, made_at=unit.now,
            until=unit.now + unit.charter.support.link, failures=0, secret_hash=fresh.found_by, salt=fresh.salt,
        )  # fmt: skip
        link.wrapped = fresh.wrap(place(instance.anchor.instance, link), content.secret)
        unit.session.add(link)
        unit.trace.show(held.dossier.number, EXTRACT)
        unit.trace.facts |= {"link": link.id, "until": link.until.isoformat(), "ended": ended}
        return LinkOnce(held.dossier.number, fresh.secret, spelt(fresh.code), link.until)


def end(actor: Actor, about: About) -> None:
    """End the living link: its hash and its key are deleted. Twice is no error. Raises NotFound for whoever may make none."""
    with writing(actor, LINK) as unit:
        found(unit, about, lock=True)
        link = subjects.link_of(unit.session, about)
        unit.trace.facts |= {"link": link.id if link else "", "ended": forget(unit, about)}


def found(unit: Unit, about: About, *, lock: bool = False) -> tuple[Subject, Held]:
    """What a link is about, and its dossier, for somebody who may give one. Raises NotFound."""
    dossier_id = subjects.dossier_of(unit.session, about)
    shut(unit, dossier_id)
    held = open_dossier(unit, unit.session.scalar(select(Dossier.number).where(Dossier.id == dossier_id)) or "")
    unit.require(held.situations())
    subject = subjects.find(unit.session, about, lock=lock)  # after the dossier: everybody takes the two in this order
    if subject is None:
        raise NotFound(unit.action)
    return subject, held


def reason_against(held: Held, subject: Subject) -> str:
    """Why no link can be made now, in a sentence; empty when one can."""
    if rules.withdrawn(held):
        return says("La personne a mis fin au suivi : plus rien ne se transmet. Ce que la loi impose de signaler suit sa propre voie.")
    if not subject.runs:
        return says("C’est terminé : il n’y a plus rien à remettre.")
    if subject.referral is not None:
        if subject.referral.channel != BY_LINK:
            return says("Le service a un compte : l’orientation lui parvient sans lien.")
        if subject.extract_id is None:
            return says("L’orientation n’est pas encore envoyée.")
        return "" if key_of(held, subject.extract_id) else says("Seule la personne qui a envoyé l’orientation peut remettre un lien.")
    task = subject.task
    if task is None or task.owner_id is not None:
        return says("La personne qui porte cette action a un compte : elle en dira le résultat elle-même.")
    return "" if _words(held, task) else says("Vous ne lisez pas le texte de cette action : une autre personne peut remettre le lien.")


def key_of(held: Held, extract_id: str | None) -> ContentKey | None:
    """The key of this very extract, for somebody who holds it by a title that reads."""
    part: Compartment | None = next((each for each in held.compartments if each.id == extract_id and each.kind == EXTRACT), None)
    return held.key(part) if part is not None else None


def forget(unit: Unit, about: About) -> int:
    """Delete the links of an orientation or action, whoever made them; how many."""
    column = PartnerLink.referral_id if about.kind == "referral" else PartnerLink.task_id
    return int(unit.session.execute(delete(PartnerLink).where(column == about.id)).rowcount)  # type: ignore[attr-defined]  # a DELETE counts


def place(instance: str, link: PartnerLink) -> links.Place:
    """What a link's keys are bound to."""
    return links.Place(instance, link.id, link.compartment_id, link.key_version, link.until.isoformat())


def spelt(code: str) -> str:
    """A code in pairs, as it is said aloud: 47 30 92 18."""
    return " ".join(code[start : start + 2] for start in range(0, len(code), 2))


def _content(held: Held, subject: Subject, link_id: str) -> ContentKey:
    """The key of the extract; of an action's, made now unless the actor holds one."""
    known = key_of(held, subject.extract_id)
    if known is not None:
        return known
    if subject.task is None:
        raise NotFound(LINK)
    grants = [Grant(held.unit.actor.user_id, to_ring=False, title=AUTHOR, reference=subject.task.id)]
    content = compartments.make(held.unit, held.dossier, EXTRACT, grants, owner=link_id)
    owning.fill(Entrusted(held, subject.task, _words(held, subject.task)), content)
    held.unit.session.flush()
    return content


def _words(held: Held, task: Task) -> str:
    return decided.words(held, [task.entry_id]).get(task.entry_id, "") if task.entry_id else ""
