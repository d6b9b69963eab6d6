"""Where an instance lives and which secrets it holds. Settings come from the environment, secrets only from files.

| setting | meaning |
|---|---|
| `CASEWORK_INSTANCE` | the instance's directory |
| `CASEWORK_DATABASE_URL` | SQLite (default: `casework.db` inside the instance) or `postgresql+psycopg://…` |
| `CASEWORK_RUNTIME_DIR` | where sessions live: on tmpfs, never backed up |
| `CASEWORK_PUBLIC_URL` | the address people type; `https://…`, or `http://` on loopback only |
| `CASEWORK_PEPPER_FILE`, `CASEWORK_WEB_SECRET_FILE` | files that hold the secrets, default `secrets/…` in the instance |
| `CASEWORK_SMTP` | the relay that sends e-mail, as host:port; without it nothing is sent |
| `CASEWORK_SMTP_SECURITY` | `starttls` (default), `tls`, or `none` for a relay on this machine |
| `CASEWORK_SMTP_USER`, `CASEWORK_SMTP_PASSWORD_FILE` | how to sign in to the relay, where it asks |
| `CASEWORK_MAIL_FROM` | the sender's address |
| `CASEWORK_MAIL_FOLDER` | a folder that gets .eml files where there is no relay: the demo town |
"""

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casework.errors import ConfigurationError

SECRET_BYTES = 32
DEFAULT_PUBLIC_URL = "http://127.0.0.1:8000"
DEFAULT_SENDER = "casework@localhost"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SECURITIES = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class Mail:
    """How e-mail leaves: through a relay, else into a folder, else not at all."""

    relay: str = ""
    security: str = "starttls"
    user: str = ""
    password_file: Path | None = None
    sender: str = DEFAULT_SENDER
    folder: Path | None = None

    @property
    def host(self) -> str:
        """The relay's name."""
        return self.relay.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The relay's port."""
        return int(self.relay.rpartition(":")[2])

    @property
    def domain(self) -> str:
        """What stands behind the @ of the sender."""
        return self.sender.rpartition("@")[2]

    @property
    def password(self) -> str:
        """The relay's password, read when asked for. Raises ConfigurationError when it is missing or readable by others."""
        if self.password_file is None:
            raise ConfigurationError("Set CASEWORK_SMTP_PASSWORD_FILE to the file that holds the relay's password.")
        try:
            mode, text = self.password_file.stat().st_mode, self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigurationError(f"The relay's password {self.password_file} cannot be read.") from problem
        if stat.S_IMODE(mode) & 0o077:
            raise ConfigurationError(f"The relay's password {self.password_file} can be read by others: run chmod 600.")
        return text


