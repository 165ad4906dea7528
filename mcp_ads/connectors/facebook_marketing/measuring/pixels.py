"""Pixels (datasets): what sends Facebook the events that ads are optimised for and measured by."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.inside import pixels as pixels_of
from mcp_ads.connectors.facebook_marketing.types import (
    BUSINESS,
    AdAccountId,
    GraphGet,
    GraphRead,
    GraphWrite,
)
from mcp_ads.core import GET, POST, Entity
from mcp_ads.core.owner import Inside

from .about_pixels import PixelId, PixelWrite

LEAN = ("id", "name", "last_fired_time", "is_unavailable")
MORE = (
    *LEAN, "creation_time", "creator", "data_use_setting", "enable_automatic_matching",
    "automatic_matching_fields", "first_party_cookie_status", "is_crm", "owner_ad_account", "owner_business",
)  # fmt: skip
MatchedBy = Literal["country", "ct", "db", "em", "external_id", "fn", "ge", "ln", "ph", "st", "zp"]


class ListPixels(GraphRead):
    """List the pixels an ad account may use, with when each last sent an event."""

    account_id: AdAccountId
    sort_by: Literal["LAST_FIRED_TIME", "NAME"] | None = None

    http = GET("/act_{account_id}/adspixels")
    node, pages, records, lean = "AdsPixel", CURSOR, "data", LEAN
    said = "dataset, is the pixel firing, last fired, tracking"


class GetPixel(GraphGet):
    """Read one pixel: when it last fired, what it matches people by, who owns it."""

    pixel_id: PixelId

    http, whose = GET("/{pixel_id}"), BUSINESS
    node, subject, lean = "AdsPixel", "pixel_id", MORE

    def inside(self) -> Iterable[Inside]:
        return (Inside("pixel_id", self.pixel_id, pixels_of),)


class CreatePixel(GraphWrite):
    """Create the pixel of an ad account, which has one at most. Facebook cannot delete it."""

    account_id: AdAccountId
    name: Annotated[str, Field(min_length=1, examples=["Shop"])]

    http, does = POST("/act_{account_id}/adspixels"), "makes"
    irreversible = "Facebook cannot delete pixels"

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "creation_time"]}


class UpdatePixel(PixelWrite):
    """Change a pixel's name, what its data is for, and what it matches people by."""

    name: Annotated[str | None, Field(min_length=1)] = None
    data_use_setting: Literal["ADVERTISING_AND_ANALYTICS", "ANALYTICS_ONLY", "EMPTY"] | None = None
    enable_automatic_matching: Annotated[
        bool | None, Field(description="Whether people are also matched by what they fill into forms.")
    ] = None
    automatic_matching_fields: Annotated[
        list[MatchedBy] | None, Field(description="The whole list: what is left out is not used any more.")
    ] = None
    first_party_cookie_status: (
        Literal["EMPTY", "FIRST_PARTY_COOKIE_DISABLED", "FIRST_PARTY_COOKIE_ENABLED"] | None
    ) = None

    http, subject = POST("/{pixel_id}"), "pixel_id"
    watch, sample = ("name", "is_unavailable"), {"name": "Shop"}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.data_use_setting == "ANALYTICS_ONLY":
            yield "ads are no longer optimised or targeted by its events"
        if self.enable_automatic_matching or self.automatic_matching_fields:
            yield "Facebook reads these from the site's forms: the site's privacy notice has to say so"


pixels = Entity(list=ListPixels, get=GetPixel, create=CreatePixel, update=UpdatePixel)
