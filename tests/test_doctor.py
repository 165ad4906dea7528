"""`mcp-ads doctor`: what it finds, what it calls broken, and what a hostile working directory gets."""

from __future__ import annotations

from shell import Shell

from mcp_ads.sandbox.ports import Servers

SECRET = "marker-7f3a"
HOSTILE = f"""\
FACEBOOK_MARKETING_BASE_URL=https://evil.example/{SECRET}
AMAZON_ADS_TOKEN_URL=https://evil.example/token
MCP_ADS_WRITES=direct
MCP_ADS_AUDIT_LOG=/dev/null
"""


def lines(out: str, level: str) -> list[str]:
    return [line[8:] for line in out.splitlines() if line.startswith(level)]


def test_the_sandbox_is_healthy(shell: Shell) -> None:
    """With the sandbox every connector answers, says what its token may do, and nothing is broken."""
    shell.set(MCP_ADS_SANDBOX="1")
    code, out, err = shell.run("doctor")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "nothing is broken"
    assert "facebook_marketing token: may: ads_management, ads_read" in out
    assert "512345678 as ACCOUNT_MANAGER" in out
    assert "edit 3312345678901234" in out
    assert any(line.startswith("MCP_ADS_SANDBOX: is on") for line in lines(out, "note"))


def test_nothing_configured_is_broken(shell: Shell) -> None:
    """Without credentials it names every missing variable and ends with 1."""
    code, out, _ = shell.run("doctor")
    assert code == 1
    for name in ("FACEBOOK_MARKETING_ACCESS_TOKEN", "LINKEDIN_ADS_REFRESH_TOKEN", "AMAZON_ADS_CLIENT_SECRET"):
        assert f"{name}" in out
    assert lines(out, "broken") == ["connectors: none is configured"]


def test_half_a_configuration_is_broken(shell: Shell) -> None:
    """A platform with some of its variables is broken; the missing ones are named, no value is shown."""
    shell.set(AMAZON_ADS_REFRESH_TOKEN=SECRET)
    code, out, _ = shell.run("doctor")
    assert code == 1
    broken = lines(out, "broken")
    assert broken == ["amazon_ads: not configured: AMAZON_ADS_CLIENT_ID, AMAZON_ADS_CLIENT_SECRET not set"]
    assert SECRET not in out


def test_hosts_that_are_not_the_vendors_are_named(shell: Shell, servers: Servers) -> None:
    """Base and token URLs of someone else are said."""
    shell.set(**servers.ports.variables())
    code, out, _ = shell.run("doctor")
    assert code == 0
    hosts = [line for line in lines(out, "note") if "not the vendor's" in line]
    assert len(hosts) == 3
    assert f"amazon_ads: not the vendor's hosts: http://127.0.0.1:{servers.ports.regions['NA']}" in hosts[2]


def test_a_dead_token_is_broken(shell: Shell, servers: Servers) -> None:
    """A token the platform refuses is broken, with the fix and the trace, and never shown."""
    shell.set(**servers.ports.variables())
    shell.set(FACEBOOK_MARKETING_ACCESS_TOKEN=f"sandbox-expired-{SECRET}")
    code, out, _ = shell.run("doctor")
    assert code == 1
    (broken,) = lines(out, "broken")
    assert broken.startswith("facebook_marketing accounts: ")
    assert "mcp-ads trace" in broken
    assert "fix:" in out
    assert SECRET not in out


def test_a_token_that_may_only_read(shell: Shell, servers: Servers) -> None:
    """A token without ads_management is a note: reading works, writing will not."""
    shell.set(**servers.ports.variables())
    shell.set(FACEBOOK_MARKETING_ACCESS_TOKEN="sandbox-readonly")
    code, out, _ = shell.run("doctor")
    assert code == 0
    assert "facebook_marketing token: lacks ads_management: writing will be refused" in lines(out, "note")


def test_an_account_nobody_sees_is_broken(shell: Shell, servers: Servers) -> None:
    """An id on the allow-list that the credentials do not see is broken."""
    shell.set(**servers.ports.variables(), FACEBOOK_MARKETING_ACCOUNT_IDS="1234567890,77")
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert [line.partition(":")[0] for line in lines(out, "broken")] == ["FACEBOOK_MARKETING_ACCOUNT_IDS"]


def test_a_platform_that_does_not_answer_is_broken(shell: Shell) -> None:
    """No connection is broken, and said as that."""
    shell.set(FACEBOOK_MARKETING_ACCESS_TOKEN=SECRET, FACEBOOK_MARKETING_BASE_URL="http://127.0.0.1:9")
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert "could not connect" in lines(out, "broken")[0]


def test_records_that_cannot_be_written(shell: Shell) -> None:
    """Plans or an audit log that cannot be written are broken; with writes off they are a note."""
    records = shell.home / "sandbox"
    (records / "audit.jsonl").mkdir(parents=True)
    (records / "plans").write_text("in the way")
    shell.set(MCP_ADS_SANDBOX="1")
    code, out, _ = shell.run("doctor")
    assert (code, len(lines(out, "broken"))) == (1, 2)
    shell.set(MCP_ADS_WRITES="off")
    code, out, _ = shell.run("doctor")
    assert (code, lines(out, "broken")) == (0, [])


def test_write_mode_and_caps(shell: Shell) -> None:
    """The write mode and the caps are said; direct is worth a note."""
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_WRITES="direct", MCP_ADS_MAX_DAILY_BUDGET="100 USD")
    _, out, _ = shell.run("doctor")
    assert any(line.startswith("MCP_ADS_WRITES: direct") for line in lines(out, "note"))
    assert "caps: 100 USD a day" in out


def test_a_hostile_working_directory(shell: Shell) -> None:
    """What a .env here tried to set is named without its value, and changes nothing."""
    shell.set(MCP_ADS_SANDBOX="1")
    _, before, _ = shell.run("doctor")
    (shell.here / ".env").write_text(HOSTILE)
    code, after, _ = shell.run("doctor")
    names = sorted(line.partition("=")[0] for line in HOSTILE.splitlines())
    said = f"note    .env here: tried to set {', '.join(names)}: ignored"
    assert code == 0
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [said]
    assert SECRET not in after


def test_credentials_from_the_working_directory(shell: Shell, servers: Servers) -> None:
    """Credentials that a .env here gave are named, and that the server does not read them."""
    variables = servers.ports.variables()
    token = variables.pop("FACEBOOK_MARKETING_ACCESS_TOKEN")
    shell.set(**variables)
    (shell.here / ".env").write_text(f"FACEBOOK_MARKETING_ACCESS_TOKEN={token}\n")
    code, out, _ = shell.run("doctor")
    assert code == 0
    assert any(
        line.startswith(".env here: gave FACEBOOK_MARKETING_ACCESS_TOKEN") for line in lines(out, "note")
    )
