"""What is said of several answers that become one: whose a row is, what was warned of, what is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.core import ID, TEXT, Result
from mcp_ads.engine.wire.heard import heard

ADDED = {"account": ID, "currency": TEXT}
"""The columns that tell rows of one account from those of another."""
MOST_WARNINGS, MOST_HIDDEN = 5, 2


def tagged(row: Mapping[str, Any], account: Any, currency: Any) -> dict[str, Any]:
    """A row that says whose it is, and in which currency."""
    tags = {"account": account, "currency": currency}
    return {**tags, **row, **tags}


def whose_of(currencies: Collection[str | None]) -> tuple[str, ...]:
    """The columns that say of whom a row is, and in which currency, unless there is one for all."""
    return "account", *(["currency"] if len(currencies) != 1 else [])


def telling(currencies: Collection[str | None], columns: Iterable[str]) -> tuple[str, ...]:
    """The columns to show, before them of whom a row is: its currency too, where there are several.

    None where they are whatever the rows have.
    """
    shown = [*columns]
    return tuple(dict.fromkeys([*whose_of(currencies), *shown])) if shown else ()


def warnings_of(told: Sequence[tuple[str, Result]]) -> list[str]:
    """What answers warn of, once each, and with which of them where it is not all.

    `told` are the answers, each with what it is about: an account, or an object. What platforms remarked
    during the call is of the whole of it, and said where that is answered.
    """
    remarks = heard()
    whose: dict[str, list[str]] = {}
    for about, result in told:
        for warning in result.meta.get("warnings", []):
            if warning not in remarks:
                whose.setdefault(warning, []).append(about)
    lines = [
        warning if len(names) == len(told) else f"{', '.join(names[:MOST_WARNINGS])}: {warning}"
        for warning, names in whose.items()
    ]
    more = [f"… and {len(lines) - MOST_WARNINGS} more warnings"] if lines[MOST_WARNINGS:] else []
    return [*lines[:MOST_WARNINGS], *more]


def hidden_of(said: Iterable[str]) -> dict[str, str]:
    """What answers leave out, once each, as a fact of the one they become; nothing where they have all."""
    kept: list[str] = []
    for line in said:
        if line and not any(line in other for other in kept):
            kept.append(line)
    return {"hidden": "; ".join(kept[:MOST_HIDDEN])} if kept else {}
