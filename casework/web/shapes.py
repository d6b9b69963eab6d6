"""Small shapes worked out once in Python, so that templates only loop."""

from collections.abc import Iterable

from flask_babel import gettext

from casework.services.views import EntryView
from casework.web import dates
from casework.wording import spoken

Row = tuple[EntryView, str, str, str]
"""A note, its day, who wrote it and when: ready to show."""


def ids(timeline: Iterable[EntryView]) -> frozenset[str]:
    """The ids on this page, so that a correction is linked only to a note that is shown."""
    return frozenset(entry.id for entry in timeline)


def rows(timeline: Iterable[EntryView], lang: str) -> list[Row]:
    """The notes with the words around them. Each call and each escape in a template costs more than this whole line."""
    you, written = gettext("vous"), gettext("écrite le")
    return [
        (entry, dates.day(entry.occurred_on, lang), _byline(entry, you), f"{written} {dates.moment(entry.written_at, lang)}")
        for entry in timeline
    ]


def _byline(entry: EntryView, you: str) -> str:
    mine = f" ({you})" if entry.mine else ""
    place = [spoken(each) for each in (entry.function, entry.institution) if each]
    return ", ".join([f"{spoken(entry.author)}{mine}", *place])


def page_numbers(page: int, pages: int) -> list[int | None]:
    """The pages to offer: first, last and the neighbours; None stands for a gap."""
    near = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    shown: list[int | None] = []
    for number in near:
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown
