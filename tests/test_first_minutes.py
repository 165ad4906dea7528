"""The first minutes in a shell: what is printed works as printed, mistakes are said in our own words."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from rich.cells import cell_len
from shell import Shell, environment, process

from mcp_ads.commands.usage import USAGE

SANDBOX = {"MCP_ADS_SANDBOX": "1"}
ROOT = Path(__file__).parents[1]
MODULE = [sys.executable, "-m", "mcp_ads"]
AD = '{"account_id": "1234567890", "level": "ad", "limit": 5}'


@pytest.fixture
def sandbox(shell: Shell) -> Shell:
    """Commands against the sandbox."""
    shell.set(MCP_ADS_SANDBOX="1")
    return shell


def on_terminal(words: list[str], here: Path, columns: int = 80, **variables: str) -> str:
    """What a command writes to a terminal of so many columns, without colours."""
    main, side = pty.openpty()
    values = {**environment(variables), "COLUMNS": str(columns), "TERM": "dumb"}
    with subprocess.Popen(words, cwd=here, env=values, stdin=side, stdout=side, stderr=side) as running:
        os.close(side)
        told = b""
        while select.select([main], [], [], 60)[0]:
            try:
                more = os.read(main, 65536)
            except OSError:
                break
            if not more:
                break
            told += more
        running.wait(20)
    os.close(main)
    return re.sub(r"\x1b\[[0-9;]*m", "", told.decode()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch"], "no command 'nosuch'; there are serve, demo, call"),
        (["aply", "x"], "no command 'aply'; did you mean apply?"),
        (["call"], "CONNECTOR: missing"),
        (["call", "facebook", "campaigns"], "ACTION: missing"),
        (["apply"], "PLAN_ID: missing"),
        (["apply", "a", "b"], "b: too many words"),
        (["sandbox", "--port", "http"], "--port: 'http' is no number"),
        (["call", "a", "b", "c", "--param", "{}"], "no option --param; did you mean --params?"),
        (["call", "a", "b", "c", "--format", "xml"], "--format: 'xml' is none of table, json"),
        (["describe", "--json", "--query", "x"], "--json: "),
    ],
)
def test_a_wrong_command_line_in_our_own_words(sandbox: Shell, words: list[str], said: str) -> None:
    """What is wrong, what is meant and how it is written; exit code 2."""
    code, out, err = sandbox.run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(f"mcp-ads: {said}")
    if words[0] in USAGE and words[0] != "describe":
        assert f"{words[0]} {USAGE[words[0]].split(' ', 2)[2]}" in err


@pytest.mark.parametrize("words", [["--prt", "1"], ["--port"], ["--port", "x"], ["extra"]])
def test_serve_says_what_is_wrong(shell: Shell, words: list[str]) -> None:
    """Serving does not start with options it does not have."""
    code, out, err = shell.refused(*words)
    assert (code, out) == (2, "")
    assert "--port" in err


def test_the_usages_are_those_of_the_docs() -> None:
    """The table of docs/commands.md is what mistakes print."""
    table = (ROOT / "docs" / "commands.md").read_text("utf-8").replace("\\|", "|")
    for usage in USAGE.values():
        assert f"`{usage}`" in table, usage


def test_a_question_on_the_command_line(sandbox: Shell) -> None:
    """`describe --query` finds actions, and short names of platforms are understood."""
    assert "reports.run(" in sandbox.run("describe", "--query", "search terms on amazon")[1]
    assert "ads_insights: list" in sandbox.run("describe", "facebook")[1]
    assert sandbox.run("call", "meta", "ad_accounts", "list")[0] == 0
    sandbox.set(MCP_ADS_CONNECTORS="linkedin")
    code, out, err = sandbox.run("describe", "facebook", "campaigns")
    assert (code, out) == (1, "")
    assert "MCP_ADS_CONNECTORS" in err


def commands_in(text: str) -> list[str]:
    """Commands of ours in a text, as far as they go on in a line."""
    names = r"(?:[^\s`]*mcp-ads|\S*python\S* -m mcp_ads)"
    found = re.findall(rf"{names} (?:apply|describe|plans|doctor)[^\n,;`]*", text)
    return [re.split(r" and\b", command)[0] for command in found]


@pytest.mark.slow
def test_answers_speak_the_words_of_the_command_line(sandbox: Shell) -> None:
    """A plan names the command that carries it out, an outcome the one that takes it back; both work."""
    words = ["call", "facebook", "campaigns", "pause", "--params"]
    listed = json.loads(
        sandbox.run(
            "call", "facebook", "campaigns", "list", "--format", "json",
            "--params", '{"account_id": "1234567890", "effective_status": ["ACTIVE"], "limit": 1}',
        )[1]
    )  # fmt: skip
    _, planned, _ = sandbox.run(*words, json.dumps({"campaign_id": listed["data"][0]["id"]}))
    assert "ads_apply" not in planned
    apply = next(command for command in commands_in(planned) if " apply " in command).split(" carries")[0]
    done = as_printed(apply, sandbox)
    assert "APPLIED: 1 of 1 done" in done.stdout, done.stderr
    assert "ads_apply" not in done.stdout
    undo = done.stdout.partition("undo: ")[2].splitlines()[0]
    assert "APPLIED: 1 of 1 done" in as_printed(undo, sandbox).stdout
    code, out, err = sandbox.run("apply", "none")
    assert (code, out) == (1, "")
    assert "ads_describe" not in err
    for command in commands_in(err):
        assert as_printed(command, sandbox).returncode == 0, command
    assert "ads_describe(" not in sandbox.run("describe")[1]


def as_printed(command: str, sandbox: Shell) -> subprocess.CompletedProcess[str]:
    """A command pasted into a shell in the same directory."""
    variables = environment({"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(sandbox.home)})
    return subprocess.run(
        ["sh", "-c", command],
        cwd=sandbox.here,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
def test_a_table_on_a_terminal(sandbox: Shell) -> None:
    """Columns that line up in 80 columns, with every id and number whole; programs get CSV as before."""
    words = ["call", "facebook", "ads_insights", "list", "--params", AD]
    rows = json.loads(sandbox.run(*words, "--format", "json")[1])["data"]
    told = on_terminal([*MODULE, *words], sandbox.here, MCP_ADS_SANDBOX="1", MCP_ADS_HOME=str(sandbox.home))
    for row in rows:
        assert row["ad_id"] in told
        assert str(row["spend"]) in told
    body = [line for line in told.splitlines() if not line.startswith("meta: ")]
    assert all(len(line) <= 80 for line in body)
    assert "ad_id,ad_name" not in told


@pytest.mark.slow
def test_connections_on_a_terminal_are_whole(sandbox: Shell) -> None:
    """What is written into `--name` or `connection` can be copied from a narrow terminal."""
    told = on_terminal(
        [*MODULE, "accounts"], sandbox.here, MCP_ADS_SANDBOX="1", MCP_ADS_HOME=str(sandbox.home)
    )
    for name in ("facebook", "linkedin", "amazon"):
        assert re.search(rf"^{name} ", told, re.MULTILINE), told


@pytest.mark.slow
def test_plans_on_a_terminal_are_whole(sandbox: Shell) -> None:
    """A plan id can be copied from the list of plans, however narrow the terminal is."""
    params = '{"account_id": "1234567890", "name": "Mine", "objective": "OUTCOME_TRAFFIC"}'
    _, out, _ = sandbox.run("call", "facebook", "campaigns", "create", "--params", params)
    plan = out.partition("PLAN ")[2].split()[0]
    told = on_terminal([*MODULE, "plans"], sandbox.here, MCP_ADS_SANDBOX="1", MCP_ADS_HOME=str(sandbox.home))
    assert plan in told


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What the demo prints at 80 and at 100 columns."""
    here = tmp_path_factory.mktemp("demo")
    return {
        columns: process("demo", here=here, MCP_ADS_HOME=str(here / "home"), COLUMNS=str(columns)).stdout
        for columns in (80, 100)
    }


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 100])
def test_the_demo_cuts_no_id(demo: dict[int, str], columns: int) -> None:
    """Names are cut to the width; ids, numbers, dates and plan ids stand whole."""
    told = demo[columns]
    assert "All of this took" in told
    assert not re.search(r"[0-9]{4}…|[0-9]\.[0-9]*…", told)
    assert len(re.findall(r"\b1202110000000000\d{3}\b", told)) > 15
    plans = re.findall(r"PLAN (\S+)", told)
    assert plans
    for plan in plans:
        assert re.fullmatch(r"[\w.:-]+\.[a-z0-9]{8}", plan), plan
    long = [line for line in told.splitlines() if cell_len(line.rstrip()) > columns and " " in line.strip()]
    assert [line for line in long if "mcp_ads" not in line and "mcp-ads" not in line] == []


