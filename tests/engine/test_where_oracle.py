"""Generated conditions on generated rows, against a brute-force reading that knows no text and no parser."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import looking
import pytest
from conditions import COLUMNS, COUNTS, MONEYS, TIMES, Maker, Row, number, rows_of

from mcp_ads.core.view import TableView
from mcp_ads.engine.tables.kinds import seen
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import InvalidParams


def look(rows: list[Row], **view: Any) -> Look:
    """A look at rows of an account in dollars."""
    there = seen(rows)
    names = [*there.names(), *TIMES]
    return Look(TableView.model_validate(view), COLUMNS, names, "USD", shown=names, there=there)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [*range(5), *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 40))]
)
def test_a_condition_means_what_it_says(seed: int) -> None:
    """Sixty conditions a seed, each on 120 rows: the same rows, and warnings where some were not decided."""
    rng = random.Random(seed)
    rows = rows_of(rng, 120)
    maker = Maker(rng, rows)
    for _ in range(60):
        text, worth = maker.any(rng.randrange(4))
        chosen = looking.apply(rows, look(rows, where=text))
        truths = [worth(row) for row in rows]
        assert chosen.rows == [row for row, truth in zip(rows, truths, strict=True) if truth], text
        assert any("neither" in warning for warning in chosen.warnings) == (None in truths), text


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_condition_is_refused_or_parsed(seed: int) -> None:
    """A condition with words lost, doubled or cut is refused with its place, and nothing else happens."""
    rng = random.Random(seed)
    rows = rows_of(rng, 20)
    maker = Maker(rng, rows)
    for _ in range(80):
        text = maker.any(rng.randrange(3))[0]
        at = rng.randrange(len(text))
        damaged = rng.choice(
            [text[:at], text[at:], text[:at] + text[at + 1 :], text[:at] + rng.choice("'(,%=x") + text[at:]]
        )
        try:
            looking.apply(rows, look(rows, where=damaged))
        except InvalidParams as error:
            refused = str(error)
            assert refused.startswith(("where: at ", "where: campaign_id has ids, and ")), damaged


@pytest.mark.parametrize("seed", range(8))
def test_order_and_totals(seed: int) -> None:
    """Rows in the order of their values, empty ones last both ways; sums of all rows, ratios of the sums."""
    rng = random.Random(seed)
    rows = rows_of(rng, 150)
    column, down = rng.choice([*MONEYS, *COUNTS, *TIMES, "score"]), rng.random() < 0.5
    chosen = looking.apply(rows, look(rows, sort=f"{'-' if down else ''}{column},campaign_id", top=40))

    def key(row: Row) -> tuple[bool, Fraction, str]:
        value = number(row, column)
        return (
            value is None,
            (-value if down else value) if value is not None else Fraction(0),
            row["campaign_id"],
        )

    assert chosen.rows == sorted(rows, key=key)[:40]
    assert chosen.total == 150
    sums = {name: sum(number(row, name) or 0 for row in rows) for name in (*MONEYS, *COUNTS)}
    for name, total in sums.items():
        assert chosen.totals[name] == pytest.approx(float(total), abs=0.006)
    for name, (over, under, times) in TIMES.items():
        assert chosen.totals[name] == round(float(sums[over] * times / sums[under]), 4)
    assert "score" not in chosen.totals
