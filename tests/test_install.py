"""`mcp-ads install`: where each client keeps its servers, and that nothing else of its file is lost."""

from __future__ import annotations

import json
import os
import platform
import stat
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

from mcp_ads.variables import VARIABLES

CASES = json.loads((Path(__file__).parent / "data" / "clients.json").read_text())
SECRET = "marker-5c1e"
SCRIPT = str(Path(sys.executable).with_name("mcp-ads"))
OTHERS = f"""{{
    "theme": "dark", "scale": 1.10,
    "mcpServers": {{
        "files": {{"command": "npx", "args": ["{SECRET}"], "env": {{"TOKEN": "{SECRET}"}}}}
    }},
    "last": [1e400, "ümlaut"]
}}
"""
COMMENTED = f"""{{
  // servers of mine, {SECRET}
  "servers": {{
    "files": {{"type": "http", "url": "http://127.0.0.1/mcp"}}, // the "local" one {{
    /* "old": {{}} */
  }},
  "inputs": [],
}}
"""


@pytest.fixture
def at_home(shell: Shell) -> Shell:
    """A shell of somebody whose home is empty, without Claude Code's own command."""
    user = shell.here.parent / "user"
    user.mkdir()
    shell.set(HOME=str(user), PATH=str(Path(sys.executable).parent))
    for name in (
        "APPDATA",
        "XDG_CONFIG_HOME",
        "CLAUDE_CONFIG_DIR",
        "CODEX_HOME",
        "MCP_ADS_HOME",
        "MCP_ADS_KEYRING",
    ):
        shell.monkeypatch.delenv(name, raising=False)
    return shell


@pytest.fixture
def cursor(at_home: Shell) -> Path:
    """Cursor's file, in a folder that is there."""
    path = Path.home() / ".cursor" / "mcp.json"
    path.parent.mkdir()
    return path


def beside(path: Path) -> list[Path]:
    return [found for found in path.parent.iterdir() if found.name not in (path.name, "target.json")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['client']}-{case['system']}")
def test_where_it_is_written(at_home: Shell, case: dict[str, Any]) -> None:
    """Each client's file on each system, with an entry of its form and an absolute command that is there."""
    at_home.set(APPDATA=str(at_home.here.parent / "Roaming"))
    at_home.monkeypatch.setattr(platform, "system", lambda: case["system"])
    code, out, err = at_home.run("install", case["client"], *(["--project"] if case.get("project") else []))
    assert (code, out) == (0, "")
    path = Path(case["file"].format(home=Path.home(), appdata=os.environ["APPDATA"], here=at_home.here))
    assert str(path) in err
    read = tomllib.loads if case.get("form") == "TOML" else json.loads
    (section,) = read(path.read_text()).items()
    entry = {"command": [SCRIPT, "serve"]} if "joined" in case else {"command": SCRIPT, "args": ["serve"]}
    assert section == (case["section"], {"mcp-ads": {**case.get("also", {}), **entry}})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ("do not commit" in err) is bool(case.get("project"))


def test_nothing_else_is_touched(at_home: Shell, cursor: Path) -> None:
    """Every other character stays, the mode too, and the old file stands beside the new one."""
    cursor.write_text(OTHERS)
    cursor.chmod(0o640)
    code, _, err = at_home.run("install", "cursor", "--name", "ads")
    assert code == 0
    text = cursor.read_text()
    added = text[text.index(',\n        "ads"') : text.index('\n    },\n    "last"')]
    assert text.replace(added, "", 1) == OTHERS
    assert json.loads(f"{{{added[1:]}}}")["ads"]["command"] == SCRIPT
    (kept,) = beside(cursor)
    assert kept.read_text() == OTHERS
    assert str(kept) in err
    assert {stat.S_IMODE(path.stat().st_mode) for path in (cursor, kept)} == {0o640}
    before = text
    code, _, err = at_home.run("install", "cursor", "--name", "ads")
    assert (code, cursor.read_text(), len(beside(cursor))) == (0, before, 1)
    assert "has it already" in err


