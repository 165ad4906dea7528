"""`mcp-ads token`: named tokens of an HTTP server, made, listed and removed; the file they are in."""

from __future__ import annotations

import hashlib
import re
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from named_tokens import ACCEPT, HELLO, entry, write
from shell import Shell, environment, process

from mcp_ads import serving
from mcp_ads.errors import BadSettings
from mcp_ads.files.lock import locked
from mcp_ads.http_tokens import TokensFile, listed
from mcp_ads.settings import load

HTTP = ("--transport", "http", "--port", "0")


@pytest.fixture
def path(shell: Shell) -> Path:
    """The file of the tokens, which is not there yet."""
    found = shell.home / "http.toml"
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_HTTP_TOKENS=str(found))
    return found


def add(shell: Shell, name: str, *more: str) -> str:
    """The token that was made."""
    code, out, _ = shell.run("token", "add", name, *more)
    assert code == 0
    return out.strip()


def test_a_token_is_printed_once(shell: Shell, path: Path) -> None:
    """The token alone is on stdout; what is kept is its hash, for the owner's eyes only."""
    code, out, err = shell.run(
        "token", "add", "acme-bot", "--scope", "plan", "--accounts", "facebook:1,amazon:2"
    )
    assert code == 0
    token = out.removesuffix("\n")
    assert re.fullmatch(r"mcp_[A-Za-z0-9_-]{43,}", token)
    assert "not shown again" in err
    assert token not in err
    text = path.read_text()
    assert token not in text
    assert hashlib.sha256(token.encode()).hexdigest() in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    held = TokensFile(path).authority(token)
    assert held
    assert (held.name, held.scope) == ("acme-bot", "plan")
    assert held.accounts == {"facebook_marketing": ("1",), "amazon_ads": ("2",)}
    assert TokensFile(path).authority(token + "x") is None


def test_what_a_person_wrote_stays(shell: Shell, path: Path) -> None:
    """Adding and removing leaves other entries and comments as they are."""
    write(path, "# the agency's bots\n", entry("first", "read"), "# ends in May\n", entry("second"))
    before = path.read_text()
    add(shell, "third", "--scope", "write")
    assert path.read_text().startswith(before.rstrip("\n"))
    assert shell.run("token", "remove", "first")[0] == 0
    left = path.read_text()
    assert left.startswith("# the agency's bots\n")
    assert "# ends in May\n" in left
    assert "[second]" in left
    assert "[first]" not in left
    _, out, _ = shell.run("token", "list")
    assert [line.split()[0] for line in out.splitlines()] == ["second", "third"]


def test_the_list_has_no_hashes(shell: Shell, path: Path) -> None:
    """Names, scopes and accounts are enough to know whom to remove; the doctor says the same."""
    token = add(shell, "acme", "--scope", "read", "--accounts", "linkedin:5")
    add(shell, "boss", "--scope", "write")
    code, out, _ = shell.run("token", "list")
    assert code == 0
    assert out == "acme  read  only linkedin:5\nboss  write  all accounts of the server\n"
    _, told, _ = shell.run("doctor")
    assert "acme  read  only linkedin:5" in told
    assert hashlib.sha256(token.encode()).hexdigest() not in out + told
    write(path, entry("acme", "wrtie"))
    code, told, _ = shell.run("doctor")
    assert code == 1
    assert "'wrtie' is none of read, plan, write" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "acme", "--scope", "read"], "there is a acme already"),
        (["add", "Acme", "--scope", "read"], "'Acme' is no name: up to 40 of a-z, 0-9, - and _"),
        (["add", "token", "--scope", "read"], "choose another name"),
        (["add", "a.b", "--scope", "read"], "is no name"),
        (["add", "x", "--scope", "wrtie"], "is none of read, plan, write"),
        (["add", "x"], "--scope: missing"),
        (["add", "x", "--scope", "read", "--accounts", ""], "--accounts: '' is no account"),
        (
            ["add", "x", "--scope", "read", "--accounts", "facebook:act_1"],
            "--accounts: 'facebook:act_1' is no",
        ),
        (["add", "x", "--scope", "read", "--accounts", "meta:1"], "write facebook:123"),
        (["remove", "nobody"], "no such token; there are acme"),
    ],
)
def test_mistakes_change_nothing(shell: Shell, path: Path, words: list[str], said: str) -> None:
    """Each is a line, and the file stays as it was."""
    write(path, entry("acme"))
    before = path.read_bytes()
    code, out, err = shell.run("token", *words)
    assert code > 0
    assert out == ""
    assert said in err
    assert path.read_bytes() == before


