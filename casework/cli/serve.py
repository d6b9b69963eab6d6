"""`casework serve`: checks everything first, then serves. Plain HTTP never leaves this machine."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import click

from casework.charter import Charter
from casework.cli import server
from casework.cli.db import require_head
from casework.config import Config, load_config
from casework.errors import ConfigurationError
from casework.services import Instance
from casework.services.instance import read_instance_file
from casework.web import create_app

PUBLIC_URL = "CASEWORK_PUBLIC_URL"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens. With a certificate and its key it speaks HTTPS."""

    host: str = "127.0.0.1"
    port: int = 8000
    certfile: Path | None = None
    keyfile: Path | None = None

    @property
    def secure(self) -> bool:
        """Whether it speaks HTTPS itself."""
        return self.certfile is not None

    @property
    def netloc(self) -> str:
        """host:port as in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """What people type when nobody said otherwise."""
        return f"{'https' if self.secure else 'http'}://{self.netloc}"


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, envvar="PORT", show_envvar=True, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes; about one for each core.")
@click.option("--certfile", type=FILE, help="Certificate chain (PEM), to speak HTTPS without a proxy.")
@click.option("--keyfile", type=FILE, help="Its private key (PEM).")
def command(host: str, port: int, workers: int, certfile: Path | None, keyfile: Path | None) -> None:
    """Serve the instance until Ctrl-C."""
    serve(host=host, port=port, workers=workers, certfile=certfile, keyfile=keyfile)


def serve(
    *, host: str = "127.0.0.1", port: int = 8000, workers: int = 2, certfile: Path | None = None, keyfile: Path | None = None
) -> None:
    """Serve the instance that the environment names, until a signal ends it; never returns. Raises as `config_for` and `run` do."""
    address = Address(host, port, certfile, keyfile)
    run(config_for(address, os.environ), address, workers=workers)


def config_for(address: Address, environ: Mapping[str, str]) -> Config:
    """The settings, with the public address that fits where we listen.

    Raises ConfigurationError for plain HTTP on anything but loopback, or a public address that nobody could type.
    """
    if (address.certfile is None) != (address.keyfile is None):
        raise ConfigurationError("HTTPS needs both --certfile and --keyfile.")
    if not address.secure and not _loopback(address.host):
        raise ConfigurationError(
            f"Plain HTTP stays on this machine: give --certfile and --keyfile, or replace {address.host} by 127.0.0.1 behind a proxy."
        )
    public = environ.get(PUBLIC_URL)
    if not public and address.host in {"0.0.0.0", "::"}:  # noqa: S104  # compared with, not bound
        raise ConfigurationError(f"Set {PUBLIC_URL} to the address people type: {address.host} is none.")
    if public and address.secure and not public.startswith("https://"):
        raise ConfigurationError(f"{PUBLIC_URL} must begin with https:// when there is a certificate.")
    return load_config({**environ, PUBLIC_URL: public or address.url})


def run(config: Config, address: Address, *, workers: int = 2) -> None:
    """Serve until a signal ends it; never returns.

    Raises ConfigurationError, before anything listens, when an instance, a secret, the tables, the charter or a certificate is missing.
    """
    name, law = _rehearse(config)
    if address.certfile is not None:
        _check_certificate(address)
    click.echo(f"casework: {name}, {config.public_url} (Ctrl-C stops)")
    files = {"certfile": address.certfile, "keyfile": address.keyfile}
    settings = {"bind": [address.netloc], "workers": workers, **{name: str(file) for name, file in files.items() if file is not None}}
    server.run(config, law, settings)


def _rehearse(config: Config) -> tuple[str, Charter]:
    """Do once what every worker will do, where an error can still be one sentence. Returns the instance's name and its law."""
    read_instance_file(config.instance)
    require_head(config.database_url)
    instance = Instance.open(config)
    try:
        create_app(instance)
    finally:
        instance.close()
    return instance.name, instance.charter


def _check_certificate(address: Address) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(str(address.certfile), address.keyfile)
    except OSError as problem:  # ssl.SSLError is one of them
        raise ConfigurationError("The certificate and its key cannot be read, or do not fit: check --certfile and --keyfile.") from problem


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
