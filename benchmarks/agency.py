"""The agency's world beside the usual one: how soon it answers, and its memory when all were asked."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from .report import Number
from .sandbox_server import free_port

MOST_START = 1.0
MOST_ASKED = 45.0
MOST_MB = 150.0
QUESTIONS = (
    ("delivery_issues", "{}"),
    ("performance", '{"range": "last_month", "level": "campaign", "where": "spend > 0 and conversions = 0"}'),
)
"""What is asked of every account: what does not deliver, and a month of every campaign."""


def numbers() -> Iterable[Number]:
    """Seconds of a processor from start to first answer, highest memory, seconds a question takes."""
    for world, least in (("usual", None), ("agency", MOST_START)):
        with tempfile.TemporaryDirectory() as home, _sandbox(world, Path(home)) as (variables, pid, seconds):
            yield Number(f"{world} world: start to first answer, of a processor", seconds, "s", least)
            for entity, params in QUESTIONS:
                took = _asked(variables, home, entity, params)
                yield Number(
                    f"{world} world: ads {entity} list, all accounts", took, "s", least and MOST_ASKED
                )
            yield Number(f"{world} world: highest resident memory", _peak_mb(pid), "MB", least and MOST_MB)


@contextmanager
def _sandbox(world: str, home: Path) -> Iterator[tuple[dict[str, str], int, float]]:
    """A sandbox on ports: the variables it prints, its process, and what it worked for a first list."""
    command = [sys.executable, "-m", "mcp_ads", "sandbox", "--world", world, "--port", str(free_port())]
    environment = {**os.environ, "MCP_ADS_HOME": str(home), "MCP_ADS_SANDBOX_REPORT_DELAY": "0"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout
        said = process.stdout.read().decode()
        words = [word for word in shlex.split(said) if "=" in word]
        variables = dict(word.split("=", 1) for word in words)
        url, token = variables["FACEBOOK_MARKETING_BASE_URL"], variables["FACEBOOK_MARKETING_ACCESS_TOKEN"]
        listed = httpx.get(
            f"{url}/v26.0/me/adaccounts",
            params={"fields": "id,name"},
            headers={"authorization": f"Bearer {token}"},
        )
        listed.raise_for_status()
        try:
            yield variables, process.pid, worked(process.pid)
        finally:
            process.terminate()


def _asked(variables: dict[str, str], home: str, entity: str, params: str) -> float:
    """Seconds that a process took to ask all accounts, its own start among them."""
    command = [sys.executable, "-m", "mcp_ads", "call", "ads", entity, "list", "--params", params]
    began = time.monotonic()
    environment = {**os.environ, **variables, "MCP_ADS_HOME": home, "MCP_ADS_KEYRING": "off"}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def worked(pid: int) -> float:
    """Seconds of a processor that a process has had, whatever else the machine does."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> float:
    """What a process had in memory at the most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024
