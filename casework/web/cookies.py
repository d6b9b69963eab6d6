"""The two cookies and how they are guarded.

`sid` holds the session secret: it is the other half of the key in the session store, so nobody but the browser keeps it.
`csrf` is Flask's own signed cookie: the CSRF token, codes of notices, and the path asked for before signing in.
"""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request

from casework.errors import ConfigurationError

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


def settings(public_url: str) -> dict[str, Any]:
    """Flask's cookie and host settings for this public address.

    Over HTTPS both cookies carry the `__Host-` prefix: Secure, Path=/, no Domain, so that no neighbouring host can plant one.
    Raises ConfigurationError for plain HTTP outside loopback.
    """
    secure, host = _scheme_and_host(public_url)
    return {
        "CASEWORK_SECURE": secure,
        "CASEWORK_SID": "__Host-sid" if secure else "sid",
        "TRUSTED_HOSTS": [host] if secure else list(LOOPBACK_NAMES),
        "SESSION_COOKIE_NAME": "__Host-csrf" if secure else "csrf",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        # Lax, not Strict: arriving by a link must keep this cookie, or the answer would replace it and break the forms of other tabs.
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "REMEMBER_COOKIE_NAME": "__Host-never" if secure else "never",  # no remember-me: no cookie of that name is ever made
    }


def _scheme_and_host(public_url: str) -> tuple[bool, str]:
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return True, host
    if parts.scheme == "http" and host in LOOPBACK_NAMES:
        return False, host
    raise ConfigurationError("CASEWORK_PUBLIC_URL must be https://…, or http:// on 127.0.0.1 for a demonstration on this machine.")


def is_loopback(address: str | None) -> bool:
    """Whether the other end is this machine."""
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def session_secret() -> str | None:
    """The session secret the browser sent, if any."""
    return request.cookies.get(current_app.config["CASEWORK_SID"]) or None


def give_secret(response: Response, secret: str) -> None:
    """Hand the session secret to the browser, until it closes or the server ends the session.

    SameSite=Strict: opening a dossier writes a line in somebody's name, so a link in a mail or on another site must never do it.
    """
    response.set_cookie(
        current_app.config["CASEWORK_SID"], secret, secure=current_app.config["CASEWORK_SECURE"], httponly=True, samesite="Strict", path="/"
    )


def take_secret(response: Response) -> None:
    """Make the browser forget the session secret."""
    response.delete_cookie(
        current_app.config["CASEWORK_SID"], secure=current_app.config["CASEWORK_SECURE"], httponly=True, samesite="Strict", path="/"
    )
