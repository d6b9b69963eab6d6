"""Who plays whom in a story: sender, steward, lead, and the others of the cell."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from casework.cli.demo.people import BY_USERNAME, INSTITUTIONS, PERSONAS, Cell, Persona, leavers, members, stewards
from casework.cli.demo.stories import LEADS, ROLES, Story

_NAMES = {institution.key: institution.name for institution in INSTITUTIONS}
_ONE_IN = 8
"""The deputy keeps one dossier in so many."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Role of the story -> username; the first lead, "" without one; the school's name; whether specialised prevention refers."""

    roles: Mapping[str, str]
    lead: str
    establishment: str
    from_prevention: bool


def cast(rng: random.Random, story: Story, cell: Cell, sender: str = "", steward: str = "") -> Cast:
    """Draw the people of one dossier. sender, steward: user names, for a second child of a saisine.

    A peer is never the lead, and nobody plays in a cell they have left.
    """
    keepers = stewards(cell.key)
    keeper = BY_USERNAME[steward] if steward else keepers[-1 if rng.randrange(_ONE_IN) == 0 else 0]
    leads = leavers(cell.key) if story.leaver else _of(cell, LEADS[story.lead], keepers)
    lead = rng.choice(leads) if leads else None
    roles = {role: rng.choice(pool) for role in ROLES if (pool := _pool(cell, role, lead, keepers))}
    duty = [each for each in cell.duty if lead is None or each != lead.username]
    roles |= {"steward": keeper, "sender": BY_USERNAME[sender] if sender else roles.get(story.sender, keeper)}
    roles["dpo"] = next(each for each in PERSONAS if each.profession == "dpo")
    if duty:
        roles["duty"] = BY_USERNAME[rng.choice(duty)]
    if lead is not None:
        roles["lead"] = lead
    school = _NAMES[roles["school"].institution] if "school" in roles else ""
    usernames = {role: persona.username for role, persona in roles.items()}
    return Cast(usernames, lead.username if lead else "", school, roles["sender"].institution == "prevention")


def _pool(cell: Cell, role: str, lead: Persona | None, keepers: tuple[Persona, ...]) -> tuple[Persona, ...]:
    """Schools have one head, who may be the lead as well; everybody else is somebody else."""
    found = _of(cell, ROLES[role], keepers)
    return found if role in {"school", "social"} else tuple(each for each in found if each is not lead)


def _of(cell: Cell, professions: tuple[str, ...], keepers: tuple[Persona, ...]) -> tuple[Persona, ...]:
    return tuple(each for each in members(cell.key, *professions) if each not in keepers)
