"""A measured figure and its promise, and the table they are printed in."""

from collections.abc import Iterable
from dataclasses import dataclass

import click


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement.

    what: a short sentence; value and limit in `unit`; at_least: the promise is a floor (rates) instead of a ceiling (ratios, waits).
    """

    what: str
    value: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def table(figures: Iterable[Figure]) -> str:
    """Figures as aligned lines: what, value, promise, kept or missed."""
    rows = [("what", "measured", "promised", "")]
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        value, promise = (f"{number:,.2f} {figure.unit}" for number in (figure.value, figure.limit))
        rows.append((figure.what, value, f"{sign} {promise}", "kept" if figure.kept else "MISSED"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"{what:<{widths[0]}}  {value:>{widths[1]}}  {promise:>{widths[2]}}  {verdict}".rstrip() for what, value, promise, verdict in rows
    )


def show(figures: Iterable[Figure]) -> None:
    """Print the table."""
    click.echo(table(figures))
