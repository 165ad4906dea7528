"""What Amazon's change history can be asked for, and its events in words people read.

Facts: Amazon's Change history specification; that its filters do not always filter and that events come twice
is what public clients of it have met.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from mcp_ads.core.money import plain
from mcp_ads.core.runs import in_zone, moment

Json = dict[str, Any]
BUDGETS_LAST = "IN_BUDGET"
"""Whether a campaign's budget lasts: it changes back for every campaign at midnight."""
FILTERS: Mapping[str, tuple[str, ...]] = {
    "CAMPAIGN": ("STATUS", "BUDGET_AMOUNT", "NAME", "START_DATE", "END_DATE", "SMART_BIDDING_STRATEGY",
                 "PLACEMENT_GROUP", BUDGETS_LAST),
    "AD_GROUP": ("STATUS", "NAME", "BID_AMOUNT"),
    "AD": ("STATUS",),
    "KEYWORD": ("STATUS", "BID_AMOUNT"),
    "NEGATIVE_KEYWORD": ("STATUS",),
    "PRODUCT_TARGETING": ("STATUS", "BID_AMOUNT"),
    "THEME": ("STATUS",),
}  # fmt: skip
"""What Amazon filters the events of a type by."""
UNFILTERED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(FILTERS, ("CREATED",)),
    "CAMPAIGN": ("CREATED", "PORTFOLIO", "RULE_BASED_BUDGET_VALUE", "APPLICABLE_RULE_NAME"),
    "THEME": ("CREATED", "BID_AMOUNT"),
}
"""What events of a type say too, and Amazon has no filter for."""
SAME = {
    "DEFAULT_BID_AMOUNT": "BID_AMOUNT",
    "PORTFOLIO_ID": "PORTFOLIO",
    "APPLICABLE_RULE_ID": "APPLICABLE_RULE_NAME",
}
MONEY = frozenset({"BUDGET_AMOUNT", "BID_AMOUNT", "DEFAULT_BID_AMOUNT", "RULE_BASED_BUDGET_VALUE"})
DAYS = frozenset({"START_DATE", "END_DATE"})
PERCENT = "PLACEMENT_GROUP"
ABOUT = (
    "keyword", "keywordType", "negativeTargetingType", "targetingExpression", "predefinedTarget", "theme",
    "placementGroupPosition",
)  # fmt: skip
COLUMNS = (
    "time", "entityType", "entityId", "changeType", "previousValue", "newValue", "about", "campaignName",
    "campaignId", "adGroupId",
)  # fmt: skip


def possible(kind: str) -> tuple[str, ...]:
    """What may change of a type of entity."""
    return (*FILTERS[kind], *UNFILTERED[kind])


def filters(kind: str, changes: Collection[str]) -> list[str]:
    """What Amazon is to filter by; nothing where it has no filter for some of these changes."""
    known = [change for change in FILTERS[kind] if change in changes]
    return [] if set(changes) & set(UNFILTERED[kind]) else known


def change_of(event: Mapping[str, Any]) -> str:
    """What changed: of what is new Amazon says that its status became CREATED."""
    change = str(event.get("changeType") or "")
    made = change == "STATUS" and str(event.get("newValue")).upper() == "CREATED"
    return "CREATED" if made else change


def rows(events: Iterable[Json], currency: str, zone: str) -> tuple[list[Json], int]:
    """The events as rows, each once, and how many came more than once."""
    plain_rows = [row(event, currency, zone) for event in events]
    once = {str([*event.items()]): event for event in plain_rows}
    return [*once.values()], len(plain_rows) - len(once)


def row(event: Mapping[str, Any], currency: str, zone: str) -> Json:
    """One event, its values as people write them, its moment in the profile's time zone."""
    given = event.get("metadata")
    more, change = given if isinstance(given, Mapping) else {}, change_of(event)
    own = event.get("entityId") if event.get("entityType") == "CAMPAIGN" else None
    values = {name: _value(change, event.get(name), currency, zone) for name in ("previousValue", "newValue")}
    names = (*ABOUT, *(("campaignBudgetType",) if change in MONEY else ()))
    about = "; ".join(str(more[name]).removeprefix("KEYWORD_") for name in names if more.get(name))
    return {
        "time": _when(event.get("timestamp"), zone),
        **{name: _text(event.get(name)) for name in ("entityType", "entityId")},
        "changeType": change or None,
        **values,
        "about": about or None,
        "campaignId": _text(more.get("campaignId") or own),
        "adGroupId": _text(more.get("adGroupId")),
    }


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _when(value: Any, zone: str) -> str | None:
    """A unix time as a moment in the zone: Amazon's seconds and milliseconds are told apart by size."""
    try:
        at = moment(value, "UTC", last=False)
    except (ValueError, OverflowError, OSError):
        return str(value)
    return in_zone(f"{at:%Y-%m-%dT%H:%M:%S%z}", zone) if at else None


def _value(change: str, value: Any, currency: str, zone: str) -> str | None:
    text = _text(value)
    if text is None or text.lower() in ("null", "none"):
        return None
    if change in MONEY:
        try:
            return f"{plain(Decimal(text), currency)} {currency}".strip()
        except InvalidOperation:
            return text
    if change in DAYS:
        return str(_when(text, zone))[:10]
    return f"{text} %" if change == PERCENT and text.replace(".", "").isdigit() else text
