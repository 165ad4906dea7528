"""The agency's world on Facebook: figures add up, stories are told, objects change as any others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import agency_truth as truth
import pytest
from engine_client import FACEBOOK, EngineClient
from facebook_client import Graph
from facebook_client import graph as graph_of
from shell import Shell

from mcp_ads.errors import BadSettings
from mcp_ads.sandbox.agency import stories
from mcp_ads.sandbox.agency.clients import CLIENTS, Account, accounts
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.store import Store
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
COLUMNS = "campaign_id,adset_id,ad_id,spend,impressions,clicks,actions,action_values,frequency"
COUNTED = ("omni_purchase", "lead")


def account(client: str, market: str) -> Account:
    return next(
        one
        for one in accounts()
        if (one.client.key, one.market.code, one.platform) == (client, market, "facebook")
    )


@pytest.fixture(scope="module")
async def graph(anyio_backend: str) -> AsyncIterator[Graph]:
    """One world for all tests that only look."""
    async with graph_of(world="agency") as found:
        yield found


def figures(row: dict[str, Any]) -> tuple[Decimal, int, int, int]:
    """Spend, impressions, clicks and conversions of a row."""
    done = sum(int(one["value"]) for one in row.get("actions", ()) if one["action_type"] in COUNTED)
    return Decimal(row["spend"]), int(row["impressions"]), int(row["clicks"]), done


async def insights(graph: Graph, node: str, level: str, since: date, until: date) -> list[dict[str, Any]]:
    days = {"since": since.isoformat(), "until": until.isoformat()}
    statuses = [
        "ACTIVE",
        "PAUSED",
        "ARCHIVED",
        "CAMPAIGN_PAUSED",
        "ADSET_PAUSED",
        "DISAPPROVED",
        "WITH_ISSUES",
    ]
    about = {"field": f"{level}.effective_status", "operator": "IN", "value": statuses}
    filters = {} if level == "account" else {"filtering": [about]}
    found = await graph.get(
        f"{node}/insights", level=level, time_range=days, fields=COLUMNS, limit=500, **filters
    )
    rows: list[dict[str, Any]] = found["data"]
    return rows


@pytest.mark.parametrize(("client", "market", "back"), [("bryn", "UK", 30), ("ginko", "JP", 200)])
async def test_levels_add_up_to_what_the_model_says(
    graph: Graph, client: str, market: str, back: int
) -> None:
    """Ads, ad sets, campaigns and the account have the same sums, in hundredths and in whole yen."""
    one = account(client, market)
    today = truth.today_of(one)
    until = today - timedelta(back - 30)
    since = until - timedelta(10)
    days = list(truth.did(began(graph.store), one, since, until))
    for level, depth in (("campaign", 1), ("adset", 2), ("ad", 3), ("account", 0)):
        told = await insights(graph, f"act_{one.id}", level, since, until)
        right = truth.added_up(one, days, depth)
        key = {0: "account_id"}.get(depth, f"{level}_id")
        rows = {row.get(key, one.id): figures(row) for row in told}
        seen = {one: sums for one, sums in right.items() if sums.impressions}
        assert rows == {
            one: (sums.spend, sums.impressions, sums.clicks, sums.conversions) for one, sums in seen.items()
        }
        assert sum(row[0] for row in rows.values()) == sum(sums.spend for sums in seen.values())


async def test_what_cut_the_spend_is_in_the_log_and_in_the_figures(graph: Graph) -> None:
    """A declined ad, a budget cut, a paused ad set: since when, by whom, and a tenth less than before."""
    day = began(graph.store)
    for kind, event in (
        (stories.DISAPPROVAL, "ad_review_declined"),
        (stories.CUT, "update_campaign_budget"),
        (stories.PAUSED, "update_ad_set_run_status"),
    ):
        [story] = truth.stories(kind, "facebook")
        one, about = stories.account_of(story), truth.objects(story)
        log = await graph.get(
            f"act_{one.id}/activities", fields="event_time,event_type,actor_name,object_id,extra_data"
        )
        [entry] = [row for row in log["data"] if row["event_type"] == event]
        happened = date.fromordinal(day - story.since)
        assert (entry["object_id"], entry["event_time"][:10]) == (about["object"], happened.isoformat())
        assert entry["actor_name"] == ("Meta" if kind == stories.DISAPPROVAL else stories.PERSON)
        before = await insights(
            graph, f"act_{one.id}", "account", happened - timedelta(8), happened - timedelta(1)
        )
        after = await insights(graph, f"act_{one.id}", "account", happened, happened)
        assert figures(after[0])[0] < figures(before[0])[0] / 8 * Decimal("0.9")


@pytest.mark.slow
async def test_tired_ads_wasted_money_and_an_outage_are_in_the_figures(graph: Graph) -> None:
    """Clicks fall as the frequency rises; money without a sale; days of clicks without any."""
    day = date.fromordinal(began(graph.store))
    [tired] = truth.stories(stories.FATIGUE, "facebook")
    node = truth.objects(tired)["object"]
    [old] = await insights(graph, node, "campaign", day - timedelta(46), day - timedelta(40))
    [new] = await insights(graph, node, "campaign", day - timedelta(7), day - timedelta(1))
    assert float(new["frequency"]) > 1.8 * float(old["frequency"])
    assert int(new["clicks"]) / int(new["impressions"]) < 0.5 * int(old["clicks"]) / int(old["impressions"])
    for waste in truth.stories(stories.WASTE, "facebook"):
        [row] = await insights(graph, truth.objects(waste)["object"], "campaign", day - timedelta(30), day)
        assert figures(row)[0] > 0 == figures(row)[3]
    [outage] = truth.stories(stories.OUTAGE, "facebook")
    node = f"act_{truth.objects(outage)['account']}"
    since, until = day - timedelta(outage.since), day - timedelta(outage.until)
    [lost] = await insights(graph, node, "account", since, until)
    [usual] = await insights(graph, node, "account", since - timedelta(1), since - timedelta(1))
    assert figures(lost)[2] > 0 == figures(lost)[3] < figures(usual)[3]


async def test_an_object_of_the_world_changes_like_any_other() -> None:
    """Read by its id, changed, added to, deleted; seen by another process, and as it was after a reset."""
    async with graph_of(world="agency") as graph:
        store = graph.store
        node = f"act_{account('alder', 'US').id}"
        [first, second, *_] = (await graph.get(f"{node}/campaigns", limit=2, fields="name,status"))["data"]
        count = (await graph.get(f"{node}/campaigns", limit=1, summary="true"))["summary"]["total_count"]
        await graph.post(first["id"], name="Changed", status="PAUSED")
        assert (await graph.get(first["id"], fields="name,status"))["name"] == "Changed"
        await graph.send("DELETE", second["id"])
        made = await graph.post(
            f"{node}/campaigns", name="New", objective="OUTCOME_SALES", status="PAUSED",
            special_ad_categories=[], daily_budget=5000,
        )  # fmt: skip
        listed = (await graph.get(f"{node}/campaigns", limit=500, fields="name,status"))["data"]
        assert [row["name"] for row in listed[:2]] == ["New", "Changed"]
        assert len(listed) == count
        assert second["id"] not in {row["id"] for row in listed}
        below = (await graph.get(f"{second['id']}/ads", fields="effective_status", filtering=[
            {"field": "effective_status", "operator": "IN", "value": ["DELETED"]}
        ]))["data"]  # fmt: skip
        assert below
        assert len([row for row in store.writes() if row["what"].endswith("campaign")]) == 3
        store.reset()
        again = (await graph.get(f"{node}/campaigns", limit=2, fields="name,status"))["data"]
        assert again == [first, second]
        assert (await graph.send("GET", made["id"])).status_code == 400


async def test_worlds_are_apart(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each has a home of its own with its records, and a file of one is not read as the other's."""
    usual, agency = EngineClient(tmp_path, {}), EngineClient(tmp_path, {"MCP_ADS_SANDBOX": "agency"})
    assert (usual.home, agency.home) == (tmp_path / "sandbox", tmp_path / "sandbox-agency")
    tables = [
        await client.table(FACEBOOK, "ad_accounts", "list", fields=["id", "name"])
        for client in (usual, agency)
    ]
    assert [len(table.rows) for table in tables] == [2, 19]
    assert all(table.meta["SANDBOX"] == "invented data" for table in tables)
    listed = await agency.table(FACEBOOK, "campaigns", "list", account_id=account("alder", "US").id)
    assert (len(listed.rows), agency.store.all("facebook.campaign")) == (25, []), (
        "what nobody changed is not kept"
    )
    await usual.close()
    await agency.close()
    path = tmp_path / "sandbox" / "sandbox.sqlite"
    other = Store(path, "agency")
    assert not other.all("facebook.campaign")
    assert "of another version" in caplog.text
    other.close()


