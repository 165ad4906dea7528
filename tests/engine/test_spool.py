"""Large results on disk: asked for once, looked at often, saved where the user allows."""

from __future__ import annotations

import csv
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.engine.records import spool
from mcp_ads.engine.records.saving import save
from mcp_ads.engine.records.spool import Spool
from mcp_ads.errors import InvalidParams, NotConfigured

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
REPORT: dict[str, Any] = {"profile_id": PROFILE, "report_type": "spCampaigns", "time_range": "last_7d"}
ANALYTICS: dict[str, Any] = {"account_id": LINKEDIN_US, "time_range": "last_7d"}


def orders(engine_client: EngineClient) -> int:
    return sum(request == "POST /reporting/reports" for request in engine_client.sent())


@pytest.mark.slow
async def test_pages_do_not_ask_again(engine_client: EngineClient) -> None:
    """Every row once, across answers, from one report."""
    whole = (await engine_client.table(AMAZON, "reports", "run", limit=1000, **REPORT)).rows
    seen, cursor = list[dict[str, str]](), dict[str, str]()
    while True:
        table = await engine_client.table(AMAZON, "reports", "run", limit=70, **REPORT, **cursor)
        seen += table.rows
        if not table.meta["more"]:
            break
        cursor = {"cursor": table.meta["cursor"]}
    assert seen == whole
    assert len(whole) > 150
    assert orders(engine_client) == 1
    assert {"range", "report_id", "as_of", "total"} <= table.meta.keys()


async def test_another_look_does_not_ask_again(engine_client: EngineClient) -> None:
    """Filter, sort, top and fewer columns work on what is there, in another process too."""
    await engine_client.table(LINKEDIN, "ad_campaign_analytics", "list", **ANALYTICS)
    before = sum("adAnalytics" in request for request in engine_client.sent())
    again = EngineClient(engine_client.settings.home, {})
    table = await again.table(
        LINKEDIN, "ad_campaign_analytics", "list", **ANALYTICS, fields=["cost", "clicks"],
        filter="clicks>10 and campaign_name~retail", sort="-cost", top=2,
    )  # fmt: skip
    assert list(table.rows[0]) == ["campaign_id", "campaign_name", "cost", "clicks"]
    assert 1 <= len(table.rows) <= 2
    assert all("Retail" in row["campaign_name"] and int(row["clicks"]) > 10 for row in table.rows)
    assert sum("adAnalytics" in request for request in again.sent()) == before
    await again.close()


async def test_other_columns_are_asked_for(engine_client: EngineClient) -> None:
    """What is not there has to be got."""
    await engine_client.table(AMAZON, "reports", "run", **REPORT)
    await engine_client.table(
        AMAZON, "reports", "run", **REPORT, fields=["campaignId", "unitsSoldClicks7d"], sort="campaignId"
    )
    assert orders(engine_client) == 2


async def test_an_old_look_is_not_reused(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an hour a report's file is got anew, after six it is ordered anew; cursors last for a day."""
    first = await engine_client.table(AMAZON, "reports", "run", limit=5, **REPORT)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 4_000)
    await engine_client.table(AMAZON, "reports", "run", limit=5, **REPORT, cursor=first.meta["cursor"])
    assert orders(engine_client) == 1
    again = await engine_client.table(AMAZON, "reports", "run", limit=5, sort="-cost", **REPORT)
    assert (orders(engine_client), again.meta["age"][:5]) == (1, "1.1 h")
    monkeypatch.setattr(time, "time", lambda: now + 22_000)
    await engine_client.table(AMAZON, "reports", "run", limit=5, sort="-cost", **REPORT)
    assert orders(engine_client) == 2


async def test_another_looks_cursor_is_refused(engine_client: EngineClient) -> None:
    """A cursor of one order of rows would skip others in another."""
    first = await engine_client.table(AMAZON, "reports", "run", limit=5, sort="-cost", **REPORT)
    with pytest.raises(InvalidParams, match="not a cursor"):
        await engine_client.do(
            AMAZON, "reports", "run", limit=5, sort="cost", cursor=first.meta["cursor"], **REPORT
        )


