"""A reverse proxy on this machine, believed one hop deep and under three conditions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from casework.web.cookies import is_loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class LocalProxy:
    """Takes X-Forwarded-For and X-Forwarded-Proto, one hop, when all three hold: the public address is HTTPS, this connection is plain,
    and its other end is this machine. From anybody else they are words, and are ignored.
    """

    def __init__(self, app: "WSGIApplication", *, secure: bool) -> None:
        self._app = app
        self._forwarded = ProxyFix(app, x_for=1, x_proto=1, x_host=0, x_port=0, x_prefix=0)
        self._secure = secure

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """WSGI."""
        proxied = self._secure and environ["wsgi.url_scheme"] == "http" and is_loopback(environ.get("REMOTE_ADDR"))
        return (self._forwarded if proxied else self._app)(environ, start_response)
