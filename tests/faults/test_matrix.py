"""The fault matrix: every fault meets every operation, and what comes of it is the word in the table."""

from __future__ import annotations

from typing import Any

import pytest
from fault_cells import Cell
from fault_clock import JumpingClock
from fault_operations import OPERATIONS, Operation
from fault_table import CHANGES, FAULTS, READS, Fault
from fault_world import World

pytestmark = pytest.mark.anyio
NAMES = (*READS, *CHANGES)


def cells() -> list[Any]:
    """Every cell of the table; for each fault one is quick: operations and platforms take turns."""
    found = list[Any]()
    for number, fault in enumerate(FAULTS):
        turn = fault.platforms[number % len(fault.platforms)]
        there = [name for name in NAMES if fault.word(turn, name)]
        quick = there[number // 3 % len(there)]
        for operation in OPERATIONS:
            if not fault.word(operation.connector, operation.name):
                continue
            in_turn = operation.connector == turn and operation.name == quick
            name = f"{operation.connector.partition('_')[0]} {operation.name}: {fault.name}"
            marks = () if in_turn else pytest.mark.slow
            found.append(pytest.param(fault, operation, marks=marks, id=name))
    return found


@pytest.mark.parametrize(("fault", "operation"), cells())
async def test_cell(world: World, clock: JumpingClock, fault: Fault, operation: Operation) -> None:
    """Nothing lost, nothing doubled, no call without an end, no secret told."""
    desk = world.desk(**operation.environ)
    with world.undone():
        try:
            await Cell(world, clock, operation, fault, desk).check(
                fault.word(operation.connector, operation.name)
            )
        finally:
            world.mend()
            await world.network.settled()
            await desk.close()
