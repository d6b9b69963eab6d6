"""Guards around every test: the network stays on this machine, and no real instance is within reach."""

import os
import sys
from typing import Any

LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104  # names to compare with, nothing is bound


class NetworkBlocked(RuntimeError):
    """A test tried to leave this machine."""


def keep_at_home(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook that lets sockets reach this machine only. Raises NetworkBlocked before anything is sent."""
    if event == "socket.connect":
        host = args[1][0] if isinstance(args[1], tuple) else ""  # a string is the path of a unix socket
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name not in LOCAL_HOSTS and not name.startswith("127."):
        raise NetworkBlocked(f"tests stay on this machine; this one asked for {name!r}")


def forget_instance() -> None:
    """Take away the settings of whoever starts the tests: no test may find a real instance through them."""
    for name in [name for name in os.environ if name.startswith("CASEWORK_") and name != "CASEWORK_CHROMIUM"]:
        del os.environ[name]


def install() -> None:
    """Set the guards for the life of this process: an audit hook cannot be taken away again."""
    forget_instance()
    sys.addaudithook(keep_at_home)
