"""Generated groupings of generated rows, against a brute-force reading in fractions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from conditions import COLUMNS, COUNTS, MONEYS, TIMES, Maker, Row, number, rows_of

from mcp_ads.core.view import TableView
from mcp_ads.engine.reads import looks
from mcp_ads.engine.records.rows import Table
from mcp_ads.engine.records.spool import Spool
from mcp_ads.engine.tables.groups import Groups
from mcp_ads.engine.tables.kinds import seen
from mcp_ads.engine.tables.look import Look

KEYS = ("status", "name", "campaign_id", "day", "week", "month", "note", "score", "currency")
SUMS = (*MONEYS, *COUNTS)
AMOUNTS = ("spend", "sales", "roas", "acos", "USD", "$")
"""What a condition is of that rows of several currencies decide by theirs; another test has these."""
CURRENCIES = ("USD", "JPY", "EUR", None, "")
SEEDS = [*range(2), *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 60))]


def key(row: Row, name: str) -> Any:
    """What a row's group has in this column: an empty text is no value, a week is its Monday."""
    if name not in ("week", "month"):
        value = row[name]
        return None if value in (None, "") else Fraction(str(value)) if name == "score" else value
    day = row["day"] and date.fromisoformat(row["day"])
    if not day:
        return None
    return str(day)[:7] if name == "month" else str(day - timedelta(days=day.weekday()))


def groups_of(rows: list[Row], names: list[str]) -> list[Row]:
    """The groups in the order of their first rows, with exact sums and ratios of these."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(key(row, name) for name in names), []).append(row)
    groups = []
    for values, inside in found.items():
        group: Row = {**dict(zip(names, values, strict=True)), "count": Fraction(len(inside))}
        for name in SUMS:
            cells = [cell for row in inside if (cell := number(row, name)) is not None]
            group[name] = sum(cells, Fraction(0)) if cells else None
        for name, (over, under, times) in TIMES.items():
            above, below = group[over], group[under]
            group[name] = above * times / below if above is not None and below else None
        groups.append(group)
    return groups


def ordered(groups: list[Row], by: str, top: int, *, mixed: bool) -> list[Row]:
    """Empty ones last both ways; by money each currency for itself, that of most groups first."""
    name, down = by.removeprefix("-"), by.startswith("-")

    def rank(group: Row) -> Any:
        value = group[name]
        return (value.casefold(), value) if isinstance(value, str) else value

    there = [group for group in groups if group[name] is not None]
    groups = sorted(there, key=rank, reverse=down) + [group for group in groups if group[name] is None]
    if not mixed or name not in MONEYS:
        return groups[:top] if top else groups
    counts = Counter(group["currency"] or "unknown" for group in groups)
    groups = sorted(groups, key=lambda group: (-counts[own := group["currency"] or "unknown"], own))
    each = {group["currency"]: [g for g in groups if g["currency"] == group["currency"]] for group in groups}
    return [group for same in each.values() for group in (same[:top] if top else same)]


def as_shown(group: Row, columns: tuple[str, ...], currency: str) -> list[Any]:
    """A group as an answer has it: money in cents, ratios in four places."""
    cells = []
    for name in columns:
        value = group[name]
        if isinstance(value, Fraction):
            exact = Decimal(value.numerator) / Decimal(value.denominator)
            whole = (group.get("currency") or currency) == "JPY" and value.denominator == 1
            places = 4 if name in TIMES or name == "score" else 0 if name not in MONEYS or whole else 2
            value = float(round(exact, places))
        cells.append(value)
    return cells


def both_ways(
    table: Table, folder: Path, make: Callable[[], Look], view: TableView
) -> list[tuple[Groups, list[Row], dict[str, Any], int]]:
    """The groups found by queries, where they can be, and row by row; sorted and cut as the view says."""
    answers = []
    for way, found in ((1, table.group(make())), (0, looks.group(table.every(), make()))):
        if found is None:
            continue
        groups = make().groups
        assert groups
        with Spool(folder).put(f"g{way}", found.rows, {}, groups.kept, groups.kinds) as kept:
            look = Look(groups.view(view), groups.kinds, groups.kept, "USD", shown=groups.columns)
            chosen = kept.table.choose(look, 10**6) or looks.choose(kept.table.every(), look)
            rows = [groups.shown(look.shown(row), "USD") for row in kept.table.page(chosen.ids)]
            answers.append((groups, rows, chosen.facts, found.count))
    return answers


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("words", [3, 20_000])
def test_groups_are_what_their_rows_come_to(
    tmp_path: Path, seed: int, words: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Conditions, groups, orders, tops, in one currency or several: found by queries and row by row."""
    monkeypatch.setattr("mcp_ads.engine.records.stored.MOST_WORDS", words)
    monkeypatch.setattr("mcp_ads.engine.records.grouping.MANY", 50)
    rng, mixed, by_queries = random.Random(seed), bool(seed % 2), 0
    rows = rows_of(rng, 150)
    for row in rows if mixed else ():
        row["currency"] = rng.choice(CURRENCIES)
    there, maker = seen(rows), Maker(rng, rows)
    names = list(dict.fromkeys([*there.names(), *TIMES]))
    spool = Spool(tmp_path)
    spool.put("x", lambda: rows, {}, (), COLUMNS).close()
    kept = spool.get("x")
    assert kept
    with kept:
        for _ in range(25):
            where, worth = maker.any(rng.randrange(3))
            if mixed and any(word in where for word in AMOUNTS):
                where, worth = "", lambda row: True
            by = rng.sample(KEYS if mixed else KEYS[:-1], rng.randrange(1, 4))
            sort = rng.choice(["", "-"]) + rng.choice([*by, "count", *SUMS, *TIMES])
            top = rng.choice([0, 3, 20])
            view = TableView.model_validate(
                {"where": where, "group_by": ",".join(by), "sort": sort, "top": top}
            )
            answers = both_ways(kept.table, tmp_path, lambda: Look(
                view, COLUMNS, names, "" if mixed else "USD", shown=names, there=there,  # noqa: B023
            ), view)  # fmt: skip
            by_queries += len(answers) == 2
            fit = [row for row in rows if worth(row)]
            if mixed and "currency" not in by:
                by.append("currency")
            every = groups_of(fit, by)
            for groups, found, facts, count in answers:
                assert groups.columns == (*by, "count", *[name for name in names if name in (*SUMS, *TIMES)])
                wanted = ordered(every, sort, top, mixed=mixed)
                shown = [as_shown(group, groups.columns, "USD") for group in wanted]
                assert [cells(row, groups.columns) for row in found] == shown, view
                assert (count, facts["total"]) == (len(fit), len(every))
    assert by_queries > 10


def cells(row: Row, columns: tuple[str, ...]) -> list[Any]:
    """A row as it was found, numbers as numbers."""
    return [
        float(value) if isinstance(value := row.get(name), int | float | Decimal) else value
        for name in columns
    ]
