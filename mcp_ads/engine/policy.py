"""What may be changed without asking further: write mode, account scope, budget caps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from ..errors import OutOfScope, OverCap, WritesOff
from ..settings import Caps, Settings
from .audit import AuditLog
from .steps import Budget, Step, money

CAP_SETTINGS = {"day": "MCP_ADS_MAX_DAILY_BUDGET", "lifetime": "MCP_ADS_MAX_LIFETIME_BUDGET"}
PARENTS = "."


def check_mode(settings: Settings) -> None:
    """Raise WritesOff when nothing may be changed."""
    if settings.writes == "off":
        raise WritesOff("writes are switched off (MCP_ADS_WRITES=off)", fix="the user sets MCP_ADS_WRITES=plan")


def check_scope(settings: Settings, step: Step, allowed: tuple[str, ...]) -> None:
    """Raise OutOfScope for a change to something no allowed account owns."""
    if step.account is None and allowed and not settings.unscoped_writes:
        raise OutOfScope(
            f"{step.entity}.{step.action} belongs to no ad account, and only some accounts are allowed",
            fix="the user sets MCP_ADS_UNSCOPED_WRITES=1 to allow it",
        )


def check_caps(caps: Caps, steps: list[Step], audit: AuditLog) -> None:
    """Raise OverCap, one line per budget over a cap, for the steps one by one and for their sum."""
    if not caps:
        return
    lines = [line for step in steps for line in _of_step(caps, step, audit)]
    lines += _of_sum(caps, steps)
    if lines:
        raise OverCap("\n".join(lines), fix="lower the amount, or the user raises the cap")


def _of_step(caps: Caps, step: Step, audit: AuditLog) -> Iterable[str]:
    spending = [each for each in step.budgets if each.rise > 0 and each.per in CAP_SETTINGS]
    if step.delivers and not spending:
        yield f"{step.target or step.noun}: what it would spend cannot be read; create it paused, or change its budget first"
    for budget in spending:
        yield from _over(caps, step, budget)
        yield from _rises_too_fast(caps, step, budget, audit)


def _over(caps: Caps, step: Step, budget: Budget) -> Iterable[str]:
    if not (caps.daily or caps.lifetime):
        return
    known = caps.daily if budget.per == "day" else caps.lifetime
    where = f"{step.noun} {step.target}: {budget.field} {budget.after} {budget.currency}"
    cap = known.get(budget.currency)
    if cap is None:
        yield f"{where}: {CAP_SETTINGS[budget.per]} has no cap for {budget.currency}"
    elif Decimal(budget.after or 0) > cap:
        yield f"{where} is over the cap of {money(cap, budget.currency)} {budget.currency}"


def _rises_too_fast(caps: Caps, step: Step, budget: Budget, audit: AuditLog) -> Iterable[str]:
    if caps.increase_pct is None or budget.before is None or not step.subject:
        return
    lowest = audit.lowest(step.subject, budget.field)
    base = min(each for each in (Decimal(budget.before), lowest) if each is not None)
    if base > 0 and (rise := (Decimal(budget.after or 0) - base) / base * 100) > caps.increase_pct:
        yield (
            f"{step.noun} {step.target}: {budget.field} would be {rise:.0f} % over its lowest of the last 24 hours "
            f"({money(base, budget.currency)} {budget.currency}); at most {caps.increase_pct:f} % are allowed"
        )


def _of_sum(caps: Caps, steps: list[Step]) -> Iterable[str]:
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for step in steps:
        for budget in step.budgets:
            if budget.rise > 0 and PARENTS not in budget.field:
                totals[budget.per, budget.currency] += budget.rise
    for (per, currency), total in totals.items():
        cap = (caps.daily if per == "day" else caps.lifetime).get(currency)
        if cap is not None and total > cap and len(steps) > 1:
            yield f"the {len(steps)} steps together add {money(total, currency)} {currency}, over the cap of {money(cap, currency)}"
