"""Whatever stands on a line over stdio, it is answered or means nothing, and the next call works."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from budget import scale
from fuzz.test_server import HEAD, RAW
from hostile import values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp.server.stdio import stdio_server
from server.test_stdio import Process, started

from mcp_ads.server import build_server
from mcp_ads.settings import load

HELLO = HEAD + (
    b'"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},'
    b'"clientInfo":{"name":"t","version":"1"}}}'
)
TOLD: dict[bytes, tuple[Any, int]] = {
    b"{": (None, -32700), b'"\xff': (None, -32700), b"[" * 9_000: (None, -32700), b"[]": (None, -32600),
    b"null": (None, -32600), b'{"id":7,"method":"ping"}': (7, -32600),
    b'{"jsonrpc":"2.0","id":"x","method":5}': ("x", -32600),
    b'{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"\\ud800"}}': (6, -32700),
    b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}': (None, -32700),
    b'{"id":"' + b"i" * 9_000 + b'"}': (None, -32600), b'{"id":true}': (None, -32600),
}  # fmt: skip


async def said(home: Path, monkeypatch: pytest.MonkeyPatch, lines: Sequence[bytes]) -> list[Any]:
    """What a server in this process writes to stdout when these lines come in by stdin."""
    given, written = io.TextIOWrapper(io.BytesIO(b"\n".join(lines)), errors="replace"), io.StringIO()
    streams = lambda: stdio_server(anyio.wrap_file(given), anyio.wrap_file(written))  # noqa: E731
    monkeypatch.setattr("fastmcp.server.mixins.transport.stdio_server", streams)
    server = build_server(load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home)}))
    await server.run_stdio_async(show_banner=False)
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.anyio
async def test_lines_that_are_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has an error, under its id where that can be read; an empty line has none."""
    hello, *answers = await said(tmp_path, monkeypatch, [HELLO, *TOLD, b"", b" \r"])
    assert hello["id"] == 1
    assert [(one["id"], one["error"]["code"]) for one in answers] == [*TOLD.values()]


@pytest.mark.slow
def test_a_process_goes_on(tmp_path: Path) -> None:
    """After each of the bytes that the HTTP server is sent, a real process answers the next call."""
    with started(tmp_path, MCP_ADS_SANDBOX="1") as server:
        server.hello()
        for raw in RAW.values():
            tell(server, raw)
            assert server.ask("ping") == {}


def tell(server: Process, line: bytes) -> None:
    """Send a line as it is."""
    assert isinstance(server.popen.stdin, io.TextIOWrapper)
    server.popen.stdin.buffer.write(line + b"\n")
    server.popen.stdin.flush()


LINES = st.one_of(
    st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"")),
    st.dictionaries(
        st.sampled_from(["jsonrpc", "id", "method", "params", "result", "error"]),
        st.one_of(values(), st.sampled_from(["2.0", "ping", "tools/call", 1, {"name": "ads_describe"}])),
    ).map(lambda found: json.dumps(found).encode()),
)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_many_lines(tmp_path: Path) -> None:
    """Bytes and messages of any shape, as many as MCP_ADS_TEST_SCALE allows, in percent of 5,000."""
    with started(tmp_path, MCP_ADS_SANDBOX="1") as server:
        server.hello()

        @settings(max_examples=scale(5_000, least=200), derandomize=True, database=None, deadline=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(LINES)
        def check(line: bytes) -> None:
            tell(server, line)
            assert server.ask("ping") == {}

        check()
    assert "Traceback" not in (tmp_path / "err.txt").read_text(sys.getdefaultencoding())
