"""Whether what a create was answered with is what it made: read before anything is built on that."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Write
from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.likeness import unlike
from mcp_ads.engine.changes.moments import Left, left_at
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step, quoted, shown_id
from mcp_ads.engine.changes.wording import short
from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.session import objects
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, NoRecord, NotFound, OutcomeUnknown, UnknownAction

from .evidence import APART, LOOKS, RESERVE
from .send import note
from .verdicts import by_now, how_to_check, made_at, when_made

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
                self._doubt(index, error)
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

    def _since(self, index: int) -> Left:
        """Before when what a step has made was not there: when it left, or when the plan was made."""
        made = datetime.fromtimestamp(self._plan.created, UTC)
        session = self._workspace.session_of(self._plan.steps[index])
        return by_now(session, left_at(self._plan.steps[index].left) or Left(made))

    async def _look(self, index: int) -> AdsError | None:
        step, since = self._plan.steps[index], self._since(index)
        session = self._workspace.session_of(step)
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

    def _doubt(self, index: int, error: OutcomeUnknown) -> None:
        """Have nobody know any more whether a step was done, in the plan and in the log."""
        step, since = self._plan.steps[index], self._since(index)
        session = self._workspace.session_of(step)
        step.id = ""
        note(session, step, error, how_to_check(session, step, since.said), since)
        with suppress(NoRecord):
            self._workspace.plans.journal(self._plan, index)
            self._workspace.audit.note(step, self.who, self._plan.plan_id, self._plan.ref(index))


async def _check(session: Session, step: Step, ids: Mapping[int, str], since: Left) -> None:
    """Read what a step was answered with. Raises OutcomeUnknown where that is another object, AdsError where
    nothing shows what it is.
    """
    call = call_of(session.connector, step, ids)
    if call.shares or call.told_later:
        return
    names = _identity(call)
    dated = [path for path in call.made_at if path in (call.lookup().get("fields") or ())]
    with suppress(UnknownAction):  # without a list, nothing tells which fields there are
        dated += filter(None, [when_made(session, step)])
    fields = [*names, *dated[:1]]
    try:
        record = await objects.fetch(session, step.entity, step.id, step.owner, fields, step.params)
    except UnknownAction:
        return  # nothing here can read it
    currency = step.account["currency"] if step.account else ""
    otherwise = (
        [name for name in unlike(call, record, currency, names) if name != call.name_at] if names else []
    )
    was, now, at = call.name_in(call.sets()), call.name_in(record), made_at(call, record)
    if was and now and was.split() == now.split():  # a rule or a person may have switched it since
        otherwise = [name for name in otherwise if name not in call.states.fields]
    shown = [f"{name} {short(record.get(name))}" for name in otherwise]
    if was and now and now.split() != was.split():
        shown.insert(0, quoted(now))
    if at and since.is_after(at, session.transport.clock.ahead(datetime.now(UTC))):
        shown.append(f"made {at:%Y-%m-%d %H:%M} UTC, before this")
    if shown:
        raise OutcomeUnknown(
            f"the platform answered {shown_id(step.id)}, which reads as something else: {', '.join(shown)}; "
            "nothing was built on it"
        )


def _identity(call: Write) -> Sequence[str]:
    """The fields that a call sets which tell what it makes from another: its parents and its state."""
    fields: dict[str, Any] = type(call).model_fields
    parents = [fields[name].alias or name for name in call.parents if name in fields]
    sets = call.sets()
    return [name for name in dict.fromkeys([call.name_at, *call.states.fields, *parents]) if name in sets]
