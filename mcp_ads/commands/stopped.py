"""A command that is told to stop: a change on its way ends first, and what was done is said."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import TYPE_CHECKING

from mcp_ads.engine.answers.next_text import next_lines
from mcp_ads.engine.answers.outcome_text import outcome_lines
from mcp_ads.engine.changes.naming import plural
from mcp_ads.engine.workspace import plan_of
from mcp_ads.errors import AdsError
from mcp_ads.situation import in_shell
from mcp_ads.stopping_stdio import end_by

from .streams import note

if TYPE_CHECKING:
    from mcp_ads.engine.changes.plan import Plan
    from mcp_ads.engine.door import Engine

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
ONCE_MORE = "{name}: a change on its way ends first; once more ends at once"
BY_SIGNAL = 128
"""What a shell adds to a signal's number for the exit code."""


class Stops:
    """Hears signals for the task that makes it: the first cancels the task, the second ends the process.

    What the shell ignores for it, as Ctrl-C for a command in the background, stays ignored.
    """

    def __init__(self, *, changes: bool) -> None:
        self._task, self._changes = asyncio.current_task(), changes
        self._number = 0
        for name in SIGNALS if os.name == "posix" else ():
            number = getattr(signal, name)
            if signal.getsignal(number) != signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(number, self._told, number)

    @property
    def number(self) -> int:
        """The signal that came, 0 where none did; elsewhere than on POSIX only Ctrl-C cancels a command."""
        return self._number or (0 if os.name == "posix" else signal.SIGINT)

    @property
    def code(self) -> int:
        """The exit code of a command that was stopped."""
        return BY_SIGNAL + self.number

    def _told(self, number: int) -> None:
        if self._number:
            end_by(number)
        self._number = number
        if self._changes:
            say_still(ONCE_MORE.format(name=signal.Signals(number).name))
        if self._task:
            self._task.cancel()


def say_still(text: str) -> None:
    """Write a message, also where nobody can read it any more."""
    with contextlib.suppress(OSError, ValueError):
        note(f"mcp-ads: {text}")


def plan_left(workspace: Engine, plan_id: str) -> str:
    """What of a plan was done when applying it was stopped, from our records alone, and how it goes on."""
    try:
        plan = plan_of(workspace, plan_id)
    except AdsError as error:
        return f"stopped; {error.lines[0]}"
    lines = [
        _head(plan),
        *outcome_lines(plan)[1:],
        *next_lines(plan),
        _next(plan),
        "ads_describe(query=plan_id) shows it",
    ]
    return in_shell("\n".join(lines), plan.plan_id)


def _head(plan: Plan) -> str:
    count = len(plan.steps)
    lost = sum(step.state in ("unknown", "sending") for step in plan.steps)
    doubt = f", of {lost} nobody knows" if lost else ""
    return f"stopped: {plan.done} of {count} {plural('step', count)} done{doubt}"


def _next(plan: Plan) -> str:
    states = {step.state for step in plan.steps}
    if states & {"unknown", "sending"}:
        return "ads_apply(plan_id) sends nothing, and says what reading shows"
    if "failed" not in states and "ready" in states:
        return "ads_apply(plan_id) sends the rest"
    return "ads_apply(plan_id) sends nothing, and says what became of it, with its undo"


def call_left(workspace: Engine, before: int) -> str:
    """Whether anything was changed since the log of changes had this size."""
    if workspace.audit.size() == before:
        return "stopped; nothing was changed"
    return (
        "stopped; what was sent, by this command or another meanwhile, stands with its outcome in the last "
        f"lines of {workspace.audit.place}"
    )
