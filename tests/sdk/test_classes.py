"""The connector classes in this process: the platforms' own records, plans, pages, descriptions."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest
from engine_client import break_next

from mcp_ads import (
    AmazonAdsAuthConfig,
    AmazonAdsConnector,
    ApiError,
    AuthenticationError,
    ConnectorValidationError,
    ExecuteResult,
    FacebookMarketingConnector,
    InvalidParams,
    LinkedinAdsConnector,
    NotConfigured,
    OutcomeUnknown,
    PlatformDown,
    Progress,
    Record,
    connect,
)
from mcp_ads.sandbox.ports import Servers
from mcp_ads.sandbox.store import Store
from mcp_ads.sdk.backend import Answered, Shape
from mcp_ads.sdk.classes.base import AdsConnector
from mcp_ads.sdk.classes.calls import EntityCalls
from mcp_ads.sdk.classes.parameters import SDK
from mcp_ads.sdk.words import PYTHON

pytestmark = pytest.mark.anyio
US, LINKEDIN_US, PROFILE = "1234567890", "512345678", "3312345678901234"
CLASSES: list[type[AdsConnector]] = [FacebookMarketingConnector, LinkedinAdsConnector, AmazonAdsConnector]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sandbox with a home of its own."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    monkeypatch.delenv("MCP_ADS_WRITES", raising=False)
    return tmp_path


@pytest.fixture
def store(home: Path) -> Any:
    """What the sandbox keeps."""
    store = Store(home / "sandbox" / "sandbox.sqlite")
    yield store
    store.close()


@pytest.fixture
async def facebook(home: Path, anyio_backend: str) -> AsyncIterator[FacebookMarketingConnector]:
    """Facebook's class in the sandbox."""
    async with FacebookMarketingConnector() as connector:
        yield connector


@pytest.mark.parametrize(
    ("kind", "entity", "account", "name", "budget"),
    [
        (FacebookMarketingConnector, "campaigns", {"account_id": US}, "name", "5000"),
        (LinkedinAdsConnector, "campaigns", {"account_id": LINKEDIN_US}, "name", "30.00"),
        (AmazonAdsConnector, "sponsored_product_campaigns", {"profile_id": PROFILE}, "name", 50.0),
    ],
)  # fmt: skip
async def test_records_plans_and_what_is_applied(
    kind: type[AdsConnector], entity: str, account: dict[str, str], name: str, budget: Any, store: Store
) -> None:
    """A list has the platform's records, a write is planned, and applying it is what changes something."""
    async with kind() as connector:
        calls = getattr(connector, entity)
        found = await calls.list(**account, limit=2)
        assert isinstance(found, ExecuteResult)
        assert found.meta["has_next_page"] is True
        json.dumps(found.model_dump(mode="json"))
        first = found.data[0]
        asked = {key: first[key] for key in ("id", "campaignId") if key in first}
        own = {"campaign_id": next(iter(asked.values())), **account}
        one = await calls.get(**own)
        assert isinstance(one, Record)
        assert not hasattr(one, "model_dump")
        assert str(budget) in json.dumps(one)
        plan = await calls.update(**own, name="Renamed")
        assert (plan.status, store.writes()) == ("planned", [])
        assert plan.plan_id in plan.plan
        assert plan.plan_id in plan.apply
        done = await connector.apply(plan.plan_id)
        assert (done.status, done.plan_id) == ("applied", plan.plan_id)
        assert (await calls.get(**own))[name] == "Renamed"
        assert "ads_apply" not in f"{plan.plan}{done.text}"
        back = await connector.apply(done.undo)
        assert back.status == "applied"
        assert (await calls.get(**own))[name] == first[name]
        assert plan.plan_id in [kept.plan_id for kept in await connector.plans()]


async def test_attributes_are_what_is_declared(facebook: FacebookMarketingConnector) -> None:
    """They are completed and described, and a name that is none has the closest."""
    assert {"campaigns", "ads", "execute"} <= {*dir(facebook)}
    assert {"list", "update"} <= {*dir(facebook.campaigns)}
    signature = inspect.signature(facebook.campaigns.list)
    assert [name for name, it in signature.parameters.items() if it.default is it.empty] == ["account_id"]
    assert {"limit", "cursor", "fields", *SDK} <= signature.parameters.keys()
    assert not {"where", "sort", "group_by"} & signature.parameters.keys()
    assert "List the campaigns of one ad account." in str(facebook.campaigns.list.__doc__)
    for wrong, meant in (("campaings", "campaigns"), ("adSets", "ad_sets")):
        with pytest.raises(AttributeError, match=f"did you mean {meant}"):
            getattr(facebook, wrong)
    with pytest.raises(AttributeError, match="did you mean list"):
        _ = facebook.campaigns.lst
    assert copy.copy(Record(a=1)) == {"a": 1}


