"""Two open plans of the same creation: whoever agreed to the second did not know of what the first made."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import JACKETS_SET, NEW, NEW_SET, SPRING, applied, planned, undo_of, value_of, writes

from mcp_ads.errors import StalePlan

pytestmark = pytest.mark.anyio
GROUP: dict[str, Any] = {
    "account_id": LINKEDIN_US,
    "name": "Launch",
    "run_schedule": {"start": "2030-01-01"},
}
BIDS: dict[str, Any] = {
    "account_id": PROFILE, "name": "Launch", "targeting_type": "MANUAL", "daily_budget": "30 USD",
}  # fmt: skip
OTHERS = [{"name": name, "objective": NEW["objective"]} for name in ("Beach", "Launch")]
BULK = {"account_id": NEW["account_id"], "items": OTHERS}
COPY = {"ad_set_id": JACKETS_SET}
RAW: dict[str, Any] = {"path": "/act_1234567890/adlabels", "body": {"name": "Autumn"}}
ONCE_MORE = [
    (FACEBOOK, "campaigns", "create", NEW, BULK),
    (LINKEDIN, "campaign_groups", "create", GROUP, GROUP),
    pytest.param(FACEBOOK, "campaigns", "create", BULK, NEW, marks=pytest.mark.slow),
    pytest.param(FACEBOOK, "ad_sets", "duplicate", COPY, COPY, marks=pytest.mark.slow),
]


def states(result: Any) -> list[str]:
    """The states of a plan's steps."""
    return [step["state"] for step in result.data["steps"]]


@pytest.mark.parametrize(("connector", "entity", "action", "one", "other"), ONCE_MORE)
async def test_what_was_made_since_is_not_made_once_more(
    engine_client: EngineClient, connector: str, entity: str, action: str, one: Any, other: Any
) -> None:
    """The second plan is not applied: a fresh one that says what is there takes its place, and is applied."""
    first = await planned(engine_client, entity, action, connector, **one)
    second = await planned(engine_client, entity, action, connector, **other)
    await applied(engine_client, first)
    made = writes(engine_client)
    result = await applied(engine_client, second)
    assert writes(engine_client) == made
    assert re.search(r'NOT APPLIED[^"]*"(Launch|.* - Copy)": one of this name was made at 20', result.text)
    assert re.search(r"warning: an? .* of this name was made at .* already: \d+", result.text)
    again = await applied(engine_client, result.data["plan_id"])
    assert {*states(again)} == {"done"}
    assert len(writes(engine_client)) > len(made)


@pytest.mark.parametrize("when", [pytest.param("before", marks=pytest.mark.slow), "after"])
async def test_what_may_have_been_made_since(engine_client: EngineClient, when: str) -> None:
    """Nobody knows what became of the first: the second says so, with what a look shows by now."""
    first, second = [await planned(engine_client, "campaigns", "create", **NEW) for _ in range(2)]
    engine_client.fault("500", method="POST", path="/campaigns$", when=when)
    await applied(engine_client, first)
    made = writes(engine_client)
    result = await applied(engine_client, second)
    assert "one of this name may have been made at 20" in result.text
    assert f"and reading now there is {'one: id' if when == 'after' else 'none'}" in result.text
    assert writes(engine_client) == made
    assert states(await applied(engine_client, result.data["plan_id"])) == ["done"]


@pytest.mark.slow
async def test_names_that_are_unique_are_told(engine_client: EngineClient) -> None:
    """Where the platform takes no two of a name, no plan follows."""
    first, second = [
        await planned(engine_client, "sponsored_product_campaigns", "create", AMAZON, **BIDS)
        for _ in range(2)
    ]
    await applied(engine_client, first)
    made = writes(engine_client)
    with pytest.raises(StalePlan, match="is called this already"):
        await applied(engine_client, second)
    assert writes(engine_client) == made


async def test_a_step_of_an_earlier_plan_is_looked_at_too(engine_client: EngineClient) -> None:
    """A launch is made twice: its campaign, which was planned before the other one was applied, is told of;
    that steps were added to it since changes nothing.
    """
    below = {**NEW_SET, "campaign_id": "@1.id", "daily_budget": "10 USD"}
    second = await planned(engine_client, "campaigns", "create", **NEW)
    await applied(engine_client, await planned(engine_client, "campaigns", "create", **NEW))
    second = await planned(engine_client, "ad_sets", "create", **below, append_to=second)
    result = await applied(engine_client, second)
    assert 'campaign "Launch": one of this name was made at' in result.text
    assert states(await applied(engine_client, result.data["plan_id"])) == ["done", "done"]


