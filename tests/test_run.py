"""The run itself: its seed repeats a sample, its guard keeps every test on this machine."""

import ast
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.guards import NetworkBlocked, forget_instance
from tests.sampling import Sampler


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_a_test_cannot_leave_this_machine(address: tuple[str, int]) -> None:
    """Addresses reserved for documentation; the guard speaks before a packet is sent."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as door, pytest.raises(NetworkBlocked, match="stay on this machine"):
        door.connect(address)


def test_a_test_cannot_ask_for_a_foreign_name() -> None:
    """Looking a name up would already tell somebody."""
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_can_be_reached() -> None:
    """Positive side of the guard: a server of the test's own answers."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        client.sendall(b"ok")
        with server.accept()[0] as accepted:
            assert accepted.recv(2) == b"ok"


def test_without_the_guard_the_address_is_tried() -> None:
    """Positive control: a process without the guard gets as far as the network (and waits there at most a moment)."""
    attempt = "import socket; s = socket.socket(); s.setblocking(False); print(s.connect_ex(('127.0.0.2', 9)) >= 0)"
    assert subprocess.run([sys.executable, "-c", attempt], check=True, capture_output=True, text=True).stdout == "True\n"


def test_a_test_cannot_find_a_real_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the shell that starts the tests are forgotten."""
    monkeypatch.setenv("CASEWORK_INSTANCE", "/srv/town")
    forget_instance()
    assert "CASEWORK_INSTANCE" not in os.environ


def test_the_same_seed_draws_the_same_sample() -> None:
    """Another seed draws another one; --prove takes all, in order."""
    everything = range(10_000)
    assert Sampler(1, whole=False)(everything, 50) == Sampler(1, whole=False)(everything, 50)
    assert Sampler(1, whole=False)(everything, 50) != Sampler(2, whole=False)(everything, 50)
    assert Sampler(1, whole=True)(everything, 50) == list(everything)


def test_a_small_set_is_never_sampled() -> None:
    """A sample as large as the set is the set."""
    assert Sampler(1, whole=False)("abc", 3) == ["a", "b", "c"]


def test_the_data_layer_is_tried_on_both_engines(database_url: str) -> None:
    """Each parameter is a real database of its kind, empty at first."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE mark (id integer)"))
        assert database_url.startswith(connection.dialect.name)
    engine.dispose()


HERE = Path(__file__).parent
ASKS = re.compile(r"\bsample: Sampler\b|\boptions?\.prove\b")
"""What a function says that walks more with `--prove` than without."""


def test_whatever_samples_is_walked_whole_by_prove() -> None:
    """Every test that asks how much to walk is among `-m prove`; and where only a helper asks, tests of that file are."""
    assert {path for path, _ in proving()} == set(asking())
    assert {(path, test.name) for path, text in asking().items() for test in functions(text) if asks(test)} <= proving()


def test_control_another_mark_would_not_have_them() -> None:
    """The question is a real one: the same files hold tests that are not walked whole."""
    path = HERE / "vault" / "test_content.py"
    written = list(functions(asking()[path]))
    walked = {name for file, name in proving() if file == path}
    assert walked == {test.name for test in written if asks(test)}
    assert {test.name for test in written} - walked


@cache
def asking() -> dict[Path, str]:
    """The files where something asks how much to walk, and their text."""
    found = {path: path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py") if "node_modules" not in path.parts}
    return {path: text for path, text in found.items() if ASKS.search(text) and path != Path(__file__)}


def functions(text: str) -> Iterator[ast.FunctionDef]:
    """The tests of a file."""
    for function in ast.parse(text).body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            yield function


def asks(test: ast.FunctionDef) -> bool:
    """Whether it asks for itself."""
    return ASKS.search(ast.unparse(test)) is not None


@cache
def proving() -> frozenset[tuple[Path, str]]:
    """File and function of each test of those files that pytest would run with `-m prove`."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-m", "prove", *map(str, asking())]
    listed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent).stdout.splitlines()
    return frozenset((HERE.parent / line.split("::")[0], line.split("::")[1].split("[")[0]) for line in listed if "::" in line)
