"""What Meta lists where all platforms are asked: objects to be found, and what keeps them from delivering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import Listing, Row, about, money

ENTITIES = {"account": "ad_accounts", "campaign": "campaigns", "ad_group": "ad_sets", "ad": "ads"}
OBJECTS = {kind: f"facebook_marketing.{entity}" for kind, entity in ENTITIES.items()}
LEVELS = {"account": "account", "campaign": "campaign", "ad set": "ad_group", "ad": "ad"}
REFUSED, CAP = "DISAPPROVED", "spending limit"
SAYS = ("title", "body")
"""What an ad says, of its creative."""
BUDGETS = ("daily_budget_major", "lifetime_budget_major")
LEFT, LEARNING = "budget_remaining_major", "learning_stage_info"
UNTOLD = {
    "issues": "Meta: ads in review are not listed; since when is told of declined ads only",
    "search": "Meta: archived and deleted objects are not searched",
}


def issue(record: Mapping[str, Any], account: Account) -> Iterable[Row]:  # noqa: ARG001
    """A reason why something does not deliver, as delivery_issues has it."""
    kind, reason = LEVELS[record["level"]], str(record.get("reason") or "")
    if record.get("status") == REFUSED:
        status = "disapproved"
    else:
        status = "out_of_budget" if kind == "account" and CAP in reason else "stuck"
    more = {"status": status, "reason": reason, "since": record.get("since")}
    yield about(OBJECTS[kind], kind, record.get("id"), record.get("name"), **more)


def limited(record: Mapping[str, Any], account: Account, kind: str) -> Iterable[Row]:  # noqa: ARG001
    """A budget of its own that is spent, and learning that Meta has given up (AdSet.learning_stage_info)."""
    of = partial(about, OBJECTS[kind], kind, record.get("id"), record.get("name"), since=None)
    own = any(money(record.get(budget)) for budget in BUDGETS)
    if own and record.get(LEFT) is not None and not money(record[LEFT]):
        yield of(status="out_of_budget", reason="its budget is spent: today's, where it is a daily one")
    learning = record.get(LEARNING)
    if isinstance(learning, dict) and learning.get("status") == "FAIL":
        yield of(status="limited", reason="learning limited: too few results a week for Meta to learn from")


def found(record: Mapping[str, Any], account: Account, kind: str) -> Iterable[Row]:  # noqa: ARG001
    """An object by which it may be found."""
    creative = record.get("creative")
    says = [str(creative[name]) for name in SAYS if creative.get(name)] if isinstance(creative, dict) else []
    more = {"status": record.get("effective_status"), "text": "; ".join(says)}
    yield about(OBJECTS[kind], kind, record.get("id"), record.get("name"), **more)


def _limited(kind: str) -> Listing:
    learning = [LEARNING] if kind == "ad_group" else []
    params = {"effective_status": ["ACTIVE"], "fields": ["id", "name", *BUDGETS, LEFT, *learning]}
    return Listing(ENTITIES[kind], "list", params, partial(limited, kind=kind), kind)


def _searched(kind: str) -> Listing:
    creative = ["creative{title,body}"] if kind == "ad" else []
    fields = ["id", "name", "effective_status", *creative]
    return Listing(ENTITIES[kind], "list", {"fields": fields}, partial(found, kind=kind), kind)


ISSUES = (Listing("delivery_issues", "list", {}, issue), *map(_limited, ("campaign", "ad_group")))
SEARCH = tuple(_searched(kind) for kind in ("campaign", "ad_group", "ad"))
