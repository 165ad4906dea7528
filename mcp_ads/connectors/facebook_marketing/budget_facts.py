"""What Meta tells of live budgets: those of campaigns, whose ad sets then have none, and those of ad sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.budgets import Budget, BudgetList, Budgets, Rows, Run, run_in
from mcp_ads.core.facts import exact, money, within

ON = ["ACTIVE", "WITH_ISSUES", "IN_PROCESS"]
DAILY, WHOLE, BILLED = "daily_budget_major", "lifetime_budget_major", "billing_event"
FIELDS = ["id", "name", DAILY, WHOLE, "start_time"]
IMPRESSIONS, RARE = "min_daily_budget_imp_major", "min_daily_budget_low_freq_major"
LEAST = {
    "IMPRESSIONS": IMPRESSIONS,
    "LINK_CLICKS": "min_daily_budget_high_freq_major",
    "CLICKS": "min_daily_budget_high_freq_major",
    "THRUPLAY": "min_daily_budget_video_views_major",
}
"""The column with the least daily budget of an ad set, by what it is billed for; RARE for all others."""
Row = Mapping[str, Any]


def live(rows: Rows, account: Account, now: datetime) -> Iterable[Budget]:
    """The budgets of campaigns that run, and of the ad sets in those that have none themselves."""
    least = next(iter(rows.get("minimum_budgets", ())), {})
    inside: dict[str, list[tuple[Row, Run]]] = {}
    for row in rows["ad_sets"]:
        run = run_in(account.timezone, row.get("start_time"), row.get("end_time"), now)
        if run.now:
            inside.setdefault(str(row.get("campaign_id")), []).append((row, run))
    for campaign in rows["campaigns"]:
        id_, name = str(campaign.get("id")), str(campaign.get("name") or "")
        run = run_in(account.timezone, campaign.get("start_time"), campaign.get("stop_time"), now)
        below = inside.get(id_, [])
        if not run.now or not below:
            continue
        if exact(campaign.get(DAILY)) or exact(campaign.get(WHOLE)):
            floor = sum((_least(row, least) for row, _ in below), Decimal())
            run = run if run.ends else Run(run.begins, _last(below), now=True)
            yield _budget("campaigns", "campaign_id", campaign, run, [(id_, name)], floor)
            continue
        for row, own in below:
            ends = min(filter(None, (own.ends, run.ends)), default=None)
            both = Run(own.begins, ends, now=True)
            yield from _own(row, both, (id_, name), _least(row, least))


def _own(row: Row, run: Run, campaign: tuple[str, str], least: Decimal) -> Iterable[Budget]:
    if exact(row.get(DAILY)) or exact(row.get(WHOLE)):
        yield _budget("ad_sets", "adset_id", row, run, [campaign], least)


def _last(below: Sequence[tuple[Row, Run]]) -> date | None:
    """The last day of a campaign that has no end of its own: that of its ad sets."""
    ends = [run.ends for _, run in below]
    known = [end for end in ends if end]
    return max(known) if known and len(known) == len(ends) else None


def _budget(
    entity: str, subject: str, row: Row, run: Run, campaigns: Sequence[tuple[str, str]], least: Decimal
) -> Budget:
    return Budget(
        entity, subject, str(row.get("id")), str(row.get("name") or ""),
        exact(row.get(DAILY)) or None, exact(row.get(WHOLE)) or None, run.begins, run.ends,
        tuple(campaigns), least,
    )  # fmt: skip


def _least(row: Row, least: Row) -> Decimal:
    return money(least.get(LEAST.get(str(within(row, BILLED)), RARE)))


BUDGETS = Budgets(
    (
        BudgetList("campaigns", {"effective_status": ON, "fields": [*FIELDS, "stop_time"]}),
        BudgetList(
            "ad_sets", {"effective_status": ON, "fields": [*FIELDS, "end_time", "campaign_id", BILLED]}
        ),
        BudgetList("minimum_budgets", {"fields": ["currency", *dict.fromkeys([*LEAST.values(), RARE])]}),
    ),
    live,
    step=Decimal(20),
    why="Meta may learn anew after more",
)
"""A larger change may begin learning anew, as the plan of one warns."""
