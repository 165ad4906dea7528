"""A server with a set delay: the sandbox, or Facebook accounts of as many campaigns as asked for."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_ads.sandbox.app import Sandbox

from .sandbox_server import running

ACCOUNT = {
    "id": "act_1234567890",
    "account_id": "1234567890",
    "name": "Stub",
    "currency": "USD",
    "timezone_name": "America/New_York",
}
MOST_PAGE = 500


@contextmanager
def slow_sandbox(seconds: float) -> Iterator[str]:
    """The base URL of a fresh sandbox that takes so long to answer."""
    with TemporaryDirectory() as home, running(__name__, "sandbox", home, str(seconds)) as url:
        yield url


@contextmanager
def many_campaigns(count: int, seconds: float = 0.0, accounts: int = 1) -> Iterator[str]:
    """The base URL of a Facebook with accounts of so many campaigns each; `/_stub/requests` counts."""
    with running(__name__, "campaigns", f"{count} {accounts}", str(seconds)) as url:
        yield url


def late(app: ASGIApp, seconds: float) -> ASGIApp:
    """The app, which begins to answer so many seconds after it was asked."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/_"):
            await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return answer


def campaigns(count: int, accounts: int) -> ASGIApp:
    """Accounts, pages of campaigns, of insights when those are asked for, and a count of all requests."""
    asked = 0

    async def answer(scope: Scope, _: Receive, send: Send) -> None:
        nonlocal asked
        if scope["type"] != "http":
            return
        path, query = scope["path"], parse_qs(scope["query_string"].decode())
        if path == "/_stub/requests":
            body: Any = asked
        else:
            asked += 1
            body = _answer(path, query, count, accounts)
        content = json.dumps(body).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return answer


def _answer(path: str, query: dict[str, list[str]], count: int, accounts: int) -> dict[str, Any]:
    if path.endswith("/adaccounts"):
        first = int(ACCOUNT["account_id"])
        ids = [str(first + number) for number in range(accounts)]
        return {"data": [{**ACCOUNT, "id": f"act_{id_}", "account_id": id_} for id_ in ids]}
    if not path.endswith(("/campaigns", "/insights")):
        return ACCOUNT
    make = _campaign if path.endswith("/campaigns") else _insight
    start = int(query.get("after", ["0"])[0])
    end = min(start + min(int(query.get("limit", ["25"])[0]), MOST_PAGE), count)
    paging = {"cursors": {"after": str(end)}, **({"next": "https://next"} if end < count else {})}
    return {"data": [make(number) for number in range(start, end)], "paging": paging}


def _campaign(number: int) -> dict[str, Any]:
    return {
        "id": str(120210000000000000 + number),
        "name": f"Campaign {number}",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "objective": "OUTCOME_SALES",
        "daily_budget": "5000",
        "budget_remaining": "1200",
        "created_time": "2026-03-01T09:00:00-0500",
    }


def _insight(number: int) -> dict[str, Any]:
    purchases = [{"action_type": "omni_purchase", "value": str(number % 9)}]
    return {
        "campaign_id": str(120210000000000000 + number),
        "campaign_name": f"Campaign {number}",
        "spend": f"{number % 500}.50",
        "impressions": str(number * 7),
        "clicks": str(number % 300),
        "actions": purchases,
        "action_values": purchases,
        "date_start": "2026-10-01",
        "date_stop": "2026-10-31",
    }


def serve(kind: str, argument: str, seconds: float, port: int) -> None:
    """Run one of the two until stopped."""
    app = Sandbox(Path(argument)).by_path() if kind == "sandbox" else campaigns(*map(int, argument.split()))
    uvicorn.run(late(app, seconds), port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
