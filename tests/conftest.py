"""Fixtures for every test: one event loop, and commands with a home of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shell import OURS, Shell


@pytest.fixture
def anyio_backend() -> str:
    """The event loop the tests run in."""
    return "asyncio"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Commands in an empty directory with an empty home, and none of the caller's settings."""
    for name in os.environ:
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path / "home"))
    return Shell(tmp_path / "home", here, monkeypatch, capsys)
