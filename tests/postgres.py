"""A PostgreSQL server of one's own: made in a temporary folder, reached through a socket in it, thrown away at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

SERVER_USER = "postgres"
CARELESS = "-c jit=off -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
"""Nothing of a test's server must outlive a crash, and nobody need tidy its hundreds of small databases."""

MISSING = "PostgreSQL's server programs are missing: install the package postgresql (Debian: apt install postgresql)."


class PostgresMissing(RuntimeError):
    """The server programs, or the system user to run them, are not installed."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server. `socket_dir` is where it listens; it has no port on the network. `data` is its data directory."""

    socket_dir: Path
    data: Path
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def database(self, name: str, *, template: str | None = None) -> str:
        """Create the database `name`, empty or as a copy of `template`; returns its SQLAlchemy URL."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with psycopg.connect(host=str(self.socket_dir), user=SERVER_USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is still connected: what is not there need not be written to the disk."""
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        with psycopg.connect(host=str(self.socket_dir), user=SERVER_USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def create_database(self) -> str:
        """Create an empty database under a fresh name; returns its SQLAlchemy URL."""
        return self.database(f"fresh_{next(self._numbers)}")

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{SERVER_USER}@/{name}?host={self.socket_dir}"


@contextmanager
def throwaway_cluster(*, fsync: bool = False) -> Iterator[Cluster]:
    """A server for one run. fsync: on for measurements, off for tests (quicker, and nothing of it must survive).

    Raises PostgresMissing when the server is not installed.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="casework-pg-"))
    data, cluster_log = folder / "data", folder / "log"
    try:
        if os.geteuid() == 0:
            owner = _server_user()
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o755)  # the tests, as root or not, go through it to the socket
        _run(programs / "initdb", "-D", data, "-A", "trust", "-U", SERVER_USER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-c listen_addresses='' -k {folder} -c max_connections=100"
        if not fsync:
            options += f" {CARELESS}"
        _run(programs / "pg_ctl", "-D", data, "-l", cluster_log, "-w", "-o", options, "start")
        try:
            yield Cluster(folder, data)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of initdb and pg_ctl: of those on PATH, else the newest Debian has."""
    found = shutil.which("initdb")
    if found is not None and shutil.which("pg_ctl") is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not versions:
        raise PostgresMissing(MISSING)
    return versions[-1].parent


def _server_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError as error:
        raise PostgresMissing(f"PostgreSQL refuses to run as root and there is no user {SERVER_USER}. {MISSING}") from error


def _run(program: Path, *arguments: str | Path) -> None:
    """Run a server program, as the server's user when we are root. Raises RuntimeError with what it said."""
    as_server = ["runuser", "-u", SERVER_USER, "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryFile() as output:  # a file, not a pipe: the server keeps its parent's output open
        done = subprocess.run([*as_server, program, *arguments], cwd="/", stdout=output, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{program.name}: {output.read().decode(errors='replace').strip()}")
