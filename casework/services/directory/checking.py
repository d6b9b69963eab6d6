"""What a service may say of itself, typed into the form or read from a table: one set of rules and sentences for both."""

import re
from collections.abc import Container
from dataclasses import replace
from typing import Any

from casework.charter import Charter
from casework.services import typed
from casework.services.directory.rows import OPEN, STATES
from casework.services.directory.views import ServiceDraft
from casework.wording import says

LENGTHS = {"name": 120, "institution": 120, "about": 300, "address": 160, "sector": 40, "hours": 200, "phone": 40}
"""Characters, as the columns have them."""
OLDEST = 120
REQUIRED = ("name", "institution")
PHONE = re.compile(r"[0-9+(][0-9 +().-]*[0-9)]( ?(ou|/|,) ?[0-9+(][0-9 +().-]*[0-9)])?")


def cleaned(draft: ServiceDraft) -> ServiceDraft:
    """Without blanks around or line breaks within; a service with room has no day when it will have some."""
    texts: dict[str, Any] = {name: " ".join(typed.clean(getattr(draft, name)).split()) for name in LENGTHS}
    return replace(draft, **texts, state_until=None if draft.state == OPEN else draft.state_until)


def problems(charter: Charter, draft: ServiceDraft) -> dict[str, str]:
    """What is wrong with a cleaned draft, by field. Empty when nothing is."""
    found: dict[str, str | None] = {name: _text(name, getattr(draft, name), longest) for name, longest in LENGTHS.items()}
    found["phone"] = found["phone"] or _phone(draft.phone)
    found["needs"] = _needs(charter, draft)
    found["programmes"] = _listed(draft.programmes, charter.programmes, says("Choisissez les publics dans la liste."))
    found["state"] = None if draft.state in STATES else says("Choisissez les places dans la liste.")
    found |= _ages(draft)
    if not draft.address and not draft.phone:
        found["address"] = found["address"] or says("Indiquez une adresse ou un téléphone.")
    return {name: sentence for name, sentence in found.items() if sentence}


def _text(name: str, text: str, longest: int) -> str | None:
    if not text and name not in REQUIRED:
        return None
    if len(text) > longest:
        return says("Ce texte est trop long : %(most)s caractères au plus.", most=longest)
    return typed.problem(text, longest)


def _phone(text: str) -> str | None:
    if text and not PHONE.fullmatch(text):
        return says("Ce téléphone ne se lit pas. Écrivez-le en chiffres, par exemple 02 61 91 00 00.")
    return None


def _needs(charter: Charter, draft: ServiceDraft) -> str | None:
    if not draft.needs:
        return says("Choisissez au moins un besoin.")
    return _listed(draft.needs, charter.meetings.needs, says("Choisissez les besoins dans la liste."))


def _listed(chosen: tuple[str, ...], known: Container[str], sentence: str) -> str | None:
    return None if all(each in known for each in chosen) else sentence


def _ages(draft: ServiceDraft) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in ("age_min", "age_max"):
        age = getattr(draft, name)
        if age is not None and not 0 <= age <= OLDEST:
            found[name] = says("Un âge s’écrit en années, de 0 à %(most)s.", most=OLDEST)
    if not found and draft.age_min is not None and draft.age_max is not None and draft.age_min > draft.age_max:
        found["age_max"] = says("L’âge maximum est inférieur à l’âge minimum.")
    return found
