"""The guarded door: no request to a private address on a stranger's word."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpcore
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plein.town.door import Door, DoorClosed, is_private

PUBLIC = "93.184.216.34"


class Answers(BaseHTTPRequestHandler):
    """Says where it was asked, or sends the asker elsewhere."""

    def do_GET(self) -> None:
        moved = self.server.moved_to  # type: ignore[attr-defined]
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", moved)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def server(moved_to: str = "") -> Iterator[int]:
    """Serve on a loopback port."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.moved_to = moved_to  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield made.server_port
    finally:
        made.shutdown()
        made.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1",
        "2002:7f00:1::", "64:ff9b::10.0.0.1", "2001:db8::1", "fec0::1", "192.88.99.1", "::ffff:192.88.99.1",
    ],
)  # fmt: skip
def test_an_address_of_our_own_network_is_private_in_every_spelling(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34"])
def test_an_address_of_the_world_is_not_private(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_no_spelling_of_loopback_is_let_through(host: str) -> None:
    with server() as port, Door().client() as client, pytest.raises((DoorClosed, httpx.InvalidURL)):
        client.get(f"http://{host}:{port}/")


def test_a_redirect_to_loopback_is_refused_although_the_first_address_was_allowed() -> None:
    with server() as secret, server(moved_to=f"http://127.0.0.1:{secret}/") as first:
        door = Door(frozenset({f"127.0.0.1:{first}"}))
        with door.client(follow_redirects=True) as client, pytest.raises(DoorClosed):
            client.get(f"http://127.0.0.1:{first}/")


def test_a_redirect_to_another_scheme_is_refused() -> None:
    with server(moved_to="file:///etc/passwd") as first:
        door = Door(frozenset({f"127.0.0.1:{first}"}))
        with door.client(follow_redirects=True) as client, pytest.raises(httpx.UnsupportedProtocol):
            client.get(f"http://127.0.0.1:{first}/")


def test_an_address_that_an_administrator_allowed_is_reached() -> None:
    with server() as port, Door(frozenset({f"127.0.0.1:{port}"})).client() as client:
        assert client.get(f"http://127.0.0.1:{port}/").text == "ok"


def test_what_is_allowed_on_one_port_is_not_allowed_on_another() -> None:
    with server() as port, Door(frozenset({f"127.0.0.1:{port + 1}"})).client() as client, pytest.raises(DoorClosed):
        client.get(f"http://127.0.0.1:{port}/")


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Answer every question for stranger.example with the next of these; return what was asked."""
    left, asked, real = list(answers), [], socket.getaddrinfo

    def getaddrinfo(host, port, *args, **options):
        if host != "stranger.example":
            return real(host, port, *args, **options)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in left.pop(0).split()]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_that_changes_between_check_and_connection_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolver(monkeypatch, PUBLIC, "127.0.0.1", "127.0.0.1")
    reached: list[str] = []

    def connect(self, host: str, *args: object, **options: object) -> None:
        reached.append(host)
        raise httpcore.ConnectError("not in a test")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with Door().client() as client, pytest.raises(httpx.ConnectError):
        client.get("http://stranger.example/")
    assert reached == [PUBLIC]
    assert len(asked) == 1


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, f"{PUBLIC} 10.0.0.1")
    with Door().client() as client, pytest.raises(DoorClosed, match="inside our own network"):
        client.get("http://stranger.example/")


def test_when_one_address_does_not_answer_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, f"{PUBLIC} 93.184.216.35")
    reached: list[str] = []

    def connect(self, host: str, *args: object, **options: object) -> None:
        reached.append(host)
        raise httpcore.ConnectError("not in a test")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with Door().client() as client, pytest.raises(httpx.ConnectError):
        client.get("http://stranger.example/")
    assert reached == [PUBLIC, "93.184.216.35"]


def test_a_machine_without_ipv6_reaches_the_other_address(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket

    def without_six(family=socket.AF_INET, *args: object, **options: object) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        return real(family, *args, **options)

    with server() as port:
        found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0))]
        found += socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **options: found)
        monkeypatch.setattr(socket, "socket", without_six)
        door = Door(frozenset({"stranger.example"}))
        with door.connect("stranger.example", port, 5) as opened:
            assert opened.getpeername() == ("127.0.0.1", port)
        found.pop()
        with pytest.raises(OSError, match="not supported"):
            door.connect("stranger.example", port, 5)


def test_a_websocket_to_loopback_is_refused_too() -> None:
    with server() as port, pytest.raises(DoorClosed):
        Door().websocket(f"ws://127.0.0.1:{port}/")


def test_a_private_target_is_refused_behind_a_proxy_too() -> None:
    with server() as proxy:
        door = Door(proxy=f"http://127.0.0.1:{proxy}")
        with door.client() as client, pytest.raises(DoorClosed):
            client.get("http://127.0.0.1:9/")


def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know no name at all."""

    def getaddrinfo(host, port, *args, **options):
        if host.endswith(".example"):
            raise socket.gaierror(-2, "Name or service not known")
        return real(host, port, *args, **options)

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_name_that_only_the_proxy_knows_is_refused_unless_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown(monkeypatch)
    with server() as proxy:
        door = Door(proxy=f"http://127.0.0.1:{proxy}")
        with door.client() as client, pytest.raises(DoorClosed, match=r"stranger\.example:80"):
            client.get("http://stranger.example/")
        with pytest.raises(DoorClosed, match=r"stranger\.example:443"):
            door.websocket("wss://stranger.example/")
        with door.allowing(["stranger.example"]).client() as client:
            assert client.get("http://stranger.example/").text == "ok"


def test_requests_go_through_the_proxy_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, PUBLIC)
    with server() as proxy, Door(proxy=f"http://127.0.0.1:{proxy}").client() as client:
        assert client.get("http://stranger.example/").text == "ok"


def test_a_proxy_in_the_environment_is_not_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with server() as port, Door(frozenset({"127.0.0.1"})).client() as client:
        assert client.get(f"http://127.0.0.1:{port}/").status_code == 200


def authority(folder: Path) -> tuple[Path, Path]:
    """Make a certificate authority that is also the server at 127.0.0.1; return certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Waterdam CA")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "ca.pem", folder / "ca.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return certificate, secret


@contextmanager
def secure_server(certificate: Path, key: Path) -> Iterator[int]:
    """Serve with TLS on a loopback port."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.moved_to = ""  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    threading.Thread(target=made.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield made.server_port
    finally:
        made.shutdown()
        made.server_close()


def test_a_certificate_of_the_municipalitys_own_authority_is_believed_once_it_is_set(tmp_path: Path) -> None:
    certificate, key = authority(tmp_path)
    allowed = frozenset({"127.0.0.1"})
    with secure_server(certificate, key) as port:
        with Door(allowed, ca_file=str(certificate)).client() as client:
            assert client.get(f"https://127.0.0.1:{port}/").text == "ok"
        with Door(allowed).client() as client, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            client.get(f"https://127.0.0.1:{port}/")
