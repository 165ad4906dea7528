"""Settings: every variable, malformed values, precedence, and what a working directory may not do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from shell import Shell, process

from mcp_ads import platforms
from mcp_ads.commands import permissions
from mcp_ads.connectors import NAMES, connector
from mcp_ads.errors import BadSettings
from mcp_ads.platforms import AMAZON_HOSTS, HOSTS, PLATFORMS, SANDBOX_CREDENTIALS, WAYS_IN
from mcp_ads.sandbox.ports import Ports
from mcp_ads.settings import Settings, load
from mcp_ads.variables import VARIABLES

HOSTILE = """\
FACEBOOK_MARKETING_BASE_URL=https://evil.example
LINKEDIN_ADS_TOKEN_URL=https://evil.example/token
MCP_ADS_WRITES=direct
MCP_ADS_MAX_DAILY_BUDGET=1000000 USD
MCP_ADS_HOME=/nowhere
FASTMCP_LOG_LEVEL=DEBUG
"""


def of(home: Path, folder: Path | None = None, env_file: str = "", **values: str) -> Settings:
    return load(folder=folder, env_file=env_file, environ={"MCP_ADS_HOME": str(home), **values})


def mistakes(home: Path, **values: str) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        load(environ={"MCP_ADS_HOME": str(home), **values})
    return list(refused.value.lines)


def test_every_table_has_every_platform() -> None:
    """What is said of one connector is said of all: hosts, ways in, variables, permissions, contracts."""
    tables = (PLATFORMS, HOSTS, WAYS_IN, SANDBOX_CREDENTIALS, permissions.ASK)
    assert [table.keys() ^ set(NAMES) for table in tables] == [set()] * len(tables)
    exported = Ports(1, dict.fromkeys(AMAZON_HOSTS, 2), 3).variables()
    contracts = (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
    for name, prefix in PLATFORMS.items():
        assert connector(name).env == prefix
        assert connector(name).hosts == HOSTS[name]
        ways = [f"{prefix}_{part}" for way in WAYS_IN[name] for part in way]
        assert {*ways, f"{prefix}_BASE_URL", f"{prefix}_ACCOUNT_IDS"} <= VARIABLES.keys()
        assert f"{prefix}_BASE_URL" in exported
        assert any(f"{prefix}_{part}" in exported for part in SANDBOX_CREDENTIALS[name])
        assert f'"mcp_ads.connectors.{name}",' in contracts
        assert f'"mcp_ads.connectors.{name} -> ' in contracts


@pytest.mark.parametrize("table", ["HOSTS", "SANDBOX_CREDENTIALS", "PLATFORMS"])
def test_a_platform_that_a_table_lacks_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """A connector that is not in every table yet is named with the table, however it is started."""
    monkeypatch.delitem(getattr(platforms, table), "amazon_ads")
    for sandbox in ("0", "1"):
        (line,) = mistakes(tmp_path, MCP_ADS_SANDBOX=sandbox)
        assert line.startswith("amazon_ads: ")
        assert f"{table} of platforms.py" in line


def test_defaults(tmp_path: Path) -> None:
    """Without variables writes are planned, nothing is capped, and all connectors are offered."""
    settings = of(tmp_path)
    assert (settings.writes, settings.sandbox, settings.unscoped_writes) == ("plan", False, False)
    assert not settings.caps
    assert settings.home == tmp_path
    assert settings.files is None
    assert settings.served == ["facebook_marketing", "linkedin_ads", "amazon_ads"]
    assert not any(platform.configured for platform in settings.platforms.values())
    assert settings.platforms["amazon_ads"].hosts == AMAZON_HOSTS


def test_home_is_in_the_users_folder_unless_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """MCP_ADS_HOME defaults to ~/.mcp-ads."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load(environ={}).home == tmp_path / ".mcp-ads"


def test_credentials_choose_the_connectors(tmp_path: Path) -> None:
    """Only connectors with credentials are offered once one has any."""
    settings = of(tmp_path, LINKEDIN_ADS_ACCESS_TOKEN="t")
    assert settings.served == ["linkedin_ads"]
    assert settings.platforms["linkedin_ads"].missing == []


