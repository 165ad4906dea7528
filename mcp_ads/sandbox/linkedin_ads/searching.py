"""What the finder `search` narrows by, and whether an object passes."""

from __future__ import annotations

from typing import Any

from .params import Convert, boolean, enum, text, urn_of, values
from .state import Body, urn


def search_filters(kind: str, statuses: tuple[str, ...], **more: Convert) -> dict[str, Convert]:
    """Those that every collection with this finder has, and its own."""
    return {
        "id": values(urn_of(kind)),
        "status": values(enum(*statuses)),
        "name": values(text),
        "test": boolean,
        **more,
    }


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
        return item["name"].casefold() in {option.casefold() for option in options}
    return item.get(name) in options
