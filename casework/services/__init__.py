"""One verb per function: authorise, open, act, record, in one transaction. Returns frozen, plain-text views."""

from casework.services import (
    accesses,
    accounts,
    cells,
    dossiers,
    entries,
    foundation,
    lifecycle,
    profile,
    records,
    referrals,
    rings,
    sessions,
    shares,
)
from casework.services.actor import Actor
from casework.services.instance import Instance, Limits
from casework.services.signing_in import sign_in

__all__ = [
    "Actor",
    "Instance",
    "Limits",
    "accesses",
    "accounts",
    "cells",
    "dossiers",
    "entries",
    "foundation",
    "lifecycle",
    "profile",
    "records",
    "referrals",
    "rings",
    "sessions",
    "shares",
    "sign_in",
]
