"""Names of professionals, looked up in one query for a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models.people import Institution, User


@dataclass(frozen=True, slots=True)
class Professional:
    """A professional as colleagues know them."""

    id: str
    name: str
    gender: str
    function: str
    profession: str
    institution: str


UNKNOWN = Professional("", "Personne inconnue", "n", "", "", "")


def professionals(session: Session, ids: Iterable[str]) -> dict[str, Professional]:
    """Professionals by user id."""
    rows = session.execute(
        select(User.id, User.name, User.gender, User.function, User.profession, Institution.name)
        .join(Institution, Institution.id == User.institution_id)
        .where(User.id.in_(set(ids)))
    )
    return {row[0]: Professional(*row) for row in rows}
