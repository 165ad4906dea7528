"""`mcp-ads --install-completion`: the scripts of shells, and what a real bash completes with one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from shell import Shell

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
    shell.set(HOME=str(home))
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


def test_where_it_cannot_be_written(user: Shell) -> None:
    """A folder in the way, and a shell that there is not, are a line each."""
    (Path.home() / ".local").write_text("in the way")
    code, out, err = user.run("--install-completion", "--shell", "bash")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "cannot be written" in err
    code, _, err = user.run("--install-completion", "--shell", "tcsh")
    assert code == 2
    assert "'tcsh' is none of" in err
