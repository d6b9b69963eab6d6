"""What nine months of follow-up look like, as data: `stories/*.yaml`, read once, with closed vocabularies.

Kinds, compartments, origins, motives and reasons are codes of `policies/`; a test compares them.

The texts are written for this town. They hold no name, no health matter, no origin, no offence and no judgement (CNIL, AU-038 art. 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "stories"

WHO = frozenset({"sender", "steward", "lead", "peer_social", "school", "police"})
ACTS = frozenset({"refer", "take_up", "contact", "note", "correct", "share", "close", "plan", "schooling"})
WRITTEN = frozenset({"refer", "note", "correct", "schooling"})
KINDS = frozenset({"observation", "family_exchange", "partner_exchange", "strength", "decision", "action_result", "notice", "agreement"})
COMPARTMENTS = frozenset({"decisions", "confidential", "school", "judicial", "social", "sealed"})
SHARED = frozenset({"identity", "contact"}) | COMPARTMENTS - {"sealed"}
ENDS = frozenset({"received", "open", "closed"})
SENDERS = frozenset({"school", "social", "police", "steward"})
LEADS = frozenset({"social_worker", "school_head", ""})
ORIGINS = frozenset({"school", "social_service", "specialised_prevention", "municipal_police", "landlord", "person"})
MOTIVES = frozenset(
    {"absenteeism", "dropout", "exclusion", "family_conflict", "parenting", "isolation", "night_presence", "influence"}
    | {"housing", "access_to_rights"}
)
REASONS = frozenset({"achieved", "refusal", "moved", "mainstream", "child_protection", "majority", "no_action"})
EXTRAS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "refer": frozenset({"origin", "motives", "informed"}),
        "share": frozenset({"to", "kinds", "days"}),
        "plan": frozenset({"in_days"}),
        "close": frozenset({"reason"}),
        "correct": frozenset({"of"}),
    }
)

_GROUPS = {"family_exchange": "exchange", "partner_exchange": "exchange", "strength": "observation", "agreement": "notice"}
_OWN = frozenset({"after", "who", "act", "kind", "compartment", "text", "closing"})

Extra = str | int | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a story, `after` days from its start. `texts`: alternatives with slots, empty when the act writes nothing.

    closing: group of `wording.yaml` that ends the text. extra: what the act needs besides (see `EXTRAS`);
    `of` is the index, in the story, of the step that is corrected.
    """

    after: int
    who: str
    act: str
    kind: str = ""
    compartment: str = ""
    texts: tuple[str, ...] = ()
    closing: str = ""
    extra: Mapping[str, Extra] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Story:
    """An arc. `sender`: who refers; `lead`: the lead's profession, "" while nobody took it up; `ages`: inclusive, in years."""

    key: str
    sender: str
    lead: str
    ages: tuple[int, int]
    ends: str
    steps: tuple[Step, ...]

    @property
    def length(self) -> int:
        """Days from the first step to the last."""
        return self.steps[-1].after

    @property
    def reason(self) -> str:
        """Code of the reason it is closed for, "" when it is not."""
        last = self.steps[-1]
        return str(last.extra["reason"]) if last.act == "close" else ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The clauses that make each note its own: slot -> choices, and closing group -> choices."""

    slots: Mapping[str, tuple[str, ...]]
    closings: Mapping[str, tuple[str, ...]]


@cache
def stories() -> tuple[Story, ...]:
    """Every arc but the long one, in a fixed order. Raises ValueError for a word outside the vocabularies."""
    files = ("school.yaml", "family.yaml", "youth.yaml")
    return tuple(_story(raw) for name in files for raw in _load(name))


@cache
def wording() -> Wording:
    """The interchangeable clauses."""
    raw = _load("wording.yaml")
    slots = {key: tuple(values) for key, values in raw["slots"].items()}
    return Wording(MappingProxyType(slots), MappingProxyType({key: tuple(values) for key, values in raw["closings"].items()}))


def long_story(entries: int, days: int) -> Story:
    """The long follow-up with exactly `entries` notes, spread over `days` days."""
    raw = _load("long.yaml")
    opening = [_step(step) for step in raw["opening"]]
    first = opening[-1].after + 1
    notes = [
        _step({"after": first + number * (days - first) // max(entries, 1), "act": "note", **note})
        for number, note in enumerate(islice(cycle(raw["notes"]), entries))
    ]
    low, high = raw["ages"]
    return Story(raw["key"], raw["sender"], raw["lead"], (low, high), "open", (*opening, *notes))


@cache
def _load(name: str) -> Any:
    """A file of the folder, parsed once (Any: YAML; `_story` and `_step` check what they take from it)."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)


def _story(raw: Mapping[str, Any]) -> Story:
    low, high = raw["ages"]
    steps = tuple(_step(step) for step in raw["steps"])
    _among(raw["sender"], SENDERS)
    _among(raw["lead"], LEADS)
    _among(raw["ends"], ENDS)
    return Story(raw["key"], raw["sender"], raw["lead"], (low, high), raw["ends"], steps)


def _step(raw: Mapping[str, Any]) -> Step:
    act = _among(raw["act"], ACTS)
    _check_codes(raw)
    extra = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items() if key not in _OWN}
    if set(extra) != EXTRAS.get(act, frozenset()):
        raise ValueError(f"a step {act!r} takes {sorted(EXTRAS.get(act, ()))}, not {sorted(extra)}")
    texts = raw.get("text", [])
    return Step(
        after=int(raw["after"]),
        who=_among(raw["who"], WHO),
        act=act,
        kind=_among(raw.get("kind", ""), KINDS | {""}),
        compartment=_among(raw.get("compartment", ""), COMPARTMENTS | {""}),
        texts=tuple(texts) if isinstance(texts, list) else (texts,),
        closing=_among(_closing(raw), frozenset(wording().closings) | {""}),
        extra=MappingProxyType(extra),
    )


def _check_codes(raw: Mapping[str, Any]) -> None:
    """Raises ValueError for an origin, a motive, a reason or a shared kind outside its list."""
    _among(raw.get("origin", "school"), ORIGINS)
    _among(raw.get("reason", "moved"), REASONS)
    _among(raw.get("to", "school"), WHO)
    for given, known in ((raw.get("motives", []), MOTIVES), (raw.get("kinds", []), SHARED)):
        for code in given:
            _among(code, known)


def _closing(raw: Mapping[str, Any]) -> str:
    """The closing group: said, else by compartment for what stays among few, else by act or kind."""
    if "closing" in raw or raw["act"] not in WRITTEN:
        return str(raw.get("closing", ""))
    if raw.get("compartment") in ("social", "sealed"):
        return str(raw["compartment"])
    group = str(raw.get("kind") or raw["act"])
    return _GROUPS.get(group, group)


def _among(value: Any, vocabulary: frozenset[str]) -> str:
    """The value itself, when the closed vocabulary has it (Any: read from YAML)."""
    if value not in vocabulary:
        raise ValueError(f"{value!r} is not one of {sorted(vocabulary)}")
    return str(value)
