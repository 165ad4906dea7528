"""Smallest and largest amounts as Amazon publishes them: marketplaces with one currency have one range.

Amazon changes them, so they warn and do not refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from mcp_ads.core import Action, Amount
from mcp_ads.core.action import money_of
from mcp_ads.core.bid_to import BidRange

Ranges = Mapping[str, tuple[str, str]]
BIDS: Ranges = {
    "USD": ("0.02", "1000"), "CAD": ("0.02", "1000"), "MXN": ("0.1", "20000"), "BRL": ("0.07", "3700"),
    "GBP": ("0.02", "1000"), "EUR": ("0.02", "1000"), "SEK": ("0.18", "9300"), "PLN": ("0.04", "2000"),
    "TRY": ("0.05", "2500"), "AED": ("0.24", "184"), "SAR": ("0.10", "3670"), "ZAR": ("1", "7000"),
    "INR": ("1", "5000"), "JPY": ("2", "100000"), "AUD": ("0.02", "1410"), "SGD": ("0.02", "1100"),
    "EGP": ("0.15", "7400"),  # the largest of Sponsored Display: the 5.50 that is printed is doubtful
}  # fmt: skip
BUDGETS: Ranges = {
    "USD": ("1", "1000000"), "CAD": ("1", "1000000"), "MXN": ("1", "21000000"), "BRL": ("1.32", "5300000"),
    "GBP": ("1", "1000000"), "EUR": ("1", "1000000"), "SEK": ("9", "9300000"), "PLN": ("2", "2000000"),
    "TRY": ("2", "2500000"), "AED": ("4", "3700000"), "SAR": ("4", "3700000"), "EGP": ("7", "7400000"),
    "ZAR": ("20", "7000000"), "INR": ("50", "21000000"), "JPY": ("100", "21000000"),
    "AUD": ("1.4", "1500000"), "SGD": ("1.39", "1300000"),
}  # fmt: skip
DISPLAY_BUDGETS: Ranges = {
    **BUDGETS, "SEK": ("1", "1000000"), "PLN": ("1", "1000000"), "TRY": ("2", "2700000"),
    "EGP": ("7", "7600000"), "ZAR": ("6", "7000000"), "SGD": ("4", "1300000"),
}  # fmt: skip
"""Sponsored Display's, of sellers; vendors may spend less."""
BRAND_BUDGETS: Ranges = {
    **BUDGETS, "BRL": ("4", "3700000"), "SEK": ("9", "9400000"), "PLN": ("2", "2400000"),
    "TRY": ("2", "2700000"), "EGP": ("7", "7600000"), "ZAR": ("6", "7000000"), "INR": ("100", "21000000"),
    "SGD": ("4", "3700000"),
}  # fmt: skip
BRAND_RUNS: Ranges = {
    **dict.fromkeys(("USD", "CAD", "GBP", "EUR"), ("100", "20000000")), "MXN": ("1000", "200000000"),
    **dict.fromkeys(("BRL", "AED", "SAR", "SGD"), ("367", "74000000")), "SEK": ("900", "187000000"),
    "PLN": ("200", "47000000"), "TRY": ("250", "53000000"), "EGP": ("750", "151000000"),
    "ZAR": ("650", "140000000"), "INR": ("5000", "200000000"), "JPY": ("10000", "21000000"),
    "AUD": ("141", "28000000"),
}  # fmt: skip
"""What Sponsored Brands takes for a day, and for a campaign's whole run."""


DISPLAY_CPC: Ranges = {
    **BIDS, "SEK": ("0.18", "1000"), "PLN": ("0.02", "1000"), "AED": ("0.2", "3670"), "ZAR": ("0.7", "1000"),
    "AUD": ("0.2", "1000"), "SGD": ("0.14", "1410"),
}  # fmt: skip
DISPLAY_VCPM: Ranges = {
    **dict.fromkeys(("USD", "CAD", "GBP", "EUR", "SEK", "PLN", "AUD"), ("1", "1000")), "MXN": ("5", "20000"),
    "BRL": ("2", "3700"), "TRY": ("1.85", "2500"), "AED": ("1", "3670"), "SAR": ("4", "3670"),
    "EGP": ("5", "7400"), "ZAR": ("1.5", "1000"), "INR": ("4", "5000"), "JPY": ("100", "100000"),
    "SGD": ("4", "1410"),
}  # fmt: skip
DISPLAY_BIDS: Mapping[str, Ranges] = {"cpc": DISPLAY_CPC, "vcpm": DISPLAY_VCPM}
"""Sponsored Display's bids, for a click or for a thousand views, by what the campaign pays for."""


def out_of_range(call: Action, ranges_of: Mapping[str, Ranges]) -> Iterable[str]:
    """Amounts outside the range Amazon publishes for their currency, by what they are for: bid, day,
    lifetime.
    """
    for name, spend in money_of(type(call)).items():
        yield from outside(name, getattr(call, name), ranges_of[spend.per])


def outside(name: str, amount: Any, ranges: Ranges) -> Iterable[str]:
    """That one amount is outside its range."""
    if not isinstance(amount, Amount) or amount.relative or amount.currency not in ranges:
        return
    low, high = ranges[amount.currency]
    if not Decimal(low) <= amount.number <= Decimal(high):
        yield f"{name}: {amount} is outside Amazon's range of {low} to {high} {amount.currency}"


def range_in(ranges: Ranges, currency: str) -> BidRange:
    """The smallest and the largest amount in a currency; neither where none is published."""
    least, most = map(Decimal, ranges[currency]) if currency in ranges else (None, None)
    return BidRange(least, most)
