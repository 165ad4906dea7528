"""How Sponsored Brands spells what is still v3: JSON in, a media type of its own out, numbers as ids.

Keywords, targets and themes are of it, with states and match types in lower case. Towards people they read
like the other families. Source: Amazon's SponsoredBrandsV3.json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.by_place import told
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.ranges import Ranges, range_in
from mcp_ads.connectors.amazon_ads.spelling import in_words, out_of_words
from mcp_ads.connectors.amazon_ads.sponsored_products import rules
from mcp_ads.connectors.amazon_ads.types import (
    LIVE_STATES,
    MOST_IDS,
    AdGroupId,
    AmazonRead,
    CampaignId,
    Id,
    Json,
    ListedState,
    NewBid,
)
from mcp_ads.connectors.amazon_ads.writes import AmazonWrite, Archive
from mcp_ads.core import Account, Action, Context, Flow, Offset, Request, Result, Route, Several
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.bid_to import BidRange
from mcp_ads.core.marks import Found
from mcp_ads.core.outline import Steps
from mcp_ads.core.own_records import own_records
from mcp_ads.errors import ApiError, InvalidParams, NotFound, PlatformDown

from . import brand_bids, inside

CAMPAIGNS, AD_GROUPS = "sponsored_brands_campaigns", "sponsored_brands_ad_groups"
PLACES = ("campaignId", "adGroupId")
PAGES = Offset("startIndex", "count", rows="", most=100)
IdList = Annotated[list[Id], BeforeValidator(listed), Field(min_length=1, max_length=MOST_IDS)]
CampaignIds = Annotated[IdList | None, Field(alias="campaignIdFilter")]
AdGroupIds = Annotated[IdList | None, Field(alias="adGroupIdFilter")]
BrandStates = Annotated[
    Annotated[
        list[ListedState],
        BeforeValidator(listed),
        PlainSerializer(lambda states: ",".join(states).lower()),
        Field(min_length=1),
    ],
    Field(alias="stateFilter", description="Add ARCHIVED to see those too; by ids every state is."),
]
BrandCampaignId = Annotated[CampaignId, Field(examples=["191000000000001"])]
BrandAdGroupId = Annotated[AdGroupId, Field(examples=["192000000000001"])]
OfCampaign = Annotated[
    CampaignId | None, Field(description="Of its campaign; read from it where it is left out.")
]
OfAdGroup = Annotated[
    AdGroupId | None, Field(description="Of its ad group; read from it where it is left out.")
]


def v3(verb: Callable[[str], Route], path: str, gives: str) -> Route:
    """A route whose body is plain JSON and whose answer is application/vnd.<gives>+json."""
    return replace(verb(f"/sb/{path}"), headers={"Accept": f"application/vnd.{gives}+json"})


class V3Read(AmazonRead):
    """Records are put into the words of the other families."""

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        return in_words(record)


class V3Get(V3Read):
    """Reads one object by its path, several by a filter of the list; what one way leaves out, by the other.

    The path has drafts, which no filter of states names, and the list has what belongs to brand videos, which
    the older type at the path leaves out. `http` is the list's route, `one` that of the path, `listed` are
    the filters of states under which everything is found, `few` how many are read by their paths first.
    """

    many = True
    one: ClassVar[Route]
    few: ClassVar[int] = 0
    listed: ClassVar[tuple[str, ...]] = ("enabled,paused,archived",)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        given = getattr(self, self.subject)
        ids: list[str] = [given] if isinstance(given, str) else given
        ways = [self._by_path, self._by_list]
        found = dict[str, Json]()
        for way in ways if isinstance(given, str) or len(ids) <= self.few else reversed(ways):
            lost = [one for one in ids if one not in found]
            found |= (yield from way(lost)) if lost else {}
        gone = {
            at: NotFound(
                f"{self.subject}: no object {one}, or another profile's", fix=ITEM_FIXES["NOT_FOUND"]
            )
            for at, one in enumerate(ids)
            if one not in found
        }
        if isinstance(given, str) and gone:
            raise gone[0]
        errors = [told(at, error) for at, error in gone.items()]
        rows = [found[one] for one in ids if one in found]
        return Result(rows[0] if isinstance(given, str) else rows, errors=errors)

    def _by_path(self, ids: Sequence[str]) -> Steps[dict[str, Json]]:
        headers = {**self.to_headers(), **self.one.headers}
        answers = yield Several([Request("GET", f"{self.one.path}/{id_}", headers=headers) for id_ in ids])
        for error in answers:
            if isinstance(error, ApiError) and not isinstance(error, NotFound):
                raise error
        return self._by_id([one for one in answers if not isinstance(one, NotFound)], ids)

    def _by_list(self, ids: Sequence[str]) -> Steps[dict[str, Json]]:
        found = dict[str, Json]()
        for states in self.listed:
            query = {f"{to_camel(self.subject)}Filter": [*ids], "stateFilter": states}
            paging = {"startIndex": 0, "count": len(ids)}
            answer = yield Request("GET", self.to_path(), query | paging, headers=self.to_headers())
            if not isinstance(answer, list):
                raise PlatformDown("the answer is no list of objects")
            found |= self._by_id(answer, ids)
        return found

    def _by_id(self, answers: Iterable[Any], ids: Sequence[str]) -> dict[str, Json]:
        records, plain = own_records(answers, self.subject, [*ids], str), isinstance(self, AsSent)
        return {
            str(record.get(to_camel(self.subject))): record if plain else in_words(record)
            for record in records
        }


class V3Write(AmazonWrite):
    """Sends an array of one item, alone or under the name `key`, so that its answer is about nothing else."""

    key: ClassVar[str] = ""
    made_at = ()
    bids: ClassVar[Ranges] = {}
    parent_fields: ClassVar[tuple[str, ...]] = (
        "name", "state", "campaignId", "budget", "budgetType", "costType", "endDate",
    )  # fmt: skip

    def to_body(self) -> list[Any] | Mapping[str, Any] | None:
        items = [out_of_words(self.item())]
        return {self.key: items} if self.key else items

    def doubt(self, answer: Any) -> str:
        """What was done is said to be a success, with its id."""
        name = self.new_id_at if self.does == "makes" else to_camel(self.subject)
        done = str(answer.get(name) or "") if isinstance(answer, dict) else ""
        if not done.isdecimal():
            return "it is not among what was done"
        return "" if not self.subject or done == str(getattr(self, self.subject)) else "another id"


class NewInGroup(V3Write):
    """What is new in an ad group, of a campaign that is not over."""

    today: Annotated[str, Found(), Field(exclude=True)] = ""

    does = "makes"
    parents = {"campaign_id": CAMPAIGNS, "ad_group_id": AD_GROUPS}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        today = context.today.isoformat()
        return super().settled(context, live).model_copy(update={"today": today})

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from rules.parents(parents)
        if (end := str(parents.get("campaign_id", {}).get("endDate") or "")) and end < self.today:
            yield f"campaign_id: it ended on {end}, and Amazon adds nothing to it"


class NewTargeting(NewInGroup):
    """What is bid on, new in an ad group: Sponsored Brands makes nothing PAUSED there.

    `what` is what people call several of it. It bids as soon as its campaign is ENABLED: where that is so
    already, making it is to begin a delivery. `others` is the entity beside which it has no place in an ad
    group, by Amazon's guide on the structure of these campaigns.
    """

    campaign_id: BrandCampaignId
    ad_group_id: BrandAdGroupId
    bid: NewBid
    at_once: Annotated[bool | None, Found(), Field(exclude=True)] = None

    what: ClassVar[str]
    others: ClassVar[str] = ""
    retired = {"state": "Sponsored Brands takes none for new ones: make them while the campaign is PAUSED"}

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        return CAMPAIGNS, self.campaign_id, ("state", "endDate")

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With whether its campaign is switched on."""
        on = bool(live) and (live or {}).get("state") != "PAUSED"
        if self.bid.relative:
            raise InvalidParams(f'bid: ad groups here have no bid for {self.bid}; write one, as "0.75 USD"')
        return super().settled(context).model_copy(update={"at_once": on})

    def delivers(self) -> bool:
        return bool(self.at_once)

    def asides(self, account: str) -> Mapping[str, Action]:  # noqa: ARG002 - the profile is a parameter
        from mcp_ads.connectors.amazon_ads import amazon_ads  # it is what names this file

        if not self.others or self.ad_group_id.startswith("@"):
            return {}
        where = {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id], "state": LIVE_STATES}
        return {self.others: amazon_ads.action(self.others, "list").model_validate(where)}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if live.get(self.others):
            other = self.others.removeprefix("sponsored_brands_")
            yield f"its ad group has {other}: by Amazon's guide it takes one of the two: this may be refused"

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        campaign = parents.get("campaign_id", {})
        if self.at_once:
            yield f"it bids at once: Sponsored Brands makes no {self.what} PAUSED, and its campaign is on"
        else:
            yield f"it bids once its campaign is ENABLED: Sponsored Brands makes no {self.what} PAUSED"
        yield from brand_bids.doubts(self.bid, campaign)
        yield from rules.bid_under_budget("bid", self.bid, campaign)


