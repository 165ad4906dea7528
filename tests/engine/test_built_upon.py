"""What a create was answered with is looked at before a later step builds on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from between import between, changed
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import DRYBAGS, NEW, NEW_SET, applied, planned, writes

pytestmark = pytest.mark.anyio
START = {"start": "2030-01-01"}
LAUNCHES: list[tuple[str, list[tuple[str, dict[str, Any]]], str, str]] = [
    (FACEBOOK, [
        ("campaigns", NEW),
        ("ad_sets", {**NEW_SET, "campaign_id": "@1.id", "daily_budget": "10 USD"}),
    ], "/campaigns$", DRYBAGS),
    (LINKEDIN, [
        ("campaign_groups", {"account_id": LINKEDIN_US, "name": "Launch", "run_schedule": START}),
        ("campaigns", {
            "account_id": LINKEDIN_US, "name": "Launch, US", "type": "SPONSORED_UPDATES",
            "objective_type": "WEBSITE_VISIT", "cost_type": "CPC", "unit_cost": "5 USD",
            "daily_budget": "40 USD", "run_schedule": START, "political_intent": "NOT_POLITICAL",
            "locale": {"country": "US", "language": "en"}, "campaign_group_id": "@1.id",
        }),
    ], "/adCampaignGroups$", "600000008"),
    (AMAZON, [
        ("sponsored_product_campaigns", {
            "account_id": PROFILE, "name": "Launch", "targeting_type": "MANUAL", "daily_budget": "30 USD",
        }),
        ("sponsored_product_ad_groups", {
            "account_id": PROFILE, "name": "Launch", "campaign_id": "@1.id", "default_bid": "0.75 USD",
        }),
    ], "/sp/campaigns$", "120000000000002"),
]  # fmt: skip


async def launch(engine_client: EngineClient, connector: str, steps: list[tuple[str, dict[str, Any]]]) -> str:
    """The plan of a launch."""
    more: dict[str, Any] = {}
    for entity, params in steps:
        more = {"append_to": await planned(engine_client, entity, "create", connector, **params, **more)}
    return str(more["append_to"])


def answering(engine_client: EngineClient, path: str, instead: str, unread: int = 0, **fields: str) -> None:
    """Platforms that make what they are asked to and answer with another object's id, which reads so; the
    first reads of it, as many as are `unread`, are refused.
    """
    refused = iter(range(unread))

    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        content, headers = response.content, dict(response.headers)
        if request.method == "POST" and re.search(path, request.url.path):
            content = re.sub(rb'"(id|campaignId)":\s*"?\d+"?', rb'"\1":"%b"' % instead.encode(), content)
            headers = {name: instead if "-id" in name else text for name, text in headers.items()}
        elif request.url.path.endswith(instead):
            if next(refused, None) is not None:
                return httpx.Response(
                    403, json={"error": {"message": "x", "type": "OAuthException", "code": 10}}
                )
            for name, text in fields.items():
                content = re.sub(rf'"{name}":\s*"[^"]*"'.encode(), f'"{name}":"{text}"'.encode(), content)
        headers.pop("content-length", None)
        return httpx.Response(response.status_code, headers=headers, content=content)

    changed(engine_client, change)


@pytest.mark.parametrize(
    ("connector", "steps", "path", "foreign"),
    [LAUNCHES[1], *(pytest.param(*launch, marks=pytest.mark.slow) for launch in LAUNCHES[::2])],
)
async def test_nothing_is_made_inside_another_object(
    engine_client: EngineClient, connector: str, steps: list[Any], path: str, foreign: str
) -> None:
    """A create answered with the id of what is there already: of unknown outcome, and what follows waits."""
    answering(engine_client, path, foreign)
    plan_id = await launch(engine_client, connector, steps)
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "ready"]
    assert f"answered {foreign}, which reads as something else" in result.text
    found = result.text.split("looking now: there is")[1].split(", id ")[1].split()[0]
    left = f"plan anew 2 (not sent); {found} for @1.id if that is what 1 made"
    assert f"next: nothing more of this plan is sent; {left}" in result.text
    assert len(writes(engine_client)) == 1
    assert (await applied(engine_client, plan_id)).data["steps"][1]["state"] == "ready"
    assert len(writes(engine_client)) == 1


async def test_an_older_twin_is_told_by_its_time(engine_client: EngineClient) -> None:
    """The answered object reads like the new one and was there before: nothing is made in it."""
    connector, steps, path, foreign = LAUNCHES[0]
    answering(engine_client, path, foreign, name="Launch")
    plan_id = await launch(engine_client, connector, steps)
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "ready"]
    assert re.search(r"something else: made 20.* UTC, before this; nothing was built on it", result.text)


@pytest.mark.parametrize("name", ["Launch", "Autumn Dry Bags"])
async def test_what_could_not_be_read_is_read_by_the_next_call(
    engine_client: EngineClient, name: str
) -> None:
    """The read after a create fails: the next call reads before it builds, and knows another object by its
    name, or by its time; it is not told as done, and the new one is looked for by its name.
    """
    connector, steps, path, foreign = LAUNCHES[0]
    answering(engine_client, path, foreign, unread=1, name=name)
    plan_id = await launch(engine_client, connector, steps)
    first = await applied(engine_client, plan_id)
    assert "NOT DONE YET: create ad set" in first.text
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["unknown", "ready"]
    assert "UNKNOWN: 0 of 2 done" in result.text
    assert f"answered {foreign}, which reads as something else" in result.text
    assert 'looking now: there is campaign "Launch", id 12029' in result.text
    assert len(writes(engine_client)) == 1
    assert (await applied(engine_client, plan_id)).data["steps"][1]["state"] == "ready"
    assert len(writes(engine_client)) == 1


async def test_what_was_proven_may_change_before_the_rest_is_made(engine_client: EngineClient) -> None:
    """The new object was read and is renamed before the next call: that is told, and nothing is in doubt."""
    connector, steps, *_ = LAUNCHES[0]
    reached = False

    def unreached(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path.endswith("/adsets") and not reached:
            raise httpx.ConnectError("refused")

    between(engine_client, unreached)
    plan_id = await launch(engine_client, connector, steps)
    first = await applied(engine_client, plan_id)
    assert [step["state"] for step in first.data["steps"]] == ["done", "ready"]
    made = str(first.data["steps"][0]["id"])
    kept = engine_client.store.get("facebook.campaign", made)
    engine_client.store.put("facebook.campaign", made, {**(kept or {}), "name": "Launch 2"})
    reached = True
    again = await applied(engine_client, plan_id)
    assert 'this plan made it "Launch"' in again.text
    assert "UNKNOWN" not in again.text


async def test_what_a_rule_has_switched_is_still_the_one(engine_client: EngineClient) -> None:
    """The new campaign has its name, and a rule has paused it meanwhile: what follows is made in it."""
    connector, steps, *_ = LAUNCHES[0]
    active = [(steps[0][0], {**steps[0][1], "status": "ACTIVE"}), *steps[1:]]

    def paused(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        headers = {name: text for name, text in response.headers.items() if name != "content-length"}
        content = response.content
        if request.method == "GET":
            content = re.sub(rb'"status":\s*"ACTIVE"', b'"status":"PAUSED"', content)
        return httpx.Response(response.status_code, headers=headers, content=content)

    changed(engine_client, paused)
    plan_id = await launch(engine_client, connector, active)
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == ["done", "done"]
    assert "status PAUSED" in result.text


async def test_what_cannot_be_read_is_waited_for(engine_client: EngineClient) -> None:
    """The new object cannot be read: what follows is not sent, says why, and is made by the next call."""
    connector, steps, *_ = LAUNCHES[0]
    plan_id = await launch(engine_client, connector, steps)
    engine_client.fault("500", method="GET", path="/12029[0-9]+$", times=4)
    first = await applied(engine_client, plan_id)
    assert [step["state"] for step in first.data["steps"]] == ["done", "ready"]
    assert "IN PROGRESS" in first.text
    assert "NOT DONE YET: create ad set" in first.text
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text
    assert len(writes(engine_client)) == 2


@pytest.mark.parametrize(("when", "found"), [("after", "there is"), ("before", "only an older one")])
@pytest.mark.parametrize("minutes", [-20, 20, None, "twice"])
async def test_a_clock_that_is_wrong_decides_nothing(
    engine_client: EngineClient, when: str, found: str, minutes: int | str | None
) -> None:
    """Whether the create of unknown outcome is the one that is listed goes by the platform's clock, and by
    nothing where its answers have no Date, or Dates that contradict each other.
    """
    apart = timedelta(minutes=minutes if isinstance(minutes, int) else 0)
    odd = iter([timedelta(hours=2)] * 2 if minutes == "twice" else [])
    old = f"{datetime.now(UTC) - timedelta(minutes=10) + apart:%Y-%m-%dT%H:%M:%S+0000}"
    kept = engine_client.store.get("facebook.campaign", DRYBAGS)
    engine_client.store.put("facebook.campaign", DRYBAGS, {**(kept or {}), "name": "Launch"})

    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        headers = {name: text for name, text in response.headers.items() if name != "content-length"}
        headers["date"] = format_datetime(datetime.now(UTC) + next(odd, apart), usegmt=True)
        if minutes is None:
            del headers["date"]
        body = response.json()
        for row in body.get("data", []) if request.method == "GET" else ():
            if "created_time" in row:
                new = f"{datetime.now(UTC) + apart:%Y-%m-%dT%H:%M:%S+0000}"
                row["created_time"] = old if row["id"] == DRYBAGS else new
        return httpx.Response(response.status_code, headers=headers, json=body)

    changed(engine_client, change)
    plan_id = await planned(engine_client, "campaigns", "create", **NEW)
    engine_client.fault("500", method="POST", path="/campaigns$", when=when)
    text = (await applied(engine_client, plan_id)).text
    if not isinstance(minutes, int):
        assert "it may be an older one: look when it was made" in text
    else:
        assert found in text
        assert (DRYBAGS in text) == (when == "before")
