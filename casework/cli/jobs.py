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
    """Delete what has ended (boxes, memberships, codes, sessions), destroy what meetings leave, and remind. Run it every night."""
    config = load_config()
    require_head(config.database_url)
    night = sweeping.run(config)
    swept, destroyed, reminded = night.swept, night.destroyed, night.reminded
    click.echo(f"Swept: {swept.boxes} boxes, {swept.members} ring memberships, {swept.enrolments} codes, {swept.sessions} sessions.")
    click.echo(f"Destroyed: {destroyed.notes} preparatory notes, {destroyed.copies} copies of relevés.")
    click.echo(f"Forgotten: who came to {night.appointments.links} appointments.")
    click.echo(f"Reminded: {reminded.due} actions due, {reminded.late} late, {reminded.unconvened} meetings without convocation.")
    click.echo(f"Without agreement: {night.unagreed.erased} dossiers erased by key, {night.unagreed.reminded} reminders.")
    click.echo(f"Ended: {night.links.expired} links of partners past their time, {night.links.over} that had nothing left to answer.")
    _warn(swept)
    if destroyed.forgotten:
        click.echo(f"casework: {destroyed.forgotten} meetings were left open; their stewards were told.", err=True)


def _warn(swept: Swept) -> None:
    """Losing a key is the disaster of this kind of software: say so while the recovery key can still help."""
    if swept.unheld_compartments or swept.unheld_rings:
        click.echo(
            f"casework: nobody holds {swept.unheld_compartments} compartments and {swept.unheld_rings} rings any more:"
            " only the recovery key opens them. Admit their holders again, or call its office holders together.",
            err=True,
        )
