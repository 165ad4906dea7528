"""Several connections per platform: of variables, of connections.toml, of sign-ins; slips are lines."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mcp_ads import connections
from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import vault
from mcp_ads.connections import Connection
from mcp_ads.errors import BadSettings, NoRecord
from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings, load

FACEBOOK, LINKEDIN, AMAZON = "facebook_marketing", "linkedin_ads", "amazon_ads"
LI, AM = (f'[acme]\nconnector = "{place}"\n' for place in ("linkedin", "amazon"))
FILE = """\
# handed out by the agency
[acme]  # a client
connector = "facebook_marketing"
client_id = "1029384756102938"
accounts = ["facebook:1", "facebook:act_2"]
default = "facebook:2"

[shop]
connector = "amazon"
region = "eu"
"""


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-ins are in files."""
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")


def of(home: Path, folder: Path | None = None, **values: str) -> Settings:
    return load(folder=folder, environ={"MCP_ADS_HOME": str(home), **values})


def named(settings: Settings, connector: str = FACEBOOK) -> dict[str, Platform]:
    return {platform.label: platform for platform in settings.connections[connector]}


def mistakes(home: Path, **values: str) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        load(environ={"MCP_ADS_HOME": str(home), **values})
    return list(refused.value.lines)


def test_without_anything_there_is_one_connection_each(tmp_path: Path) -> None:
    """Nothing stored and no further variables: the base variables' connection, which is the default."""
    settings = of(tmp_path, FACEBOOK_MARKETING_ACCESS_TOKEN="t", FACEBOOK_MARKETING_ACCOUNT_IDS="1")
    (facebook,) = settings.connections[FACEBOOK]
    assert facebook is settings.platforms[FACEBOOK] is settings.default(FACEBOOK)
    assert (facebook.connection, facebook.label, facebook.prefix) == ("", "facebook", "FACEBOOK_MARKETING")


def test_variables_of_further_connections(tmp_path: Path) -> None:
    """Each has credentials, accounts and region of its own, with the platform's hosts and version."""
    settings = of(
        tmp_path,
        FACEBOOK_MARKETING_ACCESS_TOKEN="base",
        FACEBOOK_MARKETING_ACCOUNT_IDS="9",
        FACEBOOK_MARKETING_API_VERSION="v27.0",
        FACEBOOK_MARKETING__ACME__ACCESS_TOKEN="theirs",
        FACEBOOK_MARKETING__ACME__ACCOUNT_IDS="act_1,2",
        FACEBOOK_MARKETING__ACME_EU__ACCESS_TOKEN="europe",
        AMAZON_ADS__SHOP__REFRESH_TOKEN="r",
        AMAZON_ADS__SHOP__REGION="EU",
        AMAZON_ADS__SHOP__PROFILE_ID="7",
    )
    found = named(settings)
    assert list(found) == ["facebook", "acme", "acme-eu"]
    assert {name: platform.account_ids for name, platform in found.items()} == {
        "facebook": ("9",), "acme": ("1", "2"), "acme-eu": (),
    }  # fmt: skip
    assert found["acme"].credentials == {"ACCESS_TOKEN": "theirs"}
    assert {platform.api_version for platform in found.values()} == {"v27.0"}
    assert settings.default(FACEBOOK) is found["facebook"]
    (shop,) = settings.connections[AMAZON]
    assert settings.default(AMAZON) is shop
    assert (list(shop.hosts), shop.default_account, shop.account_ids) == (["EU"], "7", ("7",))
    assert shop.missing == ["AMAZON_ADS__SHOP__CLIENT_ID", "AMAZON_ADS__SHOP__CLIENT_SECRET"]


