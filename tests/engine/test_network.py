"""The network a company has: a proxy, a private certificate authority, compressed answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mcp_ads.engine.door import Engine
from mcp_ads.engine.wire import transport
from mcp_ads.errors import AdsError, BadSettings, PlatformDown
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
Answer = Callable[[bytes], bytes]
ME = gzip.compress(json.dumps({"id": "7", "name": "Ada"}).encode())
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff in hundredths of seconds; no proxy from outside."""
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@asynccontextmanager
async def listening(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[str]]]:
    """A port where everyone gets the same answer, and the first lines of what they asked."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.decode().split("\r\n")[0])
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        server.close()
        await server.wait_closed()


async def me(home: Path, base: str = "") -> dict[str, str]:
    """Whose token it is, as the platform at `base` says."""
    environ = {"MCP_ADS_HOME": str(home), "FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-token"}
    workspace = Engine(load(environ={**environ, **({"FACEBOOK_MARKETING_BASE_URL": base} if base else {})}))
    try:
        found: dict[str, str] = (await workspace.execute("facebook_marketing", "current_user", "get")).data
        return found
    finally:
        await workspace.close()


async def test_compressed_answers(tmp_path: Path) -> None:
    """Gzip is asked for and understood."""
    async with listening(PACKED % len(ME) + ME) as (port, asked):
        assert (await me(tmp_path, f"http://127.0.0.1:{port}"))["name"] == "Ada"
    assert asked[0].startswith("GET /v26.0/me?")


async def test_proxy_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """HTTPS_PROXY is where requests go, and the proxy sees no more than the host."""
    async with listening(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n") as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(PlatformDown):
            await me(tmp_path)
    assert set(asked) == {"CONNECT graph.facebook.com:443 HTTP/1.1"}


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("socks5://user:s3cret@127.0.0.1:9", " names a SOCKS proxy, which is not supported"),
        ("http://user:s3cret/x@127.0.0.1:9", ", or NO_PROXY, is not written as it has to be"),
        ("gopher://127.0.0.1:9", ", or NO_PROXY, is not written as it has to be"),
    ],
)
async def test_a_proxy_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proxy: str, said: str
) -> None:
    """One line says which variable it is and how one is written, without the password in it."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(BadSettings) as caught:
        await me(tmp_path)
    assert caught.value.lines == [f"HTTPS_PROXY, HTTP_PROXY or ALL_PROXY{said}"]
    assert "http://host:port" in caught.value.fix
    assert "s3cret" not in str(caught.value)


async def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing has gone to the platform where the proxy wants a password first."""
    answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with listening(answer) as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(PlatformDown, match="the proxy refused: 407") as caught:
            await me(tmp_path)
    assert caught.value.sent == "no"
    assert "HTTPS_PROXY" in caught.value.fix


async def test_the_sandbox_needs_no_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What runs in this process is not asked for over the network."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    workspace = Engine(load(environ={"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_SANDBOX": "1"}))
    assert (await workspace.execute("facebook_marketing", "current_user", "get")).data["id"]
    await workspace.close()


async def test_private_ca_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A certificate nobody vouches for is refused; with SSL_CERT_FILE naming who does, it is accepted."""
    authority, tls = certificates(tmp_path)
    async with listening(PACKED % len(ME) + ME, tls) as (port, _):
        await refused(lambda: me(tmp_path, f"https://127.0.0.1:{port}"))
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert (await me(tmp_path, f"https://127.0.0.1:{port}"))["name"] == "Ada"


async def test_certificates_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A broken setting of the environment is named."""
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(broken))
    with pytest.raises(BadSettings) as caught:
        await me(tmp_path)
    assert "SSL_CERT_FILE" in caught.value.fix


async def refused(call: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(AdsError, match="could not connect"):
        await call()


def certificates(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1, and a server's TLS with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a private authority")])
    today = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "ca.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, secret)
    return certificate, tls
