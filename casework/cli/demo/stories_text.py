"""Writes a story's sentences for one dossier: agreements, age words and clauses, never the same note twice in the town."""

import random
import re
from collections.abc import Mapping

from casework.cli.demo.names import Person
from casework.cli.demo.stories import Step, wording

_SLOT = re.compile(r"\{(\w+)\}")
_CONTRACTION = re.compile(r"\b(à|de) (le|les) ")
_CONTRACTED = {"à le": "au", "à les": "aux", "de le": "du", "de les": "des"}
_GUARDIANS = {"mother": ("sa mère", "e"), "father": ("son père", ""), "grandmother": ("sa grand-mère", "e"), "": ("sa famille", "e")}
_CLASSES = ("CP", "CE1", "CE2", "CM1", "CM2", "sixième", "cinquième", "quatrième", "troisième", "seconde", "première", "terminale")
_KEPT = ("activite", "metier", "soutien", "referent_scolaire")
_FIRST_CLASS_AGE = 6
_CHILD_UNTIL = 10
_COLLEGE_UNTIL = 14
_ADULT_FROM = 18
_DRAWS = 500
_LONGEST = {"schooling": 200, "extract": 300, "urgent": 500, "refer": 500, "complement": 500}
"""Characters that a field of a record takes; notes take more than any story writes."""


class Writer:
    """The pen of one dossier. What belongs to the person (an activity, a trade) stays the same from note to note.

    used: the notes of the whole town so far; every new one is added to it.
    """

    def __init__(self, rng: random.Random, person: Person, age: int, used: set[str]) -> None:
        self._rng = rng
        self._used = used
        self._slots = wording().slots
        self._fixed = {**_about(person, age), **{slot: rng.choice(self._slots[slot]) for slot in _KEPT}}

    def write(self, step: Step) -> str:
        """The step's text, "" when it has none. Raises ValueError when no unused wording is found."""
        if not step.texts:
            return ""
        for _ in range(_DRAWS):
            text = " ".join(self._fill(part) for part in (self._rng.choice(step.texts), self._rng.choice(wording().closings[step.closing])))
            if text not in self._used and len(text) <= _LONGEST.get(step.act, len(text)):
                self._used.add(text)
                return text
        raise ValueError(f"too few wordings for a note that ends with {step.closing!r}")

    def absences(self) -> int:
        """Half-days missed, for a schooling record."""
        return self._rng.randint(0, 18)

    def _fill(self, template: str) -> str:
        """One slot has one value within a sentence; clauses may hold slots themselves."""
        drawn: dict[str, str] = {}
        text = self._expand(template, drawn)
        return _CONTRACTION.sub(lambda match: _CONTRACTED[f"{match[1]} {match[2]}"] + " ", text)

    def _expand(self, template: str, drawn: dict[str, str]) -> str:
        return _SLOT.sub(lambda match: self._value(match[1], drawn), template)

    def _value(self, slot: str, drawn: dict[str, str]) -> str:
        if slot in self._fixed:
            return self._fixed[slot]
        if slot == "n_maj":
            return self._value("n", drawn).capitalize()
        if slot not in drawn:
            drawn[slot] = self._expand(self._rng.choice(self._slots[slot]), drawn)
        return drawn[slot]


def _about(person: Person, age: int) -> Mapping[str, str]:
    """Words that depend on who it is: pronouns, agreements, the parent, the school."""
    girl = person.sex == "f"
    parent, agreement = _GUARDIANS[person.guardian]
    young = "l’enfant" if age <= _CHILD_UNTIL else ("la jeune" if girl else "le jeune")
    if age >= _ADULT_FROM:
        young, girl = "la personne", True
    pronoun = "elle" if girl else "il"
    return {
        "le_jeune": young,
        "Le_jeune": young[0].upper() + young[1:],
        "du_jeune": f"de {young}".replace("de le ", "du "),
        "au_jeune": f"à {young}".replace("à le ", "au "),
        "il": pronoun,
        "Il": pronoun.capitalize(),
        "e": "e" if girl else "",
        "seul": "seule" if girl else "seul",
        "lui_meme": "elle-même" if girl else "lui-même",
        "le_chercher": "la chercher" if girl else "le chercher",
        "parent": parent,
        "Parent": parent.capitalize(),
        "pe": agreement,
        "etab": "l’école" if age <= _CHILD_UNTIL else ("le collège" if age <= _COLLEGE_UNTIL else "le lycée"),
        "classe": _CLASSES[min(age - _FIRST_CLASS_AGE, len(_CLASSES) - 1)],
    }
