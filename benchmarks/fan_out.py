"""One call over fifty accounts, where a request takes 50 ms: its time beside one by one, and memory."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from mcp_ads.engine.door import Engine
from mcp_ads.settings import load

from .report import Number
from .stub import ACCOUNT, many_campaigns
from .versus import HERE

ACCOUNTS, FEWER, LATENCY = 50, 10, 0.05
CAMPAIGNS, MANY = 200, 2_000
MOST_SECONDS, MOST_SHARE, MOST_GROWTH = 3.0, 0.6, 1.5
MOST_MORE = 2
"""Requests beside one for each account, such as the list of accounts."""
FACEBOOK = "facebook_marketing"


def numbers() -> Iterable[Number]:
    """At most three seconds, well below what one by one takes, and little more memory than for a fifth."""
    found = played(ACCOUNTS, CAMPAIGNS, one_by_one=True)
    together, alone = found["together"], found["alone"]
    yield Number(f"{ACCOUNTS} accounts in one call", together, "s", MOST_SECONDS, f"{found['rows']:,} rows")
    yield Number(f"{ACCOUNTS} accounts one by one", alone, "s")
    yield Number("one call beside one by one", together / alone, "x", MOST_SHARE)
    yield Number("requests of the one call", found["requests"], "", ACCOUNTS + MOST_MORE)
    few, many = (played(count, MANY)["megabytes"] for count in (FEWER, ACCOUNTS))
    yield Number(f"memory of {FEWER} accounts of {MANY:,} rows", few, "MB")
    yield Number(f"memory of {ACCOUNTS} accounts of {MANY:,} rows", many, "MB")
    yield Number("five times the accounts, memory", many / few, "x", MOST_GROWTH)


def played(accounts: int, campaigns: int, *, one_by_one: bool = False) -> Mapping[str, Any]:
    """What reading the campaigns of so many accounts took, in a process of its own."""
    with many_campaigns(campaigns, LATENCY, accounts) as url, tempfile.TemporaryDirectory() as home:
        environ = {
            **os.environ, "MCP_ADS_HOME": home, "MCP_ADS_SANDBOX": "0", "MCP_ADS_KEYRING": "off",
            "FACEBOOK_MARKETING_BASE_URL": url, "FACEBOOK_MARKETING_ACCESS_TOKEN": "stub-token",
            "MCP_ADS_CONNECTORS": FACEBOOK,
        }  # fmt: skip
        command = [sys.executable, "-m", __name__, str(accounts if one_by_one else 0)]
        done = subprocess.run(command, env=environ, cwd=HERE, check=True, capture_output=True, text=True)
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


async def measured(one_by_one: int) -> Mapping[str, Any]:
    """Seconds of one call over all accounts, and of as many calls about one as are asked for."""
    engine = Engine(load())
    asked: dict[str, Any] = {"limit": 1, "sort": "-daily_budget_major"}
    await engine.execute(FACEBOOK, "ad_accounts", "list", {"limit": 1})
    requests = counted()
    began = time.perf_counter()
    result = await engine.execute(FACEBOOK, "campaigns", "list", {"accounts": "all", **asked})
    together = time.perf_counter() - began
    megabytes, asked_for, first = peak(), len(requests), int(ACCOUNT["account_id"])
    began = time.perf_counter()
    for number in range(one_by_one):
        await engine.execute(FACEBOOK, "campaigns", "list", {"account_id": str(first + number), **asked})
    alone = time.perf_counter() - began
    await engine.close()
    rows = result.meta["total"]
    return {
        "together": together, "alone": alone, "rows": rows, "megabytes": megabytes, "requests": asked_for,
    }  # fmt: skip


def counted() -> list[httpx.Request]:
    """The requests that leave from now on."""
    requests, really = list[httpx.Request](), httpx.AsyncClient.send

    async def send(client: httpx.AsyncClient, request: httpx.Request, **how: Any) -> httpx.Response:
        requests.append(request)
        return await really(client, request, **how)

    httpx.AsyncClient.send = send  # type: ignore[method-assign,assignment]  # for the rest of this process
    return requests


def peak() -> float:
    """The most memory this process has had, in megabytes."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        kilobytes = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    return int(kilobytes) / 1024


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(int(sys.argv[1])))))
