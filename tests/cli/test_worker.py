"""Connections that say nothing: browsers open them ahead, and nobody waits for them."""

import socket
import ssl
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from casework.cli import worker
from tests.cli.conftest import Settings
from tests.cli.process import serving
from tests.cli.test_serve import ask, certificate

SYNC = """
import sys
from casework.cli import main, server
server.SETTINGS = {**server.SETTINGS, "worker_class": "sync"}
sys.argv[0] = "casework"
main()
"""
"""The same command with gunicorn's own worker."""


def silent(stack: ExitStack, port: int, count: int) -> None:
    """Connect, and say nothing."""
    for _ in range(count):
        stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    time.sleep(0.5)


def test_silent_connections_keep_nobody_waiting(settings: Settings, tmp_path: Path) -> None:
    """More of them than the workers keep aside; an answer waits for none of them to end."""
    with serving(tmp_path, settings) as served, ExitStack() as stack:
        assert ask(served.port, "/connexion").status == 200  # who listens may not have a worker yet
        silent(stack, served.port, 200)
        for _ in range(5):
            began = time.monotonic()
            assert ask(served.port, "/connexion").status == 200
            assert time.monotonic() - began < worker.SILENCE / 2


def test_control_with_gunicorns_own_worker_two_of_them_stop_the_service(settings: Settings, tmp_path: Path) -> None:
    with serving(tmp_path, settings, program=(sys.executable, "-c", SYNC)) as served, ExitStack() as stack:
        silent(stack, served.port, 2)
        asking = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
        asking.sendall(b"GET /connexion HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        asking.settimeout(3)
        with pytest.raises(TimeoutError):
            asking.recv(1)


def test_nor_do_those_that_agreed_on_keys_and_then_say_nothing(settings: Settings, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    client = ssl.create_default_context(cafile=str(cert))
    with serving(tmp_path, settings, "--certfile", str(cert), "--keyfile", str(key)) as served, ExitStack() as stack:
        assert ask(served.port, "/connexion", tls=client).status == 200
        silent(stack, served.port, 2)
        began = time.monotonic()
        for _ in range(3):
            raw = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            stack.enter_context(client.wrap_socket(raw, server_hostname="127.0.0.1"))
        assert ask(served.port, "/connexion", tls=client).status == 200
        assert time.monotonic() - began < worker.PATIENCE, "a worker that reads from one of them reads until its patience ends"


def test_a_request_that_comes_in_pieces_is_answered(settings: Settings, tmp_path: Path) -> None:
    with serving(tmp_path, settings) as served, socket.create_connection(("127.0.0.1", served.port)) as slow:
        for piece in (b"GET /conn", b"exion HTTP/1.1\r\nHo", b"st: 127.0.0.1\r\n\r\n"):
            time.sleep(0.3)
            slow.sendall(piece)
        assert b" 200 " in slow.recv(100)
