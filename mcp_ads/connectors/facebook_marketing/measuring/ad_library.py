"""The Ad Library: ads of any advertiser, as Meta archives them for the public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing.delivery.geography import COUNTRIES
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import GraphRead, Id
from mcp_ads.core import GET, NONE, Account, Entity
from mcp_ads.core.days import day_of

LEAN = ("id", "page_name", "ad_delivery_start_time", "ad_creative_link_titles")
RANGES = ("spend", "impressions", "estimated_audience_size")
EU_AND_UK = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
POLITICAL = "POLITICAL_AND_ISSUE_ADS"
ENDED = "ads that do not run any more: ad_active_status=ALL shows them"
WIDER = (
    "ads that are not political and reached neither the EU nor the UK: Facebook archives none of these, so "
    "no rows do not mean that there are no ads"
)
MOST_PAGES, MOST_SEARCHED = 10, 100


def _country(text: str) -> str:
    code = text.strip().upper()
    if code not in COUNTRIES | {"ALL"}:
        raise ValueError('a country of two letters, such as US, or "ALL"')
    return code


def _day(value: Any) -> str:
    return str(day_of(value))


def _upper(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


Day = Annotated[
    str | None, BeforeValidator(lambda value: value and _day(value)), Field(examples=["2026-11-01"])
]
Platform = Annotated[
    Literal[
        "FACEBOOK", "INSTAGRAM", "AUDIENCE_NETWORK", "MESSENGER", "WHATSAPP", "OCULUS", "THREADS",
        "STREAMING_SERVICES",
    ],
    BeforeValidator(_upper),
]  # fmt: skip


Countries = Annotated[
    list[Annotated[str, AfterValidator(_country)]],
    Field(min_length=1, description="Countries of two letters that the ads reached."),
]
Words = Annotated[str | None, Field(min_length=1, max_length=MOST_SEARCHED, examples=["raincoat"])]
PageIds = Annotated[
    list[Id] | None, Field(min_length=1, max_length=MOST_PAGES, description="Pages of the advertisers.")
]
AdType = Literal[
    "ALL", "EMPLOYMENT_ADS", "FINANCIAL_PRODUCTS_AND_SERVICES_ADS", "HOUSING_ADS", "POLITICAL_AND_ISSUE_ADS"
]
Running = Annotated[
    Literal["ACTIVE", "ALL", "INACTIVE"], Field(description="ACTIVE: only ads that still run.")
]


class ListAdLibrary(GraphRead):
    """Search the Ad Library for ads of any advertiser, by words or by page.

    It has political and issue ads of all countries, and all ads that reached the EU or the UK; amounts are
    ranges. ad_snapshot_url comes without its token; facebook.com/ads/library/?id=… shows an ad to anybody.
    """

    said = "competitor ads, ads of other advertisers, ad archive, political ads, what does a competitor run"

    ad_reached_countries: Countries = ["ALL"]
    search_terms: Words = None
    search_page_ids: PageIds = None
    ad_type: AdType = "ALL"
    ad_active_status: Running = "ACTIVE"
    ad_delivery_date_min: Day = None
    ad_delivery_date_max: Day = None
    bylines: Annotated[list[str] | None, Field(description="Who paid, for political ads.")] = None
    languages: list[str] | None = None
    media_type: Literal["ALL", "IMAGE", "MEME", "VIDEO", "NONE"] | None = None
    publisher_platforms: list[Platform] | None = None
    search_type: Literal["KEYWORD_UNORDERED", "KEYWORD_EXACT_PHRASE"] | None = None
    unmask_removed_content: bool | None = None

    http, whose = GET("/ads_archive"), NONE
    node, pages, records, lean = "ArchivedAd", CURSOR, "data", LEAN
    aliases = {"countries": "ad_reached_countries", "query": "search_terms", "page_ids": "search_page_ids"}
    sample = {"ad_reached_countries": ["DE"], "search_terms": "raincoat"}

    @model_validator(mode="after")
    def _searches_for_something(self) -> Self:
        if not (self.search_terms and self.search_terms.strip()) and not self.search_page_ids:
            raise ValueError("search_terms: give words to search for, or search_page_ids")
        if (first := self.ad_delivery_date_min) and (last := self.ad_delivery_date_max) and first > last:
            raise ValueError("ad_delivery_date_min: it is after ad_delivery_date_max")
        return self

    def left_out(self) -> str:
        running = self.ad_active_status == "ACTIVE"
        elsewhere = not EU_AND_UK.issuperset(self.ad_reached_countries) and self.ad_type != POLITICAL
        return "; ".join([*([ENDED] if running else []), *([WIDER] if elsewhere else [])])

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        row = dict(super().to_row(record, account))
        return row | {name: _range(row[name]) for name in RANGES if isinstance(row.get(name), Mapping)}


def _range(bounds: Mapping[str, Any]) -> str:
    """Bounds as people write them: 100-199, 1000000 or more, up to 99."""
    low, high = bounds.get("lower_bound"), bounds.get("upper_bound")
    if low is None or high is None:
        return f"up to {high}" if low is None else f"{low} or more"
    return f"{low}-{high}"


ad_library = Entity(noun="ad", list=ListAdLibrary)
