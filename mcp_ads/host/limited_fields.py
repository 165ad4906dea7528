"""Fields that would read other entities through one that a connector's limit leaves open. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mcp_ads.core.synonyms import bare, cut
from mcp_ads.errors import OutOfScope

from .store.connectors import Kept

FIELDS = tuple(map(bare, ("fields", "projection", "expand", "path")))
_EXPANSION = re.compile(r"[{(~]|%(?:7b|28|7e)", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def check_fields(limit: Kept, entity: str, there: Iterable[str], params: Mapping[str, Any]) -> None:
    """Raise OutOfScope where a read's fields have fields of their own, or are entities it may not read."""
    closed = [name for name in there if name != entity and not limit.allows(name, write=False)]
    for name, text in _texts(params):
        words = {bare(word) for word in _WORD.findall(text)} if name != bare("path") else set()
        if _EXPANSION.search(text) or any(_is_one(words, other) for other in closed):
            raise OutOfScope(
                f"{name}: {cut(text)} reads more than {cut(entity)}; the connector {limit.label} is limited",
                fix="name plain fields of the entity alone",
            )


def _is_one(words: set[str], entity: str) -> bool:
    """Whether an entity is among words, by its name or the last part of it."""
    return bare(entity) in words or ("_" in entity and bare(entity.partition("_")[2]) in words)


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in what names fields, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, name or (bare(str(key)) if bare(str(key)) in FIELDS else ""))
            if name:
                yield name, str(key)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str) and name:
        yield name, value
