"""What Amazon takes for a click in Sponsored Brands: less for images than for video, by the currency.

For a thousand views it takes another amount. Source: Amazon's page on limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from mcp_ads.connectors.amazon_ads.ranges import Ranges, outside
from mcp_ads.core import Amount

BRAND_BIDS: Ranges = {
    "USD": ("0.10", "49"), "CAD": ("0.10", "49"), "MXN": ("0.10", "20000"), "BRL": ("0.53", "200"),
    "GBP": ("0.10", "31"), "EUR": ("0.10", "39"), "SEK": ("0.90", "500"), "PLN": ("0.2", "200"),
    "TRY": ("0.2", "200"), "AED": ("0.40", "184"), "SAR": ("0.40", "184"), "EGP": ("0.7", "400"),
    "ZAR": ("0.7", "350"), "INR": ("1", "500"), "JPY": ("10", "7760"), "AUD": ("0.10", "70"),
    "SGD": ("0.14", "100"),
}  # fmt: skip
VIDEO_BIDS: Ranges = {
    "USD": ("0.25", "49"), "CAD": ("0.15", "49"), "MXN": ("0.15", "20000"), "BRL": ("0.8", "25000"),
    "GBP": ("0.15", "31"), "EUR": ("0.15", "39"), "SEK": ("1.30", "500"), "PLN": ("0.3", "200"),
    "TRY": ("0.3", "200"), "AED": ("0.6", "184"), "SAR": ("0.60", "184"), "EGP": ("1", "400"),
    "ZAR": ("1.1", "350"), "INR": ("1.5", "500"), "JPY": ("15", "7760"), "AUD": ("0.15", "70"),
    "SGD": ("0.2", "1400"),
}  # fmt: skip
VIEW_BIDS: Ranges = {
    **dict.fromkeys(("GBP", "EUR"), ("4", "5000")), "USD": ("8", "5000"), "CAD": ("11", "5000"),
    "MXN": ("80", "800000"), "BRL": ("37", "8000"), "SEK": ("36", "20000"), "PLN": ("92", "8000"),
    "TRY": ("74", "8000"), "AED": ("28", "7360"), "SAR": ("28", "7360"), "EGP": ("160", "16000"),
    "ZAR": ("0.7", "350"), "INR": ("84", "80000"), "JPY": ("560", "310400"), "AUD": ("14", "2800"),
    "SGD": ("6", "4000"),
}  # fmt: skip
"""For a thousand views, by the format that takes the least: images mostly; some countries take more."""


def doubts(bid: Any, campaign: Mapping[str, Any]) -> Iterable[str]:
    """That a bid is for views, and that it is outside the range of what its campaign pays for."""
    if not isinstance(bid, Amount) or bid.relative:
        return
    if campaign.get("costType") == "VCPM":
        yield "its campaign pays by views (VCPM): the bid is for a thousand of them"
        yield from outside("bid", bid, VIEW_BIDS)
        return
    yield from outside("bid", bid, BRAND_BIDS)
    low, high = VIDEO_BIDS.get(bid.currency, ("0", "0"))
    if bid.number < Decimal(low):
        yield f"bid: {bid} is too little for video ads, whose range is {low} to {high} {bid.currency}"


def not_per_click(campaign: Mapping[str, Any]) -> str:
    """Why a bid in a campaign is for something else than a click, or nobody knows that it is for one."""
    if not campaign:
        return "what its campaign pays for could not be read"
    return "its campaign pays by views (VCPM)" if campaign.get("costType") == "VCPM" else ""
