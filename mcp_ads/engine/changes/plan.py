"""A plan: steps in order under one approval, and how far they are. Pure."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from mcp_ads.errors import UnknownPlan

from .steps import Step

PlanState = Literal["ready", "applying", "applied", "partial", "unknown", "void"]


LIFE = 24 * 3600


SPENDING_LIFE = 3600


APPEND_TO = ("append_to", "appendTo")
"""What names the plan that a call adds to."""


FINISHED = ("applied", "partial", "unknown")


@dataclass
class Plan:
    """Steps in order, who made them, and until when they may be applied (Unix seconds).

    `undo` is the plan that takes it back, `undoes` the one it takes back itself, `replaced_by` the one that
    took its place when it became void.
    `selections` are the lines that say how its objects were found: by which condition and of which days, as
    of when, how many of how many, what was nearly among them, and that all of it could be read.
    `damaged` says that lines of its journal cannot be read, so nobody knows what was sent.
    """

    plan_id: str
    steps: list[Step]
    owner: str
    excluded: list[dict[str, Any]] = field(default_factory=list)
    created: float = field(default_factory=time.time)
    state: PlanState = "ready"
    undo: str = ""
    finished: float = 0.0
    replaced_by: str = ""
    damaged: bool = False
    undoes: str = ""
    selections: list[str] = field(default_factory=list)

    def standing(self) -> Plan:
        """Itself. Raises UnknownPlan that names what took its place: only for who may have that plan."""
        if self.state == "void":
            raise UnknownPlan(f"this plan is void: {self.replaced_by} took its place")
        return self

    @property
    def expires(self) -> float:
        spends = any(step.raises or step.raw for step in self.steps)
        return self.created + (SPENDING_LIFE if spends else LIFE)

    @property
    def expired(self) -> bool:
        return self.expires < time.time()

    @property
    def open(self) -> bool:
        """Whether something of it may still be sent."""
        return self.state not in (*FINISHED, "void") and not (self.state == "ready" and self.expired)

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)

    @property
    def accounts(self) -> list[tuple[str, str]]:
        """The accounts its steps are about, each with its connector."""
        return [(step.connector, step.account["id"]) for step in self.steps if step.account]

    def taken_back(self, *undos: Plan) -> int:
        """How many of its steps these plans have undone, each as a whole.

        What has no id but a key made of others is told by what its undo was asked with.
        """
        back = [step for undo in undos for step in undo.steps if step.state == "done"]
        done = Counter(
            (step.connector, step.object_id) for step in self.steps if step.state == "done" and not step.stays
        )
        by_id = Counter((step.connector, step.object_id) for step in back) & done
        left = Counter(
            (step.connector, value)
            for step in back
            if (step.connector, step.object_id) not in by_id
            for value in {*map(str, step.asked.values())}
        )
        return (by_id + (left & (done - by_id))).total()

    @property
    def ids(self) -> dict[int, str]:
        """The ids of what is done, by the step's number: what references mean."""
        return {n: step.object_id for n, step in enumerate(self.steps, 1) if step.state == "done"}

    def ref(self, index: int) -> str:
        """What the log calls one of its steps."""
        return f"{self.plan_id.rpartition('.')[2]}.{index + 1}"

    def to_json(self) -> dict[str, Any]:
        """Its fields, with the steps as they are."""
        return {**vars(self), "expires": self.expires}
