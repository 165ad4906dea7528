"""What `versus` has one version of mcp-ads do, in a process of its own; prints what it measured as JSON.

It uses only what both versions have: `settings.load`, `Engine.execute`, `apply`, `text`, the MCP server.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

ACCOUNT = "1234567890"
FACEBOOK = "facebook_marketing"
MOST_CALLS = 40
WARM_UP = 5


def workspace() -> Any:
    """The engine under the environment's settings."""
    from mcp_ads.settings import load

    place, name = ("door", "Engine") if find_spec("mcp_ads.engine.door") else ("workspace", "Workspace")
    return getattr(import_module(f"mcp_ads.engine.{place}"), name)(load())


async def calls(times: int) -> dict[str, Any]:
    """Seconds of each call for 25 campaigns, answer included, one after another; the processor's in all."""
    engine, seconds = workspace(), []
    for number in range(times):
        if number == WARM_UP:
            worked = time.process_time()
        began = time.perf_counter()
        result = await engine.execute(FACEBOOK, "campaigns", "list", {"account_id": ACCOUNT, "limit": 25})
        engine.text(result)
        seconds.append(time.perf_counter() - began)
    await engine.close()
    return {"seconds": seconds[WARM_UP:], "worked": time.process_time() - worked}


async def everything(entity: str) -> dict[str, Any]:
    """Rows and calls it takes to read a whole list through MCP."""
    from fastmcp import Client

    from mcp_ads.server import build_server
    from mcp_ads.settings import load

    params: dict[str, Any] = {"account_id": ACCOUNT, "limit": 1000}
    if entity == "ads_insights":
        params["level"] = "campaign"
    rows = asked = 0
    async with Client(build_server(load())) as client:
        cursor = ""
        while cursor or not asked:
            more = {**params, **({"cursor": cursor} if cursor else {})}
            answer = await client.call_tool(
                f"{FACEBOOK}_execute", {"entity": entity, "action": "list", "params": more}
            )
            text, asked = str(getattr(answer.content[0], "text", "")), asked + 1
            meta = json.loads(next(line for line in text.split("\n") if line.startswith("meta: "))[6:])
            rows, cursor = rows + meta["rows"], meta.get("cursor", "")
    return {"rows": rows, "calls": asked}


async def undo(objects: int) -> dict[str, Any]:
    """Plan a change of many objects, apply it, and look at the plan that takes it back."""
    engine = workspace()
    listed = await engine.execute(
        FACEBOOK, "ads", "list", {"account_id": ACCOUNT, "limit": 500, "fields": ["id", "status", "name"]}
    )
    ids = [row["id"] for row in listed.data if row["status"] in ("ACTIVE", "PAUSED")][:objects]
    items = [{"ad_id": ad_id, "name": f"Renamed {number}"} for number, ad_id in enumerate(ids)]
    began = time.perf_counter()
    plan = (await engine.execute(FACEBOOK, "ads", "update", {"items": items})).data["plan_id"]
    planned, applied, longest = time.perf_counter() - began, 0.0, 0.0
    for _ in range(MOST_CALLS):
        began = time.perf_counter()
        text = (await engine.apply(plan)).text
        took = time.perf_counter() - began
        applied, longest = applied + took, max(longest, took)
        if found := re.search(r"undo: ads_apply\((\S+)\)", text):
            return {
                "objects": len(ids), "planned": planned, "applied": applied, "longest": longest,
                "undone": len(engine.plans.get(found[1]).steps),
            }  # fmt: skip
    return {"objects": len(ids), "planned": planned, "applied": applied, "longest": longest, "undone": 0}


BUDGETS = {
    "facebook_marketing": ("campaigns", {}),
    "linkedin_ads": ("campaigns", {"account_id": "512345678"}),
    "amazon_ads": ("sponsored_product_campaigns", {"account_id": "3312345678901234"}),
}


async def budgets(argument: str) -> dict[str, Any]:
    """Plan and apply a rise of many campaigns' budgets; after one call that learns whose account it is."""
    name, first, count = argument.split()
    (entity, account), engine = BUDGETS[name], workspace()
    items = [{"campaign_id": str(int(first) + n), "daily_budget": "+10%"} for n in range(int(count))]
    await engine.execute(name, entity, "list", {**(account or {"account_id": ACCOUNT}), "limit": 1})
    at, began = asked(), time.perf_counter()
    plan = (await engine.execute(name, entity, "update", {**account, "items": items})).data["plan_id"]
    planned, planning = time.perf_counter() - began, asked() - at
    at, took = asked(), list[float]()
    while len(took) < MOST_CALLS:
        began = time.perf_counter()
        text = (await engine.apply(plan)).text
        took.append(time.perf_counter() - began)
        if "IN PROGRESS" not in text and "not made yet" not in text:
            break
    done = re.search(r"(\d+) of \d+ done", text)
    return {
        "planned": planned, "applied": sum(took), "longest": max(took), "calls": len(took),
        "asked": [planning, asked() - at], "done": int(done[1]) if done else 0,
    }  # fmt: skip


def asked() -> int:
    """How many requests the stub has been asked."""
    import httpx

    return int(httpx.get(f"{os.environ['FACEBOOK_MARKETING_BASE_URL']}/_stub/requests").text)


SCENES = {"calls": calls, "everything": everything, "undo": undo, "budgets": budgets}


def main(scene: str, argument: str) -> None:
    """Play one scene."""
    given: Any = int(argument) if argument.isdecimal() else argument
    print(json.dumps(asyncio.run(SCENES[scene](given))))  # type: ignore[operator]  # each has its own


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
