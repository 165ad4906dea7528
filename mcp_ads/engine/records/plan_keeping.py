"""What is the same of plans wherever they are kept: how they follow one another, what their journal says."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from mcp_ads.engine.changes.naming import plan_id as name_of
from mcp_ads.engine.changes.plan import Plan, PlanState
from mcp_ads.engine.changes.steps import Step
from mcp_ads.errors import StalePlan, UnknownPlan

from .plan_shape import settle_lost

KEPT = 30 * 24 * 3600
LIKE_AN_ID = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
NOTHING = "nothing"
"""What took the place of a plan that became void without a successor."""


class PlanKeeping(ABC):
    """Plans by their ids; each place that keeps them finds, holds and writes them in its own way."""

    lists: ClassVar[str]
    """What lists the plans that are ready, for people."""

    def keep(
        self,
        steps: list[Step],
        owner: str,
        excluded: list[dict[str, Any]],
        instead_of: Plan | None = None,
        selections: Sequence[str] = (),
    ) -> Plan:
        """A new plan of these steps, in the place of an open one if named. Raises NoRecord, StalePlan."""
        undoes = instead_of.undoes if instead_of else ""
        found = [*(instead_of.selections if instead_of else ()), *selections]
        plan = Plan(name_of(steps), steps, owner, excluded, undoes=undoes, selections=found)
        if instead_of:
            self.replace(instead_of, plan)
        else:
            self.add(plan)
        return plan

    def get(self, plan_id: str) -> Plan:
        """A plan in any state but void, with what its journal says. Raises UnknownPlan, NoRecord."""
        plan = self.whichever(plan_id)
        if plan.state == "void":  # what took its place is for those who may have that plan
            raise UnknownPlan("this plan is void", fix="make the plan again")
        return plan

    def whichever(self, plan_id: str) -> Plan:
        """The same, also of a plan that another one replaced. Raises UnknownPlan, NoRecord."""
        plan = self._found(plan_id)
        if plan is None or plan.plan_id != plan_id:
            named = f"plan {plan_id[:120]!r}" if LIKE_AN_ID.fullmatch(plan_id) else "such plan"
            raise UnknownPlan(
                f"no {named}: only a whole plan_id is valid" if plan_id else "plan_id: empty",
                fix=f"make the plan again; {self.lists} those that are ready",
            )
        return plan

    def replace(self, old: Plan, new: Plan) -> None:
        """Keep a plan that takes another's place. Raises StalePlan when that one is no longer open."""
        with self._held(old.plan_id):
            if (now := self.get(old.plan_id)).state != "ready":
                raise StalePlan(f"this plan is {now.state} already; make a new one without append_to")
            self.succeed(old, new)

    def void(self, plan: Plan) -> None:
        """Close an open plan that no other plan replaces. Raises NoRecord."""
        plan.replaced_by = NOTHING
        self.finish(plan, "void")

    def journal(self, plan: Plan, *indexes: int) -> None:
        """Write down the states of some steps before going on. Raises NoRecord, also for another's plan."""
        self._add(plan, *(_state_of(index, plan.steps[index]) for index in indexes))

    def journal_part(self, plan: Plan, index: int, part: int, state: str, kept: Mapping[str, Any]) -> None:
        """Write down that a part of a step is "sending", or "done" with what is kept, or was "refused".

        One that was refused counts as never sent. Raises NoRecord.
        """
        self._add(plan, {"step": index, "part": part, "state": state, "kept": dict(kept)})

    def lost(self, plan: Plan) -> list[int]:
        """The steps that were being sent when their process died, by index: unknown from now on."""
        return settle_lost(plan)

    @abstractmethod
    def add(self, plan: Plan) -> None:
        """Keep a new plan. Raises NoRecord."""

    @abstractmethod
    def succeed(self, old: Plan, new: Plan) -> None:
        """Keep a plan in the place of one that is held. Raises NoRecord; then the old one stays as it was."""

    @abstractmethod
    def finish(self, plan: Plan, state: PlanState) -> None:
        """Write down what the plan became. Raises NoRecord."""

    @abstractmethod
    def _found(self, plan_id: str) -> Plan | None: ...

    @abstractmethod
    def _held(self, plan_id: str) -> AbstractContextManager[None]: ...

    @abstractmethod
    def _add(self, plan: Plan, *lines: Mapping[str, Any]) -> None: ...


def _state_of(index: int, step: Step) -> dict[str, Any]:
    """The line a journal has for the state of a step."""
    line = {"step": index, "state": step.state, "id": step.id, "error": step.error}
    known = {"proven": step.proven, "left": step.left}
    return line | {name: value for name, value in known.items() if value}


def listed(found: Iterable[Plan | None]) -> list[Plan]:
    """Those of these plans that are open or were applied, oldest first."""
    kept = [plan for plan in found if plan and plan.state != "void"]
    return sorted(
        (plan for plan in kept if plan.state != "ready" or not plan.expired),
        key=lambda plan: (plan.created, plan.plan_id),
    )


def ended(plan: Plan, state: PlanState) -> None:
    """Have a plan be what it became, without the addresses that were typed for it."""
    plan.state = state
    for step in plan.steps:
        step.forget_addresses()
