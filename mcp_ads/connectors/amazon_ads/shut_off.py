"""What Amazon has shut off, and what took its place; its page of deprecations has the days.

None of it is called: an old path is refused here. Entities people know from it stand at the connector.
"""

from __future__ import annotations

import re

REPORTS, EXPORTS = "reports.run", "exports.run"
BIDS = "bid_recommendations of sponsored_product_keywords and sponsored_product_targets"
ADS = "sponsored_brands_ads.create"
PATHS: tuple[tuple[str, str, str], ...] = (
    (r"/v1/profiles.*", "28 May 2024", "profiles, or /v2/profiles"),
    (r"/v2/portfolios.*", "1 Mar 2025", "portfolios, or /portfolios/list"),
    (r"(/v2)?/(sp|hsa|sd)/\w+/snapshot|(/v2)?(/(sp|hsa|sd))?/snapshots(/.*)?", "15 Dec 2024", EXPORTS),
    (r"/v2/sp/\w+/report", "30 Mar 2023", REPORTS),
    (r"(/v2)?/sd/\w+/report", "31 Oct 2024", REPORTS),
    (r"/v2/hsa/\w+/report|/v2/reports(/.*)?", "", REPORTS),
    (r"/v2/sp/targets/bidRecommendations", "15 May 2025", BIDS),
    (r"/v2/sp/.*bidRecommendations", "27 Mar 2024", BIDS),
    (r"/v1/.*bidRecommendations", "31 Dec 2022", BIDS),
    (r"/v2/sp/targets/productRecommendations", "28 Feb 2023", "sponsored_product_product_recommendations"),
    (r"/v2/sp/targets/brands", "31 Oct 2022", "/sp/negativeTargets/brands/search"),
    (r"/v2/sp/targets/categories.*", "31 Oct 2022", "sponsored_product_target_categories"),
    (r"/v2/sp/.*", "30 Jun 2023", "the entities named sponsored_product_…, or /sp/… of version 3"),
    (r"/v2/hsa/.*", "31 Dec 2022", "the entities named sponsored_brands_…, or /sb/…"),
    (r"/sb/campaigns(/\d+)?", "31 Jan 2024", "sponsored_brands_campaigns, or /sb/v4/campaigns"),
    (r"/sb/v4/ads/productCollection", "30 Nov 2024", f"{ADS} with ad_type manualCollection, autoCollection"),
    (r"/sb/moderation/campaigns/.*", "15 Dec 2025", "moderation_results.list, or /moderation/results"),
    (r"/media/upload", "31 Jan 2024", "assets.list, or /assets/upload and /assets/register"),
    (r"/(.*/)?budgetHistory(/.*)?", "31 Aug 2023", "change_history.list"),
    (r"/(.*/)?diagnostics(/.*)?", "1 Dec 2025", "/recommendations/list"),
    (r"/dsp/(orders|lineItems|creatives)(/.*)?", "30 Sep 2025", "/adsApi/v1/… with adProduct AMAZON_DSP"),
    (r"(/accounts/\w+)?/dsp/reports(/.*)?", "30 Jun 2025", f"{REPORTS} with a type of dsp…"),
    (r"/posts(/.*)?", "", ""),
)
"""Pattern of a whole path, since when it is shut off where a page says so, and what to use instead."""
MEDIA = {
    "vnd.spthemebasedbidrecommendation.v3": ("15 May 2025", "vnd.spthemebasedbidrecommendation.v5"),
}
"""Media types that are no longer answered, and their successors."""


def successor(path: str) -> str:
    """What to say of a path that was shut off; empty for one that is there."""
    for pattern, since, instead in PATHS:
        if re.fullmatch(pattern, path.rstrip("/"), re.IGNORECASE):
            return _said("this", since, f"use {instead}" if instead else "nothing took its place")
    return ""


def newer(media_type: str) -> str:
    """What to say of a media type that was shut off; empty for one that is not."""
    since, instead = MEDIA.get(media_type.removeprefix("application/").removesuffix("+json"), ("", ""))
    return _said("this version", since, f"use application/{instead}+json") if instead else ""


def _said(what: str, since: str, instead: str) -> str:
    return f"Amazon shut {what} off{f' on {since}' if since else ''}; {instead}"
