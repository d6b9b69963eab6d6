"""Tables only. Confidential columns hold ciphertext and nothing else."""

from sqlalchemy.orm import configure_mappers

from casework.models import (
    attention,
    cells,
    content,
    directory,
    dossiers,
    history,
    ledger,
    meetings,
    orientations,
    people,
    permanences,
    support,
    walls,
)
from casework.models.base import Base

configure_mappers()
history.classify()

__all__ = [
    "Base",
    "attention",
    "cells",
    "content",
    "directory",
    "dossiers",
    "ledger",
    "meetings",
    "orientations",
    "people",
    "permanences",
    "support",
    "walls",
]
