"""What a rule does by itself, as a sentence: when it looks, at what, what it does then, how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .ad_rule_specs import LEVELS

Spec = Mapping[str, Any]
DOES = {
    "NOTIFICATION": "notifies about", "PAUSE": "pauses", "UNPAUSE": "switches on",
    "CHANGE_BUDGET": "changes the budget of", "CHANGE_CAMPAIGN_BUDGET": "changes the budget of",
    "CHANGE_BID": "changes the bid of", "ROTATE": "switches to the next one of",
    "REBALANCE_BUDGET": "pauses, and gives the budget to others than,",
    "PING_ENDPOINT": "calls the app's webhook about",
}  # fmt: skip
SIGNS = {
    "GREATER_THAN": ">", "LESS_THAN": "<", "EQUAL": "=", "NOT_EQUAL": "!=", "IN_RANGE": "within",
    "NOT_IN_RANGE": "outside",
}  # fmt: skip
WHEN = {"DAILY": "each day at midnight", "HOURLY": "every hour", "SEMI_HOURLY": "every half hour"}
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
HOUR = 60


def sentence(specs: Spec) -> str:
    """What a rule of these specs does by itself; its amounts are to be in words already."""
    evaluated, executed = specs.get("evaluation_spec") or {}, specs.get("execution_spec") or {}
    kind, options = str(executed.get("execution_type")), _by_field(executed.get("execution_options"))
    named, trigger = _by_field(evaluated.get("filters")), evaluated.get("trigger")
    when = _trigger(trigger) if isinstance(trigger, Mapping) else _when(specs)
    what, ids = LEVELS.get(str(named.get("entity_type")), "objects"), named.get("id")
    where = " and ".join(_conditions(evaluated.get("filters") or []))
    if isinstance(ids, list):
        what = f"{what} {', '.join(map(str, ids))}"
    else:
        what = f"{what if where else f'ALL {what} of the account'} (those made later too)"
    over = f", over {named['time_preset']}" if "time_preset" in named else ""
    change = options.get("change_spec")
    by = f" by {_change(change)}" if isinstance(change, Mapping) else ""
    rest = f" where {where}{over}" if where else ""
    return f"by itself, {when}: {DOES.get(kind, kind)} {what}{by}{rest}{_often(options)}"


def _by_field(rows: Any) -> dict[str, Any]:
    """The values of conditions or options by their fields."""
    known = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return {str(row.get("field")): row.get("value") for row in known}


def _when(specs: Spec) -> str:
    spec = specs.get("schedule_spec") or {}
    if spec.get("schedule_type") != "CUSTOM":
        return WHEN.get(str(spec.get("schedule_type")), str(spec.get("schedule_type")))
    return " and ".join(_times(entry) for entry in spec.get("schedule") or () if isinstance(entry, Mapping))


def _times(entry: Spec) -> str:
    names = [WEEKDAYS[day] if day in range(len(WEEKDAYS)) else str(day) for day in entry.get("days") or ()]
    days = f"on {', '.join(names)}" if names else "each day"
    if "start_minute" not in entry:
        return f"{days} every half hour"
    start, end = entry["start_minute"], entry.get("end_minute", entry["start_minute"])
    return f"{days} at {_clock(start)}" if start == end else f"{days} from {_clock(start)} to {_clock(end)}"


def _clock(minute: Any) -> str:
    return f"{minute // HOUR:02}:{minute % HOUR:02}" if isinstance(minute, int) else str(minute)


def _trigger(trigger: Spec) -> str:
    about = " ".join(str(trigger[name]) for name in ("field", "operator", "value") if name in trigger)
    return f"whenever {trigger.get('type')}{f' ({about})' if about else ''}"


def _conditions(conditions: Any) -> Iterator[str]:
    known = [row for row in conditions if isinstance(row, Mapping)] if isinstance(conditions, list) else []
    shown = [row for row in known if row.get("field") not in ("entity_type", "id", "time_preset")]
    for row in shown:
        value, operator = row.get("value"), str(row.get("operator"))
        said = ", ".join(map(str, value)) if isinstance(value, list) else value
        yield f"{row.get('field')} {SIGNS.get(operator, operator)} {said}"


def _change(spec: Spec) -> str:
    amount = f"{spec.get('amount')} %" if spec.get("unit") == "PERCENTAGE" else str(spec.get("amount"))
    if target := spec.get("target_field"):
        amount = f"what brings {target} to {spec.get('amount')}"
    limit = spec.get("limit")
    bound = f"{limit[0]} to {limit[1]}" if isinstance(limit, list) and len(limit) > 1 else limit
    return f"{amount}, {f'limit {bound}' if bound else 'without a limit'}"


def _often(options: Spec) -> str:
    count, pause = options.get("execution_count_limit"), options.get("action_frequency")
    often = f"at most {count} times each" if count else "as often as that is so"
    return f"; {often}{f', {pause} minutes apart' if pause else ''}"
