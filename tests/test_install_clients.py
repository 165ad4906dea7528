"""`mcp-ads install` for clients whose files are not JSON, or spell an entry in a way of their own."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest
from shell import Shell, in_an_empty_home

SECRET = "marker-77aa"
SCRIPT = str(Path(sys.executable).with_name("mcp-ads"))
CODEX = f"""# mine, {SECRET}
model = "gpt-5"   # the good one

[mcp_servers.files]
command = "npx"
args = [
  "{SECRET}",
]
env = {{ "TOKEN" = "{SECRET}" }}

[profiles."a.b"]
note = \"\"\"
[mcp_servers.mcp-ads]
command = "{SECRET}"
\"\"\"
"""


@pytest.fixture
def user(shell: Shell) -> Shell:
    """Somebody whose home is empty."""
    return in_an_empty_home(shell)


@pytest.fixture
def codex(user: Shell) -> Path:
    """Codex's file, in a folder that is there."""
    path = Path.home() / ".codex" / "config.toml"
    path.parent.mkdir()
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_codex_keeps_the_rest_of_its_toml(user: Shell, codex: Path, newline: str) -> None:
    """A table comes last, every other character stays, and a second time nothing is to do."""
    codex.write_text(CODEX, newline=newline)
    before = codex.read_bytes()
    code, out, _ = user.run("install", "codex", "--dry-run")
    assert (code, codex.read_bytes()) == (0, before)
    assert "+[mcp_servers.mcp-ads]" in out
    assert f'+command = "{SCRIPT}"' in out
    assert SECRET not in out
    assert user.run("install", "codex")[0] == 0
    after = codex.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") in (0, after.count(b"\n"))
    held = tomllib.loads(after.decode())["mcp_servers"]
    assert held["mcp-ads"] == {"command": SCRIPT, "args": ["serve"]}
    assert held["files"]["env"] == {"TOKEN": SECRET}
    _, _, err = user.run("install", "codex")
    assert "has it already" in err
    assert codex.read_bytes() == after


def test_an_older_entry_in_codex_keeps_what_the_user_added(user: Shell, codex: Path) -> None:
    """Its variables, its remarks and its other keys stay; only what starts us is new."""
    codex.write_text(
        '[mcp_servers.mcp-ads]\ncommand = "uvx"\nargs = ["mcp-ads"]\nstartup_timeout_sec = 20 # slow\n\n'
        '[mcp_servers.mcp-ads.env]\nMCP_ADS_WRITES = "off" # no changes\n\n[tui]\ntheme = "x"\n'
    )
    user.set(MCP_ADS_WRITES="direct")
    code, _, err = user.run("install", "codex")
    assert code == 0
    text = codex.read_text()
    assert "# slow" in text
    assert "# no changes" in text
    assert tomllib.loads(text) == {
        "mcp_servers": {
            "mcp-ads": {
                "command": SCRIPT, "args": ["serve"],
                "startup_timeout_sec": 20, "env": {"MCP_ADS_WRITES": "off"},
            }
        },
        "tui": {"theme": "x"},
    }  # fmt: skip
    assert "MCP_ADS_WRITES stays as it is" in err


@pytest.mark.parametrize(
    "content", ["mcp_servers = 1\n", "[[mcp_servers]]\n", "[a]\n[a]\n", "{", "mcp_servers = {x = {}}\n"]
)
def test_toml_that_cannot_take_it_is_left_alone(user: Shell, codex: Path, content: str) -> None:
    """What is no TOML, or has no room for a table, ends in one line with what to paste."""
    codex.write_text(content)
    code, out, err = user.run("install", "codex")
    assert (code, out, codex.read_text(), list(codex.parent.iterdir())) == (1, "", content, [codex])
    assert "is not valid TOML" in err
    assert "[mcp_servers.mcp-ads]" in err


def test_opencode_has_words_of_its_own(user: Shell) -> None:
    """Command and args are one list, env is environment; an older entry is understood, its switch stays."""
    path = Path.home() / ".config" / "opencode" / "opencode.jsonc"
    path.parent.mkdir(parents=True)
    old = {"type": "local", "command": ["uvx", "mcp-ads", "serve"], "environment": {"MCP_ADS_WRITES": "off"}}
    path.write_text(json.dumps({"mcp": {"mcp-ads": {**old, "enabled": False}}}) + " // mine\n")
    assert user.run("install", "opencode")[0] == 0
    text = path.read_text()
    assert text.endswith(" // mine\n")
    entry = json.loads(text.removesuffix(" // mine\n"))["mcp"]["mcp-ads"]
    assert entry == {**old, "command": [SCRIPT, "serve"], "enabled": False}
    assert not path.with_suffix(".json").exists()


def test_the_doctor_reads_them_too(user: Shell, codex: Path) -> None:
    """An entry whose command is gone is found in TOML, and where command and args are one list."""
    user.set(MCP_ADS_SANDBOX="1", MCP_ADS_CONNECTORS="linkedin")
    codex.write_text('[mcp_servers.ads]\ncommand = "/gone/mcp-ads"\nargs = ["serve"]\n')
    path = Path.home() / ".config" / "opencode" / "opencode.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"mcp": {"ads": {"type": "local", "command": ["/gone/mcp-ads", "serve"]}}}')
    code, out, _ = user.run("doctor")
    assert code == 1
    for client in ("Codex", "opencode"):
        assert f"{client}, server ads: its command /gone/mcp-ads is not there" in out


@pytest.mark.parametrize(
    ("client", "where", "begins"),
    [("goose", "config.yaml", "extensions:"), ("jetbrains", "Settings > Tools > AI Assistant", "{")],
)
def test_what_is_not_edited_is_printed(user: Shell, client: str, where: str, begins: str) -> None:
    """--print has the whole entry; without it nothing is written and the exit code says so."""
    user.set(MCP_ADS_WRITES="off", FACEBOOK_MARKETING_ACCESS_TOKEN=SECRET)
    code, out, err = user.run("install", client, "--print")
    assert code == 0
    assert out.startswith(begins)
    assert json.dumps(SCRIPT) in out
    assert '"MCP_ADS_WRITES": "off"' in out
    assert where in err
    code, nothing, err = user.run("install", client)
    assert (code, nothing, list(Path.home().iterdir())) == (1, "", [])
    assert out.strip() in err
    assert SECRET not in out + err
