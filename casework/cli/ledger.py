"""`casework ledger`: verify the log without any key, and print its head for a witness."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url

from casework import ledger as log
from casework.config import Config, load_config
from casework.errors import ConfigurationError
from casework.ledger import headfile
from casework.models.base import recorded_models
from casework.models.database import Database

SHOWN_FROM = 20_000
"""Leaves from which on a verification shows its progress."""


@click.group()
def ledger() -> None:
    """The access log: verify it, hand its head to a witness."""


@ledger.command()
@click.option(
    "--head",
    "witness",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head kept outside this machine; the log must still begin with it.",
)
def verify(witness: Path | None) -> None:
    """Recompute the whole log and compare every recorded row. Exit 1 when anything was changed behind its back."""
    with _instance() as (config, database):
        saved = headfile.read_head(config.saved_head) if config.saved_head.exists() else None
        witnessed = [headfile.read_head(witness)] if witness else []
        with database.reading() as session:
            report = log.verify(session, saved=saved, recorded=recorded_models(), witnessed=witnessed, progress=_progress)
        if report.ok and report.head is not None:
            headfile.save_head(config.saved_head, report.head)
    _say(report)
    if not report.ok:
        sys.exit(1)


@ledger.command()
def head() -> None:
    """Print size and root of the log as JSON, to hand to a witness outside."""
    with _instance() as (_, database), database.reading() as session:
        click.echo(headfile.head_json(log.head(session)))


@contextmanager
def _instance() -> Iterator[tuple[Config, Database]]:
    """The instance's database, opened without any key."""
    config = load_config()
    _must_exist(config.database_url)
    database = Database(config.database_url)
    try:
        yield config, database
    finally:
        database.close()


def _must_exist(url: str) -> None:
    """Opening SQLite would make an empty database where there is none."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise ConfigurationError("There is no database there: check CASEWORK_INSTANCE and CASEWORK_DATABASE_URL.")


def _progress(done: int, total: int) -> None:
    if total >= SHOWN_FROM and sys.stderr.isatty():
        click.echo(f"\r{done:,} / {total:,} lignes ({done * 100 // total} %)", err=True, nl=done + 1_000 > total)


def _say(report: log.Report) -> None:
    for finding in report.findings:
        mark = "attention" if finding.warning else "ERREUR"
        click.echo(f"{mark}  {finding.code}  {finding.place}  {finding.says}")
    hidden = report.errors + report.warnings - len(report.findings)
    if hidden:
        click.echo(f"… et {hidden} autres constats.")
    if report.ok and report.head is not None:
        click.echo(f"Journal vérifié : {report.head.size} lignes, racine {report.head.root}.")
    else:
        click.echo(f"Journal NON conforme : {report.errors} erreurs. La tête vérifiée n’a pas été enregistrée.")
