"""What differs on Windows and macOS, as far as it can be had here: each test makes one difference."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import shutil
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from shell import Shell

from mcp_ads import situation
from mcp_ads.files import lock, odd_names, private_files

LIST = ("call", "facebook-marketing", "campaigns", "list", "--params")


def sharing_violation(code: int) -> PermissionError:
    """What Windows raises for a file that another process has open."""
    error = PermissionError(13, "Permission denied")
    error.winerror = code  # type: ignore[attr-defined]  # only there it has one
    return error


def test_a_file_that_is_being_read_is_replaced_a_moment_later(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a reader is in the way the file of tokens is put there after it; not for ever."""
    replace, tried = Path.replace, [32, 5]

    def refused(path: Path, target: Path) -> Path:
        if path.suffix == ".tmp" and tried:
            raise sharing_violation(tried.pop())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr(private_files, "PATIENCE", 0.05)
    kept = shell.home / "http.toml"
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_HTTP_TOKENS=str(kept))
    assert shell.run("token", "add", "first", "--scope", "read")[0] == 0
    for reason in (32, 1):
        before, tried[:] = kept.read_text(), [reason] * 1000
        code, _, err = shell.run("token", "add", "second", "--scope", "read")
        assert (code, kept.read_text(), len(err.splitlines())) == (1, before, 1)
    assert [path.name for path in shell.home.glob("http.toml.*.tmp")] == []


def test_a_clock_that_stands_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two drafts of one file within a tick of the clock are two."""
    monkeypatch.setattr(time, "monotonic_ns", lambda: 7)
    drafts = {private_files.draft_of(tmp_path / "x") for _ in range(3)}
    assert len(drafts) == 3
    for draft in drafts:
        draft.touch()
    private_files.forget_drafts(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def sandbox(shell: Shell) -> Shell:
    """A shell with the sandbox on."""
    shell.set(MCP_ADS_SANDBOX="1")
    return shell


@pytest.mark.parametrize(
    ("name", "everywhere"),
    [
        ("\\\\server\\share\\full.csv", True), ("//server/share/full.csv", True),
        ("CON.csv", False), ("reports/nul.csv", False), ("lpt1.csv", False), ("full:hidden.csv", False),
        ("reports./full.csv", False),
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere(
    sandbox: Shell, monkeypatch: pytest.MonkeyPatch, name: str, everywhere: bool
) -> None:
    """A share of another computer is never looked at; devices and hidden parts are no files on Windows."""
    files = sandbox.here / "files"
    for folder in (files, files / "reports", files / "reports."):
        folder.mkdir()
    sandbox.set(MCP_ADS_FILES=str(files))
    asked = json.dumps({"account_id": "1234567890", "limit": 1, "save_to": name})
    monkeypatch.setattr(odd_names, "ON_WINDOWS", not everywhere)
    code, _, err = sandbox.run(*LIST, asked)
    assert code == 1
    assert "save_to: must be the printable name of a file inside MCP_ADS_FILES" in err
    assert [path for path in files.rglob("*") if path.is_file()] == []
    upload = json.dumps({"account_id": "1234567890", "file": name})
    code, _, err = sandbox.run("call", "facebook", "images", "upload", "--params", upload)
    assert code == 1
    assert "file:" in err


def test_parameters_in_utf_8_whatever_the_console_speaks(
    sandbox: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON on stdin is UTF-8, with a mark at its beginning or not, and a name gets into the plan as it is."""
    asked = {"campaign_id": "1202110000000000340", "name": "Frühling → Sommer"}
    text = "\ufeff" + json.dumps(asked, ensure_ascii=False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="cp1252"))
    code, out, _ = sandbox.run("call", "facebook", "campaigns", "update", "--params", "-")
    assert code == 0
    assert "Frühling → Sommer" in out


def test_a_batch_file_is_not_asked_to_write(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Claude Code's command is a .cmd, whose shell has quotes of its own, we write the file."""
    shell.set(HOME=str(shell.here))
    monkeypatch.setattr(shutil, "which", lambda _: "C:\\npm\\claude.CMD")
    assert shell.run("install", "claude-code")[0] == 0
    assert json.loads((shell.here / ".claude.json").read_text())["mcpServers"]["mcp-ads"]["type"] == "stdio"


def test_locks_of_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are of one byte far beyond the file, and what another holds is Busy."""
    held: list[tuple[int, int]] = []

    def locking(handle: int, mode: int, size: int) -> None:
        place = os.lseek(handle, 0, os.SEEK_CUR)
        if held:
            raise PermissionError(13, "held")
        held.append((place, size))

    monkeypatch.setitem(sys.modules, "msvcrt", _module("msvcrt", locking=locking, LK_NBLCK=2))
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.spec_from_file_location("mcp_ads.files.lock_of_windows", lock.__file__)
    assert spec
    assert spec.loader
    windows = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(windows)
    monkeypatch.undo()
    with windows.locked(tmp_path / "x"):
        assert held == [(windows.FAR, 1)]
        with pytest.raises(windows.Busy), windows.locked(tmp_path / "x"):
            pass


def _module(name: str, **members: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(members)
    return made


def test_commands_as_windows_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is not in single quotes there, which cmd does not know, and its program ends in .exe."""
    folder = tmp_path / "Program Files"
    folder.mkdir()
    (folder / "mcp-ads.exe").touch()
    monkeypatch.setattr(sys, "executable", str(folder / "python.exe"))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    program = f'"{folder / "mcp-ads.exe"}"'
    assert situation.in_shell("run `mcp-ads login facebook`") == f"run `{program} login facebook`"
    text = situation.in_shell('ads_describe(query="lower ACOS")')
    assert text == f'{program} describe --query "lower ACOS"'
    again = situation.in_shell("call ads_apply with the same plan_id again to go on", "pause-1.abcd2345")
    assert again == f"call `{program} apply pause-1.abcd2345` again to go on"
