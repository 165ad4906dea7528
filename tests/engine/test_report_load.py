"""What a large report costs everything else: other calls are answered meanwhile, and memory stays bounded.

How long they take is measured by `python -m benchmarks large_report`, where nothing else runs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.large_report import MOST_DISK_MB, MOST_MB, MOST_MORE_MB, ROWS, measured

SOME = 5


@pytest.mark.slow
def test_other_calls_go_on_meanwhile(tmp_path: Path) -> None:
    """While a report of some megabytes is read, other calls are answered."""
    found = measured(tmp_path, 15_000)
    assert (found["total"], found["first"]) == (15_000, 20.5)
    assert found["calls"] >= SOME


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_report_of_a_million_rows(tmp_path: Path) -> None:
    """Many calls are answered meanwhile, and it takes little memory and disk."""
    found = measured(tmp_path, ROWS)
    assert found["total"] == ROWS
    assert found["peak"] < MOST_MB
    assert found["peak"] - found["before"] < MOST_MORE_MB
    assert found["disk"] < MOST_DISK_MB
    assert found["calls"] >= 10 * SOME