def test_several_without_a_first_have_no_default(tmp_path: Path) -> None:
    """Two named connections and no base variables: none is meant when none is named."""
    settings = of(tmp_path, FACEBOOK_MARKETING__A__ACCESS_TOKEN="a", FACEBOOK_MARKETING__B__ACCESS_TOKEN="b")
    assert list(named(settings)) == ["a", "b"]
    assert settings.default(FACEBOOK) is None


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("FACEBOOK_MARKETING__ACME__ACES_TOKEN", "did you mean FACEBOOK_MARKETING__ACME__ACCESS_TOKEN?"),
        ("FACEBOOK_MARKETING__ACME__ACOUNT_IDS", "did you mean FACEBOOK_MARKETING__ACME__ACCOUNT_IDS?"),
        ("facebook_marketing__acme__account_ids", "did you mean FACEBOOK_MARKETING__ACME__ACCOUNT_IDS?"),
        ("FACEBOOK_MARKETING__ACCESS_TOKEN", "write FACEBOOK_MARKETING__NAME__ACCESS_TOKEN"),
        ("FACEBOOK_MARKETING____ACCESS_TOKEN", "write FACEBOOK_MARKETING__NAME__ACCESS_TOKEN"),
        ("FACEBOOK_MARKETING__ÄCME__ACCESS_TOKEN", "write FACEBOOK_MARKETING__NAME__ACCESS_TOKEN"),
        ("FACEBOOK_MARKETING__ACME__BASE_URL", "where the last part is one of ACCESS_TOKEN, "),
        ("FACEBOOK_MARKETING__ACME__REGION", "where the last part is one of ACCESS_TOKEN, "),
        ("AMAZON_ADS__SHOP__REGIN", "did you mean AMAZON_ADS__SHOP__REGION?"),
        ("LINKEDIN_ADS__FACEBOOK__ACCESS_TOKEN", "cannot have the name of facebook_marketing's"),
        ("FACEBOOK_MARKETING__FACEBOOK__ACCESS_TOKEN", "is the first connection: write FACEBOOK_MARKETING_…"),
    ],
)
def test_a_slip_in_a_variable_stops_the_start(tmp_path: Path, variable: str, said: str) -> None:
    """A misspelt variable of a connection would leave a guard out: one line, with what is meant."""
    (line,) = mistakes(tmp_path, **{variable: "1"})
    assert said in line


@pytest.mark.parametrize(("ending", "empty"), [("ACCOUNT_IDS", " , "), ("PROFILE_ID", " ")])
def test_an_empty_list_of_a_connection_is_a_slip(tmp_path: Path, ending: str, empty: str) -> None:
    """An allow-list that is empty is not taken for none."""
    name = f"AMAZON_ADS__SHOP__{ending}"
    (line,) = mistakes(tmp_path, AMAZON_ADS__SHOP__REFRESH_TOKEN="r", **{name: empty})
    assert line.startswith(f"{name}: is empty")


def test_one_name_is_one_connection(tmp_path: Path) -> None:
    """A name that two platforms have is a line, wherever it is from."""
    (line,) = mistakes(
        tmp_path, FACEBOOK_MARKETING__ACME__ACCESS_TOKEN="a", LINKEDIN_ADS__ACME__ACCESS_TOKEN="b"
    )
    assert line == "acme: is a connection of facebook_marketing and of linkedin_ads; give each its own name"
    (tmp_path / "connections.toml").write_text(FILE)
    (line,) = mistakes(tmp_path, LINKEDIN_ADS__ACME__ACCESS_TOKEN="b")
    assert "acme: is a connection of facebook_marketing and of linkedin_ads" in line


def test_a_platform_by_another_name_is_said(tmp_path: Path) -> None:
    """FACEBOOK__ACME__… is read by nothing, and said; what is other software's is left alone."""
    settings = of(tmp_path, FACEBOOK__ACME__ACCESS_TOKEN="x", AIRFLOW__CORE__ACCESS_TOKEN="y")
    (line,) = settings.unknown
    assert line.endswith("did you mean FACEBOOK_MARKETING__ACME__ACCESS_TOKEN?")


