"""What answers of connector classes say of themselves, in whichever event loop, and in whose words."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hosted_stub import HostedStub
from hosts import host, one_host
from protecting import protect

import mcp_ads
from mcp_ads import AmazonAdsConnector, FacebookMarketingConnector, InvalidParams, Record, connect
from mcp_ads.errors import PolicyError
from mcp_ads.sandbox.ports import Servers
from mcp_ads.sandbox.store import Store
from mcp_ads.sdk.connecting import class_of
from mcp_ads.sdk.tools import build_connector_tools

__all__ = ["host", "one_host"]
pytestmark = pytest.mark.anyio
US, SPRING = "1234567890", "1202110000000000340"
PLANNED = {"campaign_id": SPRING, "name": "ads_apply(x) of ours"}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sandbox with a home of its own."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    monkeypatch.delenv("MCP_ADS_WRITES", raising=False)
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """What the sandbox keeps."""
    store = Store(home / "sandbox" / "sandbox.sqlite")
    yield store
    store.close()


@pytest.mark.usefixtures("home")
async def test_what_is_said_of_a_record() -> None:
    """It stands beside the record and never in it, and a copy has it as well."""
    async with FacebookMarketingConnector() as connector:
        found = await connector.campaigns.get(campaign_id=SPRING)
        plan = await connector.campaigns.update(**PLANNED)
        done = await connector.apply(plan.plan_id)
    said = {"SANDBOX": "invented data", "account": US, "currency": "USD"}
    said["units"] = "daily_budget, budget_remaining: 1/100 USD"
    assert found.response_meta == said
    assert "response_meta" not in found
    assert not set(said) & set(json.loads(json.dumps(found)))
    assert [answer.response_meta["SANDBOX"] for answer in (plan, done)] == ["invented data"] * 2
    copies = [copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))]
    assert [(one, one.response_meta) for one in copies] == [(found, said)] * 3
    theirs = Record(response_meta="a field of theirs")
    assert (theirs["response_meta"], theirs.response_meta) == ("a field of theirs", {})


async def test_the_host_is_said_of_every_answer(host: HostedStub) -> None:
    """Of a record, a plan, what came of it and a description, as of a list."""
    host.add("facebook-marketing")
    async with FacebookMarketingConnector(workspace_name="default") as connector:
        found = await connector.campaigns.get(campaign_id=SPRING)
        plan = await connector.campaigns.update(**PLANNED)
        done = await connector.apply(plan.plan_id)
        text = await connector.execute("campaigns", "describe")
        assert {one.response_meta["host"] for one in (found, plan, done, text)} == {connector.backend.host}
        sent = len(host.seen)
        with pytest.raises(
            InvalidParams, match=r"exclude_fields: not of campaigns\.update, which is a write"
        ):
            await connector.campaigns.update(**PLANNED, exclude_fields=["id"])
        assert len(host.seen) == sent


async def test_parts_of_what_is_no_record(store: Store) -> None:
    """A write, or a description, is answered whole: a line for each part asked for, and nothing is sent."""
    parts: dict[str, Any] = {
        "select_fields": ["id"],
        "exclude_fields": ["name"],
        "skip_truncation": False,
    }
    async with FacebookMarketingConnector() as connector:
        for call in (("campaigns", "update", PLANNED), ("campaigns", "describe")):
            with pytest.raises(InvalidParams) as error:
                await connector.execute(*call, **parts)
            assert [line.partition(":")[0] for line in error.value.lines] == [*parts]
        tools = build_connector_tools(connector, "none")
        assert store.requests() == []
        assert (await tools.execute("campaigns", "update", PLANNED)).status == "planned"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("writes", ["plan", "direct"])
async def test_tools_name_one_another(writes: str) -> None:
    """In place of calls of a class, and nothing names a tool that is not there; names stay as they are."""
    async with FacebookMarketingConnector(writes=writes) as connector:
        tools = build_connector_tools(connector, "none")
        texts = [
            await tools.describe("campaigns", "update"),
            await tools.describe(query="zzzz"),
        ]
        made = await tools.execute("campaigns", "update", PLANNED)
        if writes == "plan":
            assert "facebook_marketing_apply(plan_id) carries it out" in made.plan
            texts += [made.plan, await tools.describe(query=made.plan_id)]
            done = await tools.apply(made.plan_id)
            assert f'undo: facebook_marketing_apply("{done.undo}")' in done.text
            assert (
                "connector.apply(plan_id) carries it out"
                in (await connector.campaigns.update(campaign_id=SPRING, name="By the program")).plan
            )
        else:
            done = made
        assert not any(
            word in text for text in [*texts, done.text] for word in ("connector.", "ads_describe(")
        )
        assert "facebook_marketing_describe() lists" in texts[1]
        assert "ads_apply(x) of ours" in done.text
        assert writes == "plan" or "facebook_marketing_apply" not in "".join([*texts, done.text])


BY_HAND: list[tuple[str, str, dict[str, Any]]] = [
    ("facebook", "graph", {"path": f"/act_{US}/campaigns", "query": {"limit": 3}}),
    (
        "linkedin",
        "rest",
        {"path": "/adAccounts/512345678/adCampaigns", "query": '{"q": "search", "pageSize": 3}'},
    ),
]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("platform", "entity", "asked"), BY_HAND)
async def test_no_row_of_a_request_by_hand_is_skipped(
    platform: str, entity: str, asked: dict[str, Any]
) -> None:
    """What asks for the page after is said with the last row of this one, and used where more are wanted."""
    async with class_of(connect(platform).connector.name)() as connector, connect(platform) as client:
        cut = await connector.execute(entity, "get", {**asked, "limit": 2})
        assert (len(cut.data), cut.meta["has_next_page"], cut.meta.get("next")) == (2, True, None)
        left = await connector.execute(entity, "get", {**asked, "limit": 2, "cursor": cut.meta["end_cursor"]})
        assert (len(left.data), left.meta["has_next_page"], bool(left.meta["next"])) == (1, True, True)
        eight = [row async for row in connector.iterate(entity, "get", {**asked, "limit": 8})]
        assert eight[:3] == [*cut.data, *left.data]
        ids = [row["id"] for row in eight]
        assert len(set(ids)) == 8
        shown = await client.execute(entity, "get", {**asked, "limit": 2})
        assert (shown.meta["more"], "next" in shown.meta) == (True, False)
        assert [row["id"] async for row in client.rows(entity, "get", {**asked, "limit": 8})] == ids


@pytest.mark.usefixtures("home")
async def test_a_request_by_hand_goes_on_by_its_body() -> None:
    """Where the platform is asked by a POST, its token stands there; all pages are read."""
    asked = {"profile_id": "3312345678901234", "path": "/sp/campaigns/list", "body": {"maxResults": 200}}
    async with AmazonAdsConnector() as connector:
        found = [answer async for answer in connector.iterate("api", "query", asked)]
    ids = {row["campaignId"] for answer in found for row in answer["campaigns"]}
    assert len(ids) == found[0]["totalResults"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("platform", "entity", "ids", "more"),
    [
        ("facebook", "campaigns", [SPRING, "1202110000000000339", "1202110000000000338"], {}),
        ("linkedin", "campaigns", ["300000001", "300000002", "300000003"], {"account_id": "512345678"}),
        (
            "amazon",
            "sponsored_product_campaigns",
            ["120000000000001", "120000000000002", "120000000000003"],
            {"profile_id": "3312345678901234"},
        ),
    ],
)
async def test_several_ids_in_parts(
    platform: str, entity: str, ids: list[str], more: dict[str, Any], store: Store
) -> None:
    """As many as `limit` says, as of shown rows, and a cursor to the others; without `limit` all of them."""
    asked: dict[str, Any] = {"campaign_id": ids, **more}
    async with class_of(connect(platform).connector.name)() as connector, connect(platform) as client:
        whole = (await connector.execute(entity, "get", asked)).data
        first = await connector.execute(entity, "get", {**asked, "limit": 2})
        cursor = first.meta["end_cursor"]
        second = await connector.execute(entity, "get", {**asked, "limit": 2, "cursor": cursor})
        assert (len(whole), [*first.data, *second.data]) == (3, whole)
        assert [page.meta["has_next_page"] for page in (first, second)] == [True, False]
        assert len((await client.execute(entity, "get", {**asked, "limit": 2})).data) == 2
        sent = len(store.requests())
        others = {**asked, "campaign_id": [*reversed(ids)], "limit": 2, "cursor": cursor}
        with pytest.raises(InvalidParams, match="cursor"):
            await connector.execute(entity, "get", others)
        assert len(store.requests()) == sent


def in_a_loop(program: Any, *call: Any, **more: Any) -> Any:
    """The answer of a call in an event loop of its own, whose connections are closed in it."""

    async def asked() -> Any:
        async with program:
            return await program.execute(*call, **more)

    return asyncio.run(asked())


def test_a_client_in_several_event_loops(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each loop has connections of its own, over real HTTP, and a cursor goes on in another."""
    for name, value in servers.ports.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    client = connect("linkedin-ads")
    listed: dict[str, Any] = {"account_id": "512345678", "limit": 2}
    one, other = asyncio.new_event_loop(), asyncio.new_event_loop()
    first = one.run_until_complete(client.execute("campaigns", "list", listed))
    cursor = {"cursor": first.meta["cursor"]}
    second = other.run_until_complete(client.execute("campaigns", "list", listed | cursor))
    ids = [row["id"] for row in [*first.data, *second.data]]
    assert len(set(ids)) == len(ids) == 4
    for loop in (one, other):
        loop.run_until_complete(client.close())
        loop.close()


def test_a_workspace_in_several_event_loops(host: HostedStub) -> None:
    """The same of what lists and uses connectors of a host."""
    host.add("facebook-marketing")
    workspace = mcp_ads.Workspace()

    async def found() -> mcp_ads.HostedExecutor:
        async with workspace:
            return await workspace.get_connector(name="facebook-marketing")

    executor = asyncio.run(found())
    asked = [in_a_loop(executor, "ad_accounts", "list", params={"limit": 1}) for _ in range(2)]
    assert [len(found.data) for found in asked] == [1, 1]
    assert asyncio.run(found()) is not executor


@pytest.mark.parametrize("make", [FacebookMarketingConnector, lambda: connect("facebook-marketing")])
def test_what_is_protected_meanwhile_is_so_in_every_loop(make: Any, home: Path) -> None:
    """Also where the first call comes after the edit, or in a loop that begins after it."""
    program = make()
    protect(home, "Spring*")
    for _ in range(2):
        with pytest.raises(PolicyError, match="protect"):
            in_a_loop(program, "campaigns", "update", PLANNED)
