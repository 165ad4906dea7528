"""What joining or leaving a portfolio does to what a campaign may spend: unspent money shared, caps gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mcp_ads.connectors.amazon_ads.accounts.portfolio_budgets import MORE_SPENT, NO_CAP, SHARING, said
from mcp_ads.connectors.amazon_ads.accounts.portfolios import ListPortfolios
from mcp_ads.connectors.amazon_ads.types import NONE
from mcp_ads.core import Action, dig

JOINS, LEAVES = "the portfolio it joins", "the portfolio it leaves"
Live = Mapping[str, Any]


def reads(profile: str, before: str, later: str | None) -> Mapping[str, Action]:
    """The portfolios a campaign joins and leaves; none where it stays where it is."""
    if later is None or later == (before or NONE):
        return {}
    ids = {JOINS: "" if later == NONE else later, LEAVES: before}
    return {
        name: ListPortfolios.model_construct(profile_id=profile, portfolio_id=[one], fields=["name"])
        for name, one in ids.items()
        if one
    }


def obstacle(live: Live) -> str:
    """Why there is nothing to join."""
    return "portfolio_id: there is no such portfolio in this profile" if live.get(JOINS) == [] else ""


def unpriced(live: Live) -> str:
    """Why nobody knows what it spends there: it may get what others leave, or a cap no longer holds it."""
    if any(name in live and live[name] is None for name in (JOINS, LEAVES)):
        return "what its portfolios let be spent cannot be read"
    joined, left = _one(live, JOINS), _one(live, LEAVES)
    if joined and (shares := dig(joined, f"budgetControls.{SHARING}")) != "DISABLED":
        told = "" if shares == "ENABLED" else ", if it shares, which is not told"
        return f"in {_named(joined)}, with unspent budget sharing, {MORE_SPENT}{told}"
    if left and _is_looser(left.get("budget") or {}, joined.get("budget") or {}):
        return f"without the cap of {_named(left)}, {said(left.get('budget'))}, it may spend more"
    return ""


def warnings(live: Live) -> Iterable[str]:
    """What a person should know of the caps on both sides."""
    joined, left = _one(live, JOINS), _one(live, LEAVES)
    if unknown := unpriced(live):
        yield f"what it may spend is not known: {unknown}"
    if _is_capped(left.get("budget") or {}):
        yield f"it leaves {_named(left)}, and its cap of {said(left['budget'])}"
    if _is_capped(joined.get("budget") or {}):
        yield f"it comes under the cap of {_named(joined)}, {said(joined['budget'])}, which others share"


def in_words(live: Live, later: str | None, *, new: bool) -> Mapping[str, Sequence[str]]:
    """The portfolios by their names."""
    if not (JOINS in live or LEAVES in live):
        return {}
    names = [_named(_one(live, LEAVES)), _named(_one(live, JOINS), later or "")]
    return {"portfolioId": [names[1] if new else f"{names[0]} → {names[1]}"]}


def _one(live: Live, name: str) -> Live:
    return next(iter(live.get(name) or ()), {})


def _named(portfolio: Live, otherwise: str = NONE) -> str:
    if not portfolio:
        return "no portfolio" if otherwise == NONE else f"portfolio {otherwise}"
    number, name = portfolio.get("portfolioId"), json.dumps(portfolio.get("name"), ensure_ascii=False)
    return " ".join(filter(None, ("portfolio", number or otherwise, name)))


def _is_capped(budget: Live) -> bool:
    return budget.get("policy", NO_CAP) != NO_CAP and budget.get("amount") is not None


def _is_looser(before: Live, later: Live) -> bool:
    """Whether more may be spent under one cap than under another."""
    if not _is_capped(before):
        return False
    alike = all(before.get(name) == later.get(name) for name in ("policy", "startDate", "endDate"))
    known = _is_capped(later) and alike
    return not known or Decimal(str(later["amount"])) > Decimal(str(before["amount"]))
