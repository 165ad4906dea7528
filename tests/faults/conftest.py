"""One world for all cells of a file, by a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from fault_clock import JumpingClock, jumping
from fault_world import World


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[World]:
    """The sandbox and its network."""
    assert anyio_backend
    made = World(tmp_path_factory.mktemp("world"))
    await made.known()
    yield made
    made.store.close()


@pytest.fixture
async def clock(anyio_backend: str) -> AsyncIterator[JumpingClock]:
    """The clock of a cell."""
    assert anyio_backend
    with jumping(asyncio.get_running_loop()) as made:
        yield made
