"""Kept rows in SQLite: they come back as they were, and looks at them are those at rows in memory."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conditions import COLUMNS, COUNTS, MONEYS, TIMES, Maker, Row, rows_of

from mcp_ads.core.columns import COUNT, ID, MONEY, Column
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads.looks import choose
from mcp_ads.engine.records import spool
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.records.spool import Kept, Spool
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import InvalidParams

KINDS = {"campaignId": ID, "cost": MONEY, "clicks": COUNT, "bid": Column("money")}
KEYS = (*MONEYS, *COUNTS, *TIMES, "score", "name", "day", "campaign_id", "status")
EVERY = 10**6
WRITER = """
import sys
from pathlib import Path
from mcp_ads.engine.records.spool import Spool
spool, mine = Spool(Path(sys.argv[1])), int(sys.argv[2])
for _ in range(6):
    spool.put("shared", lambda: [{"writer": mine, "n": n} for n in range(700)], {}, ()).close()
    with spool.get("shared") as kept:
        rows = [row for _, row in kept.table.every()]
        assert len(rows) == 700 and len({row["writer"] for row in rows}) == 1, rows[:2]
    spool.put(f"own{mine}", lambda: [{"writer": mine, "n": n} for n in range(300)], {}, ()).close()
    for other in range(8):
        if found := spool.get(f"own{other}"):
            with found as kept:
                assert {row["writer"] for _, row in kept.table.every()} == {other}
"""


def kept_of(folder: Path, rows: list[Row], columns: dict[str, Column] | None = None) -> Kept:
    """These rows, written and opened again."""
    shelf = Spool(folder)
    shelf.put("x", lambda: rows, {}, (), columns or {}).close()
    kept = shelf.get("x")
    assert kept
    return kept


def every(kept: Kept) -> list[Row]:
    return [row for _, row in kept.table.every()]


def exact(rows: list[Row]) -> str:
    """Rows with the very spelling of their numbers."""
    return json.dumps(rows, ensure_ascii=False, default=str)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 60))]
)
@pytest.mark.parametrize("words", [3, 20_000])
def test_looks_in_sqlite_are_looks_at_rows(
    tmp_path: Path, seed: int, words: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Generated conditions, orders and tops: the same rows, totals, warnings, in one currency or several."""
    monkeypatch.setattr("mcp_ads.engine.records.stored.MOST_WORDS", words)
    monkeypatch.setattr("mcp_ads.engine.records.blocks.BLOCK", 40)
    rng = random.Random(seed)
    rows = rows_of(rng, 130)
    for row in rows if seed % 2 else ():
        row["currency"] = rng.choice(["USD", "JPY", "EUR", None, ""])
    with kept_of(tmp_path, rows, COLUMNS) as kept:
        there, maker, done = kept.table.seen(), Maker(rng, rows), 0
        names = list(dict.fromkeys([*there.names(), *TIMES]))
        for _ in range(40):
            view = {"where": maker.any(rng.randrange(4))[0] if rng.random() < 0.85 else ""}
            if rng.random() < 0.6:
                view["sort"] = ",".join(rng.choice(["", "-"]) + key for key in rng.sample(KEYS, 2))
                view["top"] = rng.choice([0, 7, 50])  # type: ignore[assignment]  # a view takes both
            done += same_both_ways(kept, lambda: Look(
                TableView.model_validate(view), COLUMNS, names, "" if seed % 2 else "USD",  # noqa: B023
                shown=names, there=there,
            ))  # fmt: skip
    assert done > 25


def same_both_ways(kept: Kept, look: Any) -> bool:
    """Whether SQLite carried a look out; what it found is what is found row by row."""
    try:
        one, other = look(), look()
        found = choose(kept.table.every(), one)
    except InvalidParams:
        return False
    sql = kept.table.choose(other, EVERY)
    if sql is None:
        return False
    assert (list(sql.ids), sql.size, sql.facts) == (list(found.ids), found.size, found.facts)
    return True


def test_values_come_back_as_they_came(tmp_path: Path) -> None:
    """Ids beyond a float, six decimals and more, text as numbers, nested values, nothing and empty text."""
    rows: list[Row] = [
        {"campaignId": "9007199254740993123", "cost": 0.1, "clicks": 3, "bid": 0.123456, "name": "Été"},
        {"campaignId": "007", "cost": 20.0, "clicks": 0, "bid": 0.1234567, "name": ""},
        {"campaignId": 9007199254740993, "cost": "12.50", "clicks": "7", "bid": 10**17, "name": None},
        {"cost": None, "clicks": 2.0, "bid": 1e-9, "name": "a\0b\ud83d", "new": {"a": [1, {"b": None}]}},
        {"campaignId": "", "cost": 1e300, "clicks": True, "bid": "n/a", "name": 5, "new": []},
        {"campaignId": "1", "cost": 1, "clicks": -4, "bid": 1, "name": "STRASSE", "new": False, "date": "x"},
    ]
    wanted = json.loads(exact(rows).encode(errors="replace"))
    wanted[3]["name"] = "a\0b?"
    with kept_of(tmp_path, rows, KINDS) as kept:
        assert exact(every(kept)) == exact(wanted)
        assert [exact([row]) for row in kept.table.page([6, 2])] == [exact([wanted[5]]), exact([wanted[1]])]


