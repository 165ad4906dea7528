"""`mcp-ads uninstall`: our entry goes, and nothing else of a client's file does."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest
from node_programs import installed
from shell import Shell, in_an_empty_home

SECRET = "marker-9e04"
CLI = "node_modules/@anthropic-ai/claude-code/cli-wrapper.cjs"
SCRIPT = str(Path(sys.executable).with_name("mcp-ads"))
ENV = f'"env": {{"AMAZON_ADS_CLIENT_SECRET": "{SECRET}"}}'
OURS = f'"mcp-ads": {{"command": "{SCRIPT}", "args": ["serve"], {ENV}}}'
MADE = "PRINTED"
"""What `install` makes of a file, in the place of its name."""
CLAUDE = f"""#!{sys.executable}
import json, pathlib, sys
home = pathlib.Path({MADE!r})
(home / "given").write_text(" ".join(sys.argv[1:]))
held = json.loads((home / ".claude.json").read_text())
del held["mcpServers"][sys.argv[3]]
(home / ".claude.json").write_text(json.dumps(held))
"""


@pytest.fixture
def user(shell: Shell) -> Shell:
    """Somebody whose home is empty, without Claude Code's own command."""
    return in_an_empty_home(shell)


def file_of(client: str) -> Path:
    """A client's file, in a folder that is there."""
    names = {
        "cursor": ".cursor/mcp.json", "codex": ".codex/config.toml", "vscode": ".config/Code/User/mcp.json",
        "claude-code": ".claude.json", "zed": ".config/zed/settings.json",
        "opencode": ".config/opencode/opencode.json",
    }  # fmt: skip
    path = Path.home() / names[client]
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize(
    ("client", "content"),
    [
        ("cursor", '{\n  "a": 1.10,\n  "mcpServers": {\n    "files": {"url": "x"}\n  },\n  "z": 1e400\n}\n'),
        ("cursor", '{"mcpServers": {}}'),
        ("claude-code", '{\n\t"mcpServers": {\n\t\t"a": {}, "b": {}\n\t}\n}'),
        ("vscode", '{\n  // {"mine"\n  "servers": {\n    "b": {}, // of mine\n    /* old */\n  },\n}\n'),
        ("vscode", '{\r\n  "servers": {\r\n    "b": {} // of "mine", {\r\n  }\r\n}\r\n'),
        ("zed", '{\n  "context_servers": {\n    // none yet\n  }\n}\n'),
        ("opencode", '{\n "mcp": {\n  "b": {"command": ["npx"]}\n }\n}\n'),
        ("codex", '# mine\nmodel = "x" # good\n\n[mcp_servers.b]\ncommand = "y"\n# the end\n'),
        ("codex", 'n = """\n[mcp_servers.mcp-ads]\n"""\r\n'.replace("\r", "")),
        ("codex", 'model = "x"\r\n'),
    ],
)
def test_there_and_back(user: Shell, client: str, content: str) -> None:
    """A file that was written into is the same again, to the byte; a second time there is nothing to do."""
    path = file_of(client)
    path.write_bytes(content.encode())
    assert user.run("install", client)[0] == 0
    assert path.read_bytes() != content.encode()
    code, out, err = user.run("uninstall", client)
    assert (code, out, path.read_bytes()) == (0, "", content.encode())
    assert f"took the server mcp-ads out of {path}" in err
    code, _, err = user.run("uninstall", client)
    assert (code, path.read_bytes()) == (0, content.encode())
    assert "has no server mcp-ads: nothing was changed" in err


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (f'{{"mcpServers": {{{OURS}}}}}', '{"mcpServers": {}}'),
        (f'{{"mcpServers": {{{OURS}, "b": {{}}}}}}', '{"mcpServers": { "b": {}}}'),
        (f'{{"mcpServers": {{"b": {{}}, {OURS} , "c": 1}}}}', '{"mcpServers": {"b": {}, "c": 1}}'),
        (f'{{"mcpServers": {{"b": {{}} ,{OURS}}}, "z": 1}}', '{"mcpServers": {"b": {} }, "z": 1}'),
        (f'\ufeff{{"mcpServers":\n{{\n{OURS}}}}}', '\ufeff{"mcpServers":\n{}}'),
    ],
)
def test_wherever_it_stands(user: Shell, content: str, left: str) -> None:
    """First, between others, last or alone, on one line: what is left is as it was."""
    path = file_of("cursor")
    path.write_text(content, "utf-8")
    code, out, err = user.run("uninstall", "cursor")
    assert (code, path.read_text("utf-8")) == (0, left)
    (kept,) = (found for found in path.parent.iterdir() if found != path)
    assert kept.read_text("utf-8") == content
    assert f"as it was: {kept}" in err
    assert f"AMAZON_ADS_CLIENT_SECRET: still in {kept}" in err
    assert SECRET not in out + err


