"""Amounts with a currency's sign: $100 is 100 USD. A shared sign means the best known of its currencies.

An amount in another currency than the account's is refused, so that a shared sign never passes for another.
"""

from __future__ import annotations

import re

from .currencies import SYMBOLS

_SIGN = "|".join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len, reverse=True))
_BEFORE = re.compile(rf"([+-]?)\s*({_SIGN})\s*(\d+(?:\.\d+)?)", re.ASCII)
_AFTER = re.compile(rf"([+-]?)\s*(\d+(?:\.\d+)?)\s*({_SIGN})", re.ASCII)


def spelled_out(text: str) -> str:
    """An amount with its currency's code instead of its sign; any other text as it is."""
    if found := _BEFORE.fullmatch(text):
        return f"{found[1]}{found[3]} {SYMBOLS[found[2]][0]}"
    if found := _AFTER.fullmatch(text):
        return f"{found[1]}{found[2]} {SYMBOLS[found[3]][0]}"
    return text