def test_comments_stay(at_home: Shell) -> None:
    """VS Code's comments and trailing commas are kept; a client of plain JSON would not read such a file."""
    path = Path.home() / ".config" / "Code" / "User" / "mcp.json"
    path.parent.mkdir(parents=True)
    path.write_text(COMMENTED.replace("\n", "\r\n"), newline="")
    assert at_home.run("install", "vscode")[0] == 0
    text = path.read_bytes().decode()
    assert text.count("\r\n") == text.count("\n")
    kept = [line for line in text.splitlines() if line in COMMENTED.splitlines()]
    assert kept == COMMENTED.splitlines()
    plain = Path.home() / ".cursor" / "mcp.json"
    plain.parent.mkdir()
    plain.write_text(COMMENTED)
    code, _, err = at_home.run("install", "cursor")
    assert (code, plain.read_text()) == (1, COMMENTED)
    assert "is not valid JSON" in err
    assert f'"command": "{SCRIPT}"' in err
    assert SECRET not in err


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '"text"', '{"mcpServers": []}', '{"a": 1, "a": 2}', "{} {}", "[" * 100_000, "\xff\xfe"],
)
def test_what_cannot_be_read_is_left_alone(at_home: Shell, cursor: Path, content: str) -> None:
    """Anything that is not a JSON object ends in one line, with the entry to paste, and no copy."""
    cursor.write_bytes(content.encode("latin-1"))
    code, out, err = at_home.run("install", "cursor")
    assert (code, out, beside(cursor)) == (1, "", [])
    assert cursor.read_bytes() == content.encode("latin-1")
    assert "nothing was changed" in err.splitlines()[0]


@pytest.mark.parametrize(
    "content", ["", " \n", "{}", "{ }", '{"mcpServers": {}}', '\ufeff{"mcpServers":{ }}']
)
def test_an_empty_file_takes_it(at_home: Shell, cursor: Path, content: str) -> None:
    """An empty file, object or section is no obstacle; a mark at its beginning stays."""
    cursor.write_text(content, encoding="utf-8")
    assert at_home.run("install", "cursor")[0] == 0
    text = cursor.read_text(encoding="utf-8")
    assert text.startswith("\ufeff") is content.startswith("\ufeff")
    assert list(json.loads(text.removeprefix("\ufeff"))["mcpServers"]) == ["mcp-ads"]


def test_another_server_of_that_name(at_home: Shell, cursor: Path) -> None:
    """A name that is taken by something else is refused, with what to do."""
    content = '{"mcpServers": {"mcp-ads": {"command": "other", "args": ["mcp-ads-like"]}}}'
    cursor.write_text(content)
    code, _, err = at_home.run("install", "cursor")
    assert (code, cursor.read_text()) == (1, content)
    assert "another server named mcp-ads" in err
    assert "--name" in err


def test_an_older_entry_of_ours_keeps_what_the_user_added(at_home: Shell, cursor: Path) -> None:
    """A bare uvx becomes an absolute path; what the user wrote stays, a token is pointed out."""
    env = {"FACEBOOK_MARKETING_ACCESS_TOKEN": SECRET, "MCP_ADS_WRITES": "off"}
    old = {"command": "uvx", "args": ["mcp-ads"], "env": env, "disabled": True}
    cursor.write_text(json.dumps({"mcpServers": {"mcp-ads": old}}))
    code, out, err = at_home.run("install", "cursor", "--dry-run")
    assert '"FACEBOOK_MARKETING_ACCESS_TOKEN": "…"' in out
    assert (code, SECRET in out + err) == (0, False)
    code, out, err = at_home.run("install", "cursor")
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    assert code == 0
    assert entry == {"command": SCRIPT, "args": ["serve"], "env": env, "disabled": True}
    assert f"FACEBOOK_MARKETING_ACCESS_TOKEN stands in {cursor}" in err
    assert SECRET not in out + err


def test_settings_go_along_and_secrets_do_not(at_home: Shell, cursor: Path) -> None:
    """What this shell allows and forbids holds in the client too, paths are absolute, secrets stay here."""
    (at_home.here / "ads.env").write_text("MCP_ADS_WRITES=off\n")
    at_home.set(
        MCP_ADS_HOME="state", MCP_ADS_MAX_DAILY_BUDGET="100 USD", FACEBOOK_MARKETING_ACCOUNT_IDS="77",
        FACEBOOK_MARKETING_ACCESS_TOKEN=SECRET, AMAZON_ADS_CLIENT_SECRET=SECRET, MCP_ADS_HTTP_TOKEN=SECRET,
        LINKEDIN_ADS_TOKEN_URL=f"https://example.com/token?key={SECRET}",
    )  # fmt: skip
    code, out, err = at_home.run("install", "cursor", "--env-file", "ads.env")
    assert code == 0
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    assert entry["env"] == {
        "FACEBOOK_MARKETING_ACCOUNT_IDS": "77",
        "MCP_ADS_MAX_DAILY_BUDGET": "100 USD",
        "MCP_ADS_HOME": str(at_home.here / "state"),
        "MCP_ADS_ENV_FILE": str(at_home.here / "ads.env"),
    }
    assert SECRET not in cursor.read_text() + out + err
    left = ("AMAZON_ADS_CLIENT_SECRET", "FACEBOOK_MARKETING_ACCESS_TOKEN", "LINKEDIN_ADS_TOKEN_URL")
    assert f"{', '.join(left)}: set in this shell" in err


