"""The wire cases, and the request that a call makes."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from mcp_ads.connectors import connector
from mcp_ads.core import Account, Action, Context, Request, Several, Wire, Write, validate
from mcp_ads.core.connector import spelt
from mcp_ads.core.kept import marks
from mcp_ads.engine.records.blobs import Blobs
from mcp_ads.engine.records.private_content import filled

FOLDER = Path(__file__).parents[1] / "wire"
FAMILIES = sorted(path for path in FOLDER.glob("*/*.json") if path.name != "signing_in.json")
"""Signing in is no action: `tests/sandbox/test_signing_in.py` reads its cases."""
TODAY = date(2026, 11, 22)


def _all() -> list[tuple[str, dict[str, Any]]]:
    return [(path.parent.name, case) for path in FAMILIES for case in json.loads(path.read_text("utf-8"))]


CASES = _all()


def _first_request(call: Action, context: Context) -> Request:
    if type(call).flow is Action.flow or call.pages:
        return call.to_request()
    first = next(step for step in call.flow(context) if isinstance(step, Request | Several))
    return first.requests[0] if isinstance(first, Several) else first


def sent(name: str, case: dict[str, Any]) -> Wire:
    """What goes over the wire for the call of a case. Raises InvalidParams."""
    platform = connector(name)
    entity, action = case["entity"], case["action"]
    account = Account(**{"id": "1234567890", "currency": "USD"} | case.get("account", {}))
    context = Context(today=TODAY, account=account)
    call = validate.call(entity, action, platform.action(entity, action), case["params"])
    settled = call.settled(context)
    if "part" in case:
        assert isinstance(settled, Write)
        return spelt(platform.dialect, filled(Contents(call), settled.outline()[case["part"] - 1].request))
    return spelt(platform.dialect, filled(Contents(call), _first_request(settled, context)))


class Contents(Blobs):
    """The private values of one call, from memory."""

    def __init__(self, call: Action) -> None:
        values = [getattr(call, name) for name in marks(type(call))]
        self.contents = {value.sha256: value.content for value in values if value is not None}

    def open(self, sha256: str) -> BinaryIO:
        return BytesIO(self.contents[sha256])