def test_money_is_kept_in_integers(tmp_path: Path) -> None:
    """No number of any row is floating point, and ids are text; sums of a million cents are exact."""
    rows: list[Row] = [{"campaignId": str(2**60 + n), "cost": n % 100 / 100, "clicks": n} for n in range(900)]
    kept_of(tmp_path, rows, KINDS).close()
    (path,) = tmp_path.glob("*.sqlite")
    base = sqlite3.connect(path)
    for column in ("c0", "c1", "c2"):
        kinds = {kind for (kind,) in base.execute(f"SELECT DISTINCT typeof({column}) FROM rows")}
        assert kinds == {"integer"}
    assert {kind for (kind,) in base.execute("SELECT DISTINCT typeof(word) FROM words")} == {"text"}
    base.close()
    with kept_of(tmp_path, rows, KINDS) as kept:
        chosen = kept.table.choose(Look(TableView(), KINDS, kept.columns, "USD", shown=kept.columns), 5)
        assert chosen
        assert chosen.facts["totals"]["cost"] == 445.5


def test_an_agents_text_is_bound(tmp_path: Path) -> None:
    """What would be SQL is text that no row has; the rows are there afterwards."""
    rows: list[Row] = [{"name": "x", "cost": 1}, {"name": "y'; DROP TABLE rows; --", "cost": 2}]
    with kept_of(tmp_path, rows, KINDS) as kept:
        for where, count in (
            ('name = "y\'; DROP TABLE rows; --"', 1), ("name ~ 'drop table'", 1),
            ('name in ("x\') OR 1=1 --", "z")', 0), ("name like '%OR 1=1%'", 0),
        ):  # fmt: skip
            chosen = kept.table.choose(Look(TableView(where=where), KINDS, kept.columns, "USD"), 5)
            assert chosen
            assert chosen.size == count
        assert every(kept) == rows


def test_more_than_sql_can_say_is_read_row_by_row(tmp_path: Path) -> None:
    """What has no exact counterpart is handed back, not answered otherwise; numbers past six decimals too."""
    rows: list[Row] = [{"name": "a", "note": "a", "cost": Decimal("0.0000001")}, {"name": "b", "cost": 1}]
    with kept_of(tmp_path, rows, KINDS) as kept:
        for where in ("name = note", "cost > 0.5"):
            assert kept.table.choose(Look(TableView(where=where), KINDS, kept.columns, "USD"), 5) is None
            look = Look(TableView(where=where), KINDS, kept.columns, "USD")
            assert len(choose(kept.table.every(), look).ids) == 1


@pytest.mark.slow
def test_eight_processes_at_once(tmp_path: Path) -> None:
    """Each writes and reads one name and its own: all rows are of one writer, and nothing half is left."""
    runs = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(number)], stderr=subprocess.PIPE)
        for number in range(8)
    ]
    failed = [error for run in runs if (error := run.communicate(timeout=100)[1]) or run.returncode]
    assert failed == []
    assert not list(tmp_path.glob("*.tmp"))
    kept = Spool(tmp_path).get("shared")
    assert kept
    with kept:
        assert len(every(kept)) == 700


def test_a_write_that_ends_early_leaves_nothing(tmp_path: Path) -> None:
    """Rows that stop with an error: what was kept before is still there, and no part of the new."""
    shelf = Spool(tmp_path)
    shelf.put("x", lambda: [{"n": 1}], {}, ()).close()
    before = sorted(path.name for path in tmp_path.iterdir())

    def broken() -> Iterator[Row]:
        yield from ({"n": n} for n in range(2_000))
        raise InvalidParams("the file is cut")

    with pytest.raises(InvalidParams):
        shelf.put("x", broken, {}, ())
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    kept = shelf.get("x")
    assert kept
    with kept:
        assert every(kept) == [{"n": 1}]


def test_files_of_other_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older version kept is not there, and swept away; what a newer one kept is not read."""
    shelf = Spool(tmp_path)
    monkeypatch.setattr(spool, "VERSION", 2)
    shelf.put("x", lambda: [{"n": 1}], {}, ()).close()
    (tmp_path / "x.0123456789abcdef.jsonl").write_bytes(b'00000000 {"n": 1}\n')
    monkeypatch.setattr(spool, "VERSION", 3)
    assert shelf.get("x") is None
    shelf.put("y", lambda: [{"n": 1}], {}, ()).close()
    assert not list(tmp_path.glob("*.jsonl"))
    monkeypatch.setattr(spool, "VERSION", 4)
    shelf.put("z", lambda: [{"n": 1}], {}, ()).close()
    monkeypatch.setattr(spool, "VERSION", 3)
    with pytest.raises(Damaged):
        shelf.get("z")
