"""Settings that are not what they seem: names that there are not, empty guards, values of another form."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import Shell, process

from mcp_ads import __version__, connect
from mcp_ads.errors import BadSettings
from mcp_ads.settings import load
from mcp_ads.variables import FOR_TESTS

UNREAD = {
    "FACEBOOK_MARKETING_TOKEN": "FACEBOOK_MARKETING_ACCESS_TOKEN",
    "LINKEDIN_ADS_ACCOUNT_ID": "LINKEDIN_ADS_ACCOUNT_IDS",
    "AMAZON_ADS_REFRESHTOKEN": "AMAZON_ADS_REFRESH_TOKEN",
}


def mistakes(home: Path, **values: str) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        load(environ={"MCP_ADS_HOME": str(home), **values})
    return list(refused.value.lines)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("MCP_ADS_WRITE", "MCP_ADS_WRITES"),
        ("MCP_ADS_MAX_DAILY_BUDGT", "MCP_ADS_MAX_DAILY_BUDGET"),
        ("mcp_ads_writes", "MCP_ADS_WRITES"),
        ("MCP_ADS_READONLY", "MCP_ADS_WRITES=off"),
        ("MCP_ADS_DRY_RUN", "MCP_ADS_WRITES=off"),
    ],
)
def test_a_misspelt_setting_stops_the_start(tmp_path: Path, name: str, meant: str) -> None:
    """A name under our prefix that there is not is refused, with the version and the name that is meant."""
    (line,) = mistakes(tmp_path, **{name: "off"})
    assert line.startswith(f"{name}: ")
    assert f"mcp-ads {__version__} has no such setting; did you mean {meant}?" in line


def test_a_misspelt_setting_in_a_file_is_found_there(tmp_path: Path) -> None:
    """Also in a settings file and in the home's .env; the line says where."""
    named, own = tmp_path / "named.env", tmp_path / ".env"
    named.write_text("MCP_ADS_WRITE=off\n")
    own.write_text("\ufeffMCP_ADS_MAX_BUDGET=1 USD\n", encoding="utf-8")
    lines = mistakes(tmp_path, MCP_ADS_ENV_FILE=str(named))
    assert [line.split(":")[0] for line in lines] == ["MCP_ADS_MAX_BUDGET", "MCP_ADS_WRITE"]
    assert [f"(in {own})" in lines[0], f"(in {named})" in lines[1]] == [True, True]


def test_every_door_refuses_a_misspelt_setting(shell: Shell) -> None:
    """The server, every command and connect() stop at it alike."""
    shell.set(MCP_ADS_WRITE="off")
    code, _, err = shell.refused()
    assert (code, err.startswith("mcp-ads: MCP_ADS_WRITE: ")) == (2, True)
    for words in (
        ["doctor"],
        ["plans"],
        ["trace"],
        ["describe"],
        ["call", "linkedin-ads", "accounts", "list"],
    ):
        code, _, err = shell.run(*words)
        assert (code, "MCP_ADS_WRITES?" in err) == (2, True), words
    with pytest.raises(BadSettings, match="MCP_ADS_WRITE: "):
        connect("facebook-marketing")


def test_what_tests_read_is_known(tmp_path: Path) -> None:
    """The variables of the tests are names like others."""
    assert load(environ={"MCP_ADS_HOME": str(tmp_path), **dict.fromkeys(FOR_TESTS, "1")}).unknown == ()


@pytest.mark.slow
def test_unread_variables_of_a_platform_are_said(shell: Shell, caplog: pytest.LogCaptureFixture) -> None:
    """A misspelt name of a platform is a finding of the doctor, and a warning wherever something starts."""
    shell.set(MCP_ADS_SANDBOX="1", **dict.fromkeys(UNREAD, "x"))
    code, out, err = shell.run("doctor")
    assert code == 0
    for name, meant in UNREAD.items():
        said = f"{name}: mcp-ads {__version__} has no such setting; did you mean {meant}?"
        assert f"note    {said}" in out
        assert f"mcp-ads: {said}" in err
    done = process("serve", here=shell.here, given="", MCP_ADS_HOME=str(shell.home), AMAZON_ADS_TOKEN="x")
    assert (done.returncode, done.stderr.count("did you mean")) == (0, 1)
    connect("facebook-marketing")
    assert "FACEBOOK_MARKETING_TOKEN" in caplog.text


