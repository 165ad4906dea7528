"""Sponsored TV creatives: the video that an ad group's ads show, reviewed by Amazon."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.amazon_ads.states import DELIVERS_NOTHING
from mcp_ads.connectors.amazon_ads.stores.asset_checks import Named, ShowsAssets
from mcp_ads.connectors.amazon_ads.types import AdGroupIds, IncludeIds, ObjectId, OneOrMore
from mcp_ads.core import Entity

from .base import AD_GROUPS, PAGES, AdGroupId, TvGet, TvRead, TvWrite, routes

ROUTES = routes("creatives", "stCreative")
LEAN = ("creativeId", "adGroupId", "assetId", "assetVersion", "moderationStatus")
OF_CREATIVES = {"id": "creativeId", "status": "moderationStatus", "state": "moderationStatus"}
NO_END = "Amazon has no way to remove a creative: update puts another video in its place"
NO_STATE = "a creative has no state: pause or enable its ad, or its ad group"
REVIEWED = "Amazon reviews the video for up to 72 hours; until then it may not be shown"
AssetId = Annotated[
    str,
    Field(
        min_length=1, examples=["amzn1.assetlibrary.asset1.a123456789123456"], description="Of assets.list."
    ),
]
Version = Annotated[str, Field(min_length=1, examples=["version_v1"])]


class CreativeRead(TvRead):
    """Creatives have no state of serving; Amazon's review is moderationStatus."""

    known, alike = (*LEAN, "fullFunnelCampaignId"), OF_CREATIVES

    http, records, lean = ROUTES.list, "creatives", LEAN


class ListCreatives(CreativeRead):
    """List Sponsored TV creatives with how Amazon's review of each stands."""

    creative_id: Annotated[IncludeIds | None, Field(alias="creativeIdFilter")] = None
    ad_group_id: AdGroupIds = None

    pages, total = PAGES, "totalResults"
    said = "moderation of TV videos, video asset"


class GetCreative(CreativeRead, TvGet):
    """Read one Sponsored TV creative, or several with a list of ids."""

    creative_id: Annotated[OneOrMore, Field(alias="creativeIdFilter", examples=["104000000000001"])]

    subject = "creative_id"


class CreativeWrite(ShowsAssets, TvWrite):
    """A video of the asset library: 16:9, 6 to 45 seconds, at least 1920x1080."""

    asset_id: AssetId
    asset_version: Version

    key, states, name_at, made_at = "creatives", DELIVERS_NOTHING, "assetId", ()
    watch = ("assetId", "assetVersion", "adGroupId")

    def named_assets(self) -> Iterable[Named]:
        yield "asset_id", "VIDEO", f"{self.asset_id}:{self.asset_version}"

    @classmethod
    def name_in(cls, record: Mapping[str, Any]) -> str:
        """A video and which version of it: the same one may be there in another."""
        return " ".join(str(record[name]) for name in ("assetId", "assetVersion") if record.get(name))

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield REVIEWED


class CreateCreative(CreativeWrite):
    """Put a video of the asset library, 16:9 and 6 to 45 seconds, into a Sponsored TV ad group."""

    ad_group_id: AdGroupId

    http, does, new_id_at = ROUTES.create, "makes", "creativeId"
    parents = {"ad_group_id": AD_GROUPS}
    irreversible = NO_END

    def lookup(self) -> Mapping[str, Any]:
        return {"profile_id": self.profile_id, "ad_group_id": [self.ad_group_id]}


class UpdateCreative(CreativeWrite):
    """Put another video in the place of a Sponsored TV creative's; it is reviewed again."""

    creative_id: Annotated[ObjectId, Field(examples=["104000000000001"])]

    http, subject = ROUTES.update, "creative_id"


sponsored_tv_creatives = Entity(
    noun="creative",
    lacks={**dict.fromkeys(("delete", "archive"), NO_END), **dict.fromkeys(("pause", "activate"), NO_STATE)},
    list=ListCreatives,
    get=GetCreative,
    create=CreateCreative,
    update=UpdateCreative,
)
