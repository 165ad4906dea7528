"""What documents print for somebody who has only a checkout: installed and run in a copy of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fenced import ROOT, Block, blocks
from shell import environment

pytestmark = [pytest.mark.vendors, pytest.mark.timeout(600), pytest.mark.skipif(os.name == "nt", reason="sh")]
INSTALLS = re.compile(r"^python3 -m venv \.venv$", re.MULTILINE)
SUITE = "-m pytest"
LEFT = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", "node_modules", "dist", "site")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this one, without what was installed or made in it."""
    there = tmp_path_factory.mktemp("checkout") / "mcp-ads"
    shutil.copytree(ROOT, there, ignore=LEFT)
    return there


def distinct(start: str) -> list[Block]:
    """One of each, of the blocks that begin so."""
    found = [block for block in blocks() if re.search(start, block.text, re.MULTILINE)]
    return list({block.text: block for block in found if SUITE not in block.text}.values())


@pytest.mark.parametrize("block", distinct(r"\Apython3 -m venv \.venv$|\Auvx "), ids=lambda block: block.name)
def test_it_installs_and_runs(block: Block, checkout: Path, tmp_path: Path) -> None:
    """As it is printed; what is installed then starts in an empty home."""
    shutil.rmtree(checkout / ".venv", ignore_errors=True)
    known = environment({"HOME": str(tmp_path), "PIP_CACHE_DIR": str(Path("~/.cache/pip").expanduser())})
    known["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{known['PATH']}"
    text = (
        block.text if block.text.startswith("uvx") else f"{block.text}.venv/bin/mcp-ads describe facebook\n"
    )
    text = text.replace("python3 -m venv", f"{sys.executable} -m venv")
    known["MCP_ADS_SANDBOX"] = "1"
    done = subprocess.run(
        ["sh", "-ec", text], cwd=checkout, env=known, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert (
        "facebook_marketing" in done.stdout
        or "SANDBOX" in done.stdout
        or "nothing of it is left" in done.stdout
    )