def test_a_list_that_guards_nothing_is_a_line(tmp_path: Path) -> None:
    """The base allow-list is not another connection's; without credentials of its own it guards nothing."""
    (line,) = mistakes(
        tmp_path, FACEBOOK_MARKETING_ACCOUNT_IDS="1", FACEBOOK_MARKETING__ACME__ACCESS_TOKEN="a"
    )
    assert line.startswith("FACEBOOK_MARKETING_ACCOUNT_IDS: is for the connection facebook")


def test_the_sandbox_has_no_further_connections(tmp_path: Path) -> None:
    """With MCP_ADS_SANDBOX=1 neither stored sign-ins nor the file are looked at."""
    (tmp_path / "connections.toml").write_text("nonsense")
    vault(tmp_path).write("facebook", SignedIn(FACEBOOK, access_token="real"))
    settings = of(tmp_path, MCP_ADS_SANDBOX="1", FACEBOOK_MARKETING__ACME__ACCESS_TOKEN="real")
    assert list(named(settings)) == ["facebook"]
    assert settings.platforms[FACEBOOK].signed_in is None


def test_a_file_of_connections(tmp_path: Path) -> None:
    """App, accounts, default and region come from the file; credentials from variables or a sign-in."""
    (tmp_path / "connections.toml").write_text("\ufeff" + FILE)
    settings = of(tmp_path, AMAZON_ADS__SHOP__REFRESH_TOKEN="r")
    (acme,), (shop,) = settings.connections[FACEBOOK], settings.connections[AMAZON]
    assert (acme.client_id, acme.account_ids, acme.default_account) == ("1029384756102938", ("1", "2"), "2")
    assert (acme.configured, shop.configured, list(shop.hosts)) == (False, True, ["EU"])
    assert acme.missing == ["FACEBOOK_MARKETING__ACME__ACCESS_TOKEN"]
    assert settings.served == [AMAZON]


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    """The list of a variable takes the place of the file's, and a default outside of it counts no more."""
    (tmp_path / "connections.toml").write_text(FILE)
    (acme,) = of(tmp_path, FACEBOOK_MARKETING__ACME__ACCOUNT_IDS="3").connections[FACEBOOK]
    assert (acme.account_ids, acme.default_account) == (("3",), "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "is no TOML"),
        ("acme = 1", "[acme]: is no table"),
        ("[acme]", "[acme] connector: missing; facebook_marketing, linkedin_ads, amazon_ads"),
        ('[acme]\nconnector = "google"', "[acme] connector: 'google' is none of facebook_marketing"),
        (LI + "acounts = []", "[acme] acounts: no such key; did you mean accounts?"),
        (LI + 'client_secret = "x"', "[acme] client_secret: no secrets in this file"),
        (LI + 'access_token = "x"', "[acme] access_token: no secrets in this file"),
        (LI + "accounts = []", "[acme] accounts: a list such as"),
        (LI + 'accounts = "linkedin:1"', "[acme] accounts: a list such as"),
        (LI + "accounts = [1]", "[acme] accounts: a list such as"),
        (LI + 'accounts = ["1"]',
         "[acme] accounts: '1' is no account: write it as linkedin:123"),
        (LI + 'accounts = ["facebook:1"]',
         "an account of another platform than linkedin_ads"),
        (LI + 'accounts = ["linkedin:\u0661"]', "is no account"),
        (LI + 'accounts = ["linkedin:1"]\ndefault = "linkedin:2"',
         "[acme] default: 2 is not among its accounts"),
        (LI + 'default = ""', "[acme] default: must be a text in quotes"),
        (LI + 'region = "EU"', "[acme] region: only Amazon has regions"),
        (AM + 'region = "US"', "[acme] region: only Amazon has regions: NA, EU or FE"),
        (AM + "client_id = 7", "[acme] client_id: must be a text in quotes"),
        ('[Acme]\nconnector = "amazon"', "[Acme]: names are small letters"),
        ('[facebook]\nconnector = "amazon"',
         "[facebook] connector: facebook is the name of another platform's"),
    ],
)  # fmt: skip
def test_a_slip_in_the_file_stops_the_start(tmp_path: Path, text: str, said: str) -> None:
    """An unknown key or a bad value is one line that names the file, the table and the key."""
    (tmp_path / "connections.toml").write_text(text)
    (line,) = mistakes(tmp_path)
    assert said in line
    assert str(tmp_path / "connections.toml") in line


