"""The doctor on a sign-in: what the token is, until when, its app, the accounts, the version, the clock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from shell import Shell

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import vault
from mcp_ads.commands.doctor import findings
from mcp_ads.sandbox.ports import Servers

SECRET = "marker-91ab"
DAY = 86_400
APP = "1029384756102938"


def lines(out: str, level: str) -> list[str]:
    return [line[8:] for line in out.splitlines() if line.startswith(level)]


def fix_of(out: str, said: str) -> str:
    """The remedy under a finding."""
    rows = out.splitlines()
    return rows[next(number for number, row in enumerate(rows) if said in row) + 1]


@pytest.fixture
def changed(servers: Servers) -> Iterator[Any]:
    """Changes an object of the sandbox, and puts it back."""
    store, kept = servers.sandbox.store, []

    def change(kind: str, key: str, **values: Any) -> None:
        before = store.get(kind, key)
        assert before is not None
        kept.append((kind, key, before))
        store.put(kind, key, {**before, **values})

    yield change
    for kind, key, before in kept:
        store.put(kind, key, before)


def at(shell: Shell, *, days: float) -> None:
    """Let the doctor's clock be some days on."""
    real = findings.now
    shell.monkeypatch.setattr(findings, "now", lambda: real() + days * DAY)


def test_what_each_token_is(shell: Shell, servers: Servers) -> None:
    """Kind, end, scopes that are there and what those that are not would be for."""
    shell.set(**servers.ports.variables())
    _, out, _ = shell.run("doctor")
    good = lines(out, "ok")
    assert "facebook_marketing token: it is a user's" in good
    assert any(line.startswith("facebook_marketing token: it ends on 20") for line in good)
    (lacking,) = [line for line in good if line.startswith("facebook_marketing token: scopes it lacks")]
    assert "catalog_management (product catalogs)" in lacking
    assert any("the user is in 1234567890 as MANAGE" in line for line in good)
    assert any(line.startswith("facebook_marketing app mode: cannot be read") for line in good)
    assert "linkedin_ads token: it is renewed by a refresh token" in good
    assert any(line.startswith("linkedin_ads token: the consent ends on 20") for line in good)
    assert any("365 days after consent" in line for line in good if line.startswith("amazon_ads token"))


def test_a_system_user(shell: Shell, servers: Servers) -> None:
    """A system user's token is known as that, and as one without an end."""
    shell.set(**servers.ports.variables(), MCP_ADS_CONNECTORS="facebook")
    shell.set(FACEBOOK_MARKETING_ACCESS_TOKEN="sandbox-systemuser")
    code, out, _ = shell.run("doctor")
    assert code == 0
    assert "facebook_marketing token: it is a system user's" in lines(out, "ok")
    assert "facebook_marketing token: it has no end" in lines(out, "ok")


def test_an_end_that_is_near(shell: Shell, servers: Servers) -> None:
    """Ten days before the end of a token, thirty before that of a consent, there is a note with a remedy."""
    shell.set(**servers.ports.variables())
    at(shell, days=55)
    _, out, _ = shell.run("doctor")
    assert "fix: sign in again" in fix_of(out, "facebook_marketing token: it ends on")
    assert not [line for line in lines(out, "note") if "linkedin_ads token" in line and "consent" in line]
    at(shell, days=285)
    _, out, _ = shell.run("doctor")
    assert any("linkedin_ads token: the consent ends on" in line for line in lines(out, "note"))
    assert any("facebook_marketing token: it ended on" in line for line in lines(out, "broken"))


def test_a_wrong_app_secret_of_facebook(shell: Shell, servers: Servers) -> None:
    """A secret that is not the app's is broken by itself, with where the right one is, and never shown."""
    shell.set(**servers.ports.variables())
    shell.set(FACEBOOK_MARKETING_CLIENT_ID=APP, FACEBOOK_MARKETING_CLIENT_SECRET="sandbox-secret")
    assert shell.run("doctor")[0] == 0
    shell.set(FACEBOOK_MARKETING_CLIENT_SECRET=SECRET)
    code, out, err = shell.run("doctor")
    assert code == 1
    assert lines(out, "broken")[0].startswith(
        "facebook_marketing app: the app's id and secret are not accepted"
    )
    assert "Settings > Basic" in fix_of(out, "facebook_marketing app:")
    trace = (shell.home / "trace.jsonl").read_text()
    assert SECRET not in out + err + trace
    assert "sandbox-token" not in out + err + trace


