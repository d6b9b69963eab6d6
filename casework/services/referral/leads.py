"""Who may be in charge of a dossier, and naming them: by the charter, among the people certified and admitted to its cell."""

from collections.abc import Iterator

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import InvalidInput
from casework.models.cells import Habilitation
from casework.models.people import User
from casework.services.access import Held, linked
from casework.services.keys.certificates import certified_people
from casework.services.membership.admissions import member, proven
from casework.services.membership.standing import alive
from casework.services.offices.people import professionals
from casework.services.views import Choice
from casework.wording import says

LEAD = "lead"
REFUSED = says("Choisissez un membre habilité de la cellule qui peut être référent.")


def may_lead(held: Held) -> frozenset[str]:
    """The professions that may be in charge in this programme: those the charter lets, as lead, read identity and write decisions."""
    programme, charter = held.dossier.programme, held.unit.charter
    reads = charter.professions("compartment.read", Situation("", LEAD, programme, "open", "identity"))
    writes = charter.professions("entry.write", Situation("", LEAD, programme, "open", "decisions"))
    return frozenset(reads) & frozenset(writes)


def candidates(held: Held) -> tuple[Choice, ...]:
    """Whom one may name, by user name: members of the cell now, of such a profession, without a personal link to the person."""
    return tuple(sorted(_candidates(held), key=lambda each: each.label))


def chosen(held: Held, username: str) -> str:
    """The user id of a candidate. Raises InvalidInput for anybody else."""
    unit = held.unit
    person = member(unit.session, unit.instance, held.cell.id, username, unit.now)
    if person is None or person.claims["profession"] not in may_lead(held) or person.subject in linked(held.unit, held.dossier.id):
        raise InvalidInput({"lead": REFUSED})
    return person.subject


def _candidates(held: Held) -> Iterator[Choice]:
    unit = held.unit
    here = select(Habilitation).where(Habilitation.cell_id == held.cell.id, alive(unit.now))
    admitted = {each.user_id for each in unit.session.scalars(here) if proven(unit.session, unit.instance, each)}
    admitted -= linked(unit, held.dossier.id)
    certified = certified_people(unit.session, unit.instance.anchor, admitted)
    able = [user_id for user_id, each in certified.items() if each.claims["profession"] in may_lead(held)]
    people = professionals(unit.session, unit.instance.anchor, able)
    for user_id, username in unit.session.execute(select(User.id, User.username).where(User.id.in_(able))):
        person = people[user_id]
        if certified[user_id].claims.get("username") == username:
            yield Choice(username, f"{person.name}, {person.function}, {person.institution}")
