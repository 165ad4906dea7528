"""Files of plans, journals, locks and the log that a crash, a person or another program has damaged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import FACEBOOK, EngineClient
from planning import SPRING, SURF, applied, error_of, planned, writes

from mcp_ads.errors import AdsError, StalePlan

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


@pytest.mark.slow
async def test_records_of_another_shape(engine_client_with: EngineClients) -> None:
    """Every file of a plan, its lock, its account's and the log, damaged in twenty ways: errors of ours."""
    engine_client = engine_client_with()
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    await applied(
        engine_client, await planned(engine_client, "campaigns", "update", campaign_id=SURF, name="A")
    )
    reached = len(writes(engine_client))
    stem = engine_client.files.plans._stem(plan_id)
    names = [f"plans/{stem}{end}" for end in (".json", ".done.json", ".applying.json", ".journal", ".lock")]
    names += ["audit.jsonl", *(f"locks/{path.name}" for path in (engine_client.home / "locks").iterdir())]
    before = {record: record.read_bytes() for record in _records(engine_client)}
    campaign = engine_client.store.get("facebook.campaign", SPRING)
    assert campaign
    for name in names:
        path = engine_client.home / name
        kept = before.get(path)
        for damage in DAMAGES:
            damage(path, kept or b'{"step": 0}\n')
            await error_of(applied(engine_client, plan_id))
            await error_of(engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING))
            engine_client.workspace.plans.all()
            if name.endswith((".done.json", ".applying.json")):
                assert len(writes(engine_client)) == reached, name
            reached = len(writes(engine_client))
            for record in _records(engine_client):
                _remove(record)
            for record, content in before.items():
                record.write_bytes(content)
            engine_client.store.put("facebook.campaign", SPRING, dict(campaign))
    assert "APPLIED" in (await applied(engine_client, plan_id)).text


def _records(engine_client: EngineClient) -> list[Path]:
    folders = ("plans", "locks")
    return [
        *(path for name in folders for path in (engine_client.home / name).iterdir()),
        engine_client.home / "audit.jsonl",
    ]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    elif os.path.lexists(path):
        path.unlink()


def _text(text: bytes) -> Callable[[Path, bytes], None]:
    def damage(path: Path, _kept: bytes) -> None:
        _remove(path)
        path.write_bytes(text)

    return damage


def _half(path: Path, kept: bytes) -> None:
    _text(kept[: len(kept) // 2])(path, kept)


def _folder(path: Path, _kept: bytes) -> None:
    _remove(path)
    path.mkdir()


def _link(path: Path, _kept: bytes) -> None:
    _remove(path)
    path.symlink_to(path.with_name("elsewhere"))


def _pipe(path: Path, _kept: bytes) -> None:
    _remove(path)
    os.mkfifo(path)


def _changed(change: dict[str, Any]) -> Callable[[Path, bytes], None]:
    def damage(path: Path, kept: bytes) -> None:
        try:
            found = json.loads(kept)
        except ValueError:
            found = {}
        _text(json.dumps({**found, **change}).encode())(path, kept)

    return damage


DAMAGES: list[Callable[[Path, bytes], None]] = [
    *map(_text, (b"", b"\0" * 50, b"\xff\xfe{", b"[]", b"7", b'"x"', b"null", b"{}", b"[" * 99_999, b"1e999",
                 b"9" * 5000, b'{"time": 1e999, "id": [], "budgets": [[1, 2, 3, 4]], "outcome": "done"}\n')),
    _half,
    _folder,
    _link,
    _pipe,
    _changed({"created": 1e999}),
    _changed({"steps": [{}]}),
    _changed({"plan_id": 7}),
    _changed({"state": "new"}),
]  # fmt: skip


@pytest.mark.slow
async def test_errors_of_ours_for_a_plan_that_was_edited(engine_client: EngineClient) -> None:
    """Parts of a plan that somebody has changed to other kinds of values are refused, whatever they are."""
    plan_id = await planned(engine_client, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    path = engine_client.home / "plans" / f"{engine_client.files.plans._stem(plan_id)}.json"
    kept = json.loads(path.read_text())
    values: list[Any] = [None, 7, "x", [], {}, True, [[]], {"a": [1]}, 1e999, "@9.id"]
    for name in kept["steps"][0]:
        for value in values:
            if value == kept["steps"][0][name] or name in ("says", "warnings", "name", "noun", "item", "id"):
                continue
            path.write_text(json.dumps({**kept, "steps": [{**kept["steps"][0], name: value}]}))
            error = await error_of(applied(engine_client, plan_id))
            assert error is None or isinstance(error, AdsError)
            for left in (engine_client.home / "plans").glob("*"):
                left.unlink()


async def test_a_journal_nobody_can_read(engine_client: EngineClient) -> None:
    """What was sent of the plan is not known then, so nothing is, however often it is asked for."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    engine_client.files.plans._journal(plan_id).write_text("noise\n")
    for _ in range(2):
        with pytest.raises(StalePlan, match="nobody knows what of it was done"):
            await applied(engine_client, plan_id)
    assert writes(engine_client) == []
