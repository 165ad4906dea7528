"""`build_connector_tools` without a framework and for FastMCP: what an agent does with the three tools."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client, FastMCP
from hosted_stub import HostedStub
from hosts import host, one_host

from mcp_ads import (
    AmazonAdsConnector,
    FacebookMarketingConnector,
    LinkedinAdsConnector,
    build_connector_tools,
    connect,
)
from mcp_ads.errors import ToolError
from mcp_ads.sandbox.store import Store

__all__ = ["host", "one_host"]
pytestmark = pytest.mark.anyio
LINKEDIN = {"account_id": "512345678"}
LOOKS = r"(where|sort|top|group_by|save_to)"
OF_ROWS = re.compile(
    rf"^- {LOOKS} \(|\(.*, {LOOKS}[,)]|save_to=|sorted and cut|sort does|accounts: \"all|Default col",
    re.MULTILINE,
)


@pytest.fixture(autouse=True)
def home(sandbox_home: Path) -> Path:
    """The sandbox with a home of its own."""
    return sandbox_home


async def called(client: Client[Any], tool: str, **arguments: Any) -> Any:
    """The answer of a tool: the value of its JSON, or the text of an error."""
    answer = await client.call_tool(tool, arguments, raise_on_error=False)
    assert answer.structured_content is None
    (text,) = (part.text for part in answer.content if part.type == "text")
    return text if answer.is_error or not text.startswith("{") else json.loads(text)


@pytest.mark.slow
async def test_fastmcp(home: Path) -> None:
    """A wrong call teaches, a list, a report, a description, a plan and its application: through a client."""
    server = FastMCP("x", mask_error_details=True)
    async with LinkedinAdsConnector() as connector:
        for tool in build_connector_tools(connector, "fastmcp").as_list():
            server.add_tool(tool)
        async with Client(server) as client:
            tools = {tool.name: tool for tool in await client.list_tools()}
            hints = {
                name: tool.annotations.read_only_hint for name, tool in tools.items() if tool.annotations
            }
            assert hints == {
                "linkedin_ads_execute": True,
                "linkedin_ads_describe": True,
                "linkedin_ads_apply": False,
            }
            execute = "linkedin_ads_execute"
            wrong = await called(client, execute, entity="campaign", action="list", params=LINKEDIN)
            assert wrong.startswith(
                "UnknownAction: linkedin_ads has no entity 'campaign'; did you mean campaigns"
            )
            found = await called(
                client, execute, entity="campaigns", action="list", params=json.dumps(LINKEDIN)
            )
            campaign = found["data"][0]["id"]
            params = {**LINKEDIN, "pivot": "CAMPAIGN", "limit": 1}
            report = await called(client, execute, entity="analytics", action="list", params=params)
            assert len(report["data"]) == 1
            page = await called(client, "linkedin_ads_describe", entity="campaigns", action="update")
            assert "daily_budget (money)" in page
            change = {**LINKEDIN, "campaign_id": str(campaign), "name": "By a tool"}
            plan = await called(client, execute, entity="campaigns", action="update", params=change)
            assert plan["apply"].startswith("linkedin_ads_apply(plan_id)")
            assert Store(home / "sandbox" / "sandbox.sqlite").writes() == []
            done = await called(client, "linkedin_ads_apply", plan_id=plan["plan_id"])
            assert done["status"] == "applied"
            chosen = await called(
                client,
                execute,
                entity="campaigns",
                action="list",
                params=LINKEDIN,
                select_fields=["name"],
            )
            assert chosen["data"][0] == {"name": "By a tool"}


async def test_a_record_that_is_a_page() -> None:
    """What a model cannot see of a record, such as how it goes on, stands beside it."""
    server = FastMCP("x")
    profile = {"profile_id": "3312345678901234"}
    by_hand = profile | {"path": "/sp/campaigns/list", "body": {"maxResults": 1}}
    async with AmazonAdsConnector() as connector:
        server.add_tool(build_connector_tools(connector, "mcp").execute)
        async with Client(server) as client:
            page = await called(client, "amazon_ads_execute", entity="api", action="query", params=by_hand)
            assert page["meta"]["next"]["nextToken"]
            assert len(page["data"]["campaigns"]) == 1
            asked = profile | {"campaign_id": "120000000000001"}
            entity = "sponsored_product_campaigns"
            one = await called(client, "amazon_ads_execute", entity=entity, action="get", params=asked)
            assert one["data"]["campaignId"] == "120000000000001"


async def test_plain_functions() -> None:
    """A list is an object with the facts of its page, also as JSON; errors are ToolErrors."""
    async with AmazonAdsConnector() as connector:
        tools = build_connector_tools(connector, "none")
        rows = await tools.execute("profiles", "list", {"limit": 1})
        assert (len(rows.data), json.loads(json.dumps(rows))["meta"]["has_next_page"]) == (1, True)
        assert "sponsored_tv_ads" in await tools.describe()
        with pytest.raises(ToolError, match="amazon_ads has no entity 'nope'"):
            await tools.execute("nope", "list", {})
        assert (await tools.execute("profiles", "list", '{"limit": 1}')).data == rows.data
        with pytest.raises(ToolError, match="params: an object is needed, not list"):
            await tools.execute("profiles", "list", "[]")
        with pytest.raises(ToolError, match="UnknownPlan"):
            await tools.apply("nope")
        client: Any = connect("amazon-ads")
        with pytest.raises(TypeError, match=r"such as LinkedinAdsConnector\(\), not Client"):
            build_connector_tools(client)


@pytest.mark.parametrize(("writes", "reads"), [("off", True), ("direct", False)])
async def test_no_plan_nothing_to_apply(writes: str, reads: bool) -> None:
    """Where writes are off or go out at once there is no apply, and the hint of execute says which."""
    async with FacebookMarketingConnector(writes=writes) as connector:
        tools = build_connector_tools(connector, "mcp")
        assert tools.apply is None
        assert [tool.name for tool in tools.as_list()] == [
            "facebook_marketing_execute",
            "facebook_marketing_describe",
        ]
        assert tools.execute.annotations.read_only_hint is reads
        assert "facebook_marketing_apply" not in tools.execute.description


async def test_at_a_host(host: HostedStub) -> None:
    """A host decides what becomes of writes: execute does not claim to be read-only."""
    host.add("facebook-marketing")
    async with FacebookMarketingConnector(workspace_name="default") as connector:
        assert build_connector_tools(connector, "mcp").execute.annotations.read_only_hint is False
        tools = build_connector_tools(connector, "none")
        rows = await tools.execute("campaigns", "list", {"account_id": "1234567890", "limit": 2})
        change = {"campaign_id": rows.data[0]["id"], "name": "By a tool"}
        plan = await tools.execute("campaigns", "update", change)
        assert plan.apply.startswith("facebook_marketing_apply(plan_id)")
        assert "By a tool" in plan.plan
        await tools.apply(plan.plan_id)
        read = await tools.execute("campaigns", "get", {"campaign_id": rows.data[0]["id"]})
        assert read.data.name == "By a tool"


async def test_amounts_say_their_unit() -> None:
    """What 5000 is stands beside it, in a list and in one record, in both kinds of tools; ids that are
    nothing are told there too.
    """
    async with FacebookMarketingConnector() as connector:
        execute = build_connector_tools(connector, "none").execute
        alone = connector.tool_utils(connector.execute, framework="none")
        accounts = (await execute("ad_accounts", "list")).data
        us, jp = (next(row.account_id for row in accounts if row.currency == it) for it in ("USD", "JPY"))
        listed = await execute("campaigns", "list", {"account_id": us, "limit": 1})
        assert (listed.data[0]["daily_budget"], listed.meta["units"]) == (
            "5000",
            "daily_budget, budget_remaining: 1/100 USD",
        )
        yen = await execute("campaigns", "list", {"account_id": jp, "limit": 9})
        assert yen.meta["units"].endswith(": whole JPY")
        one = {"campaign_id": listed.data[0]["id"]}
        said = {name: listed.meta[name] for name in ("units", "currency")}
        for meta in (
            (await execute("campaigns", "get", one)).meta,
            (await alone("campaigns", "get", one))["meta"],
        ):
            assert {name: meta[name] for name in said} == said
        both = await execute("campaigns", "get", {"campaign_id": [one["campaign_id"], "12"]})
        assert "12" in json.dumps(both.meta["errors"])
        spent = await execute("ads_insights", "list", {"account_id": us, "limit": 1})
        assert "units" not in spent.meta


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("campaigns", "list", {}, "account_id: missing"),
    ("campaigns", "list", {"account_id": "1234567890", "wher": "x"}, "wher: no such parameter"),
    (
        "campaigns",
        "list",
        {"account_id": "1234567890", "cursor": "WzEs"},
        "copy `end_cursor` .* given as after",
    ),
    ("ads_insights", "list", {"account_id": "1234567890", "summary": "x"}, "level account, which counts"),
]


@pytest.mark.parametrize(("entity", "action", "params", "said"), WRONG)
async def test_no_error_advises_what_is_refused(
    entity: str, action: str, params: dict[str, Any], said: str
) -> None:
    """Where records are answered, neither message, fix nor signature names what looks at shown rows."""
    async with FacebookMarketingConnector() as connector:
        with pytest.raises(ToolError, match=said) as failed:
            await build_connector_tools(connector, "none").execute(entity, action, params)
        assert not OF_ROWS.search(str(failed.value).replace("wher:", ""))


@pytest.mark.parametrize("kind", [FacebookMarketingConnector, LinkedinAdsConnector, AmazonAdsConnector])
async def test_no_description_offers_what_is_refused(kind: type[Any]) -> None:
    """Nor does any description of a read: they are the platform's own parameters, and those of pages."""
    async with kind() as connector:
        offer = connector.offer()
        for entity in offer.listed():
            for name, action in offer.entity(entity).actions.items():
                if action.risk == "read":
                    page = await connector.backend.describe(entity, name, "")
                    assert not OF_ROWS.search(page), page


async def test_what_no_record_has_is_what_it_is_made_of() -> None:
    """A column that is computed in shown rows is asked for by what the platform has for it."""
    async with AmazonAdsConnector() as connector:
        execute = build_connector_tools(connector, "none").execute
        asked = {"report_type": "spCampaigns", "time_range": "last_7d", "fields": ["acos"], "limit": 1}
        found = await execute("reports", "run", {**asked, "profile_id": "3312345678901234"})
        assert found.data[0].keys() == {"cost", "sales7d"}
        assert "acos is computed in shown rows alone" in found.meta["warnings"][0]
        assert "with profile_id" in await connector.backend.describe(
            "sponsored_product_campaigns", "pause", ""
        )