def test_what_each_platform_needs(tmp_path: Path) -> None:
    """Facebook needs its token; Amazon is configured by a refresh token, and says what a call also needs."""
    settings = of(tmp_path, AMAZON_ADS_REFRESH_TOKEN="t", FACEBOOK_MARKETING_CLIENT_ID="1")
    amazon, facebook = settings.platforms["amazon_ads"], settings.platforms["facebook_marketing"]
    assert amazon.configured
    assert amazon.missing == ["AMAZON_ADS_CLIENT_ID", "AMAZON_ADS_CLIENT_SECRET"]
    assert not facebook.configured
    assert facebook.missing == ["FACEBOOK_MARKETING_ACCESS_TOKEN"]


def test_everything_else(tmp_path: Path) -> None:
    """Caps, files, audit log, HTTP and log level are read."""
    files = tmp_path / "files"
    files.mkdir()
    settings = of(
        tmp_path,
        MCP_ADS_HOME=str(tmp_path / "home"),
        MCP_ADS_WRITES="OFF",
        MCP_ADS_MAX_DAILY_BUDGET="100 USD, 90.50 eur",
        MCP_ADS_MAX_LIFETIME_BUDGET="15000 JPY",
        MCP_ADS_MAX_BUDGET_INCREASE_PCT="25%",
        MCP_ADS_UNSCOPED_WRITES="yes",
        MCP_ADS_FILES=str(files),
        MCP_ADS_AUDIT_LOG=str(tmp_path / "log"),
        MCP_ADS_HTTP_TOKEN="secret",
        MCP_ADS_HTTP_ALLOWED_HOSTS="a.example, b.example",
        MCP_ADS_LOG_LEVEL="debug",
        MCP_ADS_CONNECTORS="facebook-marketing,amazon_ads",
    )
    assert settings.writes == "off"
    assert settings.caps.daily == {"USD": Decimal(100), "EUR": Decimal("90.50")}
    assert settings.caps.lifetime == {"JPY": Decimal(15000)}
    assert settings.caps.increase_pct == Decimal(25)
    assert settings.unscoped_writes
    assert (settings.files, settings.audit_log) == (files.resolve(), tmp_path / "log")
    assert settings.http_allowed_hosts == ("a.example", "b.example")
    assert settings.log_level == "DEBUG"
    assert list(settings.platforms) == ["facebook_marketing", "amazon_ads"]
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(("home", "files"), [("home", "home/files"), ("files/home", "files"), ("x", "x")])
def test_files_and_records_lie_apart(tmp_path: Path, home: str, files: str) -> None:
    """What an agent may read and write is nowhere near tokens, plans and the audit log."""
    for name in (home, files):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    with pytest.raises(BadSettings, match=r"MCP_ADS_FILES: .* may not contain each other"):
        of(tmp_path, MCP_ADS_HOME=str(tmp_path / home), MCP_ADS_FILES=str(tmp_path / files))


def test_accounts(tmp_path: Path) -> None:
    """Ids are read with or without act_, and Amazon's profile is both default and allowed."""
    settings = of(
        tmp_path,
        FACEBOOK_MARKETING_ACCOUNT_IDS="act_1, 2,,1",
        AMAZON_ADS_ACCOUNT_IDS="3",
        AMAZON_ADS_PROFILE_ID="4",
    )
    assert settings.platforms["facebook_marketing"].account_ids == ("1", "2")
    assert settings.platforms["amazon_ads"].account_ids == ("3", "4")
    assert settings.platforms["amazon_ads"].default_account == "4"


@pytest.mark.parametrize("region", ["eu", "https://advertising-api-eu.amazon.com/"])
def test_amazon_region(tmp_path: Path, region: str) -> None:
    """A region is named or given as its host."""
    hosts = of(tmp_path, AMAZON_ADS_REGION=region).platforms["amazon_ads"].hosts
    assert hosts == {"EU": AMAZON_HOSTS["EU"]}


def test_base_urls(tmp_path: Path) -> None:
    """A base URL replaces the hosts and is known to be someone else's."""
    settings = of(
        tmp_path,
        FACEBOOK_MARKETING_BASE_URL="http://127.0.0.1:1/",
        AMAZON_ADS_BASE_URL="NA=http://localhost:2,EU=https://proxy.example",
        LINKEDIN_ADS_TOKEN_URL="https://proxy.example/oauth/v2/accessToken",
    )
    facebook, linkedin, amazon = settings.platforms.values()
    assert (facebook.hosts, facebook.foreign) == ({"": "http://127.0.0.1:1"}, True)
    assert amazon.hosts == {"NA": "http://localhost:2", "EU": "https://proxy.example"}
    assert linkedin.token_url == "https://proxy.example/oauth/v2/accessToken"
    assert linkedin.foreign


