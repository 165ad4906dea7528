"""The matrix as docs/reliability.md shows it is the one that the cells are held to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN
from fault_operations import OPERATIONS
from fault_table import FAULTS, PLATFORMS, Fault

pytestmark = pytest.mark.anyio
PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- the matrix begins -->", "<!-- the matrix ends -->"
NAMES = {FACEBOOK: "Facebook", LINKEDIN: "LinkedIn", AMAZON: "Amazon"}
COLUMNS = tuple(dict.fromkeys(operation.name for operation in OPERATIONS))


def lines() -> Iterator[str]:
    """The table, and below it why a platform is otherwise."""
    why = list(dict.fromkeys(other.why for fault in FAULTS for other in fault.unlike))
    cells = [
        (fault, operation)
        for fault in FAULTS
        for operation in OPERATIONS
        if fault.word(operation.connector, operation.name)
    ]
    yield (
        f"{len(cells)} cells of {len(FAULTS)} faults, {len(COLUMNS)} operations, {len(PLATFORMS)} platforms:"
        " 0 changes made twice, 0 rows lost or given twice, 0 calls over their time, 0 credentials told."
    )
    yield ""
    yield f"| what goes wrong | {' | '.join(COLUMNS)} |"
    yield f"|---{'|---' * len(COLUMNS)}|"
    for fault in FAULTS:
        whose = "" if fault.platforms == PLATFORMS else f" ({', '.join(map(NAMES.get, fault.platforms))})"  # type: ignore[arg-type]
        told = " | ".join(_cell(fault, column, why) for column in COLUMNS)
        yield f"| {fault.name}{whose} | {told} |"
    yield ""
    yield from (f"{number}. {reason}." for number, reason in enumerate(why, 1))


def _cell(fault: Fault, operation: str, why: list[str]) -> str:
    there = {one.connector for one in OPERATIONS if one.name == operation} & {*fault.platforms}
    usual = fault.expected.get(operation, "") if there else ""
    others = [
        f"{NAMES[other.platform]}: {other.word} [{why.index(other.why) + 1}]"
        for other in fault.unlike
        if operation in other.operations and other.platform in there and other.word != usual
    ]
    return "; ".join([usual, *others]) if usual else "; ".join(others) or "-"


def test_the_page_has_the_table() -> None:
    """Every word in it is one that a cell checks; MCP_ADS_UPDATE_SNAPSHOTS=1 writes it anew."""
    text = PAGE.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    written = f"{head}{BEGIN}\n{chr(10).join(lines())}\n{END}{tail}"
    if os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS"):
        PAGE.write_text(written)
    assert text == written or os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS")