def test_remarks_around_it_stay(user: Shell) -> None:
    """Those before it, behind it and after it, also where it is the last on a line with a remark."""
    path = file_of("vscode")
    path.write_text(f'{{"servers": {{\n  // before\n  "b": {{}}, // b\n  {OURS} // ads\n  // after\n}}}}\n')
    assert user.run("uninstall", "vscode")[0] == 0
    assert path.read_text() == '{"servers": {\n  // before\n  "b": {} // b\n  // ads\n  // after\n}}\n'


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (
            (
                'a = 1\n\n# of ours\n[mcp_servers."mcp-ads"] # x\ncommand = "mcp-ads"\n\n'
                '[mcp_servers.mcp-ads.env]\nA = """\n[b]\n"""\n\n# of b\n["b[]"]\nc = [\n["x"],\n]\n'
            ),
            'a = 1\n\n# of ours\n\n# of b\n["b[]"]\nc = [\n["x"],\n]\n',
        ),
        (
            '[mcp_servers.mcp-ads]\ncommand = "mcp-ads"\n[[mcp_servers.mcp-ads.x]]\n[mcp_servers.b]\n',
            "[mcp_servers.b]\n",
        ),
        ('[mcp_servers.mcp-ads]\ncommand = "mcp-ads"\nenv = { A = """\n# b""" }\n\n# c\n', "\n# c\n"),
        ('[mcp_servers]\nb = {} # b\nmcp-ads = {command = "mcp-ads"}\n# c\nc = {}\n', None),
        ('mcp_servers.mcp-ads.command = "mcp-ads"\nb = 1 # b\n', "b = 1 # b\n"),
    ],
)
def test_codex_keeps_the_rest_of_its_toml(user: Shell, content: str, left: str | None) -> None:
    """A table with those inside it, a key of a table, or a dotted one; remarks of others stay."""
    path = file_of("codex")
    path.write_text(content)
    code, _, err = user.run("uninstall", "codex")
    expected = "[mcp_servers]\nb = {} # b\n# c\nc = {}\n" if left is None else left
    assert (code, path.read_text()) == (0, expected), err
    assert "mcp-ads" not in tomllib.loads(path.read_text()).get("mcp_servers", {})


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"command": "other"}, "another server named mcp-ads"),
        ({"type": "http", "url": "http://127.0.0.1/mcp"}, "another server named mcp-ads"),
        ("mcp-ads", "another server named mcp-ads"),
        ({"command": "python3", "args": ["/srv/x.py", "/data/mcp-ads"]}, "started by 'python3'"),
        ({"command": "sh", "args": ["-c", "x", "mcp-ads"]}, "started by 'sh'"),
    ],
)
def test_another_server_of_that_name(user: Shell, entry: object, said: str) -> None:
    """What is not surely ours is left as it is, to the byte."""
    path = file_of("cursor")
    path.write_text(content := json.dumps({"mcpServers": {"mcp-ads": entry}}))
    code, out, err = user.run("uninstall", "cursor")
    assert (code, out, path.read_text(), [*path.parent.iterdir()]) == (1, "", content, [path])
    assert said in err.splitlines()[0]
    assert "nothing was changed" in err.splitlines()[0]


def test_ours_under_another_name(user: Shell) -> None:
    """Only the one that is named goes; another that starts mcp-ads is named, with its command."""
    path = file_of("cursor")
    path.write_text(json.dumps({"mcpServers": {"ads": {"command": "/opt/mcp-ads", "args": []}}}))
    code, _, err = user.run("uninstall", "cursor")
    assert code == 1
    assert "uninstall cursor --name ads`" in err
    assert user.run("install", "cursor")[0] == 0
    code, _, err = user.run("uninstall", "cursor", "--name", "ads")
    assert (code, list(json.loads(path.read_text())["mcpServers"])) == (0, ["mcp-ads"])
    assert "uninstall cursor`" in err


def test_looking_first(user: Shell) -> None:
    """--dry-run shows names of what would go, and no value of anybody; nothing is written."""
    path = file_of("cursor")
    path.write_text(content := f'{{\n"mcpServers": {{\n"b": {{"k": "{SECRET}"}},\n{OURS}\n}}}}')
    code, out, err = user.run("uninstall", "cursor", "--dry-run")
    assert (code, path.read_text(), [*path.parent.iterdir()]) == (0, content, [path])
    assert '-"mcp-ads": {"command": "…", "args": ["…"], "env": {"AMAZON_ADS_CLIENT_SECRET": "…"}}' in out
    assert SECRET not in out + err
    codex = file_of("codex")
    codex.write_text(f'[mcp_servers.mcp-ads]\ncommand = "mcp-ads"\nenv = {{ T = "{SECRET}" }}\n')
    code, out, err = user.run("uninstall", "codex", "--dry-run")
    assert code == 0
    assert "-[mcp_servers.mcp-ads]" in out
    assert SECRET not in out + err


