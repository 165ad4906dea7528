"""Automated rules: what Graph says to their specs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.tables import node_fields

NODES = {
    "evaluation_spec": "AdRuleEvaluationSpec",
    "execution_spec": "AdRuleExecutionSpec",
    "schedule_spec": "AdRuleScheduleSpec",
}
ONE = ("GREATER_THAN", "LESS_THAN", "EQUAL", "NOT_EQUAL", "CONTAIN", "NOT_CONTAIN")
SEVERAL = ("IN", "NOT_IN", "ANY", "ALL", "NONE", "IN_RANGE", "NOT_IN_RANGE")
LEVEL_OF = {
    "CHANGE_BUDGET": "ADSET",
    "CHANGE_CAMPAIGN_BUDGET": "CAMPAIGN",
    "CHANGE_BID": "ADSET",
    "REBALANCE_BUDGET": "ADSET",
    "ROTATE": "AD",
}
ON_TRIGGER = ("NOTIFICATION", "PAUSE", "UNPAUSE", "PING_ENDPOINT")
ACTIONS = (
    *ON_TRIGGER, *LEVEL_OF, "ADD_INTEREST_RELAXATION", "ADD_QUESTIONNAIRE_INTERESTS",
    "AD_RECOMMENDATION_APPLY", "AUDIENCE_CONSOLIDATION", "AUDIENCE_CONSOLIDATION_ASK_FIRST", "DCO",
    "INCREASE_RADIUS", "UPDATE_CREATIVE", "UPDATE_LAX_BUDGET", "UPDATE_LAX_DURATION",
)  # fmt: skip
OPTIONS = {
    "user_ids", "alert_preferences", "change_spec", "rebalance_spec", "execution_count_limit",
    "action_frequency",
}  # fmt: skip
ENTRY, CHANGE = {"start_minute", "end_minute", "days"}, {"amount", "unit", "limit", "target_field"}
PRESET = re.compile(
    r"TODAY|YESTERDAY|LIFETIME|MAXIMUM|LAST_\d+(D|_DAYS)|(THIS|LAST)_(MONTH|QUARTER|YEAR)|"
    r"(THIS|LAST)_WEEK(_(SUN|MON)_(TODAY|SAT|SUN))?"
)
NUMERIC = re.compile(
    r".*(spent|cp[acmp]|cost_per[\w.]*|_budget|budget_remaining|bid_amount|spend_cap|_roas|impressions|reach|"
    r"frequency|clicks|ctr|results|offsite_conversion\S*)"
)
STATS = (
    "spent",
    "impressions",
    "reach",
    "frequency",
    "results",
    "clicks",
    "ctr",
    "link_ctr",
    "cpa",
    "cost_per",
)


def check(call: Call, sent: Body) -> None:
    """The rule as it would be; a spec that is sent has to be a whole one."""
    for name, node in NODES.items():
        if odd := set(sent.get(name) or {}) - node_fields(node):
            raise invalid(f"Param {name} has the unknown key {min(odd)}")
    after = {**call.node, **sent} if call.kind == "rule" else sent
    filters = _filters(after["evaluation_spec"])
    kind, does = _kinds(after)
    if kind == "SCHEDULE":
        _check_schedule(after.get("schedule_spec") or {})
    elif does not in ON_TRIGGER or not isinstance(after["evaluation_spec"].get("trigger"), dict):
        raise invalid(f"A TRIGGER rule needs a trigger, and does one of {', '.join(ON_TRIGGER)}")
    if filters.get("entity_type", LEVEL_OF.get(does)) != LEVEL_OF.get(does, filters.get("entity_type")):
        raise invalid(f"{does} applies to {LEVEL_OF[does]} only")
    _check_options(does, after["execution_spec"].get("execution_options") or [])


def _kinds(rule: Body) -> tuple[str, str]:
    kind, does = rule["evaluation_spec"].get("evaluation_type"), rule["execution_spec"].get("execution_type")
    if kind not in ("SCHEDULE", "TRIGGER"):
        raise invalid("Param evaluation_spec[evaluation_type] must be one of {SCHEDULE, TRIGGER}")
    if does not in ACTIONS:
        raise invalid(f"Param execution_spec[execution_type] must be one of {{{', '.join(ACTIONS)}}}")
    return kind, does


def _filters(spec: Body) -> Body:
    filters = spec.get("filters")
    if not isinstance(filters, list) or not filters:
        raise invalid("Param evaluation_spec[filters] must be an array with at least one filter")
    named = dict(_filter(index, row) for index, row in enumerate(filters))
    if not {"entity_type", "id"} & set(named):
        raise invalid("evaluation_spec needs a filter entity_type or id")
    if "time_preset" not in named and any(str(name).rpartition(".")[2] in STATS for name in named):
        raise invalid("evaluation_spec needs a filter time_preset for insights")
    return named


def _filter(index: int, row: Any) -> tuple[str, Any]:
    if not isinstance(row, dict) or set(row) != {"field", "operator", "value"}:
        raise invalid(f"Param evaluation_spec[filters][{index}] must have field, operator, value")
    several = row["operator"] in SEVERAL
    if not several and row["operator"] not in ONE:
        raise invalid(
            f"Param evaluation_spec[filters][{index}][operator] must be one of {{{', '.join(ONE)}}}"
        )
    if isinstance(row["value"], list) is not several or _is_text_for_a_number(row):
        raise invalid(f"Param evaluation_spec[filters][{index}][value] is not one of {row['operator']}")
    return row["field"], row["value"]


def _is_text_for_a_number(row: Body) -> bool:
    """Amounts are numbers in minor units, what is measured is a number; a time has one of the known names."""
    values = row["value"] if isinstance(row["value"], list) else [row["value"]]
    if row["field"] == "time_preset":
        return not PRESET.fullmatch(str(row["value"]))
    numbers = all(re.fullmatch(r"-?\d+(\.\d+)?", str(one)) for one in values)
    return bool(NUMERIC.fullmatch(str(row["field"]))) and not numbers


def _check_schedule(spec: Body) -> None:
    kind, entries = spec.get("schedule_type"), spec.get("schedule") or []
    if kind not in ("DAILY", "HOURLY", "SEMI_HOURLY", "CUSTOM"):
        raise invalid(
            "Param schedule_spec[schedule_type] must be one of {DAILY, HOURLY, SEMI_HOURLY, CUSTOM}"
        )
    if (kind == "CUSTOM") is not bool(entries):
        raise invalid("Param schedule_spec[schedule] goes with schedule_type CUSTOM")
    if odd := next((key for entry in entries for key in set(entry) - ENTRY), ""):
        raise invalid(f"Param schedule_spec[schedule] has the unknown key {odd}")
    if any(minute % 30 or not 0 <= minute <= 1440 for entry in entries for minute in _minutes(entry)):
        raise invalid("Param schedule_spec[schedule] must be in multiples of 30 minutes")


def _minutes(entry: Body) -> Iterator[int]:
    yield from (entry[name] for name in ("start_minute", "end_minute") if name in entry)


def _check_options(does: str, options: list[Body]) -> None:
    given = {
        option.get("field"): option.get("value") for option in options if option.get("operator") == "EQUAL"
    }
    if len(given) != len(options):
        raise invalid("Param execution_spec[execution_options] must have different fields, with EQUAL")
    change = given.get("change_spec") or {}
    if odd := {*(set(given) - OPTIONS), *(set(change) - CHANGE)}:
        raise invalid(f"Param execution_spec[execution_options] has the unknown {min(odd)}")
    people = given.get("user_ids", [])
    if not isinstance(people, list) or not all(str(one).isdecimal() for one in people):
        raise invalid("Param user_ids must be a list of ids")
    if isinstance(change.get("limit"), list) is not ("target_field" in change) and "limit" in change:
        raise invalid("change_spec[limit] is one number, or two with target_field")
    amount = change.get("amount")
    if does.startswith("CHANGE") and (isinstance(amount, bool) or not isinstance(amount, int | float)):
        raise invalid("change_spec[amount] must be a number")
    if does.startswith("CHANGE") and "target_field" not in change and "unit" not in change:
        raise invalid("change_spec needs unit")
