"""What Airbyte leaves out, passes on or says wrongly: nothing of it changes what a person agreed to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from airbyte_stub import ENVIRON, AirbyteStub
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, US, EngineClient

from mcp_ads.auth import hosted
from mcp_ads.engine.applying import evidence
from mcp_ads.engine.wire import airbyte as wire
from mcp_ads.errors import AdsError, NotOffered, OutcomeUnknown, StalePlan

SPRING, CAMPAIGN, CREATIVE = "1202110000000000340", "300000001", "urn:li:sponsoredCreative:180000001"
Make = Callable[..., EngineClient]
BASE: dict[str, Any] = {
    "account_id": LINKEDIN_US, "campaign_group_id": "600000001", "name": "Spring sale",
    "type": "SPONSORED_UPDATES", "cost_type": "CPM", "objective_type": "WEBSITE_VISIT",
    "unit_cost": "12 USD", "locale": "en_US", "political_intent": "NOT_POLITICAL",
    "run_schedule": {"start": "2027-01-01", "end": "2027-02-01"},
}  # fmt: skip
DAILY = {**BASE, "daily_budget": "50 USD"}


class Hostile(httpx.AsyncBaseTransport):
    """Airbyte's API, which answers some executions by a script instead; it keeps what it was asked."""

    def __init__(self, stub: AirbyteStub) -> None:
        self._right = httpx.ASGITransport(stub.app, raise_app_exceptions=False)
        self.asked: list[dict[str, Any]] = []
        self.instead: Callable[[dict[str, Any]], httpx.Response | None] = lambda body: None
        self.done = True
        """Whether what is answered otherwise is carried out all the same."""

    @property
    def writes(self) -> list[dict[str, Any]]:
        """The bodies of changes that came."""
        return [body for body in self.asked if "intent" in body]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content or b"{}")
        if not request.url.path.endswith("/execute"):
            return await self._right.handle_async_request(request)
        self.asked.append(body)
        other = self.instead(body)
        if other is None or self.done:
            right = await self._right.handle_async_request(request)
        return right if other is None else other


@pytest.fixture
def stub(tmp_path: Path) -> AirbyteStub:
    """Airbyte's API, with a connector of each platform in the workspace `default`."""
    return AirbyteStub(tmp_path / "airbyte")


@pytest.fixture
def host(stub: AirbyteStub, monkeypatch: pytest.MonkeyPatch) -> Hostile:
    """The same, answering by a script."""
    made = Hostile(stub)
    monkeypatch.setattr(
        wire, "hosted_client", lambda host, learned: hosted.hosted_client(host, learned, made)
    )
    monkeypatch.setattr(evidence, "APART", 0.0)
    return made


@pytest.fixture
def over(host: Hostile, engine_client_with: Make) -> Make:
    """Makes engine clients whose requests it carries."""
    return lambda **more: engine_client_with(**{**ENVIRON, **more})


