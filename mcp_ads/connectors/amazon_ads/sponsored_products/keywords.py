"""Sponsored Products keywords: search terms an ad group bids on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import TEXT_FILTER, listed
from mcp_ads.connectors.amazon_ads.lists import SpGet
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, OF_KEYWORDS, SERVING
from mcp_ads.connectors.amazon_ads.record_names import KEYWORD as KNOWN
from mcp_ads.connectors.amazon_ads.types import (
    AdGroupIds,
    CampaignIds,
    IncludeIds,
    IncludeText,
    ObjectId,
    OneOrMore,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause
from mcp_ads.core import Entity
from mcp_ads.core.beside import Record

from . import held_back, rules
from .base import SpArchive, routes
from .bid_recommendations import KeywordBids
from .bids import BidList, BidUpdate, NewTargeting, OneTargeting, TargetsInside
from .keyword_recommendations import RecommendKeywords

ROUTES = routes("keywords", "spKeyword")
LEAN = ("keywordId", "keywordText", "matchType", "state", SERVING, "bid", "adGroupId", "campaignId")
MORE = (*LEAN, "nativeLanguageKeyword", "nativeLanguageLocale", *DETAILS)
FIXED = "text and match type of a keyword never change: archive it and add another"
MatchType = Annotated[Literal["BROAD", "EXACT", "PHRASE"], BeforeValidator(upper)]
Text = Annotated[
    str, Field(min_length=1, examples=["running shoes"], description="At most 10 words, 80 characters.")
]


class ListKeywords(BidList):
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

    keyword_id: Annotated[OneOrMore, Field(alias="keywordIdFilter", examples=["150000000000001"])]

    http, records, lean, subject = ROUTES.list, "keywords", MORE, "keyword_id"
    known, alike = KNOWN, OF_KEYWORDS
    strangers = (
        "in reports, keywordId of a row whose matchType begins with TARGETING_EXPRESSION is a target's, of "
        "automatic or product targeting: sponsored_product_targets get reads it"
    )


class NewKeyword(NewTargeting):
    """What is bid on in an ad group, and the rules of its words."""

    keyword_text: Text
    match_type: Annotated[MatchType, Field(examples=["EXACT"])]
    native_language_keyword: str | None = None
    native_language_locale: str | None = None

    key, name_at, found_by = "keywords", "keywordText", ("ad_group_id", "keyword_text", "match_type")
    unlike = ("adGroupId", "keywordText", "matchType")
    kinds_of_targeting = ("keywords", "product targets")
    negated_by = {
        "sponsored_product_negative_keywords": "ad_group_id",
        "sponsored_product_campaign_negative_keywords": "campaign_id",
    }

    def held_back(self, negatives: Sequence[Record]) -> Iterable[str]:
        return held_back.of_keyword(self.keyword_text, self.match_type, negatives)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.strange_symbols(self.keyword_text)

    @model_validator(mode="after")
    def _text_fits(self) -> Self:
        if mistakes := list(rules.keyword_text(self.keyword_text)):
            raise ValueError("\n".join(mistakes))
        return self


class CreateKeyword(NewKeyword):
    """Add a keyword to an ad group of a MANUAL campaign. It starts PAUSED.

    An ad group has keywords or product targets, never both.
    """

    http, new_id_at, others = ROUTES.create, "keywordId", TargetsInside
    said = "new keyword, add keywords, bid on searches"


class OneKeyword(OneTargeting):
    """What changing a keyword takes."""

    keyword_id: Annotated[ObjectId, Field(examples=["150000000000001"])]

    http, key, subject, name_at = ROUTES.update, "keywords", "keyword_id", "keywordText"
    watch = ("keywordText", "matchType", "state")


class UpdateKeyword(BidUpdate, OneKeyword):
    """Change a keyword's state or bid. Text and match type never change: archive it and add another."""

    retired = dict.fromkeys(("keyword_text", "match_type"), FIXED)


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
    recommendations=RecommendKeywords,
    bid_recommendations=KeywordBids,
)
