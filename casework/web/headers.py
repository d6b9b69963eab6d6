"""The headers of every answer, and one line in the log for each: method, route and status, never an address typed by somebody."""

import logging
import secrets
import time

from flask import Flask, Response, current_app, g, request

log = logging.getLogger("casework.access")

FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS = ", ".join(f"{feature}=()" for feature in FEATURES)
TWO_YEARS = 63_072_000  # seconds


def install(app: Flask) -> None:
    """Write the headers and the log line of every answer."""
    app.before_request(_start)
    app.after_request(_finish)


def nonce() -> str:
    """This answer's nonce, for its one style sheet and one script."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    found: str = g.nonce
    return found


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    _protect(response)
    spent = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    log.info("%s %s %d %.1f ms", request.method, request.url_rule or "-", response.status_code, spent)
    return response


def _protect(response: Response) -> None:
    head = response.headers
    head["Content-Security-Policy"] = _policy()
    head["X-Content-Type-Options"] = "nosniff"
    head["X-Frame-Options"] = "DENY"
    head["Referrer-Policy"] = "same-origin"  # Flask-WTF compares the Referer over HTTPS; no other site ever gets one
    head["Cross-Origin-Opener-Policy"] = "same-origin"
    head["Cross-Origin-Resource-Policy"] = "same-origin"
    head["Permissions-Policy"] = PERMISSIONS
    head["X-Robots-Tag"] = "noindex, nofollow"
    head.setdefault("Cache-Control", "no-store")
    if current_app.config["CASEWORK_SECURE"]:
        head["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"


def _policy() -> str:
    """Nothing but our own sheet and scripts, by nonce, pictures from here, and drafts sent to here."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce()}'; style-src 'nonce-{nonce()}'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
