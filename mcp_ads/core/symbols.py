"""Currencies by their signs: $100 is 100 USD. A shared sign means the best known of its currencies."""

from __future__ import annotations

import re

SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "MX$": "MXN", "R$": "BRL", "NT$": "TWD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₫": "VND", "฿": "THB",
    "₱": "PHP", "₴": "UAH", "zł": "PLN",
}  # fmt: skip
"""An amount in another currency than the account's is refused, so a shared sign never passes for another."""
_SIGN = "|".join(re.escape(each) for each in SIGNS)
_BEFORE = re.compile(rf"([+-]?)\s*({_SIGN})\s*(\d+(?:\.\d+)?)", re.ASCII)
_AFTER = re.compile(rf"([+-]?)\s*(\d+(?:\.\d+)?)\s*({_SIGN})", re.ASCII)


def spelled_out(text: str) -> str:
    """An amount with its currency's code instead of its sign; any other text as it is."""
    if found := _BEFORE.fullmatch(text):
        return f"{found[1]}{found[3]} {SIGNS[found[2]]}"
    if found := _AFTER.fullmatch(text):
        return f"{found[1]}{found[2]} {SIGNS[found[3]]}"
    return text
