"""What an account's log gains by a change: what was made, switched, or given another budget."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .state import ME, Body, State, now_text

OLD_NAMES = {
    "campaign": ("campaign", "campaign_group", "CAMPAIGN_GROUP", "CAMPAIGN"),
    "adset": ("ad_set", "ad_set", "CAMPAIGN", "AD_SET"),
    "ad": ("ad", "ad", "ADGROUP", "AD"),
}
"""How events of a kind begin, how those of new ones end, the log's word for it and its category."""
STATES = {"ACTIVE": "Active", "PAUSED": "Inactive", "ARCHIVED": "Archived", "DELETED": "Deleted"}
BUDGETS = {"daily_budget": "Per day", "lifetime_budget": "Lifetime"}


def log(state: State, kind: str, before: Body | None, after: Body) -> None:
    """Note what became of a campaign, ad set or ad."""
    if kind not in OLD_NAMES or "account_id" not in after:
        return
    for category, event, said, extra in _changes(kind, before, after):
        row = {
            "id": state.store.new_id("facebook.activity", 10_000),
            "account_id": after["account_id"],
            "_kind": kind,
            "_category": category,
            "actor_id": ME["id"],
            "actor_name": ME["name"],
            "event_type": event,
            "translated_event_type": said,
            "object_type": OLD_NAMES[kind][2],
            "object_id": after["id"],
            "object_name": after["name"],
            "event_time": now_text(),
            "extra_data": json.dumps(extra),
        }
        state.put("activity", row)


def _changes(kind: str, before: Body | None, after: Body) -> Iterator[tuple[str, str, str, Any]]:
    stem, made, _, category = OLD_NAMES[kind]
    word = stem.replace("_", " ").capitalize()
    if before is None:
        yield category, f"create_{made}", f"{word} created", {}
        return
    old, new = before.get("status"), after.get("status")
    if old != new:
        extra = {"old_value": STATES.get(str(old), old), "new_value": STATES.get(str(new), new)}
        yield "STATUS", f"update_{stem}_run_status", f"{word} status updated", extra
    for name, period in BUDGETS.items():
        if before.get(name) != after.get(name):
            sides = {"old_value": before.get(name), "new_value": after.get(name)}
            amounts = {side: {side: int(value or 0), "type": period} for side, value in sides.items()}
            yield "BUDGET", f"update_{stem}_budget", f"{word} budget updated", amounts
