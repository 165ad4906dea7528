"""A host for the tests of a file, and databases of both kinds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from control_plane import Api, control_plane
from postgres import cluster, database_url, postgres_url

__all__ = ["cluster", "database_url", "postgres_url"]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of a file, each of which has workspaces of its own."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found
