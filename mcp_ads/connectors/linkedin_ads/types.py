"""What LinkedIn's parameters are: ids, names, statuses, money, schedules."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from mcp_ads.core import Amount, Spend

from . import schedule
from .urns import Urn

AccountId = Annotated[
    str,
    Urn("sponsoredAccount"),
    Field(exclude=True, examples=["512345678"], description="Ad account id, or its URN."),
]
"""Stands in most paths; where it goes elsewhere, each method has another name for it."""
Object = dict[str, Any]
Name = Annotated[str, Field(min_length=1, max_length=255, examples=["Spring sale"])]
Names = Annotated[list[str] | None, Field(description="Whole names, as they are.")]
Order = Annotated[
    Literal["ASCENDING", "DESCENDING"] | None, Field(description="By id; DESCENDING is newest first.")
]
Status = Literal["ACTIVE", "PAUSED", "ARCHIVED"]
DailyBudget = Annotated[
    Amount | None,
    Spend("day", "object"),
    Field(description='"50 USD", "+20%", or a number in the account\'s currency.'),
]
TotalBudget = Annotated[
    Amount | None,
    Spend("lifetime", "object"),
    Field(description='"500 USD", "+20%", or a number; needs run_schedule.end.'),
]
Bid = Annotated[
    Amount | None,
    Spend("bid", "object", whole=False),
    Field(description='"4.50 USD": your bid, cap or target cost; "0 USD" when LinkedIn bids.'),
]
RunSchedule = Annotated[
    Object,
    BeforeValidator(schedule.parse),
    Field(
        examples=[{"start": "2027-01-01", "end": "2027-01-31"}],
        description='start, and end (last day, "none": no end): ISO dates or times in UTC; start not past.',
    ),
]
_Objective = Literal[
    "BRAND_AWARENESS", "ENGAGEMENT", "WEBSITE_VISIT", "WEBSITE_CONVERSION", "LEAD_GENERATION", "VIDEO_VIEW",
    "JOB_APPLICANT", "TALENT_LEAD", "WEBSITE_TRAFFIC", "CREATIVE_ENGAGEMENT", "CONVERSATION_STARTER",
]  # fmt: skip


def _singular(value: Any) -> Any:
    """LinkedIn's pages also print WEBSITE_VISITS and the like; its API takes the singular alone."""
    if not isinstance(value, str):
        return value
    word = value.strip().upper().replace("-", "_").replace(" ", "_").removesuffix("S")
    return word if word in get_args(_Objective) else value


Objective = Annotated[_Objective, BeforeValidator(_singular)]
_LOCALE = re.compile(r"(?P<language>[a-z]{2})[_-](?P<country>[a-z]{2})", re.IGNORECASE)


def locale_of(given: Any) -> Any:
    """Country and language in two letters, also where they stand in one word. Raises ValueError."""
    found = _LOCALE.fullmatch(given.strip()) if isinstance(given, str) else None
    both = found.groupdict() if found else given
    is_whole = isinstance(both, dict) and both.keys() == {"country", "language"}
    if not is_whole or not all(re.fullmatch("[A-Za-z]{2}", str(word)) for word in both.values()):
        raise ValueError('write both in two letters: {"country": "DE", "language": "de"}')
    return {"country": both["country"].upper(), "language": both["language"].lower()}
