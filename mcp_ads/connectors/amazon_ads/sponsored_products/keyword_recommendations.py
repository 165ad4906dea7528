"""Keyword recommendations: searches Amazon suggests for an ad group or for products, ranked, with bids.

Source: Amazon's OpenAPI file, getRankedKeywordRecommendation, fifth version. Its bids are in minor units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.every_page import every_page
from mcp_ads.connectors.amazon_ads.types import LIVE_STATES, SHORT, AmazonRead, Id, Json, upper
from mcp_ads.core import POST, Column, Context, Flow, Request, Result, Spend
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.money import parse
from mcp_ads.core.outline import Steps
from mcp_ads.errors import InvalidParams

from .bid_recommendations import Asins, Strategy, groups_of, keyword, known_group, several
from .bids import KeywordsInside
from .rules import alike
from .suggested_bids import NOTHING, USUAL_THEME

MOST_HAD = 10_000
"""Keywords of an ad group that are looked at for whether a suggestion is among them."""
NO_MINOR = ("JPY",)
"""Currencies of marketplaces that have no smaller unit."""
AS_IT_IS = "JPY has no smaller unit: bids are as Amazon answers them, which documents cents only"
LOCALE = r"^[a-z]{2}_[A-Z]{2}$"


def _ranked(given: Any) -> Json:
    """A keyword of the caller's, with the bid it is ranked at, in major units."""
    bid = given.get("bid") if isinstance(given, dict) else None
    amount = None if bid is None else parse(bid)
    if amount is not None and (amount.relative or amount.number <= 0):
        raise ValueError('bid: write "0.75 USD" or 0.75')
    return {**keyword(given), **({"bid": str(amount)} if amount else {})}


class RecommendKeywords(AmazonRead):
    """Suggest searches to bid on for an ad group or for products (asins), best first, with bids.

    A row for each keyword and match type, and for each seasonal theme where `fields` has theme; `have` is the
    id of the one the ad group has already. Amounts are per click, in the profile's currency.
    """

    ad_group_id: Annotated[
        Id | None, Field(description="With asins: the one whose keywords `have` names.")
    ] = None
    campaign_id: Annotated[Id | None, Field(description="The ad group's, which saves a request.")] = None
    asins: Annotated[
        Asins | None, Field(description="Of these, at most 50, in place of those the ad group advertises.")
    ] = None
    keywords: Annotated[
        list[Annotated[Json, BeforeValidator(_ranked)]] | None,
        BeforeValidator(several),
        Field(
            exclude=True,
            max_length=100,
            description='Your own to be ranked among them: {"keyword_text": "towel", "bid": "0.75 USD"}.',
        ),
    ] = None
    max_recommendations: Annotated[int, Field(ge=0, le=200, description="Keywords; 0: only your own.")] = 50
    sort_dimension: Annotated[
        Literal["CLICKS", "CONVERSIONS", "DEFAULT"],
        BeforeValidator(upper),
        Field(description="What they are ranked by."),
    ] = "DEFAULT"
    locale: Annotated[str | None, Field(pattern=LOCALE, description="Also translated, such as en_US.")] = None
    bidding_strategy: Annotated[
        Strategy | None, Field(description="With asins; see bid_recommendations.")
    ] = None

    http, records = (
        vendor(POST, "/sp/targets/keywords/recommendations", "spkeywordsrecommendation.v5"),
        "data",
    )
    aliases = {**SHORT, "max": "max_recommendations", "asin": "asins"}
    sample = {"asins": ["B0ABCD1234"]}
    lean = ("keyword", "matchType", "low", "suggested", "high", "rank", "impressionShare", "have")
    known = (*lean, "impressionRank", "theme", "translation", "selected", "recId")
    alike = {"bid": "suggested", "keywordText": "keyword", "share": "impressionShare", "keywordId": "have"}
    said = "missing keywords, keyword ideas, keyword research, suggested keywords, related keywords"

    @model_validator(mode="after")
    def _of_one_place(self) -> Self:
        if not (self.ad_group_id or self.asins):
            raise ValueError("ad_group_id: give it, or asins, or both")
        if self.campaign_id and not self.ad_group_id:
            raise ValueError("campaign_id: give ad_group_id; words are suggested for one ad group")
        if self.bidding_strategy and not self.asins:
            raise ValueError("bidding_strategy: with asins only; an ad group has its campaign's")
        return self

    def columns(self) -> tuple[str, ...]:
        usual = super().columns()
        return usual if self.ad_group_id or self.fields else tuple(name for name in usual if name != "have")

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(("low", "suggested", "high"), Column("money")) | {
            "impressionShare": Column("percent")
        }

    def flow(self, context: Context) -> Flow:
        kind, place = "KEYWORDS_FOR_ASINS", dict[str, Any](asins=self.asins)
        if self.ad_group_id and not self.asins:
            groups = known_group(self.campaign_id, self.ad_group_id)
            groups = groups or (yield from groups_of(self.profile_id, (), self.ad_group_id))
            ids = {"campaignId": str(groups[self.ad_group_id]["campaignId"]), "adGroupId": self.ad_group_id}
            kind, place = "KEYWORDS_FOR_ADGROUP", ids
        rest = {
            name: value
            for name, value in self.sent().items()
            if name not in ("asins", "adGroupId", "campaignId")
        }
        own = [_sent(word, context.currency) for word in self.keywords or ()]
        body = {"recommendationType": kind, **place, **rest, **({"targets": own} if own else {})}
        answer = yield Request("POST", self.http.path, {}, body, self.to_headers(), "read")
        if isinstance(self, AsSent):
            return Result([*answer["keywordTargetList"]])
        rows = [row for found in answer["keywordTargetList"] for row in _rows(found, context.currency)]
        if "theme" not in self.columns():
            rows = [row for row in rows if row["theme"] == USUAL_THEME]
        warnings = [AS_IT_IS] if rows and context.currency in NO_MINOR else []
        if not rows and self.asins:
            warnings.append(NOTHING)
        if rows and self.ad_group_id and "have" in self.columns():
            warnings += yield from self._had(rows)
        return Result(rows, {"warnings": warnings} if warnings else {})

    def _had(self, rows: list[Json]) -> Steps[list[str]]:
        """Give each row the keyword of the ad group that it is; what there is to say of that."""
        group = {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "state": LIVE_STATES}
        there, _ = yield from every_page(KeywordsInside.model_validate(group), MOST_HAD)
        ids = {(alike(str(one.get("keywordText"))), one.get("matchType")): one["keywordId"] for one in there}
        for row in rows:
            row["have"] = ids.get((alike(str(row["keyword"])), row["matchType"]))
        had = sum(row["have"] is not None for row in rows)
        said = [f"have: the ad group has {had} of these {len(rows)} already"] if had else []
        if len(there) == MOST_HAD:
            said.append(f"have: only the first {MOST_HAD:,} keywords of the ad group were looked at")
        return said


