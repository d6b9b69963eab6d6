"""What the screens of a sitting give and show: plain, frozen, and of the room's own screen only what everybody there may read."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.services.views import Choice, Field


@dataclass(frozen=True, slots=True)
class GuestDraft:
    """A guest for one sitting, as typed. institution: an id or nothing. items: ids of the items they are to be shown."""

    name: str
    profession: str
    institution: str
    charter_date: date | None
    charter_reference: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place on the attendance sheet. who: whom they replace, or who replaces them."""

    id: str
    name: str
    function: str
    institution: str
    state: Choice
    arrived_at: datetime | None
    left_at: datetime | None
    guest: bool
    instead: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the agenda, as paper has it: its number and nothing of whom it is about. state: confirmed, settled or proposed."""

    item: str
    place: int
    number: str
    state: str
    current: bool
    seen: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The attendance sheet and what its forms offer. states: those a seat may have. items: for a guest, by number."""

    meeting: str
    kind: str
    cell: str
    status: str
    starts_at: datetime
    opened_at: datetime | None
    states: tuple[Choice, ...]
    places: tuple[Place, ...]
    present: int
    deputies: tuple[Choice, ...]
    professions: tuple[Choice, ...]
    institutions: tuple[Choice, ...]
    items: tuple[Stop, ...]
    today: date


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note shortened for the room. Never who wrote it: whoever reported may be among them."""

    kind: str
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class ShownTask:
    """An open action of the dossier: who carries it, until when, and its words where everybody may read decisions."""

    owner: str
    due: date
    late: bool
    text: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody in the room whom the item does not concern. may: the charter lets them be associated to it."""

    seat: str
    name: str
    institution: str
    may: bool


@dataclass(frozen=True, slots=True)
class Projected:
    """One file as the room sees it. state: `all` what everybody may read, `number` the number and no more.

    strangers: who is there and not concerned, when that is what holds it back. kept: the steward chose number and question.
    question: empty while it may not be read.
    born, first_name, sex: of a dossier whose identity everybody may read. kinds: labels of what is shown.
    """

    item: str
    number: str
    place: int
    state: str
    kept: bool
    question: str
    strangers: tuple[Stranger, ...]
    born: int | None
    age: int | None
    sex: str
    first_name: str
    status: Choice
    lead: str
    next_date: date | None
    informed: str
    alerts: tuple[tuple[str, date | None], ...]
    kinds: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Field, ...]], ...]
    decisions: tuple[ShownNote, ...]
    notes: tuple[ShownNote, ...]
    tasks: tuple[ShownTask, ...]
    settled: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """A point without a person: place, trouble, action."""

    place: str
    trouble: str
    action: str
    owner: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """The room's screen: the agenda by number, who is there, and the item that was called, if one was.

    names: those in the room, while no item is on the screen: a file comes fast, and its own page names whoever should not see it.
    """

    meeting: str
    kind: str
    cell: str
    nominative: bool
    status: str
    opened_at: datetime | None
    stops: tuple[Stop, ...]
    present: int
    names: tuple[str, ...]
    item: Projected | None
    previous: str
    following: str
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Following:
    """The meeting on a member's own device: which number is on the screen; whether the dossier is theirs to open."""

    meeting: str
    kind: str
    cell: str
    status: str
    number: str
    place: int
    total: int
    mine: bool


@dataclass(frozen=True, slots=True)
class SheetDraft:
    """A signed sheet as handed in. data: the bytes of its scan. seen: version of the one that stood on the form, 0 for none."""

    reference: str
    signed_on: date | None
    data: bytes
    seen: int = 0


@dataclass(frozen=True, slots=True)
class SheetKept:
    """What was recorded of a signed sheet. until: the day its scan is destroyed; None once it is."""

    reference: str
    signed_on: date
    recorded_at: datetime
    by: str
    version: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody's place and whether they signed. there: the screen noted that they came."""

    place: Place
    signed: bool
    there: bool


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The signed sheet of a meeting and who may be ticked from it. kept: None while nothing was recorded."""

    meeting: str
    kind: str
    cell: str
    status: str
    starts_at: datetime
    kept: SheetKept | None
    people: tuple[Signatory, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as it was handed in; media type and suffix told by its own bytes."""

    data: bytes
    media_type: str
    suffix: str
    held_on: datetime
