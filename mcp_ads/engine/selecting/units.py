"""Amounts in a condition under the name of a field that the platform has in smaller units than rows do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mcp_ads.core.columns import MONEY
from mcp_ads.core.money import offset, plain
from mcp_ads.core.where import parse
from mcp_ads.core.where_tree import leaves, numbers_of
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import InvalidParams


def check_units(minor: Collection[str], where: str, look: Look, currency: str) -> None:
    """Raise InvalidParams for a bare amount beside such a field: 3000 is 30.00 USD in a request and a record.

    A write beside it takes the same number in these units.
    """
    words = [name for name in minor if name not in look.kinds]
    if words and (wrong := [*dict.fromkeys(_doubtful(words, where, look, currency))]):
        raise InvalidParams("\n".join(wrong))


def _doubtful(words: Collection[str], where: str, look: Look, currency: str) -> Iterator[str]:
    by = offset(currency)
    for leaf in leaves(parse(where, look.names.apart(dict.fromkeys(words, MONEY)), currency)):
        name = leaf.left.name
        for number in numbers_of(leaf) if name in words and by > 1 else ():
            if number.bare and number.value:
                low, high = plain(number.value / by, currency), plain(number.value, currency)
                yield (
                    f"where: {name} {number.value:f} may be {low} {currency} or {high} {currency}: write "
                    f"{name} with one of these, or {look.names.column(name)}, which is in {currency}"
                )
