"""Which actions work where Airbyte's API carries the requests: the table of docs/airbyte.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

import pydantic

from .connectors import NAMES, connector
from .core import Account, Action, Connector, Context, Request, Write, describe
from .core.recipe import Several
from .errors import NotOffered

IN_PART = {
    ("facebook_marketing", "delivery_issues", "list"),
    ("linkedin_ads", "campaigns", "delete"),
    ("linkedin_ads", "campaign_groups", "delete"),
    ("amazon_ads", "sponsored_product_campaigns", "budget_usage"),
    ("amazon_ads", "sponsored_product_campaigns", "budget_recommendations"),
}
"""Actions of several requests of which Airbyte has the first alone."""
RAW = ("graph", "rest", "api")
HEAD = ("| connector | entity | actions |", "|---|---|---|")


def carried() -> Iterator[str]:
    """A row an entity that has some."""
    rows, every, count = list[str](), 0, 0
    for name in NAMES:
        known = connector(name)
        for entity in known.names():
            actions = known.entity(entity).actions
            found = [action for action in actions if _is_carried(known, entity, action)]
            every, count = every + len(actions), count + len(found)
            rows += [f"| {known.slug} | `{entity}` | {', '.join(found)} |"] if found else []
    yield from (f"{count} of {every} actions.", "", *HEAD, *rows)


def _is_carried(known: Connector, entity: str, action: str) -> bool:
    """Whether what an example of an action asks is among what Airbyte can be asked."""
    kind, carrier = known.action(entity, action), known.carrier
    if (known.name, entity, action) in IN_PART or carrier is None or entity in RAW:
        return False
    try:
        for request in _requests(known, entity, kind):
            carrier.executions(request)
    except NotOffered:
        return False
    return True


def _requests(known: Connector, entity: str, kind: type[Action]) -> Sequence[Request]:
    """What an example asks, as far as that is known beforehand; a change also reads its object."""
    account = Account("1234567890", "", "USD", "UTC")
    context = Context(date(2026, 1, 31), account, tuple(known.hosts))
    try:
        call = kind.model_validate(json.loads(describe.example(kind))).settled(context, {})
    except pydantic.ValidationError:
        raise NotOffered("it has no example") from None
    if isinstance(call, Write):
        sent = [part.request for part in call.outline()]
        get = known.entity(entity).actions.get("get") if call.subject else None
        return [*sent, *(_requests(known, entity, get) if get else ())]
    step = next(call.flow(context), None)
    if isinstance(step, Several):
        return list(step.requests)
    if not isinstance(step, Request):
        raise NotOffered("it asks this machine first")
    return [kind.pages.sized(step, 25) if kind.pages else step]
