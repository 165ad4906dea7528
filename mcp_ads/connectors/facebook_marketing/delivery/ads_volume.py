"""Ads volume: how many ads run or are in review, against the limit of a page."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, Id
from mcp_ads.core import COUNT, GET, Column, Entity

OF_PAGE = ("ads_running_or_in_review_count", "limit_on_ads_running_or_in_review")
OF_ACCOUNT = "current_account_ads_running_or_in_review_count"
BY_ACTOR = ("actor_id", "actor_name", OF_ACCOUNT, *OF_PAGE)


class GetAdsVolume(GraphRead):
    """Count the ads that run or are in review, by page, with the page's limit where Facebook tells it.

    A page's count is over all ad accounts that advertise for it, and the current account's its own part.
    Without show_breakdown_by_actor there is one row for the account. Source: Meta's docs, Ads Volume;
    facebook-business 26.0.3, AdAccount.get_ads_volume.
    """

    account_id: AdAccountId
    page_id: Annotated[Id | None, Field(description="One page only.")] = None
    show_breakdown_by_actor: Annotated[bool, Field(description="A row for each page; else one.")] = True

    http = GET("/act_{account_id}/ads_volume")
    node, pages, records, lean = "AdAccountAdVolume", CURSOR, "data", BY_ACTOR
    said = "ad limit per page, how many ads are running, ads in review"

    def columns(self) -> tuple[str, ...]:
        by_actor = self.show_breakdown_by_actor or self.page_id
        return super().columns() if self.fields or by_actor else OF_PAGE

    def kinds(self) -> Mapping[str, Column]:
        return {OF_ACCOUNT: COUNT, OF_PAGE[0]: Column("number"), OF_PAGE[1]: Column("number")}


ads_volume = Entity(get=GetAdsVolume)
