"""Profiles: one advertiser's account in one country. Every region knows only its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.record_names import OF_PROFILES, PROFILE
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, OF_PROFILE, Camel, upper
from mcp_ads.core import GET, NONE, Account, Context, Entity, Flow, Result, Several, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.columns import Column
from mcp_ads.core.gaps import Gap
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.errors import ApiError

LEAN = (
    "profileId",
    "accountInfo.name",
    "accountInfo.type",
    "countryCode",
    "currencyCode",
    "timezone",
    "region",
)
MORE = (*LEAN, "dailyBudget", "accountInfo.id", "accountInfo.marketplaceStringId", "accountInfo.subType",
        "accountInfo.validPaymentMethod")  # fmt: skip
REGIONS = ("NA", "EU", "FE")
Program = Literal["billing", "campaign", "paymentMethod", "store", "report", "account", "posts"]


class ListProfiles(Camel, KnownRead):
    """List the profiles the user may see, in all regions at once; `region` says which host has each."""

    name: Annotated[
        str | None, Field(exclude=True, min_length=1, description="Part of the account's name.")
    ] = None
    country_code: Annotated[
        str | None,
        BeforeValidator(upper),
        Field(exclude=True, pattern="^[A-Z]{2}$", examples=["US"], description="Such as US or DE."),
    ] = None

    access_level: Annotated[Literal["view", "edit"], Field(description="edit: only those to be changed.")] = (
        "view"
    )
    profile_type_filter: Annotated[
        list[Literal["seller", "vendor", "agency"]] | None, Field(min_length=1)
    ] = None
    valid_payment_method_filter: bool | None = None
    api_program: Program | None = None

    http, lean, whose = GET("/v2/profiles"), LEAN, NONE
    known, alike = PROFILE, OF_PROFILES
    records = "data"  # of the Result: all regions' rows, which a view may cut

    def kinds(self) -> Mapping[str, Column]:
        """Each profile's amount is in a currency of its own: none is compared with another."""
        return {"dailyBudget": Column("number")}

    def flow(self, context: Context) -> Flow:
        asked = self.to_request()
        answers = yield Several([replace(asked, region=region) for region in context.regions])
        told = dict(zip(context.regions, answers, strict=True))
        failed = {region: answer for region, answer in told.items() if isinstance(answer, ApiError)}
        if len(failed) == len(told):
            raise next(iter(failed.values()))
        heard = [region for region in told if region not in failed]
        wanted = [(profile, region) for region in heard for profile in told[region] if self._wants(profile)]
        plain = isinstance(self, AsSent)
        rows = [profile if plain else _row(profile, region) for profile, region in wanted]
        warnings = [Gap(f"region {region} did not answer: {error}") for region, error in failed.items()]
        meta: dict[str, Any] = {"warnings": warnings, "hidden": unasked(context, "profiles")}
        return Result(rows, {name: said for name, said in meta.items() if said})

    def _wants(self, profile: Mapping[str, Any]) -> bool:
        """Whether it has that name and country: Amazon itself filters by neither."""
        called = str(dig(profile, "accountInfo.name") or "").lower()
        country = {"GB": "UK"}.get(self.country_code or "", self.country_code)
        return (self.name or "").lower() in called and country in (None, profile.get("countryCode"))


class GetProfile(Camel, KnownRead):
    """Read one profile, whichever region it is in: account, country, currency, time zone."""

    profile_id: Annotated[str, Field(pattern=r"^[0-9]+$", examples=["3312345678901234"]), OF_PROFILE]

    http, lean, aliases = GET("/v2/profiles/{profile_id}"), MORE, ACCOUNT
    known, alike, subject = PROFILE, OF_PROFILES, "profile_id"

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return _row(record, account.region if account else "")


def unasked(context: Context, what: str) -> str:
    """Whose objects a list leaves out, since their regions are not configured; empty where none is."""
    left = [region for region in REGIONS if region not in context.regions]
    if context.regions == Context.regions or not left:
        return ""
    return f"{what} of {', '.join(left)}: only {', '.join(context.regions)} is asked"


def _row(record: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Ids exceed what JSON numbers hold in most languages, so they are text."""
    return {**record, "profileId": str(record["profileId"]), "region": region}


profiles = Entity(
    list=ListProfiles,
    get=GetProfile,
)
