"""The plan id is the approval text: what happens, by how much, to what, where, and eight random letters.

`raise-daily-budget-50.00-to-80.00-USD.spring-sale.act-1234567890.k7qx2m9b`
"""

from __future__ import annotations

import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from .steps import Budget, Step, money

MOST = 120
SLUG = 24
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ACCOUNT = {"facebook_marketing": "act", "linkedin_ads": "acct", "amazon_ads": "profile"}


def plan_id(steps: list[Step]) -> str:
    """An id that says what the plan does; unguessable, at most 120 characters."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(8))
    parts = _one(steps[0]) if len(steps) == 1 else _many(steps)
    text = ".".join(each for each in parts if each)
    return f"{text[: MOST - 9]}.{random}"


def slug(text: str) -> str:
    """Advertiser text as [a-z0-9-], cut."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:SLUG].strip("-")


def effect(steps: Iterable[Step]) -> dict[tuple[str, str], Decimal]:
    """By how much the plan changes what may be spent, by (day or lifetime, currency)."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for step in steps:
        for budget in step.budgets:
            if budget.per in ("day", "lifetime") and "." not in budget.field:
                totals[budget.per, budget.currency] += budget.rise
    return {key: total for key, total in totals.items() if total}


def _one(step: Step) -> list[str]:
    changed = next((each for each in step.budgets if "." not in each.field), None)
    return [_verb(step, changed), slug(step.name) or step.subject, account(step)]


def _verb(step: Step, budget: Budget | None) -> str:
    if step.action == "update" and budget and budget.before and budget.after:
        verb = "raise" if budget.rise > 0 else "lower"
        return f"{verb}-{_dashed(budget.field)}-{budget.before}-to-{budget.after}-{budget.currency}"
    verb = "update-and-activate" if step.action == "update" and step.delivers else step.action
    if budget and budget.after and step.action != "pause":
        a_day = "-a-day" if budget.per == "day" else ""
        return f"{verb}-{step.noun}-{budget.after}-{budget.currency}{a_day}"
    what = "-".join(_dashed(name) for name in list(step.changes)[:3]) if step.action == "update" else step.noun
    return f"{verb}-{what}"


def _many(steps: list[Step]) -> list[str]:
    kinds = Counter((step.action, step.noun) for step in steps)
    (verb, noun), count = kinds.most_common(1)[0]
    what = f"{verb}-{count}-{noun}s" if len(kinds) == 1 else f"{len(steps)}-steps-{_verbs(steps)}"
    effects = [
        f"{'plus' if total > 0 else 'minus'}-{money(abs(total), currency)}-{currency}{'-a-day' if per == 'day' else ''}"
        for (per, currency), total in effect(steps).items()
    ]
    accounts = dict.fromkeys(account(step) for step in steps)
    return [what, ".".join(effects), next(iter(accounts)) if len(accounts) == 1 else f"{len(accounts)}-accounts"]


def _verbs(steps: list[Step]) -> str:
    return "-".join(dict.fromkeys(step.action for step in steps))


def account(step: Step) -> str:
    return f"{ACCOUNT[step.connector]}-{step.account['id']}" if step.account else step.connector.replace("_", "-")


def _dashed(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]+", "-", re.sub(r"(?<=[a-z])([A-Z])", r"-\1", name)).lower().strip("-")
