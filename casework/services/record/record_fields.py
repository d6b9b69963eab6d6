"""The fields of a dossier's record: which table holds each volet, how each field is typed, and how a stored value is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from casework.charter import agree
from casework.charter.programmes import Programme
from casework.charter.vocabulary import Vocabulary
from casework.models.content import ContactPoint, Measure, Person, SafeContact, Schooling, SealedRow
from casework.services.typed import MAX_NAME, clean, problem
from casework.wording import listed, says

MAX_VALUE = 200
MAX_LINES = 1000
OLDEST = date(1900, 1, 1)

CONTACTS: Mapping[str, str] = MappingProxyType(
    {"phone": says("Téléphone"), "address": says("Adresse"), "guardian": says("Représentant légal"), "email": says("Adresse électronique")}
)
"""What a contact point is."""

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "probation": says("Sursis probatoire"),
        "parole": says("Libération conditionnelle"),
        "supervision": says("Contrôle judiciaire"),
        "electronic": says("Détention à domicile sous surveillance électronique"),
        "day_release": says("Semi-liberté"),
        "outside": says("Placement extérieur"),
        "community_service": says("Travail d’intérêt général"),
        "reparation": says("Réparation pénale"),
        "educative": says("Mesure éducative judiciaire"),
        "assistance": says("Assistance éducative"),
        "release": says("Sortie de détention préparée"),
        "other": says("Autre mesure"),
    }
)
"""Kinds of judicial measure, never an offence (domain 1.7)."""

CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "call": says("Appel"),
        "message": says("Message écrit"),
        "third_person": says("Par une personne de confiance"),
        "in_person": says("De vive voix, sur rendez-vous"),
        "none": says("Ne pas prendre contact"),
    }
)
"""How to reach somebody without endangering them (domain 3.18)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a field is typed. shape: line, lines, choice or day. own: its closed list, unless the vocabulary has it."""

    column: str
    shape: str = "line"
    longest: int = MAX_VALUE
    required: bool = False
    own: Mapping[str, str] | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A volet with fields of its own. many: any number of rows, each of which may be emptied; else one."""

    model: type[SealedRow]
    rules: tuple[Rule, ...]
    many: bool = False

    @property
    def table(self) -> str:
        """The name of its table."""
        return str(self.model.__tablename__)  # type: ignore[attr-defined]  # the mixin has no table, its models do

    def declared(self, programme: Programme) -> tuple[Rule, ...]:
        """The fields that this programme declares; the others do not exist in it."""
        return tuple(rule for rule in self.rules if f"{self.table}.{rule.column}" in programme.fields)


RECORDS: Mapping[str, RecordKind] = MappingProxyType(
    {
        "identity": RecordKind(
            Person,
            (
                Rule("last_name", longest=MAX_NAME, required=True),
                Rule("first_name", longest=MAX_NAME, required=True),
                Rule("birth_date", "day", required=True),
                Rule("sex", "choice", required=True),
                Rule("commune", longest=MAX_NAME, required=True),
            ),
        ),
        "contact": RecordKind(
            ContactPoint,
            (
                Rule("label", "choice", required=True, own=CONTACTS),
                Rule("value", required=True, hint=says("Le numéro, l’adresse ou le nom, et de qui : 06 39 98 12 34 (mère).")),
            ),
            many=True,
        ),
        "school": RecordKind(Schooling, (Rule("establishment", required=True), Rule("level"), Rule("absences"))),
        "judicial": RecordKind(
            Measure,
            (
                Rule("label", "choice", required=True, own=MEASURES),
                Rule("since", "day"),
                Rule("until", "day"),
                Rule("obligations", "lines", MAX_LINES, hint=says("Seulement ce qui est utile à l’accompagnement. Jamais l’infraction.")),
            ),
            many=True,
        ),
        "safety": RecordKind(
            SafeContact,
            (
                Rule("channel", "choice", required=True, own=CHANNELS),
                Rule("value"),
                Rule("hours"),
                Rule("code_word"),
                Rule("limits", "lines", MAX_LINES, hint=says("Pas de message, pas de courrier au domicile, interprète…")),
                Rule("address"),
                Rule("not_to_inform", "lines", MAX_LINES),
            ),
        ),
    }
)
"""The volets whose fields are typed in a record, by kind."""


def options(words: Vocabulary, rule: Rule) -> Mapping[str, str]:
    """The closed list of a field, code -> label."""
    if rule.column == "sex":
        return {code: agree(word.label, "n") for code, word in words.sexes.items()}
    return rule.own or {}


def day(text: str) -> date | None:
    """A day as browsers send it or people type it: 2026-03-12 or 12/03/2026; None for what is no day."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def checked(words: Vocabulary, rule: Rule, typed: str, today: date) -> tuple[str, str | None]:
    """The text to seal, and a sentence about what is wrong with it or None. An optional field may be empty."""
    text = clean(typed)
    if not text:
        return "", says("Remplissez ce champ.") if rule.required else None
    if rule.shape == "choice":
        return text, None if text in options(words, rule) else says("Choisissez dans la liste.")
    if rule.shape == "day":
        return _checked_day(rule, text, today)
    return text, problem(text, rule.longest, lines=rule.shape == "lines")


def _checked_day(rule: Rule, text: str, today: date) -> tuple[str, str | None]:
    found = day(text)
    if found is None:
        return text, says("Cette date ne se lit pas. Écrivez-la ainsi : 12/03/2026.")
    if rule.column == "birth_date" and found > today:
        return text, says("Cette date est à venir.")
    if not OLDEST <= found <= date(today.year + 30, 12, 31):
        return text, says("Cette date est trop lointaine.")
    return found.isoformat(), None


def shown(words: Vocabulary, table: str, column: str, text: str) -> str:
    """A stored value as people read it: codes of closed lists by their label, dates the French way, texts as they are."""
    lists = {"origin": words.origins, "motives": words.motives, "sex": words.sexes}
    if column in lists:
        return listed(agree(lists[column][code].label, "n") for code in text.split(" ") if code in lists[column])
    if column == "informed":
        return says("oui") if text == "yes" else says("non")
    rule = next((each for kind in RECORDS.values() if kind.table == table for each in kind.rules if each.column == column), None)
    if rule is not None and rule.shape == "choice":
        return (rule.own or {}).get(text, text)
    if rule is not None and rule.shape == "day":
        found = day(text)
        return found.strftime("%d/%m/%Y") if found else text
    return text
