"""`python -m casework.cli.demo`: builds the fictional town where there is none, says how to sign in, and serves it."""

import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click
import pyotp

from casework.charter import agree
from casework.cli.db import upgrade
from casework.cli.demo import papers, place
from casework.cli.demo.accompaniment import CALLS
from casework.cli.demo.build import Act, build
from casework.cli.demo.people import BY_USERNAME, CELLS, NOTICE
from casework.cli.demo.place import State
from casework.cli.serve import Address, config_for, run
from casework.config import Config, load_config
from casework.errors import CaseworkError, ConfigurationError
from casework.resources import PACKAGE

PORT = 8000
DOSSIERS = 80
WORKERS = 2
INTERRUPTED = "Construction interrompue. La prochaine fois, la ville sera reconstruite depuis le début."

POSITIONS = {"member": "membre", "lead": "{référente|référent|référent·e}", "steward": "coordination", "elected": "{élue|élu|élu·e}"}
"""What the table adds to a function. Offices are told by their function alone."""

SHORTER = {"sortie": "Sortie de détention", "victimes": "Violences intrafamiliales"}
HEADINGS = ("COMPTE", "PHRASE DE PASSE", "QUI")
SHORT = {cell.name: SHORTER.get(cell.key, cell.key.capitalize()) for cell in CELLS}


@click.command()
@click.option("--prepare", is_flag=True, help="Construit la ville, sans la servir.")
@click.option("--reset", is_flag=True, help="Efface la ville fictive et la reconstruit.")
@click.option("--dossiers", type=click.IntRange(1, 5000), default=None, metavar="N", help="Nombre de dossiers (80), et deux appels.")
@click.option("--code", "username", metavar="USERNAME", help="Affiche le code à usage unique de ce compte, et rien d’autre.")
def main(*, prepare: bool, reset: bool, dossiers: int | None, username: str | None) -> None:
    """Une ville fictive pour essayer l’application."""
    try:
        config = _settings()
        if username is not None:
            _show_code(config, username)
            return
        _ensure(config, dossiers, reset=reset)
        _say_how(config)
        if not prepare:
            address = Address(port=_port())
            run(config_for(address, os.environ), address, workers=WORKERS)
    except KeyboardInterrupt:
        click.echo(f"\n{INTERRUPTED}", err=True)
        sys.exit(130)
    except CaseworkError as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)


def _settings() -> Config:
    """The demo's own defaults, put into the environment so that whoever serves the town reads the same."""
    os.environ.setdefault("CASEWORK_INSTANCE", str(PACKAGE.parent / "var" / "demo"))
    os.environ.setdefault("CASEWORK_PUBLIC_URL", f"http://127.0.0.1:{_port()}")
    os.environ.setdefault("CASEWORK_MAIL_FOLDER", str(Path(os.environ["CASEWORK_INSTANCE"]) / "mail"))
    return load_config()


def _port() -> int:
    return int(os.environ.get("PORT") or PORT)


def _ensure(config: Config, dossiers: int | None, *, reset: bool) -> None:
    """Build the town unless a finished one stands there."""
    state = place.survey(config)
    if state is State.FINISHED and not reset:
        _keep(config, dossiers)
        return
    if state is State.UNFINISHED:
        click.echo("Une construction précédente n’était pas terminée : la ville est reconstruite depuis le début.", err=True)
    click.echo("Clé de secours : sa moitié privée est jetée aussitôt créée, personne ne pourra l’utiliser dans cette ville fictive.")
    started = time.monotonic()
    build(config, dossiers=dossiers or DOSSIERS, migrate=upgrade, show=_progress)
    click.echo(f"Ville construite et vérifiée en {time.monotonic() - started:.0f} s.", err=True)


def _progress(acts: Sequence[Act]) -> AbstractContextManager[Iterable[Act]]:
    label = f"{len(acts)} actes, neuf mois de suivi"
    return click.progressbar(acts, label=label, file=sys.stderr, show_pos=True)


def _keep(config: Config, dossiers: int | None) -> None:
    """A finished town stays as it is, with whatever was written in it since."""
    built = len(papers.read(config.instance / papers.TRUTH))
    if dossiers is not None and dossiers + len(CALLS) != built:
        click.echo(f"La ville compte {built} dossiers et reste telle quelle. Pour en avoir {dossiers}, ajoutez --reset.", err=True)


def _show_code(config: Config, username: str) -> None:
    """The current one-time code on standard output; on standard error, how long it still lives."""
    if place.survey(config) is not State.FINISHED:
        raise ConfigurationError("Il n’y a pas encore de ville : lancez d’abord scripts/demo.")
    found = [line for line in papers.read(config.instance / papers.ACCOUNTS) if line["username"] == username.strip().lower()]
    if not found:
        raise ConfigurationError("Ce compte n’existe pas dans la ville : lancez scripts/demo --prepare pour en voir la liste.")
    totp, now = pyotp.TOTP(found[0]["totp_secret"]), int(time.time())
    click.echo(totp.at(now))
    click.echo(f"Encore {totp.interval - now % totp.interval} s.", err=True)


def _say_how(config: Config) -> None:
    """Where it is, who may sign in and how."""
    lines = papers.read(config.instance / papers.ACCOUNTS)
    rows = [HEADINGS, *((line["username"], line["passphrase"], _who(line)) for line in lines)]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    click.echo(f"\n{NOTICE}\n")
    for username, words, who in rows:
        click.echo(f"  {username:{wide[0]}}  {words:{wide[1]}}  {who}")
    click.echo("\nCode à usage unique : scripts/demo --code USERNAME")
    click.echo(f"Adresse : {config.public_url}\n")


def _who(line: dict[str, Any]) -> str:
    """Function, position and cells, for instance « Principale de collège · membre · Nord »."""
    persona = BY_USERNAME[line["username"]]
    position = agree(POSITIONS.get(line["position"], ""), persona.gender)
    return " · ".join(filter(None, (persona.function, position, ", ".join(SHORT[cell] for cell in line["cells"]))))


if __name__ == "__main__":
    main(prog_name="scripts/demo")
