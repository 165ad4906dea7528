"""Whether what a create was answered with is what it made: read before anything is built on that."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.moments import Left
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step, shown_id
from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.session import objects
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, NoRecord, NotFound, OutcomeUnknown, UnknownAction

from .evidence import APART, LOOKS, RESERVE
from .own import dated, identity, left_before, strange
from .read_back import Look
from .send import note
from .verdicts import how_to_check

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace


class Made:
    """What was made of a plan, in this call or one before, each read before the first step that builds on it
    is sent, until a reading has shown what it is.
    """

    def __init__(self, workspace: Workspace, plan: Plan, who: Who) -> None:
        self._workspace, self._plan, self.who = workspace, plan, who

    async def bears(self, steps: Sequence[Step], *, before: bool = False) -> bool:
        """Whether all that these steps build on is what the plan has made; else they are not to be sent.

        What is another object's is of unknown outcome from now on; what cannot be read is left as it is, and
        the steps say why they wait. What is not there is let be where all is compared after this and `before`
        anything is sent.
        """
        named, of = sorted({number for step in steps for number in step.refs}), self._plan.steps
        made = [at - 1 for at in named if at <= len(of) and of[at - 1].makes]
        made = [index for index in made if of[index].state == "done" and not of[index].proven]
        with gathered():
            looks = await asyncio.gather(*map(self._look, made))
        errors = dict(zip(made, looks, strict=True))
        for index, error in errors.items():
            if isinstance(error, OutcomeUnknown):
                self.doubt(index, error)
            elif error is None:
                of[index].proven = True
                with suppress(NoRecord):  # then the next call reads it once more
                    self._workspace.plans.journal(self._plan, index)
        errors = {at: one for at, one in errors.items() if one and not (before and isinstance(one, NotFound))}
        for step in steps:
            waits = next((errors[number - 1] for number in step.refs if number - 1 in errors), None)
            if waits and not isinstance(waits, OutcomeUnknown):
                step.error = as_row(0, waits)
        return not errors

    async def _look(self, index: int) -> AdsError | None:
        step = self._plan.steps[index]
        session = self._workspace.session_of(step)
        since = left_before(session, self._plan, step)
        for number in range(1, LOOKS + 1):
            try:
                await _check(session, step, self._plan.ids, since)
            except NotFound as error:
                if number == LOOKS or left() < RESERVE:
                    error.fix = "call again: what was just made may take a moment to be found"
                    return error
                await asyncio.sleep(APART)
            except AdsError as error:
                return error
            else:
                return None
        return None

    def doubt(self, index: int, error: OutcomeUnknown) -> None:
        """Have nobody know any more whether a step was done, in the plan and in the log."""
        step = self._plan.steps[index]
        session = self._workspace.session_of(step)
        since = left_before(session, self._plan, step)
        step.id = ""
        note(session, step, error, how_to_check(session, step, since.said), since)
        with suppress(NoRecord):
            self._workspace.audit.note(step, self.who, self._plan.plan_id, self._plan.ref(index))
        with suppress(NoRecord):
            self._workspace.plans.journal(self._plan, index)


async def _check(session: Session, step: Step, ids: Mapping[int, str], since: Left) -> None:
    """Read what a step was answered with. Raises OutcomeUnknown where that is another object, AdsError where
    nothing shows what it is.
    """
    call = call_of(session.connector, step, ids)
    if call.shares or call.told_later:
        return
    fields = [*identity(call), *dated(session, step, call)]
    try:
        record = await objects.fetch(session, step.entity, step.id, step.owner, fields, step.params)
    except UnknownAction:
        return  # nothing here can read it
    if shown := strange(session, step, call, record, since):
        raise of_another(step, shown)


def of_another(step: Step, shown: Sequence[str]) -> OutcomeUnknown:
    """The error of a create that was answered with the id of what reads as something else."""
    what = f"the platform answered {shown_id(step.id)}, which reads as something else: {', '.join(shown)}"
    return OutcomeUnknown(f"{what}; nothing was built on it")


def judge(workspace: Workspace, plan: Plan, seen: Mapping[int, Look]) -> Sequence[int]:
    """Settle by what was read of new objects which are what was made; those that are another's, by index, are
    of unknown outcome from now on.
    """
    prove(plan, seen)
    strangers = [index for index, look in seen.items() if look.strange]
    for index in strangers:
        Made(workspace, plan, workspace.who()).doubt(
            index, of_another(plan.steps[index], seen[index].strange)
        )
    return strangers


def prove(plan: Plan, seen: Mapping[int, Look]) -> bool:
    """Note which new objects reading shows to be what was made; whether these are more than before."""
    shown = [plan.steps[index] for index, look in seen.items() if look.proves]
    new = any(step.makes and not step.proven for step in shown)
    for step in shown:
        step.proven = step.makes
    return new
