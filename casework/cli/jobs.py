"""`casework jobs`: what a timer runs. No job holds a key."""

import click

from casework.cli.db import require_head
from casework.config import load_config
from casework.jobs import sweep as sweeping
from casework.services.offices.sweeping import Swept


@click.group()
def jobs() -> None:
    """What runs by itself, from a timer, without anybody signed in."""


@jobs.command()
def sweep() -> None:
    """Delete boxes, ring memberships and enrolment codes that have ended, and dead sessions. Run it every night."""
    config = load_config()
    require_head(config.database_url)
    swept = sweeping.run(config)
    click.echo(f"Swept: {swept.boxes} boxes, {swept.members} ring memberships, {swept.enrolments} codes, {swept.sessions} sessions.")
    _warn(swept)


def _warn(swept: Swept) -> None:
    """Losing a key is the disaster of this kind of software: say so while the recovery key can still help."""
    if swept.unheld_compartments or swept.unheld_rings:
        click.echo(
            f"casework: nobody holds {swept.unheld_compartments} compartments and {swept.unheld_rings} rings any more:"
            " only the recovery key opens them. Admit their holders again, or call its office holders together.",
            err=True,
        )
