"""The official conformance suite of MCP against our server over HTTP, in both eras of the protocol."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from node_programs import Programs, installed, wait_for
from serving import command, served
from shell import environment

pytestmark = [pytest.mark.vendors, pytest.mark.timeout(300)]
HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "reliability.md"
MODULE = "conformance.serve"
NEWEST, RELEASED = "conformance", "node_modules/conformance-released/dist/index.js"
OLD, NEW = "2025-11-25", "2026-07-28"
PASSED, FAILED, WARNED = "SUCCESS", "FAILURE", "WARNING"


@dataclass(frozen=True)
class Run:
    """One run of the suite: by which version of it, in which era, and what it made of each scenario."""

    suite: str
    era: str
    scenarios: dict[str, list[dict[str, str]]]
    code: int
    said: str

    def checks(self, status: str) -> int:
        """How many checks ended so."""
        return [each["status"] for checks in self.scenarios.values() for each in checks].count(status)

    def failed(self) -> list[str]:
        """The scenarios in which a check failed or warned, as the suite counts what is expected."""
        wrong = {FAILED, WARNED}
        return sorted(
            name for name, checks in self.scenarios.items() if any(c["status"] in wrong for c in checks)
        )


def holds(found: Run, server: str, expected: str) -> None:
    """The run ended as expected, and docs/reliability.md has its figures."""
    assert found.code == 0, found.said
    wrong, text = found.failed(), (HERE / f"expected-{expected}.yml").read_text()
    assert wrong == sorted(re.findall(r"^  - (\S+)$", text, re.MULTILINE))
    head = f"| {server} | {found.era} | {found.suite} |"
    right, checks = len(found.scenarios) - len(wrong), found.checks(PASSED) + found.checks(FAILED)
    row = f"{head} {right} of {len(found.scenarios)} | {found.checks(PASSED)} of {checks} |"
    written = DOCUMENT.read_text()
    if os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS"):
        DOCUMENT.write_text(re.sub(rf"^{re.escape(head)}.*$", row, written, flags=re.MULTILINE))
    else:
        assert row in written.splitlines()


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """What npm installed."""
    return installed(tmp_path_factory)


@contextmanager
def ours(home: Path, **variables: str) -> Iterator[str]:
    """The URL of our server over HTTP, with what the suite calls mounted on it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", MODULE, "serve", "--transport", "http", "--port", str(port)]
    given = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home), "PYTHONPATH": str(HERE.parent), **variables}
    with subprocess.Popen(words, env=environment(given), stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            server.terminate()


def conformed(
    programs: Programs, here: Path, url: str, era: str, expected: str, suite: str = NEWEST, **variables: str
) -> Run:
    """What the suite finds at a URL, with the failures that a file expects."""
    results = here / "results"
    done = programs.run(
        suite, "server", "--url", url, "--suite", "all", "--spec-version", era,
        "--expected-failures", str(HERE / f"expected-{expected}.yml"), "--output-dir", str(results),
        here=here, **variables,
    )  # fmt: skip
    found = {}
    for folder in sorted(results.iterdir()):
        name = re.sub(r"^server-|-\d{4}-\d\d-\d\dT[\dZ-]+$", "", folder.name)
        found[name] = json.loads((folder / "checks.json").read_text())
    version = programs.version(
        "conformance-released" if suite == RELEASED else f"@modelcontextprotocol/{suite}"
    )
    return Run(version, era, found, done.returncode, done.stdout[-3000:] + done.stderr[-1000:])


@pytest.mark.parametrize(("era", "suite"), [(OLD, NEWEST), (NEW, NEWEST), (OLD, RELEASED)])
def test_conformance(programs: Programs, tmp_path: Path, era: str, suite: str) -> None:
    """Every scenario passes but for those expected to fail with a reason; one of these that passes fails."""
    with ours(tmp_path) as url:
        found = conformed(programs, tmp_path, url, era, era, suite)
    holds(found, "`mcp-ads serve`", era)


@pytest.mark.parametrize("scenario", ["enumeration", "manifest"])
def test_skills(programs: Programs, tmp_path: Path, scenario: str) -> None:
    """The scenarios of the Skills extension, which stand beside the eras, pass without a warning."""
    with ours(tmp_path) as url:
        words = ("server", "--url", url, "--scenario", f"sep-2640-skills-{scenario}", "--force")
        done = programs.run(NEWEST, *words, here=tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "0 failed, 0 warnings" in done.stdout


def test_with_sessions(programs: Programs, tmp_path: Path) -> None:
    """What fails for want of sessions passes where the same server keeps them."""
    with ours(tmp_path, MCP_TEST_SESSIONS="1") as url:
        found = conformed(programs, tmp_path, url, OLD, f"{OLD}-sessions")
    holds(found, "the same with sessions", f"{OLD}-sessions")


@pytest.mark.parametrize("era", [OLD, NEW])
def test_the_host(programs: Programs, tmp_path: Path, era: str) -> None:
    """The same holds for /mcp of a host, to whoever has a token."""
    with served(tmp_path, module=MODULE, PYTHONPATH=str(HERE.parent)) as host:
        host.created("facebook-marketing", "acme")
        words = ("token", "add", "suite", "--workspace", "acme", "--scope", "write")
        where = {"MCP_TEST_URL": host.url, "MCP_TEST_TOKEN": str(command(host.home, *words)).strip()}
        preload = f"--import={programs.folder / 'authorized.mjs'}"
        found = conformed(programs, tmp_path, f"{host.url}/mcp", era, era, NODE_OPTIONS=preload, **where)
    holds(found, "`mcp-ads host serve`", era)
