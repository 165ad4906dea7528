"""`clients.toml`: what is read of it, what is a mistake, and that an edit holds in a running server."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from engine_client import FACEBOOK, US

from mcp_ads import sign_ins
from mcp_ads.across.desk import Desk
from mcp_ads.clients import Rates, fits
from mcp_ads.clients_file import parsed
from mcp_ads.engine.overview import page
from mcp_ads.errors import BadSettings, WritesOff
from mcp_ads.settings import Settings, load

GOOD = """
[clients.acme]
title = "Acme & Söhne"
accounts = ["facebook:act_1234567890", "LinkedIn:512345678"]
monthly_budget = ["5000 USD", "3000.50 EUR"]
target_cpa = "40 USD"
target_roas = 3.5
target_acos = "30 %"
protected = ["*brand*", "facebook:120210000000001"]
naming = "*_acme_*"

[clients.beta]
accounts = ["amazon:3312345678901234"]

[rates]
base = "EUR"
USD = 0.92
as_of = 2026-11-01
"""
ONE = '[clients.acme]\naccounts = ["facebook:1", "linkedin:2"]\n'


def settings(home: Path, text: str = "", **environ: str) -> Settings:
    """The settings with this file among those of real accounts."""
    if text:
        (home / "clients.toml").write_text(text, encoding="utf-8")
    return load(environ={"MCP_ADS_HOME": str(home), "MCP_ADS_KEYRING": "off", **environ})


def test_a_file_is_read_exactly(tmp_path: Path) -> None:
    """Ids are plain, money is exact and by currency, percent is percent, and a rate is as it stands there."""
    known = settings(tmp_path, GOOD).clients
    acme = known.named["acme"]
    assert acme.accounts == ((FACEBOOK, US), ("linkedin_ads", "512345678"))
    assert acme.monthly_budget == {"USD": Decimal(5000), "EUR": Decimal("3000.50")}
    assert (acme.target_cpa, acme.target_roas) == ({"USD": Decimal(40)}, Decimal("3.5"))
    assert (acme.target_acos, acme.title, acme.naming) == (Decimal(30), "Acme & Söhne", "*_acme_*")
    assert acme.protected == ("*brand*", "facebook:120210000000001")
    owner = known.of("amazon_ads", "3312345678901234")
    assert owner is known.named["beta"]
    assert known.rates == Rates("EUR", {"EUR": Decimal(1), "USD": Decimal("0.92")}, date(2026, 11, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[clients.acme\n", "is no TOML: Expected '[]]'*line 1, column 14)"),
        ('[acme]\naccounts = ["facebook:1"]', "'acme': no such table; write [[]clients.acme]"),
        ("[client.acme]\n", "'client': no such table; did you mean clients?"),
        ("[clients.Acme]\n" + ONE.partition("\n")[2], "*'Acme'*: names are small letters*"),
        ('[clients.acme]\nprotected = ["*x*"]', "*accounts: missing; a list such as*"),
        (ONE + 'protectd = ["*brand*"]', "*protectd: no such key; did you mean protected?"),
        (ONE + 'protected = [""]', "*protected: '' is empty, and would protect nothing"),
        (ONE + 'protected = [" brand"]', "*' brand' has blanks at an end*"),
        (ONE + "protected = []", "*protected: must be a list such as*"),
        (ONE + 'protected = "*brand*"', "*protected: must be a list such as*"),
        (ONE + 'protected = ["Brand – DE"]', "*U+2013 (EN DASH): write -*"),  # noqa: RUF001
        (ONE + 'protected = ["Brand\u200b"]', "*U+200B (ZERO WIDTH SPACE), which is not seen*"),
        (
            ONE + 'protected = ["facebok:120210000000001"]',
            "*'facebok' is no platform; did you mean facebook?*",
        ),
        (ONE + 'protected = ["facebook:brand"]', "*'facebook:brand' is no id*"),
        (ONE + 'protected = ["facebook:1"]', """*'facebook:1' is an account: write "*" for all in it*"""),
        (ONE + 'protected = ["amazon:120210000000001"]', "*of amazon_ads, where the client has no account"),
        (ONE + 'monthly_budget = ["5000"]', "*'5000': write an amount with its currency*"),
        (ONE + 'monthly_budget = ["5,000 USD"]', "*'5,000 USD': write an amount with its currency*"),
        (ONE + 'monthly_budget = ["0 USD"]', "*'0 USD': write an amount with its currency*"),
        (ONE + 'monthly_budget = ["50 USD", "60 usd"]', "*monthly_budget: USD has two amounts"),
        (ONE + 'monthly_budget = ["50 EUO"]', "*EUO is no currency*"),
        (ONE + "target_acos = 0.3", "*target_acos: 0.3: write percent with the sign*"),
        (ONE + 'target_roas = "4"', "*target_roas: '4': write a number above 0 without quotes*"),
        (ONE + 'naming = ""', "*naming: must be a text in quotes, or be left out"),
        (ONE + '[clients.beta]\naccounts = ["linkedin:2"]', "linkedin:2 is an account of acme and of beta*"),
        ('[clients.acme]\naccounts = ["tiktok:1"]', "*'tiktok' is no platform; there are facebook*"),
        ('[clients.acme]\naccounts = ["123"]', "*'123' is no account; write facebook:123"),
        ("[rates]\nUSD = 0.92", "[[]rates] base: missing*"),
        ('[rates]\nbase = "EUR"\nusd = 0.92', "[[]rates] usd: write USD"),
        ('[rates]\nbase = "EUR"\nUSD = -1', "[[]rates] USD: -1: write a number above 0*"),
        ('[rates]\nbase = "EUR"\nEUR = 2', "[[]rates] EUR: is the base, and worth 1"),
        ('[rates]\nbase = "EUR"\nas_of = "2026"', "[[]rates] as_of: write a date without quotes*"),
        ("clients = 3", "clients: is no table*"),
    ],
)
def test_a_mistake_is_one_line_and_stops_the_start(tmp_path: Path, text: str, said: str) -> None:
    """Each mistake is one line that names file, client and key, and what would be right."""
    from fnmatch import fnmatchcase

    with pytest.raises(BadSettings) as error:
        settings(tmp_path, text)
    lines = error.value.lines
    assert len(lines) == 1, lines
    assert fnmatchcase(lines[0], f"{tmp_path / 'clients.toml'}: {said}"), lines[0]


def test_the_documented_file_is_one() -> None:
    """What the page shows is read as it stands there."""
    text = (Path(__file__).parents[1] / "docs" / "agency-clients.md").read_text("utf-8")
    known = parsed(text.partition("```toml\n")[2].partition("```")[0].encode())
    assert ([*known.named], bool(known.rates)) == (["acme", "nippon"], True)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    """Nobody mends a file one line at a time; other settings' mistakes stand beside them."""
    with pytest.raises(BadSettings) as error:
        settings(tmp_path, ONE + 'naming = 3\nprotected = ["?"]\ntitel = "x"', MCP_ADS_WRITES="maybe")
    assert len(error.value.lines) == 4


