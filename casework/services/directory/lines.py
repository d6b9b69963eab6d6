"""A line of a table, and the service it speaks of: headings, what a cell may say, and what it would say of a service that is there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from casework.charter import Charter
from casework.errors import InvalidInput
from casework.services.directory.rows import STATES, fold
from casework.services.directory.views import ServiceDraft
from casework.wording import says, spoken

HEADINGS = {
    "name": says("Service"),
    "institution": says("Institution"),
    "needs": says("Besoins"),
    "programmes": says("Publics"),
    "age_min": says("Âge minimum"),
    "age_max": says("Âge maximum"),
    "address": says("Adresse"),
    "sector": says("Secteur"),
    "hours": says("Horaires"),
    "phone": says("Téléphone"),
    "state": says("Places"),
    "state_until": says("Jusqu’au"),
    "about": says("Présentation"),
}
"""Field -> the heading of its column."""
EVERYBODY = frozenset({"", "tous", "tous publics", "tout public", "toutes", "everybody"})
SHORT = {"disponible": "open", "ouvert": "open", "attente": "waiting", "complet": "full", "": "open"}
"""What people write for a capacity, beside its label and its code."""
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y")
SEPARATOR = re.compile(r"[/;|]")
LOST_ZERO = re.compile(r"[1-9][0-9]{8}")
"""A telephone that a spreadsheet took for a number."""

Cells = Mapping[str, str]


def columns(headings: Sequence[str]) -> list[str]:
    """The field of each column. Raises InvalidInput (`file`) when a heading is unknown, twice or missing."""
    known = _either(HEADINGS.items())
    found = [known.get(fold(each), "") for each in headings]
    unknown = tuple(heading[:40] for heading, name in zip(headings, found, strict=True) if not name)
    missing = tuple(label for name, label in HEADINGS.items() if name not in found)
    sentence = _wrong_headings(missing, unknown, twice=len(set(found)) < len(found))
    if sentence:
        raise InvalidInput({"file": says("La première ligne ne porte pas les titres attendus. %(what)s", what=sentence)})
    return found


def _wrong_headings(missing: tuple[str, ...], unknown: tuple[str, ...], *, twice: bool) -> str | None:
    if missing and unknown:
        return says("Il manque : %(missing)s. Colonnes inconnues : %(unknown)s.", missing=missing, unknown=unknown)
    if missing:
        return says("Il manque : %(missing)s.", missing=missing)
    if unknown:
        return says("Colonnes inconnues : %(unknown)s.", unknown=unknown)
    return says("Une colonne est là deux fois.") if twice else None


def draft(charter: Charter, cells: Cells) -> tuple[ServiceDraft, dict[str, str]]:
    """The service a line speaks of, and what in it could not be read, by field."""
    wrong: dict[str, str] = {}
    read = _Reader(cells, wrong)
    return ServiceDraft(
        name=cells["name"],
        institution=cells["institution"],
        needs=read.codes("needs", {code: each.label for code, each in charter.meetings.needs.items()}),
        programmes=() if fold(cells["programmes"]) in EVERYBODY else read.codes("programmes", _programmes(charter)),
        age_min=read.age("age_min"),
        age_max=read.age("age_max"),
        about=cells["about"],
        address=cells["address"],
        sector=cells["sector"],
        hours=cells["hours"],
        phone=f"0{cells['phone']}" if LOST_ZERO.fullmatch(cells["phone"]) else cells["phone"],
        state=read.state(),
        state_until=read.day("state_until"),
    ), wrong


def told(charter: Charter, service: ServiceDraft, name: str) -> str:
    """A field as a cell would say it."""
    value = getattr(service, name)
    if name == "needs":
        return " / ".join(charter.meetings.needs[code].label if code in charter.meetings.needs else code for code in value)
    if name == "programmes":
        return " / ".join(charter.programmes[code].label if code in charter.programmes else code for code in value)
    if name == "state":
        return STATES[value]
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _either(labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What people may write, in French or in the language of their page -> code."""
    return {fold(text): code for code, label in labels for text in (label, spoken(label))}


def _programmes(charter: Charter) -> dict[str, str]:
    return {code: each.label for code, each in charter.programmes.items()}


class _Reader:
    """Reads cells that are more than a text, and notes what it cannot read."""

    def __init__(self, cells: Cells, wrong: dict[str, str]) -> None:
        self._cells, self._wrong = cells, wrong

    def codes(self, name: str, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Labels or codes between slashes or semicolons, in the order of the list."""
        known = _either(labels.items()) | {fold(code): code for code in labels}
        asked = [each.strip() for each in SEPARATOR.split(self._cells[name]) if each.strip()]
        strange = tuple(each[:40] for each in asked if fold(each) not in known)
        if strange:
            self._wrong[name] = says("« %(words)s » n’est pas dans la liste.", words=strange)
        chosen = {known.get(fold(each)) for each in asked}
        return tuple(code for code in labels if code in chosen)

    def age(self, name: str) -> int | None:
        """A whole number of years."""
        text = re.sub(r" ?ans?$", "", self._cells[name])
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 3):
            self._wrong[name] = says("Un âge s’écrit en années, par exemple 16.")
            return None
        return int(text)

    def state(self) -> str:
        """A capacity, by its label, its code or a word that people use."""
        known = _either(STATES.items()) | {code: code for code in STATES} | SHORT
        found = known.get(fold(self._cells["state"]))
        if found is None:
            self._wrong["state"] = says("Écrivez « Places disponibles », « Liste d’attente » ou « Complet ».")
        return found or "open"

    def day(self, name: str) -> date | None:
        """A day."""
        text = self._cells[name]
        for form in DAYS if text else ():
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
            except ValueError:
                continue
        if text:
            self._wrong[name] = says("Cette date ne se lit pas. Écrivez-la ainsi : 12/03/2026.")
        return None
