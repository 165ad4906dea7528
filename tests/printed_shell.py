"""A shell as a reader of the documents has it: the program at its place in a checkout, an empty home."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

from shell import environment


def written(path: Path, program: str) -> None:
    """A program that runs what this Python has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {program}"$@"\n')
    path.chmod(0o755)


def free_row() -> int:
    """The first of five ports that nobody has."""
    for first in range(33_000 + os.getpid() % 900 * 10, 60_000, 10):
        with socket.socket() as probe:
            if all(probe.connect_ex(("127.0.0.1", first + more)) for more in range(5)):
                return first
    raise AssertionError("no free ports")


def programs_in(here: Path) -> None:
    """Puts them where a reader of the documents has them: in the checkout's `.venv`, and on the `PATH`."""
    for program, path in (("-m mcp_ads ", "mcp-ads"), ("", "python")):
        for folder in (here / "bin", here / ".venv" / "bin"):
            written(folder / path, program)


def pasted(text: str, here: Path) -> subprocess.CompletedProcess[str]:
    """A script as a reader runs it in a checkout, with an empty home; what it leaves running is ended."""
    programs_in(here)
    known = environment({"HOME": str(here), "MCP_ADS_SANDBOX": "1", "NO_PROXY": "*"})
    known["PATH"] = f"{here / 'bin'}{os.pathsep}{known['PATH']}"
    said, wrong = here / "said", here / "wrong"  # no pipes: what goes on running would hold them open
    with said.open("w") as out, wrong.open("w") as err, subprocess.Popen(
        ["sh", "-ec", text], cwd=here, env=known, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=out, stderr=err,
    ) as running:  # fmt: skip
        try:
            running.wait(timeout=200)
        finally:
            for pid in re.findall(r"`kill (\d+)` stops it", wrong.read_text()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGTERM)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
    return subprocess.CompletedProcess([], running.returncode, said.read_text(), wrong.read_text())
