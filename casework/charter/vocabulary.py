"""The closed words of the law, and the closed lists of the screens, read from vocabulary.yaml and lists.yaml."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar, cast

from casework.charter.documents import Entry, read_document
from casework.charter.problems import Problem
from casework.charter.situation import NONE

T = TypeVar("T")

VOCABULARY_FILE = "vocabulary.yaml"
LISTS_FILE = "lists.yaml"

Scope = Literal["instance", "cell", "dossier", "compartment"]
SCOPES: frozenset[str] = frozenset({"instance", "cell", "dossier", "compartment"})
GATES: frozenset[str] = frozenset({"account", "habilitation", "signature", "archived", "conflict"})
MOST_CLOSED_SHARED = "most_closed_shared"

_WORD_LISTS = (
    "origins motives sexes closing_reasons institution_kinds examination_outcomes redirections urgent_reasons urgent_findings "
    "safe_channels safe_limits levels measures"
)

_USUAL_GATES: Mapping[str, tuple[str, ...]] = {
    "instance": ("account", "habilitation", "signature"),
    "cell": ("account", "habilitation", "signature"),
    "dossier": ("account", "habilitation", "signature", "archived", "conflict"),
    "compartment": ("account", "habilitation", "signature", "archived", "conflict"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A code and its French label (see `agree`)."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of compartment: its label on screen and the sentence that says what belongs there."""

    code: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Action:
    """What one may ask. `scope` says which words it is crossed with, `gates` which facts come first.

    kinds: the kinds of compartment it applies to; empty unless the scope is compartment.
    positions: the positions from which it may be asked; from every other one it is denied by default. Empty: all of them.
    """

    code: str
    scope: Scope
    purpose: str
    label: str
    kinds: tuple[str, ...]
    gates: tuple[str, ...]
    positions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryKind:
    """A kind of note. `compartment` is a kind of compartment or "most_closed_shared"."""

    code: str
    label: str
    compartment: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every closed list of the house: code -> word, in the order of the files."""

    professions: Mapping[str, Word]
    positions: Mapping[str, Word]
    statuses: Mapping[str, Word]
    kinds: Mapping[str, Kind]
    purposes: Mapping[str, Word]
    actions: Mapping[str, Action]
    outcomes: Mapping[str, Word]
    entry_kinds: Mapping[str, EntryKind]
    most_closed_shared: tuple[str, ...]
    origins: Mapping[str, Word]
    motives: Mapping[str, Word]
    sexes: Mapping[str, Word]
    closing_reasons: Mapping[str, Word]
    institution_kinds: Mapping[str, Word]
    examination_outcomes: Mapping[str, Word]
    redirections: Mapping[str, Word]
    urgent_reasons: Mapping[str, Word]
    urgent_findings: Mapping[str, Word]
    safe_channels: Mapping[str, Word]
    safe_limits: Mapping[str, Word]
    levels: Mapping[str, Word]
    measures: Mapping[str, Word]

    def default_compartment(self, entry_kind: str, writable: Collection[str]) -> str | None:
        """The compartment proposed for a new note among those one may write; None when nothing fits.

        What is fixed for the kind when it is writable; else the most closed shared one. Never "sealed" (N3).
        Raises KeyError for an unknown kind of note. Source: domain 2.12.
        """
        fixed = self.entry_kinds[entry_kind].compartment
        if fixed in writable:
            return fixed
        return next((kind for kind in self.most_closed_shared if kind in writable), None)


def read_vocabulary(policies: Path, problems: list[Problem]) -> Vocabulary:
    """Vocabulary and lists of the folder `policies`. What is wrong is added to `problems`, never raised."""
    words = read_document(policies, VOCABULARY_FILE, problems).record(
        "professions positions statuses kinds purposes actions outcomes most_closed_shared"
    )
    lists = read_document(policies, LISTS_FILE, problems).record(f"entry_kinds {_WORD_LISTS}")
    kinds = _mapping(words["kinds"], _kind)
    purposes = _mapping(words["purposes"], _word)
    positions = _mapping(words["positions"], _word)
    _need_none(words["positions"], positions)
    known = frozenset(kinds)
    return Vocabulary(
        professions=_mapping(words["professions"], _word),
        positions=positions,
        statuses=_mapping(words["statuses"], _word),
        kinds=kinds,
        purposes=purposes,
        actions=_mapping(words["actions"], lambda code, entry: _action(code, entry, kinds, frozenset(purposes), frozenset(positions))),
        outcomes=_mapping(words["outcomes"], _word),
        entry_kinds=_mapping(lists["entry_kinds"], lambda code, entry: _entry_kind(code, entry, known)),
        most_closed_shared=tuple(e.word(known - {"sealed"}, "shared compartment") for e in words["most_closed_shared"].sequence()),
        **{name: _mapping(lists[name], _word) for name in _WORD_LISTS.split()},
    )


def _mapping(entry: Entry, read: Callable[[str, Entry], T]) -> Mapping[str, T]:
    return MappingProxyType({code: read(code, value) for code, value in entry.coded()})


def _word(code: str, entry: Entry) -> Word:
    return Word(code, entry.label())


def _kind(code: str, entry: Entry) -> Kind:
    values = entry.record("label hint")
    if code == NONE:
        entry.fault("'none' is kept for the places where no kind is meant")
    return Kind(code, values["label"].label(), values["hint"].label())


def _action(code: str, entry: Entry, kinds: Mapping[str, Kind], purposes: frozenset[str], positions: frozenset[str]) -> Action:
    values = entry.record("scope purpose label", "kinds gates positions")
    scope = cast("Scope", values["scope"].word(SCOPES, "scope"))
    gates = tuple(e.word(GATES, "gate") for e in values["gates"].sequence()) if "gates" in values else _USUAL_GATES.get(scope, ())
    return Action(
        code,
        scope,
        values["purpose"].word(purposes, "purpose"),
        values["label"].label(),
        _kinds_of(values, scope, kinds),
        gates,
        _positions_of(values, scope, positions),
    )


def _kinds_of(values: Mapping[str, Entry], scope: str, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    if "kinds" not in values:
        return tuple(kinds) if scope == "compartment" else ()
    if scope != "compartment":
        values["kinds"].fault("only an action of scope compartment is crossed with kinds")
    return tuple(e.word(frozenset(kinds), "kind") for e in values["kinds"].sequence())


def _positions_of(values: Mapping[str, Entry], scope: str, positions: frozenset[str]) -> tuple[str, ...]:
    if "positions" not in values:
        return ()
    if scope == "instance":
        values["positions"].fault("an action of scope instance looks at no position")
    return tuple(e.word(positions, "position") for e in values["positions"].sequence())


def _entry_kind(code: str, entry: Entry, kinds: frozenset[str]) -> EntryKind:
    values = entry.record("label compartment")
    allowed = (kinds - {"sealed"}) | {MOST_CLOSED_SHARED}
    return EntryKind(code, values["label"].label(), values["compartment"].word(allowed, "default compartment"))


def _need_none(entry: Entry, positions: Mapping[str, Word]) -> None:
    if entry.node is not None and NONE not in positions:
        entry.fault("the position 'none' is missing: it is that of somebody who has no title")