@pytest.mark.slow
async def test_an_agency_asks_what_is_declined_and_what_is_wasted(tmp_path: Path) -> None:
    """One call each over accounts of three currencies names exactly the ads and campaigns there are."""
    client = EngineClient(tmp_path, {"MCP_ADS_SANDBOX": "agency"})
    asked = [account("dahlia", "DE"), account("ginko", "JP"), account("petra", "UK")]
    whose = [f"facebook:{one.id}" for one in asked]
    declined = await client.do("ads", "delivery_issues", "list", accounts=whose, limit=100)
    day = began(client.store)
    assert {row["id"] for row in declined.data} == set().union(
        *(truth.disapproved(day, one) for one in asked)
    )
    wasted = await client.do(
        "ads", "performance", "list", accounts=whose, range="last_30d", level="campaign",
        where="spend > 0 and conversions = 0", top=100,
    )  # fmt: skip
    right = {key: spend for one in asked for key, spend in truth.wasted(day, one, 30).items()}
    assert {row["campaign"]: Decimal(str(row["spend"])) for row in wasted.data} == right
    assert {truth.id_of(asked[0], 392), truth.id_of(asked[1], 392)} <= right.keys()
    await client.close()


@pytest.mark.slow
async def test_what_lets_time_go_by_names_the_world(tmp_path: Path, shell: Shell) -> None:
    """The command that an answer in part prints moves the clock of this world, from any shell."""
    client = EngineClient(tmp_path, {"MCP_ADS_SANDBOX": "agency"})
    answer = await client.do("ads", "pacing", "list", accounts=["amazon:6600100200301591"])
    told = await client.do(
        "ads", "performance", "list", accounts=["amazon:6600100200301591"], range="last_week"
    )
    await client.close()
    words = re.findall(r"`mcp-ads (sandbox [^`]*)`", f"{answer.partial} {told.partial}")
    assert words == ["sandbox --world agency --forward 600"] * 2
    shell.set(MCP_ADS_HOME=str(tmp_path / "home"))
    code, _, err = shell.run(*words[0].split())
    assert (code, "sandbox-agency" in err) == (0, True)


