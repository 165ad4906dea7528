"""The generated tables."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from shell import Shell, environment

from mcp_ads import docs, platforms, settings, settings_platforms, variables

ROOT = Path(__file__).parent.parent
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
ASKED = (
    {"id": 1, "method": "initialize", "params": HELLO},
    {"method": "notifications/initialized"},
    {"id": 2, "method": "tools/call", "params": {"name": "ads_describe", "arguments": {}}},
)
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which nothing is generated yet."""
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    for folder in ("docs", "mcp_ads"):
        (tmp_path / folder).mkdir()
    (tmp_path / "mcp_ads" / "__init__.py").write_text('"""A package."""\n')
    generated = {
        "docs/settings.md": ("settings",),
        "docs/actions.md": ("actions",),
        "docs/architecture.md": ("files",),
        "docs/airbyte.md": ("carried",),
    }
    for path, names in generated.items():
        marks = [mark.format(name) for name in names for mark in docs.MARKS]
        (tmp_path / path).write_text("\n".join(["before", *marks, "after\n"]))
    return tmp_path


def test_check_fails_until_the_tables_are_written(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--check names what is out of date and changes nothing; without it the files are written."""
    before = (copy / "docs/settings.md").read_text("utf-8")
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err.count("out of date") == 6
    assert (copy / "docs/settings.md").read_text("utf-8") == before
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


def test_the_tables_hold_every_entity(copy: Path) -> None:
    """docs/actions.md has a row an entity, and the text around stays."""
    docs.main([])
    actions = (copy / "docs/actions.md").read_text("utf-8")
    assert "| facebook-marketing | `campaigns` | list, get, create," in actions
    assert actions.startswith("before\n")
    assert actions.endswith("\nafter\n")


def test_what_works_over_airbyte_is_told(copy: Path) -> None:
    """docs/airbyte.md has the actions that Airbyte's connectors can be asked, and none of the others."""
    docs.main([])
    rows = (copy / "docs" / "airbyte.md").read_text("utf-8").splitlines()
    ads = next(row for row in rows if row.startswith("| facebook-marketing | `ads` |"))
    assert ads == "| facebook-marketing | `ads` | list, get, create, update, pause, activate, archive |"
    assert not [row for row in rows if row.startswith("| amazon-ads |") and "pause" in row]


def test_every_setting_is_documented() -> None:
    """Every variable that is read is in the one table, which docs/settings.md shows."""
    sources = [Path(str(module.__file__)).read_text("utf-8") for module in (settings, settings_platforms)]
    read = set(re.findall(r'"(MCP_ADS_[A-Z_]+|AMAZON_ADS_[A-Z_]+)"', "\n".join(sources)))
    for name, prefix in platforms.PLATFORMS.items():
        read |= {f"{prefix}_{part}" for part in ("ACCOUNT_IDS", "BASE_URL")}
        read |= {f"{prefix}_{part}" for way in platforms.WAYS_IN[name] for part in way}
        read |= {f"{prefix}_API_VERSION"} if name in platforms.VERSIONS else set()
    assert read - {"MCP_ADS_"} <= variables.VARIABLES.keys()
    assert sorted(name for name in variables.VARIABLES if f"`{name}`" not in SETTINGS) == []


@pytest.mark.slow
def test_the_example_configuration_works(shell: Shell) -> None:
    """mcp.json.example is valid, and what its stdio entry starts is a server with the sandbox."""
    servers = json.loads((ROOT / "mcp.json.example").read_text("utf-8"))["mcpServers"]
    assert servers["mcp-ads"]["command"].endswith("mcp-ads")
    assert servers["mcp-ads-http"]["url"] == "http://127.0.0.1:8000/mcp"
    variables = {**servers["mcp-ads"]["env"], "MCP_ADS_HOME": str(shell.home)}
    with subprocess.Popen(
        [sys.executable, "-m", "mcp_ads", *servers["mcp-ads"]["args"]],
        text=True, cwd=shell.here, env=environment(variables), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdin
        assert running.stdout
        running.stdin.write("".join(json.dumps({"jsonrpc": "2.0", **line}) + "\n" for line in ASKED))
        running.stdin.flush()
        answers = [json.loads(running.stdout.readline()) for _ in range(2)]
        running.stdin.close()
    assert "SANDBOX" in answers[1]["result"]["content"][0]["text"]
