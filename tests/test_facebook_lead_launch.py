"""A lead ad campaign from nothing: one plan, one approval, and after a death nothing without a name."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from agent import Agent
from engine_client import FACEBOOK, US, EngineClient, break_next, mend
from fastmcp import Client
from planning import TARGETING, applied, planned, until

from mcp_ads.errors import InvalidParams
from mcp_ads.sandbox.ports import Servers
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
PAGE = "104857600000001"
ACCOUNT: dict[str, Any] = {"account_id": US}
KINDS = ["image"] * 3 + ["form", "campaign", "adset"] + ["creative"] * 3 + ["ad"] * 3
"""What is made, in its order."""
FORM, CAMPAIGN, AD_SET = "@4.id", "@5.id", "@6.id"


def picture(shade: int) -> str:
    """A picture of one dot, as base64; each shade is another picture."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes([0, shade]))),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


def creative(number: int) -> dict[str, Any]:
    """A lead ad's creative with the picture of a step, whose button opens the form."""
    button = {"type": "SIGN_UP", "value": {"lead_gen_form_id": FORM}}
    link = {"link": "https://fb.me/", "message": f"Boots {number}", "image_hash": f"@{number}.hash"}
    return {
        "name": f"Boots {number}",
        "object_story_spec": {"page_id": PAGE, "link_data": {**link, "call_to_action": button}},
    }


STEPS: list[tuple[str, str, Mapping[str, Any]]] = [
    ("lead_forms", "create", {
        "page_id": PAGE, "name": "Boots", "questions": [{"type": "EMAIL"}, {"type": "FULL_NAME"}],
        "privacy_policy": {"url": "https://example.com/privacy"},
    }),
    ("campaigns", "create", {
        **ACCOUNT, "name": "Boots", "objective": "OUTCOME_LEADS", "daily_budget": "40 USD",
    }),
    ("ad_sets", "create", {
        **ACCOUNT, "name": "Boots, US", "campaign_id": CAMPAIGN, "optimization_goal": "LEAD_GENERATION",
        "destination_type": "ON_AD", "promoted_object": {"page_id": PAGE},
        "targeting": TARGETING,
    }),
    ("ad_creatives", "create", {**ACCOUNT, "items": [creative(number) for number in (1, 2, 3)]}),
    ("ads", "create", {
        **ACCOUNT, "adset_id": AD_SET,
        "items": [{"name": f"Boots {at}", "creative": {"creative_id": f"@{at + 6}.id"}} for at in (1, 2, 3)],
    }),
]  # fmt: skip
"""What is made after the pictures; pages are there already."""


@pytest.fixture
def environ(servers: Servers, tmp_path: Path) -> dict[str, str]:
    """The settings of every process: one home, one sandbox on ports."""
    mend(servers.sandbox.store)
    return {"MCP_ADS_HOME": str(tmp_path), "PATH": os.environ["PATH"], **servers.ports.variables()}


async def launch(agent: Agent, shade: int) -> str:
    """The whole launch as one plan, with three pictures from a shade on; its id."""
    pictures = [("images", "upload", {**ACCOUNT, "file": picture(shade + at)}) for at in range(3)]
    plan_id = ""
    for entity, action, params in [*pictures, *STEPS]:
        more = {"append_to": plan_id} if plan_id else {}
        plan_id = await agent.plan(FACEBOOK, entity, action, **params, **more)
    return plan_id


def applying(environ: dict[str, str], plan_id: str) -> subprocess.Popen[bytes]:
    """`mcp-ads apply` in a process of its own."""
    command = [sys.executable, "-m", "mcp_ads", "apply", plan_id]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)


def made(servers: Servers, since: int) -> list[tuple[str, str]]:
    """What was created since, as kind and id."""
    found = [write for write in servers.sandbox.store.writes()[since:] if write["what"].startswith("create ")]
    return [(write["what"].split()[1], write["id"]) for write in found]


@pytest.mark.slow
async def test_a_launch_is_one_plan_and_one_apply(servers: Servers, environ: dict[str, str]) -> None:
    """Pictures, form, campaign, ad set, creatives and ads, each naming what earlier steps make; all off."""
    store, since = servers.sandbox.store, len(servers.sandbox.store.writes())
    async with Client(build_server(load(environ=environ))) as client:
        agent = Agent(client)
        pages = await agent.table(FACEBOOK, "pages", "list", account_id=US)
        assert [(row["id"], row["leadgen_tos_accepted"]) for row in pages.rows] == [(PAGE, "true")]
        plan_id = await launch(agent, 1)
        assert made(servers, since) == []
        text = await agent.read(f"ads://plans/{plan_id}")
        assert "asks for EMAIL, FULL_NAME" in text
        assert 'page_id 104857600000001 \\"Tern & Tide\\"' in text
        answer = await agent.good("ads_apply", plan_id=plan_id)
    assert "APPLIED: 12 of 12 done" in answer
    there = made(servers, since)
    assert [kind for kind, _ in there] == KINDS
    form = there[3][1]
    for place, (kind, id_) in enumerate(there):
        record = store.get(f"facebook.{kind}", id_) or {}
        if kind == "creative":
            link = record["object_story_spec"]["link_data"]
            image = store.get("facebook.image", there[place - 6][1]) or {}
            assert link["image_hash"] == image["hash"]
            assert link["call_to_action"]["value"]["lead_gen_form_id"] == form
        if kind == "ad":
            assert record["creative_id"] == there[place - 3][1]
        if kind in ("campaign", "adset", "ad"):
            assert record["status"] == "PAUSED"


