"""Plans of raw requests: what they show, how long they live, and that each request stands for itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from between import between
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import SPRING, SURF, applied, planned, value_of, writes

from mcp_ads.engine import overview
from mcp_ads.errors import InvalidParams, WritesOff

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
CAMPAIGNS = "application/vnd.spCampaign.v3+json"
CAMPAIGN, OTHER = "120000000000001", "120000000000002"


def amazon(*campaigns: dict[str, Any]) -> dict[str, Any]:
    """A raw change of campaigns."""
    return {
        "profile_id": PROFILE,
        "path": "/sp/campaigns",
        "media_type": CAMPAIGNS,
        "body": {"campaigns": [*campaigns]},
    }


@pytest.mark.parametrize("fault", ["500", "refuse"])
async def test_a_failed_request_ends_the_plan(engine_client_with: EngineClients, fault: str) -> None:
    """A rise that was to follow a decrease is not sent when the decrease fails, or may have."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    budgets = {SURF: 1000, SPRING: 12000}
    items = [
        {"path": f"/{campaign_id}", "body": {"daily_budget": amount}}
        for campaign_id, amount in budgets.items()
    ]
    if fault == "refuse":
        items[0]["body"] = {"daily_budget": "none"}
    plan_id = await planned(engine_client, "graph", "post", items=items)
    if fault == "500":
        engine_client.fault("500", path=SURF, method="POST", times=0)
    told = await applied(engine_client, plan_id)
    assert "0 of 2 done" in told.text
    assert writes(engine_client) == []
    assert await value_of(engine_client, "daily_budget", SPRING) == "5000"


async def test_changes_of_one_object_are_requests_of_their_own(engine_client_with: EngineClients) -> None:
    """In their order, whatever the platform could take at once."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    asked = between(engine_client, lambda _: None)
    states = ["PAUSED", "ENABLED"]
    items = [{"body": amazon({"campaignId": CAMPAIGN, "state": state})["body"]} for state in states]
    given = {**amazon(), "items": items}
    del given["body"]
    told = await applied(engine_client, await planned(engine_client, "api", "put", AMAZON, **given))
    assert "APPLIED: 2 of 2 done" in told.text
    sent = [json.loads(request.content)["campaigns"] for request in asked if request.method == "PUT"]
    assert [[item["state"] for item in items] for items in sent] == [["PAUSED"], ["ENABLED"]]


async def test_a_plan_hides_nothing_behind_long_text(engine_client_with: EngineClients) -> None:
    """The whole body is shown, and what delivers or moves money on lines of its own."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    body = {"name": "Spring " + "x" * 3000, "daily_budget": 99999900, "status": "ACTIVE"}
    text = (await engine_client.do(FACEBOOK, "graph", "post", path=f"/{SPRING}", body=body)).text
    assert "daily_budget=99999900 status=ACTIVE" in text
    assert "\n   may begin to deliver: status ACTIVE\n" in text
    assert "\n   may move money: daily_budget 99999900\n" in text


async def test_a_rule_written_by_hand_says_what_it_will_do(engine_client_with: EngineClients) -> None:
    """The words by which rules and copies deliver or move money are named like a status and a budget."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    for body, line in (
        ({"status": "ENABLED"}, "may begin to deliver: status ENABLED"),
        (
            {"execution_spec": {"execution_type": "UNPAUSE"}},
            "may begin to deliver: execution_spec.execution_type UNPAUSE",
        ),
        (
            {"status_option": "INHERITED_FROM_SOURCE"},
            "may begin to deliver: status_option INHERITED_FROM_SOURCE",
        ),
        (
            {"execution_spec": json.dumps({"execution_type": "CHANGE_BUDGET"})},
            "may move money: execution_spec.execution_type CHANGE_BUDGET",
        ),
        (
            {"execution_spec": {"execution_type": "REBALANCE_BUDGET"}},
            "may move money: execution_spec.execution_type REBALANCE_BUDGET",
        ),
    ):
        path = "/act_1234567890/adrules_library"
        plan = await engine_client.do(FACEBOOK, "graph", "post", path=path, body={"name": "x", **body})
        assert f"\n   {line}\n" in plan.text


async def test_money_deep_in_a_long_list_is_named(engine_client_with: EngineClients) -> None:
    """By the keys that lead to it."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    items = [{"campaignId": CAMPAIGN, "state": "PAUSED"}] * 40
    budget = {"campaignId": OTHER, "budget": {"budget": 9999, "budgetType": "DAILY"}}
    text = (await engine_client.do(AMAZON, "api", "put", **amazon(*items, budget))).text
    assert "may move money: campaigns.budget.budget 9999, campaigns.budget.budgetType DAILY" in text
    assert '"budget":9999,"budgetType":"DAILY"' in text


