"""Opening a link: the secret from the address and the code said by voice, in one act, at one cost, with one answer for every failure.

A try is counted before it is looked at, so that no more than five codes are ever compared, however many come at once.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from casework.errors import LinkRefused, TamperedError
from casework.models.orientations import PartnerLink
from casework.services.instance import Instance
from casework.services.offices import throttle
from casework.services.partner import making, steps, subjects, visiting
from casework.services.partner.visiting import Visit
from casework.services.unit import collect_writes
from casework.vault import links

MAX_SECRET, MAX_CODE = 64, 16
"""Longer than any we made: cut before anything slow is done."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A living link as opening needs it, detached, one more try counted. tries: this one included."""

    id: str
    place: links.Place
    salt: bytes
    wrapped: bytes


def enter(instance: Instance, secret: str, code: str, *, address: str = "") -> str:
    """Open a link; returns the cookie of a visit of thirty minutes.

    Raises LinkRefused for an unknown, expired or used link, a wrong code, or an orientation that ended meanwhile: the same error at the
    same cost. Five wrong codes delete the link, and so does a try past its time. Raises TooManyAttempts, before any hash, when the
    address is limited.
    """
    throttle.count_link(instance, address)
    secret, code = plain_secret(secret), plain_code(code)
    found = _count(instance, secret)
    with throttle.hashing_slot(instance):
        key = _unwrap(instance, found, secret, code)
    cookie = _begin(instance, found, key) if found is not None and key is not None else None
    if cookie is None:
        _refuse(instance, found, secret)
        raise LinkRefused
    return cookie


def plain_secret(typed: str) -> str:
    """The secret of a link pasted whole or in part: what stands after the last #, without spaces."""
    return "".join(typed.rpartition("#")[2].split())[:MAX_SECRET]


def plain_code(typed: str) -> str:
    """The digits of a code, however they were grouped."""
    return "".join(sign for sign in typed if sign in "0123456789")[:MAX_CODE]


def _count(instance: Instance, secret: str) -> _Found | None:
    """Find the link and count a try, in a transaction of its own; None when there is none, or its tries are used up."""
    now, most = instance.clock.now(), instance.charter.support.attempts
    with instance.database.writing() as session:
        here = (PartnerLink.secret_hash == links.found_by(secret)) & (PartnerLink.until > now) & (PartnerLink.failures < most)
        link = session.scalar(select(PartnerLink).where(here).with_for_update())
        if link is None:
            return None
        session.execute(update(PartnerLink).where(PartnerLink.id == link.id).values(failures=PartnerLink.failures + 1))
        return _Found(link.id, making.place(instance.anchor.instance, link), link.salt, link.wrapped)


def _unwrap(instance: Instance, found: _Found | None, secret: str, code: str) -> bytes | None:
    """The extract's key or None. For an unknown link a hash is computed all the same, so that links cannot be told by time."""
    if found is None:
        links.spend(secret, code, instance.hashing, pepper=instance.pepper)
        return None
    try:
        return links.open_with(found.place, secret, code, found.salt, found.wrapped, instance.hashing, pepper=instance.pepper)
    except TamperedError:
        return None


def _begin(instance: Instance, found: _Found, key: bytes) -> str | None:
    """A visit: the key under a fresh cookie, the try given back, `received` in the orientation's life; None when it is over."""
    with instance.database.writing() as session:
        visit = Visit(instance, visiting.ENTER, session, instance.clock.now())
        there = subjects.of_link(session, PartnerLink.id == found.id, lock=True)
        if there is None or not there[1].runs:
            return None
        link, subject = there
        written = collect_writes(session)
        ends = visit.now + visit.charter.support.visit
        made = links.visit(found.place, key, ends.isoformat())
        link.failures -= 1
        link.opened_at = link.opened_at or visit.now
        link.visit_hash, link.visit_wrapped, link.visit_until = made.found_by, made.wrapped, ends
        steps.received(visit, subject, link)
        visiting.about(visit, subject, link)
        session.flush()
        visiting.leave(visit, written())
        return made.cookie


def _refuse(instance: Instance, found: _Found | None, secret: str) -> None:
    """The leaf of a try that opened nothing; the link goes with its last try, past its time, and when what it is about is over."""
    which = PartnerLink.id == found.id if found is not None else PartnerLink.secret_hash == links.found_by(secret)
    with instance.database.writing() as session:
        visit = Visit(instance, visiting.ENTER, session, instance.clock.now())
        there = subjects.of_link(session, which)
        if there is not None:
            link, subject = there
            visiting.about(visit, subject, link)
            if link.until <= visit.now or link.failures >= visit.charter.support.attempts or not subject.runs:
                session.execute(delete(PartnerLink).where(PartnerLink.id == link.id))
                visit.trace.facts["ended"] = 1
        visiting.leave(visit, outcome="refused")