@dataclass(frozen=True, slots=True)
class Config:
    """One instance's settings. Secrets are read when asked for and never kept in this object."""

    instance: Path
    database_url: str
    runtime_dir: Path
    public_url: str
    pepper_file: Path
    web_secret_file: Path
    mail: Mail = field(default_factory=Mail)

    @property
    def pepper(self) -> bytes:
        """32 bytes mixed into every passphrase key, kept outside the database and its backups."""
        return read_secret(self.pepper_file)

    @property
    def web_secret(self) -> bytes:
        """32 bytes that sign the CSRF cookie."""
        return read_secret(self.web_secret_file)

    @property
    def policies_cache(self) -> Path:
        """Where the decision table is cached."""
        return self.instance / "cache"

    @property
    def saved_head(self) -> Path:
        """The last ledger head that was verified on this machine."""
        return self.instance / "ledger-head.json"


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Settings from the environment. Raises ConfigurationError with a sentence that says what to do."""
    env = os.environ if environ is None else environ
    if not env.get("CASEWORK_INSTANCE"):
        raise ConfigurationError("Set CASEWORK_INSTANCE to the instance's directory, for instance var/demo.")
    instance = Path(env["CASEWORK_INSTANCE"]).resolve()
    database_url = env.get("CASEWORK_DATABASE_URL") or f"sqlite:///{instance / 'casework.db'}"
    if not database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("CASEWORK_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
    return Config(
        instance=instance,
        database_url=database_url,
        runtime_dir=Path(env.get("CASEWORK_RUNTIME_DIR") or _default_runtime_dir(instance)),
        public_url=(env.get("CASEWORK_PUBLIC_URL") or DEFAULT_PUBLIC_URL).rstrip("/"),
        pepper_file=Path(env.get("CASEWORK_PEPPER_FILE") or instance / "secrets" / "pepper"),
        web_secret_file=Path(env.get("CASEWORK_WEB_SECRET_FILE") or instance / "secrets" / "web"),
        mail=_mail(env),
    )


def _mail(env: Mapping[str, str]) -> Mail:
    """Raises ConfigurationError for a relay that cannot be reached as it is written, or that would hear everything in the clear."""
    relay, security = env.get("CASEWORK_SMTP") or "", env.get("CASEWORK_SMTP_SECURITY") or "starttls"
    password, folder = env.get("CASEWORK_SMTP_PASSWORD_FILE"), env.get("CASEWORK_MAIL_FOLDER")
    mail = Mail(
        relay=relay,
        security=security,
        user=env.get("CASEWORK_SMTP_USER") or "",
        password_file=Path(password) if password else None,
        sender=env.get("CASEWORK_MAIL_FROM") or DEFAULT_SENDER,
        folder=Path(folder).resolve() if folder else None,
    )
    if relay and not (mail.host and relay.rpartition(":")[2].isdecimal()):
        raise ConfigurationError("CASEWORK_SMTP must be a host and a port, for instance relay:587.")
    if security not in SECURITIES or (relay and security == "none" and mail.host not in LOOPBACK):
        raise ConfigurationError("CASEWORK_SMTP_SECURITY must be starttls or tls; none is for a relay on this machine.")
    if "@" not in mail.sender or any(sign.isspace() for sign in mail.sender):
        raise ConfigurationError("CASEWORK_MAIL_FROM must be an address.")
    return mail


def _default_runtime_dir(instance: Path) -> Path:
    """A private folder on tmpfs, one for each instance directory."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/dev/shm")  # noqa: S108 - tmpfs is the point; the folder is made 0700 and its owner checked
    if not base.is_dir():
        raise ConfigurationError("There is no tmpfs at /dev/shm: set CASEWORK_RUNTIME_DIR to a folder that is never backed up.")
    name = str(instance).strip("/").replace("/", "-")
    return base / f"casework-{os.getuid()}" / name


def private_dir(path: Path) -> Path:
    """Make `path` a folder only we can enter (0700). Raises ConfigurationError when it belongs to somebody else."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.stat()
    if found.st_uid != os.getuid():
        raise ConfigurationError(f"{path} belongs to another user: choose another folder.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o700)
    return path


def read_secret(path: Path) -> bytes:
    """The 32 bytes written in hex in `path`. Raises ConfigurationError when missing, readable by others, or weak."""
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigurationError(f"The secret {path} cannot be read: {_how_to_make(path)}") from problem
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigurationError(f"The secret {path} can be read by others: run chmod 600 {path}.")
    try:
        secret = bytes.fromhex(text)
    except ValueError as problem:
        raise ConfigurationError(f"The secret {path} is not hexadecimal: {_how_to_make(path)}") from problem
    if len(secret) < SECRET_BYTES or len(set(secret)) < SECRET_BYTES // 2:
        raise ConfigurationError(f"The secret {path} is too weak: {_how_to_make(path)}")
    return secret


def make_secret(path: Path) -> None:
    """Write a fresh secret (hex, 0600). Raises FileExistsError rather than replace one: that would lock everybody out."""
    private_dir(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(SECRET_BYTES) + "\n")


def _how_to_make(path: Path) -> str:
    return f"make one with (umask 077; openssl rand -hex {SECRET_BYTES} > {path})."