def test_a_token_of_another_app(shell: Shell, servers: Servers) -> None:
    """An id that is not that of the token's app is broken."""
    shell.set(**servers.ports.variables())
    shell.set(
        FACEBOOK_MARKETING_CLIENT_ID="555000111222333", FACEBOOK_MARKETING_CLIENT_SECRET="sandbox-secret"
    )
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert any("app" in line for line in lines(out, "broken"))


def test_a_wrong_secret_beside_a_linkedin_token(shell: Shell, servers: Servers) -> None:
    """An access token that works hides no wrong client secret; without one, what cannot be known is said."""
    variables = servers.ports.variables()
    for name in ("REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET"):
        variables.pop(f"LINKEDIN_ADS_{name}")
    shell.set(**variables, LINKEDIN_ADS_ACCESS_TOKEN="sandbox-direct")
    code, out, _ = shell.run("doctor")
    assert code == 0
    assert any("one of the developer portal lives 60 days" in line for line in lines(out, "ok"))
    shell.set(LINKEDIN_ADS_CLIENT_ID="sandbox-client", LINKEDIN_ADS_CLIENT_SECRET=SECRET)
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert any(line.startswith("linkedin_ads app: the app's id and secret") for line in lines(out, "broken"))
    assert SECRET not in out


def test_accounts_that_do_not_serve(shell: Shell, servers: Servers, changed: Any) -> None:
    """Disabled, held back, unpaid, with too small a role: a note each; broken where it is the one to use."""
    shell.set(**servers.ports.variables())
    assert shell.run("doctor")[0] == 0
    profile = servers.sandbox.store.get("amazon.profile", "3312345678901234") or {}
    unpaid = {**profile["accountInfo"], "validPaymentMethod": False}
    changed("facebook.account", "act_1234567890", account_status=2, disable_reason=3, user_tasks=["ANALYZE"])
    changed("linkedin.account", "512345678", servingStatuses=["BILLING_HOLD"])
    changed("amazon.profile", "3312345678901234", accountInfo=unpaid)
    code, out, _ = shell.run("doctor")
    notes = lines(out, "note")
    assert code == 0, lines(out, "broken")
    assert "facebook_marketing account: 1234567890 is disabled: a payment was a risk" in notes
    assert any("1234567890: the user may only ANALYZE there" in line for line in notes)
    assert any("512345678: billing is on hold" in line for line in notes)
    assert any("without a valid payment method: 3312345678901234" in line for line in notes)
    shell.set(FACEBOOK_MARKETING_ACCOUNT_IDS="1234567890")
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert any("1234567890 is disabled" in line for line in lines(out, "broken"))


def test_the_clock(shell: Shell, servers: Servers) -> None:
    """A clock that is more than a minute off is said with why it matters."""
    shell.set(**servers.ports.variables())
    _, out, _ = shell.run("doctor")
    assert " clock: " not in out
    at(shell, days=-120 / DAY)
    _, out, _ = shell.run("doctor")
    clocks = [line for line in lines(out, "note") if " clock: " in line]
    assert len(clocks) == 3
    assert "behind the platform's" in clocks[0]
    assert "fix: set the clock" in fix_of(out, "facebook_marketing clock")


def test_a_version_that_is_over(shell: Shell, servers: Servers) -> None:
    """An end by the table is told before it comes; what the platform itself says of a version is broken."""
    shell.set(**servers.ports.variables(), FACEBOOK_MARKETING_API_VERSION="v25.0")
    shell.set(LINKEDIN_ADS_API_VERSION="202601")
    _, out, _ = shell.run("doctor")
    assert "facebook_marketing API version: v25.0 lives until 2027-02-23" in out
    assert "linkedin_ads API version: 202601 lives until 2027-01-15" in out
    shell.set(FACEBOOK_MARKETING_API_VERSION="v23.0")
    code, out, _ = shell.run("doctor")
    assert code == 1
    (said,) = [line for line in lines(out, "broken") if "API version" in line]
    assert "v23.0 is over" in said
    assert "leave FACEBOOK_MARKETING_API_VERSION out" in fix_of(out, said)


def test_ids_in_the_wrong_list(shell: Shell, servers: Servers) -> None:
    """An id that is not seen is known by its length, or by the list of another platform that has it."""
    shell.set(**servers.ports.variables())
    shell.set(
        LINKEDIN_ADS_ACCOUNT_IDS="512345678,3312345678901234", AMAZON_ADS_ACCOUNT_IDS="3312345678901234"
    )
    _, out, _ = shell.run("doctor")
    (said,) = [line for line in lines(out, "broken") if line.startswith("LINKEDIN_ADS_ACCOUNT_IDS")]
    assert "AMAZON_ADS_ACCOUNT_IDS has the same id" in said
    shell.set(LINKEDIN_ADS_ACCOUNT_IDS="512345678,1202110000000000")
    _, out, _ = shell.run("doctor")
    (said,) = [line for line in lines(out, "broken") if line.startswith("LINKEDIN_ADS_ACCOUNT_IDS")]
    assert "with 16 digits it is none of LinkedIn" in said
    assert "facebook_marketing or amazon_ads" in said


