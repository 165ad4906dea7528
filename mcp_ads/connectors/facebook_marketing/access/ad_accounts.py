"""Ad accounts the token may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphRead,
    Id,
    wire_fields,
)
from mcp_ads.core import GET, NONE, PARAMETER, POST, Account, Entity

from .spend_caps import CapWrite

LEAN = ("account_id", "name", "account_status", "currency", "timezone_name", "amount_spent_major")
MORE = (
    *LEAN, "balance_major", "spend_cap_major", "min_daily_budget_major", "min_campaign_group_spend_cap_major",
    "disable_reason", "age", "created_time", "timezone_id", "timezone_offset_hours_utc", "business",
    "business_name", "business_country_code", "business_city", "business_state", "business_street",
    "business_street2", "business_zip", "owner", "end_advertiser", "end_advertiser_name", "funding_source",
    "is_personal", "is_prepay_account", "is_tax_id_required", "has_migrated_permissions",
    "default_dsa_payor", "default_dsa_beneficiary", "user_tasks",
)  # fmt: skip
STATUSES = {
    1: "ACTIVE", 2: "DISABLED", 3: "UNSETTLED", 7: "PENDING_RISK_REVIEW", 8: "PENDING_SETTLEMENT",
    9: "IN_GRACE_PERIOD", 100: "PENDING_CLOSURE", 101: "CLOSED", 201: "ANY_ACTIVE", 202: "ANY_CLOSED",
}  # fmt: skip
REASONS = (
    "NONE", "ADS_INTEGRITY_POLICY", "ADS_IP_REVIEW", "RISK_PAYMENT", "GRAY_ACCOUNT_SHUT_DOWN",
    "ADS_AFC_REVIEW", "BUSINESS_INTEGRITY_RAR", "PERMANENT_CLOSE", "UNUSED_RESELLER_ACCOUNT",
    "UNUSED_ACCOUNT",
    "UMBRELLA_AD_ACCOUNT", "BUSINESS_MANAGER_INTEGRITY_POLICY", "MISREPRESENTED_AD_ACCOUNT",
    "AOAB_DESHARE_LEGAL_ENTITY", "CTX_THREAD_REVIEW", "COMPROMISED_AD_ACCOUNT",
)  # fmt: skip
WORDS = {"account_status": STATUSES, "disable_reason": dict(enumerate(REASONS))}
"""What the numbers of a field stand for (Meta docs, Ad Account)."""


class AdAccountRead(GraphRead):
    """Always asks for the currency: amounts of several accounts cannot be shown without their own."""

    node = "AdAccount"

    def to_query(self) -> Mapping[str, Any]:
        return {**super().to_query(), "fields": ",".join(wire_fields((*self.columns(), "currency")))}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        row = super().to_row(record, account)
        said = {name: words.get(row[name], row[name]) for name, words in WORDS.items() if name in row}
        return {**row, **said, "currency": record.get("currency")}


class ListAdAccounts(AdAccountRead):
    """List the ad accounts the token may see, and whether each is active."""

    http, whose = GET("/me/adaccounts"), NONE
    pages, records = CURSOR, "data"
    lean = LEAN


class GetAdAccount(AdAccountRead):
    """Read one ad account: status, currency, time zone, spend and limits."""

    account_id: AdAccountId

    http, subject = GET("/act_{account_id}"), "account_id"
    lean = MORE


class UpdateAdAccount(CapWrite):
    """Change an ad account's name, spend cap or who pays for and benefits from its ads in the EU.

    Facebook allows ten changes of the spend cap a day.
    """

    account_id: AdAccountId
    name: Annotated[str | None, Field(min_length=1)] = None
    default_dsa_payor: Annotated[str | None, Field(max_length=512, description="Who pays.")] = None
    default_dsa_beneficiary: Annotated[
        str | None, Field(max_length=512, description="Whom the ads are for.")
    ] = None
    end_advertiser: Annotated[Id | None, Field(description="The page or app that is advertised.")] = None
    media_agency: Id | None = None
    partner: Id | None = None

    http, subject, whose = POST("/act_{account_id}"), "account_id", PARAMETER
    new_id_at, sample = "account_id", {"spend_cap": "5000 USD"}
    watch, moving = ("name", "account_status", "spend_cap", "amount_spent", "currency"), ("amount_spent",)

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.default_dsa_payor is None) != (self.default_dsa_beneficiary is None):
            raise ValueError("default_dsa_payor and default_dsa_beneficiary: give both, or none")
        return self


ad_accounts = Entity(noun="account", list=ListAdAccounts, get=GetAdAccount, update=UpdateAdAccount)
