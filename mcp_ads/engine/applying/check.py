"""Whether a plan may still be carried out: allowed, as it was agreed to, against what is there now."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Write, money
from mcp_ads.core.kept import Kept, marks
from mcp_ads.engine.changes import values
from mcp_ads.engine.changes.calls import call_of, compared, requests_of
from mcp_ads.engine.changes.likeness import contradicts, unlike
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Budget, Step
from mcp_ads.engine.changes.wording import short
from mcp_ads.engine.planning.asked import Asked
from mcp_ads.engine.planning.draft import make_step
from mcp_ads.engine.planning.policy import check_caps, check_raw, check_scope
from mcp_ads.engine.planning.protected import check_planned
from mcp_ads.engine.records.private_content import check_kept
from mcp_ads.engine.session import objects
from mcp_ads.engine.session.within import keep_within
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import CallError, NotFound, PlatformDown, StalePlan, UnknownAction

from .agreed import check_credentials
from .own import check_removals
from .twins import made_since

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

MINOR = money.Spend("lifetime", "minor")
AGAIN = "nothing was changed: call again, or make the plan again"


class Drifted(Exception):
    """What a plan was made from is no longer so; one line per difference."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


async def check_allowed(workspace: Workspace, plan: Plan, ready: Sequence[int]) -> None:
    """What must hold before anything is read for these steps: what may be changed, and what was agreed to.

    Raises AdsError.
    """
    workspace.audit.check()
    steps = [plan.steps[index] for index in ready]
    for step in steps:
        session = workspace.session_of(step)
        await session.look_up()
        _check_step(workspace, step)
        if session.accounts.limited:
            call, named = call_of(session.connector, step), (step.account or {}).get("id", "")
            await keep_within(session, session.accounts, call, named)
    await _check_content(workspace, steps)
    check_caps(workspace.settings.caps, steps, workspace.audit)


async def check_unchanged(workspace: Workspace, plan: Plan, ready: Sequence[int]) -> None:
    """What must still be so before the first of these steps is sent. Raises Drifted or AdsError.

    What delivers or moves money is priced again, with parents and children as they are now, and the caps
    hold for that. What a plan reads beside its object is read again: what forbids the change now, and what
    would go along with it that nobody has agreed to. What was made meanwhile is not made once more.
    """
    steps = [plan.steps[index] for index in ready]
    check_removals(workspace, plan, steps)
    if made := made_since(workspace, plan, steps):
        raise Drifted(made)
    looked = [_look(workspace, plan, index) for index in ready]
    looked += [_still_as_made(workspace, plan, step) for step in _built_upon(plan, steps)]
    with gathered():
        looks = await asyncio.gather(*looked)
    if lines := [line for _, some in looks for line in some]:
        raise Drifted(list(dict.fromkeys(lines)))
    sessions = [workspace.session_of(step) for step in steps]
    await check_planned(sessions, plan.steps, ready, plan.ids)
    check_caps(workspace.settings.caps, [fresh for fresh, _ in looks[: len(ready)]], workspace.audit)


async def _check_content(workspace: Workspace, steps: Iterable[Step]) -> None:
    """Raise StalePlan unless all rows and files these steps send are kept as when they were agreed to.

    A file may be large: each is read once, in a thread.
    """
    given, planned = list[Kept](), dict[str, int]()
    for step in steps:
        given += [value for value in _given(workspace, step) if value not in given]
        planned |= step.files
    for value in given:
        await asyncio.to_thread(check_kept, workspace.blobs, value)
    known = {value.sha256: value.get("size") for value in given}
    for sha256, size in planned.items():
        kept_size = known.get(sha256) or (await asyncio.to_thread(workspace.blobs.check, sha256)).size
        if kept_size != size:
            raise StalePlan("the file has another size than the plan says; make the plan again")


def _given(workspace: Workspace, step: Step) -> list[Kept]:
    """The stand-ins for rows and files in a step's parameters."""
    connector = workspace.session_of(step).connector
    names = marks(connector.action(step.entity, step.action)).keys() & step.params.keys()
    call = call_of(connector, step) if names else None
    return [getattr(call, name) for name in names]