@pytest.mark.parametrize("kind", CLASSES)
def test_no_entity_or_action_hides_an_attribute(kind: type[AdsConnector]) -> None:
    """Every declared name is reached, and no parameter is one of the keywords of every call."""
    offer = kind.offer()
    public = {name for name in dir(AdsConnector) if not name.startswith("_")}
    assert not public & {*offer.names()}
    for entity in offer.names():
        actions = offer.entity(entity).actions
        assert not {name for name in vars(EntityCalls) if not name.startswith("_")} & {*actions}
        assert not {*SDK} & {name for action in actions.values() for name in action.model_fields}
    assert [entry["entity_name"] for entry in kind.list_entities()] == offer.names()


async def test_none_is_left_out_and_the_vendors_spelling_understood() -> None:
    """As with any call: camelCase is read, a wrong name refused with the closest, and nothing is sent."""
    async with LinkedinAdsConnector() as connector:
        nothing: dict[str, Any] = {"status": None, "skip_truncation": None, "progress": None}
        found = await connector.campaigns.list(accountId=LINKEDIN_US, limit=1, **nothing)
        assert len(found.data) == 1
        with pytest.raises(ConnectorValidationError, match=r"acount_id.*did you mean account_id"):
            await connector.campaigns.list(acount_id=LINKEDIN_US)
        text = json.dumps({"account_id": LINKEDIN_US, "limit": 1})
        as_text: Any = text
        assert len((await connector.execute("campaigns", "list", as_text)).data) == 1
        for params in (text[:-1], [1], "[]", 7):
            wrong: Any = params
            with pytest.raises(ConnectorValidationError, match="params: an object is needed"):
                await connector.execute("campaigns", "list", wrong)
        record = found.data[0]
        record.name = "As set"
        assert record["name"] == "As set"
        with pytest.raises(AttributeError, match=r'record\["values"\]'):
            record.values = 1
        no_id: Any = 5
        no_name: Any = {1: 2}
        for call in (connector.apply(no_id), connector.execute("campaigns", "list", no_name)):
            with pytest.raises(InvalidParams):
                await call
        with pytest.raises(ConnectorValidationError, match="did you mean campaigns"):
            await connector.execute("campaings", "list")


async def test_every_record_over_all_pages(facebook: FacebookMarketingConnector) -> None:
    """`rows` goes on by itself, also by names; `limit` is the most in all; `pages` has their facts."""
    calls = facebook.ads.list
    ids = [row.id async for row in calls.rows(account_id=US, select_fields=["id"])]
    async with connect("facebook") as client:
        shown = [row["id"] async for row in client.rows("ads", "list", {"account_id": US, "fields": ["id"]})]
    assert ids == shown
    asked = {"account_id": US, "limit": 30}
    assert [row["id"] async for row in facebook.iterate("ads", "list", asked)] == ids[:30]
    pages = [page async for page in calls.pages(account_id=US)]
    assert [row["id"] for page in pages for row in page.data] == ids
    assert [page.meta["has_next_page"] for page in pages] == [False]
    assert {name for row in [row async for row in calls.rows(**asked)] for name in row} > {"id", "name"}


async def test_a_list_that_breaks_off_is_never_the_whole(
    facebook: FacebookMarketingConnector, store: Store
) -> None:
    """A page that fails raises, and so does one that has no cursor to go on with, or is not whole."""
    break_next(store, "500", path="/ads$", times=0)
    with pytest.raises(ApiError):
        [row async for row in facebook.ads.list.rows(account_id=US)]

    class Breaking:
        """A host whose list goes wrong."""

        host = "https://ads.example.com"
        connector_id: str | None = None

        def __init__(self, *metas: dict[str, Any]) -> None:
            self.metas = [*metas]

        async def execute(
            self, entity: str, action: str, params: Mapping[str, Any], shape: Shape, progress: Any = None
        ) -> Answered:
            return Answered([{"id": "1"}], self.metas.pop(0))

        words = PYTHON

        async def apply(self, plan_id: str, progress: Any = None) -> Answered:
            raise AssertionError

        async def plan(self, plan_id: str) -> str:
            raise AssertionError

        async def plans(self) -> list[dict[str, Any]]:
            raise AssertionError

        async def describe(self, entity: str, action: str, query: str) -> str:
            raise AssertionError

        async def close(self) -> None:
            """Nothing to close."""

    goes_on = {"has_next_page": True, "end_cursor": "a"}
    for metas in (
        [{"has_next_page": True, "end_cursor": None}],
        [goes_on, goes_on],
        [goes_on, {"has_next_page": False, "partial": "PARTIAL: 1 of 2 regions"}],
    ):
        seen: list[str] = []
        rows = AmazonAdsConnector.over(Breaking(*metas)).profiles.list.rows()
        with pytest.raises(PlatformDown):
            await _collected(rows, seen)
        assert len(seen) == len(metas) - 1 + (metas[-1] is goes_on)


