"""Analytics: delivery, cost and results of an account over a range of days, by one pivot or up to three."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mcp_ads.core import Entity

from .base import Analytics
from .types import Pivots


class AnyAnalytics(Analytics):
    """Read delivery, cost and conversions by up to three pivots, or by who saw the ads.

    pivot ACCOUNT is one row, or one a day. Names stand beside ids.
    """

    q: Annotated[Literal["analytics", "statistics"], Field(description="Follows from pivot.")] = "analytics"  # type: ignore[assignment]
    pivot: Pivots


analytics = Entity(list=AnyAnalytics)
