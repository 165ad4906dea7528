"""From nothing to a call by Airbyte's package with what docs/host.md prints, in under two minutes."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

import pytest
from airbyte_python import airbyte_python
from printed import blocks, ran

__all__ = ["airbyte_python"]
pytestmark = [pytest.mark.vendors, pytest.mark.slow, pytest.mark.timeout(600)]
MOST = 120.0


def test_from_zero(airbyte_python: Path, tmp_path: Path) -> None:
    """init, serve, curl, then their package."""
    script = "\n".join(blocks("docs/host.md", "From zero"))
    (snippet,) = blocks("docs/host.md", "From zero", "python")
    began = time.monotonic()
    said = ran(f"{script}\necho\n{airbyte_python} -c {shlex.quote(snippet)}", tmp_path)
    assert time.monotonic() - began < MOST
    first, theirs = said.strip().splitlines()
    assert '"status":"success"' in first.replace(" ", "")
    assert theirs.startswith("[{")