async def test_what_cannot_be_shown_whole_is_refused(engine_client_with: EngineClients) -> None:
    """One line, nothing sent."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    with pytest.raises(InvalidParams, match="more than a plan can show whole; send it in parts"):
        await engine_client.do(FACEBOOK, "graph", "post", path=f"/{SPRING}", body={"name": "x" * 7000})
    assert engine_client.sent() == []


async def test_what_the_first_answer_does_not_show_is_said_in_it(engine_client_with: EngineClients) -> None:
    """Each request that has no room is named with its money, and is on a page that shows it whole."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    items = [
        {"path": f"/{SPRING}", "body": {"name": f"{at}" * 5000, "daily_budget": 7000 + at}} for at in range(4)
    ]
    result = await engine_client.do(FACEBOOK, "graph", "post", items=items)
    assert len(result.text) <= 12_000
    assert (
        f"4. post request (sends POST /{SPRING} as it is; may move money: daily_budget 7003)" in result.text
    )
    page = await overview.page(engine_client.workspace, {"query": f"{result.data['plan_id']} 4"})
    assert page is not None
    assert f"{'3' * 5000} daily_budget=7003" in page


async def test_a_value_does_not_read_as_another_parameter(engine_client_with: EngineClients) -> None:
    """Neither in a form nor in an address: it is quoted."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    body = {"name": "x status=PAUSED daily_budget=1", "daily_budget": 99999900}
    result = await engine_client.do(
        FACEBOOK, "graph", "post", path=f"/{SPRING}", body=body, query={"label": "a&status=PAUSED"}
    )
    assert 'name="x status=PAUSED daily_budget=1" daily_budget=99999900' in result.text
    assert 'label="a&status=PAUSED"' in result.text


async def test_no_value_is_hidden_from_who_approves(engine_client_with: EngineClients) -> None:
    """What a plan would not show is not sent: a name that looks like a credential's, also one for pages."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    for key in ("x_credential", "my_appsecret_proof", "nextToken"):
        with pytest.raises(InvalidParams, match="looks like a credential"):
            await engine_client.do(AMAZON, "api", "put", **{**amazon(), "body": {key: {"budget": 1}}})
    assert engine_client.sent() == []


async def test_a_plan_lives_an_hour(engine_client_with: EngineClients) -> None:
    """As one that raises spend, since nobody knows."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    plan_id = await planned(engine_client, "graph", "post", path=f"/{SPRING}", body={"status": "PAUSED"})
    plan = engine_client.workspace.plans.get(plan_id)
    assert plan.expires - plan.created == 3600


async def test_the_same_request_again_is_said(engine_client_with: EngineClients) -> None:
    """In one plan, and after it was sent; another one is not."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    make: dict[str, Any] = {"path": "/act_1234567890/adlabels", "body": {"name": "Autumn"}}
    twice = await engine_client.do(FACEBOOK, "graph", "post", items=[make, make])
    assert "warning: another step sends the same request" in twice.text
    first = await engine_client.do(FACEBOOK, "graph", "post", path=f"/{SPRING}", body={"name": "Spring 2"})
    assert "same request" not in first.text
    assert "APPLIED" in (await applied(engine_client, first.data["plan_id"])).text
    again = await engine_client.do(FACEBOOK, "graph", "post", path=f"/{SPRING}", body={"name": "Spring 2"})
    assert "warning: the same request was sent at 20" in again.text
    other = await engine_client.do(FACEBOOK, "graph", "post", path=f"/{SPRING}", body={"name": "Spring 3"})
    assert "same request" not in other.text


