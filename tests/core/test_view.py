"""What part of a table is asked for: other spellings of conditions and orders, other names of columns."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_ads.core import GET, Read, validate
from mcp_ads.core.view import TableView, split
from mcp_ads.errors import InvalidParams


class Sales(Read):
    """Read sales."""

    http, lean, spooled = GET("/sales"), ("id", "purchase_value"), True


@pytest.mark.parametrize(
    ("given", "sort"),
    [
        ("", []), ("cost", ["cost"]), ("-cost, name", ["-cost", "name"]), ("+cost", ["cost"]),
        ("cost DESC", ["-cost"]), ("cost:asc", ["cost"]), ("spend_descending", ["-spend"]),
        (["-cost", "name"], ["-cost", "name"]), ('["-cost"]', ["-cost"]), ("-cost desc", ["-cost"]),
        ("cost DESC NULLS LAST, name ASC", ["-cost", "name"]), ("cost descending", ["-cost"]),
        ("['cost_descending', 'name_ascending']", ["-cost", "name"]),
        ([["cost", "desc"], "name"], ["-cost", "name"]),
        ({"field": "COST_IN_LOCAL_CURRENCY", "order": "DESCENDING"}, ["-COST_IN_LOCAL_CURRENCY"]),
        ("(field:cost,order:DESCENDING),name", ["-cost", "name"]), ({"cost": "desc"}, ["-cost"]),
        ([{"cost": -1}, {"name": "asc"}], ["-cost", "name"]), ({"by": "cost", "ascending": False}, ["-cost"]),
        ({"field": "cost", "desc": True}, ["-cost"]), ({"sortBy": "cost", "sortOrder": "DESC"}, ["-cost"]),
        ("- cost", ["-cost"]), ({"cost": 1}, ["cost"]), ({"field": "cost", "desc": False}, ["cost"]),
        ({"field": "cost", "direction": "descending"}, ["-cost"]), ('{"column": "cost"}', ["cost"]), ((), []),
    ],
)  # fmt: skip
def test_orders(given: Any, sort: list[str]) -> None:
    """Text, lists, objects, JSON, and the vendors' words."""
    assert TableView.model_validate({"sort": given}).sort == sort


@pytest.mark.parametrize(
    "given", [{"order": "desc"}, {"field": "cost", "order": "up"}, {"cost": "up"}, [["cost"]], 5, [None]]
)
def test_no_orders(given: Any) -> None:
    """What names no column is refused."""
    with pytest.raises(InvalidParams, match="sort"):
        validate.build(TableView, {"sort": given})


@pytest.mark.parametrize("given", [{"campaign": "x"}, [{"field": "campaign"}], [["a"]], 5])
def test_no_groups(given: Any) -> None:
    """What is no name of a column is refused, whatever it is."""
    with pytest.raises(InvalidParams, match="group_by"):
        validate.build(TableView, {"group_by": given})


def test_filter_is_where() -> None:
    """Either name, both when they agree, and never one of two in silence."""
    for params in ({"filter": "a > 1"}, {"where": "a > 1"}, {"where": "a > 1", "filter": "a > 1"}):
        assert split(Sales, params) == ({"where": "a > 1"}, {})
    for params in ({"filter": "a > 1", "where": "a > 2"}, {"where": "a > 2", "Filter": "a > 1"}):
        with pytest.raises(InvalidParams, match="filter: the same as where"):
            split(Sales, params)
