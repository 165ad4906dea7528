"""The agency's world on LinkedIn: figures add up, stories are told, objects change as any others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import agency_truth as truth
import pytest
from linkedin_client import Client, urn

from mcp_ads.sandbox.agency import stories
from mcp_ads.sandbox.agency.clients import LINKEDIN, Account, accounts
from mcp_ads.sandbox.agency.world import began

pytestmark = pytest.mark.anyio
FIELDS = (
    "pivotValues,costInLocalCurrency,impressions,clicks,oneClickLeads,externalWebsiteConversions,"
    "conversionValueInLocalCurrency"
)
KINDS = {0: ("ACCOUNT", "sponsoredAccount"), 1: ("CAMPAIGN", "sponsoredCampaign")}
KINDS |= {3: ("CREATIVE", "sponsoredCreative")}


def account(client: str, market: str) -> Account:
    wanted = (client, LINKEDIN, market)
    return next(one for one in accounts() if (one.client.key, one.platform, one.market.code) == wanted)


@pytest.fixture(scope="module")
async def api(anyio_backend: str) -> AsyncIterator[Client]:
    """One world for all tests that only look."""
    client = Client("agency")
    yield client
    await client.http.aclose()


async def report(
    api: Client, one: Account, depth: int, since: date, until: date, about: Sequence[str] = ()
) -> dict[str, Any]:
    """Rows of a period by the ids of what they are of, of the account or of some campaigns."""
    days = ",".join(
        f"{name}:(year:{day.year},month:{day.month},day:{day.day})"
        for name, day in (("start", since), ("end", until))
    )
    pivot, kind = KINDS[depth]
    urns = [urn("sponsoredCampaign", one_id) for one_id in about] or [urn("sponsoredAccount", one.id)]
    facet = f"{'campaigns' if about else 'accounts'}=List({','.join(urns).replace(':', '%3A')})"
    asked = f"q=analytics&pivot={pivot}&timeGranularity=ALL&dateRange=({days})&{facet}&fields={FIELDS}"
    rows = (await api.get(f"/rest/adAnalytics?{asked}"))["elements"]
    return {row["pivotValues"][0].removeprefix(urn(kind, "")): row for row in rows}


def figures(row: dict[str, Any]) -> tuple[Decimal, int, int, int, Decimal]:
    """Spend, impressions, clicks, conversions and their value."""
    done = row["oneClickLeads"] + row["externalWebsiteConversions"]
    money = (Decimal(row[f"{name}InLocalCurrency"]) for name in ("cost", "conversionValue"))
    spend, value = money
    return spend, row["impressions"], row["clicks"], done, value


@pytest.mark.parametrize(("client", "market", "back"), [("petra", "UK", 30), ("nori", "JP", 150)])
async def test_levels_add_up_to_what_the_model_says(api: Client, client: str, market: str, back: int) -> None:
    """Creatives, campaigns and the account have the same sums, in hundredths and in whole yen."""
    one = account(client, market)
    await api.get("/rest/adAccounts?q=search")
    until = truth.today_of(one) - timedelta(back - 30)
    since = until - timedelta(3)
    days = list(truth.did(began(api.store), one, since, until))
    for depth in KINDS:
        right = truth.added_up(one, days, depth)
        rows = {key: figures(row) for key, row in (await report(api, one, depth, since, until)).items()}
        assert rows == {
            key: (sums.spend, sums.impressions, sums.clicks, sums.conversions, sums.value)
            for key, sums in right.items()
            if sums.impressions
        }


@pytest.mark.slow
async def test_what_cut_the_spend_shows_in_what_it_hit_and_in_the_figures(api: Client) -> None:
    """A declined creative and a cut budget: since when, and a tenth less than before."""
    await api.get("/rest/adAccounts?q=search")
    day = began(api.store)
    for kind in (stories.DISAPPROVAL, stories.CUT):
        [story] = truth.stories(kind, LINKEDIN)
        one, about = stories.account_of(story), truth.objects(story)["object"]
        path = f"/rest/adAccounts/{one.id}"
        if kind == stories.DISAPPROVAL:
            found = await api.get(f"{path}/creatives/urn%3Ali%3AsponsoredCreative%3A{about}")
            assert (found["review"]["status"], found["isServing"]) == ("REJECTED", False)
        else:
            found = await api.get(f"{path}/adCampaigns/{about}")
            changed = found["changeAuditStamps"]["lastModified"]["time"] / 86_400_000
            assert (found["status"], date(1970, 1, 1) + timedelta(changed)) == (
                "ACTIVE",
                date.fromordinal(day - story.since),
            )
        happened = date.fromordinal(day - story.since)
        before = await report(api, one, 0, happened - timedelta(3), happened - timedelta(1))
        after = await report(api, one, 0, happened, happened)
        assert figures(after[one.id])[0] < figures(before[one.id])[0] / 3 * Decimal("0.9")


async def test_tired_ads_wasted_money_and_an_outage_are_in_the_figures(api: Client) -> None:
    """Clicks that fall; money without a lead; days of clicks without any."""
    await api.get("/rest/adAccounts?q=search")
    day = date.fromordinal(began(api.store))
    [tired] = truth.stories(stories.FATIGUE, LINKEDIN)
    one, about = stories.account_of(tired), truth.objects(tired)["object"]
    [old] = (await report(api, one, 1, day - timedelta(46), day - timedelta(40), [about])).values()
    [new] = (await report(api, one, 1, day - timedelta(7), day - timedelta(1), [about])).values()
    assert new["clicks"] / new["impressions"] < 0.6 * old["clicks"] / old["impressions"]
    for waste in truth.stories(stories.WASTE, LINKEDIN):
        about = truth.objects(waste)["object"]
        rows = await report(api, stories.account_of(waste), 1, day - timedelta(30), day, [about])
        assert figures(rows[about])[0] > 0 == figures(rows[about])[3]
    [outage] = truth.stories(stories.OUTAGE, LINKEDIN)
    one = stories.account_of(outage)
    since, until = day - timedelta(outage.since), day - timedelta(outage.until)
    lost = figures((await report(api, one, 0, since, until))[one.id])
    assert lost[2] > 0 == lost[3]


async def test_an_object_of_the_world_changes_like_any_other() -> None:
    """A campaign is paused with another budget; one that was over runs again, and delivers since."""
    api = Client("agency")
    one = account("alder", "US")
    path = f"/rest/adAccounts/{one.id}/adCampaigns"
    listed = (await api.get(f"{path}?q=search&search=(status:(values:List(PAUSED)))&pageSize=1000"))[
        "elements"
    ]
    over, running = listed[-1]["id"], truth.id_of(one, 390)
    budget = {"amount": "55.00", "currencyCode": one.currency}
    assert (await api.patch(f"{path}/{running}", status="PAUSED", dailyBudget=budget)).status_code == 204
    found = await api.get(f"{path}/{running}")
    assert (found["status"], found["dailyBudget"]) == ("PAUSED", budget)
    today = truth.today_of(one)
    assert str(over) not in await report(api, one, 1, today, today)
    assert (await api.patch(f"{path}/{over}", status="ACTIVE")).status_code == 204
    assert str(over) in await report(api, one, 1, today, today)
    again = (await api.get(f"{path}?q=search&search=(status:(values:List(PAUSED)))&pageSize=1000"))[
        "elements"
    ]
    assert {row["id"] for row in again} == {row["id"] for row in listed} - {over} | {int(running)}
    await api.http.aclose()
