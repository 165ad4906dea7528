"""Ids beside words: a column that has ids, or objects of nothing else, is never compared with a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import Any

from mcp_ads.core.column_names import everyday
from mcp_ads.core.where_tree import Among, Compare, Contains, Expr, Leaf, Like, Text, leaves

URN = re.compile(r"urn:\S+", re.IGNORECASE)
_LONG = 9
_PARENTS = re.compile(r"\w+(_name|[a-z]Name)")
_ANY = re.compile(r"[%_]+")


def is_id(value: Any) -> bool:
    """Whether a cell is an id that no person reads: digits, a URN, or an object that has only its id."""
    if isinstance(value, Mapping):
        return bool(value) and set(value) <= {"id"} and all(map(is_id, value.values()))
    return isinstance(value, str) and (value.isdecimal() or is_urn(value))


def is_urn(text: str) -> bool:
    """Whether a text is a URN."""
    return URN.fullmatch(text) is not None


def words_for_ids(
    expr: Expr, ids: Container[str], names: Iterable[str], spaces: Mapping[str, Collection[str]]
) -> list[str]:
    """What is wrong with the comparisons of a condition, a line each: words beside columns that have `ids`.

    `names` are columns that may have the words instead, `spaces` what URNs of a column begin with.
    """
    return [
        f"where: {leaf.left.name} has ids, and {text!r} is none{_instead(leaf.left.name, names)}"
        for leaf in leaves(expr)
        if leaf.left.name in ids
        for text in dict.fromkeys(compared_with(leaf))
        if not _may_be_id(text, leaf, spaces.get(leaf.left.name, ()))
    ]


def ids_for_words(expr: Expr) -> list[str]:
    """What is wrong where a column of parents' names is compared with an id, a line each."""
    return [
        f"where: {leaf.left.name} has names, and {text} is an id: name a column of ids"
        for leaf in leaves(expr)
        if _PARENTS.fullmatch(leaf.left.name)
        for text in dict.fromkeys(compared_with(leaf))
        if is_urn(text) or (text.isdecimal() and len(text) >= _LONG)
    ]


def compared_with(leaf: Leaf) -> Iterator[str]:
    """The texts a comparison has beside its column."""
    match leaf:
        case Compare():
            yield from (leaf.right.value,) if isinstance(leaf.right, Text) else ()
        case Among():
            yield from (value.value for value in leaf.values if isinstance(value, Text))
        case Contains():
            yield leaf.text
        case Like():
            yield leaf.pattern
        case _:
            return


def _may_be_id(text: str, leaf: Leaf, spaces: Collection[str]) -> bool:
    parts = _ANY.split(text) if isinstance(leaf, Like) else [text]
    inside = spaces if isinstance(leaf, Like | Contains) else ()
    return all(
        not part or part.isdecimal() or URN.match(part) or any(part.lower() in space for space in inside)
        for part in parts
    )


def _instead(column: str, names: Iterable[str]) -> str:
    """The column that has the names of what a column has the ids of, if there is one."""
    what = re.sub(r"(\.id|_?id|\.)$", "", column, flags=re.IGNORECASE)
    wanted = [*everyday(what), f"{what}_name", f"{what}Name"]
    found = next((name for name in wanted if name in {*names}), "")
    return f": {found} has the names" if found else ": name ids"
