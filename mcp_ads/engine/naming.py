"""The plan id is the approval text: what happens, by how much, to what, where, and eight random letters.

`raise-daily-budget-50.00-to-80.00-USD.spring-sale.act-1234567890.k7qx2m9b`
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from .effects import paid
from .steps import Budget, Step, money

MOST = 120
SLUG = 24
RANDOM = 8
NAMED = 3
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ACCOUNT = {"facebook_marketing": "act", "linkedin_ads": "acct", "amazon_ads": "profile"}
_FOREIGN = re.compile(r"[^A-Za-z0-9.:_-]+")


def plan_id(steps: list[Step]) -> str:
    """An id that says what the plan does; unguessable, at most 120 characters.

    Where it gets too long, first the advertiser's name goes, then the end of what is done, never the account.
    """
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    what, effect_text, name, where = _one(steps[0]) if len(steps) == 1 else _many(steps)
    room = MOST - sum(len(each) + 1 for each in (effect_text, where, random) if each)
    what = what[:room]
    name = name[: max(0, room - len(what) - 1)].strip("-")
    parts = (what, effect_text, name, where, random)
    return _FOREIGN.sub("-", ".".join(each for each in parts if each))


def slug(text: str) -> str:
    """Advertiser text as [a-z0-9-], cut."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:SLUG].strip("-")


def effect(steps: Iterable[Step]) -> dict[tuple[str, str], Decimal]:
    """By how much what may be spent changes, by (day or lifetime, currency); without parents' budgets."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for budget in (each for each in paid(steps) if not each.whose):
        totals[budget.per, budget.currency] += budget.rise
    return dict(totals)


def rises(steps: Iterable[Step]) -> dict[tuple[str, str], Decimal]:
    """The same, counting only what goes up."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for budget in (each for each in paid(steps) if not each.whose):
        totals[budget.per, budget.currency] += max(budget.rise, Decimal(0))
    return dict(totals)


def _one(step: Step) -> tuple[str, str, str, str]:
    ending = "" if step.action == "update" or step.raises else _effect([step])
    return _what(step), ending, slug(step.name) or slug(step.subject.rpartition(":")[2]), account(step)


def _what(step: Step) -> str:
    given = [each for each in step.budgets if each.given]
    first = max(given, key=lambda each: (each.pays, each.rise), default=None)
    if step.action == "update":
        return _update(step, first)
    activating = "-and-activate" if step.delivers and step.action != "activate" else ""
    shown = first if first and first.pays else next(iter(step.budgets), None)
    if shown is None or not shown.after:
        return f"{step.action}{activating}-{step.noun}"
    sharing = "-sharing" if shown.whose else ""
    return f"{step.action}{activating}-{step.noun}{sharing}-{_amount(shown)}"


def _update(step: Step, first: Budget | None) -> str:
    others = [
        _dashed(each) for each in step.changes if not (first and _dashed(first.field).endswith(_dashed(each)))
    ]
    if step.delivers:
        others = [each for each in others if each not in ("status", "state")]
    lead = "activate-and-" if step.delivers else ""
    if first is None:
        named = "-".join(others[:NAMED]) + (f"-and-{len(others) - NAMED}-more" if len(others) > NAMED else "")
        return f"{lead}update-{named}" if named else f"activate-{step.noun}"
    more = f"-and-{others[0]}" if len(others) == 1 else f"-and-{len(others)}-more" if others else ""
    return f"{lead}{_money_verb(first)}{more}"


def _money_verb(budget: Budget) -> str:
    name = _dashed(budget.field)
    if budget.after is None:
        return f"remove-{name}-{budget.before or 'none'}-{budget.currency}"
    if budget.before is None:
        return f"set-{name}-to-{budget.after}-{budget.currency}"
    verb = "raise" if budget.rise > 0 else "lower"
    return f"{verb}-{name}-{budget.before}-to-{budget.after}-{budget.currency}"


def _many(steps: list[Step]) -> tuple[str, str, str, str]:
    """What, how many, the effect in money, and where."""
    delivering = sum(step.delivers and step.action != "activate" for step in steps)
    activating = f"-activating-{delivering}" if delivering else ""
    accounts = list(dict.fromkeys(account(step) for step in steps))
    where = accounts[0] if len(accounts) == 1 else f"{len(accounts)}-accounts"
    return f"{_all(steps)}{activating}", _effect(steps), "", where


def _all(steps: list[Step]) -> str:
    kinds = list(dict.fromkeys((step.action, step.noun) for step in steps))
    if len(kinds) > 1:
        verbs = "-".join(dict.fromkeys(f"{step.action}-{step.noun}" for step in steps))
        return f"{len(steps)}-steps-{verbs}"
    verb, noun = kinds[0]
    fields = {_dashed(name) for step in steps for name in step.changes}
    changing = f"-{fields.pop()}-of" if verb == "update" and len(fields) == 1 else ""
    return f"{verb}{changing}-{len(steps)}-{noun}s"


def _effect(steps: list[Step]) -> str:
    texts, up = [], rises(steps)
    for (per, currency), total in effect(steps).items():
        a_day = "-a-day" if per == "day" else ""
        if total:
            texts.append(
                f"{'plus' if total > 0 else 'minus'}-{money(abs(total), currency)}-{currency}{a_day}"
            )
        elif up[per, currency]:
            texts.append(f"moving-{money(up[per, currency], currency)}-{currency}{a_day}")
    return ".".join(texts)


def _amount(budget: Budget) -> str:
    return budget.amount.replace(" ", "-")


def account(step: Step) -> str:
    return (
        f"{ACCOUNT[step.connector]}-{step.account['id']}"
        if step.account
        else step.connector.replace("_", "-")
    )


def _dashed(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]+", "-", re.sub(r"(?<=[a-z])([A-Z])", r"-\1", name)).lower().strip("-")