def test_only_what_is_declared_goes_along(at_home: Shell, cursor: Path) -> None:
    """No secret of a host or another program is written, shown or put on a command line."""
    connection = {"FACEBOOK_MARKETING__ACME__ACCOUNT_IDS": "77"}
    secrets = (
        *(name for name, variable in VARIABLES.items() if variable.secret), "FACEBOOK_MARKETING_APP_PASSWORD",
        "LINKEDIN_ADS_ACCESS_TOKEN_OLD", "AIRBYTE_API_KEY", "FACEBOOK_MARKETING__ACME__ACCESS_TOKEN",
    )  # fmt: skip
    at_home.set(**connection, **dict.fromkeys(secrets, SECRET))
    assert {"DATABASE_URL", "MCP_ADS_HOST_KEY", "MCP_ADS_HTTP_TOKEN"} <= {*secrets}
    claude = at_home.here / "claude"
    claude.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$HOME/given"\n')
    claude.chmod(0o755)
    at_home.set(PATH=f"{at_home.here}:/usr/bin:/bin")
    words = (["cursor"], ["cursor", "--dry-run"], ["vscode", "--print"], ["claude-code"])
    said = [at_home.run("install", *each) for each in words]
    assert [code for code, *_ in said] == [0] * len(words)
    assert json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]["env"] == connection
    given = (Path.home() / "given").read_text()
    assert "FACEBOOK_MARKETING__ACME__ACCOUNT_IDS" in given
    assert SECRET not in f"{said}{given}{cursor.read_text()}"
    assert f"left out of {cursor}: FACEBOOK_MARKETING_APP_PASSWORD" in said[0][2]


def test_a_settings_file_that_is_none(at_home: Shell, cursor: Path) -> None:
    """A file that is not there, or has a mistake in it, is said before anything is written."""
    code, _, err = at_home.run("install", "cursor", "--env-file", "no.env")
    assert code == 2
    assert f"--env-file: there is no file {at_home.here / 'no.env'}" in err
    (at_home.here / "ads.env").write_text("MCP_ADS_WRITES=of\n")
    code, _, err = at_home.run("install", "cursor", "--env-file", "ads.env")
    assert code == 2
    assert "MCP_ADS_WRITES" in err
    assert not cursor.exists()


def test_looking_first(at_home: Shell, cursor: Path) -> None:
    """--dry-run shows the lines that would come, and of others only names; --print is for pasting."""
    cursor.write_text(OTHERS)
    code, out, _ = at_home.run("install", "cursor", "--dry-run")
    assert code == 0
    assert f'+            "command": "{SCRIPT}",' in out
    assert '"files": {"command": "…", "args": ["…"], "env": {"TOKEN": "…"}}' in out
    assert SECRET not in out
    code, out, err = at_home.run("install", "vscode", "--print")
    assert json.loads(out)["servers"]["mcp-ads"]["type"] == "stdio"
    assert str(Path.home() / ".config" / "Code" / "User" / "mcp.json") in err
    assert (cursor.read_text(), beside(cursor)) == (OTHERS, [])


def test_looking_first_shows_no_value_of_an_older_entry(at_home: Shell, cursor: Path) -> None:
    """Texts and numbers that the user put there, under whatever names, are not shown; what is ours is."""
    env = {"DB_PASS": "s3cret-1", "AMAZON_ADS_CLIENT_SECRET": 987654, "MCP_ADS_SANDBOX": "1"}
    older = {
        "command": SCRIPT,
        "args": ["serve"],
        "env": env,
        "headers": {"Authorization": "Bearer s3cret-2"},
    }
    cursor.write_text(json.dumps({"mcpServers": {"mcp-ads": older}}))
    at_home.set(MCP_ADS_SANDBOX="1", MCP_ADS_WRITES="off")
    code, out, _ = at_home.run("install", "cursor", "--dry-run")
    assert (code, "s3cret" in out, "987654" in out) == (0, False, False)
    assert '"MCP_ADS_WRITES": "off"' in out
    assert "DB_PASS" in out


