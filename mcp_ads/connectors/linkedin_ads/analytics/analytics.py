"""Analytics: delivery, cost and results of an account over a range of days, by one pivot or up to three."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mcp_ads.core import Entity

from .base import Analytics
from .metrics import REACHED
from .types import Pivots


class AnyAnalytics(Analytics):
    """Read delivery, reach, cost and conversions by up to three pivots, or by who saw the ads.

    pivot is one of ACCOUNT, CAMPAIGN_GROUP, CAMPAIGN, CREATIVE, COMPANY, SHARE, CONVERSION,
    CONVERSATION_NODE, CONVERSATION_NODE_OPTION_INDEX, SERVING_LOCATION, CARD_INDEX, PLACEMENT_NAME,
    IMPRESSION_DEVICE_TYPE, EVENT_STAGE, or a list of up to three of these; or one of who saw the ads:
    MEMBER_COMPANY, MEMBER_COMPANY_SIZE, MEMBER_INDUSTRY, MEMBER_SENIORITY, MEMBER_JOB_TITLE,
    MEMBER_JOB_FUNCTION, MEMBER_COUNTRY_V2, MEMBER_REGION_V2, MEMBER_COUNTY, MEMBER_DESIGNATED_MARKET_AREA.
    Rows have names beside ids.
    """

    q: Annotated[Literal["analytics", "statistics"], Field(description="Follows from pivot.")] = "analytics"  # type: ignore[assignment]
    pivot: Pivots

    said = f"{Analytics.said}, {REACHED}"


analytics = Entity(list=AnyAnalytics)
