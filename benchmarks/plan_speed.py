"""How long a plan of many budgets takes, and its apply, where every request takes 50 ms; with its requests.

`python -m benchmarks.plan_speed REVISION` has the figures of an older version beside, for a hundred items.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_ads.sandbox.app import Sandbox, Switch

from .report import Number, judged
from .sandbox_server import running
from .versus import HERE, checkout

LATENCY = 0.05
FEW, MANY = 100, 1000
MOST_PLAN, MOST_APPLY, MOST_CALL = 1.0, 3.0, 45.0
FACEBOOK, LINKEDIN, AMAZON = "facebook_marketing", "linkedin_ads", "amazon_ads"
KINDS = {FACEBOOK: "facebook.campaign", LINKEDIN: "linkedin.campaign", AMAZON: "amazon.campaigns"}
MODELS = {FACEBOOK: "1202110000000000340", LINKEDIN: "300000001", AMAZON: "120000000000001"}
"""A campaign of each platform that has a daily budget and delivers: the others are copies of it."""
IDS = {FACEBOOK: "id", LINKEDIN: "id", AMAZON: "campaignId"}
FIRST = 770_000_000_000_000
HOSTS = {FACEBOOK: "graph.facebook.com", LINKEDIN: "api.linkedin.com", AMAZON: "advertising-api.amazon.com"}


def variables(url: str) -> dict[str, str]:
    """The environment in which this server is each of the platforms."""
    return {
        "FACEBOOK_MARKETING_BASE_URL": url, "FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-token",
        "LINKEDIN_ADS_BASE_URL": url, "LINKEDIN_ADS_TOKEN_URL": f"{url}/oauth/v2/accessToken",
        "LINKEDIN_ADS_REFRESH_TOKEN": "sandbox-refresh", "LINKEDIN_ADS_CLIENT_ID": "sandbox-client",
        "LINKEDIN_ADS_CLIENT_SECRET": "sandbox-secret",
        "AMAZON_ADS_BASE_URL": f"NA={url}", "AMAZON_ADS_TOKEN_URL": f"{url}/auth/o2/token",
        "AMAZON_ADS_REFRESH_TOKEN": "Atzr|sandbox-refresh", "AMAZON_ADS_CLIENT_SECRET": "sandbox-secret",
        "AMAZON_ADS_CLIENT_ID": "amzn1.application-oa2-client.sandbox",
    }  # fmt: skip


@contextmanager
def platform(name: str, count: int) -> Iterator[str]:
    """The base URL of a platform with so many campaigns to change; `/_stub/requests` counts."""
    with tempfile.TemporaryDirectory() as home, running(__name__, name, home, str(count)) as url:
        yield url


def played(code: Path, name: str, count: int) -> Mapping[str, Any]:
    """What planning and applying so many budgets took with one version of the package."""
    with platform(name, count) as url, tempfile.TemporaryDirectory() as home:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LANG") if name in os.environ}
        ours = {"HOME": home, "MCP_ADS_HOME": home, "PYTHONPATH": f"{code}", "PYTHONSAFEPATH": "1"}
        command = [
            sys.executable,
            str(HERE / "benchmarks" / "driver.py"),
            "budgets",
            f"{name} {FIRST} {count}",
        ]
        done = subprocess.run(
            command, env={**kept, **ours, **variables(url)}, cwd=home, check=True, capture_output=True,
            text=True,
        )  # fmt: skip
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def numbers() -> Iterable[Number]:
    """Of each platform: a hundred items within a second and three, a thousand within the time of calls."""
    for name in KINDS:
        yield from _of(HERE, name, FEW, MOST_PLAN, MOST_APPLY, "")
        yield from _of(HERE, name, MANY, MOST_CALL, MOST_CALL, "")


def _of(
    code: Path, name: str, count: int, most_plan: float | None, most_apply: float | None, when: str
) -> Iterable[Number]:
    found = played(code, name, count)
    if found["done"] != count:
        raise RuntimeError(f"{name}: {found['done']} of {count} done")
    what = f"{name}, {count:,} budgets{when}"
    yield Number(f"{what}, plan", found["planned"], "s", most_plan, f"{found['asked'][0]} requests")
    calls = f"{found['asked'][1]} requests, {found['calls']} calls, {found['applied']:.2f} s in all"
    yield Number(f"{what}, longest apply", found["longest"], "s", most_apply, calls)


def main(revision: str) -> int:
    """Measure an older version and this one."""
    with checkout(revision) as old:
        before = [number for name in KINDS for number in _of(old, name, FEW, None, None, ", before")]
    return judged([*before, *numbers()])


def slow(app: ASGIApp) -> ASGIApp:
    """The app, which begins to answer after 50 ms and counts what it is asked."""
    asked = 0

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal asked
        if scope["type"] == "http" and scope["path"] == "/_stub/requests":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": str(asked).encode()})
            return
        asked += scope["type"] == "http"
        await asyncio.sleep(LATENCY)
        await app(scope, receive, send)

    return answer


def fill(sandbox: Sandbox, name: str, count: int) -> None:
    """Give a platform so many campaigns, all like its model."""

    async def seeded() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.by_host())) as client:
            await client.get(
                f"https://{HOSTS[name]}/rest/x" if name == LINKEDIN else f"https://{HOSTS[name]}/x"
            )

    asyncio.run(seeded())
    model = sandbox.store.get(KINDS[name], MODELS[name])
    if model is None:
        raise RuntimeError(f"{name} has no campaign {MODELS[name]}")
    with sandbox.store.transaction():
        for number in range(FIRST, FIRST + count):
            own = number if isinstance(model[IDS[name]], int) else str(number)
            sandbox.store.put(KINDS[name], str(number), {**model, IDS[name]: own, "name": f"Copy {number}"})


def serve(name: str, home: str, count: int, port: int) -> None:
    """Run one platform until stopped."""
    sandbox = Sandbox(Path(home))
    fill(sandbox, name, count)
    amazon = Switch(
        {"auth": sandbox.amazon_tokens, "": sandbox.amazon["NA"]},
        sandbox.control,
        lambda asked: "auth" if asked.url.path.startswith("/auth") else "",
    )
    apps: dict[str, ASGIApp] = {FACEBOOK: sandbox.facebook, LINKEDIN: sandbox.linkedin, AMAZON: amazon}
    uvicorn.run(slow(apps[name]), port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        raise SystemExit(main(sys.argv[1]))
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
