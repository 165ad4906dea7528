"""A reader who pastes what docs/host.md prints gets an answer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from printed import blocks, ran

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed"),
]


def test_the_script_from_zero(tmp_path: Path) -> None:
    """It ends with a record of the platform's."""
    said = json.loads(ran(blocks("docs/host.md", "From zero")[0], tmp_path))
    assert (said["status"], len(said["result"])) == ("success", 1)
