"""What the parameters of reports are: pivots, posts and the vendor's order."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads.urns import items
from mcp_ads.core import Span

from .pivots import understood

SORTED = {
    "COST_IN_LOCAL_CURRENCY": "costInLocalCurrency",
    "IMPRESSIONS": "impressions",
    "CLICKS": "clicks",
    "ONE_CLICK_LEADS": "oneClickLeads",
    "OPENS": "opens",
    "SENDS": "sends",
    "EXTERNAL_WEBSITE_CONVERSIONS": "externalWebsiteConversions",
}
"""The fields LinkedIn sorts by, and the metric that each is."""
_POST = re.compile(r"urn:li:(share|ugcPost):[0-9]+")
_ORDER = re.compile(r"\(?(?:field:)?([A-Za-z_]+)(?:,(?:order:)?([A-Za-z]+))?\)?")


def _posts(value: Any) -> list[str]:
    """URNs of posts; digits alone are those of a share."""
    found = [f"urn:li:share:{item}" if item.isdecimal() else item for item in items(value)]
    wrong = next((item for item in found if not _POST.fullmatch(item)), None)
    if wrong is not None or not found:
        raise ValueError(f"{str(wrong)[:60]!r} does not fit; write urn:li:share:… or urn:li:ugcPost:…")
    return found


def _order(value: Any) -> Any:
    """(field:CLICKS,order:DESCENDING), the same as an object, or the field alone."""
    if isinstance(value, dict) and value.keys() <= {"field", "order"}:
        value = ",".join(str(value.get(name, "")) for name in ("field", "order") if value.get(name))
    found = _ORDER.fullmatch("".join(value.split())) if isinstance(value, str) else None
    field, order = (found[1].upper(), (found[2] or "DESCENDING").upper()) if found else ("", "")
    if field not in SORTED or order not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"write {{field, order}}: field one of {', '.join(SORTED)}, order DESCENDING")
    return {"field": field, "order": order}


Pivots = Annotated[
    list[str],
    BeforeValidator(understood),
    Field(
        examples=["CAMPAIGN_GROUP"],
        description="ACCOUNT: one row, or one a day; CAMPAIGN, CREATIVE, … up to three; MEMBER_… alone.",
    ),
]
Range = Annotated[
    Span,
    Field(description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31, in UTC."),
]
Metrics = Annotated[
    list[str] | None,
    Field(
        exclude=True,
        description="LinkedIn's metrics (videoViews, opens, …), and cost, leads, conversions (website "
        "conversions and leads), conversion_value, cpc, cpm, cost_per_lead, cost_per_conversion, roas, reach "
        "(approximateMemberReach: over at most 92 days, not by ACCOUNT or MEMBER_…), frequency; in percent "
        "ctr, landing_page_ctr, engagement_rate, conversion_rate, lead_form_completion_rate, "
        "video_view_rate, open_rate.",
    ),
]
Posts = Annotated[list[str] | None, BeforeValidator(_posts), Field(description="Posts, as URNs.")]
Order = Annotated[
    dict[str, str] | None,
    BeforeValidator(_order),
    Field(description="LinkedIn's own {field: COST_IN_LOCAL_CURRENCY, order: DESCENDING}."),
]
Granularity = Annotated[
    Literal["ALL", "DAILY", "MONTHLY", "YEARLY"],
    Field(description="One row in all, or one a day, month, year."),
]