def test_invented_accounts_have_clients_of_their_own(tmp_path: Path) -> None:
    """The sandbox reads the file in its own folder, and the real one reads the other."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "clients.toml").write_text(ONE.replace("acme", "invented"))
    assert [*settings(tmp_path, GOOD).clients.named] == ["acme", "beta"]
    assert [*settings(tmp_path, GOOD, MCP_ADS_SANDBOX="1").clients.named] == ["invented"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files")
def test_a_file_that_others_may_write_is_said(tmp_path: Path) -> None:
    """Who can write it can lift what it forbids; a link to nothing is no file without clients."""
    (tmp_path / "clients.toml").write_text(ONE)
    (tmp_path / "clients.toml").chmod(0o666)
    assert any("can be written by others" in line for line in settings(tmp_path).unknown)
    (tmp_path / "clients.toml").chmod(0o600)
    assert not settings(tmp_path).unknown
    (tmp_path / "connections.toml").write_text("")
    (tmp_path / "connections.toml").chmod(0o620)
    assert [line.rpartition("/")[2] for line in settings(tmp_path).unknown] == ["connections.toml"]
    tmp_path.chmod(0o777)
    assert any("who can replace clients.toml" in line for line in settings(tmp_path).unknown)
    tmp_path.chmod(0o700)
    (tmp_path / "clients.toml").unlink()
    (tmp_path / "clients.toml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadSettings, match="link to nothing"):
        settings(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Clients.toml", ONE, "nothing reads a file of that name; did you mean clients.toml?"),
        ("client.toml", ONE, "nothing reads a file of that name"),
        ("clients.toml.txt", ONE, "nothing reads a file of that name"),
        ("clients.toml", "# [clients.acme]\n", "has no client in it, so that nothing is protected"),
        ("clients.toml.bak", ONE, ""),
    ],
)
def test_a_file_that_protects_nothing_is_said(tmp_path: Path, name: str, text: str, said: str) -> None:
    """Under another name, or with nothing in it but comments, it would be missed by nobody."""
    (tmp_path / name).write_text(text)
    if (tmp_path / "clients.toml").exists() and name == "Clients.toml":
        pytest.skip("a file system where case means nothing")
    unknown = settings(tmp_path).unknown
    assert len(unknown) == bool(said)
    assert said in "".join(unknown)


@pytest.mark.parametrize(
    ("pattern", "name", "fit"),
    [
        ("*brand*", "DE | BRAND | 2026", True),
        ("*brand*", "De\u200b | Br\u200band", True),
        ("*brand*", "ＢＲＡＮＤ", True),  # noqa: RUF001 - full-width letters
        ("brand - de", "Brand – DE ", True),  # noqa: RUF001 - an en dash
        ("brand - de", "Brand\u00a0- de", True),
        ("brand", "brands", False),
        ("br?nd", "BRÄND", True),
        ("a[b]c", "abc", False),
        ("a[b]c", "a[b]c", True),
        ("*.x", "ayx", False),
        ("*o'neill*", "O\u2019Neill always on", True),
        ('a "b" \u201cc\u201d', 'a \u201eb\u201d "c"', True),
        ("*istanbul*", "\u0130STANBUL marka", True),
        ("*istanbul*", "\u0131stanbul", True),
        ("*always on*", "Always\u2800on", True),
        ("*brand*", "br\u2065a\ufffcn\U0001d159d", True),
        ("brand - de", "Brand \u02d7 de", True),
        ("a | b", "a \u2502 b", True),
        ("a*b?*c*d", "axbxcxbxcd", True),
        ("ab*ba", "aba", False),
        ("*_*_*_*_*_*_*_brand_*", "_" * 400, False),
    ],
)
def test_a_pattern_fits_what_looks_the_same(pattern: str, name: str, *, fit: bool) -> None:
    """Only * and ? mean something, and no name slips through that a person could not tell apart."""
    assert fits(pattern, name) is fit


NO_ENTRIES = {
    "300000001, 300000002": "is several in one text",
    "*brand*, *x*": "is several in one text",
    "act_1202110000000000340": "write 1202110000000000340,",
    "#1202110000000000340": "write 1202110000000000340,",
    "1202110000000000340 (Spring)": "write 1202110000000000340,",
    "Spring 1202110000000000340": "write 1202110000000000340,",
    "\uff11\uff12\uff10211000000": "write 120211000000",
    "facebook:01202": "no id begins with 0; write facebook:1202",
    "120.211.000.000": "a number as a table shows it",
    "1.20211E+18": "a number as a table shows it",
    "/brand/": "is a regular expression",
    ".*brand.*": "is a regular expression",
    "%brand%": "% for any text",
    "Brand %": "% for any text",
    "Brand % DE": "% for any text",
    "DE | %": "% for any text",
    "DE 2026%": "% for any text",
    '"*brand*"': "quotes in quotes",
    "name:*brand*": "says what it is",
    "urn:li:sponsoredAccount:5": "no campaign's URN",
    "br\u2800and": "write a plain blank",
    "brand\ufffc": "is not seen",
}


def test_what_would_protect_nothing_is_a_mistake() -> None:
    """What people write for an id or a pattern, and is none; names that only look a little like it are."""
    listed = json.dumps([*NO_ENTRIES])
    with pytest.raises(BadSettings) as error:
        parsed((ONE + f"protected = {listed}").encode())
    lines = error.value.lines
    assert len(lines) == len(NO_ENTRIES)
    for line, said in zip(lines, NO_ENTRIES.values(), strict=True):
        assert said in line
    names = [
        "Spring, Summer", "*spring, summer*", "50% off", "*50%*", "*% off*", "Sale 20 %",
        "Lookalike 1 % | 3", "2026-11-01", "20261101", "2026.11 | DE",
        "202611010930_brand", "A/B", "O'Neill", "?brand", "v1.2", "1202110000000000340*",
        "linkedin:300000001",
    ]  # fmt: skip
    text = ONE + f"protected = {json.dumps([*names, 'urn:li:sponsoredCampaign:300000001'])}"
    assert parsed(text.encode()).named["acme"].protected == tuple(names)
    with pytest.raises(BadSettings, match="no id begins with 0; write facebook:1234"):
        parsed(b'[clients.acme]\naccounts = ["facebook:01234"]')


@pytest.mark.anyio
async def test_an_edit_holds_at_once_and_a_mistake_closes_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running server uses the file as it is; while it has a mistake reads go on, and nothing is changed."""
    for name, value in {"HOME": str(tmp_path), "SANDBOX": "1", "KEYRING": "off"}.items():
        monkeypatch.setenv(f"MCP_ADS_{name}", value)
    desk = Desk(load())
    desk.sign_ins = sign_ins.SignIns(desk.settings, "", page=False)
    file = tmp_path / "sandbox" / "clients.toml"

    async def rename() -> None:
        rows = (await desk.execute(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 1})).data
        params = {"campaign_id": rows[0]["id"], "name": "Another name"}
        await desk.execute(FACEBOOK, "campaigns", "update", params)

    await rename()
    file.write_text(ONE)
    await rename()
    assert [*desk.settings.clients.named] == ["acme"]
    file.write_text(ONE + 'protected = [""]')
    with pytest.raises(WritesOff, match=r"clients\.toml has a mistake"):
        await rename()
    assert [*desk.settings.clients.named] == ["acme"]
    assert "no changes now" in await page(desk, {})
    for leave in (lambda: file.write_text(""), file.unlink):  # as editors do for a moment
        leave()
        with pytest.raises(WritesOff, match=r"clients\.toml has a mistake"):
            await rename()
        assert [*desk.settings.clients.named] == ["acme"]
    file.write_text(GOOD)
    await rename()
    assert [*desk.settings.clients.named] == ["acme", "beta"]
    await desk.close()
