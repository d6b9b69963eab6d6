"""Programmes as data: legal frame, people, closed lists, clock, and the compartment of every sealed field, from programmes.yaml."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from casework.charter.documents import Entry, read_document
from casework.charter.problems import Problem
from casework.charter.situation import NONE
from casework.charter.vocabulary import Vocabulary, Word
from casework.wording import says

T = TypeVar("T")

PROGRAMMES_FILE = "programmes.yaml"
ANY = "any"
MEMBER = "member"
YOUNGEST, OLDEST = 0, 150
"""The bounds of a programme that has none of its own."""
CONTROLLERS: frozenset[str] = frozenset({"town", "association", "joint"})

_REQUIRED = "label legal_references age people origins motives closing_reasons fields"
_ON_RECORD = "controller legal_basis impact_assessment retention"
_OPTIONAL = f"{_ON_RECORD} statuses levels measures"
_FIELD_KINDS = frozenset({"contact", "school", "judicial", "safety"})
"""Kinds that a programme has only when it declares fields for them."""


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for the processing: `town`, `association` or `joint` (art. 26 RGPD), and their name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a dossier lives after its end. Source: AU-038 art. 5 (domain 1.12 to 1.15).

    after_last_contact_years: for the adults' programmes, the earlier end that counts from the last contact.
    """

    active_after_close_days: int
    archive_after_close_years: int
    not_retained_days: int
    after_last_contact_years: int | None


@dataclass(frozen=True, slots=True)
class SealedField:
    """A confidential field: table.column, its French label, and the kind of compartment whose key seals it.

    compartment: "any" for the body of a note, which lies in the compartment its author chose.
    """

    name: str
    label: str
    compartment: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme of follow-up. Ages in years, both bounds included (`YOUNGEST`, `OLDEST` where there is none).

    people: position -> the professions that may have it here; `member` names all who may be in the cell at all.
    origins to measures: this programme's part of the closed lists, in its own order; levels and measures may be empty.
    controller to retention: what must be on record before the programme opens; empty or None until it is.
    """

    code: str
    label: str
    legal_references: tuple[str, ...]
    minimum_age: int
    maximum_age: int
    people: Mapping[str, tuple[str, ...]]
    origins: Mapping[str, Word]
    motives: Mapping[str, Word]
    closing_reasons: Mapping[str, Word]
    levels: Mapping[str, Word]
    measures: Mapping[str, Word]
    statuses: Mapping[str, Word]
    controller: Controller | None
    legal_basis: str
    impact_assessment: date | None
    retention: Retention | None
    fields: Mapping[str, SealedField]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not on record yet, in French words. Source: domain 1.15, RGPD art. 26 and 35."""
        found = {
            says("le responsable de traitement"): self.controller,
            says("la base légale"): self.legal_basis,
            says("la date de l’analyse d’impact"): self.impact_assessment,
            says("les durées de conservation"): self.retention,
        }
        return tuple(name for name, value in found.items() if not value)

    @property
    def opened(self) -> bool:
        """Whether cells may be founded and saisines sent in this programme."""
        return not self.missing

    @property
    def refusal(self) -> str:
        """The sentence for whoever would use a programme that is not open; empty when it is."""
        sentence = says(
            "Le programme « %(programme)s » n’est pas ouvert : il manque %(missing)s.", programme=self.label, missing=self.missing
        )
        return sentence if self.missing else ""

    def seats(self, profession: str, position: str) -> bool:
        """Whether somebody of this profession may have this position in a cell of this programme; without a list nobody is an outsider."""
        if position in OUTSIDE:
            return profession in self.people.get(position, ())
        return profession in self.people[MEMBER] and profession in self.people.get(position, (profession,))

    def follows(self, age: int) -> bool:
        """Whether somebody of this age is of the programme's public."""
        return self.minimum_age <= age <= self.maximum_age

    @property
    def ageless(self) -> bool:
        """Whether it has no ages of its own: a birth date need not be known then."""
        return self.minimum_age <= YOUNGEST and self.maximum_age >= OLDEST

    @property
    def ages(self) -> str:
        """The programme's public by age, as a sentence ends: "de 6 à 25 ans"; "de tout âge" without bounds."""
        if self.maximum_age < OLDEST:
            return says("de %(from)s à %(to)s ans", **{"from": self.minimum_age, "to": self.maximum_age})
        return says("de %(from)s ans et plus", **{"from": self.minimum_age}) if self.minimum_age > YOUNGEST else says("de tout âge")

    def has(self, kind: str) -> bool:
        """Whether dossiers of this programme have compartments of this kind (in domestic violence: no `contact`)."""
        return kind not in _FIELD_KINDS or bool(self.fields_of(kind))

    def compartment_of(self, field: str) -> str:
        """The kind of compartment that seals `field` ("any" for the body of a note). Raises KeyError for an unknown field."""
        return self.fields[field].compartment

    def fields_of(self, kind: str) -> tuple[SealedField, ...]:
        """The fields sealed in compartments of this kind, in the order of the file."""
        return tuple(field for field in self.fields.values() if field.compartment == kind)


