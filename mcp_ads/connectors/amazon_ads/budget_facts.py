"""What Amazon tells of live budgets: those of campaigns of all products, and the caps of their portfolios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.budgets import Budget, BudgetList, Budgets, Limit, Rows, run_in
from mcp_ads.core.facts import exact, within

from .accounts.portfolio_budgets import NO_CAP, RANGE
from .dialect import AGENCY
from .fixes import TV_COUNTRIES
from .ranges import BRAND_BUDGETS, DISPLAY_BUDGETS, Ranges
from .ranges import BUDGETS as PRODUCT_BUDGETS

LIFETIME = "LIFETIME"


@dataclass(frozen=True)
class Product:
    """The campaigns of one product: their list, where they have their budget, and what Amazon takes."""

    entity: str
    budget: str
    ranges: Ranges
    typed: bool = True
    portfolios: bool = True
    tv: bool = False


PRODUCTS = (
    Product("sponsored_product_campaigns", "budget.budget", PRODUCT_BUDGETS, typed=False),
    Product("sponsored_brands_campaigns", "budget", BRAND_BUDGETS),
    Product("sponsored_display_campaigns", "budget", DISPLAY_BUDGETS),
    Product("sponsored_tv_campaigns", "budget", PRODUCT_BUDGETS, typed=False, portfolios=False, tv=True),
)


def live(rows: Rows, account: Account, now: datetime) -> Iterable[Budget]:
    """The budgets of enabled campaigns that run, each under the cap of its portfolio."""
    caps = dict(_caps(rows.get("portfolios", ()), account, now))
    for product in PRODUCTS:
        for row in rows.get(product.entity, ()):
            run = run_in(account.timezone, row.get("startDate"), row.get("endDate"), now)
            amount = exact(within(row, product.budget))
            if not run.now or not amount:
                continue
            whole = product.typed and str(row.get("budgetType")).upper() == LIFETIME
            id_, name = str(row.get("campaignId")), str(row.get("name") or "")
            cap = caps.get(str(row.get("portfolioId")))
            yield Budget(
                product.entity, "campaign_id", id_, name,
                None if whole else amount, amount if whole else None, run.begins, run.ends,
                ((id_, name),), Decimal(product.ranges.get(account.currency, ("1", ""))[0]),
                (cap,) if cap else (),
            )  # fmt: skip


def _caps(
    portfolios: Iterable[Mapping[str, Any]], account: Account, now: datetime
) -> Iterable[tuple[str, Limit]]:
    """The caps that count now, by portfolio."""
    for row in portfolios:
        policy, amount = within(row, "budget.policy"), exact(within(row, "budget.amount"))
        begins = within(row, "budget.startDate") if policy == RANGE else None
        if amount and policy not in (None, NO_CAP):
            run = run_in(account.timezone, begins, within(row, "budget.endDate"), now)
            if run.now:
                yield str(row.get("portfolioId")), Limit(str(row.get("portfolioId")), amount)


def _there(account: Account, product: Product | None) -> bool:
    """Whether a profile may have such campaigns: an agency's has none, and TV is in some countries."""
    elsewhere = product and product.tv and account.country and account.country not in TV_COUNTRIES
    return account.kind != AGENCY and not elsewhere


def _list(product: Product) -> BudgetList:
    fields = ["campaignId", "name", product.budget, "startDate", "endDate"]
    fields += ["budgetType"] if product.typed else []
    fields += ["portfolioId"] if product.portfolios else []
    there = partial(_there, product=product)
    return BudgetList(product.entity, {"state": ["ENABLED"], "fields": fields}, there, absent=product.tv)


CAPS = [f"budget.{name}" for name in ("policy", "amount", "startDate", "endDate")]
BUDGETS = Budgets(
    (
        *map(_list, PRODUCTS),
        BudgetList("portfolios", {"fields": ["portfolioId", *CAPS]}, partial(_there, product=None)),
    ),
    live,
    step=Decimal(30),
    why="our default: Amazon names no limit, and budgets count by the day",
)
