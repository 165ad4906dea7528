"""The functions of the engine: how long they are, and how many only stand in for their one caller's lines."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from .report import Number

ENGINE = Path(__file__).parents[1] / "mcp_ads" / "engine"
MOST_LINES, MOST_FILE_LINES = 40.0, 300.0
MOST_ONE_CALL = 25.0


@dataclass(frozen=True)
class Function:
    """A function, how many lines it has, and whether it is private and only there for one call.

    One that is handed on as a value, or that a decorator makes something else of, is there for more.
    """

    name: str
    lines: int
    one_call: bool


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module, methods and inner ones included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = Counter(filter(None, map(_name, ast.walk(tree))))
    called = Counter(_name(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            private = node.name.startswith("_") and not node.name.startswith("__")
            once = named[node.name] == called[node.name] == 1 and not node.decorator_list
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(f"{path.name}:{node.name}", lines, private and once)


def _name(node: ast.AST) -> str:
    """The name a function could be known by here."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def numbers() -> Iterable[Number]:
    """Lengths, and the share of private functions with one call."""
    files = sorted(ENGINE.rglob("*.py"))
    found = [function for path in files for function in functions(path)]
    once = [function for function in found if function.one_call]
    longest = max(found, key=lambda function: function.lines)
    longest_file = max(files, key=_length)
    yield Number("median function", median(function.lines for function in found), "lines")
    yield Number("longest function", longest.lines, "lines", MOST_LINES, longest.name)
    yield Number("longest file", _length(longest_file), "lines", MOST_FILE_LINES, longest_file.name)
    share = 100 * len(once) / len(found)
    detail = f"{len(once)} of {len(found)} functions"
    yield Number("private functions with one call", share, "%", MOST_ONE_CALL, detail)


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
