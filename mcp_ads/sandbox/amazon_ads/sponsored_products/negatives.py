"""Negative targets, and what a profile negates from the beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.amazon_ads.catalogue import RIVALS
from mcp_ads.sandbox.amazon_ads.errors import Problem
from mcp_ads.sandbox.amazon_ads.resources import Draft
from mcp_ads.sandbox.store import Store

VALUES = {"ASIN_SAME_AS": r"[A-Z0-9]{10}", "ASIN_BRAND_SAME_AS": r"[0-9]{1,20}"}


def product(draft: Draft) -> Iterator[Problem]:
    """One product or brand, written as Amazon's catalogue does."""
    for predicate in draft.item.get("expression", ()):
        if not re.fullmatch(VALUES[predicate["type"]], predicate.get("value", "")):
            reason, text = "TARGETING_EXPRESSION_INVALID_VALUE", "no such product or brand"
            yield draft.problem(
                "targetingClauseSetupError", reason, text, "expression", predicate.get("value")
            )


def automatic(draft: Draft) -> Iterator[Problem]:
    """A seller negates products for a whole campaign only where that targets by itself."""
    campaign = draft.parent("campaignId") or {}
    seller = draft.call.profile["accountInfo"]["type"] == "seller"
    if not draft.old and seller and campaign.get("targetingType") == "MANUAL":
        reason, text = "PARENT_ENTITY_FORBIDS_CREATION", "the campaign is MANUAL: negate it in its ad groups"
        yield draft.problem("entityStateError", reason, text, "campaignId", draft.item["campaignId"])


def resolved(draft: Draft) -> Body:
    """A target knows what its expression stands for."""
    return {**draft.new, "resolvedExpression": draft.new["expression"]}


def fill(store: Store, profile: Body) -> None:
    """A text that the first campaign negates, and two products that the first automatic one does."""
    owner = str(profile["profileId"])
    groups = store.owned("amazon.adGroups", "_profile", owner)
    auto = next(group for group in groups if group["_targetingType"] == "AUTO")
    text = {"keywordText": "refurbished", "matchType": "NEGATIVE_PHRASE"}
    _put(store, groups[0], "campaignNegativeKeywords", 8, text, "campaignId")
    _put(store, auto, "negativeTargetingClauses", 9, _of(RIVALS[0]), "campaignId", "adGroupId")
    _put(store, auto, "campaignNegativeTargetingClauses", 9, _of(RIVALS[1]), "campaignId")


def _of(asin: str) -> Body:
    expression = [{"type": "ASIN_SAME_AS", "value": asin}]
    return {"expression": expression, "resolvedExpression": expression}


def _put(store: Store, group: Body, kind: str, digit: int, body: Body, *places: str) -> None:
    new = f"{int(group['_profile'][0]) - 2}{digit}{len(places):013d}"
    notes = {name: group[name] for name in ("_profile", "_created", "_updated", *places)}
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).upper().removesuffix("S")
    own = {"keywordId" if "Keyword" in kind else "targetId": new, "state": "ENABLED", "_noun": noun}
    store.put(f"amazon.{kind}", new, {**own, **notes, **body})
