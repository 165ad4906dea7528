"""Bid recommendations: what Amazon suggests to bid, one family of targeting in a request.

Source: Amazon's OpenAPI file, GetThemeBasedBidRecommendationForAdGroup_v1. A mixed list is refused whole
(422), so it is split, and put together again in the order it was asked in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.every_page import every_page
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.types import MOST_IDS, AmazonRead, Asin, Id, Json, upper
from mcp_ads.core import POST, Column, Context, Flow, Request
from mcp_ads.core.gaps import Gap
from mcp_ads.core.outline import Steps
from mcp_ads.errors import ApiError, NotFound

from . import rules
from .bids import AdGroupsAbove, KeywordsInside, TargetsInside
from .expressions import Parts, asked, said
from .suggested_bids import Told, Wanted

MOST, MOST_ASINS = 100, 50
"""Expressions of one request; products of a new ad group."""
MOST_READ = 500
"""Keywords or targets of an ad group that are looked at: this call is throttled hardest."""
KEYWORD_TYPES = {match: f"KEYWORD_{match}_MATCH" for match in ("EXACT", "PHRASE", "BROAD")}
TARGET_TYPES = {
    "ASIN_SAME_AS": "PAT_ASIN",
    "ASIN_CATEGORY_SAME_AS": "PAT_CATEGORY",
    "KEYWORD_GROUP_SAME_AS": "KEYWORD_GROUP",
    "QUERY_HIGH_REL_MATCHES": "CLOSE_MATCH",
    "QUERY_BROAD_REL_MATCHES": "LOOSE_MATCH",
    "ASIN_SUBSTITUTE_RELATED": "SUBSTITUTES",
    "ASIN_ACCESSORY_RELATED": "COMPLEMENTS",
}
"""What this call names the predicates of targets; it knows no others."""
AMOUNTS = ("low", "suggested", "high", "bid")
Asins = Annotated[list[Asin], BeforeValidator(listed), Field(min_length=1, max_length=MOST_ASINS)]
Ids = Annotated[list[Id], BeforeValidator(listed), Field(min_length=1, max_length=MOST_IDS)]
Strategy = Annotated[
    Literal["LEGACY_FOR_SALES", "AUTO_FOR_SALES", "MANUAL", "RULE_BASED"],
    BeforeValidator(upper),
    Field(description="Of the new ad group's campaign: down only, up and down, fixed."),
]


class BidRead(AmazonRead):
    """Suggested bids for what is there, or for what may be made; `records` are the rows of the result."""

    ad_group_id: Annotated[Id | None, Field(description="Of what is there, or to be added there.")] = None
    campaign_id: Annotated[Id | None, Field(description="The ad group's, which saves a request.")] = None
    asins: Annotated[Asins | None, Field(description="Of an ad group that is not there yet.")] = None
    strategy: Strategy = "LEGACY_FOR_SALES"

    http, records = (
        vendor(POST, "/sp/targets/bid/recommendations", "spthemebasedbidrecommendation.v5"),
        "data",
    )
    own_id: ClassVar[str]
    said = "suggested bid, recommended bid, bid range, what to bid, what should I bid, bid too low"

    @model_validator(mode="after")
    def _of_one_place(self) -> Self:
        ids, given = self.ids(), self.given()
        if sum(map(bool, (self.ad_group_id, self.asins, ids))) != 1:
            raise ValueError(f"ad_group_id: give it, or {self.own_id}, or asins of a new ad group")
        if (self.asins and not given) or (ids and given):
            raise ValueError(f"asins: {self.what} go with asins or ad_group_id")
        if self.campaign_id and not self.ad_group_id:
            raise ValueError("campaign_id: give ad_group_id; bids are suggested for one ad group")
        return self

    what: ClassVar[str]
    there: ClassVar[type[KeywordsInside | TargetsInside]]

    def ids(self) -> list[str]:
        """The keywords or targets that are asked about."""
        return getattr(self, self.own_id) or []

    def given(self) -> Sequence[Wanted]:
        """What is asked about that need not be there."""
        raise AssertionError("each entity says it")

    def wanted(self, index: int, record: Mapping[str, Any]) -> Wanted:  # noqa: ARG002
        """A keyword or target that is there."""
        raise AssertionError("each entity says it")

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(AMOUNTS, Column("money"))

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - amounts are in major units
        things = list(self.given()) or (yield from self._there())
        groups = known_group(self.campaign_id, self.ad_group_id) if self.given() else {}
        groups = groups or (yield from groups_of(self.profile_id, things, self.ad_group_id))
        told = Told(groups)
        for request, part in self._requests(things, groups):
            try:
                told.heard((yield request), part)
            except ApiError as error:
                told.refused(error, part)
        result, found = told.result(things), {str(one.record.get(to_camel(self.own_id))) for one in things}
        notes = [f"{self.own_id}: no {one}" for one in self.ids() if one not in found]
        if len(found) == MOST_READ:
            notes.append(Gap(f"only the first {MOST_READ} of the ad group were asked about"))
        result.meta["warnings"] = [*result.meta.get("warnings", []), *notes]
        return result

    def _there(self) -> Steps[list[Wanted]]:
        """The keywords or targets of an ad group, or those of these ids."""
        named = {self.own_id: self.ids()} if self.ids() else {"ad_group_id": [self.ad_group_id]}
        states = {"state": ["ENABLED", "PAUSED"]} if self.ad_group_id else {}
        read = self.there.model_validate({"profile_id": self.profile_id, **named, **states})
        records, _ = yield from every_page(read, MOST_READ)
        if not records:
            raise NotFound(f"no {self.what} there: {self.ad_group_id or ', '.join(self.ids()[:5])}")
        return [self.wanted(index, record) for index, record in enumerate(records)]

    def _requests(
        self, asked: Sequence[Wanted], groups: Mapping[str, Json]
    ) -> Iterator[tuple[Request, Sequence[Wanted]]]:
        """A request for each family of each ad group, of at most so many expressions."""
        parts: dict[tuple[str, str], list[Wanted]] = {}
        for one in asked:
            if one.kind:
                group = str(one.record.get("adGroupId") or self.ad_group_id or "")
                parts.setdefault((group, one.family), []).append(one)
        for (group, _), some in parts.items():
            for first in range(0, len(some), MOST):
                part = some[first : first + MOST]
                body = self._place(groups.get(group, {})) | {
                    "targetingExpressions": [one.sent() for one in part]
                }
                yield Request("POST", self.http.path, {}, body, self.to_headers(), "read"), part

    def _place(self, group: Mapping[str, Any]) -> Json:
        if self.asins:
            place = {"asins": self.asins, "bidding": {"strategy": self.strategy}}
            return {"recommendationType": "BIDS_FOR_NEW_AD_GROUP", **place}
        ids = {name: str(group[name]) for name in ("campaignId", "adGroupId")}
        return {"recommendationType": "BIDS_FOR_EXISTING_AD_GROUP", **ids}


def known_group(campaign_id: str | None, ad_group_id: str | None) -> dict[str, Json]:
    """The ad group that a call names together with its campaign, so that nobody has to read it."""
    if not (campaign_id and ad_group_id):
        return {}
    return {ad_group_id: {"campaignId": campaign_id, "adGroupId": ad_group_id}}


def groups_of(profile_id: str, asked: Iterable[Wanted], also: str | None) -> Steps[dict[str, Json]]:
    """The ad groups that things are in, by id. Raises NotFound for one that is not there."""
    ids = list(dict.fromkeys(str(one.record["adGroupId"]) for one in asked if one.record))
    ids = [also] if also else ids
    groups: dict[str, Json] = {}
    for first in range(0, len(ids), MOST_IDS):
        some = {"profile_id": profile_id, "ad_group_id": ids[first : first + MOST_IDS]}
        records, _ = yield from every_page(AdGroupsAbove.model_validate(some), MOST_READ)
        groups |= {str(record["adGroupId"]): record for record in records}
    if lost := [one for one in ids if one not in groups]:
        raise NotFound(f"ad_group_id: no ad group {lost[0]}, or the profile does not own it")
    return groups


def several(value: Any) -> Any:
    """One thing is a list of it; a list of one object is no filter."""
    return value if isinstance(value, list) else [value]


def keyword(given: Any) -> Json:
    """A text, or a text with its match type, under our names."""
    known = given if isinstance(given, dict) else {"keyword_text": given, "match_type": "EXACT"}
    text = next((known[name] for name in ("keyword_text", "keywordText", "keyword") if name in known), None)
    match = str(known.get("match_type") or known.get("matchType") or "EXACT").upper()
    if not isinstance(text, str) or not text or match not in KEYWORD_TYPES:
        raise ValueError('write "beach towel", or {"keyword_text": "beach towel", "match_type": "PHRASE"}')
    if wrong := list(rules.keyword_text(text)):
        raise ValueError(wrong[0])
    return {"keyword_text": text, "match_type": match}


class KeywordBids(BidRead):
    """Read what Amazon suggests to bid: for an ad group's keywords, for some of them, or for other texts.

    Amounts per click in the profile's currency: low, suggested, high, with the bid each has now.
    """

    keyword_id: Annotated[Ids | None, Field(description="Keywords that are there, of any ad group.")] = None
    keywords: Annotated[
        list[Annotated[Json, BeforeValidator(keyword)]] | None,
        BeforeValidator(several),
        Field(min_length=1, max_length=MOST_READ, description='Others: "beach towel", or with match_type.'),
    ] = None

    sample = {"ad_group_id": "130000000000001"}
    own_id, what, there = "keyword_id", "keywords", KeywordsInside
    lean = ("targeting", "low", "suggested", "high", "bid", "theme", "keywordId")
    known = (*lean, "matchType", "keywordText", "state", "adGroupId", "campaignId", "impressionsLow",
             "impressionsHigh")  # fmt: skip

    def given(self) -> Sequence[Wanted]:
        return [
            self.wanted_of(at, word["keyword_text"], word["match_type"])
            for at, word in enumerate(self.keywords or ())
        ]

    def wanted(self, index: int, record: Mapping[str, Any]) -> Wanted:
        return self.wanted_of(index, str(record.get("keywordText")), str(record.get("matchType")), record)

    @staticmethod
    def wanted_of(index: int, text: str, match: str, record: Mapping[str, Any] | None = None) -> Wanted:
        return Wanted(index, KEYWORD_TYPES.get(match, ""), text, f"{text} ({match})", record or {})


class TargetBids(BidRead):
    """Read what Amazon suggests to bid: for an ad group's targets, for some of them, or for others.

    Amounts per click in the profile's currency: low, suggested, high, with the bid each has now.
    """

    target_id: Annotated[Ids | None, Field(description="Targets that are there, of any ad group.")] = None
    expressions: Annotated[
        list[Annotated[Parts, BeforeValidator(asked)]] | None,
        BeforeValidator(several),
        Field(
            min_length=1,
            max_length=MOST_READ,
            description='Others: "B0ABCD1234", "category 11056341", "close match", or Amazon\'s own.',
        ),
    ] = None

    sample = {"ad_group_id": "130000000000001"}
    own_id, what, there = "target_id", "expressions", TargetsInside
    lean = ("targeting", "low", "suggested", "high", "bid", "theme", "targetId")
    known = (*lean, "expression", "expressionType", "state", "adGroupId", "campaignId", "impressionsLow",
             "impressionsHigh")  # fmt: skip

    def given(self) -> Sequence[Wanted]:
        return [self.wanted(at, {"expression": parts}) for at, parts in enumerate(self.expressions or ())]

    def wanted(self, index: int, record: Mapping[str, Any]) -> Wanted:
        parts = record.get("expression") or []
        kind = TARGET_TYPES.get(str(parts[0].get("type")), "") if len(parts) == 1 else ""
        value = str(parts[0].get("value") or "") if parts else ""
        words = said(parts, record.get("resolvedExpression"))
        return Wanted(index, kind, value, words, record if "targetId" in record else {})
