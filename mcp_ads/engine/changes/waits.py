"""What a step waits for until it has an effect, where other steps of its plan bring that about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mcp_ads.core.waiting import Waiting

from .steps import Step


def sorted_waits(warnings: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Warnings as plain texts; and those that may become needless, each with an entity and ids of its."""
    every = [*warnings]
    waits = {str(said): [said.entity, *said.ids] for said in every if isinstance(said, Waiting)}
    return [*map(str, every)], waits


def settle_waits(steps: Sequence[Step]) -> None:
    """Take the warnings away which other steps make needless: they switch on what the step waits for."""
    for step in steps:
        for text, (entity, *ids) in step.waits.items():
            if text in step.warnings and any(_brings(other, step, entity, ids) for other in steps):
                step.warnings.remove(text)


def _brings(other: Step, step: Step, entity: str, ids: Sequence[str]) -> bool:
    """Whether a step switches on one of these objects, or makes one of their kind that is on in that one."""
    if (other.connector, other.connection, other.entity) != (step.connector, step.connection, entity):
        return False
    return other.delivers and (other.subject in ids or (other.makes and step.subject in other.within))
