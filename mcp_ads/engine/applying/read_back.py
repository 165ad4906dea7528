"""What reading shows of a plan that was carried out: every object, as far as the call's time goes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.engine.answers.outcome_text import MOST_ERROR, is_counted
from mcp_ads.engine.answers.shape import cut
from mcp_ads.engine.answers.step_text import MOST_STEPS
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.likeness import parts_unlike, unlike
from mcp_ads.engine.changes.moments import Left
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.references import fill_refs
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.sums import raising_first
from mcp_ads.engine.changes.wording import now_said, short
from mcp_ads.engine.session import objects
from mcp_ads.engine.wire.deadline import left
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import AdsError, NotFound, PlatformDown, RateLimited, UnknownAction

from .own import dated, identity, left_before, strange
from .verdicts import effect_seen, verdict

if TYPE_CHECKING:
    from mcp_ads.core import Write
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

MOST_READ = 1000
READ_AT_ONCE = 200
MOST_DIFFERENT = 10
FOR_THE_UNDO = 22.0
"""Seconds of a call that are kept for making the undo while there is more to read back."""


@dataclass(frozen=True)
class Look:
    """What reading shows of one step, and whether that is as it was set; None where nobody can tell.

    Of a new object it `proves` that it is what was made, or has what is `strange` to that, in words. `later`
    is why another look may show more.
    """

    text: str
    as_set: bool | None = None
    head: str = "read back: "
    proves: bool = False
    strange: Sequence[str] = ()
    later: str = ""

    @property
    def said(self) -> str:
        """The line that its step has in the answer."""
        return f"{self.head}{self.text}"


async def seen_of(workspace: Workspace, plan: Plan) -> dict[int, Look]:
    """What reading shows of the steps that were done or may have been, by index; without a text where it
    shows nothing.

    Those that may have been, those an answer shows and what was made are read in any case, the others while
    there is time: an undo removes only what reads as it was made. Of what may have been made each takes a
    list, unless one list shows several.
    """
    lost = [index for index, step in enumerate(plan.steps) if step.state == "unknown"]
    later = [index for index in lost if not plan.steps[index].subject][MOST_STEPS:]
    done = [index for index in raising_first(plan.steps) if plan.steps[index].state == "done"]
    removable = [index for index in done if plan.steps[index].makes]
    wanted = {*lost, *done[:MOST_STEPS], *removable} - {*later}
    looks = await looks_at(workspace, plan, sorted(wanted))
    rest = [*later, *done][:MOST_READ] if plan.state != "applying" else []
    rest = [index for index in rest if index not in wanted]
    for first in range(0, len(rest), READ_AT_ONCE):
        if left() < FOR_THE_UNDO:
            break
        looks |= await looks_at(workspace, plan, rest[first : first + READ_AT_ONCE])
    return looks


async def looks_at(workspace: Workspace, plan: Plan, wanted: Sequence[int]) -> dict[int, Look]:
    """What reading shows of these steps."""
    ids, again = plan.ids, _set_again(plan)

    async def look(index: int) -> Look:
        step = plan.steps[index]
        if step.state == "unknown":
            return Look(await verdict(workspace, replace(step, params=fill_refs(step.params, ids))), head="")
        session = workspace.session_of(step)
        since = left_before(session, plan, step) if step.makes and not step.proven else None
        return await read_back(session, step, ids, again[index], since)

    with gathered():
        looks = await asyncio.gather(*map(look, wanted))
    return dict(zip(wanted, looks, strict=True))


def read_back_lines(plan: Plan, seen: Mapping[int, Look]) -> list[str]:
    """The read-back in sum, where not every step of the plan is shown with its own."""
    done = [index for index, step in enumerate(plan.steps) if step.state == "done"]
    if plan.state == "applying" or not is_counted(plan) or not done:
        return []
    read = {index: seen[index] for index in done if index in seen and seen[index].as_set is not None}
    differ = [index for index, look in read.items() if not look.as_set]
    unread = next((f"; the others: {seen[index].text}" for index in done if index in seen.keys() - read), "")
    late = "; there was no time for more" if len(read) < len(done) and not unread else ""
    named = [f"{index + 1}. {plan.steps[index].target} {read[index].text}" for index in differ]
    more = [f"and {len(named) - MOST_DIFFERENT} more"] if len(named) > MOST_DIFFERENT else []
    lines = [f"   {cut(line, MOST_ERROR)}" for line in [*named[:MOST_DIFFERENT], *more]]
    return [f"read back: {_count(len(done), len(read), len(differ))}{unread}{late}", *lines]


def _count(done: int, read: int, differ: int) -> str:
    good = f"{read - differ} as set and {differ} not" if differ else f"all {read} as set"
    if read == done:
        return good
    return f"{read} of {done} read{f', {good}' if read else ''}"


def _set_again(plan: Plan) -> list[frozenset[str]]:
    """For each step, the fields of its object that later steps set once more."""
    later, set_later = defaultdict[tuple[str, str], frozenset[str]](frozenset), list[frozenset[str]]()
    for step in reversed(plan.steps):
        whose = step.connector, step.object_id
        set_later.append(later[whose])
        later[whose] |= step.changes.keys()
    return set_later[::-1]


async def read_back(
    session: Session, step: Step, ids: Mapping[int, str], again: AbstractSet[str], since: Left | None = None
) -> Look:
    """The changed fields as the platform has them now; of something new, its state and money.

    `again` are those that later steps set, `ids` what references mean. Before `since`, what is new was not
    there: given where it is to be shown that it is what was made.
    """
    params = fill_refs(step.params, ids)
    try:
        call = call_of(session.connector, step, ids)
        if call.told_later:
            return Look(call.told_later.format(id=step.object_id))
        if not step.shows:
            return Look(*await effect_seen(session, replace(step, params=params)))
        since = None if call.shares else since  # what was there already may be the answer
        telling = [*identity(call), *dated(session, step, call)] if since else []
        fields = [*dict.fromkeys([*step.changes, *telling])]
        record = await objects.fetch(session, step.entity, step.object_id, step.owner, fields, params)
    except NotFound:
        gone = step.erases or bool(step.irreversible and step.ending)
        return Look("it is not there any more" if gone else "it is NOT THERE", as_set=gone)
    except UnknownAction:
        return Look(f"no {step.noun} can be read by itself here; its list shows it")
    except AdsError as error:
        passing = isinstance(error, PlatformDown | RateLimited)
        return Look(f"not possible now ({error.lines[0]})", later=error.lines[0] if passing else "")
    if step.erases:
        return Look("DIFFERS: it can still be read", as_set=False)
    return _shown_of(session, step, call, record, again, since)


def _shown_of(
    session: Session,
    step: Step,
    call: Write,
    record: Mapping[str, Any],
    again: AbstractSet[str],
    since: Left | None,
) -> Look:
    """What a record shows of a change that was made to it, or of what was made before it was there."""
    currency = step.account["currency"] if step.account else ""
    differs = [name for name in unlike(call, record, currency) if name not in again]
    shown = list(now_said(call, record, step.account))
    shown += [f"{name} {short(record.get(name))}" for name in differs if step.makes]
    nested = (name for name in differs if isinstance(record.get(name), dict | list))
    shown += [
        cut(part, MOST_ERROR)
        for name in nested
        for part in parts_unlike(name, record[name], step.changes[name])
    ]
    others = strange(session, step, call, record, since) if since else ()
    said = "; ".join(dict.fromkeys([*shown, *others])) or "it is there"
    as_set = not (differs or others)
    return Look(said if as_set else f"DIFFERS: {said}", as_set, proves=not others, strange=others)