def test_links(at_home: Shell, cursor: Path) -> None:
    """A link to a file is followed and stays a link; one to nothing, or out of the project, is refused."""
    target = cursor.parent / "target.json"
    target.write_text(OTHERS)
    cursor.symlink_to(target)
    assert at_home.run("install", "cursor")[0] == 0
    assert cursor.is_symlink()
    assert "mcp-ads" in json.loads(target.read_text())["mcpServers"]
    target.unlink()
    code, _, err = at_home.run("install", "cursor")
    assert code == 1
    assert "is a link to" in err
    outside = at_home.here.parent / "outside"
    outside.mkdir()
    (at_home.here / ".vscode").symlink_to(outside)
    code, _, err = at_home.run("install", "vscode", "--project")
    assert (code, list(outside.iterdir())) == (1, [])
    assert "leads out of this project" in err


def test_a_folder_that_cannot_be_written(at_home: Shell) -> None:
    """Where nothing can be written one line says so."""
    (Path.home() / ".cursor").write_text("in the way")
    code, out, err = at_home.run("install", "cursor")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "mcp.json" in err


def test_what_was_not_understood(at_home: Shell) -> None:
    """A slip in a name, and options that do not go together."""
    for words, said in (
        (["claude-desktop", "--project"], "has no configuration of a project"),
        (["cursor", "--name", "a b"], "--name: 'a b'"),
        (["cursor", "--bundle", "x.mcpb"], "--bundle: Claude Desktop installs bundles"),
    ):
        code, _, err = at_home.run("install", *words)
        assert (code, len(err.splitlines())) == (2, 1)
        assert said in err
    code, _, err = at_home.run("install", "curser")
    assert (code, len(err.splitlines())) == (2, 2)
    assert "CLIENT: 'curser' is none of claude-desktop, " in err
    assert "; did you mean cursor?" in err


def test_claude_code_writes_its_own_file(at_home: Shell) -> None:
    """Where its command is there it is asked, in the user's scope; when it fails, the line to run is said."""
    tools = at_home.here.parent / "tools"
    tools.mkdir()
    claude = tools / "claude"
    claude.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$HOME/given"\n')
    claude.chmod(0o755)
    at_home.set(PATH=f"{tools}:/usr/bin:/bin", FACEBOOK_MARKETING_ACCESS_TOKEN=SECRET)
    file = Path.home() / ".claude.json"
    file.write_text(OTHERS)
    assert at_home.run("install", "claude-code")[0] == 0
    *words, entry, scope, user = (Path.home() / "given").read_text().splitlines()
    assert (words, scope, user) == (["mcp", "add-json", "mcp-ads"], "--scope", "user")
    assert json.loads(entry) == {"type": "stdio", "command": SCRIPT, "args": ["serve"]}
    assert file.read_text() == OTHERS
    older = {"mcpServers": {"mcp-ads": {"type": "stdio", "command": "uvx", "args": ["mcp-ads"]}}}
    (Path.home() / "given").unlink()
    file.write_text(json.dumps(older))
    assert at_home.run("install", "claude-code")[0] == 0
    assert not (Path.home() / "given").exists()
    assert json.loads(file.read_text())["mcpServers"]["mcp-ads"]["command"] == SCRIPT
    file.unlink()
    claude.write_text("#!/bin/sh\necho it is broken >&2\nexit 3\n")
    code, _, err = at_home.run("install", "claude-code")
    assert code == 1
    assert "`claude mcp add-json` failed: exit code 3, it is broken" in err
    assert "claude mcp add-json mcp-ads '{" in err