@pytest.mark.slow
def test_commands_of_the_demo_work(demo: dict[int, str], sandbox: Shell) -> None:
    """Every command the demo prints at its end works when it is pasted."""
    printed = demo[80].partition("What next")[2]
    commands = [line.strip() for line in printed.splitlines() if re.search(r"mcp-ads |-m mcp_ads ", line)]
    assert len(commands) == 4
    for command in commands:
        if command.endswith(" sandbox"):
            continue  # it serves until it is stopped: other tests start it
        done = as_printed(command, sandbox)
        assert done.returncode in ((0, 1) if "doctor" in command else (0,)), done.stderr


@pytest.mark.slow
def test_a_busy_port_is_one_line(tmp_path: Path) -> None:
    """Serving where another program listens ends with 1 and a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = process(
            "serve", "--transport", "http", "--port", port, here=tmp_path, MCP_ADS_HOME=str(tmp_path)
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"mcp-ads: --port: {port} is taken by another program; choose another port\n"


@pytest.mark.slow
def test_a_wrong_token_in_our_words(tmp_path: Path) -> None:
    """Who sends no token or a wrong one learns which is meant, and nothing of registering."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [*MODULE, "serve", "--transport", "http", "--port", str(port)], cwd=tmp_path, text=True,
        env=environment({**SANDBOX, "MCP_ADS_HOME": str(tmp_path), "MCP_ADS_HTTP_TOKEN": "right"}),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as server:  # fmt: skip
        assert server.stderr
        assert f"http://127.0.0.1:{port}/mcp" in server.stderr.readline()
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/healthz")
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            answer = httpx.post(f"{url}/mcp", json={}, headers=headers)
            assert answer.status_code == 401
            said = answer.text + answer.headers["www-authenticate"]
            assert "MCP_ADS_HTTP_TOKEN" in said
            assert "register" not in said
            assert "right" not in said
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            httpx.get(url)
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} does not answer")


