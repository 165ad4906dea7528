"""What amounts in records are in, where the platform has them in smaller units than anybody would think."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mcp_ads.core.money import offset

UNKNOWN = "the smallest unit of the account's currency"


def units_in(data: Any, minor: Collection[str], currency: str) -> str:
    """The fields among `minor` that these records have, and their units; empty where they have none.

    A record that says its own currency is in that: "this, that: 1/100 USD".
    """
    units: dict[str, dict[str, None]] = defaultdict(dict)
    for name, unit in _met(data, minor, currency) if minor else ():
        units[name][unit] = None
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, found in units.items():
        alike[tuple(found)].append(name)
    return "; ".join(f"{', '.join(names)}: {', '.join(found)}" for found, names in alike.items())


def _met(value: Any, minor: Collection[str], currency: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for part in value:
            yield from _met(part, minor, currency)
    elif isinstance(value, Mapping):
        own = str(value.get("currency") or currency)
        for name, part in value.items():
            if isinstance(part, list | Mapping):
                yield from _met(part, minor, own)
            elif name in minor and part not in (None, ""):
                yield name, _unit(own)


def _unit(currency: str) -> str:
    if not currency:
        return UNKNOWN
    by = offset(currency)
    return f"1/{by} {currency}" if by > 1 else f"whole {currency}"