def _sent(word: Mapping[str, str], currency: str) -> Json:
    """A keyword of the caller's as it is sent, its bid in minor units. Raises InvalidParams."""
    sent = {"keyword": word["keyword_text"], "matchType": word["match_type"], "userSelectedKeyword": True}
    if "bid" not in word:
        return sent
    try:
        amount = Spend("bid", "major").settle(parse(word["bid"]), currency, None)
    except ValueError as mistake:
        raise InvalidParams(f"keywords: bid: {mistake}") from None
    return {**sent, "bid": float(amount.number * (1 if currency in NO_MINOR else 100))}


def _rows(found: Mapping[str, Any], currency: str) -> Iterator[Json]:
    """A keyword's match types, each with its range, for every theme."""
    known = {
        "keyword": found.get("keyword"),
        "impressionShare": found.get("searchTermImpressionShare"),
        "impressionRank": found.get("searchTermImpressionRank"),
        "translation": found.get("translation"),
        "selected": found.get("userSelectedKeyword"),
        "recId": found.get("recId"),
    }
    for info in found.get("bidInfo") or [{}]:
        bids = info.get("suggestedBid") or {}
        yield known | {
            "matchType": info.get("matchType"),
            "rank": info.get("rank"),
            "theme": info.get("theme") or USUAL_THEME,
            "low": major(bids.get("rangeStart"), currency),
            "suggested": major(bids.get("rangeMedian"), currency),
            "high": major(bids.get("rangeEnd"), currency),
        }


def major(minor: Any, currency: str) -> float | None:
    """An amount of this call in major units: it counts in cents."""
    if not isinstance(minor, int | float):
        return None
    return float(Decimal(str(minor)) / (1 if currency in NO_MINOR else 100))