@pytest.mark.slow
def test_started_on_a_terminal_it_says_what_it_does(tmp_path: Path) -> None:
    """A person who types `mcp-ads` learns in one line that a client is waited for."""
    main, side = pty.openpty()
    with subprocess.Popen(
        MODULE, cwd=tmp_path, env=environment({"MCP_ADS_HOME": str(tmp_path)}), stdin=side, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as server:  # fmt: skip
        os.close(side)
        assert server.stderr
        line = server.stderr.readline()
        server.kill()
        server.communicate()
    os.close(main)
    assert "serving MCP over stdio" in line
    assert "demo`" in line


@pytest.mark.slow
@pytest.mark.parametrize("how", ["INT", pytest.param("TERM", marks=pytest.mark.slow)])
def test_the_sandbox_of_the_readme_can_be_stopped(tmp_path: Path, how: str) -> None:
    """Under `eval` in the background it prints its process id, and ends at a signal."""
    start = f"{shlex.join([*MODULE, 'sandbox', '--port'])} {_free_row()}"
    script = f'eval "$({start} &)"; echo "$FACEBOOK_MARKETING_BASE_URL"'
    with (tmp_path / "said").open("w") as said:
        done = subprocess.run(
            ["sh", "-c", script], cwd=tmp_path, env=environment({"MCP_ADS_HOME": str(tmp_path)}),
            stdout=subprocess.PIPE, stderr=said, text=True, timeout=60, check=True,
        )  # fmt: skip
    base = done.stdout.strip().splitlines()[-1]
    assert httpx.get(f"{base}/_sandbox/writes").json() == []
    pid = re.search(r"`kill (\d+)` stops it", (tmp_path / "said").read_text() + done.stdout)
    assert pid, (tmp_path / "said").read_text()
    subprocess.run(["sh", "-c", f"kill -{how} {pid[1]}"], check=True)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            httpx.get(f"{base}/_sandbox/writes")
        except httpx.ConnectError:
            return
        time.sleep(0.2)
    raise AssertionError("it still answers")


@pytest.mark.slow
def test_the_sandbox_starts_in_a_session_of_its_own(tmp_path: Path) -> None:
    """As `setsid` starts it, with Ctrl-C ignored, it leads its group already: it prints the variables."""
    start = f'trap "" INT; exec {shlex.join([*MODULE, "sandbox", "--port"])} {_free_row()}'
    with subprocess.Popen(
        ["sh", "-c", start], cwd=tmp_path, env=environment({"MCP_ADS_HOME": str(tmp_path)}),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    ) as sandbox:  # fmt: skip
        assert sandbox.stdout
        exported = sandbox.stdout.read()
        sandbox.terminate()
    assert exported.startswith("export ")
    assert sandbox.returncode == 0


def _free_row() -> int:
    for first in range(23_000 + os.getpid() % 900 * 10, 32_000, 10):
        with socket.socket() as probe:
            if all(probe.connect_ex(("127.0.0.1", first + more)) for more in range(5)):
                return first
    raise AssertionError("no free ports")
