"""Small shapes worked out once in Python, so that templates only loop."""

from collections.abc import Iterable

from casework.services.views import EntryView


def ids(timeline: Iterable[EntryView]) -> frozenset[str]:
    """The ids on this page, so that a correction is linked only to a note that is shown."""
    return frozenset(entry.id for entry in timeline)


def page_numbers(page: int, pages: int) -> list[int | None]:
    """The pages to offer: first, last and the neighbours; None stands for a gap."""
    near = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    shown: list[int | None] = []
    for number in near:
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown
