"""What an ad is good at: its price, and how many see, click and buy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mcp_ads.sandbox.numbers import between

from .clients import AMAZON, FACEBOOK, LINKEDIN, Account


class Rates(NamedTuple):
    """What a thousand impressions cost, how many are clicked, how many clicks buy, and what one is worth."""

    cpm: float
    ctr: float
    cvr: float
    worth: float


USUAL: Mapping[str, Rates] = {
    FACEBOOK: Rates(11.0, 0.013, 0.05, 62.0),
    LINKEDIN: Rates(42.0, 0.007, 0.12, 90.0),
    AMAZON: Rates(6.5, 0.008, 0.11, 31.0),
}
"""In dollars."""


def rates_of(account: Account, key: tuple[int, ...], theme: str, goal: str) -> Rates:
    """An ad's own, with money in the smallest unit of its account."""
    usual, dollar = USUAL[account.platform], account.market.dollar
    return Rates(
        usual.cpm * dollar * between(0.75, 1.3, *key, "cpm"),
        usual.ctr * between(0.3, 1.5, *key, "ctr") * (1.8 if theme == "brand" else 1),
        usual.cvr * between(0.6, 1.4, *key, "cvr") * (0.5 if goal == "traffic" else 1),
        usual.worth * dollar * between(0.5, 1.5, *key, "worth"),
    )
