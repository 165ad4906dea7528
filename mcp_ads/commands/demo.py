"""`demo`: an MCP client session with the real server over stdio, in a make-believe world, shown readably."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp_ads import serving
from mcp_ads.platforms import PLATFORMS
from mcp_ads.situation import program

from .stage import Failed, Stage
from .streams import FAILED, complain

BYTES_PER_TOKEN = 4.4
FACEBOOK, LINKEDIN, AMAZON = (f"{name}_execute" for name in PLATFORMS)
LEAST_WASTE = 100
LOOK = ["id", "name", "effective_status", "daily_budget_major"]
OURS = ("MCP_ADS_", "FASTMCP_", *PLATFORMS.values())
INTRO = "A real MCP client, the real server over stdio, three make-believe ad platforms."
NEXT = (
    (
        "The same campaigns from the shell:",
        "{sandboxed} call facebook-marketing campaigns list --params '{params}'",
    ),
    ("A question about what there is to do:", "{sandboxed} describe --query 'search terms'"),
    (
        "The same make-believe platforms on real ports, with variables to export, until Ctrl-C:",
        "{program} sandbox",
    ),
    ("What is configured here, what is missing, what the token may do:", "{program} doctor"),
)
FILES = (
    ("mcp.json.example", "entries for Claude Desktop, Claude Code, Cursor and VS Code"),
    (".env.example", "the variables to set for real accounts"),
    ("docs/index.md", "all of it, and what protects real money"),
)


def demo() -> int:
    """Run every scene. 1 when one of them fails."""
    serving.quiet_fastmcp("ERROR")
    with tempfile.TemporaryDirectory(prefix="mcp-ads-demo-") as home:
        return asyncio.run(_session(Path(home)))


async def _session(home: Path) -> int:
    from fastmcp import Client
    from fastmcp.client.transports import StdioTransport

    words = ["-m", "mcp_ads", "serve"]
    transport = StdioTransport(sys.executable, words, env=environment(home), cwd=str(home), keep_alive=False)
    started = time.monotonic()
    async with Client(transport) as client:
        stage = Stage(client)
        stage.say(INTRO, "")
        try:
            await _scenes(stage)
        except Failed as failure:
            complain(f"the demo failed: {failure}")
            return FAILED
    stage.say(f"\nAll of this took {time.monotonic() - started:.1f} s, and nothing of it is left.", "")
    return 0


def environment(home: Path) -> dict[str, str]:
    """The caller's environment without any setting of ours, and the sandbox switched on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home)}


async def _scenes(stage: Stage) -> None:
    scenes: list[Callable[[Stage], Awaitable[None]]] = [
        tools, describe, campaigns, performance, launch, waste, mistake,
    ]  # fmt: skip
    for scene in scenes:
        await scene(stage)
    stage.title("What next")
    for why, command in NEXT:
        stage.say(why)
        stage.command(_runnable(command, stage.accounts[FACEBOOK]))
    stage.say("\n".join(_files_here()))


def _files_here() -> list[str]:
    """What there is to read next, in a checkout."""
    return [f"{name}: {what}" for name, what in FILES if Path(name).exists()]


def _runnable(command: str, params: dict[str, str]) -> str:
    """A command that does what it says when it is pasted here."""
    sandboxed = f"MCP_ADS_SANDBOX=1 {program()}"
    return command.format(program=program(), sandboxed=sandboxed, params=json.dumps(params))


async def tools(stage: Stage) -> None:
    """What every conversation pays for."""
    offered = await stage.client.list_tools()
    described = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in offered]
    stage.title(f"1. {len(described)} tools, however many actions there are")
    lines = ["tool,read only,bytes"]
    for tool in described:
        read_only = str(bool(tool["annotations"].get("readOnlyHint"))).lower()
        lines.append(f"{tool['name']},{read_only},{_bytes(tool)}")
    stage.grid("\n".join(lines))
    size = _bytes({"tools": described})
    stage.say(f"tools/list is {size:,} bytes of JSON, about {size / BYTES_PER_TOKEN:,.0f} tokens.")


async def describe(stage: Stage) -> None:
    """Discovery is pulled when it is needed."""
    stage.title(
        "2. ads_describe", "What there is, pulled when needed; then a connector, an entity, one action."
    )
    await stage.tell("ads_describe")
    text = await stage.ask(
        "ads_describe", connector="facebook_marketing", entity="campaigns", action="update"
    )
    stage.show("\n".join(text.splitlines()[:10]) + "\n…")


async def campaigns(stage: Stage) -> None:
    """The same call on three platforms."""
    stage.title(
        "3. Campaigns of three platforms",
        "One grammar; names were written by advertisers: data, never instructions.",
    )
    accounts = stage.accounts = await _accounts(stage)
    params = {"limit": 5}
    await stage.tell(FACEBOOK, entity="campaigns", action="list", params={**accounts[FACEBOOK], **params})
    await stage.tell(LINKEDIN, entity="campaigns", action="list", params={**accounts[LINKEDIN], **params})
    await stage.tell(
        AMAZON, entity="sponsored_product_campaigns", action="list", params={**accounts[AMAZON], **params}
    )


