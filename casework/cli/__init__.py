"""The `casework` command. What goes wrong on purpose is one sentence on standard error and exit code 2."""

from importlib import import_module
from typing import Any

import click

from casework.errors import CaseworkError

COMMANDS = {"db": "db", "jobs": "jobs", "ledger": "ledger", "policy": "policy", "serve": "command"}
"""Command -> its name in the module of casework.cli that is called like the command."""


class House(click.Group):
    """A group of commands that speaks in sentences where the house raised one of its own errors.

    A command's module is loaded when somebody asks for the command: none waits for what the others import.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"casework.cli.{cmd_name}"), COMMANDS[cmd_name])
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CaseworkError as problem:
            click.echo(f"casework: {problem}", err=True)
            ctx.exit(2)


@click.group(cls=House)
@click.version_option(package_name="casework")
def main() -> None:
    """Confidential follow-up of young people and victims. Settings are read from the environment (CASEWORK_…)."""
