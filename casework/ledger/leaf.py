"""One line of the ledger: what it may say, and its bytes. It holds ids and closed words; no content and no name of a person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

from casework.ledger import canonical

FORMAT = 1
GENESIS = "ledger.genesis"
OUTCOMES = ("authorised", "refused", "failed")

_CODE = re.compile(r"[!-~]{0,128}")  # printable ASCII without a space: an id or a code, never a sentence or a name with its accents
_LONG_CODE = re.compile(r"[!-~]{0,8192}")  # public keys in the genesis leaf only
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class RowWrite(NamedTuple):
    """A recorded row as this write left it. `gone`: the row was deleted, and the digest is that of its last state."""

    table: str
    row: str
    version: int
    digest: str
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What one answer or one write leaves behind.

    at: aware, kept in UTC. outcome: one of OUTCOMES. dossiers: (number, compartment kinds shown or written), each number once.
    writes: recorded rows. hits: the count of a list or search, never its words. facts: closed codes only.
    Raises ValueError when a value is no short code, so that a sentence or a name cannot slip in.
    """

    at: datetime
    action: str
    outcome: str
    purpose: str
    rule: str
    charter: str
    actor: str | None
    institution: str | None
    meeting: str | None = None
    dossiers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    writes: tuple[RowWrite, ...] = ()
    hits: int | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a leaf's moment is timezone-aware")
        if self.outcome not in OUTCOMES:
            raise ValueError(f"unknown outcome {self.outcome!r}")
        _check_codes(self)
        _check_writes(self.writes)
        _check_facts(self.facts, _LONG_CODE if self.action == GENESIS else _CODE)

    def encode(self) -> bytes:
        """The canonical bytes, which the tree hashes."""
        return canonical.encode(
            {
                "v": FORMAT,
                "at": moment_text(self.at),
                "action": self.action,
                "outcome": self.outcome,
                "purpose": self.purpose,
                "rule": self.rule,
                "charter": self.charter,
                "actor": self.actor,
                "institution": self.institution,
                "meeting": self.meeting,
                "dossiers": self.dossiers,
                "writes": self.writes,
                "hits": self.hits,
                "facts": self.facts,
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> "Leaf":
        """The leaf of these bytes. Raises ValueError for bytes that `encode` would not have written."""
        try:
            stated = canonical.decode(data)
            if stated.keys() != _KEYS or stated["v"] != FORMAT:
                raise ValueError("unknown format of leaf")
            del stated["v"]
            return cls(**stated | _typed(stated))
        except (TypeError, AttributeError) as error:
            raise ValueError("not a leaf") from error


_KEYS = {"v"} | {each.name for each in fields(Leaf)}


def moment_text(moment: datetime) -> str:
    """UTC, always six digits of microseconds, so that the text sorts by time: 2026-11-22T09:30:00.000000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond:06d}Z"


def read_moment(text: str) -> datetime:
    """The moment that `moment_text` wrote, aware, UTC. Raises ValueError for any other text."""
    return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)


def _typed(stated: Mapping[str, Any]) -> dict[str, Any]:
    """The members that JSON cannot express as themselves."""
    return {
        "at": read_moment(stated["at"]),
        "dossiers": tuple((number, tuple(kinds)) for number, kinds in stated["dossiers"]),
        "writes": tuple(RowWrite(*write) for write in stated["writes"]),
    }


def _check_codes(leaf: Leaf) -> None:
    numbers = [number for number, _ in leaf.dossiers]
    if len(set(numbers)) != len(numbers):
        raise ValueError("a leaf names each dossier once")
    kinds = [kind for _, compartments in leaf.dossiers for kind in compartments]
    required = (leaf.action, leaf.purpose, leaf.rule, leaf.charter)
    optional = (code for code in (leaf.actor, leaf.institution, leaf.meeting) if code is not None)
    _check(_CODE, (*required, *optional, *numbers, *kinds))
    if leaf.hits is not None and (type(leaf.hits) is not int or leaf.hits < 0):
        raise ValueError("hits are counted from 0")


def _check_writes(writes: Sequence[RowWrite]) -> None:
    for write in writes:
        _check(_CODE, (write.table, write.row))
        _check(_DIGEST, (write.digest,))
        if type(write.version) is not int or type(write.gone) is not bool:
            raise ValueError("a write states its version and whether the row is gone")


def _check_facts(facts: Mapping[str, str | int], pattern: re.Pattern[str]) -> None:
    _check(_KEY, tuple(facts))
    for value in facts.values():
        if type(value) is not int:
            _check(pattern, (value,))


def _check(pattern: re.Pattern[str], values: Sequence[object]) -> None:
    for value in values:
        if type(value) is not str or pattern.fullmatch(value) is None:
            raise ValueError("a leaf holds ids and short codes only")  # the value itself is not repeated: it may be a name
