"""How good a pixel's events are, and which events live ad sets optimise for although none come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.types import AdAccountId
from mcp_ads.core import COUNT, GET, TEXT, Column, Context, Entity, Flow, Request, Result, dig
from mcp_ads.core.gaps import Gap
from mcp_ads.core.page_records import records_in
from mcp_ads.core.runs import moment
from mcp_ads.errors import ApiError, AuthError, PlatformDown, RateLimited

from .about_pixels import OwnColumns, PixelId, every_record
from .pixel_stats import counted

DAYS = 7
QUALITY = (
    "web{event_name,event_match_quality{composite_score,match_key_feedback{identifier,coverage{percentage}},"
    "diagnostics{name,description,solution,percentage}},event_coverage{percentage,goal_percentage,"
    "description},dedupe_key_feedback{dedupe_key,browser_events_with_dedupe_key{percentage},"
    "server_events_with_dedupe_key{percentage}},data_freshness{upload_frequency,description},"
    "acr{percentage,description}}"
)
LIVE = ["ACTIVE", "IN_PROCESS", "WITH_ISSUES"]
STANDARD = {
    "ADD_PAYMENT_INFO": "AddPaymentInfo", "ADD_TO_CART": "AddToCart", "ADD_TO_WISHLIST": "AddToWishlist",
    "COMPLETE_REGISTRATION": "CompleteRegistration", "CONTACT": "Contact", "CONTENT_VIEW": "ViewContent",
    "CUSTOMIZE_PRODUCT": "CustomizeProduct", "DONATE": "Donate", "FIND_LOCATION": "FindLocation",
    "INITIATED_CHECKOUT": "InitiateCheckout", "LEAD": "Lead", "PURCHASE": "Purchase",
    "SCHEDULE": "Schedule", "SEARCH": "Search", "START_TRIAL": "StartTrial",
    "SUBMIT_APPLICATION": "SubmitApplication", "SUBSCRIBE": "Subscribe",
}  # fmt: skip
"""What an ad set calls an event -> what the pixel sends (Meta docs, Meta Pixel standard events)."""
USUAL = (
    "event_name", "events_7d", "match_quality", "freshness", "coverage_percent", "dedupe_percent", "ad_sets",
    "problem",
)  # fmt: skip
COLUMNS: Mapping[str, Column] = {
    "event_name": TEXT, "events_7d": COUNT, "match_quality": Column("number"), "freshness": TEXT,
    "coverage_percent": Column("percent"), "dedupe_percent": Column("percent"), "ad_sets": COUNT,
    "problem": TEXT, "acr_percent": Column("percent"), "match_keys": TEXT, "diagnostics": TEXT,
}  # fmt: skip


@dataclass
class Found:
    """What was read about each event, by its name, and what could not be."""

    quality: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    volume: Counter[str] | None = None
    used: Counter[str] | None = None
    warnings: list[str] = field(default_factory=list)

    def rows(self) -> list[dict[str, Any]]:
        """A row for each event, those with a problem first."""
        known = dict.fromkeys([*self.quality, *(self.volume or ()), *(self.used or ())])
        rows = [_row(event, self) for event in known]
        if not rows and not self.warnings:
            self.warnings.append(f"no events: none came in {DAYS} days, and no live ad set uses the pixel")
        return sorted(rows, key=lambda row: (not row["problem"], -(row["ad_sets"] or 0), row["event_name"]))


class ListPixelQuality(OwnColumns):
    """Show how fresh and well matched each event of a pixel is, and which live ad sets wait for in vain.

    match_quality is 0 to 10 and, as freshness, of website events that the Conversions API sends; ad_sets are
    the account's live ones that optimise for the event. `problem` names what has no volume in 7 days.
    """

    said = (
        "event match quality, emq, data freshness, deduplication, conversions api health, pixel problem, "
        "event without volume, is the pixel firing"
    )

    account_id: Annotated[AdAccountId, Field(exclude=True)]
    pixel_id: Annotated[PixelId, Field(exclude=True)]

    http, records, aliases = GET("/dataset_quality"), "web", {"dataset_id": "pixel_id"}
    usual, declared = USUAL, COLUMNS

    def to_query(self) -> Mapping[str, Any]:
        return {"dataset_id": self.pixel_id, "fields": QUALITY}

    def flow(self, context: Context) -> Flow:
        found = Found()
        web = yield from _allowed(_asked(self.to_request()), "match quality and freshness", found)
        found.quality = {str(row.get("event_name")): row for row in web or ()}
        yield from _volume(self.pixel_id, context, found)
        yield from _used(self.pixel_id, self.account_id, found)
        meta = {"warnings": found.warnings} if found.warnings else {}
        return Result(found.rows(), meta, columns=self.columns())


def _volume(pixel_id: str, context: Context, found: Found) -> Generator[Request, Any, None]:
    """Count the events of the last days."""
    zone = context.account.timezone if context.account else "UTC"
    since = moment(str(context.today - timedelta(days=DAYS)), zone, last=False)
    query = {"aggregation": "event_total_counts", "start_time": int(since.timestamp()) if since else 0}
    request = Request("GET", f"/{pixel_id}/stats", query)
    hours = yield from _allowed(every_record(request), f"how many events came in {DAYS} days", found)
    if hours is None:
        return
    found.volume = Counter()
    for row in (row for hour in hours for row in counted(hour)):
        found.volume[str(row["event"])] += int(row["count"] or 0)


def _used(pixel_id: str, account_id: str, found: Found) -> Generator[Request, Any, None]:
    """Count the live ad sets of the account that optimise for each event of the pixel."""
    query = {"effective_status": LIVE, "fields": "promoted_object"}
    request = Request("GET", f"/act_{account_id}/adsets", query)
    sets = yield from _allowed(every_record(request), "which events live ad sets use", found)
    if sets is None:
        return
    promoted = [aim for ad_set in sets for aim in _aims(ad_set.get("promoted_object") or {})]
    named = [_event(aim) for aim in promoted if str(aim.get("pixel_id")) == pixel_id]
    found.used = Counter(filter(None, named))
    if untold := named.count(""):
        found.warnings.append(
            f"{untold} live ad sets use the pixel by a rule or a custom conversion: which events these "
            "wait for is not told here"
        )
    if shops := sum("product_set_id" in aim and "pixel_id" not in aim for aim in promoted):
        found.warnings.append(
            f"{shops} live ad sets name a product set and no pixel: whether they wait for events of this "
            "one is not told here"
        )


def _aims(promoted: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """What an ad set optimises for; one for several channels has its pixels in a list of them."""
    pixels = dig(promoted, "omnichannel_object.pixel")
    return [{**promoted, **pixel} for pixel in pixels if isinstance(pixel, dict)] if pixels else [promoted]


def _asked(request: Request) -> Generator[Request, Any, tuple[list[dict[str, Any]], bool]]:
    """The one answer there is."""
    answer = yield request
    return records_in(answer, "web"), True


def _allowed(
    reading: Generator[Request, Any, tuple[list[dict[str, Any]], bool]], what: str, found: Found
) -> Generator[Request, Any, list[dict[str, Any]] | None]:
    """The records; None, with a warning of what is not known, where Facebook refuses to show them."""
    try:
        records, whole = yield from reading
    except (PlatformDown, RateLimited):
        raise
    except ApiError as error:
        if isinstance(error, AuthError) and error.sign_in:
            raise
        fix = f" ({error.fix})" if error.fix else ""
        found.warnings.append(f"{what}: not known, Facebook refused: {error}{fix}")
        return None
    if not whole:
        found.warnings.append(Gap(f"{what}: only the first {len(records):,} records were read"))
    return records


def _event(aim: Mapping[str, Any]) -> str:
    """The event an ad set optimises for, by the pixel's name; empty where a rule says which."""
    if aim.get("custom_conversion_id") or aim.get("pixel_rule"):
        return ""
    kind = str(aim.get("custom_event_type") or "")
    return str(aim.get("custom_event_str") or "") or STANDARD.get(kind, kind)


