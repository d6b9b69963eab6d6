"""The server as it runs: what it answers, what it writes down, how it ends, and whom it believes."""

import http.client
import os
import signal
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from casework.cli.serve import Address, config_for
from casework.errors import ConfigurationError
from tests.cli.conftest import Settings
from tests.cli.process import serving

CANARY = "Quibérac-Canari".encode().hex()


def ask(port: int, path: str, headers: dict[str, str] | None = None, tls: ssl.SSLContext | None = None) -> http.client.HTTPResponse:
    """One GET."""
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=tls) if tls else http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_it_serves_says_little_and_ends_well(settings: Settings, tmp_path: Path) -> None:
    """The sign-in page, no Server header, no typed address in the log, a line for each answer, exit 0 on SIGTERM."""
    with serving(tmp_path, settings) as served:
        answer = ask(served.port, f"/connexion?nom={CANARY}")
        assert answer.status == 200
        assert answer.getheader("Server") is None
        assert answer.getheader("Date") is not None
        cookie = answer.getheader("Set-Cookie") or ""
        assert cookie.startswith("csrf=")
        assert ask(served.port, f"/{CANARY}").status in {303, 404}
        assert ask(served.port, "/" + CANARY * 200).status == 414
        with socket.create_connection(("127.0.0.1", served.port)) as raw:
            raw.sendall(f"{CANARY} is not HTTP\r\n\r\n".encode())
            assert b" 400 " in raw.recv(200)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=60) == 0
        said = served.said()
    assert f"http://127.0.0.1:{served.port}" in said
    assert "casework.access GET /connexion 200" in said
    assert "refused" in said
    assert CANARY not in said
    assert "Traceback" not in said


def test_a_worker_that_dies_is_replaced(settings: Settings, tmp_path: Path) -> None:
    """Each worker opens an instance of its own, so the next one can."""
    with serving(tmp_path, settings, "--workers", "1") as served:
        assert ask(served.port, "/connexion").status == 200  # who listens may not have a worker yet
        children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text(encoding="ascii").split()
        assert len(children) == 1
        os.kill(int(children[0]), signal.SIGKILL)
        assert ask(served.port, "/connexion").status == 200


def test_it_speaks_https_itself(settings: Settings, tmp_path: Path) -> None:
    """Cookies carry the __Host- prefix; a forwarded header on a TLS connection is nobody's word."""
    cert, key = certificate(tmp_path)
    tls = ssl.create_default_context(cafile=str(cert))
    with serving(tmp_path, settings, "--certfile", str(cert), "--keyfile", str(key)) as served:
        answer = ask(served.port, "/connexion", {"X-Forwarded-Proto": "http"}, tls)
        assert answer.status == 200
        assert (answer.getheader("Set-Cookie") or "").startswith("__Host-csrf=")
        assert answer.getheader("Strict-Transport-Security") is not None


def test_behind_a_proxy_on_this_machine(settings: Settings, tmp_path: Path) -> None:
    """With an https public address: what came to the proxy as HTTPS is served, what came as plain HTTP is refused."""
    public = settings | {"CASEWORK_PUBLIC_URL": "https://casework.example"}
    with serving(tmp_path, public) as served:
        host = {"Host": "casework.example", "X-Forwarded-For": "192.0.2.9"}
        secure = ask(served.port, "/connexion", host | {"X-Forwarded-Proto": "https"})
        assert secure.status == 200
        assert (secure.getheader("Set-Cookie") or "").startswith("__Host-csrf=")
        assert ask(served.port, "/connexion", host | {"X-Forwarded-Proto": "http"}).status == 403
        assert ask(served.port, "/connexion", host | {"Host": "other.example", "X-Forwarded-Proto": "https"}).status == 400


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert_file, key_file


@pytest.mark.parametrize(
    ("address", "public", "expected"),
    [
        (Address(port=8080), None, "http://127.0.0.1:8080"),
        (Address("::1", 8080), None, "http://[::1]:8080"),
        (Address("127.0.0.1", 443, Path("c"), Path("k")), None, "https://127.0.0.1:443"),
        (Address(), "https://casework.example", "https://casework.example"),
        (Address("192.0.2.7", 443, Path("c"), Path("k")), "https://casework.example/", "https://casework.example"),
    ],
)
def test_the_public_address_follows_where_it_listens(address: Address, public: str | None, expected: str, tmp_path: Path) -> None:
    """Unless somebody said otherwise."""
    environ = {"CASEWORK_INSTANCE": str(tmp_path)} | ({"CASEWORK_PUBLIC_URL": public} if public else {})
    assert config_for(address, environ).public_url == expected


@pytest.mark.parametrize("host", ["::", "192.0.2.7", "localhost.example", "127.0.0.1.example"])
def test_plain_http_stays_on_this_machine(host: str, tmp_path: Path) -> None:
    """Whatever the public address says."""
    with pytest.raises(ConfigurationError, match="Plain HTTP"):
        config_for(Address(host), {"CASEWORK_INSTANCE": str(tmp_path), "CASEWORK_PUBLIC_URL": "https://casework.example"})


def test_without_an_instance_there_is_no_address(tmp_path: Path) -> None:
    """The settings are read as everywhere else."""
    with pytest.raises(ConfigurationError, match="CASEWORK_INSTANCE"):
        config_for(Address(), {})
