"""Sponsored Products campaign negative keywords: searches a whole campaign keeps its ads from."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.amazon_ads.filters import TEXT_FILTER
from mcp_ads.connectors.amazon_ads.lists import SpGet, SpList
from mcp_ads.connectors.amazon_ads.record_names import DETAILS, EXTENDED, OF_KEYWORDS, SERVING
from mcp_ads.connectors.amazon_ads.types import (
    SHORT,
    CampaignIds,
    IncludeIds,
    IncludeText,
    ObjectId,
    OneOrMore,
    State,
)
from mcp_ads.core import Entity

from .base import routes
from .negatives import OF_CAMPAIGN, TEXT, MatchTypes, Negative, NewKeyword, PutAway

ROUTES, KEY = routes("campaignNegativeKeywords", "spCampaignNegativeKeyword"), "campaignNegativeKeywords"
LEAN = ("keywordId", "keywordText", "matchType", "state", SERVING, "campaignId")
KNOWN = (*(name for name in LEAN if name != SERVING), *EXTENDED)
ALSO = {**SHORT, "campaign_negative_keyword_id": "keyword_id", "negative_keyword_id": "keyword_id", **TEXT}


class ListCampaignNegativeKeywords(SpList):
    """List Sponsored Products negative keywords of whole campaigns; those of ad groups are another list."""

    keyword_id: Annotated[IncludeIds | None, Field(alias="campaignNegativeKeywordIdFilter")] = None
    campaign_id: CampaignIds = None
    keyword_text: Annotated[
        IncludeText | None, Field(alias="campaignNegativeKeywordTextFilter", description=TEXT_FILTER)
    ] = None
    match_type: MatchTypes = None

    http, records, lean, aliases = ROUTES.list, KEY, LEAN, {**SpList.aliases, **ALSO}
    known, alike, said = KNOWN, OF_KEYWORDS, "exclude search terms from a campaign"


class GetCampaignNegativeKeyword(SpGet):
    """Read one negative keyword of a campaign, or several with a list of ids."""

    keyword_id: Annotated[
        OneOrMore, Field(alias="campaignNegativeKeywordIdFilter", examples=["180000000000001"])
    ]

    http, records, lean, aliases = ROUTES.list, KEY, (*LEAN, *DETAILS), ALSO
    known, alike, subject = KNOWN, OF_KEYWORDS, "keyword_id"


class CampaignNegativeKeyword(Negative):
    """A text a campaign does not bid on."""

    key, answered, name_at, aliases = KEY, "campaignNegativeKeywordId", "keywordText", ALSO


class CreateCampaignNegativeKeyword(NewKeyword, CampaignNegativeKeyword):
    """Negate search terms in a campaign: keep all its ads from searches; ENABLED unless state says PAUSED.

    `items` takes up to 1,000 search terms as reports have them: an ASIN among them becomes a negative target
    of the campaign, and what the campaign negates already is left out and named.
    """

    http, new_id_at, parents, place = ROUTES.create, "campaignNegativeKeywordId", OF_CAMPAIGN, "campaign_id"
    found_by = ("campaign_id", "keyword_text", "match_type")
    unlike = ("campaignId", "keywordText", "matchType")
    said = "negate search terms in a whole campaign"
    products = "sponsored_product_campaign_negative_targets"


class OneCampaignNegativeKeyword(CampaignNegativeKeyword):
    """What changing one takes."""

    keyword_id: Annotated[ObjectId, Field(examples=["180000000000001"])]

    http, subject, watch = ROUTES.update, "keyword_id", ("keywordText", "matchType", "state")


class UpdateCampaignNegativeKeyword(OneCampaignNegativeKeyword):
    """Switch a campaign's negative keywords on or off. Text and match type never change."""

    sample = {"state": "PAUSED"}

    state: State | None = None


class DeleteCampaignNegativeKeyword(PutAway, OneCampaignNegativeKeyword):
    """Archive a campaign's negative keywords for good: their searches are bid on again."""

    http, again = ROUTES.archive, "sponsored_product_campaign_negative_keywords"


sponsored_product_campaign_negative_keywords = Entity(
    noun="campaign negative keyword",
    list=ListCampaignNegativeKeywords,
    get=GetCampaignNegativeKeyword,
    create=CreateCampaignNegativeKeyword,
    update=UpdateCampaignNegativeKeyword,
    delete=DeleteCampaignNegativeKeyword,
)
