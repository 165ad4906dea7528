"""Large reports: streamed to disk and read there row by row, while everything else goes on."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import AMAZON, LINKEDIN, LINKEDIN_US, EngineClient
from middle import in_front
from planning import SPRING, applied, planned
from report_files import CALL, COLUMNS, REPORT, answers

from mcp_ads.engine.records.rows import SqliteTable
from mcp_ads.errors import ApiError, InvalidParams, NoRecord, PlatformDown, Rejected

pytestmark = pytest.mark.anyio


def files(asked: list[httpx.Request]) -> int:
    return sum(request.url.path == "/x.gz" for request in asked)


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {"campaignId": 900719925474099300 + n, "campaignName": f'Schuhe "{n}", São Paulo {n % 7}',
         "impressions": n % 991, "clicks": n % 97, "cost": n % 83 / 4}
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("pack", [gzip.compress, bytes])
async def test_rows_come_as_they_are(engine_client: EngineClient, pack: Callable[[bytes], bytes]) -> None:
    """Packed or not, in however many pieces they are read: every row, in the report's columns."""
    wanted = rows(3_000)
    asked = in_front(engine_client.workspace, answers(pack(json.dumps(wanted, ensure_ascii=False).encode())))
    seen, cursor = list[Any](), dict[str, str]()
    while True:
        result = await engine_client.do(AMAZON, "reports", "download", limit=1000, **CALL, **cursor)
        seen += result.data
        assert result.meta["total"] == 3_000
        if not result.meta["more"]:
            break
        cursor = {"cursor": result.meta["cursor"]}
    assert seen == [{**row, "campaignId": str(row["campaignId"])} for row in wanted]
    assert list(result.columns) == COLUMNS
    assert files(asked) == 1


BAD = {
    "empty": b"",
    "an object": b"{}",
    "null": b"null",
    "a number": b"7",
    "text": b'"x"',
    "an error page": b"<html>",
    "numbers": b"[1,2]",
    "lists": b"[[1]]",
    "cut": b'[{"cost":1},{"cost":2',
    "cut between rows": b'[{"cost":1},{"cost":2},',
    "cut after a row": b'[{"cost":1},{"cost":2}',
    "two lists": b'[{"cost":1}][{"cost":2}]',
    "rows in an object": b'{"rows":[{"cost":1}]}',
    "no comma": b'[{"cost":1}{"cost":2}]',
    "deep": b'[{"a":' + b"[" * 100_000,
    "no UTF-8": b'[{"campaignName":"\xff"}]',
    "gzip cut": gzip.compress(b'[{"cost":1}]' * 99)[:-9],
    "gzip broken": b"\x1f\x8bnot at all",
    "gzip of nothing": gzip.compress(b""),
    "half a character": b'[{"campaignName":"\xc3',
}


@pytest.mark.parametrize("kind", list(BAD))
async def test_what_is_no_list_of_rows_is_an_error(engine_client: EngineClient, kind: str) -> None:
    """Never "0 rows", never fewer than there are, never a fault of ours; and nothing of it is kept."""
    in_front(engine_client.workspace, answers(BAD[kind]))
    for _ in range(2):
        with pytest.raises(PlatformDown, match="not the list of rows") as caught:
            await engine_client.do(AMAZON, "reports", "download", **CALL, sort="-cost")
    assert f"report_id {REPORT}" in caught.value.fix
    assert [path.name for path in (engine_client.home / "spool").iterdir()] == []


