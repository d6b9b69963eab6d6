"""A worker that a silent connection keeps from nobody: it waits aside until it says something.

Browsers open connections ahead and leave them silent for ten seconds and more. gunicorn's own `sync` worker reads from what it accepted
until bytes come, so that as many silent connections as there are workers stop the whole service. Here one process still answers one
request at a time; only who speaks is read from.
"""

import select
import time
from typing import Any

from gunicorn import http, util
from gunicorn import sock as tls
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.sync import SyncWorker

SILENCE = 30
"""Seconds that a connection may be open without a word."""

PATIENCE = 10
"""Seconds that a request may pause in its middle, or an answer may wait to be read."""

ASIDE = 64
"""Silent connections a worker keeps; one more, and the oldest goes."""


class Patient(SyncWorker):  # type: ignore[misc, unused-ignore]  # gunicorn ships no types
    """One request at a time; whoever connects and says nothing is looked at again when they do."""

    def run(self) -> None:
        """Called by gunicorn: until it is told to stop."""
        self._silent: dict[Any, tuple[Any, Any, float]] = {}  # connection -> where it came in, from whom, until when
        for listener in self.sockets:
            listener.setblocking(False)
        while self.alive and self.is_parent_alive():
            self.notify()
            for ready in self._ready():
                if ready in self._silent:
                    self._listen(ready)
                elif ready in self.sockets:
                    self._take_in(ready)
            self._send_away()

    def _ready(self) -> list[Any]:
        """Who connects, who speaks; nobody after a second."""
        decrypted = [each for each in self._silent if isinstance(each, tls.ssl.SSLSocket) and each.pending()]
        try:
            heard = select.select([self.PIPE[0], *self.sockets, *self._silent], [], [], 0 if decrypted else 1)[0]
        except OSError:  # a signal
            return decrypted
        if self.PIPE[0] in heard:
            self.wait(0)  # empties it: a signal wakes us once
        return [*decrypted, *(each for each in heard if each not in decrypted)]

    def _take_in(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except OSError:  # another worker was first, or they have gone
            return
        util.close_on_exec(client)
        client.settimeout(PATIENCE)
        self._aside(client, listener, address)

    def _aside(self, client: Any, listener: Any, address: Any) -> None:
        self._silent[client] = (listener, address, time.monotonic() + SILENCE)
        if len(self._silent) > ASIDE:
            oldest = next(iter(self._silent))
            del self._silent[oldest]
            oldest.close()

    def _listen(self, client: Any) -> None:
        """They speak: agree on keys first, where it is HTTPS, and wait aside again; else answer."""
        listener, address, _ = self._silent.pop(client)
        if self.cfg.is_ssl and not isinstance(client, tls.ssl.SSLSocket):
            try:
                self._aside(tls.ssl_wrap_socket(client, self.cfg), listener, address)
            except OSError:  # no TLS, or not ours
                client.close()
            return
        self._answer(client, listener, address)

    def _answer(self, client: Any, listener: Any, address: Any) -> None:
        request = None
        try:
            request = next(http.get_parser(self.cfg, client, address))
            self.handle_request(listener, request, client, address)
        except (NoMoreData, StopIteration, OSError):  # they left, or took too long
            pass
        except BaseException as problem:  # noqa: BLE001  # gunicorn answers 400 or 500 and writes its line
            self.handle_error(request, client, address, problem)
        finally:
            util.close_graceful(client)

    def _send_away(self) -> None:
        """Who was silent for too long."""
        now = time.monotonic()
        for client in [each for each, (_, _, until) in self._silent.items() if until < now]:
            del self._silent[client]
            client.close()
