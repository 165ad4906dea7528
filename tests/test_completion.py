"""`mcp-ads --install-completion`: the scripts of shells, and what a real bash completes with one."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shell import Shell

from mcp_ads.commands.install.places import CLIENTS

ASK = """
. "$1"; shift
COMP_WORDS=(mcp-ads "$@"); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
_mcp_ads; printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def user(shell: Shell) -> Shell:
    """Somebody whose home has a startup file."""
    home = shell.here.parent / "user"
    home.mkdir()
    (home / ".bashrc").write_text("alias ll='ls -l'")
    shell.set(HOME=str(home), PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    for name in ("ZSH", "ZSH_CUSTOM", "ZSH_VERSION", "BASH_VERSION", "FISH_VERSION"):
        shell.monkeypatch.delenv(name, raising=False)
    return shell


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")
def test_bash_completes(user: Shell) -> None:
    """Commands, options and values; the startup file keeps what it has, and loads it once."""
    for _ in range(2):
        code, out, err = user.run("--install-completion", "--shell", "bash")
        assert (code, out) == (0, "")
    script = Path.home() / ".local/share/bash-completion/completions/mcp-ads"
    assert str(script) in err
    lines = (Path.home() / ".bashrc").read_text().splitlines()
    assert lines[0] == "alias ll='ls -l'"
    assert len([line for line in lines if str(script) in line]) == 1
    for words, found in (
        (["do"], ["doctor"]),
        (["serve", "--transport", ""], ["stdio", "http", "sse"]),
        (["install", "--dr"], ["--dry-run"]),
        (["token", ""], ["add", "list", "remove"]),
        (["uninstall", ""], [*CLIENTS]),
        (["call", "facebook", "accounts", "list", "--fo"], ["--format"]),
    ):
        done = subprocess.run(
            ["bash", "--norc", "-c", ASK, "ask", str(script), *words],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shell_name", "file"),
    [("zsh", ".zsh/completions/_cyclopts_mcp-ads"), ("fish", ".config/fish/completions/mcp-ads.fish")],
)
def test_other_shells(user: Shell, shell_name: str, file: str) -> None:
    """The script goes where the shell looks, and is what --print prints, which writes nothing."""
    code, script, _ = user.run("--install-completion", "--shell", shell_name, "--print")
    assert code == 0
    assert [path.name for path in Path.home().iterdir()] == [".bashrc"]
    assert user.run("--install-completion", "--shell", shell_name)[0] == 0
    assert f"{(Path.home() / file).read_text('utf-8')}\n" == script
    assert "doctor" in script
    if program := shutil.which(shell_name):
        subprocess.run([program, "-n", str(Path.home() / file)], check=True)


WORDS = {
    "do": "doctor",
    "install cu": "cursor",
    "serve --transport ": "stdio",
    "install --dr": "--dry-run",
    "skills un": "uninstall",
    "token ": "remove",
    "host client add --na": "--name",
    "call facebook accounts list --fo": "--format",
}
"""What is typed, and what Tab shows or writes."""


@pytest.mark.vendors
@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not here")
def test_fish_completes(user: Shell) -> None:
    """Commands, options and values, also behind words that are called like a command."""
    assert user.run("--install-completion", "--shell", "fish")[0] == 0
    for typed, found in WORDS.items():
        done = subprocess.run(
            ["fish", "--command", f"complete -C 'mcp-ads {typed}'"],
            capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
        assert found in [line.partition("\t")[0] for line in done.stdout.splitlines()], typed


@pytest.mark.vendors
@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not here")
def test_zsh_completes(user: Shell) -> None:
    """A zsh at a terminal that read its own startup file, once that has what is said to be missing in it."""
    code, _, err = user.run("--install-completion", "--shell", "zsh")
    assert code == 0
    assert "`autoload -Uz compinit && compinit`" in err
    with (Path.home() / ".zshrc").open("a") as startup:
        startup.write("autoload -Uz compinit && compinit -u\nPS1='ready '\n")
    assert "compinit" not in user.run("--install-completion", "--shell", "zsh")[2]
    for typed, found in WORDS.items():
        assert found in at_a_terminal(typed, found), typed


def at_a_terminal(typed: str, wanted: str) -> str:
    """What zsh shows after Tab was pressed twice; at most half a minute is waited for it."""
    child, terminal = pytest.importorskip("pty").fork()
    if not child:
        os.execvpe("zsh", ["zsh", "-i"], {**os.environ, "TERM": "dumb"})
    try:
        shown(terminal, "ready ")
        os.write(terminal, f"mcp-ads {typed}\t\t".encode())
        return shown(terminal, wanted)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def shown(terminal: int, wanted: str) -> str:
    """What a terminal shows until it is what was wanted."""
    text, until = "", time.monotonic() + 30
    while wanted not in text and time.monotonic() < until:
        if select.select([terminal], [], [], 1)[0]:
            text += os.read(terminal, 65_536).decode(errors="replace")
    return text


def test_where_it_cannot_be_written(user: Shell) -> None:
    """A folder in the way, and a shell that there is not, are a line each."""
    (Path.home() / ".local").write_text("in the way")
    code, out, err = user.run("--install-completion", "--shell", "bash")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "cannot be written" in err
    code, _, err = user.run("--install-completion", "--shell", "tcsh")
    assert code == 2
    assert "'tcsh' is none of" in err
