"""Sponsored Brands keywords: search terms an ad group bids on, each with a bid of its own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.lists import StatedList
from mcp_ads.connectors.amazon_ads.spelling import in_camel, in_words
from mcp_ads.connectors.amazon_ads.sponsored_products import held_back, rules
from mcp_ads.connectors.amazon_ads.types import (
    LIVE_STATES,
    AdGroupId,
    Bid,
    CampaignId,
    ObjectId,
    SomeIds,
    State,
    upper,
)
from mcp_ads.core import DELETE, GET, POST, PUT, Entity
from mcp_ads.core.beside import Likeness, Record

from .v3 import (
    PAGES,
    AdGroupIds,
    BrandStates,
    CampaignIds,
    IdList,
    NewInGroup,
    NewTargeting,
    OneInGroup,
    V3Archive,
    V3Get,
    V3Read,
    V3Write,
    v3,
)

PATH, TOLD, NEGATIVES = "keywords", "sbkeywordresponse.v3", "sponsored_brands_negative_keywords"
LEAN = ("keywordId", "keywordText", "matchType", "state", "bid", "adGroupId", "campaignId")
KNOWN = (*LEAN, "nativeLanguageKeyword", "nativeLanguageLocale")
ALIKE = {
    "id": "keywordId",
    "status": "state",
    **dict.fromkeys(("name", "keyword", "text"), "keywordText"),
}
FIXED = "text and match type of a keyword never change: archive it and add another"
IN_PART = "Amazon has left keywords out of lists of a whole profile: campaign_id lists those of a campaign"
DRAFTS = "drafts are in no list: get reads them by id"
MatchType = Annotated[Literal["BROAD", "EXACT", "PHRASE"], BeforeValidator(upper)]


def spelt(words: list[str]) -> str:
    """A filter's words as the platform takes them."""
    return ",".join(map(in_camel, words))


CreativeType = Annotated[
    Annotated[Literal["PRODUCT_COLLECTION", "VIDEO"], BeforeValidator(upper), PlainSerializer(in_camel)]
    | None,
    Field(description="VIDEO: of campaigns with videos; PRODUCT_COLLECTION: of all others."),
]
Text = Annotated[
    str,
    Field(min_length=1, examples=["running shoes"], description="At most 10 words, 80 characters."),
]
WholeText = Annotated[str | None, Field(min_length=1, description="The whole text.")]


class KeywordRead(V3Read):
    """What a list of words has in common with other such lists."""

    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    keyword_id: Annotated[IdList | None, Field(alias="keywordIdFilter")] = None
    keyword_text: WholeText = None
    creative_type: CreativeType = None

    pages, alike = PAGES, ALIKE
    lean: ClassVar[tuple[str, ...]] = LEAN
    known: ClassVar[tuple[str, ...]] = KNOWN

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:  # noqa: ARG002
        narrowed = self.campaign_id or self.ad_group_id or self.keyword_id
        return {} if narrowed else {"warnings": [IN_PART], "in_part": [IN_PART]}


class ListKeywords(StatedList, KeywordRead):
    """List Sponsored Brands keywords, of some campaigns or ad groups or all."""

    state: BrandStates = ["ENABLED", "PAUSED"]
    match_type: Annotated[
        list[MatchType] | None,
        BeforeValidator(listed),
        PlainSerializer(lambda words: words and spelt(words)),
        Field(alias="matchTypeFilter", min_length=1),
    ] = None
    locale: Annotated[str | None, Field(description="Of the native-language keyword, such as zh_CN.")] = None

    http, said = v3(GET, PATH, "sbkeyword.v3.2"), "brand keywords, headline search keywords, keyword bids"

    def left_out(self) -> str:
        return "; ".join(filter(None, [super().left_out(), DRAFTS]))


