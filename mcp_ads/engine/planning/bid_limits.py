"""Bids changed by so much or so many percent, held against what a platform takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Amount, Write, dig
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.money import plain


def beyond(asked: Write, call: Write, live: Mapping[str, Any], currency: str) -> str:
    """Why the platform would refuse what a relative bid comes to; empty where it would not, or nobody knows.

    `call` is what was `asked`, settled, and `live` has the bid that counts. Where that is out of the range
    that is known, the range says nothing.
    """
    for name, spend in money_of(type(call)).items():
        given, bid = getattr(asked, name), getattr(call, name)
        now = spend.major(dig(live, live_path(type(call), name)), currency)
        if spend.per != "bid" or not isinstance(given, Amount) or not given.relative or now is None:
            continue
        known = call.bid_range(live, currency)
        low = known.least is not None and bid.number < known.least <= now
        high = known.most is not None and now <= known.most < bid.number
        if known.strict and (low or high):
            limit = f"at least {known.least}" if low else f"at most {known.most}"
            comes = f"{given} comes to {plain(bid.number, currency)} {currency}"
            return f"{name}: {comes}, and bids are {limit} {currency} here"
    return ""
