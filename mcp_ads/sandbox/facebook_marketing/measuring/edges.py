"""The edges of insights, at once or as reports, of pixels, and of the Ad Library."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating

from . import conversions, events, library, pixels, reports
from .insights import LEVELS

EDGES: Edges = {
    **{f"GET {kind}/insights": reports.at_once for kind in LEVELS},
    **{f"POST {kind}/insights": reports.order for kind in LEVELS},
    "GET run": reports.poll,
    "GET run/insights": reports.results,
    "GET account/adspixels": pixels.listed,
    "POST account/adspixels": creating("pixel", rule=pixels.check_new, fresh=pixels.fresh),
    "GET pixel/stats": pixels.stats,
    "GET dataset_quality": pixels.quality,
    "POST pixel/events": events.post,
    "POST account/customconversions": conversions.create,
    "GET ads_archive": library.search,
}
