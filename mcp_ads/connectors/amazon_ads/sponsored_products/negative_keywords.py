"""Sponsored Products negative keywords: searches an ad group keeps its ads from."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.amazon_ads.filters import TEXT_FILTER
from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, NEGATIVE_KEYWORD, OF_KEYWORDS, SERVING
from mcp_ads.connectors.amazon_ads.types import (
    SHORT,
    AdGroupId,
    AdGroupIds,
    CampaignIds,
    IncludeIds,
    IncludeText,
    ObjectId,
    OneOrMore,
    State,
)
from mcp_ads.core import Entity

from .base import routes
from .negatives import OF_AD_GROUP, TEXT, MatchTypes, Negative, NewKeyword, PutAway

ROUTES = routes("negativeKeywords", "spNegativeKeyword")
LEAN = ("keywordId", "keywordText", "matchType", "state", SERVING, "adGroupId", "campaignId")
ALSO = {**SHORT, "negative_keyword_id": "keyword_id", **TEXT}
SAID = "exclude search terms, block searches, wasted spend, negate"


class ListNegativeKeywords(SpList):
    """List Sponsored Products negative keywords, of some campaigns or ad groups or all."""

    keyword_id: Annotated[IncludeIds | None, Field(alias="negativeKeywordIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    keyword_text: Annotated[
        IncludeText | None, Field(alias="negativeKeywordTextFilter", description=TEXT_FILTER)
    ] = None
    match_type: MatchTypes = None
    locale: Annotated[str | None, Field(description="Of the native-language keyword, such as es_MX.")] = None

    http, records, lean, aliases = ROUTES.list, "negativeKeywords", LEAN, {**SpList.aliases, **ALSO}
    known, alike, said = NEGATIVE_KEYWORD, OF_KEYWORDS, SAID


class GetNegativeKeyword(SpGet):
    """Read one Sponsored Products negative keyword, or several with a list of ids."""

    keyword_id: Annotated[OneOrMore, Field(alias="negativeKeywordIdFilter", examples=["170000000000001"])]

    http, records, lean, aliases = ROUTES.list, "negativeKeywords", (*LEAN, *DETAILS), ALSO
    known, alike, subject = NEGATIVE_KEYWORD, OF_KEYWORDS, "keyword_id"


class NegativeKeyword(Negative):
    """A text an ad group does not bid on."""

    key, answered, name_at, aliases = "negativeKeywords", "negativeKeywordId", "keywordText", ALSO


class CreateNegativeKeyword(NewKeyword, NegativeKeyword):
    """Negate search terms: keep an ad group's ads from searches; ENABLED unless state says PAUSED.

    `items` takes up to 1,000 search terms as reports have them: an ASIN among them becomes a negative target,
    and what is negated already, here or in the campaign, is left out and named.
    """

    ad_group_id: AdGroupId
    native_language_keyword: str | None = None
    native_language_locale: str | None = None

    http, new_id_at, parents = ROUTES.create, "negativeKeywordId", OF_AD_GROUP
    found_by = ("ad_group_id", "keyword_text", "match_type")
    unlike = ("adGroupId", "keywordText", "matchType")
    said = "negate search terms, negate wasted search terms, negate a keyword, block search terms"
    above, products = "sponsored_product_campaign_negative_keywords", "sponsored_product_negative_targets"


class OneNegativeKeyword(NegativeKeyword):
    """What changing a negative keyword takes."""

    keyword_id: Annotated[ObjectId, Field(examples=["170000000000001"])]

    http, subject, watch = ROUTES.update, "keyword_id", ("keywordText", "matchType", "state")


class UpdateNegativeKeyword(OneNegativeKeyword):
    """Switch negative keywords on or off. Text and match type never change: archive it and add another."""

    sample = {"state": "PAUSED"}

    state: State | None = None


class DeleteNegativeKeyword(PutAway, OneNegativeKeyword):
    """Archive negative keywords for good: their searches are bid on again."""

    http, again = ROUTES.archive, "sponsored_product_negative_keywords"


sponsored_product_negative_keywords = Entity(
    noun="negative keyword",
    list=ListNegativeKeywords,
    get=GetNegativeKeyword,
    create=CreateNegativeKeyword,
    update=UpdateNegativeKeyword,
    delete=DeleteNegativeKeyword,
)
