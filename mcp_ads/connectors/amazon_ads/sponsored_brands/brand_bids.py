"""What Amazon takes for a click in Sponsored Brands: less for images than for video, by the currency."""

from __future__ import annotations

from mcp_ads.connectors.amazon_ads.ranges import Ranges

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