def _check_step(workspace: Workspace, step: Step) -> None:
    """The account is still allowed, and the request derived again is the one that was agreed to."""
    session = workspace.session_of(step)
    workspace.check_configured(session)
    if step.account:
        session.accounts.check(step.account["id"])
    check_scope(workspace.settings, step, session.accounts.allowed)
    if step.connection != session.connection:
        raise StalePlan("the plan was made for another connection (other hosts, or the sandbox)")
    check_credentials(session, step)
    call = call_of(session.connector, step)
    check_raw(workspace.settings, type(call))
    session.accounts.refuse_strays(call.strays())
    if step.requests != requests_of(session.connector, session.transport.dialect, call):
        raise StalePlan("this version would send another request than the plan says; make the plan again")


async def _look(workspace: Workspace, plan: Plan, index: int) -> tuple[Step, list[str]]:
    """A step as it would be planned now, and how that differs from what was agreed to."""
    step, session = plan.steps[index], workspace.session_of(plan.steps[index])
    ours = [done for done in plan.steps if done.state == "done" and _same_object(done, step)]
    call = call_of(session.connector, step)
    reads_more = call.consults() is not None or call.beside((step.account or {}).get("id", ""), step.before)
    if ours:
        drifted = await _drift_from(session, step, _changed_by(session, ours))
        if drifted or not reads_more:
            return step, drifted
        return step, (await _priced_again(session, plan, index, changed=True))[1]
    if not (step.delivers or step.budgets or step.spend_unknown or reads_more):
        return step, await _drift_from(session, step, {})
    return await _priced_again(session, plan, index)


def _same_object(one: Step, other: Step) -> bool:
    return bool(other.subject) and (one.connector, one.object_id) == (other.connector, other.subject)


def _changed_by(session: Session, steps: Iterable[Step]) -> dict[str, Any]:
    """The values that these steps, all done, have set on their object."""
    return {name: value for step in steps for name, value in call_of(session.connector, step).sets().items()}


async def _drift_from(session: Session, step: Step, ours: Mapping[str, Any]) -> list[str]:
    """How the object differs from what the plan says it was, or has made of it itself."""
    if not step.before or step.subject.startswith("@"):
        return []
    fields = compared(call_of(session.connector, step), starts=step.delivers)
    try:
        record = await objects.fetch(session, step.entity, step.subject, step.owner, fields, step.params)
    except NotFound:
        return [f"{step.target} is not there any more"]
    now, said = values.watched(record, fields), _saying(session, step)
    changed = [
        f"{step.target}: {name} is {said(name, now[name])}, and this plan made it {said(name, ours[name])}"
        for name in ours.keys() & now.keys()
        if contradicts(now[name], ours[name])
    ]
    return [*_differences(session, step, now, ours.keys()), *changed]


def _saying(session: Session, step: Step) -> Callable[[str, Any], str]:
    """How a value of a field is said: an amount in the currency's whole units, as in the plan."""
    minor, currency = session.connector.minor, (step.account or {}).get("currency", "")

    def said(name: str, value: Any) -> str:
        amount = None
        if currency and name in minor:
            with contextlib.suppress(ValueError):  # a plan's file that was edited has anything
                amount = MINOR.major(value, currency)
        return short(value) if amount is None else f"{money.plain(amount, currency)} {currency}"

    return said


def _differences(
    session: Session, step: Step, now: Mapping[str, Any], ours: Iterable[str] = ()
) -> Iterator[str]:
    said = _saying(session, step)
    for name in dict.fromkeys([*step.before, *now]):
        was, value = step.before.get(name), now.get(name)
        if name not in ours and not values.same(was, value):
            yield f"{step.target}: {name} was {said(name, was)}, is {said(name, value)}"


