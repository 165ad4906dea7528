"""Which of the actions there are to be nothing tells of, witnesses or walks through.

An action is in a journey where some function of the tests has its words.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from shell import Shell
from wire_cases import CASES

TESTS = Path(__file__).parent


def untold(shell: Shell, platform: str, actions: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The actions that `mcp-ads describe … --json` does not list with a summary and its parameters."""
    code, out, _ = shell.run("describe", platform.replace("_", "-"), "--json")
    assert code == 0
    lines = {(line["entity"], line["action"]): line for line in json.loads(out)}
    whole = {action for action, line in lines.items() if line["summary"] and line["params_schema"]}
    return [action for action in actions if action not in whole]


def unwitnessed(platform: str, entity: str, actions: Iterable[str]) -> tuple[set[str], set[str]]:
    """The actions of an entity without a wire case, and those without a reviewed schema."""
    cases = {case["action"] for name, case in CASES if name == platform and case["entity"] == entity}
    kept = json.loads((TESTS / "schemas" / platform / f"{entity}.json").read_text("utf-8"))
    return {*actions} - cases, {*actions} - kept.keys()


def unnamed(platform: str, actions: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The actions that no function, and no table one uses, names together with their entity."""
    paths = [path for path in TESTS.rglob("*.py") if not path.stem.endswith("_complete")]
    sources = [source for path in paths if platform in (source := path.read_text("utf-8")).lower()]
    said = [words for source in sources for words in _parts(source)]
    return [action for action in actions if not any(set(action) <= words for words in said)]


@cache
def _parts(source: str) -> Sequence[set[str]]:
    """The texts in each part of a file; tables of all actions are left out above."""
    return _with_used(ast.parse(source))


def _with_used(tree: ast.Module) -> list[set[str]]:
    """The texts in each part of a module, and in the module's own functions and tables that it names."""
    own = {name: _texts(part) for part in tree.body for name in _names(part)}
    used = [
        {node.id for node in ast.walk(part) if isinstance(node, ast.Name)} & own.keys() for part in tree.body
    ]
    return [
        _texts(part).union(*(own[name] for name in names))
        for part, names in zip(tree.body, used, strict=True)
    ]


def _texts(part: ast.AST) -> set[str]:
    return {str(node.value) for node in ast.walk(part) if isinstance(node, ast.Constant)}


def _names(part: ast.stmt) -> list[str]:
    """What a part of a module defines."""
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
        return [part.name]
    targets = part.targets if isinstance(part, ast.Assign) else [getattr(part, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]