@pytest.mark.slow
@pytest.mark.parametrize("after", [2, 7, 12])
async def test_what_a_death_leaves_has_a_name(servers: Servers, environ: dict[str, str], after: int) -> None:
    """Killed in the middle, the launch tells of everything it has made, and sends nothing again.

    Of a batch whose answer is lost (the ads) the log has the intent alone.
    """
    store, since = servers.sandbox.store, len(servers.sandbox.store.writes())
    async with Client(build_server(load(environ=environ))) as client:
        agent = Agent(client)
        plan_id = await launch(agent, 10 * after)
        break_next(store, "slow", when="after", seconds=0.2, times=0, method="POST")
        process = applying(environ, plan_id)
        await until(lambda: len(made(servers, since)) >= after)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        mend(store)
        await asyncio.sleep(0.3)
        left = made(servers, since)
        text, _ = await agent.call("ads_apply", plan_id=plan_id)
        log = (Path(environ["MCP_ADS_HOME"]) / "audit.jsonl").read_text()
    assert made(servers, since) == left
    assert "UNKNOWN" in text
    names = [(store.get(f"facebook.{kind}", id_) or {}).get("hash") or id_ for kind, id_ in left]
    assert all(name in text for name in names), text
    assert all(name in log for name in names[: after - 1][:9])


async def test_references_go_where_they_belong(engine_client: EngineClient) -> None:
    """A hash is no id, an id no hash, and neither is a word of a text."""
    plan_id = await planned(engine_client, "images", "upload", **ACCOUNT, file=picture(9))
    story: dict[str, Any] = {
        "page_id": PAGE,
        "link_data": {"link": "https://example.com", "message": "@1.hash"},
    }
    for spec, why in (
        ({**story["link_data"], "image_hash": "@1.id"}, "image_hash: @1.id: that step makes an image"),
        ({**story["link_data"], "image_hash": "@2.hash"}, "there is no step 2 before this one"),
        ({**story["link_data"], "image_hash": "@1.hsh"}, "is no reference"),
    ):  # fmt: skip
        wrong: dict[str, Any] = {
            "name": "x",
            "object_story_spec": {**story, "link_data": spec},
            "append_to": plan_id,
        }
        with pytest.raises(InvalidParams, match=re.escape(why)):
            await planned(engine_client, "ad_creatives", "create", **ACCOUNT, **wrong)
    ad: dict[str, Any] = {
        "name": "x",
        "adset_id": "1202120000000003401",
        "creative": {"creative_id": "@1.hash"},
    }
    with pytest.raises(InvalidParams, match=r"creative_id: @1\.hash"):
        await planned(engine_client, "ads", "create", **ACCOUNT, **ad, append_to=plan_id)
    right: dict[str, Any] = {"name": "x", "object_story_spec": story, "append_to": plan_id}
    result = await applied(
        engine_client, await planned(engine_client, "ad_creatives", "create", **ACCOUNT, **right)
    )
    assert "APPLIED: 2 of 2" in result.text
    (spec,) = [
        row["object_story_spec"] for row in engine_client.store.all("facebook.creative") if row["name"] == "x"
    ]
    assert spec["link_data"]["message"] == "@1.hash"


@pytest.mark.slow
async def test_forty_ads_are_paused_by_one_plan(servers: Servers, environ: dict[str, str]) -> None:
    """One call with forty ids, one plan that says so, one apply; all are off and nothing else changed."""
    store, since = servers.sandbox.store, len(servers.sandbox.store.writes())
    rows = [ad for ad in store.all("facebook.ad") if ad["account_id"] == US and ad["status"] != "DELETED"][
        -40:
    ]
    for ad in rows:
        store.put("facebook.ad", ad["id"], {**ad, "status": "ACTIVE"})
    ids = [ad["id"] for ad in rows]
    async with Client(build_server(load(environ=environ))) as client:
        agent = Agent(client)
        plan_id = await agent.plan(FACEBOOK, "ads", "pause", ad_id=ids)
        assert plan_id.startswith("pause-40-ads.")
        answer = await agent.good("ads_apply", plan_id=plan_id)
    assert "APPLIED: 40 of 40 done" in answer
    changed = [write["id"] for write in store.writes()[since:]]
    assert sorted(changed) == sorted(ids)
    assert {(store.get("facebook.ad", id_) or {})["status"] for id_ in ids} == {"PAUSED"}
