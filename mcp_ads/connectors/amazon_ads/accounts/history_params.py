"""What changes are asked for by: types, kinds of changes, ids and times, and what people call these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.filters import several, words
from mcp_ads.core.runs import run_of
from mcp_ads.core.synonyms import bare

from .history_rows import BUDGETS_LAST, FILTERS

MOST_IDS, FIRST_EPOCH = 500, 10**9
Kind = Literal[
    "CAMPAIGN", "AD_GROUP", "AD", "KEYWORD", "NEGATIVE_KEYWORD", "PRODUCT_TARGETING", "THEME"
]  # fmt: skip
Change = Literal[
    "STATUS", "BUDGET_AMOUNT", "BID_AMOUNT", "NAME", "START_DATE", "END_DATE", "SMART_BIDDING_STRATEGY",
    "PLACEMENT_GROUP", "IN_BUDGET", "CREATED", "PORTFOLIO", "RULE_BASED_BUDGET_VALUE", "APPLICABLE_RULE_NAME",
]  # fmt: skip
KINDS = {
    **{bare(kind): kind for kind in FILTERS}, "productad": "AD", "target": "PRODUCT_TARGETING",
    "targeting": "PRODUCT_TARGETING", "producttarget": "PRODUCT_TARGETING",
}  # fmt: skip
CHANGES = {
    "budget": "BUDGET_AMOUNT", "bid": "BID_AMOUNT", "defaultbid": "BID_AMOUNT", "state": "STATUS",
    "start": "START_DATE", "end": "END_DATE", "bidding": "SMART_BIDDING_STRATEGY",
    "biddingstrategy": "SMART_BIDDING_STRATEGY", "placement": "PLACEMENT_GROUP",
    "outofbudget": BUDGETS_LAST, "budgetrule": "RULE_BASED_BUDGET_VALUE", "rule": "APPLICABLE_RULE_NAME",
}  # fmt: skip


def as_kinds(value: Any) -> Any:
    found = words(value)
    return [KINDS.get(bare(str(word)), word) for word in found] if isinstance(found, list) else found


def as_changes(value: Any) -> Any:
    found = words(value)
    return [CHANGES.get(bare(str(word)), word) for word in found] if isinstance(found, list) else found


def _when(value: str) -> str:
    """A day or a moment. Raises ValueError for the names of several days, and what is no time."""
    if run_of(value, None, "UTC").begins is None or (value.isdecimal() and int(value) < FIRST_EPOCH):
        raise ValueError("write 2026-11-20 or 2026-11-20T09:00; time_range takes last_week, mtd and the like")
    return value


Ids = Annotated[
    list[Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,40}$")]],
    BeforeValidator(several),
    Field(min_length=1, max_length=MOST_IDS),
]
When = Annotated[str, AfterValidator(_when)]