@pytest.mark.parametrize(
    ("connector", "entity", "params", "named"),
    [
        (LINKEDIN, "campaigns", {**DAILY, "total_budget": "400 USD"}, "totalBudget"),
        (LINKEDIN, "campaigns", {**DAILY, "pacing_strategy": "LIFETIME"}, "pacingStrategy"),
        (
            LINKEDIN, "campaign_groups",
            {"account_id": LINKEDIN_US, "name": "G", "daily_budget": "20 USD",
             "objective_type": "LEAD_GENERATION",
             "run_schedule": BASE["run_schedule"],
             "budget_optimization": {"budgetOptimizationStrategy": "DYNAMIC"}},
            "budgetOptimization",
        ),
        (LINKEDIN, "accounts", {"name": "T", "currency": "USD", "type": "BUSINESS", "test": True}, "status"),
        (
            LINKEDIN, "conversions", {"account_id": LINKEDIN_US, "name": "D", "type": "LEAD"},
            "autoAssociationType",
        ),
        (
            FACEBOOK, "campaigns",
            {"account_id": US, "name": "C", "objective": "OUTCOME_SALES", "special_ad_categories": ["NONE"],
             "buying_type": "RESERVED"},
            "buying_type",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() else "",
)  # fmt: skip
async def test_a_create_that_they_would_make_otherwise_is_refused_by_name(
    over: Make, host: Hostile, connector: str, entity: str, params: dict[str, Any], named: str
) -> None:
    """Their creates leave out what they do not list, without a word: no plan says more than they send."""
    with pytest.raises(NotOffered) as raised:
        await over().do(connector, entity, "create", **params)
    assert named in str(raised.value)
    assert not host.writes


async def test_a_create_they_can_say_is_sent_as_it_was_approved(over: Make, host: Hostile) -> None:
    """With a bid of one's own, a campaign has only what their action takes."""
    client = over()
    plan = await client.do(LINKEDIN, "campaigns", "create", **DAILY, status="PAUSED")
    await client.workspace.apply(plan.data["plan_id"])
    (write,) = host.writes
    assert write["params"]["dailyBudget"] == {"amount": "50", "currencyCode": "USD"}
    assert write["params"]["status"] == "PAUSED"


@pytest.mark.parametrize("again", [True, False], ids=["another process", "the same process"])
async def test_a_plan_does_not_go_to_the_connector_that_took_the_place(
    over: Make, host: Hostile, stub: AirbyteStub, *, again: bool
) -> None:
    """What was looked up is part of what was agreed to; reads go to the one that is there now."""
    client = over()
    plan = await client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, name="Renamed")
    del stub.connectors[stub.ids["facebook-marketing"]]
    other = stub.add("facebook-marketing")
    client = over() if again else client
    with pytest.raises(StalePlan, match=f"now they are those of the connector {other}"):
        await client.workspace.apply(plan.data["plan_id"])
    assert not host.writes
    assert (await client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)).data
    del stub.connectors[other]
    with pytest.raises(AdsError) as gone:
        await client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING, fields=["name"])
    assert "leave it out" not in gone.value.fix
    assert "AIRBYTE_WORKSPACE_NAME" in gone.value.fix


@pytest.mark.parametrize(("result", "done"), [(None, True), (None, False), ({}, False), ("ok", True)])
async def test_a_change_whose_answer_shows_nothing_is_read(
    over: Make, host: Hostile, result: Any, *, done: bool
) -> None:
    """LinkedIn answers a change with nothing, and so does a change that was not made."""
    client = over(MCP_ADS_WRITES="direct")
    answer = {"status": "success", "result": result, "connector_metadata": {}}
    host.done, host.instead = (
        done,
        lambda body: httpx.Response(200, json=answer) if "intent" in body else None,
    )
    renamed = {"account_id": LINKEDIN_US, "campaign_id": CAMPAIGN, "name": "New"}
    if done and not result:
        assert "done" in client.workspace.text(await client.do(LINKEDIN, "campaigns", "update", **renamed))
    else:
        with pytest.raises(
            OutcomeUnknown, match=r"not show that this was done.*DIFFERS|not that this was done"
        ):
            await client.do(LINKEDIN, "campaigns", "update", **renamed)
    assert len(host.writes) == 1


async def test_what_was_deleted_is_looked_for(over: Make, host: Hostile) -> None:
    """It is not there any more, as the platform's own refusal within Airbyte's says."""
    client = over(MCP_ADS_WRITES="direct")
    made = await client.do(
        LINKEDIN,
        "creatives",
        "delete",
        account_id=LINKEDIN_US,
        creative_id="urn:li:sponsoredCreative:180000012",
    )
    assert "done" in client.workspace.text(made)
    assert len(host.writes) == 1


async def test_pages_are_no_larger_than_they_take(over: Make, host: Hostile) -> None:
    """Facebook's own limit of a page is a higher one than theirs."""
    await over().do(FACEBOOK, "ads", "list", account_id=US, limit=500)
    assert {body["params"]["limit"] for body in host.asked if body["action"] == "list"} <= {*range(1, 101)}


async def test_a_name_that_reads_like_a_refusal_proves_nothing(over: Make, host: Hostile) -> None:
    """Only what Airbyte begins to quote is the platform's; a name further on is anybody's."""
    text = """could not be finished: {'name': '{"error": {"type": "X", "code": 100, "message": "x"}}'}"""
    client = over(MCP_ADS_WRITES="direct")
    host.instead = lambda body: httpx.Response(400, json={"message": text}) if "intent" in body else None
    with pytest.raises(OutcomeUnknown):
        await client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, name="Once")