async def test_a_small_file_that_unpacks_without_end(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading ends at a size, and nothing is kept."""
    monkeypatch.setattr("mcp_ads.engine.records.scan.MOST_UNPACKED", 300_000)
    in_front(engine_client.workspace, answers(gzip.compress(b"[" + b" " * 10_000_000)))
    with pytest.raises(Rejected, match="larger"):
        await engine_client.do(AMAZON, "reports", "download", **CALL)
    assert [path.name for path in (engine_client.home / "spool").iterdir()] == []


async def test_no_rows_are_no_error(engine_client: EngineClient) -> None:
    """An empty list is what Amazon documents for nothing delivered."""
    in_front(engine_client.workspace, answers(b" [ ] \n"))
    result = await engine_client.do(AMAZON, "reports", "download", **CALL)
    assert (result.data, result.meta["total"], result.meta["more"]) == ([], 0, False)


async def test_numbers_that_are_none_in_reports(engine_client: EngineClient) -> None:
    """NaN, Infinity and what is too large are empty, and counted."""
    text = b'[{"cost":NaN,"clicks":1},{"cost":1e999,"clicks":2},{"cost":-Infinity},{"cost":3}]'
    in_front(engine_client.workspace, answers(text))
    result = await engine_client.do(AMAZON, "reports", "download", **CALL)
    assert [row["cost"] for row in result.data] == [None, None, None, 3]
    assert "3 rows have numbers that are none" in result.meta["warnings"][0]


@pytest.mark.parametrize("status", [403, 500])
async def test_a_file_that_cannot_be_fetched(
    engine_client: EngineClient, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform's error, and how to go on."""
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    in_front(engine_client.workspace, answers(b"<Error/>", status))
    with pytest.raises(ApiError) as caught:
        await engine_client.do(AMAZON, "reports", "download", **CALL)
    assert f"report_id {REPORT}" in caught.value.fix


async def test_looks_read_the_rows_once(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of a look are found by where they are, not by reading everything again."""
    in_front(engine_client.workspace, answers(json.dumps(rows(2_000)).encode()))
    params: dict[str, Any] = {**CALL, "filter": "clicks>10", "sort": "-cost", "limit": 50}
    first = await engine_client.do(AMAZON, "reports", "download", **params)

    def never(table: SqliteTable, *given: Any) -> None:
        raise AssertionError(table, given)

    monkeypatch.setattr(SqliteTable, "every", never)
    monkeypatch.setattr(SqliteTable, "choose", never)
    again = await engine_client.do(AMAZON, "reports", "download", **params, cursor=first.meta["cursor"])
    kept = [row for row in rows(2_000) if row["clicks"] > 10]
    wanted = sorted(kept, key=lambda row: -row["cost"])[:100]
    seen = [row["campaignName"] for row in (*first.data, *again.data)]
    assert seen == [row["campaignName"] for row in wanted]
    assert len(first.meta["cursor"]) <= 24


@pytest.mark.parametrize("look", [{}, {"sort": "-cost"}, {"filter": "clicks>10", "top": 40}])
async def test_tables_cursors_are_checked(engine_client: EngineClient, look: dict[str, Any]) -> None:
    """A mis-copied cursor of a table is explained, and nothing is asked for it."""
    asked = in_front(engine_client.workspace, answers(json.dumps(rows(200)).encode()))
    first = await engine_client.do(AMAZON, "reports", "download", limit=20, **CALL, **look)
    cursor = first.meta["cursor"]
    before = len(asked)
    for wrong in (cursor[:-1], "1" + cursor, cursor.replace("-", "", 1), "x"):
        with pytest.raises(InvalidParams, match="leave it out"):
            await engine_client.do(AMAZON, "reports", "download", limit=20, cursor=wrong, **CALL, **look)
    with pytest.raises(InvalidParams, match="not a cursor of this call"):
        await engine_client.do(AMAZON, "reports", "download", cursor=cursor, **CALL, filter="cost>3")
    assert len(asked) == before


def _flipped(content: bytes) -> bytes:
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]


CORRUPT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda content: content[:-7],
    "cut at a line": lambda content: b"\n".join(content.split(b"\n")[:-2]) + b"\n",
    "half": lambda content: content[: len(content) // 2],
    "longer": lambda content: content + b'{"cost": 1}\n',
    "one byte": _flipped,
    "first byte": lambda content: b"\x00" + content[1:],
    "zeros": lambda content: b"\0" * len(content),
    "rubbish": lambda content: os.urandom(len(content)),
    "object": lambda _: b"{}",
    "list": lambda _: b"[]",
    "null": lambda _: b"null",
    "number": lambda _: b"7",
    "text": lambda _: b'"x"',
    "deep": lambda _: b"[" * 99_999,
    "html": lambda _: b"<html></html>",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(CORRUPT))
@pytest.mark.parametrize("suffix", [".sqlite", ".json", ".look"])
async def test_spools_that_are_not_as_written_are_not_there(
    engine_client: EngineClient, suffix: str, kind: str
) -> None:
    """Another look asks again, a cursor says how to start again; rows are right or there are none."""
    asked = in_front(engine_client.workspace, answers(json.dumps(rows(60)).encode()))
    look: dict[str, Any] = {**CALL, "sort": "-cost", "limit": 20}
    first = await engine_client.do(AMAZON, "reports", "download", **look)
    right = (await engine_client.do(AMAZON, "reports", "download", **look, cursor=first.meta["cursor"])).data
    for path in (engine_client.home / "spool").glob(f"*{suffix}"):
        path.write_bytes(CORRUPT[kind](path.read_bytes()))
    try:
        found = (
            await engine_client.do(AMAZON, "reports", "download", **look, cursor=first.meta["cursor"])
        ).data
    except InvalidParams as error:
        found, said = right, str(error)
        assert "no longer kept" in said
    assert found == right
    for path in (engine_client.home / "spool").glob(f"*{suffix}"):
        path.write_bytes(CORRUPT[kind](path.read_bytes()))
    again = await engine_client.do(AMAZON, "reports", "download", **{**look, "filter": "cost>=0"})
    assert again.data == first.data
    assert files(asked) <= 3


async def test_damaged_rows_are_set_aside_and_said(engine_client: EngineClient) -> None:
    """Another look gets the rows anew and says why; the look after that says nothing of it."""
    asked = in_front(engine_client.workspace, answers(json.dumps(rows(60)).encode()))
    await engine_client.do(AMAZON, "reports", "download", **CALL)
    (path,) = (engine_client.home / "spool").glob("*.sqlite")
    path.write_bytes(_flipped(path.read_bytes()))
    result = await engine_client.do(AMAZON, "reports", "download", **CALL, sort="-cost")
    assert "set aside" in result.meta["warnings"][0]
    assert [row["cost"] for row in result.data] == sorted((row["cost"] for row in rows(60)), reverse=True)[
        :25
    ]
    again = await engine_client.do(AMAZON, "reports", "download", **CALL, sort="cost")
    assert not any("set aside" in warning for warning in again.meta.get("warnings", ()))
    assert files(asked) == 2
    assert not path.exists()


async def test_another_process_that_locks_the_rows_stops_no_look(engine_client: EngineClient) -> None:
    """A kept file never changes, so that it is read without asking for a lock: nothing is asked anew."""
    asked = in_front(engine_client.workspace, answers(json.dumps(rows(60)).encode()))
    await engine_client.do(AMAZON, "reports", "download", **CALL)
    (path,) = (engine_client.home / "spool").glob("*.sqlite")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        result = await engine_client.do(AMAZON, "reports", "download", **CALL, sort="-cost", limit=1)
    assert result.data[0]["cost"] == max(row["cost"] for row in rows(60))
    assert "set aside" not in str(result.meta.get("warnings"))
    assert files(asked) == 1


async def test_a_call_that_is_given_up_leaves_nothing_half(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writing ends by itself: the rows are there as a whole, without asking again; no draft is left."""
    asked = in_front(engine_client.workspace, answers(json.dumps(rows(300)).encode()))
    monkeypatch.setattr("mcp_ads.engine.records.blocks.BLOCK", 1)
    monkeypatch.setattr("mcp_ads.engine.records.scan.WORK", 0)
    call = asyncio.create_task(engine_client.do(AMAZON, "reports", "download", **CALL))
    while not engine_client.workspace.writing:  # noqa: ASYNC110 - nothing tells when writing begins
        await asyncio.sleep(0.005)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.wait(engine_client.workspace.writing.values())
    result = await engine_client.do(AMAZON, "reports", "download", **CALL, sort="-cost")
    assert result.meta["total"] == 300
    assert files(asked) == 1
    assert not list((engine_client.home / "spool").glob("*.tmp"))


@pytest.mark.parametrize("kind", list(CORRUPT))
async def test_kept_lists_that_are_not_as_written(engine_client: EngineClient, kind: str) -> None:
    """A cursor whose list was damaged says so; it never shows other rows."""
    params: dict[str, Any] = {"account_id": LINKEDIN_US, "limit": 5}
    cursor = (await engine_client.do(LINKEDIN, "campaigns", "list", **params)).meta["cursor"]
    for path in (engine_client.home / "lists").iterdir():
        path.write_bytes(CORRUPT[kind](path.read_bytes()))
    with pytest.raises(InvalidParams, match="no longer kept"):
        await engine_client.do(LINKEDIN, "campaigns", "list", **params, cursor=cursor)


async def test_links_are_not_followed(engine_client: EngineClient, tmp_path: Path) -> None:
    """Where a file of ours should be is a link to another: neither read nor written through it."""
    in_front(engine_client.workspace, answers(json.dumps(rows(60)).encode()))
    await engine_client.do(AMAZON, "reports", "download", **CALL)
    (facts,) = (engine_client.home / "spool").glob("*.json")
    elsewhere = tmp_path / "elsewhere"
    facts.rename(elsewhere)
    facts.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    assert (await engine_client.do(AMAZON, "reports", "download", **CALL, sort="cost")).meta["total"] == 60
    assert elsewhere.read_bytes() == before


async def test_logs_that_are_links_are_not_written(engine_client: EngineClient, tmp_path: Path) -> None:
    """The trace goes nowhere, and changes, which need the audit log, are refused."""
    in_front(engine_client.workspace, answers(b"[]"))
    trace = engine_client.home / "trace.jsonl"
    engine_client.workspace.trace.flush()
    trace.unlink(missing_ok=True)
    (tmp_path / "mine").write_text("mine\n")
    trace.symlink_to(tmp_path / "mine")
    await engine_client.do(AMAZON, "reports", "get", **CALL)
    engine_client.workspace.trace.flush()
    assert (tmp_path / "mine").read_text() == "mine\n"
    (engine_client.home / "audit.jsonl").symlink_to(tmp_path / "mine")
    with pytest.raises(NoRecord):
        await applied(engine_client, await planned(engine_client, "campaigns", "pause", campaign_id=SPRING))
    assert (tmp_path / "mine").read_text() == "mine\n"


@pytest.mark.slow
async def test_writing_that_outlasts_a_call(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call ends in time with a cursor, the writing goes on, and nothing is fetched again."""
    asked = in_front(engine_client.workspace, answers(json.dumps(rows(900)).encode()))
    monkeypatch.setattr("mcp_ads.engine.records.blocks.BLOCK", 1)
    monkeypatch.setattr("mcp_ads.engine.records.scan.WORK", 0)
    monkeypatch.setattr("mcp_ads.engine.records.scan.REST", 0.002)
    monkeypatch.setattr("mcp_ads.engine.wire.deadline.DEADLINE", 0.8)
    look: dict[str, Any] = {**CALL, "sort": "-cost", "limit": 5}
    result = await engine_client.do(AMAZON, "reports", "download", **look)
    assert result.data["status"] == "PENDING"
    for _ in range(60):
        if not result.meta.get("pending"):
            break
        result = await engine_client.do(AMAZON, "reports", "download", **look, cursor=result.data["cursor"])
    assert [row["cost"] for row in result.data] == [20.5] * 5
    assert files(asked) == 1
