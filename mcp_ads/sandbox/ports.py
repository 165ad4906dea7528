"""The sandbox as real HTTP servers on this machine: a main port, one per Amazon region, one for downloads."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .app import REGION_HOSTS, Sandbox, Switch

HOST = "127.0.0.1"
COUNT = 5
PATIENCE = 10.0
WHERE = "/_sandbox/ports"
"""Where a sandbox says which ports are its own."""
ANSWERS = 2.0
"""Seconds in which one that runs says so."""
BACKLOG = 128
TOKEN = "sandbox-token-" + "0123456789abcdef" * 8
"""As long as the real ones: some clients refuse what is shorter."""


@dataclass(frozen=True)
class Ports:
    """Where the servers listen: Facebook, LinkedIn and all token endpoints are at `main`."""

    main: int
    regions: Mapping[str, int]
    downloads: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.main}"

    def variables(self) -> dict[str, str]:
        """The environment in which mcp-ads calls these servers instead of the platforms."""
        regions = ",".join(f"{region}=http://{HOST}:{port}" for region, port in self.regions.items())
        return {
            "FACEBOOK_MARKETING_BASE_URL": self.url,
            "FACEBOOK_MARKETING_AUTH_URL": f"{self.url}/v26.0/dialog/oauth",
            "FACEBOOK_MARKETING_ACCESS_TOKEN": TOKEN,
            "LINKEDIN_ADS_BASE_URL": self.url,
            "LINKEDIN_ADS_AUTH_URL": f"{self.url}/oauth/v2/authorization",
            "LINKEDIN_ADS_TOKEN_URL": f"{self.url}/oauth/v2/accessToken",
            "LINKEDIN_ADS_REFRESH_TOKEN": "sandbox-refresh",
            "LINKEDIN_ADS_CLIENT_ID": "sandbox-client",
            "LINKEDIN_ADS_CLIENT_SECRET": "sandbox-secret",
            "AMAZON_ADS_BASE_URL": regions,
            "AMAZON_ADS_AUTH_URL": f"{self.url}/ap/oa",
            "AMAZON_ADS_TOKEN_URL": f"{self.url}/auth/o2/token",
            "AMAZON_ADS_REFRESH_TOKEN": "Atzr|sandbox-refresh",
            "AMAZON_ADS_CLIENT_ID": "amzn1.application-oa2-client.sandbox",
            "AMAZON_ADS_CLIENT_SECRET": "sandbox-secret",
        }


class Servers:
    """The sandbox listening; `port` 0 takes any five free ports. Raises OSError when a port is taken.

    `report_delay` and `world` are as `Sandbox` has them.
    """

    def __init__(
        self, home: Path | None = None, port: int = 0, report_delay: float = 0.0, world: str = ""
    ) -> None:
        self._sockets = _listen(port)
        numbers = [listener.getsockname()[1] for listener in self._sockets]
        self.ports = Ports(numbers[0], dict(zip(REGION_HOSTS, numbers[1:4], strict=True)), numbers[4])
        downloads = f"http://{HOST}:{self.ports.downloads}"
        self.sandbox = Sandbox(
            home, downloads_url=downloads, uploads_url=self.ports.url, report_delay=report_delay, world=world
        )
        app = _by_port(self.sandbox, self.ports)
        quiet: dict[str, Any] = {"log_config": None, "log_level": "critical", "access_log": False}
        self._server = uvicorn.Server(
            uvicorn.Config(app, lifespan="off", timeout_graceful_shutdown=1, date_header=False, **quiet)
        )
        self._thread = threading.Thread(target=self._server.run, args=(self._sockets,), daemon=True)

    def start(self) -> None:
        """Listen in a thread of its own; returns when requests are answered."""
        self._thread.start()
        until = time.monotonic() + PATIENCE
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise OSError("the sandbox did not start")
            time.sleep(0.01)

    def stop(self) -> None:
        """Answer what is under way, then close every port and the state file."""
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        for listener in self._sockets:
            listener.close()
        self.sandbox.store.close()


@contextlib.contextmanager
def serving(home: Path | None = None, port: int = 0) -> Iterator[Servers]:
    """The sandbox on real ports for as long as the block runs."""
    servers = Servers(home, port)
    servers.start()
    try:
        yield servers
    finally:
        servers.stop()


def running(port: int, world: str = "") -> Ports | None:
    """The sandbox of this world that has this port; None where something else does."""
    asking = http.client.HTTPConnection(HOST, port, timeout=ANSWERS)
    try:
        asking.request("GET", WHERE)
        told = json.loads(asking.getresponse().read(4096))
        if told.get("world", "") != world:
            return None
        regions = {name: int(told["regions"][name]) for name in REGION_HOSTS}
        return Ports(int(told["main"]), regions, int(told["downloads"]))
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, AttributeError):
        return None
    finally:
        asking.close()


def _listen(port: int) -> list[socket.socket]:
    """Five listening sockets: in a row from `port`, or any free ones."""
    sockets: list[socket.socket] = []
    try:
        for number in range(port, port + COUNT) if port else [0] * COUNT:
            sockets += [listener := socket.create_server((HOST, number), backlog=BACKLOG)]
            # asyncio sets this on sockets it makes alone: without it each answer waits 40 ms for an ACK.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        for listener in sockets:
            listener.close()
        raise
    return sockets


def _by_port(sandbox: Sandbox, ports: Ports) -> ASGIApp:
    """One app that answers as whichever host a port stands for, with the control routes on each."""
    main = sandbox.by_path()
    apps: dict[int, ASGIApp] = {
        ports.downloads: Switch({"": sandbox.amazon_downloads}, sandbox.control, lambda _: ""),
        **{
            port: Switch({"": sandbox.amazon[region]}, sandbox.control, lambda _: "")
            for region, port in ports.regions.items()
        },
    }

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == WHERE:
            told = {**asdict(ports), "world": sandbox.store.world}
            return await JSONResponse(told)(scope, receive, send)
        return await apps.get(scope["server"][1], main)(scope, receive, send)

    return answer