async def _collected(rows: AsyncIterator[Any], into: list[str]) -> None:
    async for row in rows:
        into.append(row.id)  # noqa: PERF401 - what came before a failure is looked at


async def test_a_write_has_no_pages(facebook: FacebookMarketingConnector) -> None:
    """It is refused, not made."""
    with pytest.raises(InvalidParams, match="no pages"):
        [row async for row in facebook.campaigns.pause.rows(campaign_id="1")]


async def test_parts_of_records(facebook: FacebookMarketingConnector, home: Path) -> None:
    """Fields are chosen or left out at any depth; long texts are cut on request, in lists alone."""
    async with AmazonAdsConnector(writes="direct") as amazon:
        calls = amazon.sponsored_product_campaigns
        asked = {"profile_id": PROFILE, "limit": 2}
        chosen = await calls.list(**asked, select_fields=["campaignId", "budget.budget", "no_such"])
        assert [{*row} for row in chosen.data] == [{"campaignId", "budget"}] * 2
        assert {*chosen.data[0].budget} == {"budget"}
        assert "no_such" in chosen.meta["warnings"][-1]
        less = await calls.list(**asked, exclude_fields=["budget.budget", "name"])
        assert {*less.data[0].budget} == {"budgetType"}
        assert "name" not in less.data[0]
        both = await calls.list(**asked, select_fields=["name"], exclude_fields=["name"])
        assert [{*row} for row in both.data] == [{"name"}] * 2
    async with FacebookMarketingConnector(writes="direct") as direct:
        made = await direct.campaigns.create(account_id=US, name="n" * 300, objective="OUTCOME_SALES")
        cut = [row.name async for row in direct.campaigns.list.rows(account_id=US, skip_truncation=False)]
        assert f"{'n' * 200}… [+100 characters; get has it whole]" in cut
        whole = await direct.campaigns.get(campaign_id=made.id, skip_truncation=False)
        assert whole.name == "n" * 300
        with pytest.raises(InvalidParams, match="nme; did you mean name"):
            await direct.campaigns.get(campaign_id=made.id, select_fields=["nme"])


@pytest.mark.slow
async def test_a_report_is_waited_for_whatever_is_chosen_of_it(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """One that is not finished says how to go on; `rows` does so by itself, with the chosen fields alone."""
    monkeypatch.setenv("MCP_ADS_SANDBOX_REPORT_DELAY", "100")
    asked = {"profile_id": PROFILE, "report_type": "spCampaigns"}
    chosen = ["campaignName", "cost"]
    async with AmazonAdsConnector() as connector:
        begun = await connector.reports.run(**asked, select_fields=chosen)
        assert (begun.data, begun.meta["status"], begun.meta["pending"]) == ([], "PENDING", True)
        assert begun.meta["params"] == {**asked, "report_id": begun.meta["params"]["report_id"]}

        async def later(progress: Progress) -> None:
            store.clock.forward(200)

        calls = connector.reports.run
        more: Any = {"limit": 3, "select_fields": chosen, "progress": later}
        rows = [row async for row in calls.rows(**asked, **more)]
    assert [{*row} for row in rows] == [{*chosen}] * 3


async def test_what_is_sent_at_once_says_what_was_done(store: Store) -> None:
    """Several are done where each is, and what was lost is unknown."""
    async with LinkedinAdsConnector(writes="direct") as connector:
        calls = connector.campaigns
        ids = [row.id async for row in calls.list.rows(account_id=LINKEDIN_US, limit=3)]
        both = {
            "account_id": LINKEDIN_US,
            "items": [{"campaign_id": id_, "name": f"N{id_}"} for id_ in ids[:2]],
        }
        assert (await calls.update(**both)).status == "done"
        assert (await calls.update(**both)).status == "nothing to do"
        break_next(store, "cut", method="POST", path="/adCampaigns", when="after")
        with pytest.raises(OutcomeUnknown) as lost:
            await calls.update(account_id=LINKEDIN_US, campaign_id=ids[2], name="Lost")
        assert lost.value.sent == "unknown"
        assert 'connector.execute("campaigns", "get", ' in lost.value.fix


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"select_fields": "id,,"}, "select_fields: a list of names"),
        ({"select_fields": []}, "select_fields: a list of names"),
        ({"exclude_fields": [1]}, "exclude_fields: a list of names"),
        ({"skip_truncation": "no"}, "skip_truncation: True or False"),
    ],
)
async def test_parts_that_are_none(
    facebook: FacebookMarketingConnector, wrong: dict[str, Any], said: str, store: Store
) -> None:
    """A text in place of a list would be its letters: it is refused, and nothing is sent."""
    with pytest.raises(InvalidParams, match=said):
        await facebook.campaigns.list(account_id=US, **wrong)
    assert store.requests() == []


