"""What somebody was typing, sealed to their own public key: kept while they write, also when their session has just ended.

Keeping never looks at a dossier: the same answer for one that exists and one that does not. Drafts vouch for nothing and are not
recorded rows; each keeping, opening and deleting leaves a leaf all the same.
"""

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from casework.errors import InvalidInput, NotFound, TamperedError, TooManyAttempts, UncertifiedKey
from casework.ledger import Leaf, append
from casework.models.attention import Draft
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, Task
from casework.models.people import User
from casework.services import submissions
from casework.services.access import find
from casework.services.actor import Actor
from casework.services.instance import Instance
from casework.services.keys.certificates import user_holder
from casework.services.membership.standing import SECRETARY, STEWARD
from casework.services.record.views import DraftLine, DraftText
from casework.services.support import refusals
from casework.services.unit import Unit, reading, writing
from casework.vault import sessionkeys
from casework.vault.packing import pack
from casework.wording import says

WRITE = "draft.write"
RULE = "draft.own"
"""Nobody is signed in any more, so the charter is not asked: what one typed goes to one's own key and nowhere else."""

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "note": says("Note"),
        "correction": says("Correction d’une note"),
        "referral": says("Saisine"),
        "call": says("Appel"),
        "complement": says("Complément à une saisine"),
        "report": says("Résultat d’une action"),
        "release": says("Alerte de sortie de détention"),
        "reach": says("Contact à prévoir"),
        "urgent": says("Accès urgent"),
        "decision": says("Décision de réunion"),
        "briefing": says("Préparation des points d’une réunion"),
        "point": says("Point sans personne"),
        "identity": says("Fiche : identité"),
        "contact": says("Fiche : coordonnées"),
        "school": says("Fiche : école"),
        "judicial": says("Fiche : justice"),
        "safety": says("Fiche : mise en sécurité"),
    }
)
"""The forms that keep drafts, and what they are called in the list."""

OF_A_MEETING = frozenset({"briefing", "point"})
"""Forms whose place is a meeting; those who prepare it have them."""

CALL = "call"
REPORT, OPEN = "report", "open"
"""The form whose place is a task, and the state of one whose result is not told."""

PLACE = re.compile(r"(?:[0-9A-Za-z-]{1,32})?")
LARGEST = 64 * 1024
"""Bytes of one draft."""
MOST = 60
"""Drafts of one person."""
KEPT = timedelta(days=7)
STEP = 1024
"""Drafts are padded to a multiple of this, so that their length says little."""
PER_WINDOW, WINDOW = 90, 600
"""Keepings for one session in so many seconds."""

Fields = Sequence[tuple[str, str]]


def keep(actor: Actor, form: str, place: str, fields: Fields, *, session: str = "") -> datetime:
    """Keep what is in a form, in place of what was kept for it; returns when. session: the cookie's secret, whose keepings are counted.

    Raises InvalidInput for an unknown form or place, more than 64 KiB, too many drafts or a call that the person refused meanwhile;
    TooManyAttempts.
    """
    raw = _packed(form, place, fields)
    _count(actor.instance, session or actor.user_id)
    with writing(actor, WRITE) as unit:
        unit.require([unit.situation()])
        _put(unit.session, unit.instance, (actor.user_id, form, place), raw, unit.now)
        if form == CALL and refusals.was_told(actor, dict(fields).get("submission", "")):  # it was on its way, or is open in another tab
            raise InvalidInput({"form": submissions.SPENT})
        return unit.now


def keep_after(instance: Instance, secret: str, form: str, place: str, fields: Fields) -> bool:
    """Keep it for somebody whose session ended by idleness and is not past its absolute limit; False when nothing is known of it.

    The public key is enough: nothing is unlocked, nothing is shown. Raises as `keep` does.
    """
    raw = _packed(form, place, fields)
    now = instance.clock.now()
    user_id = instance.sessions.ended_lately(sessionkeys.session_id(secret), now=int(now.timestamp()))
    if user_id is None:
        return False
    _count(instance, secret)
    with instance.database.writing() as session:
        user = session.get(User, user_id)
        if user is None or user.deactivated_at is not None:
            return False
        try:
            _put(session, instance, (user_id, form, place), raw, now)
        except UncertifiedKey:
            return False
        append(session, _leaf(instance, now, user))
    return True


def opened(actor: Actor, form: str, place: str) -> DraftText | None:
    """The draft of a form, or None. One that does not open any more (new keys, altered bytes) is deleted."""
    if not _exists(actor, form, place):
        return None
    with reading(actor, WRITE) as unit:
        unit.require([unit.situation()])
        row = unit.session.scalars(_mine(actor).where(Draft.form == form, Draft.place == place, Draft.until > unit.now)).first()
        found = None if row is None else _open(actor, row)
        if row is not None and found is None:
            gone = row.id
            unit.later.append(lambda session: _delete(session, [gone]))
        return found


def drop(actor: Actor, form: str, place: str) -> None:
    """Delete the draft of a form: it was saved, or is not wanted. None there is no error and leaves no leaf."""
    if not _exists(actor, form, place):
        return
    with writing(actor, WRITE) as unit:
        unit.require([unit.situation()])
        unit.session.execute(delete(Draft).where(Draft.user_id == actor.user_id, Draft.form == form, Draft.place == place))


