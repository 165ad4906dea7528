"""Which actions are among what Airbyte's API can be asked, as far as an example of each shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Literal

import pydantic

from mcp_ads.errors import NotOffered

from . import describe
from .action import Action
from .carried import LACKS
from .connector import Connector
from .context import Account, Context
from .offer import Offer
from .raw import Raw
from .recipe import Several
from .request import Request
from .write import Write

Carried = Literal["yes", "no", "unsaid"]
_known = dict[tuple[str, str, str], Carried]()
"""By connector, entity and action: the same in every process of a version."""


def is_refused(known: Offer, entity: str, action: str) -> bool:
    """Whether Airbyte's API carries the connector's requests, and none of this action's.

    False where an example does not say it: it takes any path, begins with what is known here, or only some
    of its parameters are lacking.
    """
    if not isinstance(known, Connector) or not known.over_airbyte:
        return False
    return not issubclass(known.action(entity, action), Raw) and _carried(known, entity, action) == "no"


def is_carried(known: Connector, entity: str, action: str) -> bool:
    """Whether what an example of an action asks is among what Airbyte can be asked."""
    return _carried(known, entity, action) == "yes"


def _carried(known: Connector, entity: str, action: str) -> Carried:
    key = (known.name, entity, action)
    if key not in _known:
        _known[key] = _fits(known, entity, action)
    return _known[key]


def _fits(known: Connector, entity: str, action: str) -> Carried:
    carrier, kind = known.carrier, known.action(entity, action)
    if carrier is None or f"{entity}.{action}" in carrier.in_part:
        return "no"
    requests = example_requests(known, entity, kind)
    try:
        for request in requests or ():
            carrier.executions(request)
    except NotOffered as error:
        return "unsaid" if LACKS in error.details else "no"
    return "unsaid" if requests is None else "yes"


def example_requests(known: Connector, entity: str, kind: type[Action]) -> Sequence[Request] | None:
    """What an example asks, as far as that is known beforehand; None where it is not.

    A change also reads its object.
    """
    account = Account("1234567890", "", "USD", "UTC")
    context = Context(date(2026, 1, 31), account, tuple(known.hosts))
    try:
        call = kind.model_validate(json.loads(describe.example(kind))).settled(context, {})
    except pydantic.ValidationError:
        return None
    if isinstance(call, Write):
        get = known.entity(entity).actions.get("get") if call.subject else None
        before = example_requests(known, entity, get) if get else ()
        return None if before is None else [*(part.request for part in call.outline()), *before]
    step = next(call.flow(context), None)
    if isinstance(step, Several):
        return list(step.requests)
    return [kind.pages.sized(step, 25) if kind.pages else step] if isinstance(step, Request) else None
