"""What a program gives and is empty: a slip, such as a variable that is not set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.errors import BadSettings


def blanks(given: Mapping[str, Any]) -> list[str]:
    """A line for each value that is there and empty; None is what was left out.

    Taken for none, an empty token would have another's used, and an empty list all accounts.
    """
    return [
        f"{name}: empty; give its value, or leave it out" for name, value in given.items() if _is_blank(value)
    ]


def check_blanks(**given: Any) -> None:
    """Raise BadSettings with a line for each value that is there and empty."""
    if wrong := blanks(given):
        raise BadSettings("\n".join(wrong))


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, list | tuple | set | frozenset) and not value