def mine(actor: Actor) -> tuple[DraftLine, ...]:
    """My drafts, newest first. Those of dossiers that I may no longer open, and those past their days, are deleted on the way."""
    with writing(actor, WRITE) as unit:
        unit.require([unit.situation()])
        rows = unit.session.scalars(_mine(actor).order_by(Draft.saved_at.desc())).all()
        gone = [row.id for row in rows if row.until <= unit.now or not _may_still(unit, row)]
        _delete(unit.session, gone)
        unit.trace.dossiers.clear()  # looked for, not shown
        return tuple(DraftLine(row.form, FORMS[row.form], row.place, row.saved_at, row.until) for row in rows if row.id not in gone)


def _may_still(unit: Unit, row: Draft) -> bool:
    """Whether the form of a draft can still be opened. A saisine or an accès urgent has no dossier yet; a complement
    has a sender."""
    if not row.place:
        return True
    if row.form in OF_A_MEETING:
        meeting = unit.session.get(Meeting, row.place)
        return meeting is not None and meeting.cell_id in unit.facts.cells_as(STEWARD, SECRETARY)
    if row.form == REPORT:
        return _may_report(unit, row.place)
    try:
        held = find(unit, _number(unit, row))
    except (NotFound, TamperedError):
        return False
    if row.form == "complement":
        return held.dossier.reporter_id == unit.actor.user_id
    return held.verdict("dossier.open").permitted


def _may_report(unit: Unit, task_id: str) -> bool:
    """Whether the result of a task is still mine to tell."""
    task = unit.session.get(Task, task_id)
    meeting = unit.session.get(Meeting, task.meeting_id) if task is not None else None
    if task is None or meeting is None or task.status != OPEN or task.dossier_id in unit.apart_from:
        return False
    kept = meeting.cell_id in unit.facts.cells_as(STEWARD)
    return kept or (task.owner_id == unit.actor.user_id and meeting.cell_id in unit.facts.cells)


def _number(unit: Unit, row: Draft) -> str:
    """The dossier a draft is about: its place, or that of the item of a meeting."""
    if row.form != "decision":
        return row.place
    item = select(Dossier.number).join(Item, Item.dossier_id == Dossier.id).where(Item.id == row.place)
    return unit.session.scalar(item) or row.place


def _packed(form: str, place: str, fields: Fields) -> bytes:
    """The padded bytes to seal. Raises InvalidInput."""
    if form not in FORMS or not PLACE.fullmatch(place):
        raise InvalidInput({"form": says("Ce formulaire ne garde pas de brouillon.")})
    raw = json.dumps(list(fields), ensure_ascii=False).encode("utf-8", "replace")
    if len(raw) > LARGEST:
        raise InvalidInput({"form": says("Ce texte est trop long pour être gardé en brouillon.")})
    return raw.ljust(-(-len(raw) // STEP) * STEP)


def _put(session: Session, instance: Instance, where: tuple[str, str, str], raw: bytes, now: datetime) -> None:
    """Seal to the author's certified key. Raises UncertifiedKey, or InvalidInput for too many drafts."""
    user_id, form, place = where
    session.get_one(User, user_id, with_for_update=True)  # two tabs keep one after the other
    holder = user_holder(session, instance.anchor, user_id)
    sealed = instance.anchor.seal(holder.chain, raw, draft_context(instance.anchor.instance, user_id, form, place))
    row = session.scalars(select(Draft).where(Draft.user_id == user_id, Draft.form == form, Draft.place == place)).first()
    if row is None:
        count = session.scalar(select(func.count()).select_from(Draft).where(Draft.user_id == user_id)) or 0
        if count >= MOST:
            raise InvalidInput({"form": says("Trop de brouillons sont gardés : effacez-en.")})
        row = Draft(id=new_id(), user_id=user_id, form=form, place=place)
    row.saved_at, row.until, row.sealed = now, now + KEPT, sealed
    session.add(row)


def draft_context(instance: str, user_id: str, form: str, place: str) -> bytes:
    """What a draft's ciphertext is bound to."""
    return pack("draft", instance, user_id, form, place)


def _open(actor: Actor, row: Draft) -> DraftText | None:
    context = draft_context(actor.instance.anchor.instance, actor.user_id, row.form, row.place)
    try:
        pairs = json.loads(actor.keyring.private.open(row.sealed, context))
    except TamperedError:
        return None
    return DraftText(row.saved_at, tuple((name, text) for name, text in pairs))


def _mine(actor: Actor) -> Select[Draft]:
    return select(Draft).where(Draft.user_id == actor.user_id)


def _exists(actor: Actor, form: str, place: str) -> bool:
    with actor.instance.database.reading() as session:
        return session.scalar(select(Draft.id).where(Draft.user_id == actor.user_id, Draft.form == form, Draft.place == place)) is not None


def _delete(session: Session, ids: Sequence[str]) -> None:
    session.execute(delete(Draft).where(Draft.id.in_(ids)), execution_options={"synchronize_session": False})


def _count(instance: Instance, who: str) -> None:
    """Raise TooManyAttempts when this session kept too often lately. The store holds a keyed hash of it."""
    subject = hmac.digest(instance.pepper, b"draft\0" + who.encode(), "sha256").hex()
    now = int(instance.clock.now().timestamp())
    wait = instance.sessions.count_attempt({subject: PER_WINDOW}, at=now, window=WINDOW)
    if wait is not None:
        raise TooManyAttempts(wait)


def _leaf(instance: Instance, now: datetime, user: User) -> Leaf:
    return Leaf(
        at=now,
        action=WRITE,
        outcome="authorised",
        purpose=instance.charter.vocabulary.actions[WRITE].purpose,
        rule=RULE,
        charter=instance.charter.version,
        actor=user.id,
        institution=user.institution_id,
    )
