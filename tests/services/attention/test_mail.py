"""E-mail through a relay of this machine: what it hears, and what becomes of an address it refuses."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.config import Config, Mail, load_config
from casework.errors import ConfigurationError
from casework.services.attention.mail import Message, Posted, post

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BASE = {"CASEWORK_INSTANCE": "/nowhere"}


class _Talk(socketserver.StreamRequestHandler):
    """As much of SMTP as a relay needs to say."""

    def handle(self) -> None:
        """One connection."""
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT" and "refused@" in line:
                self._say("550 no such person")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.heard.append(b"".join(iter(self.rfile.readline, b".\r\n")))  # type: ignore[attr-defined]  # set below
                self._say("250 taken")
            else:
                self._say("221 bye" if verb == "QUIT" else "250 fine")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def relay() -> Iterator[socketserver.ThreadingTCPServer]:
    """A relay; `heard`: the messages it took."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.heard = []  # type: ignore[attr-defined]  # what the handler fills
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def through(relay: socketserver.ThreadingTCPServer) -> Config:
    """Settings that name this relay."""
    return replace(load_config(BASE), mail=Mail(relay=f"127.0.0.1:{relay.server_address[1]}", security="none"))


def test_a_relay_hears_the_text_and_the_calendar(relay: socketserver.ThreadingTCPServer) -> None:
    """One message each; an address that is refused stops no other and is counted."""
    people = ("a@example.org", "refused@example.org", "b@example.org")
    messages = [Message(each, "Convocation : cellule", "Bonjour,\nMardi.", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") for each in people]
    assert post(through(relay), messages, at=AT) == Posted(2, 1)
    heard: list[bytes] = relay.heard  # type: ignore[attr-defined]  # set by the fixture
    assert len(heard) == 2
    assert b"To: a@example.org" in heard[0]
    assert b"text/calendar" in heard[0]


def test_without_a_relay_nothing_is_sent() -> None:
    """And it says that there is no way."""
    assert post(load_config(BASE), [Message("a@example.org", "x", "y")], at=AT) == Posted(0, 0, ready=False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"CASEWORK_SMTP": "relay"},
        {"CASEWORK_SMTP": "relay:587", "CASEWORK_SMTP_SECURITY": "none"},
        {"CASEWORK_SMTP": "relay:587", "CASEWORK_SMTP_SECURITY": "perhaps"},
        {"CASEWORK_MAIL_FROM": "nobody"},
    ],
)
def test_a_relay_that_would_hear_everything_in_the_clear_stops_the_start(wrong: dict[str, str]) -> None:
    """No port, no encryption, no address: a sentence that says what to do. Control: encrypted, it is taken."""
    with pytest.raises(ConfigurationError):
        load_config(BASE | wrong)
    assert load_config(BASE | {"CASEWORK_SMTP": "relay:587"}).mail.security == "starttls"


def test_a_password_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Control: mode 0600 is read."""
    path = tmp_path / "password"
    path.write_text("mot\n")
    path.chmod(0o644)
    with pytest.raises(ConfigurationError):
        _ = Mail(password_file=path).password
    path.chmod(0o600)
    assert Mail(password_file=path).password == "mot"
