"""Processes that apply the same plans at the same moment, one of which is killed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import applying_plans
import pytest
from kept_records import OURS, a_step, kept

from mcp_ads.host.records.audit import verify

pytestmark = pytest.mark.slow
PLANS, STEPS, PROCESSES, BEFORE = 25, 3, 4, 5


def test_no_step_is_sent_twice(database_url: str, tmp_path: Path) -> None:
    """Every step is sent once, also where its process is killed; at most one is unknown; the log is whole."""
    with kept(tmp_path, database_url) as made:
        plans = made.records().plans
        ids = [
            plans.keep([a_step(f"{number}{n}") for n in range(STEPS)], "client:1", []).plan_id
            for number in range(PLANS)
        ]
        command = [sys.executable, applying_plans.__file__, str(tmp_path), database_url, *ids]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
        assert running[0].stdout is not None
        sent = [running[0].stdout.readline() for _ in range(BEFORE)]
        running[0].kill()
        for process in running:
            sent += process.communicate()[0].splitlines(keepends=True)
        assert [process.returncode for process in running[1:]] == [0] * (PROCESSES - 1)
        assert set(Counter(line for line in sent if line.strip()).values()) == {1}
        steps = Counter(step.state for plan in plans.all() for step in plan.steps)
        assert steps["done"] + steps["unknown"] == PLANS * STEPS
        assert steps["unknown"] <= 1
        assert verify(made.database, OURS) == []
