"""Bids that are worked out: which report they take, and what of it is kept beside each object of a write."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Write, validate
from mcp_ads.core.bid_to import EXAMPLE, Seen, in_words
from mcp_ads.core.bid_to import read as understood
from mcp_ads.core.figures import Figures, PerClick
from mcp_ads.core.synonyms import cut
from mcp_ads.engine.planning.items import expand, labels_of, raise_mistakes
from mcp_ads.engine.planning.worked_out import SEEN, seen_beside
from mcp_ads.engine.session.instead import BID_TO, bid_of
from mcp_ads.engine.session.params import checked, names_of, signature, with_account
from mcp_ads.engine.tables.values import number_of
from mcp_ads.errors import InvalidParams

from .asked import OVER, Wanted, days_of, selects
from .columns import sides_of
from .reading import Read, figures_of
from .table import figures_in, without_row
from .told import as_of

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

UNSETTLED = "-1%"
"""What stands for a bid that is worked out later, where a write is checked before."""


@dataclass(frozen=True)
class Aim:
    """What the bids of a write are worked out from.

    `bid` is the parameter that they are, `columns` the report's, `given` what the call says for every object
    that says nothing of its own, `currencies` those of amounts that one conversion may cost.
    """

    kind: type[Write]
    bid: str
    columns: PerClick
    given: Mapping[str, Any] | None
    currencies: tuple[str, ...] = ()

    def check(self, account: Account | None) -> None:
        """Raise InvalidParams for an amount in another currency than the account's."""
        for currency in self.currencies:
            if account and currency != account.currency:
                said = f"the account's currency is {account.currency}, not {cut(currency)}"
                raise InvalidParams(f"{BID_TO}.cost_per_conversion: {said}")

    @property
    def needs(self) -> tuple[str, ...]:
        """The report's columns that bids take."""
        of = self.columns
        return tuple(dict.fromkeys([of.clicks, of.cost, of.orders, of.value]))

    def plain(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as if the bid were given."""
        others = {name: value for name, value in params.items() if not _is_bid_to(name)}
        return {**others, self.bid: UNSETTLED}

    def worked(
        self,
        items: Sequence[Mapping[str, Any]],
        rows: Sequence[Mapping[str, Any]],
        read: Read,
        decided: Mapping[str, list[str]] | None = None,
    ) -> tuple[dict[str, Any], str]:
        """The parameters of a write of these, each with what its row says, and a line for the plan.

        `decided` are for each id the values by which a condition found it.
        """
        assert read.account
        assert read.figures
        currency, meta = read.account.currency, read.figures.result.meta
        by = [(decided or {}).get(str(item.get(self.kind.subject)), []) for item in items]
        worked = [self._beside(*each, currency) for each in zip(items, rows, by, strict=True)]
        asked = ({name: one for name, one in item[BID_TO].items() if name != SEEN} for item in worked)
        targets = dict.fromkeys(in_words(understood(given), currency) for given in asked)
        said = [f"{self.bid} worked out: {' or '.join(targets)}", "rounded towards the bid there is"]
        said += [f"conversions by {meta['basis']}"] if meta.get("basis") else []
        said += [f"may still change from {later}"] if (later := meta.get("provisional_from")) else []
        return (worked[0] if len(worked) == 1 else {"items": worked}), "; ".join(said)

    def _beside(
        self, item: Mapping[str, Any], row: Mapping[str, Any], found: Sequence[str], currency: str
    ) -> dict[str, Any]:
        """The parameters of one object with what its row says: nothing, where there is none."""
        names = (self.columns.clicks, self.columns.orders, self.columns.value, self.columns.cost)
        clicks, orders, value, cost = (number_of(row.get(name)) for name in names)
        own = {name: given for name, given in item.items() if name != self.bid and not _is_bid_to(name)}
        asked = [given for name, given in item.items() if _is_bid_to(name)]  # its own comes last
        given = _object(asked[-1]) if asked else self.given or {}
        known = None if clicks is None else int(clicks)
        seen = Seen(known, orders or Decimal(), value or Decimal(), currency, cost)
        return {**own, BID_TO: seen_beside(given, seen, found)}


async def aimed(
    session: Session, entity: str, action: str, params: Mapping[str, Any], aim: Aim
) -> tuple[dict[str, Any], str] | Read:
    """A write of objects it names, with what each one's bid is worked out from, and a line for the plan.

    Where the report is not ready, what there is of it. Raises AdsError.
    """
    subject, days = aim.kind.subject, {name: params[name] for name in params if name.lower() == OVER}
    span, wrong = days_of(days)
    if wrong:
        raise InvalidParams("\n".join(wrong))
    items = expand(aim.kind, {name: value for name, value in params.items() if name not in days})
    calls = [await with_account(session, aim.kind, aim.plain(item)) for item in items]
    found = list[Action | InvalidParams]()
    for call in calls:
        try:
            found.append(checked(session, aim.kind, call))
        except InvalidParams as error:
            found.append(error)
    raise_mistakes(found, labels_of(aim.kind, params, items))
    owners = {str(call.get(session.accounts.param) or "") for call in calls}
    if len(owners) > 1:
        raise InvalidParams(f"{BID_TO}: objects of one account a call, not of {', '.join(sorted(owners))}")
    account = await session.accounts.of(checked(session, aim.kind, calls[0]))
    aim.check(account)
    narrowed = {session.accounts.param: account.id} if account else {}
    lists = session.connector.action(entity, "list")
    wanted = Wanted(entity, action, aim.kind, lists, subject, "", span, narrowed, {})
    sides = sides_of(session, wanted, aim.needs)
    read = await figures_of(session, wanted, sides, account)
    try:
        if read.pending:
            return read
        rows = await asyncio.to_thread(figures_in, session.connector, sides, read)
    finally:
        read.close()
    ids = (session.connector.plain_id(str(item.get(subject))) for item in items)
    worked, said = aim.worked(items, [rows.get(id_, without_row(sides, read)) for id_ in ids], read)
    return worked, f"{said}; over {read.range}, as of {as_of(read, time.time())}"


def aim_of(session: Session, entity: str, action: str, params: Mapping[str, Any]) -> Aim | None:
    """What the bids of a write are worked out from; None where it names none to be. Raises InvalidParams."""
    kind = session.connector.action(entity, action)
    assert issubclass(kind, Write)
    found = [*_asked_for(params)]
    if not found:
        return None
    figures, bid = session.connector.figures.get(entity), bid_of(kind) if kind.does == "changes" else ""
    if why := _impossible(entity, action, bid, figures):
        raise InvalidParams(why, signature=signature(session, kind))
    assert figures
    assert figures.per_click
    mistakes = [] if params.get(OVER) else [f'{OVER}: missing, the days that {BID_TO} takes: "last_month"']
    mistakes += [f"{label}{line}" for label, given in found for line in _wrong(given)]
    mistakes += [
        f"{label}{name}: given beside {BID_TO}, which works it out: leave one out"
        for label, names in _names(params)
        for name in names
        if validate.our_name(kind, name) == bid
    ]
    if mistakes:
        raise InvalidParams("\n".join(mistakes), signature=signature(session, kind))
    given = next((_object(given) for label, given in found if not label), None)
    if given is None and any(not any(map(_is_bid_to, names)) for label, names in _names(params) if label):
        raise InvalidParams(
            f"{BID_TO}: in some items only: put it beside them, or the others into a call of their own"
        )
    currencies = (understood(_object(one)).currency for _, one in found)
    return Aim(kind, bid, figures.per_click, given, tuple(filter(None, dict.fromkeys(currencies))))


def plainly(session: Session, kind: type[Write], params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a write as if its bids were given, and not to be worked out. Raises InvalidParams."""
    aim = aim_of(session, *names_of(session, kind), params)
    if aim is None:
        return dict(params)
    items = [{name: item[name] for name in item if not _is_bid_to(name)} for item in _items(params)]
    plain = aim.plain(params) | ({"items": items} if items else {})
    days = () if selects(kind, params) else (OVER,)
    return {name: value for name, value in plain.items() if name.lower() not in days}


def _impossible(entity: str, action: str, bid: str, figures: Figures | None) -> str:
    """Why no bid can be worked out of clicks here."""
    if not bid:
        return f"{BID_TO}: {entity}.{action} changes no bid that is there; update does where there is one"
    if figures is None:
        return f"{BID_TO}: no report here has the clicks of {entity}"
    return "" if figures.per_click else f"{BID_TO}: {bid} of {entity} is not what one click may cost"


def _names(params: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
    """The parameters of the call, and those of each item, which its label says."""
    yield "", [*params]
    for at, item in enumerate(_items(params)):
        yield f"items[{at}]: ", [*item]


def _asked_for(params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every `bid_to` there is, with the label of its item."""
    yield from (("", value) for name, value in params.items() if _is_bid_to(name))
    for at, item in enumerate(_items(params)):
        yield from ((f"items[{at}]: ", value) for name, value in item.items() if _is_bid_to(name))


def _items(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of a call; none where they are nothing of the sort, which planning says."""
    items = params.get("items")
    try:
        items = json.loads(items) if isinstance(items, str) else items
    except (ValueError, RecursionError):
        return []
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _is_bid_to(name: str) -> bool:
    return validate.snake(name) == BID_TO


def _object(given: Any) -> Any:
    """An object also as JSON text. Raises InvalidParams for other text."""
    try:
        return json.loads(given) if isinstance(given, str) else given
    except (ValueError, RecursionError):
        raise InvalidParams(f"{BID_TO}: an object with one target, {EXAMPLE}") from None


def _wrong(given: Any) -> Sequence[str]:
    """What is wrong with one `bid_to`."""
    try:
        understood(_object(given))
    except InvalidParams as error:
        return error.lines
    return ()
