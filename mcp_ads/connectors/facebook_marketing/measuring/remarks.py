"""What to know of an answer of insights: why it is empty, and what Facebook leaves out without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcp_ads.core.synonyms import cut

from . import breakdown_rules, metrics

if TYPE_CHECKING:
    from .base import Insights

COUNTED_ONCE = ("reach", "frequency", "cpp")
"""What Facebook leaves out, with breakdowns, of days more than 13 months ago."""


def of(call: Insights, columns: Sequence[str], records: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """Lines to know beside the rows."""
    by = call.breakdowns or ()
    yield from breakdown_rules.doubts(by, call.action_breakdowns or ())
    if new := [name for name in call.action_attribution_windows or () if name not in metrics.WINDOWS]:
        yield f"action_attribution_windows: {cut(', '.join(new))}: not known here, so Facebook was asked"
    if not records:
        yield f"no rows: {'; or '.join(_why_empty(call))}"
        return
    lacking = [
        name
        for name in COUNTED_ONCE
        if name in columns and (any if by else all)(name not in record for record in records)
    ]
    if lacking:
        yield (
            f"{', '.join(lacking)}: Facebook did not say; with breakdowns it does for 13 months, and "
            "ads_insights.run may have older ones"
        )
    unsaid = [name for name in by if name in metrics.UNSAID]
    if unsaid and any(metrics.windowed(column)[0] in metrics.COUNTED for column in columns):
        yield f"by {', '.join(unsaid)} Facebook leaves out what happened off its platforms, such as purchases"


def blank(columns: Sequence[str], records: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """A line about columns of Facebook's own that no record has, and that are no 0 for that."""
    plain = (name for name in columns if name not in metrics.KINDS and not metrics.windowed(name)[1])
    if none := [name for name in plain if records and all(record.get(name) is None for record in records)]:
        yield f"{', '.join(none)}: empty, as Facebook gave none: nothing of it happened, or it is not told"


def _why_empty(call: Insights) -> Iterable[str]:
    """What may be the reason, the likeliest first."""
    if closed := [name for name in call.breakdowns or () if name in breakdown_rules.OPT_IN]:
        yield (
            f"{', '.join(closed)} gives rows only to accounts enrolled for it in Ads Manager; a report "
            "(ads_insights.run) may have them, ten a day"
        )
    named = [name for name in ("campaign_id", "adset_id", "ad_id") if getattr(call, name)]
    if named:
        yield f"what {' and '.join(named)} name delivered nothing in these days, or is none of this account's"
    if call.filtering:
        yield "nothing passes filtering"
    if not named:
        yield "nothing was delivered in these days"
