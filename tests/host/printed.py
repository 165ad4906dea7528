"""What docs/host.md prints for a host, run as it is printed but for a port that is free."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from shell import environment

ROOT = Path(__file__).parents[2]


def blocks(path: str, after: str, kind: str = "sh") -> list[str]:
    """The blocks of a section."""
    text = (ROOT / path).read_text("utf-8")
    section = text[text.index(f"## {after}") :].split("\n## ")[0]
    return re.findall(rf"^```{kind}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


def ran(script: str, home: Path) -> str:
    """What a script prints last that leaves a server running, which is ended."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    script = script.replace("8780", port).replace("host serve", f"host serve --port {port}")
    known = environment({"MCP_ADS_HOME": str(home), "NO_PROXY": "*", "AIRBYTE_TELEMETRY_MODE": "disabled"})
    known["PATH"] = f"{Path(sys.executable).parent}:{known['PATH']}"
    with subprocess.Popen(
        ["sh", "-ec", f"exec 2>/dev/null\ntrap 'kill $!' EXIT\n{script}"], env=known, cwd=home, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True,
    ) as running:  # fmt: skip
        try:
            said, _ = running.communicate(timeout=60)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
    assert running.returncode == 0, said
    return said