def test_json(shell: Shell, servers: Servers) -> None:
    """One object with every finding, and the same exit code."""
    shell.set(**servers.ports.variables())
    code, out, err = shell.run("doctor", "--json")
    answer = json.loads(out)
    assert (code, err, list(answer)) == (0, "", ["version", "broken", "findings"])
    assert {tuple(finding) for finding in answer["findings"]} == {("level", "what", "text", "fix")}
    shell.set(FACEBOOK_MARKETING_ACCESS_TOKEN=f"sandbox-expired-{SECRET}")
    code, out, _ = shell.run("doctor", "--json")
    answer = json.loads(out)
    broken = [finding for finding in answer["findings"] if finding["level"] == "broken"]
    assert (code, answer["broken"]) == (1, len(broken))
    assert all(finding["fix"] for finding in broken)
    assert SECRET not in out


def test_options_that_do_not_go_together(shell: Shell) -> None:
    """A report is only of --reads."""
    code, _, err = shell.run("doctor", "--save", "x.md")
    assert code == 2
    assert "--save: for the report of --reads" in err


@pytest.mark.slow
def test_every_connection(shell: Shell, servers: Servers) -> None:
    """Each connection of a platform is looked at by itself, under its name, also by --reads."""
    shell.set(**servers.ports.variables(), MCP_ADS_CONNECTORS="facebook")
    shell.set(
        FACEBOOK_MARKETING__ACME__ACCESS_TOKEN="sandbox-readonly",
        FACEBOOK_MARKETING__ACME__ACCOUNT_IDS="2345678901,77",
    )
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert "facebook_marketing (acme) token: it is a user's" in lines(out, "ok")
    assert any("facebook_marketing (acme) token: lacks ads_management" in line for line in lines(out, "note"))
    (broken,) = lines(out, "broken")
    assert broken.startswith("FACEBOOK_MARKETING__ACME__ACCOUNT_IDS")
    shell.set(FACEBOOK_MARKETING__ACME__ACCOUNT_IDS="2345678901", FACEBOOK_MARKETING_ACCOUNT_IDS="1234567890")
    code, out, _ = shell.run("doctor", "--reads", "--json")
    tried = json.loads(out)["reads"]
    assert code == 0
    assert len([one for one in tried if one["connection"] == 2]) == len(tried) / 2
    assert {one["outcome"] for one in tried} <= {"ok", "empty", "pending", "not tried"}
    assert "leads" in {one["entity"] for one in tried if one["why"].startswith("it is about what no account")}
    assert "acme" not in out


def test_a_sign_in_with_a_wrong_secret(shell: Shell, servers: Servers) -> None:
    """What was stored by signing in is looked at as variables are: a secret that was reset is found."""
    variables = servers.ports.variables()
    shell.set(**{name: value for name, value in variables.items() if name.endswith("_URL")})
    shell.set(MCP_ADS_CONNECTORS="facebook,linkedin,amazon")
    soon, ends = findings.now() + 5 * DAY, findings.now() + 20 * DAY
    stored = {
        "facebook": SignedIn("facebook_marketing", APP, SECRET, "sandbox-token", access_ends=ends),
        "linkedin": SignedIn("linkedin_ads", access_token="sandbox-direct", access_ends=soon),
        "amazon": SignedIn(
            "amazon_ads", "amzn1.application-oa2-client.sandbox", "sandbox-secret",
            refresh_token="Atzr|sandbox-refresh", refresh_ends=ends,
        ),
    }  # fmt: skip
    for name, signed_in in stored.items():
        vault(shell.home).write(name, signed_in)
    code, out, err = shell.run("doctor")
    assert code == 1
    assert any(line.startswith("facebook_marketing app: the app's id") for line in lines(out, "broken"))
    assert any("linkedin_ads token: the access token ends on" in line for line in lines(out, "note"))
    assert fix_of(out, "linkedin_ads token: the access").endswith("mcp-ads login linkedin-ads")
    assert any("amazon_ads token: the consent ends on" in line for line in lines(out, "note"))
    assert SECRET not in out + err
