"""What a condition means: parents by name, known codes, letters that look alike, states that it names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from looking import apply
from planning import error_of

from mcp_ads.core.view import TableView
from mcp_ads.engine.records.spool import Spool
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import AdsError, InvalidParams, PlatformDown

pytestmark = pytest.mark.anyio
ADS = (FACEBOOK, "ads", US)
CAMPAIGNS, CREATIVES, LINKED = (
    (FACEBOOK, "campaigns", US), (LINKEDIN, "creatives", LINKEDIN_US), (LINKEDIN, "campaigns", LINKEDIN_US),
)  # fmt: skip
KEYWORDS = (AMAZON, "sponsored_product_keywords", PROFILE)
Of = tuple[str, str, str]


async def asked(client: EngineClient, of: Of, action: str, **params: Any) -> Any:
    """The answer to a call about an account."""
    connector, entity, account = of
    return await client.do(
        connector,
        entity,
        action,
        **{"profile_id" if connector == AMAZON else "account_id": account},
        **params,
    )


async def found(client: EngineClient, of: Of, action: str, **params: Any) -> int:
    """How many objects a selection finds."""
    head = (await asked(client, of, action, **params)).text.split(" as of ")[1]
    return int(head.split(": ")[1].split(" of ")[0].replace(",", ""))


@pytest.mark.slow
async def test_a_parent_is_its_name(looking: EngineClient) -> None:
    """What is denied of a campaign's name keeps its ads out, in a selection and in a read alike."""
    of = await asked(looking, CAMPAIGNS, "list", where="name ~ 'Spring'", limit=500)
    campaigns = {row["id"] for row in of.data}
    ads = (await asked(looking, ADS, "list", limit=1000, where="name ~ 'Caps'")).data
    inside = {ad["id"] for ad in ads if ad["campaign_id"] in campaigns}
    assert 0 < len(inside) < len(ads)
    where = "name ~ 'Caps' and campaign not like '%spring%' and campaign_id != 120299"
    answer = await asked(looking, ADS, "pause", where=where)
    assert f": {len(ads) - len(inside)} of 527 ads found" in answer.text
    assert "note: no object has the campaign_id 120299: it leaves out none" in answer.text
    for word in ("campaign", "campaign_name", "campaign.name"):
        listed = await asked(looking, ADS, "list", where=f"{word} ~ 'Spring' and name ~ 'Caps'", limit=1000)
        assert {row["id"] for row in listed.data} == inside


WRONG: list[tuple[Of, str, dict[str, str], str]] = [
    (ADS, "pause", {"where": "creative !~ 'Spring 25'"}, "creative has ids, and 'Spring 25' is none"),
    (ADS, "pause", {"where": "campaign_id not like '%Spring%'"}, "campaign_id has ids, and"),
    (ADS, "pause", {"where": "campaign != 1202110000000000340"}, "campaign_name has names, and 1202"),
    (CREATIVES, "list", {"where": "campaign_name ~ 'Spring'"}, "where: campaign_name: `get` with"),
    (CREATIVES, "pause", {"where": "campaign != 'Spring'"}, "campaign has ids, and 'Spring' is none"),
    (CREATIVES, "pause", {"where": "campaign != 300000001"}, "campaign has URNs, such as urn:li:sponsored"),
    (LINKED, "pause", {"where": "campaign_group !~ 'Spring'"}, "campaignGroup has ids"),
    (CREATIVES, "list", {"where": "campaign !~ 'Spring'"}, "campaign has ids, and 'Spring' is none"),
    (CAMPAIGNS, "delete", {"where": "status != ACTVE"}, "status is never 'ACTVE'; did you mean ACTIVE"),
    (CAMPAIGNS, "pause", {"where": "objective not in (OUTCOME_SALE)"}, "did you mean OUTCOME_SALES"),
    (CAMPAIGNS, "delete", {"where": "status !~ 'ACTVE'"}, "status is never 'ACTVE'; did you mean ACTIVE"),
    (LINKED, "delete", {"where": "not status = ACTVE"}, "status is never 'ACTVE'; did you mean ACTIVE"),
    (KEYWORDS, "delete", {"where": "match_type != EXAKT"}, "matchType is never 'EXAKT'; did you mean EXACT"),
    (ADS, "pause", {"where": "actions.purchase > 1", "over": "last_month"}, "did you mean"),
    (ADS, "pause", {"where": "campaign.objectve ~ 'x'"}, "'campaign.objectve' is no column"),
    (LINKED, "pause", {"where": "campaign_group_name ~ 'a' and spend > 1", "over": "last_month"}, "_id"),
    (CREATIVES, "pause", {"where": "campaign_name ~ 'a' and spend > 1", "over": "today"}, "is no column"),
    (KEYWORDS, "pause", {"where": "campaign ~ 'a'"}, "campaign is in no list, and in the report of some"),
    (CAMPAIGNS, "pause", {"where": "not daily_budget > 3000"}, "3000 may be 30.00 USD or"),
    (CAMPAIGNS, "update", {"where": "daily_budget in (3000)", "daily_budget": "+20%"}, "or 3000.00 USD:"),
    ((FACEBOOK, "ad_sets", US), "pause", {"where": "bid_amount > '3000'"}, "or bid_amount_major"),
]  # fmt: skip


