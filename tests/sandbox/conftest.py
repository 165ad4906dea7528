"""What every sandbox test needs."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The event loop the tests run in."""
    return "asyncio"
