"""Values of a record: as they are now, as they were, as they are wanted. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mcp_ads.core import dig
from mcp_ads.core.columns import unexpanded
from mcp_ads.core.runs import run_of

if TYPE_CHECKING:
    pass


_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})"
)


_EPOCH = re.compile(r"[0-9]{10}|[0-9]{13}")


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def watched(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """The fields of a record by name; one with an expansion under its own name."""
    names = (unexpanded(field) for field in fields)
    return {name: value for name in names if (value := record.get(name, dig(record, name))) is not None}


def unpacked(now: Any, wanted: Any) -> Any:
    """A value as the other one is: some platforms give back as JSON text what was set as an object."""
    if isinstance(now, str) and isinstance(wanted, Mapping | list) and now[:1] in ("{", "["):
        try:
            return json.loads(now)
        except (ValueError, RecursionError):
            return now
    return now


def same(before: Any, after: Any) -> bool:
    """Whether two values are one to a platform that spells numbers as text; absent and null are the same."""
    before, after = unpacked(before, after), unpacked(after, before)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return all(same(before.get(key), after.get(key)) for key in {**before, **after})
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same, before, after))
    return bool(_plain(before) == _plain(after)) or _same_moment(str(before), str(after))


def _same_moment(one: str, other: str) -> bool:
    """Whether both are a time with its offset, or one is and the other an epoch, of the same instant."""
    if not any(map(_MOMENT.fullmatch, (one, other))):
        return False
    if not all(_MOMENT.fullmatch(text) or _EPOCH.fullmatch(text) for text in (one, other)):
        return False
    first, second = (run_of(None, text, "UTC").ends for text in (one, other))
    return first is not None and first == second


def covers(now: Any, wanted: Any) -> bool:
    """Whether a value is as wanted, in all that was named; platforms add fields of their own."""
    if isinstance(now, Mapping) and isinstance(wanted, Mapping):
        return all(covers(now.get(key), value) for key, value in wanted.items())
    return same(now, wanted)


def _plain(value: Any) -> Any:
    """A number as a number, whether or not it is text; ids keep all their digits."""
    if isinstance(value, bool):
        return str(value).lower()
    return Decimal(str(value)) if _NUMBER.fullmatch(str(value)) else value
