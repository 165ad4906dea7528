"""What may be changed without asking further: write mode, account scope, budget caps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from mcp_ads.core import Write
from mcp_ads.core.money import offset
from mcp_ads.engine.changes.steps import PEAK, Budget, Step, money
from mcp_ads.engine.changes.sums import hurried, paid, peaks
from mcp_ads.engine.records.lately import a_day
from mcp_ads.engine.records.store import Audit
from mcp_ads.engine.wire.authority import authority
from mcp_ads.errors import OutOfScope, OverCap, WritesOff
from mcp_ads.settings import Caps, Settings

CAP_SETTINGS = {"day": "MCP_ADS_MAX_DAILY_BUDGET", "lifetime": "MCP_ADS_MAX_LIFETIME_BUDGET"}
AMOUNTS = {"day": "a day", "lifetime": "for a whole run"}
SWITCHED_OFF = {
    "MCP_ADS_WRITES": ("MCP_ADS_WRITES=off", "set MCP_ADS_WRITES=plan"),
    "connect": ('by this program: connect(writes="off")', 'the program connects with writes="plan"'),
}
Lows = Mapping[tuple[str, str], Decimal]

LOWER = "lower the amount, or raise the cap in the settings"
WHERE_UNKNOWN = (
    "no rise passes a cap while that is not known: have it read, or take the caps out of the settings"
)


def check_mode(settings: Settings, *, sends: bool) -> None:
    """Raise WritesOff when nothing may be changed, or not by this caller; `sends` says it is carried out."""
    if settings.writes == "off":
        where, fix = SWITCHED_OFF[settings.writes_by]
        raise WritesOff(f"writes are switched off ({where})", fix=fix)
    if settings.closed:
        raise WritesOff(settings.closed, fix="whoever runs the server finds the mistake in its log")
    authority().check_change(sends=sends)


def check_raw(settings: Settings, kind: type[Write]) -> None:
    """Raise WritesOff for a change somebody wrote out, where the user has not allowed it or sees no plan."""
    if kind.raw and settings.writes == "direct":
        raise WritesOff(
            "raw requests that change something need a plan, and there is none where writes go out directly",
            fix="set MCP_ADS_WRITES=plan, where no entity has this",
        )
    if kind.raw and not settings.raw_writes:
        raise WritesOff(
            "raw requests that change something are switched off",
            fix="set MCP_ADS_RAW_WRITES=1, where no entity has this",
        )


def check_scope(settings: Settings, step: Step, allowed: tuple[str, ...], holder: str = "") -> None:
    """Raise OutOfScope for a change to something no allowed account owns, but perhaps another `holder`."""
    whose = authority().whose_list
    if step.account is None and allowed and (whose or not settings.unscoped_writes):
        raise OutOfScope(
            f"{step.entity}.{step.action} belongs to {f'a {holder} and ' if holder else ''}no ad account, "
            "and only some accounts are allowed",
            fix=f"{whose} are all there is here"
            if whose
            else "the user sets MCP_ADS_UNSCOPED_WRITES=1 to allow it",
        )


def check_caps(caps: Caps, steps: list[Step], audit: Audit) -> None:
    """Raise OverCap, one line per budget over a cap, for the steps one by one and for their sum."""
    if not caps:
        return
    if caps.increase_pct is not None:
        _check_measurable(steps, audit)
    lows: Lows = audit.lately().lowest if caps.increase_pct is not None else {}
    lines = [line for step in steps for line in _of_step(caps, step, lows)]
    lines += _of_sum(caps, steps)
    if lines:
        unknown = any(step.spend_unknown for step in steps)
        raise OverCap(
            "\n".join(dict.fromkeys(lines)), fix=WHERE_UNKNOWN if unknown else authority().over_cap or LOWER
        )


def _check_measurable(steps: list[Step], audit: Audit) -> None:
    """Raise OverCap for a rise when the log it is measured by is not whole: nobody knows where it began."""
    rising = [
        step for step in steps if any(_rises(one) and (step.subject or one.before) for one in step.budgets)
    ]
    if rising and (why := audit.gap()):
        raise OverCap(
            f"{rising[0].target}: rises are capped, and the audit log of this day is not whole: {why}",
            fix=f"put back what was {audit.place}, or set MCP_ADS_MAX_BUDGET_INCREASE_PCT otherwise; "
            "`mcp-ads audit verify` says where the log is broken",
        )


def _rises(budget: Budget) -> bool:
    return bool(budget.pace) or (budget.given and budget.pays and budget.rise > 0)


def _of_step(caps: Caps, step: Step, lows: Lows) -> Iterable[str]:
    if step.spend_unknown:
        yield f"{step.action} {step.target}: {step.spend_unknown}, and budgets are capped"
    for budget in step.budgets:
        yield from _too_dense(caps, step, budget)
        yield from _too_hasty(caps, step, budget, lows)
        begins = step.delivers and budget.live and budget.pays and budget.after
        if begins and budget.rise <= 0:
            yield from _over(caps, step, budget)
        if budget.rise > 0 and budget.per in CAP_SETTINGS:
            yield from _over(caps, step, budget)
            yield from _too_fast(caps, step, budget, lows)


def _over(caps: Caps, step: Step, budget: Budget) -> Iterable[str]:
    if not (caps.daily or caps.lifetime):
        return
    cap = _cap(caps, budget.per, budget.currency)
    where = f"{step.target}: {budget.field} {budget.amount}"
    if cap is None:
        currency = budget.currency or "this currency"
        whose = f"the {authority().kind} {authority().name} may set no budget"
        yield (
            f"{where}: {whose} in {currency} {AMOUNTS[budget.per]}"
            if authority().over_cap
            else f"{where}: {CAP_SETTINGS[budget.per]} has no cap for {currency}"
        )
    elif Decimal(budget.after or 0) > cap:
        yield f"{where} is over the cap of {money(cap, budget.currency)} {budget.currency}"


def _too_dense(caps: Caps, step: Step, budget: Budget) -> Iterable[str]:
    """An amount for a whole run, spent in the days that are left of it, is held against the cap of a day."""
    cap = _cap(caps, "day", budget.currency)
    if budget.pace and cap is not None and Decimal(budget.pace) > cap:
        yield (
            f"{step.target}: {budget.field} {budget.amount} comes to {budget.pace} {budget.currency} a day "
            f"in the days left, over the cap of {money(cap, budget.currency)} {budget.currency} a day"
        )


def _too_fast(caps: Caps, step: Step, budget: Budget, lows: Lows) -> Iterable[str]:
    """Rises are measured from the lowest of the last 24 hours, so that many small ones do not add up: nor do
    those of a daily budget and of what raises it for some time.
    """
    measured, set_here = step.subject or budget.before, budget.given and budget.pays
    if caps.increase_pct is None or not measured or not (set_here or budget.role == PEAK):
        return
    owners = [owner for owner, one in peaks(step) if one is budget]
    keys = [(step.subject, budget.field), *((owner, PEAK) for owner in owners)]
    known = [Decimal(budget.before or 0), *(lows.get(key, Decimal(0)) for key in keys)]
    base = min([amount for amount in known if amount > 0], default=None)
    where = f"{step.target}: {budget.field}"
    if base is None:
        if set_here:
            yield f"{where} has no amount to measure a rise from, and rises are capped"
    elif (rise := (Decimal(budget.after or 0) - base) / base * 100) > caps.increase_pct:
        yield (
            f"{where} would be {rise:.0f} % over its lowest of the last 24 hours "
            f"({money(base, budget.currency)} {budget.currency}); at most {caps.increase_pct:f} % are allowed"
        )


def _too_hasty(caps: Caps, step: Step, budget: Budget, lows: Lows) -> Iterable[str]:
    """The same for what an amount for a whole run comes to a day; what begins to be spent has no rise."""
    began = not budget.given and budget.before is None
    if caps.increase_pct is None or not step.subject or not (budget.pace and budget.pays) or began:
        return
    known = [
        Decimal(budget.paced or 0),
        lows.get((budget.whose or step.subject, a_day(budget.field)), Decimal(0)),
    ]
    base = min([amount for amount in known if amount > 0], default=None)
    where = f"{step.target}: {budget.field} {budget.amount} comes to {budget.pace} {budget.currency} a day"
    if base is None:
        if not budget.given:
            yield f"{where} and had no pace to measure a rise from, and rises are capped"
        return
    exact = Decimal(budget.pace) - Decimal(1) / offset(budget.currency)  # both were rounded up
    if (rise := (exact - base) / base * 100) > caps.increase_pct:
        yield (
            f"{where}, {rise:.0f} % over its lowest of the last 24 hours "
            f"({money(base, budget.currency)} {budget.currency}); at most {caps.increase_pct:f} % are allowed"
        )


def _of_sum(caps: Caps, steps: list[Step]) -> Iterable[str]:
    """A line for each cap the steps exceed together, less what they free; a parent's budget counts once."""
    totals: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for budget in paid(steps):
        if budget.rise > 0 or budget.live:
            totals[budget.per, budget.currency].append(budget.rise)
    for currency, more in hurried(steps):
        totals["day", currency].append(more)
    for (per, currency), rises in totals.items():
        cap, added = _cap(caps, per, currency), sum(rises, Decimal(0))
        if cap is not None and added > cap and len(rises) > 1:
            yield (
                f"together the steps add {money(added, currency)} {currency}"
                f"{' a day' if per == 'day' else ''}, over the cap of {money(cap, currency)} {currency}"
            )


def _cap(caps: Caps, per: str, currency: str) -> Decimal | None:
    return (caps.daily if per == "day" else caps.lifetime).get(currency)
