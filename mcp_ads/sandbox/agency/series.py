"""What campaigns are grouped in above themselves: LinkedIn's campaign groups, Amazon's portfolios."""

from __future__ import annotations

from .clients import Account

SERIES = (
    "Always on", "Launch", "Spring", "Summer", "Autumn", "Winter", "Events", "Partners", "Newcomers", "Brand",
    "Tests", "Retention",
)  # fmt: skip
"""Their names, by the number that campaigns have as `series`."""


def name_of(account: Account, series: int) -> str:
    """As the client's people name it."""
    return f"{account.client.brand} {account.market.code}: {SERIES[series]}"
