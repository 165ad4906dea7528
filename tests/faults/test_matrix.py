"""The fault matrix: every fault meets every operation, and what comes of it is the word in the table."""

from __future__ import annotations

from typing import Any

import pytest
from fault_cells import Cell
from fault_clock import JumpingClock
from fault_operations import OPERATIONS, Operation
from fault_table import FAULTS, Fault
from fault_world import World

pytestmark = pytest.mark.anyio


def cells() -> list[Any]:
    """Every cell of the table; of three platforms one is quick, another for each fault and operation."""
    found = list[Any]()
    names = list(dict.fromkeys(operation.name for operation in OPERATIONS))
    for number, fault in enumerate(FAULTS):
        for operation in OPERATIONS:
            if not fault.word(operation.connector, operation.name):
                continue
            has = fault.platforms
            turn = has[(number + names.index(operation.name)) % len(has)]
            marks = () if operation.connector == turn else pytest.mark.slow
            name = f"{operation.connector.partition('_')[0]} {operation.name}: {fault.name}"
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
