"""How people first ask over all accounts: days to come, a platform's name, a name for an id, no result."""

from __future__ import annotations

import re

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.core import describe
from mcp_ads.errors import InvalidParams, UnknownAction

pytestmark = pytest.mark.anyio

COME = "2027-01-01..2127-01-31"


@pytest.mark.parametrize(
    ("connector", "entity", "action", "params"),
    [
        ("ads", "performance", "list", {"range": COME}),
        ("ads", "search_terms", "harvest", {"range": COME}),
        ("ads", "performance", "list", {"time_range": "2026-01-01..2127-01-31"}),
        (FACEBOOK, "ads_insights", "list", {"account_id": US, "range": COME}),
        (FACEBOOK, "activities", "list", {"account_id": US, "time_range": COME}),
        (LINKEDIN, "analytics", "list", {"account_id": LINKEDIN_US, "pivot": "ACCOUNT", "date_range": COME}),
        (AMAZON, "reports", "run", {"profile_id": PROFILE, "report_type": "spCampaigns", "range": COME}),
        (AMAZON, "reports", "run", {"accounts": "all", "report_type": "spCampaigns", "date_preset": COME}),
    ],
)
async def test_days_to_come_are_refused(
    looking: EngineClient, connector: str, entity: str, action: str, params: dict[str, str]
) -> None:
    """On every platform alike, under the name that was written, instead of an answer without rows."""
    name = next(name for name in params if "range" in name or "date" in name)
    with pytest.raises(InvalidParams, match=rf"^{name}: 2127-01-31 is after today \(\d{{4}}-\d\d-\d\d\)"):
        await looking.do(connector, entity, action, **params)
    assert not any("insights" in path or "reporting" in path for path in looking.sent())


@pytest.mark.parametrize("word", ["foo", "2026-11-01"])
async def test_from_without_a_result(looking: EngineClient, word: str) -> None:
    """It is said of `from` what it takes, and nothing of the range beside it."""
    with pytest.raises(InvalidParams, match=rf"^from: '{word}' is no result; write r_…") as refused:
        await looking.do("ads", "performance", "list", **{"from": word}, range="last_week")
    assert len(refused.value.lines) == 1
    if not word[0].isdigit():
        with pytest.raises(InvalidParams, match=r"^from: 'foo' is no result"):
            await looking.do("ads", "performance", "list", **{"from": word})


async def test_a_platform_is_all_its_accounts(looking: EngineClient) -> None:
    """As accounts; as a parameter of its own it is told where it goes."""
    answer = await looking.do("ads", "performance", "list", level="account", accounts="meta", range="last_7d")
    assert {row["account"] for row in answer.data} == {US, JAPAN}
    with pytest.raises(InvalidParams, match='platform: write accounts: "facebook", or where'):
        await looking.do("ads", "performance", "list", platform="facebook")


async def test_a_name_is_answered_with_ids(looking: EngineClient) -> None:
    """Of the accounts that are called so, in every platform's spelling of it; else of those like it."""
    same = rf"by that name there is facebook:{US}, linkedin:{LINKEDIN_US}$"
    with pytest.raises(InvalidParams, match=same):
        await looking.do("ads", "performance", "list", accounts="Tern & Tide US")
    with pytest.raises(InvalidParams, match=f"facebook:{US}, facebook:{JAPAN}$"):
        await looking.do(FACEBOOK, "campaigns", "list", accounts="tide")


@pytest.mark.parametrize(
    ("connector", "entity", "action", "params", "basis", "provisional"),
    [
        (LINKEDIN, "analytics", "list", {"pivot": "ACCOUNT"}, "li: 30d click + 7d view", ""),
        (AMAZON, "reports", "run", {"report_type": "spCampaigns"}, "az: 7d click", "purchases7d"),
    ],
)
async def test_all_accounts_say_by_what_conversions_count(
    looking: EngineClient,
    connector: str,
    entity: str,
    action: str,
    params: dict[str, str],
    basis: str,
    provisional: str,
) -> None:
    """As the answer of one account does, also when it is looked at again."""
    asked = {**params, "accounts": "all", "time_range": "last_7d", "top": 1}
    answer = await looking.do(connector, entity, action, **asked)
    again = await looking.do(connector, entity, action, **{"from": answer.meta["result"]})
    for meta in (answer.meta, again.meta):
        assert meta["basis"].startswith(basis)
        assert provisional in meta.get("provisional_from", "")


async def test_the_numbers_of_dbt_say_how_they_differ(looking: EngineClient) -> None:
    """Its currency, its clicks and its ROAS are others, which nobody sees in the columns."""
    answer = await looking.do(
        "ads", "performance", "list", level="account", range="last_7d", conversions="dbt",
        accounts=f"{US},{LINKEDIN_US}",
    )  # fmt: skip
    assert "spend in USD" in answer.meta["basis"]["li"]
    assert "link clicks" in answer.meta["basis"]["fb"]


async def test_levels_in_words_of_other_platforms(looking: EngineClient) -> None:
    """Amazon's ad group is Meta's ad set."""
    answer = await looking.do(FACEBOOK, "ads_insights", "list", account_id=US, level="ad_group", limit=1)
    assert "adset_id" in answer.columns


async def test_who_asks_for_what_is_not_there_is_told_of_all_that_have_it(looking: EngineClient) -> None:
    """Also of Amazon, whose campaigns have the product before them, and of the questions over all."""
    with pytest.raises(UnknownAction, match="amazon_ads_execute has sponsored_product_campaigns"):
        await looking.do("ads", "campaigns", "pause")
    with pytest.raises(UnknownAction, match="there are ads, facebook_marketing, linkedin_ads, amazon_ads"):
        await looking.do("foo", "campaigns", "list")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("connector", "entity", "action"),
    [
        ("ads", "performance", "list"), ("ads", "accounts", "list"), (FACEBOOK, "campaigns", "list"),
        (FACEBOOK, "activities", "list"), (LINKEDIN, "campaigns", "list"),
        (AMAZON, "sponsored_product_keywords", "list"), (AMAZON, "invoices", "list"),
    ],
)  # fmt: skip
async def test_what_a_description_shows_works(
    looking: EngineClient, connector: str, entity: str, action: str
) -> None:
    """Its condition, order and groups are in columns that the list has."""
    kind = looking.workspace.offer(connector).action(entity, action)
    page, sample = describe.page(connector, entity, action, kind), {**kind.sample}
    for word, param in (("account_id", {"account_id": US}), ("profile_id", {"profile_id": PROFILE})):
        known = {"account_id": LINKEDIN_US} if connector == LINKEDIN and word == "account_id" else param
        sample |= known if word in kind.model_fields and kind.model_fields[word].is_required() else {}
    shown = dict(re.findall(r'^- (where|sort|group_by) \(.*?\): .*?"(.+?)"[;:]', page, re.MULTILINE))
    assert shown.keys() == {"where", "sort", "group_by"}
    for name, value in shown.items():
        await looking.do(connector, entity, action, **sample, **{name: value})
