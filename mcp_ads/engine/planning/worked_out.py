"""Bids worked out from figures, as a step is drafted: from the bid that counts at that moment.

What was seen of the object is kept with what was asked for, so that the step comes to the same when it is
drafted again, and starts then from the bid there is by that time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mcp_ads.core import Amount, Context, Write, dig
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.bid_to import Seen, read, too_little, worked_out
from mcp_ads.core.money import plain
from mcp_ads.engine.session.instead import BID_TO, bid_of
from mcp_ads.engine.session.params import with_account

from .asked import Asked

SEEN = "seen"
NO_BID = "it has no bid to start from"


def seen_beside(given: Mapping[str, Any], seen: Seen, found: Sequence[str]) -> dict[str, Any]:
    """`bid_to` as a step keeps it: what was asked for, and what was seen of its object, which was `found` by
    these values.
    """
    figures = {"clicks": seen.clicks, "orders": str(seen.orders), "value": str(seen.value)}
    figures |= {} if seen.cost is None else {"cost": str(seen.cost)}
    return {**given, SEEN: {**figures, "currency": seen.currency, "found": [*found]}}


async def given(asked: Asked) -> dict[str, Any]:
    """The parameters with their account; in place of what a bid is worked out from a change of it, until that
    is settled. Raises InvalidParams.
    """
    params = asked.params
    if name := _named(asked):
        params = {**{key: value for key, value in params.items() if key != BID_TO}, name: "-1%"}
    return await with_account(asked.session, asked.kind, params)


def settled(
    asked: Asked, call: Write, record: Mapping[str, Any], context: Context
) -> tuple[Write, list[str], str]:
    """The call with its bid worked out, by what it was, and why the bid stays as it is; empty where it does
    not. `record` is the object with the bid that counts.
    """
    if not (name := _named(asked)):
        return call, [], ""
    kept = dict(asked.params[BID_TO])
    figures, bid_to = kept.pop(SEEN), read(kept)
    orders, value = Decimal(figures["orders"]), Decimal(figures["value"])
    cost = Decimal(figures["cost"]) if "cost" in figures else None
    seen = Seen(figures["clicks"], orders, value, figures["currency"], cost)
    spend, currency = money_of(type(call))[name], context.currency
    now = spend.major(dig(record, live_path(type(call), name)), currency)
    if why := call.not_per_click(record) or too_little(bid_to, seen) or ("" if now else NO_BID):
        return call, [], why
    assert now is not None
    bid, rule = worked_out(bid_to, seen, now, call.bid_range(record, currency))
    if bid == now:
        return call, [], f"{plain(now, currency)} {currency} stays: {', '.join(rule)}"
    found = figures["found"]  # a text in plans that were made before it was a list
    said = [*filter(None, [found] if isinstance(found, str) else found), *rule]
    return call.model_copy(update={name: Amount(bid, "exact", currency, from_live=True)}), said, ""


def _named(asked: Asked) -> str:
    """The parameter whose amount is worked out; empty where none is."""
    kept = asked.params.get(BID_TO)
    return bid_of(asked.kind) if isinstance(kept, Mapping) and SEEN in kept else ""