@pytest.mark.parametrize("given", [{"sort": "costs"}, {"filter": "cots>1"}, {"filter": "cost is big"}])
async def test_columns_there_are_none_of(engine_client: EngineClient, given: dict[str, Any]) -> None:
    """A wrong column is a mistake with the closest names."""
    with pytest.raises(InvalidParams, match=r"did you mean cost|expected empty, not"):
        await engine_client.do(AMAZON, "reports", "run", **REPORT, **given)


async def test_saving(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """All rows that were chosen go into a CSV in the user's folder, and formulas stay text."""
    (tmp_path / "files").mkdir()
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    table = await engine_client.table(
        AMAZON, "reports", "run", limit=3, save_to="week.csv", filter="cost>0", **REPORT
    )
    assert table.meta["saved"] == str(tmp_path / "files" / "week.csv")
    with (tmp_path / "files" / "week.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == table.meta["total"] > 3
    assert list(rows[0]) == list(table.rows[0])
    assert not any(row["campaignName"].startswith(("=", "+", "-", "@")) for row in rows)


async def test_no_folder_no_file(engine_client: EngineClient) -> None:
    """Without MCP_ADS_FILES nothing is written on an agent's word."""
    with pytest.raises(NotConfigured, match="save_to") as caught:
        await engine_client.do(AMAZON, "reports", "run", save_to="x.csv", **REPORT)
    assert "MCP_ADS_FILES" in caught.value.fix


@pytest.mark.parametrize(
    "name",
    [
        "../out.csv", "/etc/out.csv", "link/out.csv", "link.csv", "no/such/x.csv", ".", "", "x.sh", "a\0.csv",
        ".x.csv", ".git/x.csv", "sub/.x.csv", ".hidden", "a" * 5000 + ".csv",
    ],
)  # fmt: skip
async def test_only_inside_the_folder(engine_client_with: EngineClients, tmp_path: Path, name: str) -> None:
    """Not above it, beside it, through a link or into what is hidden; said before anything is asked."""
    inside, outside = tmp_path / "files", tmp_path / "outside"
    for folder in (inside, outside, inside / ".git", inside / "sub"):
        folder.mkdir()
    (inside / "link").symlink_to(outside)
    (inside / "link.csv").symlink_to(outside / "x.csv")
    engine_client = engine_client_with(MCP_ADS_FILES=str(inside))
    if name:
        with pytest.raises(InvalidParams, match=r"inside MCP_ADS_FILES|cannot be written|ends in .csv"):
            await engine_client.do(AMAZON, "reports", "run", save_to=name, **REPORT)
        assert orders(engine_client) == 0
    assert list(outside.iterdir()) == []


async def test_a_folder_that_is_replaced_meanwhile(
    engine_client_with: EngineClients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link in its place leads nowhere, although the name was right when it was looked at."""
    inside, really = tmp_path / "files", os.open
    for folder in (inside / "sub", tmp_path / "outside"):
        folder.mkdir(parents=True)

    def swapping(path: Any, *how: Any, **more: Any) -> int:
        if str(path).startswith(str(inside)) and not (inside / "sub").is_symlink():
            (inside / "sub").rename(inside / "former")
            (inside / "sub").symlink_to(tmp_path / "outside")
        return really(path, *how, **more)

    engine_client = engine_client_with(MCP_ADS_FILES=str(inside))
    monkeypatch.setattr(os, "open", swapping)
    monkeypatch.setattr(os, "supports_dir_fd", {swapping})
    with pytest.raises(InvalidParams, match="cannot be written"):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, save_to="sub/x.csv")
    assert [*(tmp_path / "outside").iterdir(), *(inside / "former").iterdir()] == []


async def test_a_file_is_never_written_over(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """The tool is hinted read-only: a name that is taken is refused before a report is ordered."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "week.csv").write_text("mine")
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    with pytest.raises(InvalidParams, match="no file is written over"):
        await engine_client.do(AMAZON, "reports", "run", save_to="week.csv", **REPORT)
    assert (tmp_path / "files" / "week.csv").read_text() == "mine"
    assert orders(engine_client) == 0


async def test_the_cursor_of_a_saved_table_goes_on(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """The same parameters with a cursor show the next rows; the file is there already and stays."""
    (tmp_path / "files").mkdir()
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    first = await engine_client.table(AMAZON, "reports", "run", limit=3, save_to="week.csv", **REPORT)
    cursor = first.meta["cursor"]
    second = await engine_client.table(
        AMAZON, "reports", "run", limit=3, save_to="week.csv", cursor=cursor, **REPORT
    )
    assert len(second.rows) == 3
    assert second.rows != first.rows


def test_formulas_stay_text(tmp_path: Path) -> None:
    """A spreadsheet runs nothing of what advertisers wrote; numbers stay numbers."""
    values = [
        "=1+1",
        "+1 2",
        "@x",
        "-x",
        "\t=1",
        " =1",
        "-5.5",
        "plain",
        None,
        ["=1"],
        -3,
        "\uff1d1",
        "\ufeff=1",
        "a\0b",
    ]
    save(tmp_path.resolve(), "t.csv", [{"v": value} for value in values], ("v",))
    with (tmp_path / "t.csv").open(newline="") as file:
        saved = [row[0] for row in csv.reader(file) if row][1:]
    assert saved[:7] == ["'=1+1", "'+1 2", "'@x", "'-x", "'\t=1", "' =1", "-5.5"]
    assert saved[-4:] == ["-3", "'\uff1d1", "'\ufeff=1", "ab"]


def test_kept_in_private(tmp_path: Path) -> None:
    """Rows come back as they were, from files nobody else reads."""
    shelf = Spool(tmp_path / "spool")
    rows: list[dict[str, Any]] = [{"a": "\u2028\n"}, {"b": 1.5}]
    shelf.put("x", lambda: rows, {"m": 1}, ("a",)).close()
    kept = shelf.get("x")
    assert kept
    with kept:
        assert [row for _, row in kept.table.every()] == rows
        assert (kept.meta, kept.columns, kept.table.count) == ({"m": 1}, ("a", "b"), 2)
    for path in (tmp_path / "spool").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert shelf.get("y") is None


def test_a_day_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is a day old is not used, and gone when something new is kept."""
    shelf, now = Spool(tmp_path), time.time()
    shelf.put("old", tuple, {}, ()).close()
    for path in tmp_path.iterdir():
        os.utime(path, (now - 90_000, now - 90_000))
    monkeypatch.setattr(time, "time", lambda: now + 90_000)
    assert shelf.get("old") is None
    monkeypatch.setattr(time, "time", lambda: now)
    shelf.put("new", tuple, {}, ()).close()
    assert {path.name.split(".")[0] for path in tmp_path.iterdir()} == {"new"}


def test_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger than the cap is for one call only; of what is kept, the oldest make room."""
    shelf, rows = Spool(tmp_path), [{"a": "x" * 100}]
    monkeypatch.setattr(spool, "MOST_BYTES", 1_500)
    for age, name in enumerate("abcdefgh"):
        shelf.put(name, lambda: rows, {}, ()).close()
        for path in tmp_path.glob(f"{name}.*"):
            os.utime(path, (time.time() - 900 + age, time.time() - 900 + age))
    large = shelf.put("large", lambda: rows * 90, {}, ())
    with large:
        assert len(list(large.table.every())) == 90
    assert "not kept" in large.meta["warnings"][0]
    assert shelf.get("large") is None
    assert shelf.get("a") is None
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2_500
