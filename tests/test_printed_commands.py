"""Every command that is printed or documented exists, and those of docs/ work as they are written."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from fenced import pages
from shell import Shell, environment

from mcp_ads.commands.usage import USAGE
from mcp_ads.variables import VARIABLES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
WORD = re.compile(r"(?<![\w/.-])mcp-ads ([a-z]+)\b")
OF_TESTS = {"MCP_ADS_LIVE", "MCP_ADS_TEST_SCALE", "MCP_ADS_UPDATE_SNAPSHOTS"}
"""Variables that the suite reads."""
LATER = {"audit"}
"""Commands that this checkout may have or not."""


def blocks(name: str, kind: str) -> list[str]:
    """The blocks of one kind in a document."""
    text = (ROOT / "docs" / name).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@cache
def texts() -> list[tuple[str, str]]:
    """Every text in the package, and every document."""
    found = [
        (path.name, path.read_text("utf-8")) for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    ]
    for path in (ROOT / "mcp_ads").rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        values = (node.value for node in nodes if isinstance(node, ast.Constant))
        found += [(path.name, value) for value in values if isinstance(value, str)]
    return found


@pytest.mark.slow
def test_every_command_named_anywhere_exists() -> None:
    """No fix, answer or document sends anybody to a command there is none of."""
    named = {(name, word) for name, text in texts() for word in WORD.findall(text)}
    spoken = {
        "failed",
        "is",
        "has",
        "itself",
        "calls",
        "stands",
        "alone",
        "serves",
        "raises",
        "below",
        "can",
        "in",
        "into",
        "over",
        "says",
        "does",
        "the",
        "without",
        "for",
    }
    assert {(name, word) for name, word in named if word not in USAGE and word not in LATER | spoken} == set()


def test_every_variable_of_a_fix_exists() -> None:
    """A variable that a fix or a document names in full is one that is read."""
    named = re.compile(r"\b(?:FACEBOOK_MARKETING|LINKEDIN_ADS|AMAZON_ADS|MCP_ADS)_(?:[A-Z]+_)*[A-Z]+\b")
    documents = [path.read_text("utf-8") for path in [*pages(), ROOT / "CHANGELOG.md"]]
    names = {name for text in [*(text for _, text in texts()), *documents] for name in named.findall(text)}
    assert names - VARIABLES.keys() - OF_TESTS == set()


@pytest.mark.slow
def test_the_documented_commands_work(tmp_path: Path) -> None:
    """The block of docs/commands.md, pasted into a shell, reads, plans, applies and searches."""
    (block,) = blocks("commands.md", "sh")
    here = tmp_path / "bin" / "mcp-ads"
    here.parent.mkdir()
    here.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m mcp_ads "$@"\n')
    here.chmod(0o755)
    path = f"{here.parent}{os.pathsep}{os.environ['PATH']}"
    own = {"MCP_ADS_HOME": str(tmp_path / "kept")}
    done = subprocess.run(
        ["sh", "-ec", block], cwd=tmp_path, env=environment(own | {"HOME": str(tmp_path), "PATH": path}),
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "1202110000000000340" in done.stdout
    assert "raise-daily-budget-50.00-to-60.00-USD.spring-sale." in done.stdout
    assert "APPLIED: 1 of 1 done" in done.stdout
    assert "reports.run(" in done.stdout


def test_the_documented_entries_are_the_examples() -> None:
    """Each JSON block of docs/clients.md is an entry a client takes, and that of the example file for it."""
    entries = [json.loads(text) for text in blocks("clients.md", "json")]
    for block, name in zip(entries, ("mcp.json.example", "vscode-mcp.json.example"), strict=True):
        example = json.loads((ROOT / name).read_text("utf-8"))
        (key,) = block
        assert block[key]["ads"] == example[key]["ads"]
        assert example[key]["ads-http"] == {"type": "http", "url": "http://127.0.0.1:8000/mcp"}
        assert example[key]["ads"]["command"].startswith("/")
    assert list(entries[1]) == ["servers"]


def test_the_readme_leads_to_what_there_is() -> None:
    """Its links are files of this repository, and it is short enough to be read."""
    links = re.findall(r"\]\(([^)]*)\)", README)
    assert [link for link in links if not (ROOT / link).is_file()] == []
    assert len(README.splitlines()) <= 150


def test_the_example_environment_starts(shell: Shell) -> None:
    """.env.example has every variable, and used as it is nothing stops the start."""
    text = (ROOT / ".env.example").read_text("utf-8")
    assert sorted(name for name in VARIABLES if f"# {name}=" not in text) == []
    (shell.here / "settings.env").write_text(text + "\nMCP_ADS_SANDBOX=1\n")
    shell.set(MCP_ADS_ENV_FILE=str(shell.here / "settings.env"))
    code, _, err = shell.run("describe")
    assert (code, err) == (0, "")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A directory with the Makefile, a .venv that was finished once, and a Python that is not to be used."""
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / "pyproject.toml").write_text("")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    os.utime(tmp_path / "pyproject.toml", (1, 1))
    (tmp_path / ".venv" / ".run").touch()
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="make")
@pytest.mark.parametrize(("code", "kept"), [(0, True), (1, False), (None, False)])
def test_make_mends_a_venv(checkout: Path, code: int | None, kept: bool) -> None:
    """A .venv whose Python is gone, broken or too old is made anew; a good one is left alone."""
    if code is not None:
        python = checkout / ".venv" / "bin" / "python"
        python.write_text(f"#!/bin/sh\nexit {code}\n")
        python.chmod(0o755)
    done = subprocess.run(["make", "-n", "demo"], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv").exists() is kept
    assert ("made anew" in done.stdout) is not kept
    assert ("pip install" in done.stdout) is not kept
    assert "mcp_ads demo" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="make")
def test_make_shows_that_it_works(checkout: Path, tmp_path: Path) -> None:
    """Something is printed at once and every second while things are installed; a failure stops it."""
    slow = tmp_path / "slow-python"
    slow.write_text('#!/bin/sh\ncase "$1" in -m) sleep 3; exit 7;; *) exit 0;; esac\n')
    slow.chmod(0o755)
    with subprocess.Popen(
        ["make", "demo", f"PYTHON={slow}"], cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as making:
        assert making.stdout
        os.set_blocking(making.stdout.fileno(), False)
        time.sleep(2)
        early = making.stdout.read() or b""
        os.set_blocking(making.stdout.fileno(), True)
        rest = making.stdout.read()
    assert b"installing into .venv" in early
    assert b"." in rest
    assert making.returncode != 0


@pytest.mark.skipif(os.name == "nt", reason="make")
def test_make_needs_a_new_enough_python(checkout: Path, tmp_path: Path) -> None:
    """An old Python is said to be one, with what to write instead."""
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "demo", f"PYTHON={old}"], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed: make PYTHON=python3.12 demo" in done.stderr
