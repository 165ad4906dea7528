"""The table of reports as docs/reliability.md shows it is the one that the cells are held to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from engine_client import AMAZON, FACEBOOK, LINKEDIN
from report_table import PHASES, REPORTS, ROWS, Row

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- the reports begin -->", "<!-- the reports end -->"
NAMES = {FACEBOOK: "Facebook", LINKEDIN: "LinkedIn", AMAZON: "Amazon"}
WHY = list(dict.fromkeys(row.why for row in ROWS if row.why))


def lines() -> Iterator[str]:
    """The table, and below it why a platform is otherwise."""
    cells = [(row, one) for row in ROWS for one in REPORTS if _has(row, one.connector)]
    count = sum(bool(row.word(one.connector, one.name)) for row, one in cells)
    yield (
        f"{count} cells. In all: 0 reports ordered twice by a call, 0 rows lost or given twice, 0 calls over "
        "their time, 0 credentials told."
    )
    yield ""
    yield f"| what goes wrong | {' | '.join(PHASES)} |"
    yield f"|---{'|---' * len(PHASES)}|"
    for row in ROWS:
        yield f"| {row.name} | {' | '.join(_cell(row, phase) for phase in PHASES)} |"
    yield ""
    yield from (f"{number}. {reason}." for number, reason in enumerate(WHY, 1))


def _has(row: Row, platform: str) -> bool:
    return platform != LINKEDIN or not str(row.how["kind"]).startswith("report-")


def _cell(row: Row, phase: str) -> str:
    there = [one.connector for one in REPORTS if one.name == phase and _has(row, one.connector)]
    words = {platform: row.word(platform, phase) or "-" for platform in there}
    usual = row.words[PHASES.index(phase)]
    others = {platform: word for platform, word in words.items() if word != usual}
    if not usual:
        return "-"
    if len(set(words.values())) == 1:
        [word] = set(words.values())
        return word
    mark = f" [{WHY.index(row.why) + 1}]" if row.why else ""
    told = [f"{NAMES[platform]}: {word}{mark}" for platform, word in others.items()]
    return "; ".join([usual, *told])


def test_the_page_has_the_table() -> None:
    """Every word in it is one that a cell checks; MCP_ADS_UPDATE_SNAPSHOTS=1 writes it anew."""
    text = PAGE.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    written = f"{head}{BEGIN}\n{chr(10).join(lines())}\n{END}{tail}"
    if os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS"):
        PAGE.write_text(written)
    assert text == written or os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS")
