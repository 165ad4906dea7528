"""The commands as a shell user meets them: what goes where, and with which exit code."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys

import pytest
from planning import SPRING
from shell import US, Shell, environment, process

from mcp_ads import __version__

NEW = '{"account_id": "1234567890", "name": "Mine", "objective": "OUTCOME_TRAFFIC", "daily_budget": "40 USD"}'


@pytest.fixture
def sandbox(shell: Shell) -> Shell:
    """Commands against the sandbox."""
    shell.set(MCP_ADS_SANDBOX="1")
    return shell


def plan(shell: Shell, params: str = NEW) -> str:
    """The id of a new plan."""
    code, out, err = shell.run("call", "facebook-marketing", "campaigns", "create", "--params", params)
    assert code == 0, err
    return next(line.removeprefix("PLAN ") for line in out.splitlines() if line.startswith("PLAN "))


def newest(shell: Shell) -> str:
    """The name of the account's newest campaign."""
    params = '{"account_id": "1234567890", "limit": 1}'
    _, out, _ = shell.run(
        "call", "facebook-marketing", "campaigns", "list", "--params", params, "--format", "json"
    )
    return str(json.loads(out)["data"][0]["name"])


def test_version_and_help(shell: Shell) -> None:
    """--version and --help go to stdout; help names every command."""
    assert shell.run("--version") == (0, f"{__version__}\n", "")
    code, out, _ = shell.run("--help")
    assert code == 0
    for name in ("serve", "demo", "call", "plans", "apply", "describe", "doctor", "trace", "sandbox"):
        assert name in out
    assert "--transport" in shell.run("serve", "--help")[1]


@pytest.mark.parametrize(
    "words",
    [
        ["nosuch"],
        ["call"],
        ["call", "facebook-marketing", "campaigns"],
        ["call", "facebook-marketing", "campaigns", "list", "--format", "xml"],
        ["call", "facebook-marketing", "campaigns", "list", "--params", "{"],
        ["call", "facebook-marketing", "campaigns", "list", "--params", "[1]"],
        ["call", "facebook-marketing", "campaigns", "list", "--params", "@nosuch.json"],
        ["apply"],
        ["apply", "a", "b"],
        ["sandbox", "--port", "http"],
        ["sandbox", "--port", "65535"],
    ],
)
def test_a_command_line_that_is_not_understood(sandbox: Shell, words: list[str]) -> None:
    """It ends with 2, a sentence on stderr and nothing on stdout."""
    code, out, err = sandbox.run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("mcp-ads: ")


def test_malformed_settings(sandbox: Shell) -> None:
    """They end every command with 2 and a line each."""
    sandbox.set(MCP_ADS_WRITES="maybe", MCP_ADS_LOG_LEVEL="loud")
    for words in (
        ["plans"],
        ["doctor"],
        ["describe"],
        ["trace"],
        ["call", "linkedin-ads", "accounts", "list"],
    ):
        code, out, err = sandbox.run(*words)
        assert (code, out, len(err.splitlines())) == (2, "", 2)


def test_a_call_prints_a_table(sandbox: Shell) -> None:
    """The answer is a meta line, a header and rows on stdout; stderr is empty."""
    code, out, err = sandbox.run("call", "facebook-marketing", "campaigns", "list", "--params", US)
    assert (code, err) == (0, "")
    meta, header, *rows = out.splitlines()
    assert json.loads(meta.removeprefix("meta: "))["rows"] == 3
    assert header.startswith("id,name,")
    assert len(rows) == 3


def test_a_call_prints_json(sandbox: Shell) -> None:
    """--format json is one JSON document with data, errors and meta."""
    words = ["call", "facebook_marketing", "campaigns", "list", "--params", US, "--format", "json"]
    answer = json.loads(sandbox.run(*words)[1])
    assert answer.keys() == {"data", "errors", "meta"}
    assert len(answer["data"]) == 3


def test_a_question_over_all_platforms(sandbox: Shell) -> None:
    """Called, described and shown as a table like any connector."""
    code, out, err = sandbox.run("call", "ads", "accounts", "list", "--params", '{"top": 3}')
    assert (code, err) == (0, "")
    assert out.count("facebook,") == 2
    assert "accounts: list." in sandbox.run("describe", "ads")[1]
    assert "query* (text)" in sandbox.run("describe", "ads", "objects", "search")[1]
    code, out, err = sandbox.run("call", "facebook-marketing", "performance", "list")
    assert code == 1
    assert "has no entity 'performance': `" in err
    assert "mcp-ads call ads` has it" in err


@pytest.mark.slow
def test_parameters_from_a_file_and_from_stdin(sandbox: Shell) -> None:
    """@file and - are read."""
    (sandbox.here / "params.json").write_text(US)
    words = ["call", "facebook-marketing", "campaigns", "list", "--params"]
    _, out, _ = sandbox.run(*words, "@params.json")
    piped = process(
        *words, "-", here=sandbox.here, given=US, MCP_ADS_SANDBOX="1", MCP_ADS_HOME=str(sandbox.home)
    )
    assert piped.returncode == 0
    assert piped.stdout.splitlines()[1:] == out.splitlines()[1:]


