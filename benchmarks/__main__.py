"""Run the benches and say whether each promise is kept: `scripts/bench`, or `scripts/bench leaves`."""

import sys
from collections.abc import Callable

import click

from benchmarks import closing, directory, leaves, meeting, opening, paper, permanence
from benchmarks.report import Figure, show

LEAVES_PER_SECOND = 500  # at least, 16 writers together
LONGEST_WAIT = 1.0  # seconds, of any writer for one leaf


def leaf_figures() -> list[Figure]:
    """Sixteen processes that write to one ledger, on both databases, with durable commits."""
    figures = []
    for name, measured in leaves.both():
        figures.append(Figure(f"{name}: leaves, {measured.writers} writers", measured.per_second, LEAVES_PER_SECOND, "/s", at_least=True))
        figures.append(Figure(f"{name}: longest wait for one leaf", measured.longest_wait, LONGEST_WAIT, "s"))
    return figures


BENCHES: dict[str, Callable[[], list[Figure]]] = {
    "closing": closing.figures,
    "directory": directory.figures,
    "leaves": leaf_figures,
    "meeting": meeting.figures,
    "opening": opening.figures,
    "paper": paper.figures,
    "permanence": permanence.figures,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(BENCHES)))
def main(names: tuple[str, ...]) -> None:
    """Measure what is named, or everything. Ends with 1 when a promise is missed."""
    figures = []
    for name in names or BENCHES:
        click.echo(f"measuring {name} …", err=True)
        figures += BENCHES[name]()
    show(figures)
    sys.exit(0 if all(figure.kept for figure in figures) else 1)


if __name__ == "__main__":
    main(prog_name="scripts/bench")
