"""A host of connectors over real HTTP: what it keeps, what it saw, what goes wrong.

It refuses what is not to the letter, and answers from our own engine over the sandbox.
`python tests/hosted_stub.py 8080` serves one by hand.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import uvicorn

from mcp_ads.across.desk import Desk
from mcp_ads.settings import load

CLIENT_ID, CLIENT_SECRET = "0f0f0f0f-client", "MARKER-hosted-client-secret"
ORGANIZATION = "11111111-2222-4333-8444-555555555555"
TOKEN = "MARKER-hosted-token-"
DEFINITIONS = {
    "facebook-marketing": "e7778cfc-e97c-4458-9ecb-b4f2bba8946c",
    "linkedin-ads": "137ece28-5434-455c-8f34-69dc3782f451",
    "amazon-ads": "c6b0a29e-1da9-4512-9002-7bfd0cba2246",
}
REFUSED = "bad"
"""An access token that the platform of a connector refuses."""


@dataclass(frozen=True)
class Seen:
    """One request as it came in; `body` is None where there was none, or where it is no JSON."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Fault:
    """An answer instead of the right one; `done` says that what was asked is carried out all the same."""

    status: int = 500
    body: bytes = b'{"message": "the host is on fire", "errors": []}'
    headers: Mapping[str, str] = field(default_factory=dict)
    done: bool = False
    cut: bool = False
    """Whether the connection ends within the body."""


@dataclass
class Kept:
    """A connector that somebody created."""

    id: str
    slug: str
    name: str
    workspace: str
    credentials: Mapping[str, Any] = field(repr=False)
    replication_config: Mapping[str, Any]
    created_at: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))


class HostedStub:
    """One host. `writes` is what it does with them: "plan" (409 with the plan) or "direct"."""

    def __init__(self, home: Path, writes: str = "plan") -> None:
        self.clients = {CLIENT_ID: CLIENT_SECRET}
        self.connectors: dict[str, Kept] = {}
        self.tokens: dict[str, float] = {}
        self.seen: list[Seen] = []
        self.faults: list[tuple[str, Fault]] = []
        self.lives, self.pause = 900, 0.0
        """Seconds that a token lives, and that a token call takes."""
        self.envelope: dict[str, Any] = {}
        """What stands in the next execute's answers instead of what is right; None takes a key away."""
        self.states: Any = writes
        """What the token answer says of writes; None says nothing."""
        self.url = ""
        environ = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_KEYRING": "off", "MCP_ADS_HOME": str(home)}
        self._settings = load(environ={**environ, "MCP_ADS_WRITES": writes})
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """The engine that answers, made in the thread in which it does."""
        if self._desk is None:
            self._desk = Desk(self._settings)
        return self._desk

    def add(
        self,
        slug: str,
        workspace: str = "default",
        name: str = "",
        credentials: Mapping[str, Any] | None = None,
    ) -> str:
        """Keep a connector; returns its id."""
        made = Kept(str(uuid.uuid4()), slug, name or f"My {slug}", workspace, credentials or {}, {})
        self.connectors[made.id] = made
        return made.id

    def token(self) -> str:
        """A token that is accepted from now on."""
        made = TOKEN + secrets.token_urlsafe(24)
        self.tokens[made] = time.monotonic() + self.lives
        return made

    def expire(self) -> None:
        """Know none of the tokens given so far."""
        self.tokens.clear()

    def script(self, where: Literal["token", "list", "get", "execute", "apply"], *faults: Fault) -> None:
        """What goes wrong with the next requests of a kind, one after another."""
        self.faults += [(where, fault) for fault in faults]

    def fault(self, where: str) -> Fault | None:
        """What goes wrong with this request."""
        found = next((entry for entry in self.faults if entry[0] == where), None)
        if found:
            self.faults.remove(found)
        return found[1] if found else None

    def calls(self, end: str) -> list[Seen]:
        """The requests whose path ends so, such as "/execute" or "/token"."""
        return [seen for seen in self.seen if seen.path.endswith(end)]


@contextlib.contextmanager
def hosting(home: Path, writes: str = "plan", port: int = 0) -> Iterator[HostedStub]:
    """A host that listens on this machine for as long as the block runs."""
    from hosted_stub_routes import app_of

    stub = HostedStub(home, writes)
    with listening(stub, app_of(stub), port):
        yield stub


@contextlib.contextmanager
def listening(stub: HostedStub, app: Any, port: int = 0) -> Iterator[None]:
    """An app of a host's that listens on this machine for as long as the block runs."""
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    stub.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    quiet: dict[str, Any] = {"log_config": None, "log_level": "critical", "access_log": False}
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", timeout_graceful_shutdown=1, **quiet))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the host did not start"
        time.sleep(0.002)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def main() -> None:
    """Serve a host until Ctrl-C, with one connector of each kind in the workspace `default`."""
    with tempfile.TemporaryDirectory() as home, hosting(Path(home), port=int(sys.argv[1])) as stub:
        for slug in DEFINITIONS:
            stub.add(slug)
        said = {"url": stub.url, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
