"""Sponsored Products negative keywords: searches an ad group keeps its ads from."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import TEXT_FILTER, listed
from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, NEGATIVE_KEYWORD, OF_KEYWORDS, SERVING
from mcp_ads.connectors.amazon_ads.states import STATES
from mcp_ads.connectors.amazon_ads.types import (
    LIVE_STATES,
    SHORT,
    AdGroupIds,
    CampaignIds,
    IncludeIds,
    IncludeText,
    ObjectId,
    OneOrMore,
    State,
    upper,
)
from mcp_ads.core import Entity

from . import rules
from .base import SpArchive, SpWrite, routes

ROUTES = routes("negativeKeywords", "spNegativeKeyword")
LEAN = ("keywordId", "keywordText", "matchType", "state", SERVING, "adGroupId", "campaignId")
ALSO = {**SHORT, "negative_keyword_id": "keyword_id"}
Ids = Annotated[IncludeIds | None, Field(alias="negativeKeywordIdFilter")]
Texts = Annotated[IncludeText | None, Field(alias="negativeKeywordTextFilter", description=TEXT_FILTER)]
MatchType = Annotated[Literal["NEGATIVE_EXACT", "NEGATIVE_PHRASE"], BeforeValidator(upper)]
ListedMatch = Annotated[
    Literal["NEGATIVE_EXACT", "NEGATIVE_PHRASE", "NEGATIVE_BROAD"], BeforeValidator(upper)
]
MatchTypes = Annotated[
    list[ListedMatch] | None, BeforeValidator(listed), Field(alias="matchTypeFilter", min_length=1)
]


class ListNegativeKeywords(SpList):
    """List Sponsored Products negative keywords, of some campaigns or ad groups or all."""

    keyword_id: Ids = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    keyword_text: Texts = None
    match_type: MatchTypes = None
    locale: Annotated[str | None, Field(description="Of the native-language keyword, such as es_MX.")] = None

    http, records, lean, aliases = ROUTES.list, "negativeKeywords", LEAN, {**SpList.aliases, **ALSO}
    known, alike = NEGATIVE_KEYWORD, OF_KEYWORDS


class GetNegativeKeyword(SpGet):
    """Read one Sponsored Products negative keyword, or several with a list of ids."""

    keyword_id: Annotated[OneOrMore, Field(alias="negativeKeywordIdFilter", examples=["123456789012345"])]

    http, records, lean, aliases = ROUTES.list, "negativeKeywords", (*LEAN, *DETAILS), ALSO
    known, alike, subject = NEGATIVE_KEYWORD, OF_KEYWORDS, "keyword_id"


class NegativeKeyword(SpWrite):
    """A negative keyword delivers nothing: switched off or gone, its searches are bid on again."""

    key, answered, name_at, aliases = "negativeKeywords", "negativeKeywordId", "keywordText", ALSO
    states = replace(STATES, on=frozenset())

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.does == "changes" and self.sets().get("state") != "ENABLED":
            yield "searches it kept ads from are bid on again"


class CreateNegativeKeyword(NegativeKeyword):
    """Keep an ad group's ads from searches. It is ENABLED unless state says PAUSED."""

    campaign_id: ObjectId
    ad_group_id: ObjectId
    keyword_text: Annotated[
        str,
        Field(
            min_length=1, examples=["free"], description="At most 10 words (4 in a phrase), 80 characters."
        ),
    ]
    match_type: Annotated[MatchType, Field(examples=["NEGATIVE_EXACT"])]
    state: State = "ENABLED"
    native_language_keyword: str | None = None
    native_language_locale: str | None = None

    http, does, new_id_at = ROUTES.create, "makes", "negativeKeywordId"
    found_by = ("ad_group_id", "keyword_text")
    parents = {"campaign_id": "sponsored_product_campaigns", "ad_group_id": "sponsored_product_ad_groups"}
    unlike = ("adGroupId", "keywordText", "matchType")

    def siblings(self) -> Mapping[str, Any]:
        return {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "state": LIVE_STATES}

    @model_validator(mode="after")
    def _text_fits(self) -> Self:
        if mistakes := list(rules.keyword_text(self.keyword_text, self.match_type)):
            raise ValueError("\n".join(mistakes))
        return self


class OneNegativeKeyword(NegativeKeyword):
    """What changing a negative keyword takes."""

    keyword_id: ObjectId

    http, subject, watch = ROUTES.update, "keyword_id", ("keywordText", "matchType", "state")


class UpdateNegativeKeyword(OneNegativeKeyword):
    """Switch negative keywords on or off. Text and match type never change: archive it and add another."""

    sample = {"state": "PAUSED"}

    state: State | None = None


class DeleteNegativeKeyword(SpArchive, OneNegativeKeyword):
    """Archive negative keywords for good: their searches are bid on again."""

    http = ROUTES.archive


sponsored_product_negative_keywords = Entity(
    noun="negative-keyword",
    list=ListNegativeKeywords,
    get=GetNegativeKeyword,
    create=CreateNegativeKeyword,
    update=UpdateNegativeKeyword,
    delete=DeleteNegativeKeyword,
)