def test_a_misspelt_list_beside_credentials_stops_the_start(shell: Shell) -> None:
    """Without its list the token would be used for every account it sees: the server and commands stop."""
    shell.set(LINKEDIN_ADS_ACCESS_TOKEN="t", LINKEDIN_ADS_ACCOUNT_ID="1")
    said = "LINKEDIN_ADS_ACCOUNT_ID: it guards nothing; did you mean LINKEDIN_ADS_ACCOUNT_IDS?"
    assert shell.refused()[2].startswith(f"mcp-ads: {said}")
    for words in (["doctor"], ["call", "linkedin-ads", "accounts", "list"]):
        code, _, err = shell.run(*words)
        assert (code, said in err) == (2, True), words


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["skills", "install", "--to"], "--to"),
        (["install", "claude-desktop", "--bundle"], "--bundle"),
        (["install", "cursor", "--print", "--env-file"], "--env-file"),
        (["doctor", "--reads", "--save"], "--save"),
        (["doctor"], "MCP_ADS_HOME"),
        (["doctor"], "MCP_ADS_FILES"),
        (["doctor"], "MCP_ADS_ENV_FILE"),
    ],
)
def test_a_home_of_nobody(shell: Shell, words: list[str], name: str) -> None:
    """A path below the home of an unknown user is one line, and so is an empty one where one is asked for."""
    option = name.startswith("--")
    if not option:
        shell.set(**{name: "~nobody-here/x"})
    code, out, err = shell.run(*words, *(["~nobody-here/x.mcpb"] if option else []))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"{name}: after ~ stands no user" in err
    if name in ("--to", "--bundle"):
        assert shell.run(*words, "") == (2, "", f"mcp-ads: {name}: is empty; leave it out, or name a path\n")
    assert [*shell.here.iterdir()] == []


@pytest.mark.parametrize("empty", ["", "  ", ","])
@pytest.mark.parametrize(
    "name",
    [
        "MCP_ADS_MAX_DAILY_BUDGET", "MCP_ADS_MAX_LIFETIME_BUDGET", "MCP_ADS_MAX_BUDGET_INCREASE_PCT",
        "FACEBOOK_MARKETING_ACCOUNT_IDS", "AMAZON_ADS_PROFILE_ID", "MCP_ADS_HTTP_TOKEN", "MCP_ADS_CONNECTORS",
    ],
)  # fmt: skip
def test_an_empty_guard_is_no_guard_left_out(tmp_path: Path, name: str, empty: str) -> None:
    """An empty cap, allow-list or token would open what it was meant to close."""
    lines = mistakes(tmp_path, **{name: empty})
    assert any(line.startswith(f"{name}: is empty") for line in lines)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("FACEBOOK_MARKETING_API_VERSION", "26", "v26.0"),
        ("FACEBOOK_MARKETING_API_VERSION", "202607", "v26.0"),
        ("LINKEDIN_ADS_API_VERSION", "2026-07", "202607"),
        ("LINKEDIN_ADS_API_VERSION", "202613", "202607"),
        ("AMAZON_ADS_PROFILE_ID", "xx", "'xx'"),
        ("AMAZON_ADS_PROFILE_ID", "1,2", "one only"),
        ("MCP_ADS_MAX_DAILY_BUDGET", "100 USX", "USX is no currency"),
        ("MCP_ADS_MAX_DAILY_BUDGET", "100 USD, 200 USD", "two amounts"),
        ("LINKEDIN_ADS_ACCOUNT_IDS", "12,x9", "'x9'"),
    ],
)
def test_values_of_another_form(tmp_path: Path, name: str, value: str, says: str) -> None:
    """A value that cannot be meant is refused under the name it was given by, as it was written."""
    (line,) = mistakes(tmp_path, **{name: value})
    assert line.startswith(f"{name}: ")
    assert says in line


