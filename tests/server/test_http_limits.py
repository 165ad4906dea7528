"""Over HTTP: how large a request may be, and how long it may take to come, before a token is looked at."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from engine_client import FACEBOOK, US
from named_tokens import ACCEPT, HELLO, Running, entry, running, token_of
from shell import environment

from mcp_ads import receiving

pytestmark = pytest.mark.anyio
POST = b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
SLOW = {
    "nothing at all": b"",
    "half of a line": b"POST /m",
    "headers without an end": POST,
    "half of a body": POST + b"Content-Length: 900\r\n\r\n{",
    "a chunk of a body": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "a second request, in part": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /hea",
}
MOST = 4 * 2**20


async def until_closed(port: int, sent: bytes, drip: bytes = b"") -> tuple[float, bytes]:
    """Seconds until the server ends a connection that sends this and no more, but for drops."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began, heard = time.monotonic(), b""
    writer.write(sent)
    while time.monotonic() - began < 15:
        try:
            async with asyncio.timeout(0.05):
                part = await reader.read(65_536)
        except TimeoutError:
            writer.write(drip)
            continue
        except ConnectionError:
            part = b""
        heard += part
        if not part:
            break
    writer.close()
    return time.monotonic() - began, heard


def port_of(server: Running) -> int:
    return int(server.url.split(":")[2].split("/")[0])


@pytest.mark.slow
async def test_a_request_that_does_not_come_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds a connection without asking loses it, and one that sends a byte now and then, too."""
    monkeypatch.setattr(receiving, "PATIENCE", 0.3)
    cases = [(sent, drip) for sent in SLOW.values() for drip in (b"", *([b"a"] if sent else []))]
    async with running(tmp_path) as server:
        ended = await asyncio.gather(*(until_closed(port_of(server), *case) for case in cases))
    for (sent, _), (seconds, heard) in zip(cases, ended, strict=True):
        assert 0.2 < seconds < 3, sent
        assert heard.count(b"HTTP/1.1 ") <= sent.startswith(b"GET"), sent


@pytest.mark.slow
async def test_an_answer_may_take_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is for what a client sends: a stream that is held open and a kept connection go on."""
    monkeypatch.setattr(receiving, "PATIENCE", 0.2)
    async with running(tmp_path, transport="sse") as server, server.agent() as agent:
        for _ in range(2):
            await asyncio.sleep(0.3)
            assert (await agent.table(FACEBOOK, "campaigns", "list", account_id=US, limit=1)).rows


async def endless() -> AsyncIterator[bytes]:
    """A body of no end, in chunks."""
    for _ in range(200):
        yield b" " * 65_536


@pytest.mark.slow
async def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    """A head, an address, a body as it is declared and one in chunks; who has no token is told only that."""
    async with running(tmp_path, entry("acme")) as server:
        mine = {**ACCEPT, "Authorization": f"Bearer {token_of('acme')}", "Content-Type": "application/json"}
        bodies: list[Callable[[], bytes | AsyncIterator[bytes]]] = [
            lambda: json.dumps({**HELLO, "x": "y" * MOST}).encode(), endless,
        ]  # fmt: skip
        for body in bodies:
            for headers, status in ((mine, 413), ({**ACCEPT, "Content-Type": "application/json"}, 401)):
                answer = await server.http.post(server.url, content=body(), headers=headers)
                assert answer.status_code == status
        for query, more in ((f"?{'x' * 70_000}", {}), ("", {"X-Long": "x" * 70_000})):
            seconds, heard = await until_closed(
                port_of(server),
                f"POST /mcp{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()
                + b"".join(f"{name}: {value}\r\n".encode() for name, value in more.items()),
            )
            assert (seconds < 3, heard[:13]) == (True, b"HTTP/1.1 400 ")
        whole = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX: %s\r\n\r\n"
        for length, code in ((65_000, b"200"), (65_600, b"400")):
            _, heard = await until_closed(port_of(server), whole % (b"x" * length))
            assert heard[9:12] == code
        assert (await server.hello(name="acme")).status_code == 200


@pytest.mark.parametrize(
    "lines",
    [
        "Host: 127.0.0.1\r\nHost: evil.example\r\n",
        "Host: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n",
        "Host: 127.0.0.1\r\nContent-Length: 2\r\nTransfer-Encoding: gzip, chunked\r\n",
        "Content-Length: 2\r\n",
        "Host: 127.0.0.1\r\nX: a\x00b\r\n",
        "Host : 127.0.0.1\r\n",
    ],
)
async def test_a_request_that_can_be_read_in_two_ways_is_refused(tmp_path: Path, lines: str) -> None:
    """Two hosts, two lengths: what a proxy and the server could take for different requests."""
    async with running(tmp_path) as server:
        sent = f"POST /mcp HTTP/1.1\r\n{lines}\r\n{{}}".encode()
        _, heard = await until_closed(port_of(server), sent)
    assert heard[:10] in (b"HTTP/1.1 4", b"HTTP/1.1 5"), heard


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["serve", "--transport", "http"], ["serve", "--transport", "sse"], ["host", "serve"]]
)
def test_every_server_waits_for_a_while(tmp_path: Path, words: list[str]) -> None:
    """The commands themselves, with a short time to wait."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    key = base64.b64encode(bytes(32)).decode()
    known = {"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_SANDBOX": "1", "MCP_ADS_HOST_KEY": key}
    variables = environment(known)
    given = [*words, "--port", str(port)]
    code = f"import sys; import mcp_ads.receiving as r; r.PATIENCE = 0.5; sys.argv[1:] = {given!r}; "
    code += "from mcp_ads.__main__ import main; main()"
    with subprocess.Popen([sys.executable, "-c", code], env=variables, cwd=tmp_path) as server:
        try:
            for _ in range(400):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            for sent in SLOW.values():
                assert asyncio.run(until_closed(port, sent, b"a" if sent else b""))[0] < 5
        finally:
            server.terminate()
            server.wait(30)
