"""The Ad Library: ads of any advertiser, as LinkedIn shows them to the public for a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from mcp_ads.connectors.linkedin_ads import schedule
from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, LinkedPages
from mcp_ads.connectors.linkedin_ads.every_page import every_page
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core import DAY, ID, NONE, TEXT, Account, Column, Context, Entity, Flow, Result, dig
from mcp_ads.core.gaps import Gap

PAGES = LinkedPages("start", "count", "elements", most=25)
COLUMNS = (
    "id", "advertiser", "payer", "type", "first_shown", "last_shown", "impressions_from", "impressions_to",
    "countries", "locations", "languages", "targeted_by", "restricted", "url", "advertiser_url",
)  # fmt: skip
NO_TEXT = (
    "texts and images of the ads: LinkedIn gives none here; `url`, which fields can name, shows them. Dates "
    "and impressions are those of ads served in the EU"
)


class SearchAdLibrary(LinkedinRead):
    """Search LinkedIn's Ad Library for ads of any advertiser, by words, by advertiser, or both.

    LinkedIn filters by nothing else: narrow by country, date or type with where="countries ~ 'DE'".
    """

    said = "competitor ads, ads of other advertisers, what does a competitor run, ad transparency"

    keyword: Annotated[
        str | None, Field(min_length=1, examples=["raincoat"], description="All of these words.")
    ] = None
    advertiser: Annotated[
        str | None, Field(min_length=1, description="An advertiser's name; similar ones are found too.")
    ] = None

    http, whose, spooled = FINDER("/adLibrary"), NONE, True
    pages, records = PAGES, "elements"
    lean = ("id", "advertiser", "type", "first_shown", "last_shown", "impressions_from", "countries")
    known, aliases = COLUMNS, {"query": "keyword", "search_terms": "keyword", "keywords": "keyword"}
    sample = {"keyword": "raincoat"}
    retired: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("countries", "date_range", "ad_type", "advertiser_urn"),
        "LinkedIn ignores or refuses it; use where on countries, last_shown, type or advertiser",
    )

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if self.keyword is None and self.advertiser is None:
            yield "keyword: give words to search for, or advertiser"

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "criteria", **self.sent()}

    def flow(self, context: Context) -> Flow:
        """All rows, for conditions and orders that need them."""
        found, whole = yield from every_page(self.to_request(), PAGES)
        rows = [self.to_row(record, context.account) for record in found]
        cut = f"only the first {len(rows):,} ads were looked at: narrow keyword or advertiser"
        return Result(rows, {} if whole else {"warnings": [Gap(cut)]})

    def left_out(self) -> str:
        return NO_TEXT

    def kinds(self) -> Mapping[str, Column]:
        counts = dict.fromkeys(("impressions_from", "impressions_to"), Column("count"))
        days = {"first_shown": DAY, "last_shown": DAY}
        return {**dict.fromkeys(COLUMNS, TEXT), "id": ID, **days, **counts}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        details = record.get("details") or {}
        numbers, targeting = details.get("adStatistics") or {}, details.get("adTargeting") or []
        url = str(record.get("adUrl") or "")
        return {
            "id": url.rstrip("/").rpartition("/")[2],
            "advertiser": dig(details, "advertiser.advertiserName"),
            "payer": dig(details, "advertiser.adPayer"),
            "type": details.get("type"),
            "first_shown": schedule.shown(numbers.get("firstImpressionAt")),
            "last_shown": schedule.shown(numbers.get("latestImpressionAt")),
            "impressions_from": dig(numbers, "totalImpressions.from"),
            "impressions_to": dig(numbers, "totalImpressions.to"),
            "countries": _countries(numbers.get("impressionsDistributionByCountry") or []),
            "locations": _targeted(targeting, "Location"),
            "languages": _targeted(targeting, "Language"),
            "targeted_by": ", ".join(str(facet.get("facetName")) for facet in targeting) or None,
            "restricted": record.get("isRestricted"),
            "url": url,
            "advertiser_url": dig(details, "advertiser.advertiserUrl"),
        }


def _countries(shares: list[Mapping[str, Any]]) -> str | None:
    """Where it was shown, most first: "DE 61 %, FR 20 %"."""
    first = sorted(shares, key=lambda row: -float(row.get("impressionPercentage") or 0))
    told = (f"{tail(row.get('country')).upper()} {row.get('impressionPercentage')} %" for row in first)
    return ", ".join(told) or None


def _targeted(targeting: list[Mapping[str, Any]], name: str) -> str | None:
    """What a facet includes, and what it excludes, as far as LinkedIn tells."""
    facet = next((row for row in targeting if row.get("facetName") == name), {})
    included = map(str, facet.get("includedSegments") or ())
    excluded = (f"not {segment}" for segment in facet.get("excludedSegments") or ())
    return ", ".join([*included, *excluded]) or None


ad_library = Entity(noun="ad", search=SearchAdLibrary)
