"""What LinkedIn tells of live budgets: those of campaigns, and those that a campaign group shares out.

A group's own daily budget counts instead of its campaigns'; its total is their limit, unless they have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.budgets import Budget, BudgetList, Budgets, Limit, Rows, Run, run_in
from mcp_ads.core.facts import exact, within

DAILY, WHOLE = "dailyBudget.amount", "totalBudget.amount"
START, END = "runSchedule.start", "runSchedule.end"
FIELDS = ["id", "name", DAILY, WHOLE, START, END]
LEAST = Decimal(10)
"""About the least that LinkedIn takes a day, in most currencies; a plan asks for the exact one."""
Row = Mapping[str, Any]


def live(rows: Rows, account: Account, now: datetime) -> Iterable[Budget]:  # noqa: ARG001
    """The budgets of groups that share one, and of the campaigns in all other groups that run."""
    inside: dict[str, list[tuple[Row, Run]]] = {}
    for row in rows["campaigns"]:
        if (run := _run(row, now)).now:
            inside.setdefault(str(row.get("campaign_group_id")), []).append((row, run))
    for group in rows["campaign_groups"]:
        run, named = _run(group, now), _named(group)
        below = inside.get(named[0], [])
        if not run.now or not below:
            continue
        daily, whole = exact(within(group, DAILY)), exact(within(group, WHOLE))
        bare = all(not exact(within(row, DAILY)) and not exact(within(row, WHOLE)) for row, _ in below)
        if daily or (whole and bare):
            campaigns = [named, *(_named(row) for row, _ in below)]
            yield _budget("campaign_groups", "campaign_group_id", group, run, campaigns)
            continue
        limits = (Limit(named[0], whole),) if whole else ()
        for row, own in below:
            ends = min(filter(None, (own.ends, run.ends)), default=None)
            if exact(within(row, DAILY)) or exact(within(row, WHOLE)):
                both = Run(own.begins, ends, now=True)
                yield _budget("campaigns", "campaign_id", row, both, [_named(row), named], limits)


def _run(row: Row, now: datetime) -> Run:
    return run_in("UTC", within(row, START), within(row, END), now)


def _named(row: Row) -> tuple[str, str]:
    return str(row.get("id")), str(row.get("name") or "")


def _budget(
    entity: str,
    subject: str,
    row: Row,
    run: Run,
    campaigns: Iterable[tuple[str, str]],
    limits: tuple[Limit, ...] = (),
) -> Budget:
    daily, whole = exact(within(row, DAILY)) or None, exact(within(row, WHOLE)) or None
    return Budget(
        entity, subject, *_named(row), daily, whole, run.begins, run.ends, tuple(campaigns), LEAST, limits
    )


ON = {"status": ["ACTIVE"]}
BUDGETS = Budgets(
    (
        BudgetList("campaign_groups", {**ON, "fields": FIELDS}),
        BudgetList("campaigns", {**ON, "fields": [*FIELDS, "campaign_group_id"]}),
    ),
    live,
    step=Decimal(30),
    why="our default: LinkedIn names no limit, and its pacing settles within a day",
)
