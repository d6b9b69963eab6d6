"""The rules of a safe contact, each as a sentence: which of them a call, a letter, a message or a visit would break at a moment.

Source: domain 3.18; decision 5 (one door for reaching somebody).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from casework.errors import NotFound, PersonLeft
from casework.services.access import Held
from casework.services.safety import hours
from casework.services.safety.safe_contact import CALLED, IN_PERSON, NOBODY, THIRD, WRITTEN, SafeContact
from casework.services.support import awaiting, words
from casework.wording import Wording, listed, says

CALL, MESSAGE, LETTER, VISIT = "call", "message", "letter", "visit"
FOLLOW = "orientation.follow"
WITHDRAWN = "withdrawn"
"""The rule that nobody sets aside: the person said that it is over."""

SAID: Mapping[str, Wording] = MappingProxyType(
    {
        WITHDRAWN: says("La personne a mis fin au suivi : elle n’est plus contactée."),
        "missing": says("Aucun contact sûr n’est noté."),
        "none": says("La personne ne doit pas être contactée."),
        "in_person": says("La personne n’est rencontrée que de vive voix, sur rendez-vous."),
        "channel": says("Ce n’est pas le moyen sûr que la personne a donné."),
        "hours": says("Ce moment est en dehors des heures sûres."),
        "no_hours": says("Aucune heure sûre n’est notée, ou les heures notées ne se calculent pas."),
        "no_message": says("Pas de message, c’est une précaution de la personne."),
        "no_letter": says("Pas de courrier, c’est une précaution de la personne."),
        "no_address": says("Aucune adresse où écrire sans danger n’est notée."),
        "limits": says("Les précautions notées autrefois sont à relire : choisissez-les d’abord dans la fiche."),
    }
)
"""A rule, and what is said of it when it is broken."""


def broken(found: SafeContact | None, channel: str, moment: datetime) -> tuple[str, ...]:
    """The rules that reaching the person by this channel at this moment would break, the gravest first; what is not certain breaks one."""
    if found is None:
        return ("missing",)
    if found.channel == NOBODY:
        return ("none",)
    rules = [*_channel(found, channel), *_limits(found, channel)]
    if channel != LETTER and (late := _late(found, channel, moment)):
        rules.append(late)
    return tuple(rules)


def said(wrong: Iterable[str]) -> Wording:
    """Broken rules as sentences."""
    return listed(SAID[rule] for rule in wrong)


def withdrawn(held: Held) -> bool:
    """Whether the person of this file withdrew their agreement: the newest one says so. Then they are reached by nobody."""
    said = awaiting.state_of(held.unit, held.dossier.id)
    return said is not None and said.state == words.WITHDRAWN


def still_agrees(held: Held) -> None:
    """Nothing of a file is passed on any more once its person withdrew their agreement: raises PersonLeft for whoever follows it, and
    NotFound for everybody else, who is not told."""
    if not withdrawn(held):
        return
    if not held.verdict(FOLLOW).permitted:
        raise NotFound(held.unit.action)
    held.unit.trace.rule = held.verdict(held.unit.action).rule
    raise PersonLeft(held.unit.action)


def _channel(found: SafeContact, channel: str) -> list[str]:
    if channel == LETTER:
        return (["in_person"] if found.channel == IN_PERSON else []) + ([] if found.address else ["no_address"])
    if found.channel == IN_PERSON:
        return [] if channel == VISIT else ["in_person"]
    safe = {CALL: found.channel in CALLED, MESSAGE: found.channel in WRITTEN, VISIT: False}
    return [] if safe.get(channel, False) else ["channel"]


def _limits(found: SafeContact, channel: str) -> list[str]:
    rules = [rule for rule, of in (("no_message", MESSAGE), ("no_letter", LETTER)) if rule in found.limits and channel == of]
    if not found.limits_read and channel in {MESSAGE, LETTER}:
        rules.append("limits")
    return rules


def _late(found: SafeContact, channel: str, moment: datetime) -> str:
    """Which rule on hours is broken. Somebody trusted, and a meeting that was agreed, need none to be recorded."""
    if found.windows is None:
        return "no_hours"
    if not found.windows:
        free = channel == VISIT and found.channel == IN_PERSON
        return "" if free or found.channel == THIRD else "no_hours"
    return "" if hours.open_at(found.windows, moment) is not None else "hours"
