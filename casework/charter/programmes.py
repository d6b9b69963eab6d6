"""Programmes as data: legal frame, clock, and the compartment of every sealed field, read from programmes.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from casework.charter.documents import Entry, read_document
from casework.charter.problems import Problem
from casework.charter.situation import NONE

PROGRAMMES_FILE = "programmes.yaml"
ANY = "any"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a dossier lives after its end. Source: AU-038 art. 5 (domain 1.12 to 1.14)."""

    active_after_close_days: int
    archive_after_close_years: int
    not_retained_days: int


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
    """A programme of follow-up. Ages in years, both bounds included; `impact_assessment` is the day the AIPD was approved."""

    code: str
    label: str
    legal_references: tuple[str, ...]
    minimum_age: int
    maximum_age: int
    controller: str
    legal_basis: str
    impact_assessment: date
    retention: Retention
    fields: Mapping[str, SealedField]

    def compartment_of(self, field: str) -> str:
        """The kind of compartment that seals `field` ("any" for the body of a note). Raises KeyError for an unknown field."""
        return self.fields[field].compartment

    def fields_of(self, kind: str) -> tuple[SealedField, ...]:
        """The fields sealed in compartments of this kind, in the order of the file."""
        return tuple(field for field in self.fields.values() if field.compartment == kind)


def read_programmes(policies: Path, kinds: frozenset[str], problems: list[Problem]) -> Mapping[str, Programme]:
    """The programmes of the folder, by code. A field without a known compartment is a problem: it does not load."""
    document = read_document(policies, PROGRAMMES_FILE, problems)
    return MappingProxyType({code: _programme(code, entry, kinds) for code, entry in document.coded()})


def _programme(code: str, entry: Entry, kinds: frozenset[str]) -> Programme:
    values = entry.record("label legal_references age controller legal_basis impact_assessment retention fields")
    if code == NONE:
        entry.fault("'none' is kept for the places where no programme is meant")
    age = values["age"].record("minimum maximum")
    return Programme(
        code=code,
        label=values["label"].label(),
        legal_references=tuple(e.text() for e in values["legal_references"].sequence()),
        minimum_age=age["minimum"].integer(),
        maximum_age=age["maximum"].integer(),
        controller=values["controller"].text(),
        legal_basis=values["legal_basis"].text(),
        impact_assessment=values["impact_assessment"].day(),
        retention=_retention(values["retention"]),
        fields=_fields(values["fields"], kinds),
    )


def _retention(entry: Entry) -> Retention:
    values = entry.record("active_after_close_days archive_after_close_years not_retained_days")
    return Retention(
        values["active_after_close_days"].integer(),
        values["archive_after_close_years"].integer(),
        values["not_retained_days"].integer(),
    )


def _fields(entry: Entry, kinds: frozenset[str]) -> Mapping[str, SealedField]:
    return MappingProxyType({name: _field(name, value, kinds) for name, value in entry.coded()})


def _field(name: str, entry: Entry, kinds: frozenset[str]) -> SealedField:
    values = entry.record("compartment label")
    allowed = kinds | {ANY} if name == "entry.body" else kinds
    return SealedField(name, values["label"].label(), values["compartment"].word(allowed, "compartment"))