@pytest.mark.slow
def test_a_bundle(at_home: Shell) -> None:
    """The bundle has the code, asks for tokens as secrets, and is the same each time."""
    (at_home.here / "ads.mcpb").write_text("an older one")
    assert at_home.run("install", "claude-desktop", "--bundle", "ads.mcpb")[0] == 0
    at_home.run("install", "claude-desktop", "--bundle", "again.mcpb")
    first, second = ((at_home.here / name).read_bytes() for name in ("ads.mcpb", "again.mcpb"))
    assert first == second
    with zipfile.ZipFile(at_home.here / "ads.mcpb") as archive:
        names, manifest = archive.namelist(), json.loads(archive.read("manifest.json"))
        server = archive.read("server.py")
    assert {"server.py", "pyproject.toml", "mcp_ads/__main__.py", "mcp_ads/sandbox/app.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or ".env" in name]
    asked = manifest["user_config"]
    secret = {name for name, field in asked.items() if field.get("sensitive")}
    assert secret == {name for name in asked if name.endswith(("_token", "_secret"))}
    variables = manifest["server"]["mcp_config"]["env"]
    assert variables == {name.upper(): f"${{user_config.{name}}}" for name in asked}
    compile(server, "server.py", "exec")
    code, _, err = at_home.run("install", "claude-desktop", "--bundle", "ads.zip")
    assert code == 1
    assert "has to end in .mcpb" in err


def test_the_command_starts(at_home: Shell, cursor: Path) -> None:
    """What was written for a client answers over stdio, from another directory and without a PATH."""
    at_home.set(MCP_ADS_SANDBOX="1", MCP_ADS_HOME=str(at_home.home))
    assert at_home.run("install", "cursor")[0] == 0
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    done = subprocess.run(
        [entry["command"], *entry["args"]], env=entry["env"], cwd="/", capture_output=True, text=True,
        input=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}) + "\n",
        timeout=60, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "mcp-ads"


def test_where_uvx_runs_it(at_home: Shell, cursor: Path) -> None:
    """A command in uv's cache is gone one day, which is said; the sandbox goes along, which is said too."""
    program = at_home.here / "uv" / "archive-v0" / "k3" / "bin" / "mcp-ads"
    program.parent.mkdir(parents=True)
    program.touch()
    at_home.set(MCP_ADS_SANDBOX="1")
    at_home.monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    code, _, err = at_home.run("install", "cursor")
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    assert (code, entry["command"], entry["env"]) == (0, str(program), {"MCP_ADS_SANDBOX": "1"})
    assert "lies in a cache" in err
    assert "all data there is invented" in err
    program.unlink()
    at_home.monkeypatch.setattr(sys, "argv", ["pytest"])
    assert at_home.run("install", "cursor", "--name", "again")[0] == 0
    entry = json.loads(cursor.read_text())["mcpServers"]["again"]
    assert (entry["command"], entry["args"]) == (
        str(program.with_name("python")),
        ["-P", "-m", "mcp_ads", "serve"],
    )


OLD = "/opt/old/bin/mcp-ads"


@pytest.mark.parametrize(
    ("command", "args"),
    [
        (OLD, ["serve", "--env-file", "/etc/ads.env"]),
        (OLD, ["--env-file=/etc/ads.env"]),
        ("/usr/bin/python3.12", ["-m", "mcp_ads", "serve", "--env-file", "/etc/ads.env"]),
        ("uvx", ["--from", "/src/mcp-ads", "mcp-ads", "serve", "--env-file", "/etc/ads.env"]),
        ("uv", ["run", "--project", "/src/mcp-ads", "python", "-m", "mcp_ads", "--env-file=/etc/ads.env"]),
    ],
)
def test_a_settings_file_of_an_older_entry_stays(
    at_home: Shell, cursor: Path, command: str, args: list[str]
) -> None:
    """What the server was told after `serve` it is told again; this shell's settings do not win over it."""
    cursor.write_text(json.dumps({"mcpServers": {"mcp-ads": {"command": command, "args": args}}}))
    at_home.set(MCP_ADS_MAX_DAILY_BUDGET="5000 USD", MCP_ADS_WRITES="direct")
    code, _, err = at_home.run("install", "cursor")
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    assert code == 0, err
    assert entry["command"] == SCRIPT
    assert entry["args"][0] == "serve"
    assert "=".join(entry["args"][1:]) == "--env-file=/etc/ads.env"
    assert "env" not in entry
    assert "MCP_ADS_MAX_DAILY_BUDGET, MCP_ADS_WRITES: set in this shell, and not added" in err