def test_a_file_that_is_no_text_is_a_line(tmp_path: Path) -> None:
    """Another encoding, or a folder in its place, is a mistake and no crash."""
    (tmp_path / "connections.toml").write_bytes(b"\xff\xfe\x00")
    assert "is no TOML" in mistakes(tmp_path)[0]
    (tmp_path / "connections.toml").unlink()
    (tmp_path / "connections.toml").mkdir()
    assert "cannot be read" in mistakes(tmp_path)[0]


def test_a_connection_is_written_beside_the_others(tmp_path: Path) -> None:
    """Comments, order and other tables stay; what is written is read; the file is its owner's."""
    path = tmp_path / "connections.toml"
    path.write_text(FILE)
    beta = Connection("beta", LINKEDIN, "app", ("5", "6"), "6")
    connections.save(tmp_path, beta)
    changed = Connection("acme", FACEBOOK, "1029384756102938", ("1", "2", "3"), "2")
    connections.save(tmp_path, changed)
    found = connections.read(tmp_path)
    assert (list(found), found["beta"], found["acme"]) == (["acme", "shop", "beta"], beta, changed)
    text = path.read_text()
    assert text.startswith("# handed out by the agency\n[acme]  # a client\n")
    assert 'region = "eu"' in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (connections.remove(tmp_path, "shop"), connections.remove(tmp_path, "shop")) == (True, False)
    assert list(connections.read(tmp_path)) == ["acme", "beta"]
    assert path.read_text().startswith("# handed out by the agency")


def test_a_connection_without_a_list_has_no_list_in_the_file(tmp_path: Path) -> None:
    """What is left out of a connection is not in its table any more."""
    (tmp_path / "connections.toml").write_text(FILE)
    connections.save(tmp_path, Connection("acme", FACEBOOK))
    assert connections.read(tmp_path)["acme"] == Connection("acme", FACEBOOK)


@pytest.mark.parametrize(
    ("connection", "said"),
    [
        (Connection("acme", LINKEDIN), "is a connection of facebook_marketing; choose another name"),
        (Connection("Acme", LINKEDIN), "names are small letters"),
        (Connection("facebook", LINKEDIN), "is the name of another platform's"),
        (Connection("beta", AMAZON, accounts=("x",)), "is no account"),
        (Connection("beta", LINKEDIN, region="EU"), "only Amazon has regions"),
    ],
)
def test_what_could_not_be_read_is_not_written(tmp_path: Path, connection: Connection, said: str) -> None:
    """A malformed connection changes nothing in the file."""
    (tmp_path / "connections.toml").write_text(FILE)
    with pytest.raises(BadSettings, match=said):
        connections.save(tmp_path, connection)
    assert (tmp_path / "connections.toml").read_text() == FILE


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    """A file that is a link is read, and left for its owner to edit."""
    (tmp_path / "theirs.toml").write_text(FILE)
    (tmp_path / "connections.toml").symlink_to(tmp_path / "theirs.toml")
    assert "acme" in connections.read(tmp_path)
    with pytest.raises(NoRecord, match="is a link"):
        connections.save(tmp_path, Connection("beta", LINKEDIN))
    assert (tmp_path / "theirs.toml").read_text() == FILE


def test_stored_sign_ins_are_connections(tmp_path: Path) -> None:
    """The one without a name is the default; facts are known and secrets are not read."""
    vault(tmp_path).write("facebook", SignedIn(FACEBOOK, client_id="app", access_token="marked", who="Ada"))
    vault(tmp_path).write("acme", SignedIn(FACEBOOK, access_token="marked"))
    settings = of(tmp_path)
    found = named(settings)
    assert list(found) == ["facebook", "acme"]
    facebook = settings.default(FACEBOOK)
    assert facebook is found["facebook"]
    assert (facebook.configured, facebook.missing, facebook.connection) == (True, [], "facebook")
    assert facebook.signed_in
    assert (facebook.signed_in.who, facebook.signed_in.access_token, facebook.client_id) == ("Ada", "", "app")
    assert settings.served == [FACEBOOK]
    assert "marked" not in repr(settings)


def test_the_environment_wins_over_what_is_stored(tmp_path: Path) -> None:
    """Both base variables and a stored sign-in: the variables, and a line says so."""
    vault(tmp_path).write("facebook", SignedIn(FACEBOOK, access_token="stored"))
    vault(tmp_path).write("acme", SignedIn(FACEBOOK, access_token="stored"))
    settings = of(
        tmp_path, FACEBOOK_MARKETING_ACCESS_TOKEN="mine", FACEBOOK_MARKETING__ACME__ACCESS_TOKEN="mine too"
    )
    found = named(settings)
    assert [platform.signed_in for platform in found.values()] == [None, None]
    assert found["facebook"].connection == ""
    assert [line.partition(" is set")[0] for line in settings.unknown] == [
        "facebook: FACEBOOK_MARKETING_ACCESS_TOKEN", "acme: FACEBOOK_MARKETING__ACME__ACCESS_TOKEN",
    ]  # fmt: skip


def test_regions_are_a_connections_own(tmp_path: Path) -> None:
    """A region of one connection is not another's, of the file or of variables, and decides its page."""
    (tmp_path / "connections.toml").write_text(FILE)
    settings = of(tmp_path, AMAZON_ADS_REGION="NA", AMAZON_ADS_REFRESH_TOKEN="r", AMAZON_ADS__JP__REGION="FE")
    found = named(settings, AMAZON)
    assert {name: list(platform.hosts) for name, platform in found.items()} == {
        "amazon": ["NA"], "shop": ["EU"], "jp": ["FE"],
    }  # fmt: skip
    assert found["shop"].auth_url == "https://eu.account.amazon.com/ap/oa"
    (line,) = mistakes(tmp_path, AMAZON_ADS_BASE_URL="NA=https://proxy.example")
    assert line == "AMAZON_ADS_BASE_URL: gives no URL for region EU of [shop]"


def test_the_files_list_holds_for_credentials_of_the_environment(tmp_path: Path) -> None:
    """An allow-list somebody wrote down is not lost when a variable brings another token."""
    (tmp_path / "connections.toml").write_text(FILE.replace("[acme]", "[facebook]"))
    settings = of(tmp_path, FACEBOOK_MARKETING_ACCESS_TOKEN="mine")
    assert settings.platforms[FACEBOOK].account_ids == ("1", "2")


def test_a_sign_in_of_another_platform_than_the_file_says_is_a_line(tmp_path: Path) -> None:
    """A name that is stored for one platform and written down for another stops the start."""
    (tmp_path / "connections.toml").write_text(FILE)
    vault(tmp_path).write("acme", SignedIn(LINKEDIN, access_token="stored"))
    (line,) = mistakes(tmp_path)
    assert line.startswith("acme: is a connection of facebook_marketing and of linkedin_ads")


def test_a_working_directory_adds_no_connection(tmp_path: Path) -> None:
    """A .env of the working directory neither names a connection nor takes the place of a stored one."""
    folder, home = tmp_path / "project", tmp_path / "home"
    folder.mkdir()
    (folder / ".env").write_text(
        "FACEBOOK_MARKETING_ACCESS_TOKEN=theirs\nFACEBOOK_MARKETING__EVIL__ACCESS_TOKEN=theirs\n"
        "FACEBOOK_MARKETING__EVIL__NONSENSE=1\nFACEBOOK_MARKETING_AUTH_URL=https://evil.example\n"
        "MCP_ADS_KEYRING=off\n"
    )
    vault(home).write("facebook", SignedIn(FACEBOOK, access_token="stored"))
    settings = of(home, folder=folder)
    assert list(named(settings)) == ["facebook"]
    assert settings.platforms[FACEBOOK].credentials == {}
    assert settings.platforms[FACEBOOK].signed_in
    assert settings.ignored == (
        "FACEBOOK_MARKETING_ACCESS_TOKEN", "FACEBOOK_MARKETING_AUTH_URL",
        "FACEBOOK_MARKETING__EVIL__ACCESS_TOKEN", "FACEBOOK_MARKETING__EVIL__NONSENSE", "MCP_ADS_KEYRING",
    )  # fmt: skip


