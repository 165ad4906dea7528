"""Amazon Ads: every entity there is to be; each action told, witnessed, answered, and in a journey."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_client import AMAZON
from naming_actions import unnamed, untold, unwitnessed
from shell import Shell
from wire_cases import CASES

from mcp_ads.connectors import connector
from mcp_ads.sandbox.amazon_ads.routes import OPERATIONS

TESTS = Path(__file__).parent
KEPT = "list get create update"
SWITCHED = f"{KEPT} pause activate delete"
READ = "create get download run"
PRODUCTS = "sponsored_product_"
WHOLE = {
    "profiles": "list get",
    "manager_accounts": "list",
    "ads_accounts": "list",
    "portfolios": f"{KEPT} usage",
    f"{PRODUCTS}campaigns": f"{SWITCHED} budget_usage budget_recommendations",
    f"{PRODUCTS}ad_groups": SWITCHED,
    f"{PRODUCTS}product_ads": SWITCHED,
    f"{PRODUCTS}keywords": f"{SWITCHED} recommendations bid_recommendations",
    f"{PRODUCTS}targets": f"{SWITCHED} bid_recommendations",
    f"{PRODUCTS}negative_keywords": f"{KEPT} delete",
    f"{PRODUCTS}negative_targets": f"{KEPT} delete",
    f"{PRODUCTS}campaign_negative_keywords": f"{KEPT} delete",
    f"{PRODUCTS}campaign_negative_targets": f"{KEPT} delete",
    f"{PRODUCTS}budget_rules": f"{KEPT} pause activate attach detach recommendations",
    f"{PRODUCTS}target_categories": "list",
    f"{PRODUCTS}product_recommendations": "list",
    "sponsored_brands_keywords": f"{KEPT} delete",
    "sponsored_brands_negative_keywords": f"{KEPT} delete",
    "sponsored_brands_campaigns": SWITCHED,
    "sponsored_brands_ad_groups": SWITCHED,
    "sponsored_brands_ads": f"{KEPT} delete",
    "sponsored_brands_creatives": "list create",
    "brands": "list",
    "stores": "list",
    "assets": "list",
    "sponsored_brands_targets": f"{KEPT} delete",
    "sponsored_brands_negative_targets": f"{KEPT} delete",
    "sponsored_brands_themes": f"{KEPT} delete",
    "sponsored_display_targets": SWITCHED,
    "sponsored_display_negative_targets": f"{KEPT} delete",
    "sponsored_display_creatives": KEPT,
    "dsp_advertisers": "list",
    "sponsored_tv_campaigns": SWITCHED,
    "sponsored_tv_ad_groups": SWITCHED,
    "sponsored_tv_ads": SWITCHED,
    "sponsored_tv_targets": SWITCHED,
    "sponsored_tv_creatives": KEPT,
    "reports": f"types {READ} cancel",
    "exports": READ,
    "change_history": "list",
    "product_metadata": "list",
    "product_eligibility": "list",
    "audiences": "list",
    "moderation_results": "list",
    "invoices": "list get",
    "test_accounts": "create get",
    "api": "get post put delete",
}
"""What there is to be, by entity."""
ACTIONS = [(entity, action) for entity, actions in WHOLE.items() for action in actions.split()]
RAW = "api"


@pytest.mark.slow
def test_every_action_is_told(shell: Shell) -> None:
    """`mcp-ads describe amazon-ads --json` lists all of them, each with its parameters."""
    assert untold(shell, AMAZON, ACTIONS) == []


@pytest.mark.parametrize("entity", WHOLE)
def test_every_action_is_witnessed(entity: str) -> None:
    """A wire case with its source, and a reviewed schema; `enable` is understood where there is activate."""
    cases, kept = unwitnessed(AMAZON, entity, WHOLE[entity].split())
    assert cases <= {"types"}, "only what is told offline needs none"
    assert kept == set()
    sources = [case["source"] for name, case in CASES if name == AMAZON and case["entity"] == entity]
    assert all(sources)
    meant = connector(AMAZON).meant(entity, "enable", {})
    assert meant == ("activate" if "activate" in WHOLE[entity] else "enable")


@pytest.mark.slow
def test_every_action_is_in_a_journey() -> None:
    """Some test, or a table of one, names each action together with its entity."""
    assert unnamed("amazon", ACTIONS) == []


def test_the_sandbox_answers_every_request() -> None:
    """Each witnessed request has an operation there, with the media types it is sent with."""
    asked = 0
    for case in (case for name, case in CASES if name == AMAZON and case["entity"] != RAW):
        path, method = case["url"].partition("?")[0], case["method"]
        found = next((it for it in OPERATIONS if it.method == method and it.pattern.fullmatch(path)), None)
        assert found, f"{case['entity']}.{case['action']}: nothing there for {method} {path}"
        takes = found.takes.lower().split()
        sent = case["headers"].get("Content-Type", "").lower()
        assert not sent or sent in takes or (found.plain and sent == "application/json"), path
        asked += 1
    assert asked > len(WHOLE)
