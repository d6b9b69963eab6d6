"""gunicorn as this house wants it: configured in code, silent about what people type, each worker with an instance of its own."""

import gc
import logging
import os
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from casework.charter import Charter
from casework.cli.worker import Patient
from casework.config import Config
from casework.services import Instance
from casework.web import create_app

SETTINGS: Mapping[str, Any] = {
    "worker_class": Patient,  # one request at a time in a process: nothing of two people is ever in one memory at once
    "preload_app": False,
    "do_handshake_on_connect": True,  # keys are agreed on before anything is read: who has them and is silent can wait aside
    "timeout": 60,  # seconds; the longest wait of a request is 5 s for a lock
    "graceful_timeout": 30,
    "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108  # heartbeats on a disk can block a worker
    "umask": 0o077,
    "limit_request_line": 2048,
    "limit_request_fields": 64,
    "limit_request_field_size": 4096,
    "forwarded_allow_ips": "",  # casework.web.proxy decides whom to believe
    "control_socket_disable": True,
    "accesslog": None,  # casework.access writes it: method, route and status, never an address somebody typed
    "errorlog": "-",
    "loglevel": "warning",
    "proc_name": "casework",
}


class Server(BaseApplication):  # type: ignore[misc, unused-ignore]  # gunicorn ships no types
    """One instance, served by a few processes."""

    def __init__(self, config: Config, law: Charter, settings: Mapping[str, Any]) -> None:
        self._config = config
        self._law = law
        self._settings = {**SETTINGS, **settings, "logger_class": QuietLogger, "post_worker_init": _unsigned}
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn: settings from here alone, no file and no environment variable."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Called by gunicorn in each worker, after the fork."""
        app = create_app(Instance.open(self._config, law=self._law))
        settle()
        return app


class QuietLogger(Logger):  # type: ignore[misc, unused-ignore]  # the same
    """gunicorn's own lines, without what they quote: addresses typed, header values, texts of exceptions."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """A refused request is only counted."""
        if msg.startswith("Invalid request"):
            super().warning("A request that is not HTTP, or too long, was refused.")
        else:
            super().warning(msg, *args, **kwargs)

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """What kind of error, and where it arose."""
        kind, _, trace = sys.exc_info()
        steps = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-8:]]
        self.error("%s at %s", kind.__name__ if kind else "Error", " < ".join(reversed(steps)))


class _Unsigned(wsgi.Response):  # type: ignore[misc, unused-ignore]  # the same
    """An answer that does not say which server wrote it."""

    def default_headers(self) -> list[str]:
        """Status line, Date and Connection."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]


def settle() -> None:
    """Take what stands since the start out of the garbage collector's rounds: a request should not pay for walking it."""
    gc.collect()
    gc.freeze()


def run(config: Config, law: Charter, settings: Mapping[str, Any]) -> None:
    """Serve until a signal ends it. Never returns: gunicorn leaves by SystemExit. law: the charter, which no worker reads again."""
    os.umask(0o077)
    _log()
    settle()  # before the workers are made: they share what stands, and walk only what is their own
    Server(config, law, settings).run()


def _unsigned(_worker: object) -> None:
    wsgi.Response = _Unsigned


def _log() -> None:
    """The house's lines to standard error, in UTC."""
    handler = logging.StreamHandler()
    formatter = logging.Formatter("%(asctime)sZ %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    house = logging.getLogger("casework")
    house.handlers = [handler]
    house.setLevel(logging.INFO)
    house.propagate = False
