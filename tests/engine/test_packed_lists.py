"""A long list that is grouped, sorted or saved: few records in memory at once, and every one as it came."""

from __future__ import annotations

import csv
import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import FACEBOOK, US, EngineClient
from middle import in_front

pytestmark = pytest.mark.anyio
COUNT, PAGE = 1_300, 200
ODD = ("plain", 'two\nlines, "quoted"', "ü ✓ 𝄞", "")


def campaign(number: int) -> dict[str, Any]:
    status = ("ACTIVE", "PAUSED", "ARCHIVED")[number % 3]
    name = f"{number} {ODD[number % len(ODD)]}".rstrip()
    return {"id": str(10**15 + number), "name": name, "status": status, "burden": [number]}


def pages(count: int, alive: list[int], breaks: Sequence[int] = ()) -> Callable[[httpx.Request], Any]:
    """Campaigns in pages of 200; `alive` is how many records are in memory as each is asked for."""

    def answers(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/campaigns"):
            return None
        start = int(request.url.params.get("after", 0))
        if start in breaks:
            return httpx.Response(400, json={"error": {"message": "no more of it", "code": 100}})
        alive.append(sum(type(it) is dict and "burden" in it for it in gc.get_objects()))
        rows = [campaign(number) for number in range(start, min(start + PAGE, count))]
        on = {"cursors": {"after": str(start + PAGE)}, "next": "https://x"} if start + PAGE < count else {}
        return httpx.Response(200, json={"data": rows, "paging": on})

    return answers


def rows_in(path: Path) -> list[tuple[str, ...]]:
    """What a saved table says of each campaign."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["id"], row["name"], row["status"]) for row in csv.DictReader(file)]


@pytest.mark.slow
async def test_few_records_of_a_long_list_are_in_memory(engine_client: EngineClient) -> None:
    """The first 500 stay as they are; those of later pages are let go, and counted all the same."""
    alive: list[int] = []
    in_front(engine_client.workspace, pages(COUNT, alive))
    found = await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, group_by="status")
    assert {row["status"]: row["count"] for row in found.data} == {
        "ACTIVE": 434,
        "PAUSED": 433,
        "ARCHIVED": 433,
    }
    assert len(alive) == 7
    assert max(alive) <= 500 + 2 * PAGE
    assert "coverage" not in found.meta


@pytest.mark.slow
async def test_every_row_of_a_long_list_is_as_it_came(
    engine_client_with: Callable[..., EngineClient], tmp_path: Path
) -> None:
    """Saved rows are those of the platform, in its order; of a list that breaks off, those before that."""
    (tmp_path / "files").mkdir()
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    breaks: list[int] = []
    in_front(engine_client.workspace, pages(COUNT, [], breaks))
    asked = {"account_id": US, "status": ["ACTIVE", "PAUSED", "ARCHIVED"], "fields": ["id", "name", "status"]}
    saved = await engine_client.do(FACEBOOK, "campaigns", "list", **asked, save_to="all.csv", limit=1)
    rows = rows_in(Path(saved.meta["saved"]))
    assert rows == [tuple(campaign(number)[name] for name in asked["fields"]) for number in range(COUNT)]
    breaks.append(1_000)
    asked["fields"] = ["id", "status"]
    text = await engine_client.workspace.answer(
        FACEBOOK, "campaigns", "list", asked | {"sort": "-id", "limit": 1}
    )
    assert text.startswith("PARTIAL")
    assert "the first 1,000 rows" in text
    assert str(10**15 + 999) in text