def test_consent_pages(tmp_path: Path) -> None:
    """The page is the platform's, of the version and region that are set, or at the address given."""
    pages = {name: platform.auth_url for name, platform in of(tmp_path).platforms.items()}
    assert pages == {
        FACEBOOK: "https://www.facebook.com/v26.0/dialog/oauth",
        LINKEDIN: "https://www.linkedin.com/oauth/v2/authorization",
        AMAZON: "https://www.amazon.com/ap/oa",
    }
    given = of(
        tmp_path,
        FACEBOOK_MARKETING_AUTH_URL="http://127.0.0.1:8600",
        FACEBOOK_MARKETING_API_VERSION="v27.0",
        LINKEDIN_ADS_AUTH_URL="https://proxy.example/consent",
        AMAZON_ADS_REGION="EU",
    )
    assert [platform.auth_url for platform in given.platforms.values()] == [
        "http://127.0.0.1:8600/v27.0/dialog/oauth",
        "https://proxy.example/consent",
        "https://eu.account.amazon.com/ap/oa",
    ]
    (line,) = mistakes(tmp_path, AMAZON_ADS_AUTH_URL="http://evil.example")
    assert line == "AMAZON_ADS_AUTH_URL: must be https, or this machine"


def test_the_keyring_mode_is_one_of_three(tmp_path: Path) -> None:
    """A misspelt mode is a line."""
    assert of(tmp_path, MCP_ADS_KEYRING="OFF").keyring == "off"
    assert mistakes(tmp_path, MCP_ADS_KEYRING="of")[0].startswith("MCP_ADS_KEYRING: ")


ACME = {"FACEBOOK_MARKETING__ACME__ACCESS_TOKEN": "theirs"}


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        (
            "FACEBOOK_MARKETING__ACNE__ACCOUNT_IDS",
            "no connection acne that it could guard; did you mean acme?",
        ),
        ("FACEBOOK_MARKETING__SHOP__ACCOUNT_IDS", "no connection shop that it could guard; there are acme"),
        ("FACEBOOK_MARKETING_ACME__ACCOUNT_IDS", "did you mean FACEBOOK_MARKETING__ACME__ACCOUNT_IDS?"),
        ("FACEBOOK__ACME__ACCOUNT_IDS", "did you mean FACEBOOK_MARKETING__ACME__ACCOUNT_IDS?"),
        ("META__ACME__ACOUNT_IDS", "did you mean FACEBOOK_MARKETING__ACME__ACCOUNT_IDS?"),
        ("facebook__acme__account_ids", "did you mean FACEBOOK_MARKETING__ACME__ACCOUNT_IDS?"),
        ("FACEBOK_MARKETING__ACME__ACCOUNT_IDS", "did you mean FACEBOOK_MARKETING__ACME__ACCOUNT_IDS?"),
        ("AMAZON__SHOP__PROFILE_ID", "did you mean AMAZON_ADS__SHOP__PROFILE_ID?"),
    ],
)
def test_a_list_under_a_wrong_name_stops_the_start(tmp_path: Path, variable: str, said: str) -> None:
    """An allow-list of no connection leaves another one open: one line, with what is meant."""
    (line,) = mistakes(tmp_path, **ACME, **{variable: "1"})
    assert line.startswith(f"{variable}: ")
    assert said in line


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("FACEBOOK_MARKETING_ACME_ACCOUNT_IDS", "FACEBOOK_MARKETING__ACME__ACCOUNT_IDS"),
        *(
            (name, "FACEBOOK_MARKETING_ACCOUNT_IDS")
            for name in (
                "FACEBOOK_MARKETING_ACCOUNT_ID", "FACEBOOK_MARKETING_ACCOUNTS", "FACEBOOK_MARKETING_ACCOUNT",
                "FACEBOOK_MARKETING_AD_ACCOUNT_IDS", "facebook_marketing_account_ids",
                "FACEBOOK_MARKETING_PROFILE_ID", "FACEBOOK_ACCOUNT_IDS", "META_ACCOUNT_IDS",
                "FB_AD_ACCOUNT_IDS", "fb_account_ids", "FACEBOOK_ADS_ACCOUNT_IDS",
            )
        ),
    ],
)  # fmt: skip
def test_a_list_that_nothing_reads_stops_the_start(tmp_path: Path, variable: str, said: str) -> None:
    """A list of the base variables under a name there is not leaves the credentials open: what is meant."""
    (line,) = mistakes(tmp_path, **ACME, FACEBOOK_MARKETING_ACCESS_TOKEN="mine", **{variable: "1"})
    assert line == f"{variable}: it guards nothing; did you mean {said}?"