def test_a_file_that_is_wrong_is_not_written(shell: Shell, path: Path) -> None:
    """What is in it may be half of an edit; nothing of it is lost."""
    write(path, f"{entry('acme')}[half")
    code, _, err = shell.run("token", "add", "x", "--scope", "read")
    assert code == 2
    assert "is not TOML" in err
    assert path.read_text().endswith("[half")


def test_two_at_once_do_not_lose_one(shell: Shell, path: Path) -> None:
    """A second command waits its turn by ending with a line."""
    write(path, entry("acme"))
    with locked(path.with_name(f"{path.name}.lock")):
        code, out, err = shell.run("token", "add", "x", "--scope", "read")
    assert (code, out) == (1, "")
    assert "try again" in err


def test_a_link_stays_a_link(shell: Shell, path: Path) -> None:
    """The file it leads to is written."""
    real = shell.home / "real.toml"
    write(real, entry("acme"))
    path.symlink_to(real)
    add(shell, "x", "--scope", "read")
    assert path.is_symlink()
    assert "[x]" in real.read_text()


def test_which_file_is_said(shell: Shell) -> None:
    """Without MCP_ADS_HTTP_TOKENS it says what to set."""
    for words in (["add", "x", "--scope", "read"], ["list"], ["remove", "x"]):
        code, _, err = shell.run("token", *words)
        assert code == 2
        assert "MCP_ADS_HTTP_TOKENS: set it to the file" in err


@pytest.mark.slow
def test_in_processes(tmp_path: Path) -> None:
    """A token that a command makes gets in, one that it removes does not any more; no log has it."""
    path = tmp_path / "http.toml"
    variables = {"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_HTTP_TOKENS": str(path), "MCP_ADS_SANDBOX": "1"}
    made = process("token", "add", "acme", "--scope", "plan", here=tmp_path, **variables)
    assert made.returncode == 0
    token = made.stdout.strip()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mcp_ads", "serve", "--transport", "http", f"--port={port}"]
    more = {"MCP_ADS_LOG_LEVEL": "DEBUG", **variables}
    server = subprocess.Popen(command, env=environment(more), stderr=subprocess.PIPE, text=True)
    with server:
        assert server.stderr
        assert "each token's name is an owner" in server.stderr.readline()
        try:
            assert asked(port, token) == 200
            assert asked(port, token + "x") == 401
            assert process("token", "remove", "acme", here=tmp_path, **variables).returncode == 0
            assert asked(port, token) == 401
        finally:
            server.terminate()
            said = server.stderr.read()
    assert token not in said
    assert token not in "".join(found.read_text() for found in tmp_path.rglob("*") if found.is_file())


def asked(port: int, token: str) -> int:
    """What a server that starts or runs answers to the first request of a client."""
    headers = {**ACCEPT, "Authorization": f"Bearer {token}"}
    for _ in range(100):
        try:
            return httpx.post(
                f"http://127.0.0.1:{port}/mcp?readonly", json=HELLO, headers=headers
            ).status_code
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


