"""What is kept between calls, one contract for private files, a database in a file, and PostgreSQL."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from kept_records import FIRST, SECOND, Kept
from sqlalchemy import text

from mcp_ads.auth.tokens import Token
from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.wire.window import Stretch
from mcp_ads.errors import InvalidParams, StalePlan
from mcp_ads.files.lock import Busy
from mcp_ads.host.records.spool import SharedSpool

pytestmark = pytest.mark.anyio
WHO = Who("client:1", "tests")


def test_small_things_are_found_by_other_processes(store: Kept) -> None:
    """Notes, lists, facts: kept by one process, found by another, replaced, and not by another workspace."""
    one, other = store.records(), store.records()
    one.notes.put("seen", {"at": 1})
    one.notes.put("seen", {"at": 2})
    found = other.notes.get("seen")
    assert found is not None
    assert found.facts == {"at": 2}
    assert one.shelf.put("left", Stretch("call", [{"id": "1"}]))
    assert not one.shelf.put("left", Stretch("call", []))
    assert other.shelf.get("left", "call").rows == [{"id": "1"}]
    for name, call in (("left", "another"), ("none", "call")):
        with pytest.raises(InvalidParams):
            other.shelf.get(name, call)
    one.facts("accounts", 60).put("a", [1])
    assert store.records().facts("accounts", 60).get("a") == [1]
    assert other.facts("accounts", -100).get("a") is None
    if store.url:
        assert store.records(SECOND).notes.get("seen") is None
        assert store.records(SECOND).facts("accounts", 60).get("a") is None


def test_old_and_many_things_go(shared: Kept) -> None:
    """What a place is tidied of: what is old, then the oldest beyond so many, and nothing of another kind."""
    records = shared.records()
    notes, place = records.notes, records._place("notes")  # type: ignore[attr-defined]
    records.shelf.put("left", Stretch("call", []))
    for number in range(5):
        notes.put(f"n{number}", {})
    old = "UPDATE papers SET at = at - 100 WHERE name = 'n4'"
    shared.database.wait(lambda connection: connection.execute(text(old)))
    place.tidy(seconds=50, most_bytes=2**20, most_files=2)
    assert [number for number in range(5) if notes.get(f"n{number}")] == [2, 3]
    assert records.shelf.get("left", "call").rows == []


def test_an_access_token_is_sealed(shared: Kept) -> None:
    """Found by another process; in the database it is not in clear, and opens in its workspace alone."""
    one, other = shared.records().tokens("a", "b"), shared.records().tokens("a", "b")
    token = Token("very-secret-value", 4e9, of="grant")
    one.write(token)
    assert other.read() == token
    moved = f"UPDATE papers SET workspace_id = '{SECOND}'"
    shared.database.wait(lambda connection: connection.execute(text(moved)))
    assert shared.records(SECOND).tokens("a", "b").read() is None
    held = "SELECT content FROM papers"
    content = shared.database.wait(lambda connection: connection.scalar(text(held)))
    assert b"very-secret-value" not in bytes(content)
    with one.locked(), pytest.raises(Busy), other.locked():
        pass


def test_a_file_is_kept_in_parts(store: Kept) -> None:
    """Put by one process, read by another from wherever it wants; gone, damaged and too large are said."""
    one, other = store.records().blobs, store.records().blobs
    content = bytes(range(256)) * 10_000
    kept_file = one.put(content)
    assert (kept_file.sha256, kept_file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert one.put(content) == other.check(kept_file.sha256) == kept_file
    with other.open(kept_file.sha256) as file:
        file.seek(2**20 - 5)
        assert file.read(10) == content[2**20 - 5 : 2**20 + 5]
        file.seek(0)
        assert file.read() == content
    with other.open(one.put(b"").sha256) as file:
        assert file.read() == b""
    with pytest.raises(InvalidParams, match="larger than"):
        one.put(b"12345", 4)
    one.forget(kept_file.sha256)
    for name in (kept_file.sha256, "../x"):
        with pytest.raises(StalePlan):
            other.open(name)


def test_rows_of_another_worker_are_found(shared: Kept, tmp_path: Path) -> None:
    """Workers with folders of their own: the newest rows are everyone's; forgotten ones are nobody's."""
    one, other = (SharedSpool(tmp_path / name, shared.database, FIRST) for name in ("one", "other"))
    for rows in ([{"a": 1}], [{"a": 2}, {"a": 3}]):
        one.put("r1", lambda: rows, {"more": True}, ("a",)).close()  # noqa: B023 - read at once
        with other.get("r1") as found:  # type: ignore[union-attr]
            assert [row for _, row in found.table.every()] == rows
            assert found.meta == {"more": True}
    other.put("r1", lambda: [{"a": 4}], {}, ("a",)).close()
    with one.get("r1") as found:  # type: ignore[union-attr]
        assert [row for _, row in found.table.every()] == [{"a": 4}]
    assert SharedSpool(tmp_path / "third", shared.database, SECOND).get("r1") is None
    one.forget("r1")
    assert SharedSpool(tmp_path / "fourth", shared.database, FIRST).get("r1") is None
