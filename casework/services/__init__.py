"""One verb per function: authorise, open, act, record, in one transaction. Returns frozen, plain-text views."""

from casework.services import accesses
from casework.services.actor import Actor
from casework.services.attention import alert_reading, day
from casework.services.directory import catalogue, importing, upkeep
from casework.services.dossier import dossiers, entries, lifecycle
from casework.services.emergency import urgent, urgent_review
from casework.services.instance import Instance, Limits
from casework.services.keys import rings
from casework.services.meeting import due_keys, papers
from casework.services.meeting.agenda import agenda_items, agendas, answering, briefing, convening, core, points, preparing
from casework.services.meeting.decisions import closing, deciding, figures, minutes, reporting, tasks
from casework.services.meeting.sitting import attendance, calling_up, hearings, opening, sheet, showing, signed_sheets
from casework.services.membership import cell_ring, cell_rosters, cells, departures, duty, service_rings, signatures, turnover
from casework.services.offices import accounts, covering, enrolment, foundation, profile, rosters, sessions
from casework.services.offices.signing_in import sign_in
from casework.services.orientation import following, offering, orientations, receiving, sending
from casework.services.partner import entering, making, visits, watching
from casework.services.permanence import booking, keeping, today, week
from casework.services.record import field_history, records, saved_drafts
from casework.services.referral import complements, examination, examined, referrals, sent
from casework.services.safety import addressing, danger, overrides, reaching
from casework.services.search import finding
from casework.services.sharing import conflicts, extracts, shares
from casework.services.support import agreements, intake, purging, releases, withdrawing
from casework.services.wall import linking, staying, unlinking, walling

__all__ = [
    "Actor",
    "Instance",
    "Limits",
    "accesses",
    "accounts",
    "addressing",
    "agenda_items",
    "agendas",
    "agreements",
    "alert_reading",
    "answering",
    "attendance",
    "booking",
    "briefing",
    "calling_up",
    "catalogue",
    "cell_ring",
    "cell_rosters",
    "cells",
    "closing",
    "complements",
    "conflicts",
    "convening",
    "core",
    "covering",
    "danger",
    "day",
    "deciding",
    "departures",
    "dossiers",
    "due_keys",
    "duty",
    "enrolment",
    "entering",
    "entries",
    "examination",
    "examined",
    "extracts",
    "field_history",
    "figures",
    "finding",
    "following",
    "foundation",
    "hearings",
    "importing",
    "intake",
    "keeping",
    "lifecycle",
    "linking",
    "making",
    "minutes",
    "offering",
    "opening",
    "orientations",
    "overrides",
    "papers",
    "points",
    "preparing",
    "profile",
    "purging",
    "reaching",
    "receiving",
    "records",
    "referrals",
    "releases",
    "reporting",
    "rings",
    "rosters",
    "saved_drafts",
    "sending",
    "sent",
    "service_rings",
    "sessions",
    "shares",
    "sheet",
    "showing",
    "sign_in",
    "signatures",
    "signed_sheets",
    "staying",
    "tasks",
    "today",
    "turnover",
    "unlinking",
    "upkeep",
    "urgent",
    "urgent_review",
    "visits",
    "walling",
    "watching",
    "week",
    "withdrawing",
]
