"""Views of a saisine: the form, the receipt, the examination. Frozen, plain text, recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from casework.services.views import Choice, EntryView, SectionView, SentReferral


@dataclass(frozen=True, slots=True)
class ReferralPreparation:
    """All the "saisir la cellule" form needs: the cells, and the lists of the one that is chosen (none while `cell` is None).

    calls: cells that receive somebody by « Noter un appel » only. commune: the cell's, where most of its people live. contact: whether the
    sender may tell a phone (`contact`), or nothing. minors: whether the programme is about children and young people. problems: what is
    wrong with what was typed so far, by field.
    """

    cells: tuple[Choice, ...]
    calls: tuple[Choice, ...] = ()
    cell: Choice | None = None
    programme: str = ""
    commune: str = ""
    origins: tuple[Choice, ...] = ()
    motives: tuple[Choice, ...] = ()
    sexes: tuple[Choice, ...] = ()
    contact: str = ""
    minors: bool = False
    max_facts: int = 0
    max_children: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a saisine arrived, for its sender: one line for each child, no name and no free text.

    answer_by: until when the cell examines it. number: the one asked for. may_add: whether a complement may still be added to it.
    storyless: its cell never takes the story of the facts, in a complement either.
    """

    number: str
    lines: tuple[SentReferral, ...]
    cell: str
    programme: str
    sent_at: datetime
    answer_by: date
    may_add: bool
    max_facts: int
    storyless: bool = False

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of all its dossiers."""
        return tuple(line.number for line in self.lines)


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another child of the same saisine. `person` is None where identity is not readable."""

    number: str
    person: str | None
    status: Choice


@dataclass(frozen=True, slots=True)
class Alike:
    """A dossier of the same cell that may be about the same person: a name alike, the same birth date, or both.

    born: None when it is not known.
    """

    number: str
    person: str
    born: date | None
    status: Choice
    name: bool
    birth: bool


@dataclass(frozen=True, slots=True)
class Examination:
    """A received saisine before whoever examines it.

    days_left: until `answer_by`, negative when it is past. leads: user name -> whoever may be named.
    """

    number: str
    person: str | None
    programme: str
    cell: str
    received_at: datetime
    answer_by: date
    days_left: int
    sections: tuple[SectionView, ...]
    complements: tuple[EntryView, ...]
    siblings: tuple[Sibling, ...]
    alike: tuple[Alike, ...]
    leads: tuple[Choice, ...]
    outcomes: tuple[Choice, ...]
    redirections: tuple[Choice, ...]
    minors: bool
    today: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """A saisine that waits for its examination."""

    number: str
    person: str | None
    cell: str
    received_at: datetime
    answer_by: date
    days_left: int


@dataclass(frozen=True, slots=True)
class Releading:
    """All the "désigner une autre personne référente" form needs. seen: user name of the lead as it stands, empty for none."""

    number: str
    person: str | None
    lead: str | None
    leads: tuple[Choice, ...]
    seen: str = ""


@dataclass(frozen=True, slots=True)
class DecidedAlready:
    """A saisine that somebody else gave its outcome meanwhile: what stands, and what one had chosen oneself, as labels and texts."""

    number: str
    person: str | None
    decided_at: datetime | None
    stands: tuple[tuple[str, str], ...]
    chosen: tuple[tuple[str, str], ...]