@pytest.mark.parametrize(
    ("said", "delay", "right"),
    [("agency", "", 600), ("Agency", "5", 5), ("agency", "0", 0), ("1", "", 0)],
)
def test_reports_take_ten_minutes_in_the_agencys_world(
    tmp_path: Path, said: str, delay: str, right: int
) -> None:
    """Unless another delay is set."""
    more = {"MCP_ADS_SANDBOX_REPORT_DELAY": delay} if delay else {}
    settings = load(environ={"MCP_ADS_SANDBOX": said, "MCP_ADS_HOME": str(tmp_path), **more})
    assert (settings.sandbox, settings.sandbox_report_delay) == (True, right)


def test_an_unknown_world_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """A typo opens no real account and no other world."""
    with pytest.raises(BadSettings, match=r"^MCP_ADS_SANDBOX: 'agncy' is none of 1 .*, agency .* and 0$"):
        load(environ={"MCP_ADS_SANDBOX": "agncy", "MCP_ADS_HOME": str(tmp_path)})
    with pytest.raises(KeyError, match="agncy"):
        Store(world="agncy")


@pytest.mark.parametrize(
    ("client", "low", "high"),
    [("egret", 1.2, 1.5), ("harrow", 0.85, 1.1), ("iris", 0.55, 0.8), ("sable", 0.55, 0.8)],
)
def test_clients_pace_as_they_were_made_to(client: str, low: float, high: float) -> None:
    """Of a world that began on that day: too fast, about right, budgets not spent, budgets too low."""
    now = datetime(2027, 2, 16, 12, tzinfo=UTC)
    [about] = [one for one in CLIENTS if one.key == client]
    for row in truth.month(now.date().toordinal(), about, now):
        assert low < float((row.forecast or 0) / row.budget) < high


def test_the_document_names_every_client_and_story(shell: Shell) -> None:
    """With the budgets that `--clients` prints, and the ids that the model has."""
    text = (Path(__file__).parents[2] / "docs" / "agency-world.md").read_text("utf-8")
    code, out, _ = shell.run("sandbox", "--world", "agency", "--clients")
    written = tomllib.loads(out)["clients"]
    assert (code, len(written), sum(len(client["accounts"]) for client in written.values())) == (0, 20, 50)
    for name, client in written.items():
        [row] = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
        assert client["title"] in row
        assert [amount for amount in client["monthly_budget"] if amount not in row.replace(",", "")] == []
    for story in stories.STORIES:
        one = stories.account_of(story)
        place = (
            f"{one.number:02}{story.campaign:04}{story.group}{story.ad}"
            if story.campaign
            else "all campaigns"
        )
        days = f"{story.since} to {story.until}" if story.until else f"{story.since}"
        assert [
            line
            for line in text.splitlines()
            if f"`{one.id}`" in line and place in line and f"| {days} |" in line
        ]