async def test_what_there_is_can_be_looked_up_with_execute_alone(
    facebook: FacebookMarketingConnector,
) -> None:
    """`describe` is understood where the entity has no such action, in the words of a program."""
    whole = (await facebook.execute("", "describe")).text
    entity = (await facebook.execute("campaigns", "describe")).text
    action = (await facebook.execute("campaigns", "describe", {"action": "list"})).text
    found = (await facebook.execute("", "describe", {"query": "pause a campaign"})).text
    assert "ad_sets" in whole
    assert "campaigns.update(" in entity
    assert "account_id*" in action
    assert "campaigns.pause" in found
    assert not any("where (" in text or ", where, sort" in text for text in (entity, action))
    for wrong in ({"acton": "list"}, {"action": 1}):
        with pytest.raises(InvalidParams, match=r"acti?on"):
            await facebook.execute("campaigns", "describe", wrong)
    with pytest.raises(InvalidParams, match="targeting_spec"):
        await facebook.execute("targeting", "describe")


def test_schemas_have_what_records_take() -> None:
    """A list's parameters without looks at shown rows, a write's with many items."""
    schema = AmazonAdsConnector.entity_schema("sponsored_product_campaigns")
    listed = schema["list"]["params_schema"]["properties"]
    assert {"profile_id", "limit", "cursor"} <= listed.keys()
    assert not {"where", "sort", "save_to", "from"} & listed.keys()
    assert {"campaign_id", "items", "append_to"} <= schema["update"]["params_schema"]["properties"].keys()
    with pytest.raises(ConnectorValidationError, match="did you mean"):
        AmazonAdsConnector.entity_schema("campaigns")


async def test_check_tells_and_never_raises(facebook: FacebookMarketingConnector, store: Store) -> None:
    """Healthy, or unhealthy with why."""
    good = await facebook.check()
    assert (good.status, good.error, good.checked_entity, good.checked_action) == (
        "healthy", None, "ad_accounts", "list",
    )  # fmt: skip
    break_next(store, "revoked-token", times=0)
    bad = await facebook.check()
    assert bad.status == "unhealthy"
    assert bad.error
    assert "sandbox-token" not in bad.error
    with pytest.raises(AuthenticationError) as refused:
        await facebook.ad_accounts.list()
    assert (refused.value.status_code, refused.value.response) == (refused.value.status, None)


@pytest.mark.parametrize("how", ["sync", "async", "raising", "raising later"])
async def test_new_tokens_are_told(how: str, store: Store) -> None:
    """When a refresh token was exchanged; what the program's function does ends no call."""
    told: list[dict[str, str]] = []
    failed: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))

    async def later(tokens: dict[str, str]) -> None:
        told.append(tokens)

    def fails(tokens: dict[str, str]) -> None:
        told.append(tokens)
        raise RuntimeError("mine")

    async def fails_later(tokens: dict[str, str]) -> None:
        await asyncio.sleep(0.01)
        fails(tokens)

    ways: dict[str, Any] = {
        "sync": told.append,
        "async": later,
        "raising": fails,
        "raising later": fails_later,
    }
    tell = ways[how]
    async with AmazonAdsConnector(on_token_refresh=tell, region="EU") as connector:
        await connector.profiles.list()
        await connector.profiles.list()
        await asyncio.sleep(0.02)
        assert len(told) == 1
        break_next(store, "expired-token", path="/v2/profiles")
        await connector.profiles.list()
    assert [{*tokens} for tokens in told] == [{"access_token", "refresh_token", "expires_in"}] * 2
    assert len(failed) == (2 if how.startswith("raising") else 0)