class OneInGroup(V3Write):
    """What is in an ad group, and there already: a change of it names its ad group and campaign again."""

    campaign_id: OfCampaign = None
    ad_group_id: OfAdGroup = None

    named = ("campaign_id", "ad_group_id")
    paid_by = {"campaignId": CAMPAIGNS}

    @classmethod
    def put_back(cls, name: str, before: Any, currency: str) -> Any:
        """Nothing becomes a draft again: what was one is paused."""
        return "PAUSED" if before == "DRAFT" else super().put_back(name, before, currency)

    def sets(self) -> Json:
        return {name: value for name, value in super().sets().items() if name not in PLACES}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        places = {"campaign_id": self.campaign_id, "ad_group_id": self.ad_group_id}
        known = {name: given or (live or {}).get(to_camel(name)) for name, given in places.items()}
        return super().settled(context, live).model_copy(update=known)

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        """Its campaign too: what a bid is for and may be, and whether anything changes there."""
        return {**super().beside(account, live), **inside.above(account, live)}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from brand_bids.doubts(getattr(self, "bid", None), inside.campaign_of(live))
        yield from rules.bid_under_budget("bid", getattr(self, "bid", None), inside.campaign_of(live))

    def not_per_click(self, live: Mapping[str, Any]) -> str:
        return brand_bids.not_per_click(inside.campaign_of(live))

    def bid_range(self, live: Mapping[str, Any], currency: str) -> BidRange:
        return BidRange() if self.not_per_click(live) else range_in(brand_bids.BRAND_BIDS, currency)

    def overdue(self, live: Mapping[str, Any], today: date) -> str:
        end = str(inside.campaign_of(live).get("endDate") or "")
        over = bool(end) and end < today.isoformat()
        return f"its campaign ended on {end}, and Amazon changes nothing in it" if over else ""

    def obstacle(self, live: Mapping[str, Any]) -> str:
        given = {"campaign_id": self.campaign_id, "ad_group_id": self.ad_group_id}
        astray = [
            f"{name}: it is in {there}, not in {value}"
            for name, value in given.items()
            if value and (there := live.get(to_camel(name))) and str(there) != value
        ]
        return super().obstacle(live) or "; ".join(astray)


class V3Archive(Archive, V3Write):
    """Archived at the object's own path."""

    def to_body(self) -> None:
        """The path names the object."""
