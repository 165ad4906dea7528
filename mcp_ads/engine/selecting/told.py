"""How a plan says by what its objects were found: the condition, the values that decided, what was near."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from mcp_ads.core import Account, Span
from mcp_ads.core.cells import one_line, one_value
from mcp_ads.core.columns import Column
from mcp_ads.core.figures import Figures
from mcp_ads.core.money import plain
from mcp_ads.core.where_tree import Compare, Number, columns_of, leaves
from mcp_ads.engine.changes.naming import plural
from mcp_ads.engine.changes.steps import quoted, shown_id
from mcp_ads.engine.tables.values import Cells, is_empty, text_of, value_of

from .asked import Wanted
from .exceptions import idle_exceptions
from .near import near_misses
from .purposes import for_awareness
from .reading import Read
from .table import Found, Row
from .values import unmet

NAMED = 5
DIGITS, MOST_CUT = (2, 4, 6, 8, 12), 12
QUOTE = 60
OWN = ("id", "name")
_UNDECIDED = re.compile(r" and pass(es)? neither this.*")
_WORD = re.compile(r"[\w .:/+@%-]*", re.ASCII)
_STATES = re.compile(r"[:;]")
"""What ends the states in what a list says of those it leaves out."""


class Values:
    """An object's values as a plan says them: exact where they are exact, and never on the wrong side of a
    limit for being rounded.
    """

    def __init__(self, found: Found, currency: str, named_at: str) -> None:
        self._own = {*OWN, named_at}
        self._kinds, self._cells, self._currency = found.look.kinds, Cells(found.look.kinds), currency
        expr = found.look.expr
        self._leaves = [*leaves(expr)] if expr else []
        self.named = tuple(dict.fromkeys(col.name for leaf in self._leaves for col in columns_of(leaf)))

    def decided(self, row: Row) -> list[str]:
        """The values of what the condition names, but for the name, which stands there anyway."""
        return [f"{name} {self.of(row, name)}" for name in self.but_its_name(self.named)]

    def but_its_name(self, names: Iterable[str]) -> list[str]:
        """These columns without those that say which object it is."""
        return [name for name in names if name not in self._own]

    def of(self, row: Row, name: str) -> str:
        """One value, with its unit."""
        column = self._kinds.get(name)
        number = (
            self._cells.number(row, name)
            if column is None or column.kind not in ("text", "code", "id", "date")
            else None
        )
        if number is not None:
            return spelled(number, column, self._currency, self.limits(name))
        value = value_of(row, name)
        if self._cells.has(row, name) or is_empty(value):
            return "empty"
        text = text_of(value)
        return (
            text
            if column and column.kind in ("code", "date") and len(text) <= QUOTE and _WORD.fullmatch(text)
            else quoted(text)
        )

    def number(self, row: Row, name: str) -> Decimal | None:
        """A number in full; None where there is none."""
        return self._cells.number(row, name)

    def in_words(self, number: Decimal, name: str) -> str:
        """A number of a column, with its unit."""
        return spelled(number, self._kinds.get(name), self._currency)

    def limits(self, name: str) -> list[Decimal]:
        """What a column is compared with."""
        compared = (leaf for leaf in self._leaves if isinstance(leaf, Compare) and leaf.left.name == name)
        return [leaf.right.value for leaf in compared if isinstance(leaf.right, Number)]


def spelled(number: Decimal, column: Column | None, currency: str, limits: Iterable[Decimal] = ()) -> str:
    """A number as people read it: money and counts exactly, a ratio in as few digits as keep its side of
    every limit.
    """
    kind, unit = (column.kind, column.unit) if column else ("number", "")
    money = f" {currency}" if (kind == "money" or unit == "money") and currency else ""
    if kind == "money":
        return f"{plain(number, currency)}{money}"
    if kind not in ("percent", "ratio") or number.adjusted() > MOST_CUT:
        return f"{number.normalize():,f}"
    shown = next(
        (cut for digits in DIGITS if _same_side(cut := _cut(number, digits), number, limits)), number
    )
    return f"{shown.normalize():,f}{' %' if kind == 'percent' else money}"


def _cut(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)


def _same_side(shown: Decimal, number: Decimal, limits: Iterable[Decimal]) -> bool:
    return (not number or bool(shown)) and all(
        (shown < limit, shown > limit) == (number < limit, number > limit) for limit in limits
    )


def lines_of(
    wanted: Wanted, read: Read, found: Found, values: Values, noun: str, figures: Figures | None, at: float
) -> list[str]:
    """The lines of a plan about its selection."""
    of, chosen, among = len(found.rows), len(found.chosen), wanted.among(read.param)
    within = (
        f" among {', '.join(f'{name} {one_value(text_of(value))}' for name, value in among.items())}"
        if among
        else ""
    )
    days = f" over {read.range}" if read.range else ""
    when = as_of(read, at)
    place = f" in {read.account.id}" if read.account else ""
    found_by = f"where {json.dumps(wanted.where, ensure_ascii=False)}{within}{days}{place}"
    hidden = _STATES.split(str(read.objects.result.meta.get("hidden") or ""))[0]
    unseen = f" but {hidden}" if hidden else ""
    lines = [
        f"{found_by}, as of {when}: {chosen:,} of {of:,} {plural(noun, of)} found",
        *_sums(found, read.account, values),
        f"read: all {of:,} {plural(noun, of)}{unseen}{_report(read, found, figures)}",
    ]
    if found.away:
        lines.append(f"not chosen, as they are put away: {_names(found, wanted, found.away)}")
    said = [line for line in read.objects.result.meta.get("warnings", ()) if not line.startswith(read.quiet)]
    said += [*found.look.warnings(), *unmet(found.look.expr, found.rows.values())]
    lines += [f"note: {_UNDECIDED.sub(': not chosen', line)}" for line in said]
    lines += [*_seen_only(wanted, read, found, values, figures), *_spent_for_nothing(found, values)]
    lines += [*_near(wanted, found, values)]
    lines += _idle(wanted, found)
    return [*map(one_line, lines)]


def _seen_only(
    wanted: Wanted, read: Read, found: Found, values: Values, figures: Figures | None
) -> Iterator[str]:
    """What is to stop for its cost or its conversions, and is not meant to convert."""
    known = figures.awareness if figures else None
    ids = for_awareness(wanted, read, found, values.named, known) if known else []
    if known and ids:
        of = _names(found, wanted, ids, values, values.but_its_name([known.column]))
        yield f"note: for reach, views or awareness, not for conversions: {of}"


def _idle(wanted: Wanted, found: Found) -> Iterator[str]:
    """The exceptions that keep nothing out, and what an "or" finds although it is excepted."""
    idle = idle_exceptions(found)
    for said in idle.nothing:
        yield f"kept out by {json.dumps(said, ensure_ascii=False)}: none"
    for said, ids in idle.found.items():
        why = f'excepted by {json.dumps(said, ensure_ascii=False)}, found by "or" all the same'
        yield f"note: {why}: {_names(found, wanted, ids)}"


def _spent_for_nothing(found: Found, values: Values) -> Iterator[str]:
    """Of objects without a ratio, which no limit on it finds, those that had cost all the same."""
    for name in values.named:
        column = found.look.kinds.get(name)
        over = column.of[0] if column and column.of else ""
        kind = found.look.kinds.get(over) if over else None
        if not column or not kind or kind.kind != "money":
            continue
        rows = (row for id_, row in found.rows.items() if id_ not in found.over)
        costs = [
            cost for row in rows if values.number(row, name) is None and (cost := values.number(row, over))
        ]
        if costs:
            told = f"{over} {values.in_words(sum(costs, Decimal()), over)}"
            yield f"note: of those without {name}, {len(costs):,} had {told}: {name} is empty finds them"


def as_of(read: Read, at: float) -> str:
    """As of when the figures are: the moment of the call, or that at which their report was ordered."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(min(at, _ordered(read, at))))


