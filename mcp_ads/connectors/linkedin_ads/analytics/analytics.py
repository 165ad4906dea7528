"""Analytics: delivery, cost and results of an account over a range of days, by one pivot or up to three."""

from __future__ import annotations

from mcp_ads.core import Entity

from .base import Analytics
from .types import Pivots


class AnyAnalytics(Analytics):
    """Read delivery, cost and conversions by up to three pivots, or by who saw the ads.

    pivot ACCOUNT is one row, or one a day. Names stand beside ids.
    """

    pivot: Pivots


analytics = Entity(list=AnyAnalytics)
