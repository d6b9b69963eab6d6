"""`casework policy`: reads the charter the way the application does, and says what is wrong and where."""

from pathlib import Path

import click

from casework.charter.check import examine
from casework.resources import resource_dir


@click.group()
def policy() -> None:
    """The charter that decides who may do what."""


@policy.command()
@click.option(
    "--policies",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="The folder to check; by default the one that ships with the application.",
)
def check(policies: Path | None) -> None:
    """Check the charter: rules, words, programmes and expected decisions. Exit 1 with file:line for every problem."""
    folder = policies or resource_dir("policies")
    problems, summary = examine(folder)
    for problem in problems:
        click.echo(f"{_shown(folder / problem.file)}:{problem.line}: {problem.sentence}")
    if problems:
        raise SystemExit(1)
    click.echo(summary)


def _shown(path: Path) -> Path:
    """The path as one would type it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
