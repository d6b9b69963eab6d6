"""What is wrong before the start is one sentence that says what to do, and nothing is served.

One refusal of each kind is read from a process of its own (settings, secrets, tables, a server that is silent, certificates); the others
are the same command called in this process.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Settings
from tests.cli.process import Done, call, refused, run

WEAK = "00" * 32
Start = Callable[..., Done]
EVERYWHERE = "0.0.0.0"  # noqa: S104  # it is refused


def test_no_instance_named(elsewhere: Path) -> None:
    """Nothing is set."""
    refused(run("serve", settings={}, cwd=elsewhere), "Set CASEWORK_INSTANCE")
    refused(call("jobs", "sweep", settings={}, cwd=elsewhere), "Set CASEWORK_INSTANCE")


def test_no_instance_there(elsewhere: Path) -> None:
    """A folder without an instance, and it stays so."""
    done = call("serve", settings={"CASEWORK_INSTANCE": str(elsewhere / "none")}, cwd=elsewhere)
    refused(done, "There is no instance", "scripts/demo")
    assert list(elsewhere.iterdir()) == []


def remove(path: Path) -> None:
    """No secret."""
    path.unlink()


def weaken(path: Path) -> None:
    """A secret anybody guesses."""
    path.write_text(WEAK, encoding="ascii")


def spoil(path: Path) -> None:
    """Not hexadecimal."""
    path.write_text("changeme", encoding="ascii")


def expose(path: Path) -> None:
    """Readable by everybody on the machine."""
    path.chmod(0o644)


@pytest.mark.parametrize(
    ("start", "secret", "harm", "says"),
    [
        (call, "pepper", remove, "openssl rand"),
        (call, "web", remove, "openssl rand"),
        (run, "pepper", weaken, "too weak"),
        (call, "web", weaken, "too weak"),
        (call, "pepper", spoil, "not hexadecimal"),
        (call, "web", expose, "chmod 600"),
    ],
)
def test_a_secret_missing_or_weak(
    settings: Settings, elsewhere: Path, start: Start, secret: str, harm: Callable[[Path], None], says: str
) -> None:
    """The sentence names the file and never what is in it."""
    path = Path(settings["CASEWORK_INSTANCE"]) / "secrets" / secret
    harm(path)
    done = start("serve", settings=settings, cwd=elsewhere)
    refused(done, str(path), says)
    assert WEAK not in done.stderr
    assert "changeme" not in done.stderr


def test_a_secret_file_elsewhere_that_is_missing(settings: Settings, elsewhere: Path) -> None:
    """`*_FILE` names it."""
    missing = str(elsewhere / "pepper")
    refused(call("serve", settings=settings | {"CASEWORK_PEPPER_FILE": missing}, cwd=elsewhere), missing, "openssl rand")


def test_a_database_that_is_behind(settings: Settings, elsewhere: Path) -> None:
    """Nothing is migrated by itself: a backup comes first."""
    with sqlite3.connect(Path(settings["CASEWORK_INSTANCE"]) / "casework.db") as connection:
        connection.execute("DELETE FROM alembic_version")
    connection.close()
    for start, words in ((call, ["serve"]), (run, ["jobs", "sweep"])):
        refused(start(*words, settings=settings, cwd=elsewhere), "make a backup", "casework db upgrade")


def test_no_database(settings: Settings, elsewhere: Path) -> None:
    """The file is gone, and no empty one takes its place."""
    path = Path(settings["CASEWORK_INSTANCE"]) / "casework.db"
    path.unlink()
    refused(call("serve", settings=settings, cwd=elsewhere), "no database", "casework db upgrade")
    assert not path.exists()


def test_no_answer_from_postgresql(settings: Settings, elsewhere: Path) -> None:
    """And the address, which may hold a password, is not repeated."""
    url = f"postgresql+psycopg://somebody:Sesame-99@/casework?host={elsewhere}"
    for start, words in ((call, ["serve"]), (run, ["db", "upgrade"])):
        done = start(*words, settings=settings | {"CASEWORK_DATABASE_URL": url}, cwd=elsewhere)
        refused(done, "does not answer", "CASEWORK_DATABASE_URL")
        assert "Sesame" not in done.stderr


@pytest.mark.parametrize("host", [EVERYWHERE, "casework.example"])
def test_plain_http_beyond_this_machine(settings: Settings, elsewhere: Path, host: str) -> None:
    """Even when the public address says https: the wire behind it would be plain."""
    public = {"CASEWORK_PUBLIC_URL": "https://casework.example"}
    refused(call("serve", "--host", host, settings=settings | public, cwd=elsewhere), "Plain HTTP", "--certfile", host)


def test_a_plain_public_address_beyond_this_machine(settings: Settings, elsewhere: Path) -> None:
    """Cookies would travel in the open."""
    public = {"CASEWORK_PUBLIC_URL": "http://casework.example"}
    refused(call("serve", settings=settings | public, cwd=elsewhere), "CASEWORK_PUBLIC_URL", "https://")


def test_a_certificate_that_is_none(settings: Settings, elsewhere: Path) -> None:
    """One file of two, a file that is no certificate, an address nobody can type, a plain public address."""
    paper = elsewhere / "paper.pem"
    paper.write_text("paper", encoding="ascii")
    both = ("--certfile", str(paper), "--keyfile", str(paper))
    refused(call("serve", "--certfile", str(paper), settings=settings, cwd=elsewhere), "--keyfile")
    refused(run("serve", *both, settings=settings, cwd=elsewhere), "certificate")
    refused(call("serve", "--host", EVERYWHERE, *both, settings=settings, cwd=elsewhere), "CASEWORK_PUBLIC_URL")
    plain = settings | {"CASEWORK_PUBLIC_URL": "http://127.0.0.1:8000"}
    refused(call("serve", *both, settings=plain, cwd=elsewhere), "https://")
