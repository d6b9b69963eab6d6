"""One verb per function: authorise, open, act, record, in one transaction. Returns frozen, plain-text views."""

from casework.services import accesses
from casework.services.actor import Actor
from casework.services.attention import alert_reading, day
from casework.services.dossier import dossiers, entries, lifecycle
from casework.services.emergency import urgent, urgent_review
from casework.services.instance import Instance, Limits
from casework.services.keys import rings
from casework.services.membership import cell_rosters, cells, departures, duty, service_rings, signatures
from casework.services.offices import accounts, enrolment, foundation, profile, rosters, sessions
from casework.services.offices.signing_in import sign_in
from casework.services.record import field_history, records, saved_drafts
from casework.services.referral import complements, examination, referrals, sent
from casework.services.search import finding
from casework.services.sharing import conflicts, extracts, shares

__all__ = [
    "Actor",
    "Instance",
    "Limits",
    "accesses",
    "accounts",
    "alert_reading",
    "cell_rosters",
    "cells",
    "complements",
    "conflicts",
    "day",
    "departures",
    "dossiers",
    "duty",
    "enrolment",
    "entries",
    "examination",
    "extracts",
    "field_history",
    "finding",
    "foundation",
    "lifecycle",
    "profile",
    "records",
    "referrals",
    "rings",
    "rosters",
    "saved_drafts",
    "sent",
    "service_rings",
    "sessions",
    "shares",
    "sign_in",
    "signatures",
    "urgent",
    "urgent_review",
]
