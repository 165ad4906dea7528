"""A process that applies plans until all are applied, and prints what it sends: run as a program."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from kept_records import Kept

from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.records.store import Records
from mcp_ads.errors import StalePlan

ROUNDS = 3


def go_on(records: Records, plan_id: str) -> None:
    """Send what is left of a plan, unless another process has it. Raises NoRecord."""
    plans = records.plans
    with plans.claim(plan_id) as plan:
        if plan.state not in ("ready", "applying"):
            return
        plans.lost(plan)
        for index, step in enumerate(plan.steps):
            if step.state == "ready":
                step.state = "sending"
                plans.journal(plan, index)
                records.audit.note(step, Who("client:1"), plan_id, f"{plan_id}{index}")
                sys.stdout.write(f"{plan_id} {index}\n")
                sys.stdout.flush()
                step.state = "done"
                plans.journal(plan, index)
        plans.finish(plan, "unknown" if any(step.state == "unknown" for step in plan.steps) else "applied")


def main(home: str, url: str, *plan_ids: str) -> None:
    """Apply these plans in an order of its own, each as often as others may have left it."""
    kept = Kept(Path(home), url, made=True)
    records = kept.records()
    for plan_id in ROUNDS * random.sample(plan_ids, len(plan_ids)):
        try:
            go_on(records, plan_id)
        except StalePlan:
            continue
    kept.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
