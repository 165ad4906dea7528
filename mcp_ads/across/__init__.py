"""Questions over all platforms at once: the connector `ads`, answered from reads of each platform."""

from __future__ import annotations

from mcp_ads.connectors import connector
from mcp_ads.core import Offer

ads = Offer(
    name="ads",
    title="All platforms",
    package=__name__,
    about="All ad platforms and accounts in one answer",
    words=(
        (
            "performance",
            "which campaigns waste money, spend, ROAS, CPA, leads, weekly report, compared with last week",
        ),
        ("pacing", "budget pacing"),
        ("accounts", "all ad accounts"),
        ("objects", "find campaigns by name"),
        ("delivery_issues", "disapproved ads"),
        ("search_terms", "search terms"),
    ),
    entities=(
        ("performance", "Spend, conversions, ROAS of all accounts in one table, compared.", "performance"),
        ("pacing", "Month's spend against each client's budget, forecast; plans changes.", "pacing"),
        ("accounts", "Every ad account there is, with currency, time zone and status.", "accounts"),
        ("objects", "Campaigns, ad groups and ads of all accounts, found by name, id or text.", "objects"),
        (
            "delivery_issues",
            "What is disapproved, limited, out of budget or stuck, and why.",
            "delivery_issues",
        ),
        ("search_terms", "Amazon search terms to bid on, or to negate; plans it.", "search_terms"),
        ("plans", "One plan of several writes, on any platforms, for one approval.", "plans"),
    ),
    also={"list": "search"},
)
ALSO = ("ads", "all", "all_platforms", "all_ads")
"""What people call all platforms together."""


def is_ads(name: str) -> bool:
    """Whether a person who writes this means the questions over all platforms."""
    return "_".join(str(name).lower().replace("-", " ").replace("_", " ").split()) in ALSO


def offer(name: str) -> Offer:
    """What can be asked under this name: over all platforms, or of one. Raises UnknownAction."""
    return ads if is_ads(name) else connector(name)
