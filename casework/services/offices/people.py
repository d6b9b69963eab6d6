"""Names of professionals, looked up in one query for a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from casework.models.people import Institution, User
from casework.services.keys.certificates import certified_people
from casework.vault.trust import TrustAnchor
from casework.wording import says


@dataclass(frozen=True, slots=True)
class Professional:
    """A professional as colleagues know them."""

    id: str
    name: str
    gender: str
    function: str
    profession: str
    institution: str


UNCERTIFIED = says("Personne non certifiée")
UNKNOWN = Professional("", says("Personne inconnue"), "n", "", "", "")


_PEOPLE = (
    select(User.id, User.name, User.gender, User.function, User.profession, Institution.name)
    .join(Institution, Institution.id == User.institution_id)
    .where(User.id.in_(bindparam("users", expanding=True)))
)
"""Put together once: every page that names somebody asks it."""


def professionals(session: Session, anchor: TrustAnchor, ids: Iterable[str]) -> dict[str, Professional]:
    """Professionals by user id, under their certified names: a row that was renamed deceives nobody about who reads."""
    wanted = set(ids)
    if not wanted:
        return {}
    names = {user_id: each.claims["name"] for user_id, each in certified_people(session, anchor, wanted).items()}
    rows = session.execute(_PEOPLE, {"users": list(wanted)})
    return {row[0]: Professional(row[0], names.get(row[0], UNCERTIFIED), *row[2:]) for row in rows}