def test_versions_platforms_have(tmp_path: Path) -> None:
    """Versions newer than this release are the user's to set."""
    settings = load(
        environ={
            "MCP_ADS_HOME": str(tmp_path),
            "FACEBOOK_MARKETING_API_VERSION": "v27.0",
            "LINKEDIN_ADS_API_VERSION": "202611",
        }
    )
    assert [platform.api_version for platform in settings.platforms.values()] == ["v27.0", "202611", ""]


def test_a_wrong_connector_hides_nothing(tmp_path: Path) -> None:
    """All mistakes are said at once, also those of platforms that may have been meant."""
    lines = mistakes(
        tmp_path, MCP_ADS_CONNECTORS="facebok", AMAZON_ADS_REGION="MARS", LINKEDIN_ADS_API_VERSION="26"
    )
    assert [line.split(":")[0] for line in lines] == [
        "MCP_ADS_CONNECTORS", "LINKEDIN_ADS_API_VERSION", "AMAZON_ADS_REGION",
    ]  # fmt: skip


def test_a_settings_file_is_blamed_under_the_name_it_was_given_by(shell: Shell) -> None:
    """An option, an argument and a variable each under its own name."""
    assert shell.refused("--env-file", "none")[2].startswith("mcp-ads: --env-file: there is no file none")
    with pytest.raises(BadSettings, match=r"^env_file: there is no file none"):
        connect("facebook-marketing", env_file="none")
    with pytest.raises(BadSettings, match=r"^MCP_ADS_ENV_FILE: "):
        load(environ={"MCP_ADS_ENV_FILE": "none"})


def test_a_line_that_sets_nothing_is_a_mistake(tmp_path: Path) -> None:
    """In a settings file, what cannot be read is named by its line and not shown; a bare name is empty."""
    named = tmp_path / "named.env"
    named.write_text("MCP_ADS_WRITES off\nMCP_ADS_MAX_DAILY_BUDGET\n")
    lines = mistakes(tmp_path, MCP_ADS_ENV_FILE=str(named))
    assert lines[0] == f"MCP_ADS_ENV_FILE: line 1 of {named} is not NAME=value"
    assert lines[1].startswith("MCP_ADS_MAX_DAILY_BUDGET: is empty")


@pytest.mark.parametrize(
    "url",
    [
        "https://:hunter2@x.example",
        "https://hunter2@x.example",
        "https://@x.example",
        "https://x.example\nhunter2",
        "https://hunter2\t.example",
        "https://x.example?",
        "https://x.example/?",
        "https://x.example#",
        "https://h\u00fcnter2.example",
        "https://x.example\\@hunter2.example",
        "https://x.example\x00",
        "https://hunter2%2eexample",
        "https://",
    ],
)
@pytest.mark.parametrize(
    "name",
    ["MCP_ADS_HOST_URL", "SDK_DEV_ADP_API_HOST", "FACEBOOK_MARKETING_BASE_URL", "LINKEDIN_ADS_TOKEN_URL"],
)
def test_an_address_is_only_one(tmp_path: Path, name: str, url: str) -> None:
    """Whoever reads it reads the same host, and nothing else is in it; it is not repeated."""
    (line,) = mistakes(tmp_path, **{name: url})
    assert line.startswith(f"{name}: write scheme://host:port")
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("given", "ids"), [("123", ("123",)), ("1, act_2", ("1", "2")), (["3", "4"], ("3", "4"))]
)
def test_account_ids_of_a_program(shell: Shell, given: str | list[str], ids: tuple[str, ...]) -> None:
    """A text is an id or several, never a list of its digits."""
    client = connect("facebook-marketing", access_token="t", account_ids=given)
    assert client._desks.settings.platforms["facebook_marketing"].account_ids == ids
    with pytest.raises(BadSettings, match=r"^account_ids: 'my account'"):
        connect("facebook-marketing", access_token="t", account_ids=["my account"])
