"""Every regular expression of ours with the ways it is used, and texts made to keep each one busy."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import mcp_ads

HERE = Path(mcp_ads.__file__).parent
WAYS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_parser: Any = importlib.import_module("re._parser")
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
CATEGORIES = {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_NOT_WORD": "."}
Pattern = re.Pattern[Any]
FULL = {"match", "fullmatch"}
"""What is asked of a pattern whose use goes by another name."""


def patterns() -> dict[tuple[str, str], tuple[Pattern, set[str]]]:
    """Those of our modules by module and name, or by line where they have none."""
    sources = {name: path for name, path in _modules() if not name.startswith("mcp_ads.sandbox")}
    trees = {name: ast.parse(path.read_text("utf-8")) for name, path in sources.items()}
    anywhere = _used(trees.values())
    found: dict[tuple[str, str], tuple[Pattern, set[str]]] = {}
    for module, tree in trees.items():
        importlib.import_module(module)
        here = _used([tree])
        for name, value in vars(sys.modules[module]).items():
            for part in _within(value):
                found[module, name] = part, (here if name.startswith("_") else anywhere).get(name, FULL)
        for line, pattern, way in _inline(tree):
            found[module, f"line {line}"] = pattern, {way}
    return found


def _modules() -> Iterator[tuple[str, Path]]:
    for info in pkgutil.walk_packages([str(HERE)], "mcp_ads."):
        path = HERE.joinpath(*info.name.split(".")[1:])
        if "__main__" not in info.name and "migrations" not in info.name:
            yield info.name, path / "__init__.py" if info.ispkg else path.with_suffix(".py")


def _within(value: Any) -> list[Pattern]:
    parts = (
        [*value.values()]
        if isinstance(value, dict)
        else value
        if isinstance(value, list | tuple)
        else [value]
    )
    return [part for part in parts if isinstance(part, re.Pattern)]


def _used(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """By the name of a pattern, the methods it is asked by in these modules."""
    used: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WAYS:
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                used[name].add(node.attr)
    return used


def _inline(tree: ast.Module) -> Iterator[tuple[int, Pattern, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WAYS:
            first = node.args[0] if node.args else None
            if ast.unparse(node.func.value) == "re" and isinstance(first, ast.Constant):
                yield node.lineno, re.compile(first.value), node.func.attr


def busy(pattern: Pattern, length: int) -> Iterator[Any]:
    """Texts that repeat what the pattern repeats, and end otherwise."""
    is_bytes = isinstance(pattern.pattern, bytes)
    tree = _parser.parse(pattern.pattern, pattern.flags & ~(re.UNICODE if is_bytes else 0))
    texts = set[str]()
    for before, part in set(_repeated(tree, "")):
        many = part * (length // len(part))
        both = (before + part) * (length // len(before + part))
        texts |= {before + many + "\0", many + "\0", both + "\0", before + many + "\n!", before + many + " "}
    return (text.encode("latin-1", "replace") if is_bytes else text for text in sorted(texts))


def _repeated(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """What stands before each part that may be there any number of times, and what that part may be."""
    for op, given in tree:
        inner = [given[-1]] if str(op) in (*REPEATS, "SUBPATTERN", "ASSERT", "ASSERT_NOT") else []
        inner = [given] if str(op) == "ATOMIC_GROUP" else given[1] if str(op) == "BRANCH" else inner
        if str(op) in REPEATS and given[1] > MANY:
            yield from ((before, part) for part in {*_signs(given[2]), _sample(given[2])} if part)
        for part in inner:
            yield from _repeated(part, before)
        before += _sample([(op, given)])


MANY = 200
"""Times that count as any number."""


def _signs(tree: Any) -> set[str]:
    """A character of every kind that a pattern names."""
    found = set[str]()
    for op, given in tree:
        if str(op) == "LITERAL":
            found.add(chr(given))
        elif str(op) == "RANGE":
            found.add(chr(given[0]))
        elif str(op) == "CATEGORY":
            found.add(CATEGORIES.get(str(given), "a"))
        elif str(op) in ("NEGATE", "NOT_LITERAL", "ANY"):
            found |= {"a", "!"}
        elif str(op) == "IN":
            found |= _signs(given)
        elif str(op) == "BRANCH":
            found = found.union(*map(_signs, given[1]))
        elif str(op) in (*REPEATS, "SUBPATTERN"):
            found |= _signs(given[-1])
    return found


def _sample(tree: Any) -> str:
    """A text that the pattern takes, as a rule."""
    text = ""
    for op, given in tree:
        if str(op) in REPEATS:
            text += _sample(given[2]) * max(1, given[0])
        elif str(op) in ("SUBPATTERN", "ATOMIC_GROUP"):
            text += _sample(given[-1] if str(op) == "SUBPATTERN" else given)
        elif str(op) == "BRANCH":
            text += _sample(given[1][0])
        elif str(op) in ("LITERAL", "IN", "ANY", "NOT_LITERAL"):
            text += max(_signs([(op, given)]))
    return text
