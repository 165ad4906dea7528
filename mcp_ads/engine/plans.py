"""Plans on disk: made in one process, applied in another, never applied twice.

`<sha256(plan_id)>.json` holds the plan; while it is applied the file is named `.applying.json` and a journal beside it
gets a line, on disk before each request is sent and after each answer, so that a killed process leaves no doubt about
what was under way. `.done.json` is what it became.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from ..errors import NoRecord, StalePlan, UnknownPlan
from .lock import Busy, locked
from .steps import Step

PlanState = Literal["ready", "applying", "applied", "partial", "unknown"]
LIFE = 24 * 3600
SPENDING_LIFE = 3600
FINISHED = ("applied", "partial", "unknown")


@dataclass
class Plan:
    """Steps in order, who made them, and until when they may be applied (Unix seconds)."""

    plan_id: str
    steps: list[Step]
    owner: str
    excluded: list[dict[str, Any]] = field(default_factory=list)
    created: float = field(default_factory=time.time)
    state: PlanState = "ready"
    undo: str = ""

    @property
    def expires(self) -> float:
        spends = any(step.raises for step in self.steps)
        return self.created + (SPENDING_LIFE if spends else LIFE)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "expires": self.expires}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Plan:
        steps = [Step.from_json(each) for each in kept["steps"]]
        known = {name: value for name, value in kept.items() if name not in ("steps", "expires")}
        return cls(steps=steps, **known)


class PlanStore:
    """The plans of one MCP_ADS_HOME."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, plan: Plan) -> None:
        """Keep a new plan. Raises NoRecord when it cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._file(plan.plan_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                _write(file, plan)
        except OSError as error:
            raise NoRecord(
                f"the plan cannot be kept ({error.strerror}), so nothing is changed", fix=f"make {self.folder} writable"
            ) from None

    def get(self, plan_id: str) -> Plan:
        """A plan in whatever state, with what its journal says. Raises UnknownPlan."""
        for suffix in ("", ".applying", ".done"):
            with contextlib.suppress(OSError, ValueError):
                kept = json.loads(self._file(plan_id, suffix).read_text(encoding="utf-8"))
                return self._with_journal(Plan.from_json(kept))
        raise UnknownPlan(
            f"no plan {plan_id[:120]!r}: only a whole plan_id is valid, and appending to a plan gives it a new one",
            fix="make the plan again, or list open ones with `mcp-ads plans`",
        )

    def void(self, plan: Plan) -> None:
        """Forget a plan that another one replaces."""
        self._file(plan.plan_id).unlink(missing_ok=True)

    def all(self) -> list[Plan]:
        """Every plan kept, oldest first; expired ones that were never applied are forgotten."""
        plans = []
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                plans.append(self._with_journal(Plan.from_json(json.loads(path.read_text(encoding="utf-8")))))
        for each in plans:
            if each.state == "ready" and each.expires < time.time():
                self.void(each)
        kept = [each for each in plans if each.state != "ready" or each.expires >= time.time()]
        return sorted(kept, key=lambda each: each.created)

    @contextlib.contextmanager
    def claim(self, plan_id: str) -> Iterator[Plan]:
        """The plan for this process alone. Raises StalePlan while another process applies it, UnknownPlan."""
        self.get(plan_id)
        try:
            with locked(self._file(plan_id, ".lock")):
                with contextlib.suppress(FileNotFoundError):
                    self._file(plan_id).rename(self._file(plan_id, ".applying"))
                yield self._lost_is_unknown(self.get(plan_id))
        except Busy:
            raise StalePlan("another process is applying this plan at this moment; ask again when it is done") from None

    def release(self, plan: Plan) -> None:
        """Give back a plan nothing was done of."""
        self._file(plan.plan_id, ".applying").rename(self._file(plan.plan_id))

    def journal(self, plan: Plan, index: int) -> None:
        """Write down a step's state before going on."""
        step = plan.steps[index]
        line = {"step": index, "state": step.state, "id": step.id, "error": step.error}
        handle = os.open(self._journal(plan.plan_id), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (json.dumps(line) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def finish(self, plan: Plan, state: PlanState) -> None:
        """Write down what the plan became."""
        plan.state = state
        draft = self._file(plan.plan_id, ".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            _write(file, plan)
        draft.replace(self._file(plan.plan_id, ".done"))
        for suffix in (".applying", ".lock"):
            self._file(plan.plan_id, suffix).unlink(missing_ok=True)
        self._journal(plan.plan_id).unlink(missing_ok=True)

    def _with_journal(self, plan: Plan) -> Plan:
        path = self._journal(plan.plan_id)
        for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            with contextlib.suppress(ValueError):
                line = json.loads(text)
                step = plan.steps[line["step"]]
                step.state, step.id, step.error = line["state"], line["id"], line["error"]
                plan.state = "applying" if plan.state == "ready" else plan.state
        return plan

    def _lost_is_unknown(self, plan: Plan) -> Plan:
        """A step that was being sent when its process died may have been done; it is never sent again."""
        for index, step in enumerate(plan.steps):
            if step.state == "sending":
                step.state = "unknown"
                step.error = {"code": "OutcomeUnknown", "message": "the process ended while this was being sent"}
                self.journal(plan, index)
        return plan

    def _file(self, plan_id: str, suffix: str = "") -> Path:
        end = suffix if suffix == ".lock" else f"{suffix}.json"
        return self.folder / f"{hashlib.sha256(plan_id.encode()).hexdigest()}{end}"

    def _journal(self, plan_id: str) -> Path:
        return self._file(plan_id).with_suffix(".journal")


def _write(file: IO[str], plan: Plan) -> None:
    json.dump(plan.to_json(), file, ensure_ascii=False, default=str)
    file.flush()
    os.fsync(file.fileno())
