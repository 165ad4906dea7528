"""The filters of Amazon's lists: objects with "include", and for texts how to match.

A platform that ignores a filter it does not understand answers with everything, so each is checked here.
"""

from __future__ import annotations

from typing import Any

MOST_TEXTS = 100
MATCHES = ("BROAD_MATCH", "EXACT_MATCH")
TEXT_FILTER = 'Part of it; {"include": ["…"], "queryTermMatchType": "EXACT_MATCH"} for the whole.'
_SHAPE = 'write "…", ["…"] or {"include": ["…"], "queryTermMatchType": "EXACT_MATCH"}'


def include(values: Any) -> dict[str, Any]:
    """Filters over ids and states are objects: {"include": […]}."""
    return {"include": values if isinstance(values, list) else [values]}


def listed(value: Any) -> Any:
    """The vendor's own {"include": […]} is a list too, also as one text with commas.

    Raises ValueError when more stands in it.
    """
    only = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(only, dict):
        return value
    if only.keys() != {"include"}:
        raise ValueError('write a list, such as ["…"], or {"include": ["…"]}')
    inner = only["include"]
    return [part.strip() for part in inner.split(",")] if isinstance(inner, str) else inner


def several(value: Any) -> Any:
    """One name, or several with commas between them, as a list of these; a list stays."""
    given = listed(value)
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given


def id_list(value: Any) -> Any:
    """One id, several with commas between them, or a list of them: each as text, a number too."""
    given = listed(value)
    parts = given if isinstance(given, list) else str(given).split(",")
    return [str(part).strip() for part in parts]


def words(value: Any) -> Any:
    """One word, several with commas between them, or a list of them: in capitals, "ad group" as AD_GROUP."""
    parts = several(value)
    if not isinstance(parts, list):
        return parts
    return [word(part) for part in parts]


def word(value: Any) -> Any:
    """One word in capitals, "page visit" as PAGE_VISIT."""
    return "_".join(value.upper().split()) if isinstance(value, str) else value


def text_filter(value: Any) -> dict[str, Any]:
    """A filter over texts in the vendor's form; raises ValueError with the right shape."""
    given = value if isinstance(value, dict) else include(value)
    texts, match = given.get("include"), given.get("queryTermMatchType", MATCHES[0])
    texts = [texts] if isinstance(texts, str) else texts
    if given.keys() - {"include", "queryTermMatchType"} or not isinstance(texts, list):
        raise ValueError(_SHAPE)
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError(f"an empty text matches everything, a number is no text; {_SHAPE}")
    if not 1 <= len(texts) <= MOST_TEXTS:
        raise ValueError(f"1 to {MOST_TEXTS} texts")
    if str(match).upper() not in MATCHES:
        raise ValueError(f"queryTermMatchType is {' or '.join(MATCHES)}")
    return {"queryTermMatchType": str(match).upper(), "include": texts}