def test_the_sandbox_wins_over_everything(tmp_path: Path) -> None:
    """With MCP_ADS_SANDBOX=1 credentials, account ids and base URLs are not read."""
    settings = of(
        tmp_path,
        MCP_ADS_SANDBOX="1",
        FACEBOOK_MARKETING_ACCESS_TOKEN="real",
        FACEBOOK_MARKETING_ACCOUNT_IDS="7",
        FACEBOOK_MARKETING_BASE_URL="https://proxy.example",
    )
    facebook = settings.platforms["facebook_marketing"]
    assert facebook.credentials == {"ACCESS_TOKEN": "sandbox-token"}
    assert (facebook.account_ids, facebook.foreign) == ((), False)
    said = "FACEBOOK_MARKETING_ACCOUNT_IDS: not read in the sandbox, whose accounts are its own"
    assert settings.unknown == (said,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MCP_ADS_WRITES", "maybe"),
        ("MCP_ADS_SANDBOX", "2"),
        ("MCP_ADS_CONNECTORS", "google-ads"),
        ("MCP_ADS_MAX_DAILY_BUDGET", "100"),
        ("MCP_ADS_MAX_DAILY_BUDGET", "-1 USD"),
        ("MCP_ADS_MAX_DAILY_BUDGET", "NaN USD"),
        ("MCP_ADS_MAX_LIFETIME_BUDGET", "lots USD"),
        ("MCP_ADS_MAX_BUDGET_INCREASE_PCT", "ten"),
        ("MCP_ADS_FILES", "/no/such/folder"),
        ("MCP_ADS_ENV_FILE", "/no/such/file"),
        ("MCP_ADS_LOG_LEVEL", "loud"),
        ("MCP_ADS_UNSCOPED_WRITES", "perhaps"),
        ("FACEBOOK_MARKETING_ACCOUNT_IDS", "act_x"),
        ("FACEBOOK_MARKETING_BASE_URL", "graph.facebook.com"),
        ("FACEBOOK_MARKETING_BASE_URL", "http://proxy.example"),
        ("FACEBOOK_MARKETING_BASE_URL", "https://proxy.example/v26.0"),
        ("FACEBOOK_MARKETING_BASE_URL", "https://user@proxy.example"),
        ("LINKEDIN_ADS_TOKEN_URL", "ftp://proxy.example"),
        ("AMAZON_ADS_BASE_URL", "XX=https://proxy.example"),
        ("AMAZON_ADS_REGION", "MARS"),
        *(
            ("MCP_ADS_HTTP_ALLOWED_HOSTS", host)
            for host in (
                "*",
                "*:8000",
                "*.com",
                "ads.*",
                "https://ads.example",
                "ads.example/mcp",
                "ads.example:x",
                "[::1",
                "a b",
                "*.*.example.com",
                "?ds.example.com",
                "[a-z].example.com",
            )
        ),
    ],
)
def test_malformed_values_are_named(tmp_path: Path, name: str, value: str) -> None:
    """Each malformed value is one line that begins with its variable."""
    found = mistakes(tmp_path, **{name: value})
    assert len(found) == 1
    assert found[0].startswith(f"{name}: ")


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """Every malformed value has its line."""
    found = mistakes(tmp_path, MCP_ADS_WRITES="x", MCP_ADS_LOG_LEVEL="y", AMAZON_ADS_REGION="z")
    assert len(found) == 3


def test_a_base_url_must_cover_the_region(tmp_path: Path) -> None:
    """A region without a base URL of its own is a mistake, not a crash later."""
    found = mistakes(tmp_path, AMAZON_ADS_REGION="EU", AMAZON_ADS_BASE_URL="NA=https://proxy.example")
    assert found[0].startswith("AMAZON_ADS_BASE_URL: ")


