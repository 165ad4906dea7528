"""Looks at rows that no sandbox has: of several currencies, of columns nobody declared."""

from __future__ import annotations

import time
from typing import Any

import looking
import pytest

from mcp_ads.core.columns import COUNT, ID, MONEY, Column
from mcp_ads.core.view import TableView
from mcp_ads.engine.tables.kinds import seen
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import InvalidParams

CPC = Column("ratio", of=("spend", "clicks", 1))


def mixed(**view: Any) -> Look:
    """A look at rows of several currencies."""
    return Look(
        TableView.model_validate(view),
        {"spend": MONEY, "clicks": COUNT, "reach": Column("count"), "cpc": CPC},
        ["id", "currency", "spend", "clicks", "reach", "cpc"], "", there=seen(MIXED),
    )  # fmt: skip


MIXED: list[dict[str, Any]] = [
    {"id": "1", "currency": "USD", "spend": "60.50", "clicks": 3, "reach": 9},
    {"id": "2", "currency": "JPY", "spend": 8000, "clicks": 2, "reach": 9},
    {"id": "3", "currency": "USD", "spend": 12, "clicks": 1, "reach": 9},
    {"id": "4", "currency": "JPY", "spend": 500, "clicks": 0, "reach": 9},
]


def test_several_currencies_are_never_mixed() -> None:
    """A bare amount is refused, a named one is of its currency; order, top and totals are per currency."""
    with pytest.raises(
        InvalidParams, match=r"spend is in several currencies \(JPY, USD\): say which, such as spend > 50"
    ):
        looking.apply(MIXED, mixed(where="spend > 50"))
    assert [row["id"] for row in looking.apply(MIXED, mixed(where="spend > 0")).rows] == ["1", "2", "3", "4"]
    named = looking.apply(MIXED, mixed(where="spend > 50 USD or spend > 7500 JPY"))
    assert [row["id"] for row in named.rows] == ["1", "2"]
    assert [row["id"] for row in looking.apply(MIXED, mixed(where="not spend > 50 USD")).rows] == ["3"]
    lost: list[dict[str, Any]] = [*MIXED, {"id": "5", "currency": None, "spend": 90}]
    assert [row["id"] for row in looking.apply(lost, mixed(where="spend > 50 USD")).rows] == ["1"]
    with pytest.raises(
        InvalidParams, match=r"several currencies \(USD, unknown\): say which, such as spend > 50 USD$"
    ):
        looking.apply([MIXED[0], *lost[4:]], mixed(where="spend > 50"))
    other = looking.apply(MIXED, mixed(where="not spend > 5 EUR"))
    assert (other.rows, other.warnings) == ([], ["no row is in EUR: there are JPY, USD"])
    first = looking.apply(MIXED, mixed(sort="-spend", top=1))
    assert [row["id"] for row in first.rows] == ["2", "1"]
    assert "sorted within each currency (JPY, USD: most rows first)" in first.warnings[0]
    assert first.totals == {
        "USD": {"spend": 72.5, "clicks": 4, "cpc": 18.125},
        "JPY": {"spend": 8500, "clicks": 2, "cpc": 4250.0},
    }


def test_undeclared_columns_are_what_their_values_are() -> None:
    """Numbers where every value is one, text otherwise, ids never numbers; objects by dotted names."""
    rows: list[dict[str, Any]] = [
        {"x": "10", "y": "9", "some_id": "007", "geo": {"country": "FR"}, "z": None, "n": float("nan")},
        {"x": "9", "y": "n/a", "some_id": "7", "geo": {"country": "DE"}, "z": "", "n": 1.0},
    ]

    def ids(text: str) -> list[str]:
        there = seen(rows)
        look = Look(TableView(where=text), {"some_id": ID}, there.names(), "", there=there)
        return [row["some_id"] for row in looking.apply(rows, look).rows]

    assert ids("x > 9.5") == ["007"]
    assert ids("y = 9") == ["007"]
    assert ids("some_id = 7") == ["7"]
    assert ids("geo.country = FR") == ["007"]
    assert ids("z > 5 or z is empty") == ["007", "7"]
    assert ids("n is empty") == ["007"]
    with pytest.raises(InvalidParams, match=r"'geo.city' is no column"):
        ids("geo.city = Paris")


def test_some_cells_of_another_kind() -> None:
    """One cell that is no number does not make text of a column of money: it is left out, and counted."""
    rows: list[dict[str, Any]] = [{"cost": "12.50"}, {"cost": "n/a"}, {"cost": 3}, {"cost": None}]
    look = Look(TableView(where="cost > 5 USD", sort="-cost"), {}, ["cost"], "USD", there=seen(rows))  # type: ignore[arg-type]
    chosen = looking.apply(rows, look)
    assert chosen.rows == rows[:1]
    assert chosen.warnings[:2] == [
        "1 row has no cost and passes neither this condition nor its negation",
        "1 row has a cost of another kind and passes neither this nor its negation",
    ]
    assert chosen.totals == {"cost": 12.5}


def test_case_is_minded_and_said() -> None:
    """Of names `=` and `in` are exact; rows that differ in case only are counted, without their words."""
    rows: list[dict[str, Any]] = [{"name": "SHOES"}, {"name": "Shoes"}, {"name": "HATS"}]
    for text in ("name = shoes", "name in (shoes, x)"):
        chosen = looking.apply(rows, Look(TableView(where=text), {}, ["name"], "", there=seen(rows)))
        assert chosen.rows == []
        assert chosen.warnings == [
            "2 rows have a name that differs from 'shoes' in case only: = minds case, like does not"
        ]
    chosen = looking.apply(rows, Look(TableView(where="name like shoes"), {}, ["name"], ""))
    assert len(chosen.rows) == 2
    assert chosen.warnings == ["like 'shoes' has no %, so it is all of name: ~ finds it inside"]
    assert not looking.apply(rows, Look(TableView(where="name like 'sh%'"), {}, ["name"], "")).warnings


