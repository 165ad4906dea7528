"""`@N.id`: the id of what step N of a plan will make, used by a later step before it exists.

What is told by a hash, such as an image, is `@N.hash`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from mcp_ads.core.validate import snake

if TYPE_CHECKING:
    pass

REF = re.compile(r"(urn:[a-z]+:[A-Za-z]+:)?@([0-9]{1,4})\.(id|hash)", re.ASCII)
"""Alone, or at the end of a URN."""
HALF = re.compile(r"(.*:)?@[0-9]+(\.\w*)?")
"""What was probably meant as one."""
ID = re.compile(r"(.*_)?(ids?|urns?|hash(es)?)", re.ASCII)
"""Names under which an id stands; anything else is text, and stays as it is written."""
WORDS = re.compile(r"(.*_)?(name|text|message|title|description|headline)", re.ASCII)
"""Names under which an advertiser writes; a URN there is text too."""


def refs_in(value: Any) -> list[int]:
    """The numbers N of every reference in a value, however deep."""
    return [number for _, number, _ in places("", value)]


def fill_refs(value: Any, ids: Mapping[int, str], key: str = "id") -> Any:
    """The value with references replaced by the ids known; others stay. `key` is the name it stands under."""
    if isinstance(value, Mapping):
        return {name: fill_refs(inner, ids, str(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [fill_refs(item, ids, key) for item in value]
    reference = _reference(key, value) if isinstance(value, str) else None
    if not reference or int(reference[2]) not in ids:
        return value
    prefix, made = reference[1] or "", ids[int(reference[2])]
    return made if made.startswith(prefix) else prefix + made


def places(key: str, value: Any) -> Iterator[tuple[str, int, str]]:
    """Every reference: the name it stands under, its step, and what of that it wants."""
    for name, text in _texts(key, value):
        if reference := _reference(name, text):
            yield name, int(reference[2]), reference[3]


def _reference(key: str, text: str) -> re.Match[str] | None:
    """The reference a text is: alone under an id's name, or at the end of a URN where no words stand."""
    reference, name = REF.fullmatch(text), snake(key)
    if not reference or WORDS.fullmatch(name):
        return None
    return reference if reference[1] or ID.fullmatch(name) else None


def halves(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text under an id's name that is nearly a reference."""
    for name, text in _texts(key, value):
        meant = unquote(text).strip()
        if ID.fullmatch(snake(name)) and HALF.fullmatch(meant) and not REF.fullmatch(text):
            yield name, text


def _texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a value, however deep, with the name it stands under."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(str(name), inner)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(key, item)
    elif isinstance(value, str):
        yield key, value
