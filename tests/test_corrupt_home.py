"""Every file under MCP_ADS_HOME, spoilt as crashes, disks and people do: no call is a fault of ours."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from fastmcp import Client

from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]
SPRING, GROUP = "1202110000000000340", "600000001"
REPORT = {"profile_id": "3312345678901234", "report_type": "spCampaigns", "time_range": "last_7d", "limit": 5}


def _nested(data: bytes) -> bytes:
    return b"[" * 200_000 + data[:10]


def _as_other_types(data: bytes) -> bytes:
    """The same JSON with every value of another type."""
    return b"\n".join(_turned(line) for line in data.split(b"\n"))


def _turned(line: bytes) -> bytes:
    try:
        found = json.loads(line)
    except ValueError:
        return line
    turned: Any = (
        {name: [value] for name, value in found.items()} if isinstance(found, dict) else {"x": found}
    )
    return json.dumps(turned).encode()


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "a byte": lambda _: b"\x00",
    "half": lambda data: data[: len(data) // 2],
    "a line short": lambda data: b"\n".join(data.rstrip(b"\n").split(b"\n")[:-1]) + b"\n",
    "half of it zeros": lambda data: data[: len(data) // 2] + bytes(len(data) // 2),
    "binary": lambda _: bytes(range(256)) * 40,
    "no utf-8": lambda data: data[:20] + b"\xff\xfe" + data[20:],
    "null": lambda _: b"null",
    "a list": lambda _: b"[]",
    "an object": lambda _: b"{}",
    "a number": lambda _: b"7",
    "a huge number": lambda _: b"1e999999",
    "a text": lambda _: b'"x"',
    "nested": _nested,
    "other types": _as_other_types,
    "twice": lambda data: data + data,
}


def spoil(file: Path, way: str) -> None:
    """Spoil one file; two more ways put something else in its place."""
    if way in WAYS:
        file.write_bytes(WAYS[way](file.read_bytes()))
        return
    file.unlink()
    if way == "a folder":
        file.mkdir()
    else:
        file.symlink_to(file.with_name("nowhere"))


EVERY_WAY = [*WAYS, "a folder", "a dangling link"]
MORE_WAYS = [pytest.param(way, marks=pytest.mark.slow) for way in EVERY_WAY[1::2]]


@asynccontextmanager
async def agent(home: Path) -> AsyncIterator[Agent]:
    """An MCP client of a new server, as after a restart."""
    environ = {"MCP_ADS_HOME": str(home), "MCP_ADS_SANDBOX": "1"}
    async with Client(build_server(load(environ=environ))) as client:
        yield Agent(client)


async def calls(home: Path, plan_id: str, cursor: str) -> list[str]:
    """What an agent reads from one call of every kind."""
    change = {"campaign_id": SPRING, "daily_budget": "+10%"}
    async with agent(home) as one:
        asked: list[tuple[str, dict[str, Any]]] = [
            ("ads_describe", {}),
            ("facebook_marketing_execute", {"entity": "campaigns", "action": "list"}),
            ("facebook_marketing_execute", _call("campaigns", "get", campaign_id=SPRING)),
            ("facebook_marketing_execute", _call("campaigns", "update", **change)),
            ("linkedin_ads_execute", _call("accounts", "list")),
            ("amazon_ads_execute", _call("reports", "run", **REPORT)),
            ("amazon_ads_execute", _call("reports", "run", **REPORT, cursor=cursor)),
            ("ads_apply", {"plan_id": plan_id}),
        ]
        return [(await one.call(tool, **arguments))[0] for tool, arguments in asked]


def _call(entity: str, action: str, **params: Any) -> dict[str, Any]:
    params = {"account_id": "1234567890", **params} if entity == "campaigns" and action == "list" else params
    return {"entity": entity, "action": action, "params": params}


@pytest.fixture(scope="module")
async def lived_in(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> tuple[Path, str, str]:
    """A home in which things were read, planned and applied; a ready plan, and a cursor into a report."""
    home = tmp_path_factory.mktemp("lived") / "home"
    async with agent(home) as one:
        applied = await one.plan("facebook_marketing", "campaigns", "pause", campaign_id=SPRING)
        await one.good("ads_apply", plan_id=applied)
        await one.table("linkedin_ads", "campaign_groups", "list", account_id="512345678", limit=3)
        table = await one.table("amazon_ads", "reports", "run", **REPORT)
        plan_id = await one.plan("facebook_marketing", "campaigns", "update", campaign_id=SPRING, name="New")
    return home, plan_id, str(table.meta["cursor"])


def files(home: Path) -> Iterator[Path]:
    """Every file, without those SQLite keeps beside its own."""
    found = (path for path in sorted(home.rglob("*")) if path.is_file())
    return (path for path in found if not path.name.endswith(("-wal", "-shm")))


def faults(texts: list[str]) -> list[str]:
    """The answers that are faults of ours, or show a stack."""
    return [text for text in texts if "mcp-ads failed" in text or "Traceback" in text]


@pytest.mark.slow
@pytest.mark.parametrize("way", [*EVERY_WAY[::2], *MORE_WAYS])
async def test_every_file_spoilt_at_once(lived_in: tuple[Path, str, str], tmp_path: Path, way: str) -> None:
    """With every file spoilt in one way, calls answer or say what is wrong."""
    home, plan_id, cursor = lived_in
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    for file in files(tmp_path / "home"):
        spoil(file, way)
    assert faults(await calls(tmp_path / "home", plan_id, cursor)) == []


@pytest.mark.slow
@pytest.mark.parametrize("way", EVERY_WAY)
async def test_one_file_spoilt_at_a_time(lived_in: tuple[Path, str, str], tmp_path: Path, way: str) -> None:
    """With one file spoilt, calls answer or say what is wrong."""
    home, plan_id, cursor = lived_in
    found = []
    for number, file in enumerate(files(home)):
        copy = tmp_path / str(number)
        shutil.copytree(home, copy, symlinks=True)
        spoil(copy / file.relative_to(home), way)
        found += [(file.name, text) for text in faults(await calls(copy, plan_id, cursor))]
    assert found == []
