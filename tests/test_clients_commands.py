"""`mcp-ads clients`: a proposal from the accounts there are, and the file held against the platforms."""

from __future__ import annotations

import json
import re
import stat
import sys

import pytest
from planning import SPRING
from shell import Shell

from mcp_ads.clients_file import parsed
from mcp_ads.commands.clients_proposed import Known, proposal


@pytest.fixture
def sandboxed(shell: Shell) -> Shell:
    """A shell in a sandbox without a clients file."""
    shell.set(MCP_ADS_SANDBOX="1")
    return shell


def written(shell: Shell, text: str) -> None:
    """A clients file of the sandbox's accounts."""
    (shell.home / "sandbox").mkdir(parents=True, exist_ok=True)
    (shell.home / "sandbox" / "clients.toml").write_text(text)


def test_a_proposal_is_written_once(sandboxed: Shell) -> None:
    """Every account is in it, it is private and read as it stands, and is never overwritten."""
    path = sandboxed.home / "sandbox" / "clients.toml"
    code, out, _ = sandboxed.run("clients", "init", "--print")
    assert (code, path.exists()) == (0, False)
    code, _, err = sandboxed.run("clients", "init")
    assert code == 0
    assert "for 7 accounts" in err
    assert path.read_text() == out
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [len(client.accounts) for client in parsed(path.read_bytes())] == [7]
    path.write_text("# mine\n")
    code, _, err = sandboxed.run("clients", "init")
    assert (code, path.read_text()) == (1, "# mine\n")
    assert "stays as it is" in err


def test_a_part_of_the_accounts_is_no_proposal(sandboxed: Shell) -> None:
    """Where a connection does not say what it has, nothing is written that would stay without them."""
    sandboxed.set(
        MCP_ADS_SANDBOX="0", MCP_ADS_CONNECTORS="facebook_marketing",
        FACEBOOK_MARKETING_ACCESS_TOKEN="wrong", FACEBOOK_MARKETING_BASE_URL="http://127.0.0.1:9",
    )  # fmt: skip
    code, _, err = sandboxed.run("clients", "init")
    assert code == 1
    assert "no account is seen" in err
    assert not (sandboxed.home / "clients.toml").exists()


def test_accounts_are_grouped_by_what_their_names_begin_with() -> None:
    """Countries, currencies and platforms are no part of a client's name; what is odd in one is kept out."""
    names = {
        "facebook:1": "Acme DE", "linkedin:2": "ACME | France (EUR)", "amazon:3": "Acme",
        "facebook:4": "Beta Tools US", "linkedin:5": "Beta Tools Nordics", "amazon:6": "Beta Blocks",
        "facebook:7": "秋のアウトドア", "facebook:8": "", "facebook:9": "", "amazon:10": 'Odd "\n] # x',
        "facebook:11": "Germany",
    }  # fmt: skip
    text = proposal(Known(id_, name, "EUR") for id_, name in names.items())
    groups = {client.title: set(client.ids) for client in parsed(text.encode())}
    assert groups.pop("Acme") == {"facebook:1", "linkedin:2", "amazon:3"}
    assert groups.pop("Beta Tools") == {"facebook:4", "linkedin:5"}
    assert groups.pop("Beta Blocks") == {"amazon:6"}
    assert {*map(frozenset, groups.values())} >= {frozenset(["facebook:7"]), frozenset(["amazon:10"])}
    assert sum(map(len, (client.ids for client in parsed(text.encode())))) == len(names)


@pytest.mark.parametrize(
    "name",
    [
        "\U0001f3d6\ufe0f",
        "-",
        '"""',
        "\x00\x07",
        "bad\ud800",
        "Acme\r\n[clients.evil]",
        "Acme\u2028DE",
        "\\",
        "\ufeff",
        ",",
    ],
)
def test_any_name_of_an_account_makes_a_file(name: str) -> None:
    """What an advertiser calls an account cannot stop every later start, alone or beside others."""
    one, other = Known("facebook:1", name, "EUR"), Known("facebook:2", "Beta", "EUR")
    assert len(parsed(proposal([one]).encode()).named) == 1
    assert {id_ for client in parsed(proposal([one, other]).encode()) for id_ in client.ids} == {
        "facebook:1",
        "facebook:2",
    }


