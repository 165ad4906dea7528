"""What tests of the commands share: a clean environment, and a command run as a shell user does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from issued_tokens import seen

from mcp_ads import cli, serving
from mcp_ads.platforms import PLATFORMS

OURS = ("MCP_ADS_", "FASTMCP_", *PLATFORMS.values())
PRINTS_TOKENS = "sandbox"
"""The command that hands out variables with tokens in them, of platforms that are invented."""
US = '{"account_id": "1234567890", "limit": 3}'


@dataclass
class Shell:
    """Runs commands in one directory with one home; `home` and `here` are empty at first."""

    home: Path
    here: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def set(self, **values: str) -> None:
        """Set variables for the commands that follow."""
        for name, value in values.items():
            self.monkeypatch.setenv(name, value)

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a command carried out in this process."""
        with pytest.raises(SystemExit) as ended:
            cli.run(list(words))
        out, err = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        if words[0] != PRINTS_TOKENS:
            seen(out + err, words[0])
        return ended.value.code, out, err

    def refused(self, *words: str) -> tuple[int, str, str]:
        """The same of `serve` with a mistake in it, which ends before anything is served."""
        code = serving.serve(list(words))
        out, err = self.capsys.readouterr()
        return code, out, err


Done = subprocess.CompletedProcess[str]


def in_an_empty_home(shell: Shell) -> Shell:
    """Somebody whose home is empty, without Claude Code's own command and without settings of any client."""
    home = shell.here.parent / "user"
    home.mkdir()
    shell.set(HOME=str(home), PATH=str(Path(sys.executable).parent))
    for name in (
        "APPDATA", "XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME", "MCP_ADS_HOME", "MCP_ADS_KEYRING",
    ):  # fmt: skip
        shell.monkeypatch.delenv(name, raising=False)
    return shell


def process(*words: str, here: Path, given: str | None = None, **variables: str) -> Done:
    """A command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "mcp_ads", *words],
        env=environment(variables), cwd=here, input=given,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if words[0] != PRINTS_TOKENS:
        seen(done.stdout + done.stderr, words[0])
    return done


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment without our settings, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "MCP_ADS_KEYRING": "off", **variables}