def test_the_case_of_codes_means_nothing() -> None:
    """A status is one in whatever case, as is a column whose values are all codes; one word makes text."""
    rows: list[dict[str, Any]] = [
        {"status": "PAUSED", "market": "US", "mood": "UP"},
        {"status": "Paused", "market": "DE_2", "mood": "down"},
        {"status": "ACTIVE", "market": "US", "mood": "UP"},
    ]
    for text, fit in (
        ("status = paused", rows[:2]), ("status in (Active, x)", rows[2:]), ("status != active", rows[:2]),
        ("market = us", [rows[0], rows[2]]), ("market not in ('de_2')", [rows[0], rows[2]]),
        ("mood = up", []),
    ):  # fmt: skip
        names = [*rows[0]]
        chosen = looking.apply(rows, Look(TableView(where=text), {}, names, "", there=seen(rows)))
        assert chosen.rows == fit, text
        assert bool(chosen.warnings) == (text == "mood = up")


def test_a_list_is_compared_with_nothing() -> None:
    """A column of lists is refused beside a value, with what looks in it; its whole text is none."""
    rows: list[dict[str, Any]] = [{"holds": ["A", "B"]}, {"holds": []}, {"holds": ["C"]}]

    def look(text: str) -> Look:
        return Look(TableView(where=text), {}, ["holds"], "", there=seen(rows))

    with pytest.raises(InvalidParams, match="holds is a list: holds ~ 'A' looks in it"):
        look("holds = A")
    assert looking.apply(rows, look("holds ~ 'a'")).rows == rows[:1]
    assert looking.apply(rows, look("""holds = '["C"]'""")).rows == rows[2:]


def test_every_currency_is_named() -> None:
    """An amount of no currency is refused with all there are, also where rows are looked at one by one."""
    rows: list[dict[str, Any]] = [{"spend": 5, "currency": code} for code in ("EUR", "USD", "JPY")]
    with pytest.raises(InvalidParams, match=r"spend is in several currencies \(EUR, JPY, USD\)"):
        looking.apply(rows, Look(TableView(where="spend < 20"), {}, ["spend", "currency"], ""))


def test_a_pattern_of_many_percents_takes_no_time() -> None:
    """A pattern is matched from left to right, not in every combination."""
    rows: list[dict[str, Any]] = [{"name": "a" * 5_000}] * 20
    pattern = "%a" * 2_000 + "b%c"
    began = time.perf_counter()
    assert looking.apply(rows, Look(TableView(where=f"name like '{pattern}'"), {}, ["name"], "")).rows == []
    assert time.perf_counter() - began < 20


def test_names_an_action_gives_its_columns() -> None:
    """An action's other names are understood in conditions and orders, in any case."""
    rows: list[dict[str, Any]] = [{"purchase_value": 5}, {"purchase_value": 9}]
    alike = {"revenue_total": "purchase_value"}
    view = TableView.model_validate({"where": "Revenue_Total > 4", "sort": "-revenue_total"})
    assert looking.apply(rows, Look(view, {}, ["purchase_value"], "USD", alike=alike)).rows == rows[::-1]


def test_ratios_that_are_no_columns_of_the_rows() -> None:
    """A declared ratio of columns that are there is a column; it is shown when it is asked for."""
    rows: list[dict[str, Any]] = [{"spend": 10, "clicks": 3}, {"spend": 10, "clicks": 0}]
    columns = {"spend": MONEY, "clicks": COUNT, "cpc": CPC}
    view = TableView.model_validate({"where": "cpc > $3.33", "sort": "cpc"})
    look = Look(view, columns, ["spend", "clicks"], "USD", shown=["cpc"])
    chosen = looking.apply(rows, look)
    assert [look.shown(row) for row in chosen.rows] == [{"spend": 10, "clicks": 3, "cpc": 3.3333}]
    assert look.shown(rows[1])["cpc"] is None


def test_numbers_beyond_all_measure() -> None:
    """A platform's nonsense is shown, and ends nothing."""
    rows: list[dict[str, Any]] = [{"cost": "1e39", "clicks": "1e-30"}, {"cost": "1e999", "clicks": 1}]
    look = Look(
        TableView(), {"cpc": CPC, "spend": MONEY}, ["cost", "clicks"], "USD", shown=["cost", "clicks"]
    )
    assert looking.apply(rows, look).totals == {"cost": 1e39, "clicks": 1.0}
    odd = Look(
        TableView(), {"cpc": CPC, "spend": MONEY, "clicks": COUNT}, ["spend", "clicks"], "", shown=["cpc"]
    )
    assert odd.shown({"spend": "1e39", "clicks": "1e-30"})["cpc"] == 1e69


def test_yes_and_no_are_text() -> None:
    """A column of true and false is compared with those words."""
    rows: list[dict[str, Any]] = [{"default": True}, {"default": False}, {"default": None}]
    look = Look(TableView(where="default = true"), {}, ["default"], "", there=seen(rows))
    assert looking.apply(rows, look).rows == rows[:1]
