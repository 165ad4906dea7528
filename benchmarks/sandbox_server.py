"""The sandbox in a process and on a port of its own; and a server that only repeats answers."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_ads.sandbox.app import Sandbox

PATIENCE = 30.0


@contextlib.contextmanager
def sandbox() -> Iterator[str]:
    """The base URL of a fresh sandbox."""
    with tempfile.TemporaryDirectory() as home, running(__name__, "sandbox", home) as url:
        yield url


@contextlib.contextmanager
def parrot(answers: dict[str, bytes]) -> Iterator[str]:
    """The base URL of a server that answers each path and query with the bytes given for it."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "answers.json"
        file.write_text(json.dumps({target: body.decode() for target, body in answers.items()}))
        with running(__name__, "parrot", str(file)) as url:
            yield url


@contextlib.contextmanager
def running(module: str, *arguments: str) -> Iterator[str]:
    """The base URL of a server in a process of its own: a module with its arguments and then its port."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", module, *arguments, str(port)])
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """A port nobody has just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/_sandbox/requests", timeout=5)
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _parrot_app(answers: dict[str, bytes]) -> ASGIApp:
    async def app(scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = answers.get(f"{scope['path']}?{scope['query_string'].decode()}", b"{}")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def serve(kind: str, argument: str, port: int) -> None:
    """Run one of the two until stopped."""
    if kind == "sandbox":
        app = Sandbox(Path(argument)).by_path()
    else:
        kept = json.loads(Path(argument).read_text())
        app = _parrot_app({target: body.encode() for target, body in kept.items()})
    uvicorn.run(app, port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