@pytest.mark.parametrize(
    "words",
    [
        ["call", "google-ads", "campaigns", "list"],
        ["call", "facebook-marketing", "campaign", "list"],
        ["call", "facebook-marketing", "campaigns", "pauze"],
        ["call", "facebook-marketing", "campaigns", "list", "--params", '{"acount_id": "1"}'],
        ["describe", "google-ads"],
        ["describe", "facebook-marketing", "campaign", "--json"],
        ["describe", "facebook-marketing", "campaigns", "pauze", "--json"],
        ["apply", "no-such-plan"],
        ["trace", "no-such-call"],
    ],
)
def test_a_call_that_fails(sandbox: Shell, words: list[str]) -> None:
    """It ends with 1, and what would be right is on stderr, not on stdout."""
    code, out, err = sandbox.run(*words)
    assert (code, out) == (1, "")
    assert err


def test_without_credentials_a_call_says_what_to_set(shell: Shell) -> None:
    """A platform that is not configured ends with 1 and names its variables."""
    code, out, err = shell.run("call", "linkedin-ads", "accounts", "list")
    assert (code, out) == (1, "")
    assert "LINKEDIN_ADS_REFRESH_TOKEN" in err


def test_a_plan_is_made_listed_and_applied(sandbox: Shell) -> None:
    """Planning changes nothing; another command lists the plan; a third carries it out, once."""
    before, made = newest(sandbox), plan(sandbox)
    assert newest(sandbox) == before
    _, out, err = sandbox.run("plans")
    assert (out.splitlines()[0], err) == ("plan_id,state,expires,steps,effect", "")
    assert out.splitlines()[1].startswith(f"{made},ready,")
    assert out.splitlines()[1].endswith(",1,create 1 campaign; 40.00 USD per day")
    assert "plan_id: empty" in sandbox.run("apply", "")[2]
    code, out, _ = sandbox.run("apply", made)
    assert code == 0
    assert "APPLIED: 1 of 1 done" in out
    assert newest(sandbox) == "Mine"
    code, out, _ = sandbox.run("apply", made)
    assert (code, "nothing was sent now" in out) == (0, True)
    listed = json.loads(sandbox.run("plans", "--format", "json")[1])["data"]
    assert [plan["state"] for plan in listed] == ["applied", "ready"]


def test_what_was_cut_is_shown_by_the_command_that_is_printed(sandbox: Shell) -> None:
    """An answer of the shell names the command, with the plan in it, that shows all of what it cut."""
    words = ["call", "facebook-marketing", "campaigns", "duplicate", "--params"]
    planned = json.loads(sandbox.run(*words, f'{{"campaign_id": "{SPRING}"}}', "--format", "json")[1])
    out = sandbox.run("apply", planned["data"]["plan_id"])[1]
    line = next(line for line in out.splitlines() if line.startswith("cut here, whole: "))
    command = shlex.split(line.partition(": ")[2])
    assert command[-3:] == ["describe", "--query", planned["data"]["plan_id"]]
    assert sandbox.run(*command[-3:])[1].count(" of 12021") == 13


@pytest.mark.slow
def test_a_plan_crosses_processes(sandbox: Shell) -> None:
    """A plan made here is applied by another process."""
    made = plan(sandbox)
    done = process("apply", made, here=sandbox.here, MCP_ADS_SANDBOX="1", MCP_ADS_HOME=str(sandbox.home))
    assert done.returncode == 0, done.stderr
    assert newest(sandbox) == "Mine"


def test_a_plan_that_has_drifted_is_not_done(sandbox: Shell) -> None:
    """Applying a plan whose object has changed since ends with 1 and shows a fresh plan."""
    words = ["call", "facebook-marketing", "campaigns"]
    new = json.loads(sandbox.run(*words, "list", "--params", US, "--format", "json")[1])["data"][0]["id"]
    change = [*words, "update", "--params", json.dumps({"campaign_id": new, "name": "First"})]
    _, out, _ = sandbox.run(*change)
    first = out.partition("PLAN ")[2].split()[0]
    sandbox.set(MCP_ADS_WRITES="direct")
    assert (
        sandbox.run(*words, "update", "--params", json.dumps({"campaign_id": new, "name": "Second"}))[0] == 0
    )
    sandbox.set(MCP_ADS_WRITES="plan")
    code, out, _ = sandbox.run("apply", first)
    assert code == 1
    assert "NOT APPLIED" in out
    assert "PLAN " in out


def test_direct_and_off(sandbox: Shell) -> None:
    """In direct mode a write is done at once; in off it is refused with 1."""
    words = ["call", "facebook-marketing", "campaigns", "create", "--params", NEW]
    sandbox.set(MCP_ADS_WRITES="off")
    code, out, err = sandbox.run(*words)
    assert (code, out) == (1, "")
    assert "WritesOff" in err
    sandbox.set(MCP_ADS_WRITES="direct")
    assert sandbox.run(*words)[0] == 0
    assert newest(sandbox) == "Mine"


