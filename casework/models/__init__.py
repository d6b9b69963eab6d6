"""Tables only. Confidential columns hold ciphertext and nothing else."""

from sqlalchemy.orm import configure_mappers

from casework.models import cells, content, dossiers, ledger, people
from casework.models.base import Base

configure_mappers()

__all__ = ["Base", "cells", "content", "dossiers", "ledger", "people"]