def test_a_list_that_nothing_reads_and_a_sign_in(tmp_path: Path) -> None:
    """Stored credentials are left as open as those of variables; Amazon's profile is a list likewise."""
    vault(tmp_path).write("amazon", SignedIn(AMAZON, access_token="stored"))
    (line,) = mistakes(tmp_path, AMAZON_ADS_PROFILE="1")
    assert line == "AMAZON_ADS_PROFILE: it guards nothing; did you mean AMAZON_ADS_PROFILE_ID?"


def test_what_leaves_nothing_open_stops_nothing(tmp_path: Path) -> None:
    """Without credentials a slip is a line, and what other software may have is left alone beside a list."""
    assert len(of(tmp_path, FACEBOOK_MARKETING_ACCOUNT_ID="1", LINKEDIN_ACCOUNT_IDS="1").unknown) == 1
    token = {"FACEBOOK_MARKETING_ACCESS_TOKEN": "mine"}
    assert of(tmp_path, None, **token, META_AD_ACCOUNT_ID="1", AWS_ACCOUNT_IDS="2").unknown == ()
    listed = of(tmp_path, None, **token, FACEBOOK_MARKETING_ACCOUNT_IDS="1", META_ACCOUNT_IDS="2")
    assert listed.platforms[FACEBOOK].account_ids == ("1",)


def test_other_softwares_lists_are_left_alone(tmp_path: Path) -> None:
    """A variable of another program stops nothing."""
    settings = of(tmp_path, None, **ACME, GOOGLE_ADS__ACME__ACCOUNT_IDS="1", AIRFLOW__CORE__ACCOUNT_IDS="2")
    assert settings.unknown == ()


def test_a_list_that_waits_for_its_sign_in_is_none_yet(tmp_path: Path) -> None:
    """Without any credentials of the platform, and for a connection that is signed out, nothing is open."""
    assert of(tmp_path, FACEBOOK_MARKETING__ACME__ACCOUNT_IDS="1").unknown == ()
    listed = {"FACEBOOK_MARKETING__ACME__ACCOUNT_IDS": "1", "FACEBOOK_MARKETING__BETA__ACCOUNT_IDS": "2"}
    assert list(named(of(tmp_path, None, **ACME, **listed))) == ["acme", "beta"]
    (tmp_path / "connections.toml").write_text(FILE)
    found = named(
        of(tmp_path, FACEBOOK_MARKETING_ACCESS_TOKEN="b", FACEBOOK_MARKETING__ACME__ACCOUNT_IDS="1")
    )
    assert found["acme"].account_ids == ("1",)