@pytest.mark.parametrize(("of", "action", "params", "said"), WRONG)
async def test_what_would_fit_everything_is_refused(
    looking: EngineClient, of: Of, action: str, params: dict[str, str], said: str
) -> None:
    """A name beside ids, a misspelt code, a column that only looks like one."""
    error = await error_of(asked(looking, of, action, **params))
    assert isinstance(error, InvalidParams)
    assert said in str(error)


async def test_the_kind_of_a_urn_is_looked_for(looking: EngineClient) -> None:
    """A part of the URNs that a column has is no name."""
    rows = await asked(looking, CREATIVES, "list", where="campaign ~ 'sponsoredCampaign'", limit=1)
    assert rows.meta["total"] == 523


@pytest.mark.parametrize("where", ["status != ACTVE", "not status in (PAUSED, ACTVE)"])
async def test_a_read_says_which_code_it_does_not_know(looking: EngineClient, where: str) -> None:
    """Of codes that a condition denies, one that no row has and that is much like one of theirs."""
    rows = await asked(looking, CAMPAIGNS, "list", where=where, limit=1)
    said = "no row has the status ACTVE: did you mean ACTIVE? This leaves out none"
    assert said in rows.meta["warnings"]
    again = await looking.do(FACEBOOK, "campaigns", "list", **{"from": rows.meta["result"]}, where=where)
    assert said in again.meta["warnings"]


async def test_a_share_below_one_is_asked_about(looking: EngineClient) -> None:
    """A bare 0.4 beside an ACOS may be 40 %: no report is ordered for it."""
    ask = {"over": "last_month", "bid": "-15%", "where": "acos > 0.4 and ctr < 0.9"}
    error = await error_of(asked(looking, KEYWORDS, "update", **ask))
    assert isinstance(error, InvalidParams)
    assert str(error) == "where: acos 0.4 may be 40 % or 0.4 %: write one"
    assert not [line for line in looking.sent() if "/reporting/reports" in line]


@pytest.mark.parametrize(
    "where",
    ["daily_budget <= 30 USD", "daily_budget_major <= 30", "daily_budget > 0 and daily_budget < $30.01"],
)
async def test_an_amount_that_says_its_unit_is_that(looking: EngineClient, where: str) -> None:
    """The bare name of a field in minor units takes an amount with its currency, and nothing."""
    assert await found(looking, CAMPAIGNS, "pause", where=where) == 64


@pytest.mark.slow
async def test_what_cost_without_a_sale_is_told(looking: EngineClient) -> None:
    """No limit on a ratio finds what has none, so the plan says how many of these had cost all the same."""
    ask = {"over": "last_month", "bid": "-15%", "where": "acos > 0.9 % and acos < 20 and ctr < 0.9"}
    answer = (await asked(looking, KEYWORDS, "update", **ask)).text
    assert re.search(r"note: of those without acos, \d+ had cost [\d.,]+ USD: ", answer)


@pytest.mark.slow
async def test_archived_is_deleted_only_where_it_is_said(looking: EngineClient) -> None:
    """A condition that names no state, or another one, leaves what is archived as it is."""
    some = "name ~ 'Founders'"
    archived = await found(looking, LINKED, "delete", where=f"{some} and status = ARCHIVED")
    assert archived
    for where in (some, f"{some} and status != ACTIVE"):
        answer = await asked(looking, LINKED, "delete", where=where)
        assert f"not chosen, as they are put away: {archived}: " in answer.text, where


NAMES = [
    "Cafe\u0301 brand",
    "\uff22\uff52\uff41\uff4e\uff44 one",
    "Spring\u00a0brand",
    "Bra\u200bnd two",
    "Spring\u2013brand",
    "plain",
]


@pytest.mark.parametrize("words", [0, 20_000])
@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("name !~ 'brand'", {5}),
        ("name not like '%brand%'", {5}),
        ("name not like '%caf\u00e9%'", {1, 2, 3, 4, 5}),
        ("name != 'Spring brand'", {0, 1, 3, 4, 5}),
        ("name not in ('Brand one', 'Spring-brand')", {0, 2, 3, 5}),
        ("name ~ 'caf\u00e9' or name = '\uff22rand two'", {0, 3}),
    ],
)
def test_letters_that_look_alike_are_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: int, where: str, left: set[int]
) -> None:
    """Accents, widths, spaces and dashes keep nothing out of a name, in memory and in SQL."""
    monkeypatch.setattr("mcp_ads.engine.records.stored.MOST_WORDS", words)
    rows = [{"id": at, "name": name} for at, name in enumerate(NAMES)]
    view = TableView(where=where)
    assert {row["id"] for row in apply(rows, Look(view, {}, ["id", "name"], "")).rows} == left
    shelf = Spool(tmp_path)
    shelf.put("x", lambda: rows, {}, (), {}).close()
    kept = shelf.get("x")
    assert kept
    with kept:
        chosen = kept.table.choose(Look(view, {}, ["id", "name"], ""), 10)
        assert chosen
        assert {row["id"] for row in kept.table.page(chosen.ids)} == left


async def test_a_list_that_says_it_is_partial_selects_nothing(looking: EngineClient) -> None:
    """Amazon leaves keywords out of lists of a whole profile: a campaign is named, or nothing is found."""
    of = (AMAZON, "sponsored_brands_keywords", PROFILE)
    error: AdsError | None = await error_of(asked(looking, of, "update", where="bid > 0.1", state="PAUSED"))
    assert isinstance(error, PlatformDown)
    assert "campaign_id lists those of a campaign" in str(error)