def test_a_file_is_held_against_the_platforms(sandboxed: Shell) -> None:
    """Accounts nobody sees, currencies none has, and patterns that fit no campaign are wrong, each a line."""
    written(
        sandboxed,
        '[clients.acme]\naccounts = ["facebook:1234567890", "facebook:999999999"]\n'
        'monthly_budget = ["5000 USD", "300 GBP"]\n'
        'protected = ["Sprung Sale", "*surg*", "*surf*", "facebook:120211000000000"]\nnaming = "*_acme_*"\n'
        '[clients.tide]\naccounts = ["linkedin:512345678"]\nprotected = ["*always?on*"]\n',
    )
    code, out, err = sandboxed.run("clients", "check")
    lines = out.splitlines()
    assert (code, "6 wrong" in err) == (1, True)
    assert "wrong: [clients.acme] accounts: facebook:999999999 is seen by no connection" in lines
    assert any("monthly_budget" in line and line.endswith("has GBP") for line in lines)
    assert any('"Sprung Sale" fits no campaign' in line and '"Spring Sale"' in line for line in lines)
    assert any('"facebook:120211000000000" fits no campaign' in line for line in lines)
    assert any("naming" in line and "do not fit, such as" in line for line in lines)
    assert any(line.startswith("note: facebook:2345678901") for line in lines)
    (near,) = (line for line in lines if '"*surg*"' in line)
    assert "; there is" in near
    assert "surf" in near.lower()
    lines.remove(near)
    assert not any("surf" in line or "always" in line for line in lines)


@pytest.mark.parametrize("left", [None, "# nothing\n"], ids=["gone", "empty"])
def test_a_file_that_is_gone_closes_the_commands_that_follow(sandboxed: Shell, left: str | None) -> None:
    """Each command is a process of its own: what was protected stays so until a person drops the clients."""
    pause = ("call", "facebook_marketing", "campaigns", "pause", "--params", f'{{"campaign_id": "{SPRING}"}}')
    written(sandboxed, '[clients.acme]\naccounts = ["facebook:1234567890"]\nprotected = ["*spring*"]\n')
    assert "is protected" in sandboxed.run(*pause)[2]
    file = sandboxed.home / "sandbox" / "clients.toml"
    file.unlink() if left is None else file.write_text(left)
    code, _, err = sandboxed.run(*pause)
    assert code == 1
    how = "is gone" if left is None else "has no client in it"
    assert re.search(rf"clients\.toml {how}, and it named 1 client on \d{{4}}-\d\d-\d\d", err)
    assert sandboxed.run("clients", "check")[0] == 1
    assert sandboxed.run("clients", "list")[0] == 0
    assert "broken  clients.toml: " in sandboxed.run("doctor")[1]
    assert sandboxed.run("clients", "forget")[0] == 0
    assert "PLAN pause-campaign" in sandboxed.run(*pause)[1]


def test_what_is_right_is_said_to_be(sandboxed: Shell) -> None:
    """A file with nothing wrong in it ends with 0; a malformed one, or none, with 1."""
    written(sandboxed, '[clients.tide]\naccounts = ["linkedin:512345678"]\nprotected = ["*always?on*"]\n')
    code, _, err = sandboxed.run("clients", "check")
    assert (code, "1 client: nothing wrong" in err) == (0, True)
    code, out, _ = sandboxed.run("clients", "list", "--format", "json")
    assert json.loads(out)["data"][0]["protected"] == ["*always?on*"]
    assert json.loads(out)["data"][0]["accounts"] == ["linkedin:512345678"]
    written(sandboxed, '[clients.tide]\naccounts = ["linkedin:512345678"]\nprotectd = ["*always?on*"]\n')
    code, out, err = sandboxed.run("clients", "check")
    assert (code, out) == (1, "")
    assert "protectd: no such key; did you mean protected?" in err
    (sandboxed.home / "sandbox" / "clients.toml").unlink()
    assert sandboxed.run("clients", "check")[0] == 1
