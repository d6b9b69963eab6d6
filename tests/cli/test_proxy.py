"""Whom the application believes about where a request comes from: a proxy on this machine, one hop, and nobody else."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client, EnvironBuilder

from casework.web.proxy import LocalProxy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FORWARDED = [
    ("X-Forwarded-For", "198.51.100.1, 192.0.2.9"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Host", "evil.example"),
]


def echo(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    """What the application would believe."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']} {environ['HTTP_HOST']}".encode()]


def believed(*, secure: bool, scheme: str, peer: str) -> str:
    """The answer to a request with forwarded headers."""
    builder = EnvironBuilder(base_url=f"{scheme}://casework.example", headers=FORWARDED, environ_overrides={"REMOTE_ADDR": peer})
    return Client(LocalProxy(echo, secure=secure)).open(builder).get_data(as_text=True)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_a_proxy_on_this_machine_is_believed_one_hop(peer: str) -> None:
    """The last address it names, and never a host."""
    assert believed(secure=True, scheme="http", peer=peer) == "https 192.0.2.9 casework.example"


@pytest.mark.parametrize(
    ("secure", "scheme", "peer"),
    [(True, "http", "192.0.2.1"), (True, "http", ""), (True, "https", "127.0.0.1"), (False, "http", "127.0.0.1")],
)
def test_nobody_else_is(secure: bool, scheme: str, peer: str) -> None:
    """A stranger, no address at all, a TLS connection of our own, a demonstration on loopback."""
    assert believed(secure=secure, scheme=scheme, peer=peer) == f"{scheme} {peer} casework.example"
