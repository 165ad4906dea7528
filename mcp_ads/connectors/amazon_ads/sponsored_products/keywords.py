"""Sponsored Products keywords: search terms an ad group bids on."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import TEXT_FILTER, listed
from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, OF_KEYWORDS, SERVING
from mcp_ads.connectors.amazon_ads.record_names import KEYWORD as KNOWN
from mcp_ads.connectors.amazon_ads.types import (
    CAMPAIGN,
    AdGroupIds,
    Bid,
    CampaignIds,
    IncludeIds,
    IncludeText,
    ObjectId,
    OneOrMore,
    State,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Entity

from . import rules
from .base import SpArchive, SpWrite, routes

ROUTES = routes("keywords", "spKeyword")
LEAN = ("keywordId", "keywordText", "matchType", "state", SERVING, "bid", "adGroupId", "campaignId")
MORE = (*LEAN, "nativeLanguageKeyword", "nativeLanguageLocale", *DETAILS)
MatchType = Annotated[Literal["BROAD", "EXACT", "PHRASE"], BeforeValidator(upper)]
Text = Annotated[
    str, Field(min_length=1, examples=["running shoes"], description="At most 10 words, 80 characters.")
]


class ListKeywords(SpList):
    """List Sponsored Products keywords, of some campaigns or ad groups or all."""

    keyword_id: Annotated[IncludeIds | None, Field(alias="keywordIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    keyword_text: Annotated[IncludeText | None, Field(alias="keywordTextFilter", description=TEXT_FILTER)] = (
        None
    )
    match_type: Annotated[
        list[MatchType] | None, BeforeValidator(listed), Field(alias="matchTypeFilter", min_length=1)
    ] = None
    locale: Annotated[str | None, Field(description="Of the native-language keyword, such as es_MX.")] = None

    http, records, lean = ROUTES.list, "keywords", LEAN
    known, alike = KNOWN, OF_KEYWORDS


class GetKeyword(SpGet):
    """Read one Sponsored Products keyword, or several with a list of ids."""

    keyword_id: Annotated[OneOrMore, Field(alias="keywordIdFilter", examples=["123456789012345"])]

    http, records, lean, subject = ROUTES.list, "keywords", MORE, "keyword_id"
    known, alike = KNOWN, OF_KEYWORDS
    strangers = (
        "in reports, keywordId of a row whose matchType begins with TARGETING_EXPRESSION is a target's, of "
        "automatic or product targeting: no keyword has that id"
    )


class CreateKeyword(SpWrite):
    """Add a keyword to an ad group of a MANUAL campaign. It starts PAUSED."""

    campaign_id: ObjectId
    ad_group_id: ObjectId
    keyword_text: Text
    match_type: Annotated[MatchType, Field(examples=["EXACT"])]
    bid: Annotated[Bid, Field(description='"0.75 USD"; without it the ad group\'s default bid.')] = None
    state: State = "PAUSED"
    native_language_keyword: str | None = None
    native_language_locale: str | None = None

    http, does, key, new_id_at, name_at = ROUTES.create, "makes", "keywords", "keywordId", "keywordText"
    found_by = ("ad_group_id", "keyword_text")
    parents = {"campaign_id": "sponsored_product_campaigns", "ad_group_id": "sponsored_product_ad_groups"}

    @model_validator(mode="after")
    def _text_fits(self) -> Self:
        if mistakes := list(rules.keyword_text(self.keyword_text)):
            raise ValueError("\n".join(mistakes))
        return self

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        campaign = parents.get("campaign_id", {})
        yield from rules.bid_under_budget("bid", self.bid, campaign)
        if campaign.get("targetingType") == "AUTO":
            yield "campaign_id: it targets by itself (AUTO); keywords need a MANUAL campaign"


class OneKeyword(SpWrite):
    """What changing a keyword takes."""

    keyword_id: ObjectId

    http, key, subject, name_at = ROUTES.update, "keywords", "keyword_id", "keywordText"
    watch, paid_by = ("keywordText", "matchType", "state"), CAMPAIGN


class UpdateKeyword(OneKeyword):
    """Change a keyword's state or bid. Text and match type never change: archive it and add another."""

    sample = {"bid": "0.75 USD"}
    inherits = {"bid": ("adGroupId", "sponsored_product_ad_groups", "defaultBid")}

    bid: Bid = None
    state: State | None = None


class PauseKeyword(Pause, OneKeyword):
    """Pause keywords: no more bids on these searches."""


class ActivateKeyword(Activate, OneKeyword):
    """Enable keywords: they spend if their ad group and campaign are enabled."""


class DeleteKeyword(SpArchive, OneKeyword):
    """Archive keywords for good."""

    http = ROUTES.archive


sponsored_product_keywords = Entity(
    noun="keyword",
    list=ListKeywords,
    get=GetKeyword,
    create=CreateKeyword,
    update=UpdateKeyword,
    pause=PauseKeyword,
    activate=ActivateKeyword,
    delete=DeleteKeyword,
)
