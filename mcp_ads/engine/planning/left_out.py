"""Which steps a call comes to, and which of its items need none, each with its reason."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.core import Connector, Write
from mcp_ads.core.action import live_path, money_of
from mcp_ads.engine.changes import values
from mcp_ads.engine.changes.steps import Step
from mcp_ads.errors import InvalidParams

from .asked import Asked
from .items import label


@dataclass
class Drafted:
    """Steps, and the items that need none, each with its reason."""

    steps: list[Step] = field(default_factory=list)
    excluded: list[dict[str, Any]] = field(default_factory=list)


def sorted_out(
    connector: Connector, found: Sequence[tuple[Step, str]], earlier: Sequence[Step], *, many: bool
) -> Drafted:
    """Keep the steps that change something; put each of the others among the excluded, with its reason.

    Of those that would make the same thing the first is kept. Steps of one entity stand together, so that
    they can travel together.
    """
    made, first = Drafted(), dict[Hashable, tuple[str, Step]]()
    for number, step in enumerate(earlier, 1):
        first.setdefault(_likeness(connector, step), (f"step {number}", step))
    for step, obstacle in found:
        like, is_there = _likeness(connector, step), step.makes and bool(step.subject)
        if obstacle and not many and not is_there:
            raise InvalidParams(f"{step.target}: {obstacle}")
        twin = _twin(connector, step, *first[like]) if like and like in first else ""
        if reason := obstacle or pointless(step) or twin:
            made.excluded.append({"id": step.subject, "name": step.name, "why": reason, "index": step.item})
        else:
            made.steps.append(step)
            first[like] = label(step), step
    entities = [*dict.fromkeys(step.entity for step in made.steps)]
    made.steps.sort(key=lambda step: entities.index(step.entity))
    return made


def left_aside(
    asked: Sequence[Asked], outcomes: Sequence[Any], chosen: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Of objects that a condition found, by id and name, those whose write has mistakes, each with these.

    None where all have: then the mistakes are the call's.
    """
    wrong = [at for at, outcome in enumerate(outcomes) if isinstance(outcome, InvalidParams)]
    if not chosen or len(wrong) == len(outcomes):
        return []
    ids = {at: next((str(v) for v in asked[at].params.values() if str(v) in chosen), "") for at in wrong}
    return [
        {"id": id_, "name": chosen.get(id_, ""), "why": "; ".join(outcomes[at].lines), "index": at}
        for at, id_ in ids.items()
    ]


def fitting(
    outcomes: Sequence[Any], labels: Sequence[str], unfit: Sequence[Mapping[str, Any]]
) -> tuple[list[Any], list[str]]:
    """What came of the items that are not left aside, and what these are called."""
    without = {entry["index"] for entry in unfit}
    pairs = [pair for at, pair in enumerate(zip(outcomes, labels, strict=True)) if at not in without]
    return [outcome for outcome, _ in pairs], [name for _, name in pairs]


def _twin(connector: Connector, step: Step, which: str, other: Step) -> str:
    """Which other step makes the same, and that it does so with other amounts, if it does."""
    kind = connector.action(step.entity, step.action)
    paths = {name: live_path(kind, name).partition(".")[0] for name in money_of(kind)}
    told = [name for name, path in paths.items() if step.changes.get(path) != other.changes.get(path)]
    differs = f", which has another {' and '.join(told)}" if told else ""
    return f"the same as {which}{differs}"


def _likeness(connector: Connector, step: Step) -> Hashable:
    """What no second step may make; None where as many may be there as are asked for."""
    if not step.makes or step.connector != connector.name:
        return None
    kind = connector.action(step.entity, step.action)
    if not (issubclass(kind, Write) and kind.unlike):
        return None
    return (step.connection_name, step.entity, kind.likeness(step.changes))


def pointless(step: Step) -> str:
    """Why a step changes nothing; empty when it does."""
    if step.does != "changes" or step.effect or not step.before or step.refs:
        return ""
    if all(values.same(step.before.get(name), value) for name, value in step.changes.items()):
        return f"already {', '.join(line.rpartition(' → ')[2] for line in step.lines)}"
    return ""