DIGEST = "a" * 64
GOOD = f'sha256 = "{DIGEST}"\nscope = "read"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'[a]\nsha256 = "{DIGEST}"\nscope = "wrtie"\n', ["a.scope: 'wrtie' is none of read, plan, write"]),
        (f'[a]\nsha256 = "{DIGEST}"\nscope = "Read"\n', ["a.scope: 'Read' is none of"]),
        (f'[a]\nsha256 = "{DIGEST}"\nscope = ["read"]\n', ["a.scope: what is there is none of"]),
        (f'[a]\nsha256 = "{DIGEST}"\n', ["a.scope: missing; one of read, plan, write"]),
        ('[a]\nsha256 = "mcp_MARKER"\nscope = "read"\n', ["a.sha256: write the SHA-256 of the token"]),
        ('[a]\nscope = "read"\n', ["a.sha256: write the SHA-256"]),
        (f'[a]\n{GOOD}acounts = ["facebook:1"]\n', ["a.acounts: no such key; there are sha256, scope"]),
        (f"[a]\n{GOOD}accounts = []\n", ["a.accounts: empty, which is not all"]),
        (f'[a]\n{GOOD}accounts = "facebook:1"\n', ['a.accounts: write a list such as ["facebook:123"]']),
        (f"[a]\n{GOOD}accounts = [1]\n", ["a.accounts: write a list"]),
        (
            f'[a]\n{GOOD}accounts = ["facebook:act_1", "FACEBOOK:1", "facebook: 1", "1"]\n',
            ["'facebook:act_1' is no account", "'FACEBOOK:1'", "'facebook: 1'", "'1' is no account"],
        ),
        (f"[a]\n{GOOD}[b]\n{GOOD}", ["b.sha256: is that of a, too"]),
        (f"[a]\n{GOOD}[b]\n{GOOD.replace('a' * 64, 'A' * 64)}", ["b.sha256: is that of a, too"]),
        (f"[A]\n{GOOD}", ["'A' is no name"]),
        (f"[token]\n{GOOD}", ["choose another name"]),
        (f"[a.b]\n{GOOD}", ["a.b: no such key", "a.sha256: write", "a.scope: missing"]),
        ('scope = "read"\n', ["scope stands in no [name] of a token"]),
        ("mcp_MARKER = 1\n", ["stands in no [name]"]),
        (f"[a]\n{GOOD}mcp_MARKER!", ["is not TOML (at line 4, column 11)"]),
        ("", ["has no token; "]),
    ],
)
def test_a_mistake_stops_the_start(shell: Shell, path: Path, text: str, said: list[str]) -> None:
    """A line for each, naming the variable, the entry and the file, and nothing that may be a token."""
    write(path, text)
    code, out, err = shell.refused("--transport", "http", "--port", "0")
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == len(said)
    for line, part in zip(lines, said, strict=True):
        assert line.startswith("mcp-ads: MCP_ADS_HTTP_TOKENS: ")
        assert part in line
        assert str(path) in line
    assert "MARKER" not in err.replace("mcp_MARKER stands", "")


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o602, 0o666])
def test_a_file_others_may_open_stops_the_start(shell: Shell, path: Path, mode: int) -> None:
    """Who may write it makes tokens; a group may read it, as where a secret is mounted."""
    write(path, entry("acme"))
    path.chmod(mode)
    code, _, err = shell.refused("--transport", "http", "--port", "0")
    assert code == 2
    assert f"chmod 600 {path}" in err
    path.chmod(0o640)
    assert TokensFile(path)


def test_there_has_to_be_a_file(shell: Shell, path: Path) -> None:
    """A file that is not there, or is a folder, is said, with the command that makes one."""
    code, _, err = shell.refused("--transport", "http", "--port", "0")
    assert code == 2
    assert f"there is no file {path}; `mcp-ads token add NAME --scope plan` makes one" in err
    path.mkdir(parents=True)
    code, _, err = shell.refused("--transport", "http", "--port", "0")
    assert code == 2
    assert "cannot be read" in err


def test_settings_that_contradict_each_other(tmp_path: Path) -> None:
    """One token and named ones, an empty name, and a file where agents write are mistakes."""
    files = tmp_path / "files"
    files.mkdir()
    both = {"MCP_ADS_HTTP_TOKEN": "x" * 20, "MCP_ADS_HTTP_TOKENS": str(tmp_path / "t.toml")}
    with pytest.raises(BadSettings, match="MCP_ADS_HTTP_TOKENS: MCP_ADS_HTTP_TOKEN is set, too"):
        load(environ=both)
    with pytest.raises(BadSettings, match="MCP_ADS_HTTP_TOKENS: is empty"):
        load(environ={"MCP_ADS_HTTP_TOKENS": " "})
    within = {"MCP_ADS_FILES": str(files), "MCP_ADS_HTTP_TOKENS": str(files / "t.toml")}
    with pytest.raises(BadSettings, match="MCP_ADS_HTTP_TOKENS: may not lie in MCP_ADS_FILES"):
        load(environ={**within, "MCP_ADS_HOME": str(tmp_path / "home")})


def test_what_the_start_says(tmp_path: Path) -> None:
    """With named tokens each name's plans are its own, and a public address may be listened at."""
    settings = load(environ={"MCP_ADS_HTTP_TOKENS": str(tmp_path / "t.toml")})
    options = {"transport": "http", "host": "0.0.0.0", "port": "8000"}
    serving.check_public(options, settings)
    (line,) = serving.notices(options, settings)
    assert "each token's name is an owner of its own" in line


def test_the_documented_file_is_one(tmp_path: Path) -> None:
    """What docs/http.md shows as a file of tokens is read as it stands."""
    text = (Path(__file__).parents[1] / "docs" / "http.md").read_text("utf-8")
    write(tmp_path / "t.toml", text.split("```toml\n")[1].split("```")[0])
    assert listed(tmp_path / "t.toml") == [
        "acme-bot  plan  only facebook:1234567890, amazon:3312345678901234"
    ]