def test_no_plans(sandbox: Shell) -> None:
    """Without plans the table is empty and a sentence is on stderr."""
    code, out, err = sandbox.run("plans")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "no plans" in err


def test_describe_as_text(sandbox: Shell) -> None:
    """Nothing, a connector, an entity, an action: each says more about less."""
    assert "account_id 1234567890" in sandbox.run("describe")[1]
    assert "campaigns: list, get" in sandbox.run("describe", "facebook-marketing")[1]
    assert "campaigns.pause(" in sandbox.run("describe", "facebook-marketing", "campaigns")[1]
    assert "Example params:" in sandbox.run("describe", "facebook-marketing", "campaigns", "pause")[1]


@pytest.mark.slow
def test_describe_as_json(shell: Shell) -> None:
    """--json is a list of all actions, narrowed by names, and needs no settings."""
    code, out, err = shell.run("describe", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert {row["connector"] for row in rows} == {"ads", "facebook-marketing", "linkedin-ads", "amazon-ads"}
    assert all(
        row.keys() == {"connector", "entity", "action", "risk", "summary", "params_schema"} for row in rows
    )
    assert all(row["params_schema"]["type"] == "object" for row in rows)
    one = json.loads(shell.run("describe", "facebook-marketing", "campaigns", "delete", "--json")[1])
    assert [(row["action"], row["risk"]) for row in one] == [("delete", "delete")]


def test_trace(sandbox: Shell) -> None:
    """The last calls are listed; one is shown by the id an error names, without the token."""
    assert "no calls yet" in sandbox.run("trace")[2]
    bad = '{"campaign_id": "999"}'
    code, _, err = sandbox.run("call", "facebook-marketing", "campaigns", "get", "--params", bad)
    assert code == 1
    name = err.partition("trace=")[2].split()[0]
    _, listed, _ = sandbox.run("trace")
    assert name in listed
    code, shown, _ = sandbox.run("trace", f"trace={name}")
    assert code == 0
    assert shown.startswith(f"id: {name}\n")
    assert "request: GET /" in shown
    assert "sandbox-token" not in listed + shown


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["describe", "facebook", "--json"],
        *(pytest.param([name], marks=pytest.mark.slow) for name in ("doctor", "demo")),
    ],
)
def test_a_closed_pipe_is_no_error(sandbox: Shell, words: list[str]) -> None:
    """A reader that goes away ends the command without a word, as SIGPIPE does."""
    with subprocess.Popen(
        [sys.executable, "-m", "mcp_ads", *words], text=True, cwd=sandbox.here,
        env=environment({"MCP_ADS_HOME": str(sandbox.home)}), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (141, "")


MORE_THAN_A_PIPE_HOLDS = 2**20
"""Bytes that can be written only once the other side reads."""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of a POSIX shell")
def test_ctrl_c_is_no_traceback(sandbox: Shell) -> None:
    """Ctrl-C ends a command with 130 and without a traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "mcp_ads", "call", "a", "b", "c", "--params", "-"],
        text=True, cwd=sandbox.here, env=environment({}),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdin
        running.stdin.write(" " * MORE_THAN_A_PIPE_HOLDS)
        running.stdin.flush()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, "")
    assert "Traceback" not in err


@pytest.mark.slow
def test_output_that_the_terminal_cannot_spell(sandbox: Shell) -> None:
    """What the encoding of stdout lacks is escaped as in JSON, so that an answer in JSON stays JSON."""
    params = '{"account_id": "1234567890", "limit": 100}'
    done = process(
        "call", "facebook-marketing", "campaigns", "list", "--params", params, "--format", "json",
        here=sandbox.here,
        MCP_ADS_SANDBOX="1", MCP_ADS_HOME=str(sandbox.home), PYTHONIOENCODING="ascii", PYTHONUTF8="0",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "\\ud83c\\udf0a" in done.stdout
    assert any("\U0001f30a" in row["name"] for row in json.loads(done.stdout)["data"])


@pytest.mark.slow
def test_time_goes_by_in_the_sandbox_from_the_shell(sandbox: Shell) -> None:
    """Reports that were being built are ready after it; no other option stands beside it."""
    sandbox.set(MCP_ADS_SANDBOX_REPORT_DELAY="600")
    asked = '{"level": "account", "range": "last_week", "accounts": "5512345678901234,512345678"}'
    words = ("call", "ads", "performance", "list", "--params", asked)
    assert sandbox.run(*words)[1].startswith("PARTIAL: amazon not ready")
    code, _, err = sandbox.run("sandbox", "--forward", "700")
    assert (code, "in the sandbox" in err) == (0, True)
    assert sandbox.run(*words)[1].startswith("meta: ")
    for wrong in (("--forward", "-1"), ("--forward", "5", "--reset")):
        code, _, err = sandbox.run("sandbox", *wrong)
        assert (code, "--forward: seconds from 0" in err) == (2, True)