async def test_what_is_not_the_same_is_made(engine_client: EngineClient) -> None:
    """Another name; the same after it was undone; and what a plan told of when it was made."""
    names = [NEW, {**NEW, "name": "Launch 2"}, NEW]
    one, two, three = [await planned(engine_client, "campaigns", "create", **new) for new in names]
    first = await applied(engine_client, one)
    assert states(await applied(engine_client, two)) == ["done"]
    await applied(engine_client, undo_of(first))
    assert states(await applied(engine_client, three)) == ["done"]
    told = await planned(engine_client, "campaigns", "create", **NEW)
    assert states(await applied(engine_client, told)) == ["done"]


async def test_a_plan_that_goes_on_does_not_meet_itself(engine_client: EngineClient) -> None:
    """Two of one name in one plan, of which the second is sent by a later call."""
    reached, posts = list[bool](), list[str]()

    def sometimes(request: httpx.Request) -> None:
        posts.extend([request.method] * (request.method == "POST"))
        if posts[2:] and not reached:
            raise httpx.ConnectError("refused")

    between(engine_client, sometimes)
    plan_id = await planned(engine_client, "campaigns", "create", **NEW)
    pause = {"campaign_id": SPRING, "append_to": plan_id}
    plan_id = await planned(engine_client, "campaigns", "pause", **pause)
    plan_id = await planned(engine_client, "campaigns", "create", **NEW, append_to=plan_id)
    posts.clear()
    assert states(await applied(engine_client, plan_id)) == ["done", "done", "ready"]
    reached.append(True)
    assert states(await applied(engine_client, plan_id)) == ["done", "done", "done"]


@pytest.mark.parametrize(
    "fault", [pytest.param({}, marks=pytest.mark.slow), {"kind": "500", "when": "after"}]
)
async def test_an_amount_moves_once(engine_client: EngineClient, fault: dict[str, str]) -> None:
    """Two plans of "+10%": the second finds another amount, and says what it comes to by now."""
    change = {"campaign_id": SPRING, "daily_budget": "+10%"}
    first, second = [await planned(engine_client, "campaigns", "update", **change) for _ in range(2)]
    if fault:
        engine_client.fault(**fault, method="POST", path=SPRING)
    await applied(engine_client, first)
    result = await applied(engine_client, second)
    assert "daily_budget was 50.00 USD, is 55.00 USD" in result.text
    assert "55.00 → 60.50" in result.text
    assert await value_of(engine_client, "daily_budget") == "5500"


async def test_a_request_that_was_written_out_is_not_sent_once_more(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """The same with requests that somebody wrote out."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    first, second = [await planned(engine_client, "graph", "post", **RAW) for _ in range(2)]
    await applied(engine_client, first)
    made = writes(engine_client)
    result = await applied(engine_client, second)
    assert "the same request was sent at" in result.text
    assert writes(engine_client) == made


async def test_what_differs_only_in_a_field_by_which_the_platform_tells(engine_client: EngineClient) -> None:
    """The same words under another match type are another negative keyword: its plan is applied as it is."""
    parents = {"profile_id": PROFILE, "campaign_id": "120000000000001", "ad_group_id": "130000000000001"}
    exact, phrase = [
        await planned(
            engine_client, "sponsored_product_negative_keywords", "create", AMAZON,
            **parents, keyword_text="cheap", match_type=match,
        )
        for match in ("NEGATIVE_EXACT", "NEGATIVE_PHRASE")
    ]  # fmt: skip
    await applied(engine_client, exact)
    assert states(await applied(engine_client, phrase)) == ["done"]


@pytest.mark.slow
async def test_what_was_there_before_the_plan_is_no_news(engine_client: EngineClient) -> None:
    """The newer of two of a name is gone when a plan is applied; the older one was there when it was made."""
    for _ in range(2):
        newer = await applied(engine_client, await planned(engine_client, "campaigns", "create", **NEW))
    await asyncio.sleep(1.1)  # the log has whole seconds
    plan = await planned(engine_client, "campaigns", "create", **NEW)
    await applied(engine_client, undo_of(newer))
    assert states(await applied(engine_client, plan)) == ["done"]
