"""What the person said to being passed on: to the saisine, or to one orientation. The newest row counts.

An agreement that was not sought has a last day; without it, or refused after all, a saisine is erased by key (`erasing`).
"""

from collections.abc import Mapping

from sqlalchemy import delete

from casework.charter import agree
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.orientations import ReferralOut
from casework.models.support import Agreement
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier.dossier_page import person_of
from casework.services.support import erasing, refusals
from casework.services.support.awaiting import RECORD, keep, last_day, pending, state_of
from casework.services.support.views import AgreementPage
from casework.services.support.words import GIVEN, NOT_SOUGHT, REFUSED
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice
from casework.wording import says

__all__ = ["RECORD", "keep", "last_day", "pending", "prepare", "record", "state_of"]


def prepare(actor: Actor, number: str) -> AgreementPage:
    """The page of an agreement to obtain. Raises NotFound where none is awaited, or not the actor's to record."""
    with reading(actor, RECORD) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        row = state_of(unit, held.dossier.id)
        if row is None or row.state != NOT_SOUGHT or row.due is None:
            raise NotFound(unit.action)
        person = person_of(held)
        unit.trace.show(number, *(("identity",) if person else ()))
        why = unit.charter.support.unasked.get(row.reason or "")
        return AgreementPage(number, person, Choice(why.code, agree(why.label, "n")) if why else None, row.due)


def record(actor: Actor, number: str, state: str, reason: str = "", *, referral_id: str | None = None) -> None:
    """Record what the person said when asked later. Of a saisine whose agreement is awaited: given, or refused, which erases it by key
    at once and is counted. Of an orientation: any state; what follows from it is the caller's.

    The same answer twice is one. Raises NotFound, or InvalidInput for an answer that cannot be recorded.
    """
    with writing(actor, RECORD) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        before = state_of(unit, held.dossier.id, referral_id)
        if before is not None and before.state == state != NOT_SOUGHT:
            return
        _check(unit, held, before, state, reason, referral_id)
        keep(unit, held.dossier.id, state, reason=reason, referral_id=referral_id)
        if referral_id is not None:
            return
        if state == REFUSED:
            refusals.count(unit, held.dossier.cell_id)
            unit.session.flush()
            erasing.erase(unit, held.dossier, by=actor.user_id)
            return
        told = (Alert.number == number, Alert.kind == erasing.DUE)
        unit.session.execute(delete(Alert).where(*told), execution_options={"synchronize_session": False})


def _check(unit: Unit, held: Held, before: Agreement | None, state: str, reason: str, referral_id: str | None) -> None:
    problems: Mapping[str, str] = {}
    if referral_id is not None:
        orientation = unit.session.get(ReferralOut, referral_id)
        if orientation is None or orientation.dossier_id != held.dossier.id:
            raise NotFound(unit.action)
        if state not in (GIVEN, NOT_SOUGHT, REFUSED):
            problems = {"state": says("Choisissez dans la liste.")}
        elif state == NOT_SOUGHT and reason not in unit.charter.support.unasked:
            problems = {"reason": says("Choisissez pourquoi l’accord n’a pas été demandé.")}
    elif state not in (GIVEN, REFUSED):
        problems = {"state": says("Dites ce que la personne a répondu.")}
    elif before is None or before.state != NOT_SOUGHT:
        problems = {"state": says("Aucun accord n’est attendu pour cette saisine.")}
    if problems:
        raise InvalidInput(problems)
