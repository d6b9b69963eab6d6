"""Dossiers: my list, and opening one."""

from dataclasses import replace

from sqlalchemy import func, select

from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier import last_look
from casework.services.dossier.dossier_page import view_of
from casework.services.drafts import ListFilters
from casework.services.keys.keychain import Keychain
from casework.services.referral.sent import sent_referrals
from casework.services.search.listing import active_at, narrowed, offers, ordered
from casework.services.search.shelf import LIST, LISTED, Shelf, lines, visible
from casework.services.unit import reading
from casework.services.views import DossierPage, DossierView

PAGE = 25
MEETING = ("convened", "secretary")
"""Titles that a meeting gives, and ends."""
EVERYTHING = ListFilters()


def list_mine(actor: Actor, page: int = 1, asked: ListFilters = EVERYTHING) -> DossierPage:
    """The dossiers I can open, filtered and ordered, a page at a time, and the exact count.

    A join on my boxes: it cannot show what I cannot open. Raises NotFound for professions that have no dossiers.
    """
    with reading(actor, LIST) as unit:
        if not unit.charter.combinations(LIST, actor.profession):
            unit.require([])
        keychain = Keychain(unit)
        mine = visible(unit, keychain, LISTED)
        found = ordered(unit, keychain, narrowed(unit, keychain, mine, asked), asked)
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(1, page), pages)
        here = found[(page - 1) * PAGE : page * PAGE]
        unit.trace.hits = len(found)
        shelf = Shelf(unit, keychain, here)
        active = active_at(unit, keychain, here) if asked.order == "activity" else None
        return DossierPage(
            lines=tuple(lines(unit, shelf, [shelf[each] for each in here], active)),
            count=len(found),
            page=page,
            pages=pages,
            sent=sent_referrals(unit) if page == 1 and replace(asked, order=EVERYTHING.order) == EVERYTHING else (),
            total=unit.session.scalar(select(func.count()).select_from(mine.subquery())) or 0,
            offers=offers(unit, mine),
        )


def open(actor: Actor, number: str) -> DossierView:  # noqa: A001  # always called as dossiers.open, the verb of the field
    """A dossier, as far as the actor's keys and the charter go. Raises NotFound, alike for unknown and forbidden."""
    with reading(actor, "dossier.open") as unit:
        held = find(unit, number)
        verdict = unit.require(held.situations())
        unit.trace.meeting = _meeting_of(held)
        last_look.remember(unit, held.dossier.id)
        return view_of(held, verdict)


def _meeting_of(held: Held) -> str | None:
    """The meeting by which alone the actor opens a dossier: the leaf names it, so that who saw it there is one question."""
    boxes = [box for each in held.boxes.values() for box in each]
    references = {box.reference for box in boxes}
    by_meeting = all(box.title in MEETING for box in boxes) and len(references) == 1
    return next(iter(references)) if by_meeting else None