def test_of_a_project(user: Shell) -> None:
    """--project is the file in the working directory; the user's own is not looked at."""
    assert user.run("install", "cursor")[0] == 0
    code, _, err = user.run("uninstall", "cursor", "--project")
    assert code == 0
    assert f"{user.here / '.cursor' / 'mcp.json'} is not there" in err
    assert user.run("install", "cursor", "--project")[0] == 0
    assert user.run("uninstall", "cursor", "--project")[0] == 0
    assert json.loads((user.here / ".cursor" / "mcp.json").read_text()) == {"mcpServers": {}}
    assert "mcp-ads" in file_of("cursor").read_text()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["curser"], 2, "did you mean cursor?"),
        (["claude-desktop", "--project"], 2, "has no configuration of a project"),
        (["cursor", "--name", "a b"], 2, "--name: 'a b'"),
        (["goose"], 1, "the configuration of goose is not edited here"),
        (["jetbrains"], 1, "Settings > Tools > AI Assistant"),
    ],
)
def test_what_cannot_be(user: Shell, words: list[str], code: int, said: str) -> None:
    """A slip, and clients whose configuration is not edited: they say where the entry is by hand."""
    ended, out, err = user.run("uninstall", *words)
    assert (ended, out) == (code, "")
    assert said in err


@pytest.mark.parametrize("content", ["{", "[]", '{"mcpServers": []}', "\xff\xfe", "[" * 100_000])
def test_what_cannot_be_read_is_left_alone(user: Shell, content: str) -> None:
    """Anything that is not a client's file stays as it is, and is said in a line."""
    path = file_of("cursor")
    path.write_bytes(content.encode("latin-1"))
    code, out, err = user.run("uninstall", "cursor")
    assert (code, out, path.read_bytes()) == (1, "", content.encode("latin-1"))
    assert "nothing was changed" in err.splitlines()[0]


def test_claude_code_writes_its_own_file(user: Shell) -> None:
    """Its command is asked; what it says it did is looked at, and when it fails the line to run is said."""
    tools = user.here.parent / "tools"
    tools.mkdir()
    claude, path = tools / "claude", file_of("claude-code")
    claude.write_text(CLAUDE.replace(MADE, str(Path.home())))
    claude.chmod(0o755)
    user.set(PATH=f"{tools}:/usr/bin:/bin")
    path.write_text(f'{{"mcpServers": {{{OURS}}}}}')
    code, _, err = user.run("uninstall", "claude-code")
    assert (code, json.loads(path.read_text())) == (0, {"mcpServers": {}}), err
    assert (Path.home() / "given").read_text() == "mcp remove mcp-ads --scope user"
    path.write_text(f'{{"mcpServers": {{{OURS}}}}}')
    for script, said in (
        ("echo it is broken >&2; exit 3", "exit code 3, it is broken"), ("", "still"),
        ("echo { > $HOME/.claude.json", "is not valid JSON now"),
    ):  # fmt: skip
        claude.write_text(f"#!/bin/sh\n{script}\n")
        code, _, err = user.run("uninstall", "claude-code")
        assert code == 1
        assert "`claude mcp remove` failed" in err
        assert said in err
        assert err.endswith("claude mcp remove mcp-ads --scope user\n")


@pytest.mark.vendors
@pytest.mark.parametrize("project", [False, True])
def test_claude_code_itself(user: Shell, tmp_path_factory: pytest.TempPathFactory, *, project: bool) -> None:
    """The real program writes the entry, and takes it out again; another server stays."""
    programs = installed(tmp_path_factory)
    tools = user.here.parent / "tools"
    tools.mkdir()
    (tools / "claude").write_text(f'#!/bin/sh\nexec "{programs.node}/node" "{programs.folder}/{CLI}" "$@"\n')
    (tools / "claude").chmod(0o755)
    user.set(PATH=f"{tools}:{programs.node}:/usr/bin:/bin", DISABLE_AUTOUPDATER="1")
    path = user.here / ".mcp.json" if project else Path.home() / ".claude.json"
    path.write_text(
        json.dumps({"mcpServers": {"b": {"type": "stdio", "command": "x", "args": [], "env": {}}}})
    )
    words = ["claude-code", *(["--project"] if project else [])]
    for command, there in (("install", ["b", "mcp-ads"]), ("uninstall", ["b"])):
        code, _, err = user.run(command, *words)
        assert (code, sorted(json.loads(path.read_text())["mcpServers"])) == (0, there), err