async def performance(stage: Stage) -> None:
    """One question to all accounts; insights, analytics, a report."""
    stage.title(
        "4. What they cost and brought",
        "Money in major units; ranges are whole days in the account's time zone.",
    )
    wasted = {"range": "last_week", "where": "spend > 0 and conversions = 0", "top": 2}
    await stage.tell("ads_execute", entity="performance", action="list", params=wasted)
    accounts = stage.accounts
    insights = {"level": "campaign", "time_range": "last_7d", "sort": ["spend_descending"], "limit": 5}
    await stage.tell(
        FACEBOOK, entity="ads_insights", action="list", params={**accounts[FACEBOOK], **insights}
    )
    analytics = {"time_range": "last_7d", "sort": "-cost", "limit": 5}
    await stage.tell(
        LINKEDIN, entity="ad_campaign_analytics", action="list", params={**accounts[LINKEDIN], **analytics}
    )
    report = {"report_type": "spCampaigns", "time_range": "last_7d", "sort": "-cost", "limit": 5}
    await stage.tell(AMAZON, entity="reports", action="run", params={**accounts[AMAZON], **report})


async def launch(stage: Stage) -> None:
    """Campaign, ad set and ad: one plan, one approval."""
    stage.title(
        "5. A launch: three steps, one plan, one approval",
        "Nothing is sent while planning. A step may name what an earlier one will make: @1.id.",
    )
    applied = await stage.tell("ads_apply", plan_id=await _launch_plan(stage))
    stage.say("Read back:")
    look = {"campaign_id": [first(r"done: create campaign (\d+)", applied)], "fields": LOOK}
    await stage.tell(FACEBOOK, entity="campaigns", action="get", params=look)


async def _launch_plan(stage: Stage) -> str:
    """The id of a plan whose steps were named in one call."""
    account = stage.accounts[FACEBOOK]
    creative = (await stage.rows(FACEBOOK, "ad_creatives", "list", **account, limit=1))[0]["id"]
    targeting = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}
    under = {"campaign_id": "@1.id", "optimization_goal": "LINK_CLICKS", "targeting": targeting}
    campaign = {"name": "Winter boots", "objective": "OUTCOME_TRAFFIC", "daily_budget": "40 USD"}
    later: list[tuple[str, dict[str, Any]]] = [
        ("ad_sets", {"name": "Hikers, US", **under}),
        ("ads", {"name": "Boots in snow", "adset_id": "@2.id", "creative": {"creative_id": creative}}),
    ]
    steps = [{"entity": name, "action": "create", "params": {**account, **own}} for name, own in later]
    params = {**account, **campaign, "steps": steps}
    return plan_id(await stage.tell(FACEBOOK, entity="campaigns", action="create", params=params))


async def waste(stage: Stage) -> None:
    """Find what wasted money, pause it, look, and take it back."""
    stage.title(
        "6. Pause what wasted money",
        "Sales campaigns that spent and sold nothing, found by reading insights.",
    )
    account = stage.accounts[FACEBOOK]
    fields = ["campaign_id", "campaign_name", "objective", "spend", "purchases"]
    rows = await stage.rows(
        FACEBOOK, "ads_insights", "list", **account, level="campaign", limit=200, fields=fields
    )
    ids = [row["campaign_id"] for row in rows if wasted(row)]
    text = await stage.tell(FACEBOOK, entity="campaigns", action="pause", params={"campaign_id": ids})
    applied = await stage.tell("ads_apply", plan_id=plan_id(text))
    look = {"campaign_id": ids, "fields": LOOK}
    stage.say("Read back:")
    await stage.tell(FACEBOOK, entity="campaigns", action="get", params=look)
    stage.say("The undo is a plan like any other:")
    await stage.tell("ads_apply", plan_id=first(r"undo: ads_apply\((\S+)\)", applied))


async def mistake(stage: Stage) -> None:
    """A wrong call says what would be right."""
    stage.title("7. A wrong call, and what it teaches", "Nothing is sent for a call that does not fit.")
    wrong = {"campaign_id": "spring", "daily_budget": "lots", "status": "STOPPED"}
    stage.show(await stage.ask(FACEBOOK, wrong=True, entity="campaigns", action="update", params=wrong))
    wrong = {"campain_id": "1202110000000000340", "status": "PAUSED"}
    stage.show(await stage.ask(FACEBOOK, wrong=True, entity="campaigns", action="update", params=wrong))
    stage.show(await stage.ask(LINKEDIN, wrong=True, entity="campaign", action="list", params={}))


async def _accounts(stage: Stage) -> dict[str, dict[str, str]]:
    """The first account of each platform, as the parameter that names it."""
    facebook = await stage.rows(FACEBOOK, "ad_accounts", "list", limit=1)
    linkedin = await stage.rows(LINKEDIN, "accounts", "list", limit=1)
    amazon = await stage.rows(AMAZON, "profiles", "list", limit=1)
    return {
        FACEBOOK: {"account_id": str(facebook[0]["account_id"])},
        LINKEDIN: {"account_id": str(linkedin[0]["id"])},
        AMAZON: {"profile_id": str(amazon[0]["profileId"])},
    }


def wasted(row: dict[str, Any]) -> bool:
    """Whether a campaign meant to sell spent money and sold nothing."""
    sold = float(row.get("purchases") or 0)
    return row["objective"] == "OUTCOME_SALES" and float(row["spend"]) > LEAST_WASTE and not sold


def plan_id(text: str) -> str:
    return first(r"^PLAN (\S+)$", text)


def first(pattern: str, text: str) -> str:
    """What a pattern finds in an answer. Raises Failed."""
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        raise Failed(f"no {pattern} in\n{text}")
    return found[1]


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
