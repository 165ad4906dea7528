"""What documents print for a shell, pasted into one: page after page, in the order it stands there."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from fenced import Block, blocks, way
from shell import environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.skipif(os.name == "nt", reason="sh")]
SCRIPTS = {page: [b for b in blocks() if b.page == page and way(b) == "shell"] for page in {b.page for b in blocks()}}
STARTED = 'eval "$(mcp-ads sandbox &)"\n'
BEFORE = {
    "docs/reliability.md": STARTED,
    "docs/sandbox.md": "unset MCP_ADS_SANDBOX\n",
}
"""What a reader has done before: the page says so in its text."""
PORTS = (8000, 8600, 8780)


def written(path: Path, program: str) -> None:
    """A program that runs what this Python has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {program}\"$@\"\n")
    path.chmod(0o755)


def free_row() -> int:
    """The first of five ports that nobody has."""
    for first in range(33_000 + os.getpid() % 900 * 10, 60_000, 10):
        with socket.socket() as probe:
            if all(probe.connect_ex(("127.0.0.1", first + more)) for more in range(5)):
                return first
    raise AssertionError("no free ports")


def script(page: str) -> str:
    """All of a page's blocks, at ports that are free."""
    text = BEFORE.get(page, "") + "\n".join(block.text for block in SCRIPTS[page])
    row = str(free_row())
    text = re.sub(r"mcp-ads sandbox( &|\s*$)", rf"mcp-ads sandbox --port {row}\1", text)
    return text.replace("127.0.0.1:8600", f"127.0.0.1:{row}")


def pasted(text: str, here: Path) -> subprocess.CompletedProcess[str]:
    """A script as a reader runs it in a checkout, with an empty home; what it leaves running is ended."""
    for program, path in (("-m mcp_ads ", "mcp-ads"), ("", "python")):
        for folder in (here / "bin", here / ".venv" / "bin"):
            written(folder / path, program)
    for block in blocks():
        if block.page == "docs/agency-clients.md" and block.kind == "toml":
            kept = here / ".mcp-ads" / "sandbox" / "clients.toml"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(block.text)
    known = environment({"HOME": str(here), "MCP_ADS_SANDBOX": "1", "NO_PROXY": "*"})
    known["PATH"] = f"{here / 'bin'}{os.pathsep}{known['PATH']}"
    with subprocess.Popen(
        ["sh", "-ec", text], cwd=here, env=known, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        try:
            out, err = running.communicate(timeout=200)
        finally:
            for pid in re.findall(r"`kill (\d+)` stops it", err if "err" in locals() else ""):
                os.kill(int(pid), signal.SIGTERM)
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
    return subprocess.CompletedProcess([], running.returncode, out, err)


@pytest.mark.parametrize("page", sorted(page for page, found in SCRIPTS.items() if found))
def test_a_page_runs_as_it_is_printed(page: str, tmp_path: Path) -> None:
    """Every command of it succeeds, and says nothing of a mistake."""
    done = pasted(script(page), tmp_path)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-1000:]
    assert "ERROR" not in done.stdout
