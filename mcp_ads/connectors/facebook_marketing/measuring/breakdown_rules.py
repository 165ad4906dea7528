"""Which breakdowns of insights go together; Facebook refuses the others, or answers nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mcp_ads.core.synonyms import cut

HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
HOURLY_THERE = "hourly_stats_aggregated_by_audience_time_zone"
PLACES = ("publisher_platform", "platform_position", "device_platform", "impression_device")
TOGETHER = (frozenset({"age", "gender"}), frozenset(PLACES), frozenset({"app_id", "skan_conversion_id"}))
"""Any of one of these go together; Meta's pages say so, of device_platform its own interface."""
NEEDS = {"platform_position": "publisher_platform", "impression_device": "publisher_platform"}


def breakdowns(given: Sequence[str] | None) -> Iterable[str]:
    """Mistakes in a list of breakdowns."""
    names = list(given or ())
    if len(set(names)) != len(names):
        yield f"breakdowns: {cut(', '.join(names))}: one is there twice"
    if HOURLY_THERE in names:
        yield (
            f"breakdowns: {HOURLY_THERE} gives no rows unless an account is enrolled for it; use {HOURLY}, "
            "which counts by the account's time zone"
        )
    for name, wanted in NEEDS.items():
        if name in names and wanted not in names:
            yield f"breakdowns: {name} goes only with {wanted}"
    if len(set(names)) > 1 and not any(set(names) <= together for together in TOGETHER):
        forms = "; ".join("+".join(sorted(together)) for together in TOGETHER)
        said = cut(", ".join(names))
        yield f"breakdowns: {said} do not go together: ask for each apart, or for some of one of {forms}"
