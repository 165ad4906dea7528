"""Calls that documents print as JSON, made by an MCP client in the sandbox as they are printed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from agent import Agent
from fenced import Block, blocks, way

from mcp_ads.across import offer
from mcp_ads.errors import AdsError

pytestmark = pytest.mark.anyio
PLATFORMS = ("ads", "facebook_marketing", "linkedin_ads", "amazon_ads")
WHOLE = (
    ("profile_id", "amazon_ads", "reports", "run"),
    ("accounts", "facebook_marketing", "ads_insights", "list"),
)
"""What parameters without an entity are of, by one of their names, as the text around them says."""
CALLS = [block for block in blocks() if way(block) == "call"]
RESULT = re.compile(r'"result":"(r_\w{12})"')


def call_of(block: Block) -> tuple[str, dict[str, Any]]:
    """The tool a block is for, and what it is called with."""
    found = json.loads(block.text)
    if "entity" not in found:
        tool, entity, action = next((known[1:] for known in WHOLE if known[0] in found), WHOLE[0][1:])
        return tool, {"entity": entity, "action": action, "params": found}
    return next(name for name in PLATFORMS if has(name, found["entity"], found["action"])), found


def has(connector: str, entity: str, action: str) -> bool:
    try:
        return action in offer(connector).entity(entity).actions
    except AdsError:
        return False


def test_each_call_is_one() -> None:
    """Some tool has its entity and action, and those of its steps."""
    asked = [call_of(block)[1] for block in CALLS]
    steps = [step for call in asked for step in call.get("params", {}).get("steps", ())]
    assert len(asked) > 8
    assert [step for step in steps if not has(meant(step["connector"]), step["entity"], step["action"])] == []


def meant(connector: str) -> str:
    return next(name for name in PLATFORMS if name.startswith(connector) and name != "ads")


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted({block.page for block in CALLS}))
async def test_a_pages_calls_are_answered(page: str, agent_in_a_folder: Agent) -> None:
    """One after the other; a look at an earlier result is at that of the call before it."""
    last = ""
    for block in CALLS:
        if block.page != page:
            continue
        tool, asked = call_of(block)
        if "from" in asked.get("params", {}):
            asked["params"]["from"] = last
        text, failed = await agent_in_a_folder.call(f"{tool}_execute", **asked)
        assert not failed, f"{block.name}: {text}"
        last = found[1] if tool == "amazon_ads" and (found := RESULT.search(text)) else last
