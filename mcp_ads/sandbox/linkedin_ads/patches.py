"""Partial updates: `{"patch": {"$set": …, "$delete": …, "field": {nested patch}}}`."""

from __future__ import annotations

import copy
from typing import Any

from .errors import bad_schema, legacy
from .state import Body


def patched(old: Body, body: Any) -> tuple[Body, set[str]]:
    """A changed copy of the record, and the names of the fields the patch touches."""
    if not isinstance(body, dict) or set(body) != {"patch"} or not isinstance(body["patch"], dict):
        raise legacy(400, 'A partial update has the body {"patch": {…}}')
    new = copy.deepcopy(old)
    touched = _apply(new, body["patch"], "")
    if not touched:
        raise legacy(400, "The patch is empty")
    return new, touched


def _apply(record: Body, patch: Body, path: str) -> set[str]:
    touched: set[str] = set()
    new, gone = patch.get("$set", {}), patch.get("$delete", [])
    nested = [name for name in patch if not name.startswith("$")]
    named = [*_checked(new, dict, path), *map(str, _checked(gone, list, path)), *nested]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise legacy(400, f"{', '.join(twice)}: in two operations of one patch")
    for name, value in patch.items():
        if name == "$set":
            record.update(_checked(value, dict, path))
            touched |= set(value)
        elif name == "$delete":
            for field in _checked(value, list, path):
                record.pop(_checked(field, str, path), None)
                touched.add(field)
        elif name.startswith("$"):
            raise bad_schema([(f"{path}/{name}", "is no patch operation")])
        else:
            inner = record.setdefault(name, {})
            _apply(_checked(inner, dict, path), _checked(value, dict, f"{path}/{name}"), f"{path}/{name}")
            touched.add(name)
    return touched


def _checked(value: Any, kind: type, path: str) -> Any:
    if not isinstance(value, kind):
        raise bad_schema([(path or "/", f"{value} is not a {kind.__name__} in a patch")])
    return value
