"""The `search` filters of the newer finders."""

from __future__ import annotations

from typing import Any

from .state import Body, urn


def matching(item: Body, wanted: dict[str, Any], kind: str) -> bool:
    """Whether an object passes every filter; an empty list filters nothing, removed objects never show."""
    if item["status"] == "REMOVED":
        return False
    return all(_passes(item, name, value, kind) for name, value in wanted.items())


def _passes(item: Body, name: str, value: Any, kind: str) -> bool:
    if name == "test":
        return bool(item.get("test", False) == value)
    options = value["values"]
    if not options:
        return True
    if name == "id":
        return urn(kind, item["id"]) in options
    if name == "name":
        return item["name"].casefold() in {each.casefold() for each in options}
    return item.get(name) in options
