"""Amounts within the range of the profile's marketplace."""

from __future__ import annotations

from collections.abc import Iterator

from .errors import Problem
from .market import limits
from .resources import Draft


def budget(draft: Draft, amount: float, at: str, of: str = "budget") -> Iterator[Problem]:
    """A daily budget that the marketplace does not allow; `of` names another family's range."""
    low, high = limits(draft.call.profile, of)
    if amount < low:
        yield draft.problem("budgetError", "BUDGET_TOO_LOW", f"must be at least {low:g}", at, amount)
    elif amount > high:
        yield draft.problem("budgetError", "BUDGET_TOO_HIGH", f"must be at most {high:g}", at, amount)