def read_programmes(policies: Path, vocabulary: Vocabulary, problems: list[Problem]) -> Mapping[str, Programme]:
    """The programmes of the folder, by code. A field without a known compartment is a problem: it does not load."""
    document = read_document(policies, PROGRAMMES_FILE, problems)
    return MappingProxyType({code: _programme(code, entry, vocabulary) for code, entry in document.coded()})


def _programme(code: str, entry: Entry, words: Vocabulary) -> Programme:
    values = entry.record(_REQUIRED, _OPTIONAL)
    if code == NONE:
        entry.fault("'none' is kept for the places where no programme is meant")
    age = values["age"].record("", "minimum maximum")
    return Programme(
        code=code,
        label=values["label"].label(),
        legal_references=tuple(e.text() for e in values["legal_references"].sequence()),
        minimum_age=age["minimum"].integer() if "minimum" in age else YOUNGEST,
        maximum_age=age["maximum"].integer() if "maximum" in age else OLDEST,
        people=_people(values["people"], words),
        origins=_chosen(values, "origins", words.origins),
        motives=_chosen(values, "motives", words.motives),
        closing_reasons=_chosen(values, "closing_reasons", words.closing_reasons),
        levels=_chosen(values, "levels", words.levels),
        measures=_chosen(values, "measures", words.measures),
        statuses=_statuses(values, words),
        controller=_optional(values, "controller", _controller),
        legal_basis=_optional(values, "legal_basis", Entry.text) or "",
        impact_assessment=_optional(values, "impact_assessment", Entry.day),
        retention=_optional(values, "retention", _retention),
        fields=_fields(values["fields"], frozenset(words.kinds)),
    )


def _optional(values: Mapping[str, Entry], name: str, read: Callable[[Entry], T]) -> T | None:
    return read(values[name]) if name in values else None


OUTSIDE = frozenset({"partner"})
"""Positions of people who need not be in the cell: a service that a person is passed on to (charter, article 26)."""


def _people(entry: Entry, words: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    values = entry.record("member steward lead service duty", " ".join(words.positions))
    found = {position: [each.word(frozenset(words.professions), "profession") for each in e.sequence()] for position, e in values.items()}
    members = frozenset(found.get(MEMBER, ()))
    for position, professions in found.items():
        for profession in professions:
            if profession and profession not in members and position not in OUTSIDE:
                values[position].fault(f"'{profession}' is not among this programme's members, and cannot be its {position}")
    return MappingProxyType({position: tuple(professions) for position, professions in found.items()})


def _chosen(values: Mapping[str, Entry], name: str, known: Mapping[str, Word]) -> Mapping[str, Word]:
    if name not in values:
        return MappingProxyType({})
    codes = [each.word(frozenset(known), name) for each in values[name].sequence()]
    return MappingProxyType({code: known[code] for code in codes if code in known})


def _statuses(values: Mapping[str, Entry], words: Vocabulary) -> Mapping[str, Word]:
    """The wording of the statuses: the vocabulary's, where the programme has none of its own."""
    own = values["statuses"].record("", " ".join(words.statuses)) if "statuses" in values else {}
    return MappingProxyType({code: Word(code, own[code].label()) if code in own else word for code, word in words.statuses.items()})


def _controller(entry: Entry) -> Controller:
    values = entry.record("kind name")
    return Controller(values["kind"].word(CONTROLLERS, "kind of controller"), values["name"].text())


def _retention(entry: Entry) -> Retention:
    values = entry.record("active_after_close_days archive_after_close_years not_retained_days", "after_last_contact_years")
    return Retention(
        values["active_after_close_days"].integer(),
        values["archive_after_close_years"].integer(),
        values["not_retained_days"].integer(),
        _optional(values, "after_last_contact_years", Entry.integer),
    )


def _fields(entry: Entry, kinds: frozenset[str]) -> Mapping[str, SealedField]:
    return MappingProxyType({name: _field(name, value, kinds) for name, value in entry.coded()})


def _field(name: str, entry: Entry, kinds: frozenset[str]) -> SealedField:
    values = entry.record("compartment label")
    allowed = kinds | {ANY} if name == "entry.body" else kinds
    return SealedField(name, values["label"].label(), values["compartment"].word(allowed, "compartment"))
