"""The directory: services one may send somebody to. Reference data, in the clear: no person is in it.

What is typed here is about a public service and its own telephone: never the name of somebody who is followed, never a protected address.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Recorded, clear


class Service(Recorded, Base):
    """A service of an institution: what, for whom, where, when, and whether it has room. Closed, never deleted: referrals point to it."""

    __tablename__ = "service"
    __table_args__ = (Index("ix_service_closed_at_name_key", "closed_at", "name_key"),)

    name: Mapped[str] = clear("reference data", String(120))
    institution: Mapped[str] = clear("reference data: who runs it, a signatory or not", String(120))
    institution_id: Mapped[str | None] = clear("the signatory of that name, if there is one", String(32), ForeignKey("institution.id"))
    needs: Mapped[str] = clear("what for: codes of the closed list, each between spaces", String(400))
    programmes: Mapped[str] = clear("for whom: programmes, each between spaces; empty: for everybody", String(200))
    age_min: Mapped[int | None] = clear("for whom: from which age, in years")
    age_max: Mapped[int | None] = clear("for whom: up to which age, in years")
    about: Mapped[str] = clear("reference data: what it does, in a line", String(300))
    address: Mapped[str] = clear("reference data: where it receives people; never a protected address", String(160))
    sector: Mapped[str] = clear("reference data: part of the territory, empty for all of it", String(40))
    hours: Mapped[str] = clear("reference data: when it is open", String(200))
    phone: Mapped[str] = clear("reference data: the service's own telephone", String(40))
    state: Mapped[str] = clear("capacity: open, waiting or full", String(8))
    state_until: Mapped[date | None] = clear("capacity: until when it waits or is full, as the service said")
    state_on: Mapped[date] = clear("capacity: the day it was last told")
    identity: Mapped[str] = clear("digest of name and institution: one service is there once", String(64), unique=True)
    name_key: Mapped[str] = clear("its name without accents and case, for the order of lists", String(240))
    words: Mapped[str] = clear("the texts above without accents and case, for searching", Text)
    updated_at: Mapped[datetime] = clear("when it was last looked after")
    author_id: Mapped[str] = clear("the steward who did", String(32), ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = clear("offered no longer from then on; what points to it still says its name")
