"""Files of plans, journals, locks and the log that a crash, a person or another program has damaged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import FACEBOOK, Desk
from hands import SPRING, SURF, applied, error_of, planned, writes

from mcp_ads.errors import AdsError, StalePlan

pytestmark = pytest.mark.anyio
Desks = Callable[..., Desk]


async def test_records_of_another_shape(desk_with: Desks) -> None:
    """Every file of a plan, its lock, its account's and the log, damaged in twenty ways: errors of ours."""
    desk = desk_with()
    plan_id = await planned(desk, "campaigns", "pause", campaign_id=SPRING)
    await applied(desk, await planned(desk, "campaigns", "update", campaign_id=SURF, name="A"))
    reached = len(writes(desk))
    stem = desk.files.plans._stem(plan_id)
    names = [f"plans/{stem}{end}" for end in (".json", ".done.json", ".applying.json", ".journal", ".lock")]
    names += ["audit.jsonl", *(f"locks/{each.name}" for each in (desk.home / "locks").iterdir())]
    before = {each: each.read_bytes() for each in _records(desk)}
    campaign = desk.store.get("facebook.campaign", SPRING)
    assert campaign
    for name in names:
        path = desk.home / name
        kept = before.get(path)
        for damage in DAMAGES:
            damage(path, kept or b'{"step": 0}\n')
            await error_of(applied(desk, plan_id))
            await error_of(desk.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING))
            desk.workspace.plans.all()
            if name.endswith((".done.json", ".applying.json")):
                assert len(writes(desk)) == reached, name
            reached = len(writes(desk))
            for each in _records(desk):
                _remove(each)
            for each, content in before.items():
                each.write_bytes(content)
            desk.store.put("facebook.campaign", SPRING, dict(campaign))
    assert "APPLIED" in (await applied(desk, plan_id)).text


def _records(desk: Desk) -> list[Path]:
    folders = ("plans", "locks")
    return [*(each for name in folders for each in (desk.home / name).iterdir()), desk.home / "audit.jsonl"]


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


async def test_errors_of_ours_for_a_plan_that_was_edited(desk: Desk) -> None:
    """Parts of a plan that somebody has changed to other kinds of values are refused, whatever they are."""
    plan_id = await planned(desk, "campaigns", "update", campaign_id=SPRING, daily_budget="60 USD")
    path = desk.home / "plans" / f"{desk.files.plans._stem(plan_id)}.json"
    kept = json.loads(path.read_text())
    values: list[Any] = [None, 7, "x", [], {}, True, [[]], {"a": [1]}, 1e999, "@9.id"]
    for name in kept["steps"][0]:
        for value in values:
            if value == kept["steps"][0][name] or name in ("says", "warnings", "name", "noun", "item", "id"):
                continue
            path.write_text(json.dumps({**kept, "steps": [{**kept["steps"][0], name: value}]}))
            error = await error_of(applied(desk, plan_id))
            assert error is None or isinstance(error, AdsError)
            for left in (desk.home / "plans").glob("*"):
                left.unlink()


async def test_a_journal_nobody_can_read(desk: Desk) -> None:
    """What was sent of the plan is not known then, so nothing is, however often it is asked for."""
    plan_id = await planned(desk, "campaigns", "pause", campaign_id=SPRING)
    desk.files.plans._journal(plan_id).write_text("noise\n")
    for _ in range(2):
        with pytest.raises(StalePlan, match="nobody knows what of it was done"):
            await applied(desk, plan_id)
    assert writes(desk) == []
