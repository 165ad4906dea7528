"""The lines an action costs: its class and its share of the Entity entry, in the file of its entity."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import mean

from mcp_ads.connectors import NAMES
from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Entity

from .report import Number

MOST_LINES = 15.0


@dataclass(frozen=True)
class Cost:
    """One entity's file: how many actions it declares, their lines, and all of the file's."""

    entity: str
    actions: int
    lines: int
    shared: int

    @property
    def per_action(self) -> float:
        return self.lines / self.actions


def costs(connector: str) -> list[Cost]:
    """Every entity file of a connector, the dearest first."""
    known = connector_named(connector)
    found = [cost(f"{known.package}.{module}", known.entity(name)) for name, _, module in known.entities]
    return sorted(found, key=lambda entity: -entity.per_action)


def cost(module: str, entity: Entity) -> Cost:
    """The lines of an entity: its actions, and what the file keeps for all of them."""
    source = Path(inspect.getfile(import_module(module))).read_text(encoding="utf-8")
    classes = {action.__name__ for action in entity.actions.values()}
    own = shared = 0
    for node in ast.parse(source).body:
        lines = _lines(source, node)
        if (isinstance(node, ast.ClassDef) and node.name in classes) or _is_entry(node, entity.name):
            own += lines
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            shared += lines
    return Cost(entity.name, len(entity.actions), own, shared)


def _is_entry(node: ast.stmt, entity: str) -> bool:
    """Whether this is `entity = Entity(...)`."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == entity


def _lines(source: str, node: ast.stmt) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for line in (ast.get_source_segment(source, node) or "").splitlines())


def numbers() -> Iterable[Number]:
    everything: list[Cost] = []
    for name in NAMES:
        found = costs(name)
        everything += found
        yield _number(name, found)
        for entity_cost in found:
            yield Number(
                f"  {entity_cost.entity} ({entity_cost.actions} actions)",
                entity_cost.per_action,
                "lines",
                None,
                f"shared: {entity_cost.shared}",
            )
    yield _number("all connectors", everything)


def _number(what: str, found: list[Cost]) -> Number:
    actions, lines = sum(entity.actions for entity in found), sum(entity.lines for entity in found)
    shared = mean(entity.shared for entity in found)
    detail = f"{actions} actions, {lines} lines; {shared:.0f} shared lines in a file on average"
    return Number(f"{what}, an action", lines / actions, "lines", MOST_LINES, detail)


if __name__ == "__main__":
    from .report import show

    show(numbers())
