"""Answers that say two things: what contradicts itself is unknown, never done."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from between import between
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, EngineClient
from planning import CREATIVE, NEW, SPRING, applied, planned, writes

pytestmark = pytest.mark.anyio
IDS = ("300000001", "300000002", "300000003")
DONE = {own: {"status": 204} for own in IDS}


@pytest.mark.parametrize(
    "told",
    [
        {"results": {**DONE, IDS[1]: {"status": 204, "error": {"status": 422}}}},
        {"results": {**DONE, IDS[1]: {"status": 204, "error": {}}}},
        {"results": {**DONE, IDS[1]: {"status": 204.0}}},
        {"results": DONE, "statuses": {IDS[1]: 422}},
    ],
)
async def test_a_status_beside_an_error_is_unknown(engine_client: EngineClient, told: dict[str, Any]) -> None:
    """LinkedIn's word for done counts where nothing beside it says otherwise; the others are done."""

    def platform(request: httpx.Request) -> httpx.Response | None:
        batch = request.headers.get("x-restli-method") == "BATCH_PARTIAL_UPDATE"
        return httpx.Response(200, json={"errors": {}, **told}) if batch else None

    between(engine_client, platform)
    items = [{"campaign_id": own, "name": f"New {own}"} for own in IDS]
    plan_id = await planned(
        engine_client, "campaigns", "update", LINKEDIN, account_id=LINKEDIN_US, items=items
    )
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["done", "unknown", "done"]


def naming(engine_client: EngineClient, *ids: str) -> None:
    """A Facebook on which each create of a batch, or one by itself, is answered with one of these ids."""
    left = list(ids)

    def platform(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        form = parse_qs(request.content.decode())
        if "validate_only" in str(form) or not (request.url.path.endswith("campaigns") or "batch" in form):
            return None
        made = json.loads(form["batch"][0]) if "batch" in form else [{"method": "POST"}]
        if {item["method"] for item in made} != {"POST"}:
            return None
        told = [json.dumps({"id": left.pop(0)}) for _ in made]
        entries = [{"code": 200, "body": body} for body in told]
        return httpx.Response(200, json=entries if "batch" in form else json.loads(told[0]))

    between(engine_client, platform)


async def created(engine_client: EngineClient, count: int, plan_id: str = "") -> Any:
    """What becomes of a plan that makes campaigns, after what it does already."""
    items = [{**NEW, "name": f"Launch {at}", "daily_budget": "10 USD"} for at in range(count)]
    more = {"append_to": plan_id} if plan_id else {}
    return await applied(
        engine_client, await planned(engine_client, "campaigns", "create", items=items, **more)
    )


async def test_one_id_for_two_is_unknown_for_both(engine_client: EngineClient) -> None:
    """Of two that are answered with one id nobody knows which was made; the third is done."""
    naming(engine_client, "77", "77", "78")
    result = await created(engine_client, 3)
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "unknown", "done"]
    assert "answered 77, the id of something else" in result.text
    assert not [step for step in result.data["steps"] if step.get("id") == "77"]


async def test_the_id_of_another_step_is_no_new_one(engine_client: EngineClient) -> None:
    """A create that is answered with the id of what the plan changes has made nothing that is known."""
    naming(engine_client, SPRING)
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name="Sale")
    result = await created(engine_client, 1, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["done", "unknown"]
    assert [line for line in writes(engine_client) if "delete" in line] == []


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 25])
async def test_what_reads_otherwise_is_not_removed(engine_client: EngineClient, count: int) -> None:
    """A new id under which something else is found: no undo deletes that, wherever it stands in the plan."""
    naming(engine_client, SPRING, *(str(900 + at) for at in range(count - 1)))
    result = await created(engine_client, count)
    assert (
        f"UNKNOWN{', BUT READ-BACK DIFFERS' if count > 1 else ''}: {count - 1} of {count} done" in result.text
    )
    assert "reads as something else" in result.text
    assert "undo: ads_apply" not in result.text
    assert ("it does not read as it was made; look at it before" in result.text) == (count > 1)


async def test_a_creative_that_is_there_already_is_done(engine_client: EngineClient) -> None:
    """Facebook answers a creative that is the same with the one there is, as documented: no doubt."""
    body = json.dumps({"id": CREATIVE})

    def platform(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        form = parse_qs(request.content.decode())
        if "validate_only" in str(form) or "batch" not in form or "adcreatives" not in form["batch"][0]:
            return None
        return httpx.Response(200, json=[{"code": 200, "body": body}] * len(json.loads(form["batch"][0])))

    between(engine_client, platform)
    spec = {"page_id": "104857600000001", "link_data": {"link": "https://example.com", "message": "New"}}
    items = [{"account_id": NEW["account_id"], "object_story_spec": spec}] * 2
    result = await applied(
        engine_client, await planned(engine_client, "ad_creatives", "create", FACEBOOK, items=items)
    )
    assert [step["state"] for step in result.data["steps"]] == ["done", "done"]
