"""Orientations: a person passed on to a service, with a life of its own; and the sealed link of a partner without an account.

Steps, dates and coded reasons are in the clear: reminders and figures run without a key. What is said of the person is an `extract`.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Identified, Recorded, clear, key


class ReferralOut(Recorded, Base):
    """A person passed on to a service: proposed, then sent with what was chosen for it, until it ends or is withdrawn."""

    __tablename__ = "referral_out"

    item_id: Mapped[str | None] = clear(
        "decided at which item of a meeting, if it was", String(32), ForeignKey("meeting_item.id"), index=True
    )
    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    institution_id: Mapped[str | None] = clear("to whom; none for a service that signed nothing", String(32), ForeignKey("institution.id"))
    service_id: Mapped[str | None] = clear("to which service of the directory", String(32), index=True)
    need: Mapped[str] = clear("for what, closed list", String(24))
    status: Mapped[str] = clear("its last step, closed list: reminders and figures", String(16))
    author_id: Mapped[str] = clear("who entered it", String(32), ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = clear("order")
    channel: Mapped[str | None] = clear("how it is sent: ring, person, link", String(8))
    holder_id: Mapped[str | None] = clear("the ring or the account it is sealed to", String(32), index=True)
    extract_id: Mapped[str | None] = clear("the compartment with what was sealed for the recipient", String(32))
    sent_at: Mapped[datetime | None] = clear("nothing is edited after acceptance")
    meets_at: Mapped[datetime | None] = clear("the appointment, for reminders")
    reason: Mapped[str | None] = clear("why it was declined, withdrawn or ended, closed list", String(24))
    ended_at: Mapped[datetime | None] = clear("its life is over")


class ReferralStep(Recorded, Base):
    """One step of an orientation. Steps are added, never changed."""

    __tablename__ = "referral_step"
    __table_args__ = (UniqueConstraint("referral_id", "position"),)

    referral_id: Mapped[str] = clear("of which orientation", String(32), ForeignKey("referral_out.id"), index=True)
    position: Mapped[int] = clear("1, 2, …: two people at once make one step")
    step: Mapped[str] = clear("closed list", String(16))
    reason: Mapped[str | None] = clear("closed list, where a step needs one", String(24))
    meets_at: Mapped[datetime | None] = clear("the appointment this step sets")
    recorded_at: Mapped[datetime] = clear("each step is dated")
    actor_id: Mapped[str | None] = clear("who recorded it; none for a partner without an account", String(32))
    link_id: Mapped[str | None] = clear("by which sealed link, for a partner without an account", String(32))


class PartnerLink(Identified, Base):
    """A one-time sealed link for somebody without an account: 72 hours, a code given by voice, five attempts.

    Not recorded: when it is over the row is deleted, and the key with it. Making, opening and ending it are leaves.
    """

    __tablename__ = "partner_link"

    referral_id: Mapped[str | None] = clear("for which orientation", String(32), ForeignKey("referral_out.id"), index=True)
    task_id: Mapped[str | None] = clear("or which action", String(32), ForeignKey("task.id"), index=True)
    compartment_id: Mapped[str] = clear("the extract it opens", String(32), ForeignKey("compartment.id"), index=True)
    key_version: Mapped[int] = clear("key version of that extract")
    author_id: Mapped[str] = clear("who made it and gives the code by voice", String(32), ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = clear("72 hours run from here")
    until: Mapped[datetime] = clear("a job deletes it then")
    failures: Mapped[int] = clear("wrong codes so far; five delete the row")
    secret_hash: Mapped[str] = clear("SHA-256 of the 128-bit secret that the link carries in its fragment", String(64), unique=True)
    salt: Mapped[bytes] = key("of the key made from secret and code")
    wrapped: Mapped[bytes] = key("the extract's key, under a key made from secret and code")
    opened_at: Mapped[datetime | None] = clear("the sender sees that it was opened")
    visit_hash: Mapped[str | None] = clear("SHA-256 of the visitor's cookie, once the code was right", String(64), unique=True)
    visit_wrapped: Mapped[bytes | None] = key("the extract's key, under a key made from that cookie")
    visit_until: Mapped[datetime | None] = clear("the visit ends by itself")


class PartnerAnswer(Recorded, Base):
    """What a partner without an account wrote back: a deposit into the extract, which the sender's side alone opens."""

    __tablename__ = "partner_answer"

    referral_id: Mapped[str | None] = clear("about which orientation", String(32), ForeignKey("referral_out.id"), index=True)
    task_id: Mapped[str | None] = clear("or which action", String(32), ForeignKey("task.id"), index=True)
    link_id: Mapped[str] = clear("through which link", String(32))
    compartment_id: Mapped[str] = clear("the extract it is sealed to", String(32), ForeignKey("compartment.id"), index=True)
    key_version: Mapped[int] = clear("key version of that compartment")
    sealed: Mapped[bytes] = key("three structured fields, sealed to the extract's deposit key and proven by its key")
    received_at: Mapped[datetime] = clear("order")
