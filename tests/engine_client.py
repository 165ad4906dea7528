"""The engine in the sandbox as the server uses it, and a look at what reached the platforms.

The sandbox is in the process, or on ports of its own at which `environ` says the platforms are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from issued_tokens import left, seen

from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.engine.records.store import FileRecords
from mcp_ads.errors import AdsError
from mcp_ads.sandbox.faults import ask_for
from mcp_ads.sandbox.store import Store, state_file
from mcp_ads.settings import load
from mcp_ads.settings_values import sandbox_home

FACEBOOK, LINKEDIN, AMAZON = "facebook_marketing", "linkedin_ads", "amazon_ads"
US, JAPAN = "1234567890", "2345678901"
LINKEDIN_US, PROFILE = "512345678", "3312345678901234"
PLAIN = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_KEYRING": "off"}
"""What is set unless a test sets it otherwise: invented data, and no keyring of whoever runs the tests."""
Row = dict[str, str]


@dataclass
class Table:
    """An answer in the default format, read as a client reads it."""

    text: str

    @property
    def meta(self) -> dict[str, Any]:
        line = next(part for part in self.text.split("\n") if part.startswith("meta: "))
        found: dict[str, Any] = json.loads(line.removeprefix("meta: "))
        return found

    @property
    def rows(self) -> list[Row]:
        lines = [
            part for part in self.text.split("\n") if not part.startswith(("meta: ", "PARTIAL", "error: "))
        ]
        return list(csv.DictReader(io.StringIO("\n".join(lines))))

    @property
    def ids(self) -> list[str]:
        return [row["id"] for row in self.rows]


def break_next(store: Store, kind: str, **more: Any) -> str:
    """Something that goes wrong with one of the next requests; its number."""
    return ask_for(store, {"kind": kind, **more})


def mend(store: Store) -> None:
    """Nothing goes wrong any more."""
    for fault in store.all("sandbox.fault"):
        store.delete("sandbox.fault", fault["id"])


class EngineClient:
    """Calls through the engine's front door."""

    def __init__(self, home: Path, environ: Mapping[str, str], sandbox: Path | None = None) -> None:
        self.settings = load(environ={**PLAIN, "MCP_ADS_HOME": str(home), **environ})
        self.home, self.files = self.settings.records, FileRecords(self.settings)
        self.workspace = Desk(self.settings)
        world = self.settings.sandbox_world
        self.store = Store((sandbox or sandbox_home(home, world)) / state_file(world), world)

    async def do(self, connector: str, entity: str, action: str, **params: Any) -> Result:
        """The result of a call. Raises AdsError."""
        try:
            result = await self.workspace.execute(connector, entity, action, params)
        except AdsError as error:
            seen(self.workspace.error_text(error), f"an error of {entity}.{action}")
            raise
        seen(repr(result), f"{entity}.{action}")
        return result

    async def records(self, connector: str, entity: str, action: str, **params: Any) -> Result:
        """The platform's own records. Raises AdsError."""
        return await self.workspace.vendor_records(connector, entity, action, params)

    async def table(self, connector: str, entity: str, action: str, **params: Any) -> Table:
        """What an agent reads."""
        return Table(self.workspace.text(await self.do(connector, entity, action, **params)))

    def fault(self, kind: str, **more: Any) -> None:
        """Something that goes wrong with one of the next requests."""
        break_next(self.store, kind, **more)

    def forward(self, seconds: float) -> None:
        """Let so much time go by in the sandbox."""
        self.store.clock.forward(seconds)

    def reopen(self) -> None:
        """Let the platforms' pauses and limits be forgotten, as in another process."""
        for session in self.workspace._sessions.values():
            session.transport.limits.shared._paces.clear()

    def sent(self, platform: str = "") -> list[str]:
        """Every request that reached a platform, as "GET /v26.0/me"."""
        noted = self.store.requests()
        return [
            f"{request['method']} {request['path']}"
            for request in noted
            if request["platform"].startswith(platform)
        ]

    async def close(self) -> None:
        await self.workspace.close()
        self.store.close()
        left(self.home)
