"""Who is kept apart from which dossier: one question, asked in one statement, before anything is looked for.

Three reasons, one answer: a personal link that was said, a wall that a service or a steward set, and the other side of two dossiers that
were set apart (`DossierLink`). Of a pair, whoever holds one side has nothing on the other; whoever comes to hold both has nothing on the
protected one, unless they lead it. Somebody who stays on both by a reasoned act sees one of them in lists, and opens the other by its
number. Source: domain 3.18; charter, articles 12 and 29; decision 5.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Select, String, bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from casework.models.base import UtcDateTime
from casework.models.cells import Ring, RingMember
from casework.models.dossiers import Box, Compartment, Conflict, Dossier
from casework.models.people import User
from casework.models.walls import BothSides, DossierLink

DECLARED = "declared"
WALL = "wall"
LINK = "link"
ASIDE = "aside"
AWAITED = ""
"""Why: a link that was said, a wall, the other side of a pair, the side that lists leave out. AWAITED stands for the reason of somebody
who may stay on both sides and has not said why yet."""

_USER, _NOW, _DOSSIERS = "apart_user", "apart_now", "apart_dossiers"
_user, _now, _dossiers = (
    bindparam(_USER, type_=String),
    bindparam(_NOW, type_=UtcDateTime),
    bindparam(_DOSSIERS, type_=String, expanding=True),
)
"""What is bound to a statement that was put together before: putting one together costs as much as a page."""

Who = str | BindParameter[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
"""A user id, the column that has it, or the place where it will be bound. Of a dossier likewise."""

When = datetime | BindParameter[datetime]
"""A moment, or the place where it will be bound."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What does not exist for somebody, all of it.

    reasons: dossier id -> why, of those that they are kept out of altogether. numbers: their numbers, for the refusal's own leaf.
    pairs: of those who stay on both sides, the side left out of lists -> the listed one.
    """

    reasons: Mapping[str, str]
    numbers: Mapping[str, str]
    pairs: Mapping[str, str]

    @property
    def unknown(self) -> frozenset[str]:
        """Of these not even a number is shown: nobody told them that there is one."""
        return frozenset(each for each, why in self.reasons.items() if why != DECLARED)

    def without_link(self, dossier_ids: Collection[str]) -> "Apart":
        """The same, but for these dossiers where nothing but a link hides them."""
        gone = {each for each in dossier_ids if self.reasons.get(each) == LINK}
        reasons = {each: why for each, why in self.reasons.items() if each not in gone}
        return Apart(reasons, {each: number for each, number in self.numbers.items() if each not in gone}, self.pairs)

    def aside(self, opened: frozenset[str]) -> frozenset[str]:
        """What lists leave out. opened: the dossiers entered by number: whoever is on the one side does not see the other beside it."""
        return frozenset(listed if other in opened else other for other, listed in self.pairs.items())


def serving(now: When) -> ColumnElement[bool]:
    """The SQL condition that a ring's member is one now: a stand-in from their first moment to their last."""
    return or_(RingMember.starts.is_(None), RingMember.starts <= now) & or_(RingMember.until.is_(None), RingMember.until > now)


def load(session: Session, user_id: str, now: datetime) -> Apart:
    """What somebody is kept apart from, in one statement, whatever there is of it."""
    reasons: dict[str, str] = {}
    numbers: dict[str, str] = {}
    pairs: dict[str, str] = {}
    for dossier_id, why, listed, number in session.execute(_everything(), {_USER: user_id, _NOW: now}):
        if why == ASIDE:
            pairs[dossier_id] = str(listed)
        else:
            numbers[dossier_id] = number
            reasons[dossier_id] = reasons.get(dossier_id, why) if why == LINK else why  # what was said or set comes before a link
    return Apart(reasons, numbers, pairs)


@cache
def _everything() -> Select[str, str, str | None, str]:
    """The statement of `load`, put together once: what changes from one person to the next is bound to it."""
    said = select(Conflict.dossier_id.label("id"), Conflict.origin.label("why"), null().label("listed"))
    link = [
        select(hidden.label("id"), literal(LINK, String).label("why"), null().label("listed")).where(crossed)
        for _, hidden, crossed in _branches(_user, _now, _stays(_user) & (BothSides.reason != AWAITED))
    ]
    other = DossierLink.dossier_id, DossierLink.other_id
    aside = [
        select(left.label("id"), literal(ASIDE, String).label("why"), BothSides.listed_id.label("listed"))
        .join(BothSides, BothSides.link_id == DossierLink.id)
        .where(BothSides.user_id == _user, BothSides.reason != AWAITED, left != BothSides.listed_id, DossierLink.ended_at.is_(None))
        for left in other
    ]
    everything = union_all(said.where(Conflict.user_id == _user), *link, *aside).subquery()
    return select(everything.c.id, everything.c.why, everything.c.listed, Dossier.number).join(Dossier, Dossier.id == everything.c.id)