def _ordered(read: Read, at: float) -> float:
    """When the report was ordered, which may be some time ago; else the moment of the call."""
    said = read.figures.result.meta.get("ordered") if read.figures else None
    try:
        return datetime.fromisoformat(str(said)).timestamp()
    except ValueError:
        return at


def _report(read: Read, found: Found, figures: Figures | None) -> str:
    """That the report was read whole, and for how long the platform may still change its numbers."""
    if read.measured is None:
        return ""
    model, final_after = type(read.measured).model_fields, figures.final_after if figures else 0
    days = [span for name in model if isinstance(span := getattr(read.measured, name), Span)]
    moving = final_after and days and days[0].days[1] > read.today - timedelta(days=final_after)
    not_final = f", not final for {final_after} days" if moving else ""
    return f"; report whole: {found.measured:,} have numbers{not_final}"


def _sums(found: Found, account: Account | None, values: Values) -> list[str]:
    """What all that were found come to."""
    currency = account.currency if account else ""
    totals: Mapping[str, Any] = found.look.totals if found.chosen else {}
    told = [
        f"{name} {spelled(Decimal(str(total)), found.look.kinds.get(name), currency, values.limits(name))}"
        for name, total in totals.items()
        if total is not None and not isinstance(total, Mapping)
    ]
    return [f"together: {', '.join(told)}"] if told else []


def _near(wanted: Wanted, found: Found, values: Values) -> Iterator[str]:
    for near in near_misses(found):
        by = ", ".join(near.columns)
        said = _names(found, wanted, near.ids, values, values.but_its_name(near.columns))
        yield f"kept out by {by} alone: {said}"


def _names(
    found: Found, wanted: Wanted, ids: list[str], values: Values | None = None, columns: Iterable[str] = ()
) -> str:
    """How many these are, and the first of them by name with their values."""
    named = []
    for id_ in ids[:NAMED]:
        row = found.rows[id_]
        name = wanted.kind.name_in(row)
        told = [values.of(row, column) for column in columns] if values else []
        named.append(" ".join([quoted(name) if name else shown_id(id_), *told]))
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    return f"{len(ids):,}: {', '.join(named)}{more}"