class GetKeyword(V3Get):
    """Read one Sponsored Brands keyword, or several with a list of ids."""

    keyword_id: Annotated[SomeIds, Field(examples=["197000000000011"])]

    http, one = v3(GET, PATH, "sbkeyword.v3.2"), v3(GET, PATH, "sbkeyword.v3")
    lean, known, alike, subject = KNOWN, KNOWN, ALIKE, "keyword_id"


class NewWords(NewInGroup):
    """A text and how it is matched, new in an ad group that may not have it already."""

    campaign_id: Annotated[CampaignId, Field(examples=["191000000000001"])]
    ad_group_id: Annotated[AdGroupId, Field(examples=["192000000000001"])]
    keyword_text: Text
    match_type: str

    new_id_at, name_at, unlike = "keywordId", "keywordText", ("adGroupId", "keywordText", "matchType")

    @classmethod
    def likeness(cls, record: Record) -> Likeness:
        return tuple(rules.alike(str(in_words(record).get(name))) for name in cls.unlike)

    def lookup(self) -> Mapping[str, Any]:
        own = {"keyword_text": self.keyword_text, "match_type": [self.match_type]}
        return {**self.siblings(), **own}

    def covered(self, entity: str, there: Mapping[Likeness, Record]) -> tuple[Record, str]:  # noqa: ARG002
        same = there.get(self.likeness(self.sets()))
        return (same, f"already there, {in_words(same)['state']}") if same else ({}, "")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.strange_symbols(self.keyword_text)

    @model_validator(mode="after")
    def _text_fits(self) -> Self:
        if mistakes := list(rules.keyword_text(self.keyword_text, self.match_type)):
            raise ValueError("\n".join(mistakes))
        return self


class CreateKeyword(NewWords, NewTargeting):
    """Add a keyword to an ad group. It starts ENABLED, and bids as soon as its campaign is.

    Sponsored Brands takes no state for new keywords, though it may review them first, and its ad groups have
    no bid that would count instead.
    """

    match_type: Annotated[MatchType, Field(examples=["EXACT"])]
    native_language_keyword: str | None = None
    native_language_locale: Annotated[str | None, Field(description="Such as zh_CN.")] = None

    http, what, others = v3(POST, PATH, TOLD), "keywords", "sponsored_brands_targets"
    said = "new brand keyword, add keywords, bid on searches"

    def siblings(self) -> Mapping[str, Any]:
        return {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "state": LIVE_STATES}

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        there = held_back.there(self.profile_id, "ad_group_id", self.ad_group_id)
        return {NEGATIVES: {**there, "state": "ENABLED"}}

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        negatives = [in_words(one) for one in records if entity == NEGATIVES]
        yield from held_back.of_keyword(self.keyword_text, self.match_type, negatives)


class OneKeyword(V3Write):
    """What changing a keyword takes."""

    keyword_id: Annotated[ObjectId, Field(examples=["197000000000011"])]

    http, subject, name_at = v3(PUT, PATH, TOLD), "keyword_id", "keywordText"
    watch = ("keywordText", "matchType", "state", "adGroupId", "campaignId")


class UpdateKeyword(OneInGroup, OneKeyword):
    """Change a keyword's state or bid: PAUSED stops bidding on its searches.

    No bid can be set while an optimization rule of its campaign sets them.
    """

    bid: Bid = None
    state: State | None = None

    sample, retired = {"bid": "0.75 USD"}, dict.fromkeys(("keyword_text", "match_type"), FIXED)


class DeleteKeyword(V3Archive, OneKeyword):
    """Archive keywords for good."""

    http = v3(DELETE, f"{PATH}/{{keyword_id}}", TOLD)


sponsored_brands_keywords = Entity(
    noun="keyword",
    lacks={
        "pause": "update with state PAUSED does it",
        "activate": "update with state ENABLED does it",
        "recommendations": "api.post with /sb/recommendations/keyword asks for them",
        "bid_recommendations": "api.post with /sb/recommendations/bids asks for them",
    },
    list=ListKeywords,
    get=GetKeyword,
    create=CreateKeyword,
    update=UpdateKeyword,
    delete=DeleteKeyword,
)