def kept_out(session: Session, dossier_id: str, now: datetime) -> frozenset[str]:
    """User ids of everybody who is kept out of a dossier now, in one statement: nothing of it is given to them."""
    return frozenset(person for _, person in pairs(session, [dossier_id], now))


def is_apart(user: Who, dossier: Who, now: When) -> ColumnElement[bool]:
    """The SQL condition that somebody is kept out of a dossier, for questions over many of both."""
    links = (_any(hidden == dossier, crossed, of=DossierLink) for _, hidden, crossed in _branches(user, now))
    return or_(_any(Conflict.user_id == user, Conflict.dossier_id == dossier, of=Conflict), *links)


def pairs(session: Session, dossier_ids: Collection[str], now: datetime) -> frozenset[tuple[str, str]]:
    """Dossier and user id of everybody who is kept out of one of these, in one statement."""
    return frozenset((row[0], row[1]) for row in session.execute(_everybody(), {_DOSSIERS: list(dossier_ids), _NOW: now}))


@cache
def _everybody() -> CompoundSelect[str, str]:
    """The statement of `pairs`, put together once."""
    links = [
        select(hidden.label("dossier"), User.id.label("person")).join_from(User, DossierLink, hidden.in_(_dossiers)).where(crossed)
        for _, hidden, crossed in _branches(User.id, _now)
    ]
    said = select(Conflict.dossier_id.label("dossier"), Conflict.user_id.label("person")).where(Conflict.dossier_id.in_(_dossiers))
    return union_all(said, *links)


def watched() -> Select[str]:
    """Ids of the dossiers that somebody may be kept out of, or was once, so that they have rings of their own: the only ones whose rings
    have to be looked at."""
    living = DossierLink.ended_at.is_(None)
    both = (select(side.label("id")).where(living) for side in (DossierLink.dossier_id, DossierLink.other_id))
    own = select(Ring.dossier_id.label("id")).where(Ring.dossier_id.is_not(None))
    everything = union_all(select(Conflict.dossier_id.label("id")), *both, own).subquery()
    return select(everything.c.id)


def holds(user: Who, dossier: Who, now: When) -> ColumnElement[bool]:
    """The SQL condition that somebody holds a living box of a dossier, themselves or by a ring they serve in, on duty too."""
    box, part = aliased(Box), aliased(Compartment)
    mine = select(RingMember.epoch_id).where(RingMember.holder_id == user, RingMember.to_ring.is_(False), serving(now))
    living = or_(box.until.is_(None), box.until > now)
    whose = (box.holder_id == user) | box.holder_id.in_(mine.correlate_except(RingMember))
    here = select(box.id).join(part, part.id == box.compartment_id).where(part.dossier_id == dossier, living, whose)
    return here.correlate_except(box, part).exists()


def _branches(
    user: Who, now: When, stays: ColumnElement[bool] | None = None
) -> list[tuple[InstrumentedAttribute[str], InstrumentedAttribute[str], ColumnElement[bool]]]:
    """The two ways across a link: the side held, the side that is shut, and the condition that it is so for this user.

    stays: which rows of `BothSides` count; unless told, also the place of somebody who has not said yet why they stay: keys are kept for
    them, though they see nothing until they do.
    """
    protected, other = DossierLink.dossier_id, DossierLink.other_id
    there = _any(_stays(user) if stays is None else stays, of=BothSides)
    led = aliased(Dossier)
    leads = _any(led.id == protected, led.lead_id == user, of=led)
    living = DossierLink.ended_at.is_(None) & ~there
    return [
        (protected, other, living & _open(user, protected, now) & ~(_open(user, other, now) & ~leads)),
        (other, protected, living & _open(user, other, now) & ~(_open(user, protected, now) & leads)),
    ]


def _stays(user: Who) -> ColumnElement[bool]:
    return (BothSides.link_id == DossierLink.id) & (BothSides.user_id == user)


def _open(user: Who, side: InstrumentedAttribute[str], now: When) -> ColumnElement[bool]:
    """That they hold a side, and that nobody shut it to them: of a side that is shut nothing follows for the other."""
    return holds(user, side, now) & ~_any(Conflict.user_id == user, Conflict.dossier_id == side, of=Conflict)


def _any(*which: ColumnElement[bool], of: Any) -> ColumnElement[bool]:
    """Whether there is a row of a table such that: every other column belongs to the questions around, however deep this one lies."""
    return select(of.id).where(*which).correlate_except(of).exists()
