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

ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "social": ("social_worker", "specialised_educator"),
        "peer_social": ("social_worker", "school_social_worker"),
        "school": ("school_head",),
        "police": ("municipal_police",),
        "cpe": ("school_staff",),
        "school_social": ("school_social_worker",),
        "dasen": ("education_authority",),
        "mission": ("youth_employment",),
        "pjj": ("youth_justice",),
        "spip": ("probation",),
        "parquet": ("prosecutor",),
        "vif": ("state_police",),
        "iscg": ("iscg",),
        "ally": ("victim_support",),
        "landlord": ("landlord",),
        "health": ("health",),
    }
)
"""Who takes part in a story besides its sender, its steward and its lead: role -> the professions that play it."""

LEADS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "social_worker": ROLES["social"],
        "school_head": ROLES["school"],
        "school_staff": ROLES["cpe"],
        "youth_employment": ROLES["mission"],
        "probation": ROLES["spip"],
        "victim_support": ROLES["ally"],
        "iscg": ROLES["iscg"],
        "": (),
    }
)
WHO = frozenset(ROLES) | {"sender", "steward", "lead", "duty", "dpo"}
"""duty: somebody on call in the cell. dpo: the data-protection officer, who reviews an accès urgent and opens no dossier."""

ACTS = frozenset(
    {
        "refer",
        "call",
        "sibling",
        "take_up",
        "examine",
        "complement",
        "contact",
        "safe",
        "measure",
        "schooling",
        "note",
        "correct",
        "share",
        "extract",
    }
    | {"plan", "relead", "withdraw", "settle", "urgent", "review", "close"}
)
WRITTEN = frozenset({"refer", "complement", "note", "correct", "schooling", "measure", "extract", "urgent"})
KINDS = frozenset({"observation", "family_exchange", "partner_exchange", "strength", "decision", "action_result", "notice", "agreement"})
COMPARTMENTS = frozenset({"decisions", "confidential", "school", "judicial", "social", "sealed"})
SHARED = frozenset({"identity", "contact", "safety"}) | COMPARTMENTS - {"sealed"}
ENDS = frozenset({"received", "open", "closed"})
SENDERS = frozenset(ROLES) | {"steward"}
PROGRAMMES = frozenset({"fragility", "school", "release", "domestic_violence"})
ADULT = frozenset({"release", "domestic_violence"})
"""Programmes whose notes say « la personne », and name no parent and no school."""

EXTRAS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "refer": frozenset({"origin", "motives", "informed"}),
        "call": frozenset({"origin", "motives", "needs"}),
        "examine": frozenset({"outcome"}),
        "share": frozenset({"to", "kinds", "days"}),
        "extract": frozenset({"to", "days"}),
        "plan": frozenset({"in_days"}),
        "close": frozenset({"reason"}),
        "correct": frozenset({"of"}),
        "relead": frozenset({"to"}),
        "measure": frozenset({"label", "lasts"}),
        "urgent": frozenset({"reason"}),
        "review": frozenset({"finding"}),
    }
)
OPTIONAL = frozenset({"redirected_to"})

FILES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "school": ("fragility", "school"),
        "family": ("fragility",),
        "youth": ("fragility",),
        "outcomes": ("fragility",),
        "return": ("school",),
        "release": ("release",),
        "victims": ("domestic_violence",),
    }
)
"""The files of arcs, and the programmes each is written for."""

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
    """An arc. `sender`: who refers; `lead`: the lead's profession, "" while nobody took it up; `ages`: inclusive, in years.

    programmes: where it may happen. brings: the arc of a second child of the same saisine. leaver: its lead leaves the cell, and hands
    over by the step `relead`. sexes: of whom it may be told.
    """

    key: str
    sender: str
    lead: str
    ages: tuple[int, int]
    ends: str
    steps: tuple[Step, ...]
    programmes: tuple[str, ...] = ("fragility",)
    brings: str = ""
    leaver: bool = False
    sexes: str = "fm"

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
    return tuple(_story(raw, programmes) for name, programmes in FILES.items() for raw in _load(f"{name}.yaml"))


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


def _story(raw: Mapping[str, Any], programmes: tuple[str, ...]) -> Story:
    low, high = raw["ages"]
    adult = bool(ADULT & set(programmes))
    steps = tuple(_step(step, adult=adult) for step in raw["steps"])
    _among(raw["sender"], SENDERS)
    _among(raw["lead"], frozenset(LEADS))
    _among(raw["ends"], ENDS)
    for programme in raw.get("programmes", programmes):
        _among(programme, PROGRAMMES)
    return Story(
        raw["key"], raw["sender"], raw["lead"], (low, high), raw["ends"], steps, tuple(raw.get("programmes", programmes)),
        raw.get("brings", ""), bool(raw.get("leaver", False)), raw.get("sexes", "fm"),
    )  # fmt: skip


def _step(raw: Mapping[str, Any], *, adult: bool = False) -> Step:
    act = _among(raw["act"], ACTS)
    _check_codes(raw)
    extra = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items() if key not in _OWN}
    if set(extra) - OPTIONAL != EXTRAS.get(act, frozenset()):
        raise ValueError(f"a step {act!r} takes {sorted(EXTRAS.get(act, ()))}, not {sorted(extra)}")
    texts = raw.get("text", [])
    return Step(
        after=int(raw["after"]),
        who=_among(raw["who"], WHO),
        act=act,
        kind=_among(raw.get("kind", ""), KINDS | {""}),
        compartment=_among(raw.get("compartment", ""), COMPARTMENTS | {""}),
        texts=tuple(texts) if isinstance(texts, list) else (texts,),
        closing=_among(_closing(raw, adult=adult), frozenset(wording().closings) | {""}),
        extra=MappingProxyType(extra),
    )


def _check_codes(raw: Mapping[str, Any]) -> None:
    """Raises ValueError for somebody or a shared kind outside its list. Codes of the policies are checked by those who take them."""
    _among(raw.get("to", "school"), WHO)
    for code in raw.get("kinds", []):
        _among(code, SHARED)


def _closing(raw: Mapping[str, Any], *, adult: bool) -> str:
    """The closing group: said, else by compartment for what stays among few, else by act or kind."""
    if "closing" in raw or raw["act"] not in WRITTEN:
        return str(raw.get("closing", ""))
    if raw.get("compartment") in ("social", "sealed"):
        group = str(raw["compartment"])
    else:
        named = str(raw.get("kind") or raw["act"])
        group = _GROUPS.get(named, named)
    return f"adult_{group}" if adult and f"adult_{group}" in wording().closings else group


def _among(value: Any, vocabulary: frozenset[str]) -> str:
    """The value itself, when the closed vocabulary has it (Any: read from YAML)."""
    if value not in vocabulary:
        raise ValueError(f"{value!r} is not one of {sorted(vocabulary)}")
    return str(value)
