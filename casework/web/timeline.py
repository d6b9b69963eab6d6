"""The timeline of a dossier as the page shows it: narrowed by codes, marked since the last visit, old notes folded. All in Python, once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from casework.services.views import EntryView
from casework.web import shapes

UNFOLDED = 25
"""Notes seen before that stand open; older ones are folded, on the same page: to unfold asks the server nothing."""

WORTH_FILTERING = 5

Option = tuple[str, str, int, bool]
"""Code, label, how many notes, chosen."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter of the timeline. name: of the parameter, which carries a code or an id and nothing else."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Notes under one heading: `new` since the last visit, `seen`, or `older`, which is folded. All of a short timeline has none."""

    code: str
    rows: Sequence[shapes.Row]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the page loops over. count: notes that pass the filters, of total."""

    groups: tuple[Group, ...]
    facets: tuple[Facet, ...]
    count: int
    total: int

    @property
    def filtered(self) -> bool:
        """Whether something is filtered out on purpose."""
        return any(facet.chosen for facet in self.facets)


READS: Mapping[str, tuple[object, Callable[[EntryView], tuple[str, str]]]] = {
    "nature": (_("Nature"), lambda entry: (entry.kind.code, entry.kind.label)),
    "volet": (_("Volet"), lambda entry: (entry.compartment.code, entry.compartment.label)),
    "auteur": (_("Auteur ou autrice"), lambda entry: (entry.author_id, entry.author)),
}
"""Parameter -> its label, and what of a note it compares."""


def of(entries: Sequence[EntryView], asked: Mapping[str, str], looked_at: datetime | None, lang: str) -> Timeline:
    """The timeline for these parameters. One that no note of this page has is no filter."""
    facets = tuple(_facet(name, entries, asked.get(name, "")) for name in READS)
    shown = list(entries)
    for facet in facets:
        if facet.chosen:
            read = READS[facet.name][1]
            shown = [entry for entry in shown if read(entry)[0] == asked[facet.name]]
    offered = facets if len(entries) >= WORTH_FILTERING else ()
    return Timeline(tuple(_groups(shown, looked_at, lang)), offered, len(shown), len(entries))


def _facet(name: str, entries: Sequence[EntryView], asked: str) -> Facet:
    label, read = READS[name]
    counts = Counter(map(read, entries))
    options = tuple((code, text, counts[code, text], code == asked) for code, text in sorted(counts, key=lambda each: each[1]) if code)
    return Facet(name, str(label), options, any(chosen for *_rest, chosen in options))


def _groups(shown: Sequence[EntryView], looked_at: datetime | None, lang: str) -> list[Group]:
    """Newest first. What I wrote myself is not news."""
    rows = shapes.rows(shown, lang)
    fresh = sum(1 for entry in shown if entry.written_at > looked_at) if looked_at else 0
    if all(entry.mine for entry in shown[:fresh]):
        fresh = 0
    unfolded = max(fresh, UNFOLDED)
    groups = [Group("new", rows[:fresh]), Group("seen" if fresh else "", rows[fresh:unfolded]), Group("older", rows[unfolded:])]
    return [group for group in groups if group.rows]
