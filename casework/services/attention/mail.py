"""Plain e-mail to professionals, through one configured relay, or into a folder for the demo. It never raises and never takes long.

What may be written is the caller's to keep: no name of a followed person, no number, no motive. Without configuration nothing is sent.
"""

import logging
import smtplib
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from casework.config import Config
from casework.errors import ConfigurationError
from casework.models.base import new_id

PATIENCE = 4.0
"""Seconds for one step of the conversation with the relay."""
AT_MOST = 10.0
"""Seconds after which the rest is given up: somebody waits in front of a page."""

log = logging.getLogger("casework.mail")


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one person. calendar: an iCalendar file, or nothing."""

    to: str
    subject: str
    text: str
    calendar: bytes = b""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of some messages. ready: there is a way to send at all."""

    sent: int = 0
    failed: int = 0
    ready: bool = True


def ready(config: Config) -> bool:
    """Whether this instance can send anything."""
    return bool(config.mail.relay or config.mail.folder)


def post(config: Config, messages: Sequence[Message], *, at: datetime) -> Posted:
    """Send these messages over one connection. at: the moment that stands in them."""
    if not ready(config):
        return Posted(0, 0, ready=False)
    written = [made for each in messages if (made := _written(config, each, at)) is not None]
    wrong = len(messages) - len(written)
    if not written:
        return Posted(0, wrong)
    done = _relayed(config, written) if config.mail.relay else _put_down(config.mail.folder, written)
    return Posted(done.sent, done.failed + wrong)


def _relayed(config: Config, written: Sequence[EmailMessage]) -> Posted:
    sent, deadline = 0, time.monotonic() + AT_MOST
    try:
        with _connection(config) as relay:
            for each in written:
                if time.monotonic() > deadline:
                    break
                try:
                    relay.send_message(each)
                    sent += 1
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError):
                    continue  # this address only
    except (OSError, smtplib.SMTPException, ConfigurationError) as problem:
        log.warning("mail: the relay did not take everything (%s)", type(problem).__name__)
    return Posted(sent, len(written) - sent)


def _connection(config: Config) -> smtplib.SMTP:
    """A connection that is encrypted before anything is said. Raises OSError, SMTPException or ConfigurationError."""
    mail, trusted = config.mail, ssl.create_default_context()
    if mail.security == "tls":
        relay: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=PATIENCE, context=trusted)
    else:
        relay = smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE)
        if mail.security == "starttls":
            relay.starttls(context=trusted)
    if mail.user:
        relay.login(mail.user, mail.password)
    return relay


def _put_down(folder: Path | None, written: Sequence[EmailMessage]) -> Posted:
    """One .eml file for each, in a folder of our own: what the demo town sends."""
    sent = 0
    try:
        assert folder is not None  # noqa: S101 - asked by `ready`
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in written:
            (folder / f"{new_id()}.eml").write_bytes(each.as_bytes(policy=SMTP))
            sent += 1
    except OSError as problem:
        log.warning("mail: the folder did not take everything (%s)", type(problem).__name__)
    return Posted(sent, len(written) - sent)


def _written(config: Config, message: Message, at: datetime) -> EmailMessage | None:
    """None for an address or a subject that is none: a line end in it would begin another header."""
    made = EmailMessage(policy=SMTP)
    try:
        made["From"], made["To"], made["Subject"] = config.mail.sender, message.to, message.subject
    except ValueError as problem:
        log.warning("mail: a message could not be written (%s)", type(problem).__name__)
        return None
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{new_id()}@{config.mail.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.text)
    if message.calendar:
        made.add_attachment(message.calendar, maintype="text", subtype="calendar", filename="convocation.ics")
    return made
