"""The run itself: its seed repeats a sample, its guard keeps every test on this machine."""

import os
import socket
import subprocess
import sys

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
