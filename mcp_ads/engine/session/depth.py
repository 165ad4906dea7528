"""How deeply parameters may be nested: nothing a platform takes is, and reading goes down with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mcp_ads.errors import InvalidParams

MOST_DEEP = 40


def check_depth(params: Mapping[str, Any]) -> None:
    """Raise InvalidParams naming each parameter that is nested too deeply, also as JSON text."""
    if wrong := [str(name) for name, value in params.items() if _too_deep(value)]:
        raise InvalidParams("\n".join(f"{name}: nested more than {MOST_DEEP} levels deep" for name in wrong))


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_DEEP):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    """What is directly inside a value."""
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, list | tuple):
        return list(value)
    return _in_text(value) if isinstance(value, str) else []


def _in_text(text: str) -> list[Any]:
    """What JSON text is; brackets without end are as deep as they look."""
    if text.lstrip()[:1] not in ("[", "{"):
        return []
    try:
        return [json.loads(text)]
    except ValueError:
        return []
    except RecursionError:
        return [[text]]