def test_precedence(tmp_path: Path) -> None:
    """The environment wins over the settings file, which wins over the home's .env."""
    named = tmp_path / "named.env"
    named.write_text("FACEBOOK_MARKETING_ACCOUNT_IDS=2\nLINKEDIN_ADS_ACCOUNT_IDS=2\n")
    (tmp_path / ".env").write_text(
        "FACEBOOK_MARKETING_ACCOUNT_IDS=3\nLINKEDIN_ADS_ACCOUNT_IDS=3\nAMAZON_ADS_ACCOUNT_IDS=3\n"
    )
    settings = of(tmp_path, MCP_ADS_ENV_FILE=str(named), FACEBOOK_MARKETING_ACCOUNT_IDS="1")
    ids = [platform.account_ids for platform in settings.platforms.values()]
    assert ids == [("1",), ("2",), ("3",)]
    assert of(tmp_path, env_file=str(named)).platforms["linkedin_ads"].account_ids == ("2",)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """A settings file in another encoding is a mistake with its name."""
    named = tmp_path / "named.env"
    named.write_bytes(b"\xff\xfe\x00")
    assert mistakes(tmp_path, MCP_ADS_ENV_FILE=str(named))[0].startswith("MCP_ADS_ENV_FILE: ")


def test_a_working_directory_may_give_credentials(tmp_path: Path) -> None:
    """A .env in the working directory fills in a platform that has no credentials, and no other."""
    (tmp_path / ".env").write_text(
        "FACEBOOK_MARKETING_ACCESS_TOKEN=theirs\nLINKEDIN_ADS_ACCESS_TOKEN=theirs\n"
    )
    settings = of(tmp_path / "home", folder=tmp_path, LINKEDIN_ADS_REFRESH_TOKEN="mine")
    assert settings.platforms["facebook_marketing"].credentials == {"ACCESS_TOKEN": "theirs"}
    assert settings.platforms["linkedin_ads"].credentials == {"REFRESH_TOKEN": "mine"}
    assert settings.ignored == ("LINKEDIN_ADS_ACCESS_TOKEN",)


def test_a_working_directory_may_not_take_values_from_the_environment(tmp_path: Path) -> None:
    """A .env in the working directory is not filled in with the caller's other secrets."""
    (tmp_path / ".env").write_text("FACEBOOK_MARKETING_ACCESS_TOKEN=${PATH}\n")
    settings = of(tmp_path / "home", folder=tmp_path)
    assert settings.platforms["facebook_marketing"].credentials == {"ACCESS_TOKEN": "${PATH}"}


def test_a_hostile_working_directory_changes_nothing(tmp_path: Path) -> None:
    """URLs, write mode, caps and home never come from the working directory; their names are kept."""
    (tmp_path / ".env").write_text(HOSTILE)
    settings = of(tmp_path / "home", folder=tmp_path)
    assert settings.ignored == tuple(sorted(line.partition("=")[0] for line in HOSTILE.splitlines()))
    harmless = of(tmp_path / "home")
    assert {**vars(settings), "ignored": ()} == vars(harmless)


@pytest.mark.slow
def test_serve_never_reads_the_working_directory(tmp_path: Path) -> None:
    """A malformed .env in the working directory stops neither the server nor reaches FastMCP."""
    (tmp_path / ".env").write_text("MCP_ADS_WRITES=nonsense\nFASTMCP_LOG_LEVEL=nonsense\n")
    done = process("serve", here=tmp_path, given="", MCP_ADS_HOME=str(tmp_path / "home"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_malformed_settings_end_serve_with_a_line_each(tmp_path: Path) -> None:
    """Serving with malformed settings ends with 2 and says every mistake on stderr."""
    done = process("serve", here=tmp_path, MCP_ADS_WRITES="x", MCP_ADS_LOG_LEVEL="y")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["mcp-ads", "mcp-ads"]


@pytest.mark.parametrize(
    "words",
    [["--transport", "smoke"], ["--port", "x"], ["--nonsense", "1"], ["--host"], ["--host", "0.0.0.0"]],
)
def test_wrong_options_of_serve(shell: Shell, words: list[str]) -> None:
    """Wrong options, and a public address without a token, end with 2 and a sentence."""
    code, out, err = shell.refused("--transport=http", *words)
    assert (code, out) == (2, "")
    assert err.startswith("mcp-ads: ")