@pytest.mark.parametrize(
    ("command", "args"),
    [("python3", ["-m", "mcp_ads", "serve"]), ("uvx", ["mcp-ads", "serve"]), (OLD, ["serve"])],
)
def test_a_settings_file_called_like_the_program_stays(
    at_home: Shell, cursor: Path, command: str, args: list[str]
) -> None:
    """The name of the program in a value further on is not the program."""
    old = {"command": command, "args": [*args, "--env-file=/x/mcp-ads"]}
    cursor.write_text(json.dumps({"mcpServers": {"mcp-ads": old}}))
    code, _, err = at_home.run("install", "cursor")
    assert code == 0, err
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    assert entry["args"] == ["serve", "--env-file=/x/mcp-ads"]


def test_another_settings_file_in_its_place(at_home: Shell, cursor: Path) -> None:
    """Who names one now means that one, and is told which it was."""
    old = {"command": OLD, "args": ["serve", "--env-file", "/etc/ads.env"]}
    cursor.write_text(json.dumps({"mcpServers": {"mcp-ads": old}}))
    (at_home.here / "new.env").write_text("MCP_ADS_WRITES=off\n")
    code, _, err = at_home.run("install", "cursor", "--env-file", "new.env")
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    assert code == 0
    assert (entry["args"], entry["env"]) == (
        ["serve"],
        {"MCP_ADS_ENV_FILE": str(at_home.here / "new.env")},
    )
    assert "it was /etc/ads.env" in err


@pytest.mark.parametrize(
    ("command", "args", "said"),
    [
        ("sh", ["-c", "mcp-ads serve", OLD], "it is started by 'sh -c'"),
        ("env", ["MCP_ADS_WRITES=off", "mcp-ads"], "it is started by 'env'"),
        ("uv", ["run", "--env-file", "/etc/ads.env", "mcp-ads"], "it is started by 'uv --env-file'"),
        ("python3", ["wrapper.py", "mcp-ads", "serve"], "by 'python3' and another program or script"),
        ("python3", ["/srv/other.py", "/data/mcp-ads"], "by 'python3' and another program or script"),
        ("python3", ["run", "mcp-ads"], "by 'python3' and another program or script"),
        ("python3", ["-m", "other", "mcp-ads"], "by 'python3' and another program or script"),
        ("uvx", ["--from", "mcp-ads", "other"], "by 'uvx' and another program or script"),
        ("uv", ["run", f"--token={SECRET}", "mcp-ads"], "it is started by 'uv --token'"),
        ("mcp_ads", [], "by 'mcp_ads' and another program or script"),
        (OLD, ["serve", "--env-fil", "/etc/ads.env"], "its args are not those of a server"),
        (OLD, ["serve", "--env-file"], "its args are not those of a server"),
        (OLD, ["sandbox"], "its args are not those of a server"),
    ],
)
def test_an_older_entry_that_is_not_understood(
    at_home: Shell, cursor: Path, command: str, args: list[str], said: str
) -> None:
    """What may limit the server in a way we do not see is left as it is, to the byte."""
    content = json.dumps({"mcpServers": {"mcp-ads": {"command": command, "args": args}}})
    cursor.write_text(content)
    code, out, err = at_home.run("install", "cursor")
    assert (code, out, cursor.read_text(), beside(cursor)) == (1, "", content, [])
    assert said in err
    assert "--name" in err


def test_this_shell_does_not_loosen_a_client(at_home: Shell, cursor: Path) -> None:
    """What the entry sets stays; each that differs, and each that is new, is said, also before it is done."""
    env = {"MCP_ADS_WRITES": "off", "MCP_ADS_MAX_DAILY_BUDGET": "50 USD"}
    cursor.write_text(
        json.dumps({"mcpServers": {"mcp-ads": {"command": OLD, "args": ["serve"], "env": env}}})
    )
    at_home.set(
        MCP_ADS_WRITES="direct", MCP_ADS_MAX_DAILY_BUDGET="5000 USD", FACEBOOK_MARKETING_ACCOUNT_IDS="77"
    )
    for more in (["--dry-run"], []):
        code, _, err = at_home.run("install", "cursor", *more)
        assert code == 0
        for name in env:
            assert f"{name} stays as it is in {cursor}" in err
        assert "new in the entry, from this shell: FACEBOOK_MARKETING_ACCOUNT_IDS" in err
    entry = json.loads(cursor.read_text())["mcpServers"]["mcp-ads"]
    assert (entry["command"], entry["env"]) == (SCRIPT, {**env, "FACEBOOK_MARKETING_ACCOUNT_IDS": "77"})
