"""What an operator mistypes: one line that says what is right, and nothing is made."""

from __future__ import annotations

import json
import threading

import aiosqlite
import pytest
from shell import Shell


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--writes", "direct"], "--no-cap"),
        (["--writes", "direct", "--max-increase-pct", "10"], "--max-daily-budget"),
        (["--writes", "direct", "--max-daily-budget", " "], "--max-daily-budget: empty"),
        (["--max-daily-budget", "USD=100"], "--max-daily-budget"),
        (["--max-increase-pct", "ten"], "--max-increase-pct"),
        (["--no-cap"], "--no-cap"),
        (["--workspaces", ","], "--workspaces: empty"),
        (["--accounts", "facebok:1"], "--accounts"),
        (["--accounts", ""], "--accounts"),
        (["--redirect", "http://example.com/x"], "--redirect"),
        (["--organization", "other"], "--organization"),
    ],
)
def test_a_limit_that_is_misspelt_makes_no_client(shell: Shell, words: list[str], said: str) -> None:
    """Exit code 2 and a line that names the option; nothing is made."""
    shell.run("host", "init")
    code, out, err = shell.run("host", "client", "add", "x", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert len(json.loads(shell.run("host", "client", "list", "--json")[1])) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clients", "list"], "did you mean host client?"),
        (["client", "ad"], "did you mean host client add?"),
        (["serve", "--port", "99999"], "--port: 99999"),
    ],
)
def test_a_command_that_is_misspelt_is_a_line(shell: Shell, words: list[str], said: str) -> None:
    """What is meant within `host` is named."""
    code, _, err = shell.run("host", *words)
    assert code
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:MARKER-word@h:xx/d"),
        ("DATABASE_URL", "postgresql://u:MARKER-@-word@h/d"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://u:MARKER-word@h/d"),
        ("DATABASE_URL", "sqlite:////proc/nothing/x.db"),
        ("MCP_ADS_HOST_KEY", "MARKER-word"),
        ("MCP_ADS_HOME", "/proc/nothing"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(shell: Shell, name: str, value: str) -> None:
    """It names the variable or the file, and none of what may be secret in it."""
    shell.set(**{name: value})
    code, out, err = shell.run("host", "init")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "MARKER" not in err


def test_a_database_that_does_not_open_leaves_no_traceback_behind(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver's thread ends by itself, here after the database is closed, and does not complain."""
    late = threading.Event()
    stop = aiosqlite.Connection.stop

    def stop_late(connection: aiosqlite.Connection) -> object:
        connection._tx.put_nowait((None, late.wait))
        return stop(connection)

    monkeypatch.setattr(aiosqlite.Connection, "stop", stop_late)
    complaints = list[object]()
    monkeypatch.setattr(threading, "excepthook", complaints.append)
    before = set(threading.enumerate())
    shell.set(DATABASE_URL="sqlite:////proc/nothing/x.db")
    assert shell.run("host", "init")[0] == 2
    late.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
    assert not complaints
