"""What a bid is paid for, and how large a platform takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bid_to import BidRange


class Bidding:
    """Of a write that sets a bid: what has to be known to work one out from clicks."""

    def not_per_click(self, live: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Why this object, as it is now, bids for something else than a click; empty where it is for one."""
        return ""

    def bid_range(self, live: Mapping[str, Any], currency: str) -> BidRange:  # noqa: ARG002
        """The smallest and the largest bid that are taken for this object, in major units."""
        return BidRange()