async def test_a_missing_client_id_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    """Amazon's app; where there is none, or another one is named, the call says which variable to set."""
    monkeypatch.delenv("MCP_ADS_SANDBOX")
    refresh = AmazonAdsAuthConfig(refresh_token="Atzr|x")
    with pytest.raises(NotConfigured, match="AMAZON_ADS_CLIENT_ID"):
        await AmazonAdsConnector(refresh).profiles.list()
    monkeypatch.setenv("AMAZON_ADS_CLIENT_ID", "amzn1.app")
    monkeypatch.setenv("AMAZON_ADS_CLIENT_SECRET", "secret")
    monkeypatch.setenv("AMAZON_ADS_TOKEN_URL", "http://127.0.0.1:9/token")
    with pytest.raises(PlatformDown):
        await AmazonAdsConnector(refresh).profiles.list()
    other = AmazonAdsAuthConfig(refresh_token="Atzr|x", client_id="amzn1.other")
    with pytest.raises(NotConfigured, match="AMAZON_ADS_CLIENT_SECRET"):
        await AmazonAdsConnector(other).profiles.list()


async def test_one_region_is_asked() -> None:
    """By its name or its host."""
    for region in ("EU", "https://advertising-api-eu.amazon.com/"):
        async with AmazonAdsConnector(region=region) as connector:
            assert [row.countryCode for row in (await connector.profiles.list()).data] == ["DE"]


async def test_a_plan_is_said_as_it_is(facebook: FacebookMarketingConnector) -> None:
    """What an advertiser wrote is no call of ours, and a plan too long for one answer has more pages."""
    ids = [row.id async for row in facebook.campaigns.list.rows(account_id=US, limit=80)]
    name = "ads_apply(x) facebook_marketing_execute"
    plan = await facebook.campaigns.update(campaign_id=ids[0], name=name)
    assert f"→ {name}" in plan.plan.replace('"', "")
    many = await facebook.campaigns.update(items=[{"campaign_id": id_, "name": name} for id_ in ids])
    query = re.findall(r'connector.execute\("", "describe", \{"query": "(.*?)"\}\)', many.plan)
    page = (await facebook.execute("", "describe", {"query": query[0]})).text
    assert many.plan_id in page
    assert name in page
    assert "ads_describe" not in f"{many.plan}{page}"


async def test_a_plan_says_how_it_is_applied(home: Path) -> None:
    """With a command that knows this home and the sandbox; it is run as it is printed in a slow test."""
    async with LinkedinAdsConnector(account_ids=LINKEDIN_US) as connector:
        first = (await connector.campaigns.list(account_id=LINKEDIN_US, limit=1)).data[0]
        plan = await connector.execute("campaigns", "update", {"campaign_id": first.id, "name": "By hand"})
    assert f"MCP_ADS_HOME={home} MCP_ADS_SANDBOX=1 " in plan.apply
    assert f"apply {plan.plan_id}`" in plan.apply


@pytest.mark.slow
async def test_the_command_of_a_plan_works(home: Path) -> None:
    """Somebody pastes it in a shell."""
    async with LinkedinAdsConnector() as connector:
        first = (await connector.campaigns.list(account_id=LINKEDIN_US, limit=1)).data[0]
        plan = await connector.campaigns.update(account_id=LINKEDIN_US, campaign_id=first.id, name="By hand")
        command = plan.apply.split("`")[1]
        done = await anyio.run_process(command, check=False, cwd=home)
        assert b"1 of 1 done" in done.stdout, done
        assert (await connector.campaigns.get(account_id=LINKEDIN_US, campaign_id=first.id)).name == "By hand"


def test_one_connector_in_several_event_loops(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Frameworks run each tool in a loop of its own, over real connections that live in one."""
    monkeypatch.delenv("MCP_ADS_SANDBOX")
    for name, value in servers.ports.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    connector = LinkedinAdsConnector()

    loops = [asyncio.new_event_loop() for _ in range(2)]
    for loop in loops:
        assert len(loop.run_until_complete(connector.accounts.list()).data) == 2
    for loop in loops:
        loop.run_until_complete(connector.close())
        loop.close()