def test_a_renamed_table_stops_the_start(tmp_path: Path) -> None:
    """A sign-in whose table was given another name would be open to every account: both names are said."""
    vault(tmp_path).write("acme", SignedIn(FACEBOOK, access_token="stored"))
    (tmp_path / "connections.toml").write_text(FILE.replace("[acme]", "[acme-corp]"))
    (line,) = mistakes(tmp_path)
    assert line.startswith("connections.toml: [acme-corp]: has accounts and no credentials")
    assert "call it [acme]" in line
    assert of(tmp_path, FACEBOOK_MARKETING__ACME__ACCOUNT_IDS="1").connections[FACEBOOK]
    (tmp_path / "connections.toml").write_text(FILE)
    assert named(of(tmp_path))["acme"].account_ids == ("1", "2")


def test_a_renamed_table_of_variables_stops_the_start(tmp_path: Path) -> None:
    """Credentials of a variable lose their list likewise, where the names are alike; others need no table."""
    (tmp_path / "connections.toml").write_text(FILE.replace("[acme]", "[acme-corp]"))
    (line,) = mistakes(tmp_path, **ACME)
    assert "call it [acme]" in line
    settings = of(
        tmp_path, FACEBOOK_MARKETING__SHOES__ACCESS_TOKEN="theirs", FACEBOOK_MARKETING_ACCESS_TOKEN="mine"
    )
    assert list(named(settings)) == ["facebook", "acme-corp", "shoes"]


@pytest.mark.parametrize("table", ["facebook-ads", "fb", "facebok"])
def test_a_renamed_table_of_the_base_variables_stops_the_start(tmp_path: Path, table: str) -> None:
    """The first connection's table under another name of the platform, or nearly its own, guards nothing."""
    (tmp_path / "connections.toml").write_text(FILE.replace("[acme]", f"[{table}]"))
    token = {"FACEBOOK_MARKETING_ACCESS_TOKEN": "mine"}
    (line,) = mistakes(tmp_path, **token)
    assert line.startswith(f"connections.toml: [{table}]: has accounts and no credentials")
    assert "call it [facebook]" in line
    assert of(tmp_path, None, **token, FACEBOOK_MARKETING_ACCOUNT_IDS="1").platforms[FACEBOOK].configured


PASTED = "EAAGm0PX4ZCpsBAKZC7vq2marked9ZBzx1"


@pytest.mark.parametrize(
    "text",
    [
        f'[acme]\nconnector = "{PASTED}"',
        f'[acme]\nconnector = "facebook"\naccounts = ["{PASTED}"]',
        f'[acme]\nconnector = "facebook"\naccounts = ["facebook:{PASTED}"]',
        f'[acme]\nconnector = "facebook"\ndefault = "{PASTED}"',
        f'[acme]\nconnector = "amazon"\nregion = "{PASTED}"',
        f'[acme]\nconnector = "facebook"\n{PASTED * 2} = "x"',
        f'[{PASTED * 2}]\nconnector = "facebook"',
    ],
)
def test_a_token_in_the_wrong_place_is_not_repeated(tmp_path: Path, text: str) -> None:
    """Whatever was pasted where a name or an account should be stands in no error."""
    (tmp_path / "connections.toml").write_text(text)
    (line,) = mistakes(tmp_path)
    assert "marked" not in line


@pytest.mark.parametrize(
    "name",
    ["FACEBOOK_MARKETING_ACCOUNT_IDS", "AMAZON_ADS_PROFILE_ID", "AMAZON_ADS_REGION", "MCP_ADS_WRITES",
     "LINKEDIN_ADS_API_VERSION", "MCP_ADS_CONNECTORS", "MCP_ADS_MAX_DAILY_BUDGET",
     "MCP_ADS_MAX_BUDGET_INCREASE_PCT", "FACEBOOK_MARKETING_BASE_URL"],
)  # fmt: skip
def test_a_token_in_the_wrong_variable_is_not_repeated(tmp_path: Path, name: str) -> None:
    """A variable that takes something else does not repeat a token in its error."""
    (line,) = mistakes(tmp_path, **{name: PASTED})
    assert line.startswith(f"{name}: ")
    assert "marked" not in line
