"""Sponsored Brands negative keywords: searches an ad group keeps its ads from. Whole campaigns have none."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.spelling import in_words
from mcp_ads.connectors.amazon_ads.sponsored_products import negatives
from mcp_ads.connectors.amazon_ads.sponsored_products.negatives import TEXT
from mcp_ads.connectors.amazon_ads.sponsored_products.negatives import MatchType as Match
from mcp_ads.connectors.amazon_ads.states import DELIVERS_NOTHING
from mcp_ads.connectors.amazon_ads.types import SHORT, ObjectId, SomeIds, upper
from mcp_ads.core import DELETE, GET, POST, PUT, Action, Entity
from mcp_ads.core.beside import Likeness, PassedOn, Record

from .keywords import ALIKE, DRAFTS, TOLD, KeywordRead, NewWords, spelt
from .v3 import OneInGroup, V3Archive, V3Get, V3Write, v3

PATH, POSITIVE, GONE = "negativeKeywords", "sponsored_brands_keywords", "archived ones of the campaign"
LEAN = ("keywordId", "keywordText", "matchType", "state", "adGroupId", "campaignId")
ALSO = {**SHORT, "negative_keyword_id": "keyword_id", **TEXT}
ONCE = "Amazon takes the same one in its campaign never again"
UNPAUSED = "Sponsored Brands pauses no negative keywords: delete archives them for good"


def _enabled(value: Any) -> Any:
    """The one state that can be set; raises ValueError for the others."""
    if upper(value) != "ENABLED":
        raise ValueError(f"only ENABLED can be set; {UNPAUSED}")
    return "ENABLED"


def _one_state(value: Any) -> Any:
    """The state in capitals, of a list the only one; that there are no PAUSED ones makes no difference.

    Raises ValueError for several.
    """
    given = upper(listed(value))
    some = [state for state in given if state != "PAUSED"] if isinstance(given, list) else [given]
    if len(some) > 1:
        raise ValueError("one state a call here, ENABLED or ARCHIVED: list them one after the other")
    return some[0] if some else given


class ListNegativeKeywords(KeywordRead):
    """List Sponsored Brands negative keywords of ad groups, in one state; whole campaigns have none."""

    state: Annotated[
        Literal["ENABLED", "ARCHIVED"],
        BeforeValidator(_one_state),
        PlainSerializer(str.lower),
        Field(alias="stateFilter", description="One of the two, none is PAUSED; get reads any by id."),
    ] = "ENABLED"
    match_type: Annotated[
        list[Match] | None,
        BeforeValidator(listed),
        PlainSerializer(lambda words: words and spelt(words)),
        Field(alias="matchTypeFilter", min_length=1),
    ] = None

    http, lean, known = v3(GET, PATH, "sbnegativekeyword.v3.2"), LEAN, LEAN
    aliases, said = {**ALSO, "state_filter": "state"}, "excluded searches of brand ads"

    def left_out(self) -> str:
        gone = "" if "state" in self.model_fields_set else "ARCHIVED ones; state=ARCHIVED lists these"
        return "; ".join(filter(None, [gone, DRAFTS]))


class GetNegativeKeyword(V3Get):
    """Read one Sponsored Brands negative keyword, or several with a list of ids."""

    keyword_id: Annotated[SomeIds, Field(examples=["198000000000011"])]

    http, one = v3(GET, PATH, "sbnegativekeyword.v3.2"), v3(GET, PATH, "sbnegativekeyword.v3")
    lean, known, alike, subject, aliases = LEAN, LEAN, ALIKE, "keyword_id", ALSO
    listed = ("enabled", "archived")


class NegativeKeyword(V3Write):
    """A text an ad group does not bid on: it delivers nothing by itself."""

    states, name_at, aliases = DELIVERS_NOTHING, "keywordText", ALSO


class CreateNegativeKeyword(NewWords, NegativeKeyword):
    """Negate search terms: keep an ad group's Sponsored Brands ads from searches. It is ENABLED at once.

    Of `items`, an ASIN becomes a negative target; what is negated there already is left out and named.
    """

    match_type: Annotated[Match, Field(examples=["NEGATIVE_EXACT"])]
    literal: negatives.Literally = False

    http, said = v3(POST, PATH, TOLD), "negate search terms in brand ads, block search terms"
    retired = {"state": "new negative keywords are ENABLED: leave it out"}

    @classmethod
    def passed_on(cls, item: Mapping[str, Any]) -> PassedOn | None:
        return negatives.passed(item, "sponsored_brands_negative_targets")

    def siblings(self) -> Mapping[str, Any]:
        return {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "state": "ENABLED"}

    def covered(self, entity: str, there: Mapping[Likeness, Record]) -> tuple[Record, str]:
        ways = negatives.ways_of(self.keyword_text, self.match_type)[1:] if entity != POSITIVE else ()
        wider = (there.get((self.ad_group_id, text, match.casefold())) for text, match in ways)
        if found := next(filter(None, wider), None):
            return found, f"negated here already by {in_words(found)['matchType']} {found['keywordText']!r}"
        return super().covered(entity, there)

    def neighbours(self) -> Mapping[str, Mapping[str, Any]]:
        fields = ["keywordId", "keywordText", "matchType", "state"]
        return {POSITIVE: {**self.siblings(), "state": ["ENABLED"], "fields": fields}}

    def strikes(self, entity: str, records: Sequence[Record]) -> Iterable[str]:
        there = map(in_words, records if entity == POSITIVE else ())
        yield from negatives.struck(self.keyword_text, self.match_type, [*there])

    def asides(self, account: str) -> Mapping[str, Action]:
        if self.campaign_id.startswith("@"):
            return {}
        given = {"profile_id": account, "campaign_id": [self.campaign_id], "state": "ARCHIVED"}
        return {GONE: ListNegativeKeywords.model_validate(given)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        gone = {self.likeness(record)[1:] for record in live.get(GONE) or ()}
        was = self.likeness(self.sets())[1:] in gone
        return f"it was archived in this campaign before, and {ONCE}" if was else ""

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        yield f"taking it back archives it, and {ONCE}"


class OneNegativeKeyword(NegativeKeyword):
    """What changing a negative keyword takes."""

    keyword_id: Annotated[ObjectId, Field(examples=["198000000000011"])]

    http, subject = v3(PUT, PATH, TOLD), "keyword_id"
    watch = ("keywordText", "matchType", "state", "adGroupId", "campaignId")


class UpdateNegativeKeyword(OneInGroup, OneNegativeKeyword):
    """Make negative keywords ENABLED that are drafts: nothing else of them changes, and none is PAUSED."""

    state: Annotated[Literal["ENABLED"], BeforeValidator(_enabled)] = "ENABLED"

    sample, paid_by = {"state": "ENABLED"}, {}
    irreversible = f"nothing becomes a draft again, and {UNPAUSED}"


class DeleteNegativeKeyword(V3Archive, OneNegativeKeyword):
    """Archive negative keywords for good: their searches are bid on again."""

    http = v3(DELETE, f"{PATH}/{{keyword_id}}", TOLD)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        again = "searches it kept ads from are bid on again, and " if negatives.kept_away(self, live) else ""
        yield f"{again}{ONCE}"


sponsored_brands_negative_keywords = Entity(
    noun="negative keyword",
    lacks={"pause": UNPAUSED, "activate": "update makes a draft ENABLED; archived ones stay archived"},
    list=ListNegativeKeywords,
    get=GetNegativeKeyword,
    create=CreateNegativeKeyword,
    update=UpdateNegativeKeyword,
    delete=DeleteNegativeKeyword,
)
