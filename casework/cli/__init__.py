"""The `casework` command. What goes wrong on purpose is one sentence on standard error and exit code 2."""

from typing import Any

import click

from casework.cli import db, jobs, ledger, policy, serve
from casework.errors import CaseworkError

COMMANDS = (db.db, jobs.jobs, ledger.ledger, policy.policy, serve.command)


class House(click.Group):
    """A group of commands that speaks in sentences where the house raised one of its own errors."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CaseworkError as problem:
            click.echo(f"casework: {problem}", err=True)
            ctx.exit(2)


@click.group(cls=House, commands=COMMANDS)
@click.version_option(package_name="casework")
def main() -> None:
    """Confidential follow-up of young people and victims. Settings are read from the environment (CASEWORK_…)."""