def _row(event: str, found: Found) -> dict[str, Any]:
    row = found.quality.get(event, {})
    volume = found.volume[event] if found.volume is not None else None
    ad_sets = found.used[event] if found.used is not None else None
    return {
        "event_name": event,
        "events_7d": volume,
        "match_quality": dig(row, "event_match_quality.composite_score"),
        "freshness": dig(row, "data_freshness.upload_frequency"),
        "coverage_percent": dig(row, "event_coverage.percentage"),
        "dedupe_percent": _least_shared(row.get("dedupe_key_feedback") or ()),
        "ad_sets": ad_sets,
        "problem": _problem(volume, ad_sets),
        "acr_percent": dig(row, "acr.percentage"),
        "match_keys": {
            key.get("identifier"): dig(key, "coverage.percentage")
            for key in dig(row, "event_match_quality.match_key_feedback") or ()
        },
        "diagnostics": dig(row, "event_match_quality.diagnostics"),
    }


def _least_shared(feedback: Iterable[Mapping[str, Any]]) -> Any:
    """Of the best key, the share of events that have it on the side where fewer do."""
    sides = ("browser_events_with_dedupe_key.percentage", "server_events_with_dedupe_key.percentage")
    shares = [[dig(key, side) for side in sides] for key in feedback]
    return max((min(share) for share in shares if None not in share), default=None)


def _problem(volume: int | None, ad_sets: int | None) -> str:
    if volume == 0 and ad_sets:
        sets = "live ad set optimises" if ad_sets == 1 else "live ad sets optimise"
        return f"{ad_sets} {sets} for it, and none came in {DAYS} days"
    return ""


pixel_quality = Entity(noun="event", list=ListPixelQuality)
