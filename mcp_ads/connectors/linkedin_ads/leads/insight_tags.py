"""Insight Tags: LinkedIn's script on the advertiser's site, which sees visitors and counts conversions."""

from collections.abc import Mapping
from typing import Any, Literal

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.core import Account, Entity

from .base import of_account, plain_times

LEAN = ("id", "firstPartyTrackingEnabled", "sponsoredAccounts", "created", "lastModified")


class ListInsightTags(LinkedinRead):
    """List the Insight Tags of one ad account; `tag` is the script for the site. Times are UTC."""

    said = "insight tag, pixel, tracking script, partner id, website tag"

    q: Literal["account"] = "account"
    account_id: AccountId

    http, pages, records, lean = FINDER("/insightTags"), OFFSET, "elements", LEAN
    known = (*LEAN, "tag")

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "account", "account": of_account(self.account_id)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return super().to_row(plain_times(record), account)


insight_tags = Entity(list=ListInsightTags)
