"""What Facebook demands of an A/B test, checked before anything is sent. From its pages on split testing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

Cell = Mapping[str, Any]
KINDS = ("campaigns", "adsets", "adaccounts")
OF_ADS = "SPLIT_TEST_V2"
TYPES = frozenset({
    "SPLIT_TEST", OF_ADS, "LIFT", "CONTINUOUS_LIFT_CONFIG", "GEO_LIFT", "BACKEND_AB_TESTING",
    "CREATIVE_SPEND_ENFORCEMENT", "PORTFOLIO_OPTIMIZER", "VERSION_CONTROL",
})  # fmt: skip
LEAST_PART, WHOLE = 10, 100
MOST_CELLS, MOST_OBJECTS, MOST_ADS = 150, 100, 5


def objects_of(cell: Cell) -> list[str]:
    """The ids in a cell."""
    return [str(one).removeprefix("act_") for kind in (*KINDS, "ads") for one in cell.get(kind) or ()]


def study(
    kind: str,
    cells: Sequence[Cell],
    config: Mapping[str, Any] | None,
    begins: datetime | None,
    ends: datetime | None,
) -> Iterable[str]:
    """Mistakes in a new study."""
    if begins and ends and ends <= begins:
        yield "end_time: it is not after start_time"
    least = 1 if not kind.startswith("SPLIT_TEST") else 2
    if not least <= len(cells) <= MOST_CELLS:
        yield f"cells: {least} to {MOST_CELLS} of them"
    wrong = [f"cells[{at}]: {why}" for at, cell in enumerate(cells) for why in _cell(cell, kind)]
    yield from wrong or _together(cells)
    if kind == OF_ADS:
        yield from _of_ads(cells, config or {}, well=not wrong)
    elif config:
        yield f"creative_test_config: only with type {OF_ADS}"


def _cell(cell: Cell, kind: str) -> Iterable[str]:
    lists = (*KINDS, *(["ads"] if kind == OF_ADS else []))
    named = [name for name in lists if cell.get(name)]
    if not isinstance(cell.get("name"), str) or not cell["name"]:
        yield "name: missing"
    part = cell.get("treatment_percentage")
    if isinstance(part, bool) or not isinstance(part, int | float) or not LEAST_PART <= part <= WHOLE:
        yield f"treatment_percentage: {LEAST_PART} to {WHOLE}, percent of the audience"
    if odd := sorted(cell.keys() - {"name", "treatment_percentage", "description", *lists}):
        yield f"{str(odd[0])[:40]!r}: a cell has name, treatment_percentage and one of {', '.join(lists)}"
    elif len(named) != 1:
        yield f"give one of {', '.join(lists)}, a list of ids"
    elif not _ids(cell[named[0]]):
        yield f"{named[0]}: a list of ids, at most {MOST_OBJECTS}"


def _ids(value: Any) -> bool:
    ids = value if isinstance(value, list) else []
    plain = (str(one).removeprefix("act_") for one in ids if isinstance(one, str | int))
    return 0 < len(ids) <= MOST_OBJECTS and sum(one.isascii() and one.isdecimal() for one in plain) == len(
        ids
    )


def _together(cells: Sequence[Cell]) -> Iterable[str]:
    """Mistakes of the cells with each other; each by itself is right."""
    if sum(cell["treatment_percentage"] for cell in cells) > WHOLE:
        yield f"cells: treatment_percentage is over {WHOLE} together"
    if len({name for cell in cells for name in (*KINDS, "ads") if cell.get(name)}) > 1:
        yield "cells: campaigns are compared with campaigns, ad sets with ad sets"
    every = [one for cell in cells for one in objects_of(cell)]
    if twice := next((one for one in every if every.count(one) > 1), ""):
        yield f"cells: {twice} is in it twice"


def _of_ads(cells: Sequence[Cell], config: Mapping[str, Any], *, well: bool) -> Iterable[str]:
    if well and (len(cells) > MOST_ADS or any(len(cell.get("ads") or ()) != 1 for cell in cells)):
        yield f"cells: {OF_ADS} has 2 to {MOST_ADS}, each with one ad in ads"
    if well and sum(cell["treatment_percentage"] for cell in cells) != WHOLE:
        yield f"cells: treatment_percentage of {OF_ADS} is {WHOLE} together"
    if len(config.keys() & {"daily_budget", "lifetime_budget_percentage"}) != 1 or len(config) != 1:
        yield "creative_test_config: daily_budget or lifetime_budget_percentage, one of them"