async def test_nothing_raw_goes_out_without_a_plan(engine_client_with: EngineClients) -> None:
    """Where writes go out directly, raw ones are refused although they are allowed."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1", MCP_ADS_WRITES="direct")
    with pytest.raises(WritesOff, match="need a plan"):
        await engine_client.do(FACEBOOK, "graph", "post", path=f"/{SPRING}", body={"status": "PAUSED"})
    assert engine_client.sent() == []


async def test_people_in_an_answer_are_cut(engine_client: EngineClient) -> None:
    """An id does not say that it is a lead's."""
    lead = {"id": "777", "field_data": [{"name": "email", "values": ["who@example.com"]}]}
    between(
        engine_client, lambda request: httpx.Response(200, json=lead) if "/777" in request.url.path else None
    )
    result = await engine_client.do(FACEBOOK, "graph", "get", path="/777")
    assert "who@example.com" not in engine_client.workspace.text(result)
    assert result.data["id"] == "777"


async def test_silence_is_no_sign_that_something_was_made(engine_client_with: EngineClients) -> None:
    """LinkedIn answers a change with nothing, and a create with an id."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    between(
        engine_client,
        lambda request: httpx.Response(201) if request.url.path.endswith("adCampaigns") else None,
    )
    make = {"path": f"/adAccounts/{LINKEDIN_US}/adCampaigns", "body": {"name": "x"}}
    told = await applied(engine_client, await planned(engine_client, "rest", "post", LINKEDIN, **make))
    assert "UNKNOWN: 0 of 1 done" in told.text


async def test_what_became_of_each_item_is_told(engine_client_with: EngineClients) -> None:
    """All done is done; some done is PARTIAL, with each that was not; none done says so."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    own = [{"campaignId": campaign_id, "state": "PAUSED"} for campaign_id in (CAMPAIGN, OTHER)]
    told = await applied(engine_client, await planned(engine_client, "api", "put", AMAZON, **amazon(*own)))
    assert "APPLIED: 1 of 1 done" in told.text
    strange = {"campaignId": "999999999999999", "state": "PAUSED"}
    back = [{**item, "state": "ENABLED"} for item in own]
    mixed = await applied(
        engine_client, await planned(engine_client, "api", "put", AMAZON, **amazon(back[0], strange, back[1]))
    )
    assert "PARTIAL: 0 of 1 done" in mixed.text
    assert "1. PARTIAL: put request" in mixed.text
    assert "nothing was changed" not in mixed.text
    assert "PARTIAL: 2 of 3 items done; not done: items[1]: no such object" in mixed.text
    lost = await applied(
        engine_client, await planned(engine_client, "api", "put", AMAZON, **amazon(strange, strange))
    )
    assert "1. NOT DONE: put request" in lost.text
    assert len(writes(engine_client)) == 4


async def test_an_item_that_is_not_told_of_is_unknown(engine_client_with: EngineClients) -> None:
    """Whatever became of the others."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    answer = {"campaigns": {"success": [{"index": 0, "campaignId": CAMPAIGN}], "error": []}}
    between(
        engine_client, lambda request: httpx.Response(207, json=answer) if request.method == "PUT" else None
    )
    own = [{"campaignId": campaign_id, "state": "PAUSED"} for campaign_id in (CAMPAIGN, OTHER)]
    told = await applied(engine_client, await planned(engine_client, "api", "put", AMAZON, **amazon(*own)))
    assert "1. UNKNOWN: put request" in told.text
    assert "1 of 2 done" in told.text
