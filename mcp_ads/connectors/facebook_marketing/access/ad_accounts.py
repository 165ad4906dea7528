"""Ad accounts the token may see."""

from collections.abc import Mapping
from typing import Any

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, wire_fields
from mcp_ads.core import GET, NONE, Column, Entity

LEAN = ("account_id", "name", "account_status", "currency", "timezone_name", "amount_spent_major")


class AdAccountRead(GraphRead):
    """Always asks for the currency: amounts of several accounts cannot be shown without their own."""

    node = "AdAccount"

    def kinds(self) -> Mapping[str, Column]:
        """Amounts of several currencies are neither compared nor rounded as one."""
        return {}

    def to_query(self) -> Mapping[str, Any]:
        return {**super().to_query(), "fields": ",".join(wire_fields((*self.columns(), "currency")))}


class ListAdAccounts(AdAccountRead):
    """List the ad accounts the token may see. account_status 1 is active, 2 disabled, 3 unsettled."""

    http, whose = GET("/me/adaccounts"), NONE
    pages, records = CURSOR, "data"
    lean = LEAN


class GetAdAccount(AdAccountRead):
    """Read one ad account: status, currency, time zone, spend and limits."""

    account_id: AdAccountId

    http = GET("/act_{account_id}")
    lean = (
        *LEAN,
        "balance_major",
        "spend_cap_major",
        "min_daily_budget_major",
        "disable_reason",
        "business_name",
    )


ad_accounts = Entity(list=ListAdAccounts, get=GetAdAccount)
