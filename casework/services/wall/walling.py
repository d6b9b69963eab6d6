"""Closing a dossier to one account: a relative, somebody with an interest in it. From then on it does not exist for them.

It is the gate that conflicts of interest have (`sharing.conflicts.shut`): at once, in the clear; then keepers make reduced rings and turn
keys. The person is told nothing. Source: domain 3.18; charter, articles 20 and 29.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound, UncertifiedKey
from casework.models.dossiers import Conflict
from casework.models.people import User
from casework.services import typed
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.apart import WALL
from casework.services.attention import alerts
from casework.services.dossier.dossier_page import person_of
from casework.services.keys.certificates import certified_people
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.reasons import choices
from casework.services.sharing import conflicts
from casework.services.terms import refuse
from casework.services.unit import Unit, reading, writing
from casework.services.wall.staying import STAY, stays
from casework.services.wall.views import WalledPerson, WallPage
from casework.wording import says

SET = "wall.set"
LINK = "wall.link"
MAX_NAME = 120
NOBODY = says("Aucune personne habilitée ne porte exactement ce nom. Vérifiez l’orthographe : rien n’a été fermé.")
SEVERAL = says("Plusieurs personnes portent ce nom : donnez l’identifiant de celle dont il s’agit.")
YOURSELF = says("Pour vous-même, utilisez « Lien personnel ? Je me retire ».")
REASON = says("Choisissez un motif de la liste.")
LAST = says(
    "C’est la dernière personne qui coordonne ce dossier : plus personne ne pourrait renouveler les clés ni le partager. "
    "Cochez la case pour fermer quand même ; la déléguée ou le délégué à la protection des données en sera prévenu."
)


@dataclass(frozen=True, slots=True)
class WallDraft:
    """To whom, by exact name or user name; why, by a code; last: that the last coordinator may be closed out was confirmed."""

    who: str
    reason: str
    last: bool = False


def page(actor: Actor, number: str) -> WallPage:
    """Who is walled off, for those who may wall or set apart. Raises NotFound, alike for unknown and forbidden."""
    with reading(actor, SET) as unit:
        held = find(unit, number)
        may = {action: held.verdict(action).permitted for action in (SET, LINK, STAY)}
        unit.require(held.situations(), action=next((action for action, permitted in may.items() if permitted), SET))
        person = person_of(held)
        unit.trace.show(number, *(("identity",) if person else ()))
        return WallPage(
            number=number,
            person=person,
            reasons=choices(unit.charter.support.wall_reasons),
            walled=tuple(_walled(held)) if may[SET] else (),
            may_set=may[SET],
            may_link=may[LINK],
            may_stay=may[STAY],
            stays=stays(held),
            endings=choices(unit.charter.support.link_endings),
        )


def set(actor: Actor, number: str, draft: WallDraft) -> None:  # noqa: A001  # always called as walling.set, the act's own name
    """Close a dossier to one account, member of the cell or not. Again is harmless.

    Raises NotFound for whoever may not, InvalidInput for nobody or somebody else of that name, oneself, a reason outside the list, or the
    last coordinator without saying so, UncertifiedKey for somebody whose certificate does not verify.
    """
    with writing(actor, SET) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        refuse({"reason": None if draft.reason in unit.charter.support.wall_reasons else REASON})
        user_id = _named(unit, draft.who)
        keeping = conflicts.keeping(unit, held.dossier)
        if keeping == {user_id} and not draft.last:
            raise InvalidInput({"last": LAST})
        conflicts.shut(held, user_id, origin=WALL, author=actor.user_id)
        _take_over(unit, held.dossier.id, user_id)
        unit.trace.facts |= {"holder": user_id, "reason": draft.reason}


def lift(actor: Actor, number: str, username: str) -> None:
    """Take a wall away. Nothing is given back: whoever should read again is given keys by somebody who holds them.

    Raises NotFound for whoever may not and for somebody who is not walled off: a personal link that was said is never lifted here.
    """
    with writing(actor, SET) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        rows = select(Conflict).join(User, User.id == Conflict.user_id).where(Conflict.dossier_id == held.dossier.id)
        row = unit.session.scalar(rows.where(Conflict.origin == WALL, User.username == username))
        if row is None:
            raise NotFound(unit.action)
        unit.trace.facts["holder"] = row.user_id
        unit.session.delete(row)


def _take_over(unit: Unit, dossier_id: str, user_id: str) -> None:
    """A wall that a link made, and that somebody now sets for itself, is theirs: ending the link leaves it standing."""
    row = unit.session.scalar(select(Conflict).where(Conflict.dossier_id == dossier_id, Conflict.user_id == user_id))
    if row is not None and row.origin == WALL and row.declared_at != unit.now:
        row.author_id, row.declared_at, row.version = unit.actor.user_id, unit.now, row.version + 1


def _named(unit: Unit, who: str) -> str:
    """The user id of the one account with this user name or exactly this certified name. Raises InvalidInput at the field `who`."""
    text = _folded(typed.clean(who))
    refuse({"who": typed.problem(text, MAX_NAME)})
    found = _carrying(unit, text)
    wrong = NOBODY if not found else SEVERAL if len(found) > 1 else YOURSELF if found == [unit.actor.user_id] else None
    refuse({"who": wrong})
    return found[0]


def _carrying(unit: Unit, text: str) -> list[str]:
    """Whose certificates say this user name, else this name: a row that was renamed hides nobody and passes nobody off as somebody else.

    Compared here, because SQLite knows no capital letter with an accent. Somebody else's broken certificate protects nobody from a wall: it
    is an alarm of its own. Raises UncertifiedKey when it is that of whoever may have been meant: nobody is walled on a row's word.
    """
    broken: list[str] = []
    certified = certified_people(unit.session, unit.instance.anchor, unit.session.scalars(select(User.id)), broken=broken)
    _set_aside(unit, broken, text)
    said = {user_id: each.claims for user_id, each in certified.items()}
    exact = [user_id for user_id, claims in said.items() if claims.get("username") == text]
    return exact or [user_id for user_id, claims in said.items() if _folded(claims["name"]) == text]


def _set_aside(unit: Unit, broken: Collection[str], text: str) -> None:
    """Sound the alarm of these, whose certificates do not verify. Raises UncertifiedKey when one of them was named."""
    for row in unit.session.scalars(select(User).where(User.id.in_(broken)).order_by(User.id)).all():
        if text in (row.username, _folded(row.name)):
            raise UncertifiedKey("the person named has no certificate that verifies")
        alerts.tell_once(unit, alerts.protection_officers(unit), alerts.UNVERIFIED, reference=row.id)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _walled(held: Held) -> Iterator[WalledPerson]:
    unit = held.unit
    rows = select(Conflict, User.username).join(User, User.id == Conflict.user_id)
    found = unit.session.execute(rows.where(Conflict.dossier_id == held.dossier.id, Conflict.origin == WALL)).all()
    ids = [row.user_id for row, _ in found] + [row.author_id for row, _ in found if row.author_id]
    people = professionals(unit.session, unit.instance.anchor, ids)
    for row, username in sorted(found, key=lambda each: each[0].declared_at):
        person, author = people.get(row.user_id, UNKNOWN), people.get(row.author_id or "", UNKNOWN)
        yield WalledPerson(username, person.name, person.function, person.institution, row.declared_at, author.name)
