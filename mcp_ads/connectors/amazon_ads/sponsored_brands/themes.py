"""Sponsored Brands themes: keywords that Amazon chooses by a subject, bid on as one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainSerializer

from mcp_ads.connectors.amazon_ads.by_place import told
from mcp_ads.connectors.amazon_ads.dialect import AUTHOR, CURSOR
from mcp_ads.connectors.amazon_ads.filters import include, listed, words
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.lists import StatedList
from mcp_ads.connectors.amazon_ads.spelling import in_words
from mcp_ads.connectors.amazon_ads.types import (
    LIVE_STATES,
    STATES,
    AdGroupIds,
    Amazon,
    Bid,
    CampaignIds,
    IncludeIds,
    Json,
    ListedState,
    ObjectId,
    SomeIds,
    State,
)
from mcp_ads.connectors.amazon_ads.writes import Archive
from mcp_ads.core import POST, PUT, Context, Entity, Flow, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.own_records import own_records
from mcp_ads.errors import InvalidParams, NotFound, PlatformDown

from .targets import LACKS
from .v3 import NewTargeting, OneInGroup, V3Read, V3Write, v3

KNOWN = ("themeId", "themeType", "state", "bid", "adGroupId", "campaignId")
OF_THEMES = {"id": "themeId", "status": "state", "name": "themeType", "theme": "themeType"}
LIST = v3(POST, "themes/list", "sbthemeslistresponse.v3")
BRAND, PAGES = "KEYWORDS_RELATED_TO_YOUR_BRAND", "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES"
MEANT = {"BRAND": BRAND, "LANDING_PAGE": PAGES, "LANDING_PAGES": PAGES}
FIXED = "the theme of one never changes: pause it and add another"
DOUBTFUL = (
    "Amazon's guide archives themes by their state, its definition says they cannot be archived: where this "
    "is refused, pause it with update"
)


def _types(value: Any) -> Any:
    """Types of themes in capitals, "brand" and "landing pages" by their whole names."""
    found = words(value)
    return [MEANT.get(one, one) for one in found] if isinstance(found, list) else found


def _type(value: Any) -> Any:
    return _types(value)[0] if isinstance(value, str) else value


def _lower(states: list[str]) -> Json:
    return include([state.lower() for state in states])


Type = Annotated[str, Field(pattern="^[A-Z][A-Z_]+$", examples=[BRAND])]
"""Amazon may add others to the two there are."""


class NoAuthors(Amazon):
    """Amazon has themes for sellers and vendors."""

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        if context.account and context.account.kind == AUTHOR:
            raise InvalidParams(
                "profile_id: it is an author's, and Amazon has themes for sellers and vendors"
            )
        return super().settled(context, live)


class ListThemes(NoAuthors, V3Read, StatedList):
    """List Sponsored Brands themes: keywords of one subject that Amazon chooses, with one bid."""

    theme_id: Annotated[IncludeIds | None, Field(alias="themeIdFilter")] = None
    campaign_id: CampaignIds = None
    ad_group_id: AdGroupIds = None
    theme_type: Annotated[
        list[Type] | None,
        BeforeValidator(_types),
        PlainSerializer(include),
        Field(alias="themeTypeFilter", min_length=1, description="BRAND or LANDING_PAGES."),
    ] = None
    state: Annotated[
        Annotated[list[ListedState], BeforeValidator(listed), PlainSerializer(_lower), Field(min_length=1)],
        Field(alias="stateFilter", description="Add ARCHIVED to see those too; by ids every state is."),
    ] = ["ENABLED", "PAUSED"]

    http, records, lean, pages = LIST, "themes", KNOWN, CURSOR
    known, alike, named = KNOWN, OF_THEMES, ("theme_id", "campaign_id", "ad_group_id")
    said = "theme targeting, keywords related to your brand, landing pages"


class GetTheme(NoAuthors, V3Read):
    """Read one Sponsored Brands theme, or several with a list of ids."""

    theme_id: Annotated[SomeIds, Field(alias="themeIdFilter", examples=["196000000000001"])]

    http, subject, many, lean = LIST, "theme_id", True, KNOWN
    known, alike = KNOWN, OF_THEMES

    def to_body(self) -> Json:
        ids = include(self.theme_id)
        return {"themeIdFilter": ids, "stateFilter": _lower(STATES), "maxResults": len(ids["include"])}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        answer, ids = (yield self.to_request()), include(self.theme_id)["include"]
        rows = answer.get("themes") if isinstance(answer, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise PlatformDown("the answer is no list of themes")
        rows, plain = own_records(rows, self.subject, ids, str), isinstance(self, AsSent)
        found = {str(row.get("themeId")): row if plain else in_words(row) for row in rows}
        gone = {
            at: NotFound(f"theme_id: no theme {one}, or another profile's", fix=ITEM_FIXES["NOT_FOUND"])
            for at, one in enumerate(ids)
            if one not in found
        }
        if isinstance(self.theme_id, str) and gone:
            raise gone[0]
        known = [found[one] for one in ids if one in found]
        errors = [told(at, error) for at, error in gone.items()]
        return Result(known[0] if isinstance(self.theme_id, str) else known, errors=errors)


class Themed(NoAuthors, V3Write):
    """Ids of themes are text; a plan names one by its type."""

    key, name_at = "themes", "themeType"
    parent_fields = (*V3Write.parent_fields, "isMultiAdGroupsEnabled")

    def to_body(self) -> Json:
        item = self.item()
        return {self.key: [item | ({"state": item["state"].lower()} if "state" in item else {})]}


class CreateTheme(Themed, NewTargeting):
    """Bid on keywords that Amazon chooses by a subject, one of each in an ad group.

    It is ENABLED from the beginning: Sponsored Brands makes no theme PAUSED.
    """

    theme_type: Annotated[
        Type,
        BeforeValidator(_type),
        Field(examples=[BRAND], description=f"{BRAND} (brand), {PAGES} (landing pages)."),
    ]

    http, new_id_at, what = v3(POST, "themes", "sbthemescreateresponse.v3"), "themeId", "themes"
    unlike, put_away = ("adGroupId", "themeType"), {"state": "PAUSED"}

    @classmethod
    def removed_by(cls, made: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG003
        """Paused: whether Amazon archives themes is doubtful."""
        return ("update",)

    def siblings(self) -> Mapping[str, Any]:
        place = [self.ad_group_id]
        return {"profile_id": self.profile_id, "ad_group_id": place, "state": LIVE_STATES}

    def lookup(self) -> Mapping[str, Any]:
        return self.siblings()

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        if parents.get("campaign_id", {}).get("isMultiAdGroupsEnabled") is False:
            yield "campaign_id: Amazon takes themes only in campaigns that may have several ad groups"

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        yield "taking it back pauses it"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.theme_type not in (BRAND, PAGES):
            yield f"theme_type: {self.theme_type} is neither {BRAND} nor {PAGES}, which Amazon documents"


class OneTheme(Themed, OneInGroup):
    """What changing a theme takes."""

    theme_id: Annotated[ObjectId, Field(examples=["196000000000001"])]

    http, subject = v3(PUT, "themes", "sbthemesupdateresponse.v3"), "theme_id"
    watch = ("themeType", "state", "adGroupId", "campaignId")


class UpdateTheme(OneTheme):
    """Change a theme's state or bid. Its type never changes.

    No bid can be set while an optimization rule of its campaign sets them.
    """

    bid: Bid = None
    state: State | None = None

    sample, retired = {"bid": "0.75 USD"}, {"theme_type": FIXED}


class DeleteTheme(Archive, OneTheme):
    """Archive themes for good, which is a change of their state: Amazon deletes none."""

    def item(self) -> Json:
        return super().item() | {"state": "ARCHIVED"}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield DOUBTFUL


sponsored_brands_themes = Entity(
    noun="theme",
    lacks=LACKS,
    list=ListThemes,
    get=GetTheme,
    create=CreateTheme,
    update=UpdateTheme,
    delete=DeleteTheme,
)
