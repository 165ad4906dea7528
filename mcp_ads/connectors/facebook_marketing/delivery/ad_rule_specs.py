"""The grammar of an automated rule, checked before it is sent: what it looks at, what it does, when.

From Meta's pages on ad rules: evaluation spec, execution spec, change spec, schedule-based and trigger-based
rules. Names of fields that are not known here pass; what a known one needs is demanded. Keys and words of
which Meta has a closed list are taken from it: a slip in one would leave a rule without its limit.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.core.synonyms import close_to, cut

from .ad_rule_fields import PRESET, SPAN, is_measured, odd_value

Spec = Mapping[str, Any]
FORM = '{"field": "spent", "operator": "GREATER_THAN", "value": "50 USD"}'
PARTS = {"field", "operator", "value"}
MEASURED = ("GREATER_THAN", "LESS_THAN", "EQUAL", "NOT_EQUAL")
RANGED, LISTED = ("IN_RANGE", "NOT_IN_RANGE"), ("IN", "NOT_IN", "ANY", "ALL", "NONE")
OPERATORS = (*MEASURED, *RANGED, *LISTED, "CONTAIN", "NOT_CONTAIN")
LEVELS = {"AD": "ads", "ADSET": "ad sets", "CAMPAIGN": "campaigns"}
QUIET = frozenset({"NOTIFICATION", "PAUSE", "PING_ENDPOINT"})
"""What a rule may do without anything being spent that was not before; whatever else there is may."""
CHANGES = {"CHANGE_BUDGET": "ADSET", "CHANGE_CAMPAIGN_BUDGET": "CAMPAIGN", "CHANGE_BID": "ADSET"}
ONLY_OF = {**CHANGES, "REBALANCE_BUDGET": "ADSET", "ROTATE": "AD"}
TRIGGERED = ("NOTIFICATION", "PAUSE", "UNPAUSE", "PING_ENDPOINT")
TRIGGERS = (
    "METADATA_CREATION", "METADATA_UPDATE", "STATS_MILESTONE", "STATS_CHANGE", "DELIVERY_INSIGHTS_CHANGE",
)  # fmt: skip
WITHOUT_TODAY = re.compile(r"YESTERDAY|LAST_\d+D")
SCHEDULES = ("DAILY", "HOURLY", "SEMI_HOURLY", "CUSTOM")
STEP, DAY, LAST_DAY = 30, 1440, 6
MOST_QUOTED = 40
KEYS = {
    "evaluation_spec": {"evaluation_type", "filters", "trigger", "id"},
    "execution_spec": {"execution_type", "execution_options", "is_once_off", "id"},
    "schedule_spec": {"schedule_type", "schedule"},
}
"""What specs have; some are given back with an id."""
TRIGGER_KEYS, ENTRY_KEYS = {"type", *PARTS}, {"start_minute", "end_minute", "days"}
CHANGE_KEYS = {"amount", "unit", "limit", "target_field"}
ACTS = (
    *sorted(QUIET), "UNPAUSE", *ONLY_OF, "ADD_INTEREST_RELAXATION", "ADD_QUESTIONNAIRE_INTERESTS",
    "AD_RECOMMENDATION_APPLY", "AUDIENCE_CONSOLIDATION", "AUDIENCE_CONSOLIDATION_ASK_FIRST", "DCO",
    "INCREASE_RADIUS", "UPDATE_CREATIVE", "UPDATE_LAX_BUDGET", "UPDATE_LAX_DURATION",
)  # fmt: skip
ALIKE = {
    **dict.fromkeys(("STOP", "DISABLE", "DEACTIVATE", "TURN_OFF"), "PAUSE"),
    **dict.fromkeys(("START", "ENABLE", "ACTIVATE", "RESUME", "TURN_ON"), "UNPAUSE"),
    **dict.fromkeys(("INCREASE_BUDGET", "DECREASE_BUDGET", "SCALE", "UPDATE_BUDGET"), "CHANGE_BUDGET"),
    **dict.fromkeys(("NOTIFY", "ALERT", "EMAIL"), "NOTIFICATION"),
}
COUNTS = ("execution_count_limit", "action_frequency")
OPTIONS = ("user_ids", "alert_preferences", "change_spec", "rebalance_spec", *COUNTS)
TYPO = 0.8
"""How like a known name one is that is taken for a slip: as another option it would limit nothing."""


def _strange(given: Spec, known: Iterable[str]) -> str:
    """What is wrong with the keys of an object; empty when nothing is."""
    odd = next((str(name) for name in given if name not in known), "")
    near = close_to(odd, known) if odd else []
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{cut(odd)!r} is none of {', '.join(sorted({*known} - {'id'}))}{hint}" if odd else ""


def evaluation(spec: Spec) -> Iterable[str]:
    """Mistakes in what a rule looks at."""
    kind, filters = spec.get("evaluation_type"), spec.get("filters")
    if kind not in ("SCHEDULE", "TRIGGER"):
        yield "evaluation_spec.evaluation_type: SCHEDULE or TRIGGER"
    if not isinstance(filters, list) or not filters:
        yield f"evaluation_spec.filters: a list, such as [{FORM}]"
        return
    wrong = [(at, why) for at, condition in enumerate(filters) for why in condition_mistakes(condition)]
    yield from (f"evaluation_spec.filters[{at}]: {why}" for at, why in wrong)
    if not wrong:
        yield from _whole(filters, spec)
    yield from _trigger(spec.get("trigger"), kind)
    if odd := _strange(spec, KEYS["evaluation_spec"]):
        yield f"evaluation_spec: {odd}"


def _whole(filters: list[Spec], spec: Spec) -> Iterable[str]:
    """What is missing of the filters together."""
    fields = [str(condition["field"]) for condition in filters]
    named = set(fields)
    if twice := next((name for name in ("entity_type", "time_preset") if fields.count(name) > 1), ""):
        yield f"evaluation_spec.filters: {twice} is in it twice"
    if not named & {"entity_type", "id"}:
        yield (
            'evaluation_spec.filters: say which objects: {"field": "entity_type", "operator": "EQUAL", '
            '"value": "AD"} (or ADSET, CAMPAIGN), or {"field": "id", "operator": "IN", "value": ["…"]}'
        )
    trigger = spec.get("trigger")
    measured = [name for name in fields if is_measured(name) and not SPAN.search(name)]
    if isinstance(trigger, Mapping) and str(trigger.get("type")).startswith("STATS"):
        measured.append(str(trigger.get("field")))
    if measured and "time_preset" not in named:
        yield (
            f"evaluation_spec.filters: {measured[0]} needs the time it is measured over: "
            '{"field": "time_preset", "operator": "EQUAL", "value": "LAST_7D"}'
        )


def condition_mistakes(condition: Any) -> Iterable[str]:
    """What is wrong with one condition."""
    if not isinstance(condition, Mapping) or condition.keys() != PARTS:
        yield f"write {FORM}"
        return
    field, operator, value = condition["field"], condition["operator"], condition["value"]
    if not isinstance(field, str) or not field:
        yield f"write {FORM}"
    elif operator not in OPERATORS:
        yield f"operator {str(operator)[:MOST_QUOTED]!r} is none of {', '.join(OPERATORS)}"
    elif operator in RANGED and not (isinstance(value, list) and len(value) == len(("from", "to"))):
        yield f"the value of {operator} is a list of two"
    elif operator in LISTED and not (isinstance(value, list) and value):
        yield f"the value of {operator} is a list, not empty"
    elif operator not in (*LISTED, *RANGED) and (isinstance(value, list | Mapping) or value in (None, "")):
        yield f"the value of {operator} is one text or number; IN takes a list"
    else:
        yield from _named_value(field, operator, value)


def _named_value(field: str, operator: str, value: Any) -> Iterable[str]:
    """What is wrong with a value for what this field is."""
    if field in ("entity_type", "time_preset") and operator != "EQUAL":
        yield f"{field} takes the operator EQUAL"
    elif field == "entity_type" and value not in LEVELS:
        yield "entity_type is AD, ADSET or CAMPAIGN"
    elif field == "time_preset" and not PRESET.fullmatch(str(value)):
        yield (
            f"time_preset {cut(value)!r} is none of TODAY, YESTERDAY, LAST_7D (without today), LAST_7_DAYS "
            "(with today; also other numbers of days), THIS_MONTH, LAST_MONTH, LIFETIME"
        )
    elif operator not in ("CONTAIN", "NOT_CONTAIN") and (odd := odd_value(field, value)):
        yield odd


def _trigger(trigger: Any, kind: Any) -> Iterable[str]:
    if kind != "TRIGGER":
        if trigger is not None:
            yield "evaluation_spec.trigger: only with evaluation_type TRIGGER"
        return
    if not isinstance(trigger, Mapping) or trigger.get("type") not in TRIGGERS:
        yield f"evaluation_spec.trigger: an object whose type is one of {', '.join(TRIGGERS)}"
    elif odd := _strange(trigger, TRIGGER_KEYS):
        yield f"evaluation_spec.trigger: {odd}"
    elif trigger["type"] != "METADATA_CREATION":
        rest = {name: value for name, value in trigger.items() if name != "type"}
        if trigger["type"] == "METADATA_UPDATE" and rest.keys() == {"field"}:
            return
        yield from (f"evaluation_spec.trigger: {why}" for why in condition_mistakes(rest))


def execution(spec: Spec) -> Iterable[str]:
    """Mistakes in what a rule does."""
    kind, options = spec.get("execution_type"), spec.get("execution_options") or []
    if not isinstance(kind, str) or not kind:
        yield f"execution_spec.execution_type: one of {', '.join(ACTS)}"
        return
    if kind not in ACTS:
        near = [ALIKE[kind.upper()]] if kind.upper() in ALIKE else close_to(kind.upper(), ACTS)[:1]
        hint = f"; did you mean {near[0]}?" if near else ""
        yield f"execution_spec.execution_type: {cut(kind)!r} is none of {', '.join(ACTS)}{hint}"
        return
    if odd := _strange(spec, KEYS["execution_spec"]):
        yield f"execution_spec: {odd}"
    plain = isinstance(options, list) and all(isinstance(option, Mapping) for option in options)
    if not plain or not all(
        isinstance(option.get("field"), str) and option.keys() == PARTS for option in options
    ):
        yield 'execution_spec.execution_options: a list of {"field": "…", "operator": "EQUAL", "value": …}'
        return
    yield from (f"execution_spec.execution_options: {why}" for why in _options(kind, options))


def _options(kind: str, options: list[Spec]) -> Iterable[str]:
    """Mistakes in how a rule does it."""
    given = {option["field"]: option["value"] for option in options}
    if odd := [option["field"] for option in options if option["operator"] != "EQUAL"]:
        yield f"the operator of {odd[0]} is EQUAL"
    if len(given) != len(options):
        yield "one of them is in it twice"
    for name in given.keys() - {*OPTIONS}:
        if near := difflib.get_close_matches(name, OPTIONS, 1, TYPO):
            yield f"{cut(name)!r} is none; did you mean {near[0]}?"
    if kind in CHANGES:
        yield from _change(given.get("change_spec"))
    elif "change_spec" in given:
        yield f"change_spec only with {', '.join(CHANGES)}"
    if kind == "REBALANCE_BUDGET" and not isinstance(given.get("rebalance_spec"), Mapping):
        yield "REBALANCE_BUDGET needs rebalance_spec, an object"
    yield from _limits(given)


def _limits(given: Spec) -> Iterable[str]:
    """Mistakes in how often, and in who is told."""
    people = given.get("user_ids", [0])
    if not isinstance(people, list) or not all(str(one).isdecimal() for one in people):
        yield "user_ids is a list of ids"
    for name in COUNTS:
        if name in given and not (type(given[name]) is int and given[name] > 0):
            yield f"{name} is a whole number, 1 or more"


def unknown_options(spec: Spec) -> Iterable[str]:
    """A warning for each option of a good execution spec that is not known here."""
    for option in spec.get("execution_options") or ():
        if option["field"] not in OPTIONS:
            yield f"{cut(option['field'])!r} is no option of rules that is known here; Facebook decides"


def _change(spec: Any) -> Iterable[str]:
    if not isinstance(spec, Mapping) or spec.get("amount") in (None, "", 0):
        yield 'change_spec is missing: {"amount": 20, "unit": "PERCENTAGE", "limit": "100 USD"}'
    elif odd := _strange(spec, CHANGE_KEYS):
        yield f"change_spec: {odd}"
    elif "target_field" not in spec and spec.get("unit") not in ("PERCENTAGE", "ACCOUNT_CURRENCY"):
        yield "change_spec.unit: PERCENTAGE or ACCOUNT_CURRENCY"
    elif isinstance(spec["amount"], bool) or (
        spec.get("unit") == "PERCENTAGE" and not isinstance(spec["amount"], int | float)
    ):
        yield "change_spec.amount: a number of percent, such as 20 or -20"
    elif ("target_field" in spec) is not isinstance(spec.get("limit"), list) and "limit" in spec:
        yield "change_spec.limit: one amount; with target_field a list of the least and the most"


def together(evaluated: Spec, executed: Spec, scheduled: Spec) -> Iterable[str]:
    """Mistakes of the parts of a rule with each other; each by itself is right."""
    kind, does = evaluated["evaluation_type"], executed["execution_type"]
    named = {condition["field"]: condition["value"] for condition in evaluated["filters"]}
    if kind == "TRIGGER":
        if does not in TRIGGERED:
            yield f"execution_spec.execution_type: {does} not with TRIGGER; that takes {', '.join(TRIGGERED)}"
        if scheduled:
            yield "schedule_spec: not with evaluation_type TRIGGER, which runs when something happens"
        if WITHOUT_TODAY.fullmatch(str(named.get("time_preset"))):
            yield "evaluation_spec.filters: with TRIGGER a time_preset that has today, such as LAST_7_DAYS"
    elif not scheduled:
        yield 'schedule_spec: evaluation_type SCHEDULE needs it: {"schedule_type": "DAILY"}'
    elif does == "PING_ENDPOINT":
        yield "execution_spec.execution_type: PING_ENDPOINT only with evaluation_type TRIGGER"
    only = ONLY_OF.get(does)
    if only and named.get("entity_type", only) != only:
        yield f"evaluation_spec.filters: {does} is for {LEVELS[only]}: entity_type EQUAL {only}"
    if does == "ROTATE" and not {"entity_type", "id"} <= named.keys():
        yield "evaluation_spec.filters: ROTATE needs id (IN, ad sets) and entity_type (EQUAL AD)"


def schedule(spec: Spec) -> Iterable[str]:
    """Mistakes in when a rule runs."""
    kind, entries = spec.get("schedule_type"), spec.get("schedule")
    if odd := _strange(spec, KEYS["schedule_spec"]):
        yield f"schedule_spec: {odd}"
    if kind not in SCHEDULES:
        yield f"schedule_spec.schedule_type: one of {', '.join(SCHEDULES)}"
    elif kind != "CUSTOM" and entries:
        yield "schedule_spec.schedule: only with schedule_type CUSTOM"
    elif kind == "CUSTOM" and not (isinstance(entries, list) and entries):
        yield 'schedule_spec.schedule: CUSTOM needs it: [{"start_minute": 600, "days": [1, 2, 3, 4, 5]}]'
    for at, entry in enumerate(entries if isinstance(entries, list) else ()):
        yield from (f"schedule_spec.schedule[{at}]: {why}" for why in _entry(entry))


def _entry(entry: Any) -> Iterable[str]:
    if not isinstance(entry, Mapping) or not entry.keys() & {"start_minute", "days"}:
        yield "an object with start_minute, days or both"
        return
    if odd := _strange(entry, ENTRY_KEYS):
        yield odd
    minutes = [entry[name] for name in ("start_minute", "end_minute") if name in entry]
    if any(type(minute) is not int or minute % STEP or not 0 <= minute <= DAY for minute in minutes):
        yield f"start_minute and end_minute are minutes after midnight, 0 to {DAY}, multiples of {STEP}"
    elif "end_minute" in entry and not entry.get("start_minute", DAY + 1) <= entry["end_minute"]:
        yield "end_minute needs a start_minute, and is not before it"
    days = entry.get("days", [0])
    if (
        not isinstance(days, list)
        or not days
        or any(type(day) is not int or not 0 <= day <= LAST_DAY for day in days)
    ):
        yield f"days is a list of 0 (Sunday) to {LAST_DAY} (Saturday)"