async def _priced_again(
    session: Session, plan: Plan, index: int, *, changed: bool = False
) -> tuple[Step, list[str]]:
    """The step drafted anew from what was asked for, with all it reads. Raises AdsError.

    Where the plan itself has `changed` its object, only what forbids the step and what goes with it counts.
    """
    step = plan.steps[index]
    kind = session.connector.action(step.entity, step.action)
    assert issubclass(kind, Write)
    asked = Asked(session, step.entity, step.action, kind, step.asked, plan.steps[:index], step.item)
    try:
        fresh, obstacle = await make_step(asked)
    except NotFound:
        return step, [f"{step.target} is not there any more"]
    except CallError as error:
        return step, [f"{step.target}: {line}" for line in error.lines]
    if fresh.spend_unknown and not step.spend_unknown and not changed:
        raise PlatformDown(f"{step.target}: {fresh.spend_unknown}", fix=AGAIN)
    lines = [] if changed else [*_differences(session, step, fresh.before)]
    if obstacle:
        return step, lines or [f"{step.target}: {obstacle}"]
    if fresh.along is None and step.along is not None:
        raise PlatformDown(f"{step.target}: what goes with it is not known now", fix=AGAIN)
    known, plain = {*(step.along or ())}, session.connector.plain_id
    done = {plain(one.object_id) for one in plan.steps if one.state == "done"}
    lines += [
        f"{step.target}: {line}, which the plan did not say"
        for line in fresh.along or ()
        if line not in known and done.isdisjoint(line.partition('"')[0].split())
    ]
    if changed:
        return fresh, lines
    lines += _money_differences(step, fresh)
    if not lines and fresh.requests != step.requests and call_of(session.connector, step).consults():
        lines = [f"{step.target}: what it is made from is not what it was"]
    return replace(fresh, id=step.id), lines


def _money_differences(step: Step, fresh: Step) -> Iterator[str]:
    """How what a step does to budgets is not what was agreed to."""
    was, now = _by_budget(step), _by_budget(fresh)
    for key in dict.fromkeys([*was, *now]):
        old, new = was.get(key), now.get(key)
        what = f"{step.target}: {key[1]}{f' of {key[0]}' if key[0] else ''}"
        if (old and old.text()) != (new and new.text()):
            yield f"{what} was {old.text() if old else 'nothing'}, is {new.text() if new else 'nothing'}"
        elif old and new and new.live and not old.live:
            yield f"{what} would be spent at once now"
    if fresh.delivers and not step.delivers:
        yield f"{step.target}: it would begin to deliver now"


def _by_budget(step: Step) -> dict[tuple[str, str, str, bool], Budget]:
    return {(budget.whose, budget.field, budget.per, budget.given): budget for budget in step.budgets}


def _built_upon(plan: Plan, steps: Iterable[Step]) -> list[Step]:
    """The done steps that made the objects which these steps refer to."""
    needed = {number for step in steps for number in step.refs if number <= len(plan.steps)}
    return [plan.steps[number - 1] for number in sorted(needed) if plan.steps[number - 1].state == "done"]


async def _still_as_made(workspace: Workspace, plan: Plan, step: Step) -> tuple[Step, list[str]]:
    """A step that made something, with a line for each field that somebody else has changed since."""
    session, fields = workspace.session_of(step), list(step.changes)
    call = call_of(session.connector, step, plan.ids)
    try:
        record = await objects.fetch(session, step.entity, step.id, step.owner, fields, step.params)
    except UnknownAction:
        return step, []  # nothing here can read it
    except NotFound:
        return step, [f"{step.target} is not there any more"]
    made, currency = call.sets(), step.account["currency"] if step.account else ""
    ours = (one for one in plan.steps if one.state == "done" and not one.makes and one.object_id == step.id)
    set_since = {name for one in ours if one.connector == step.connector for name in one.changes}
    return step, [
        f"{step.target}: {name} is {short(record.get(name))}, and this plan made it {short(made[name])}"
        for name in unlike(call, record, currency)
        if name not in set_since
    ]
