"""The fields of a dossier's record: which table holds each volet, how each field is typed, and how a stored value is read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from casework.charter import agree
from casework.charter.programmes import Programme
from casework.charter.vocabulary import Vocabulary, Word
from casework.models.content import ContactPoint, Measure, Person, SafeContact, Schooling, SealedRow
from casework.services.reasons import label
from casework.services.safety import hours
from casework.services.typed import MAX_NAME, clean, problem
from casework.wording import listed, says

MAX_VALUE = 200
MAX_LINES = 1000
OLDEST = date(1900, 1, 1)

CONTACTS: Mapping[str, str] = MappingProxyType(
    {"phone": says("Téléphone"), "address": says("Adresse"), "guardian": says("Représentant légal"), "email": says("Adresse électronique")}
)
"""What a contact point is."""

WISHES: Mapping[str, str] = MappingProxyType({"yes": says("Oui"), "no": says("Non")})
"""Whether a person wishes something; nothing is chosen for them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a field is typed. shape: line, lines, choice, codes (several of a list), day or hours.

    own: its closed list, or `listed`: the name of the closed list of the vocabulary.
    """

    column: str
    shape: str = "line"
    longest: int = MAX_VALUE
    required: bool = False
    own: Mapping[str, str] | None = None
    listed: str = ""
    hint: str = ""

    def within(self, programme: Programme) -> "Rule":
        """The rule as it stands in a programme: a birth date may be missing where nobody is turned away for their age."""
        return replace(self, required=False) if self.column == "birth_date" and programme.ageless else self


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
        """The fields that this programme declares; the others do not exist in it, nor does a measure where it names none."""
        if self.model is Measure and not programme.measures:
            return ()
        return tuple(rule.within(programme) for rule in self.rules if f"{self.table}.{rule.column}" in programme.fields)


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
                Rule("label", "choice", required=True),
                Rule("since", "day"),
                Rule("until", "day"),
                Rule("obligations", "lines", MAX_LINES, hint=says("Seulement ce qui est utile à l’accompagnement. Jamais l’infraction.")),
            ),
            many=True,
        ),
        "safety": RecordKind(
            SafeContact,
            (
                Rule("channel", "choice", required=True, listed="safe_channels"),
                Rule("value"),
                Rule("hours", "hours", hint=says("Hors de ces heures, la première ligne du dossier dit : ne pas appeler.")),
                Rule("introduction", hint=says("Sous quel nom, pour quel motif anodin : ce que l’on dit si quelqu’un d’autre écoute.")),
                Rule("code_word"),
                Rule("must_not_answer", "lines", MAX_LINES, hint=says("Si cette personne décroche : raccrocher, ne rien dire.")),
                Rule("limits", "codes", MAX_LINES, listed="safe_limits"),
                Rule("interpreter", hint=says("La langue, et qui traduit sans danger.")),
                Rule("address", "lines", hint=says("Où un courrier peut arriver sans danger, s’il y en a un.")),
                Rule("not_to_inform", "lines", MAX_LINES),
                Rule("release_wish", "choice", own=WISHES),
            ),
        ),
    }
)
"""The volets whose fields are typed in a record, by kind."""


def options(words: Vocabulary, programme: Programme, rule: Rule) -> Mapping[str, str]:
    """The closed list of a field in a programme, code -> label."""
    if rule.column == "sex":
        return {code: agree(word.label, "n") for code, word in words.sexes.items()}
    if rule.shape == "choice" and rule.own is None and not rule.listed:
        return {code: word.label for code, word in programme.measures.items()}
    return _known(words, rule)


def _known(words: Vocabulary, rule: Rule) -> Mapping[str, str]:
    """A closed list that every programme has in common, code -> label."""
    if rule.listed:
        found: Mapping[str, Word] = getattr(words, rule.listed)
        return {code: agree(word.label, "n") for code, word in found.items()}
    return rule.own or {}


def day(text: str) -> date | None:
    """A day as browsers send it or people type it: 2026-03-12 or 12/03/2026; None for what is no day."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def checked(words: Vocabulary, programme: Programme, rule: Rule, typed: str, today: date) -> tuple[str, str | None]:
    """The text to seal, and a sentence about what is wrong with it or None. An optional field may be empty."""
    text = clean(typed)
    if not text:
        return "", says("Remplissez ce champ.") if rule.required else None
    if rule.shape == "choice":
        return text, None if text in options(words, programme, rule) else says("Choisissez dans la liste.")
    if rule.shape == "day":
        return _checked_day(rule, text, today)
    if rule.shape == "hours":
        return text, hours.checked(text) or problem(text, rule.longest)
    if rule.shape == "codes":
        text = in_order(words, rule, text)
    return text, problem(text, rule.longest, lines=rule.shape in {"lines", "codes"})


def _checked_day(rule: Rule, text: str, today: date) -> tuple[str, str | None]:
    found = day(text)
    if found is None:
        return text, says("Cette date ne se lit pas. Écrivez-la ainsi : 12/03/2026.")
    if rule.column == "birth_date" and found > today:
        return text, says("Cette date est à venir.")
    if not OLDEST <= found <= date(today.year + 30, 12, 31):
        return text, says("Cette date est trop lointaine.")
    return found.isoformat(), None


def in_order(words: Vocabulary, rule: Rule, text: str) -> str:
    """Codes of a closed list once each, in the order of the list; a text of former times, which has other words, as it is."""
    chosen = set(text.split())
    known = _known(words, rule)
    return " ".join(code for code in known if code in chosen) if chosen <= set(known) else text


def shown(words: Vocabulary, table: str, column: str, text: str) -> str:
    """A stored value as people read it: codes of closed lists by their label, dates the French way, texts as they are."""
    if (table, column) == ("measure", "label"):
        return words.measures[text].label if text in words.measures else text
    lists = {"origin": words.origins, "motives": words.motives, "sex": words.sexes}
    if column in lists:
        return listed(label(lists[column], code) for code in text.split())
    if column == "informed":
        return says("oui") if text == "yes" else says("non")
    rule = next((each for kind in RECORDS.values() if kind.table == table for each in kind.rules if each.column == column), None)
    if rule is not None and rule.shape == "choice":
        return _known(words, rule).get(text, text)
    if rule is not None and rule.shape == "codes":
        known = _known(words, rule)
        return listed(known[code] for code in text.split()) if set(text.split()) <= set(known) else text
    if rule is not None and rule.shape == "hours":
        return hours.shown(text)
    if rule is not None and rule.shape == "day":
        found = day(text)
        return found.strftime("%d/%m/%Y") if found else text
    return text
