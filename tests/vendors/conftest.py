"""The sandbox on real ports, for the vendors' own clients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_ads.sandbox.ports import Servers, serving


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A fresh sandbox for each file of tests."""
    with serving(Path(tmp_path_factory.mktemp("sandbox"))) as running:
        yield running
