"""Search terms beside what is off, and beside their own plurals: no seller is hidden, and none is negated."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from engine_client import AMAZON, EngineClient
from terms_by_hand import Did, account, kept
from terms_truth import days_of, exact, terms

from mcp_ads.across.judging import NO_BID, Harvest, Negate
from mcp_ads.across.terms import Left
from mcp_ads.connectors.amazon_ads import amazon_ads

GERMANY = "4412345678901234"
SELLS = Did("blue hat", "g5", 100, "10", 20, "200")


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("off", ["campaign", "ad group", "ended"])
async def test_a_keyword_that_is_off_hides_no_seller(engine_client: EngineClient, off: str) -> None:
    """Itself it is switched on, in a campaign or an ad group that is not, or that has ended."""
    await engine_client.do(AMAZON, "profiles", "list")
    store = engine_client.store
    known, there = terms(store, GERMANY), exact(store, GERMANY)
    term = next(term for term in there if known[term].groups.keys() - there[term])
    for group_id in there[term]:
        group = store.get("amazon.adGroups", group_id) or {}
        campaign = store.get("amazon.campaigns", group["campaignId"]) or {}
        if off == "ad group":
            store.put("amazon.adGroups", group_id, group | {"state": "PAUSED"})
        else:
            last = days_of(store, GERMANY)[0] - timedelta(days=3)
            over = {"state": "PAUSED"} if off == "campaign" else {"endDate": f"{last}"}
            store.put("amazon.campaigns", campaign["campaignId"], campaign | over)
    params = {"accounts": f"amazon:{GERMANY}", "where": f"term = '{term}'", "min_orders": 1}
    answer = await engine_client.table("ads", "search_terms", "harvest", **params)
    assert [row["term"] for row in answer.rows] == [term]
    assert answer.rows[0]["ad_group"] not in there[term]


@pytest.mark.slow
@pytest.mark.anyio
async def test_an_automatic_ad_group_is_refused_once(engine_client: EngineClient) -> None:
    """What is to go into it cannot, and the answer gives each reason one time. Negatives are of days whose
    orders have come.
    """
    await engine_client.do(AMAZON, "profiles", "list")
    store, japan = engine_client.store, "5512345678901234"
    auto = next(
        group["adGroupId"]
        for group in store.all("amazon.adGroups")
        if group["_profile"] == japan
        if (store.get("amazon.campaigns", group["campaignId"]) or {})["targetingType"] == "AUTO"
    )
    params = {"accounts": f"amazon:{japan}", "into": auto, "propose": True}
    answer = await engine_client.table("ads", "search_terms", "harvest", **params)
    for what in ("keywords", "product targets"):
        assert answer.meta["not_planned"].count(f"{what} need a MANUAL campaign") == 1
    settled = await engine_client.table("ads", "search_terms", "negatives", accounts=f"amazon:{japan}")
    today = days_of(store, japan)[0] + timedelta(days=1)
    first, last = (today - timedelta(days=back) for back in (37, 8))
    assert settled.meta["range"].startswith(f"{first}..{last}")


def harvested(*rows: Did, stands: Any = ()) -> tuple[list[str], list[str]]:
    """What is to be added, and what is said of what is left out."""
    left = Left()
    found = [*Harvest(2, None).found(account("USD", *rows, stands=stands), left)]
    return [one.term.text for one in found], left.said


def negated(*rows: Did, stands: Any = (), on: dict[str, set[str]] | None = None) -> tuple[list[Any], Any]:
    """What is to be negated, where and why; and what is said of what is left out."""
    of, left = account("USD", SELLS, *rows, stands=stands), Left()
    of.of(amazon_ads.search_terms.products[0]).on = on or {}  # type: ignore[union-attr]
    found = [*Negate(10, Decimal(2), None).found(of, left)]
    return [(one.term.text, one.place.ad_group, one.why) for one in found], left.said


BAD = Did("red shoe", "g1", 90, "50", 0, "0")
COST = [("red shoe", "g1", "90 clicks > 19.0")]


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (
            Did("red shoes", "g1", 10, "5", 9, "90"),
            (
                "1 whose singular or plural sells, and would be negated too, 50.00 USD spent there: "
                '"red shoe" in g1: "red shoes" in g1'
            ),
        ),
        (Did("shoes red", "g1", 10, "5", 9, "90"), ""),
        (
            kept("k1", "shoes red", "broad"),
            '1 keywords themselves: change the bid: "red shoe" in g1 (BROAD k1)',
        ),
        (
            kept("k1", "red shoes", "phrase"),
            '1 keywords themselves: change the bid: "red shoe" in g1 (PHRASE k1)',
        ),
        (kept("k1", "red shoe", "phrase", "g9"), ""),
        (kept("k1", "shoe red", "phrase"), ""),
        (kept("k1", "red shoe", "phrase", enabled=False), ""),
        (kept("n1", "red shoes", "exact"), '1 negated already: "red shoe" in g1 (n1)'),
    ],
)
def test_what_a_negative_would_keep_from_more_is_left_out(beside: Any, said: str) -> None:
    """Its plural sells, or it is what was bid for: that is named, and nothing is negated."""
    rows, stands = ((BAD, beside), ()) if isinstance(beside, Did) else ((BAD,), (beside,))
    found, left = negated(*rows, stands=stands)
    assert left == ([said] if said else [])
    assert [term for term, *_ in found] == ([] if said else ["red shoe"])


def test_negatives_go_where_the_clicks_were_wasted() -> None:
    """Not into an ad group with one click, nor into what is off; all together few, where most were."""
    one = Did("red shoe", "g2", 1, "1", 0, "0")
    found, left = negated(BAD, one)
    assert [place for _, place, _ in found] == ["g1"]
    assert left == ["1 in ad groups with few clicks of it"]
    few = [Did("red shoe", f"g{at}", at + 4, "1", 0, "0") for at in range(1, 5)]
    assert [place for _, place, _ in negated(*few)[0]] == ["g4"]
    assert negated(BAD, on={"campaign": {"c5"}}) == (
        [],
        ['1 in campaigns or ad groups that are off: "red shoe" in g1'],
    )


def test_plurals_of_exact_keywords_are_no_new_ones() -> None:
    """They are named with it; of two that are close the better one goes in; those that bid come first."""
    red, reds = Did("red shoe", "g1", 40, "4", 4, "40"), Did("red shoes", "g1", 40, "4", 9, "90")
    assert harvested(red, stands=(kept("k1", "red shoes", "exact", "g9"),)) == (
        [],
        ['1 close to what is exact already: "red shoe" to "red shoes" in g9 (k1)'],
    )
    assert harvested(red, reds) == (
        ["red shoes"],
        ['1 close to a row that sold more: "red shoe" to "red shoes"'],
    )
    idle = (kept("k1", "red shoe", "exact", enabled=False), kept("k2", "blue hat", "exact"))
    found, left = harvested(red, SELLS, stands=idle)
    assert not found
    assert left == ['2 exact already: "blue hat" in g1 (k2), "red shoe" in g1 (k1, PAUSED)']


@pytest.mark.parametrize(
    ("one", "other"),
    [("cookie", "cookies"), ("battery", "batteries"), ("dress", "dresses"), ("box", "boxes"),
     ("house", "houses"), ("shoe", "shoes"), ("lens", "lenses"), ("potato", "potatoes"), ("café", "cafés")],
)  # fmt: skip
def test_simple_plurals_are_one(one: str, other: str) -> None:
    """And what only looks alike is not."""
    told = amazon_ads.search_terms
    assert told
    assert told.close(f"red {one}") == told.close(f"red {other}")
    assert (
        len({told.close(text) for text in ("cap", "cape", "glass", "gas", "car", "care", "bus", "tie")}) == 8
    )


def test_what_was_not_clicked_has_no_bid() -> None:
    """Orders after views say nothing of what a click costs: the ad group's bid counts, where it has one."""
    of, seen = account("USD"), Did("red hat", "g1", 0, "0", 4, "40").row
    for product in ("SP", "SB"):
        of.add({**seen, "ad_product": product})
    found = [*Harvest(2, None).found(of, Left())]
    assert [(one.bid, one.held) for one in found] == [(None, ""), (None, NO_BID)]
    assert "bid" not in found[0].item("PAUSED")
