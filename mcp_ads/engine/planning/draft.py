"""From what an agent asks for to steps a person can judge: validated, read, priced; nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Context, Write
from mcp_ads.core.marks import is_found
from mcp_ads.core.money import NO_VALUE
from mcp_ads.engine.changes import spend_effects as effects
from mcp_ads.engine.changes import values
from mcp_ads.engine.changes.spend_effects import UTC_ZONE
from mcp_ads.engine.changes.steps import Budget, Step, quoted, shown_id
from mcp_ads.engine.changes.waits import sorted_waits
from mcp_ads.engine.changes.ways_back import staying
from mcp_ads.engine.changes.wording import (
    changes_said,
    lost_said,
    parents_said,
    prominent_said,
    put_away_said,
    rounded_said,
)
from mcp_ads.engine.session import objects
from mcp_ads.engine.session.elsewhere import MOST_ASKED, placed
from mcp_ads.engine.session.params import checked
from mcp_ads.engine.wire.flows import before_first_write, is_recipe
from mcp_ads.engine.wire.gathering import gathered
from mcp_ads.errors import InvalidParams, NotFound, NotOffered, PlatformDown

from . import worked_out
from .asides import asides_of, running
from .asked import Asked, addressed, check_refs
from .bid_limits import beyond
from .items import check_apart, check_clashes, check_overlaps, expand, label, labels_of, raise_mistakes
from .left_out import Drafted, fitting, left_aside, sorted_out
from .named_like import misnamed
from .parents import consulted, further_up, parents_of, with_inherited
from .policy import check_raw, check_scope
from .protected import keep_protected
from .siblings import needless
from .spending import budgets_of

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
from mcp_ads.engine.changes.calls import (
    call_of,
    compared,
    fields_of,
    kept_params,
    made_record,
    requests_of,
)

MOST_VALIDATED = 10
UNCHECKED = "not validated by the platform beforehand"
Record = dict[str, Any]


async def plan_steps(
    session: Session,
    entity: str,
    action: str,
    params: dict[str, Any],
    earlier: list[Step] | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Drafted:
    """Steps for one write or many. Raises InvalidParams with every mistake of every item, or AdsError.

    `earlier` are the plan's steps so far. Of `chosen`, names by id a condition found, the unfit are left out.
    """
    await session.look_up()
    kind, earlier = session.connector.action(entity, action), earlier or []
    assert issubclass(kind, Write)
    items = expand(kind, params)
    labels = labels_of(kind, params, items)
    if chosen:  # the call has no list whose places could be counted
        found = [str(item.get(kind.subject)) for item in items]
        labels = [f"{shown_id(id_)} {quoted(chosen.get(id_, ''))}" for id_ in found]
    asked = [
        addressed(session, entity, action, item, earlier, n, label)
        for n, (item, label) in enumerate(zip(items, labels, strict=True))
    ]
    with gathered():
        outcomes = await asyncio.gather(*map(make_step, asked), return_exceptions=True)
    unfit = left_aside(asked, outcomes, chosen or {})
    raise_mistakes(*fitting(outcomes, labels, unfit))
    drafted = [pair for pair in outcomes if isinstance(pair, tuple)]
    if len(items) > 1 or not drafted[0][1]:
        check_overlaps([step for step, _ in drafted if not step.makes], earlier)
    made = sorted_out(session.connector, drafted, earlier, many=len(items) > 1 or bool(chosen))
    made.excluded += unfit
    await keep_protected(session, made, earlier, selected=bool(chosen))
    check_apart(made.steps, earlier, [time.partition(".")[0] for time in (kind.begins, kind.ends) if time])
    check_clashes(session.connector, kind, made.steps, earlier)
    await _validate_there(session, made.steps)
    return made


async def make_step(asked: Asked) -> tuple[Step, str]:
    """One write, validated, with its object read and its money settled; and what stands in its way."""
    session, kind = asked.session, asked.kind
    check_raw(session.settings, kind)
    check_refs(session, asked.params, asked.earlier, _subjects(asked))
    call = checked(session, kind, await worked_out.given(asked))
    assert isinstance(call, Write)
    account = await _account(asked, call)
    record = await _record(asked, call, account)
    model = await consulted(asked, call, account)
    record |= await asides_of(asked, call, account, {**model, **record})
    context = session.context(account)
    obstacle = call.obstacle(record) or call.overdue(record, context.today)
    priced = record if obstacle else await with_inherited(asked, call, account, record)
    call, decided, stays = worked_out.settled(asked, call, priced, context)
    if obstacle or stays:
        return _step(asked, call, account, record, []), obstacle or stays
    given, call = call, _settled(call, context, {**priced, **model})
    if why := beyond(given, call, priced, context.currency):
        return _step(asked, call, account, record, []), why
    parents = await parents_of(asked, call, account)
    above = await further_up(asked, call, account) | parents
    if problems := list(call.problems(above)):
        raise InvalidParams("\n".join(problems))
    if (there := await needless(asked, call, account))[0]:
        return replace(_step(asked, call, account, record, []), subject=there[0]), there[1]
    budgets, unknown = await budgets_of(asked, call, account, _standing(asked, call, priced), parents)
    step = _step(asked, call, account, record, budgets)
    _say_what_is_above(asked, call, step, parents)
    step.spend_unknown, step.holder = unknown, "" if account else kind.whose.named(call)
    step.along, step.decided_by = call.goes_along(record), decided
    _check_company(asked, step)
    step.stays = staying(session.connector.entity(asked.entity).actions, step)
    spoilt = await running(asked, call, account, parents | ({"": record} if call.subject else {}))
    named = misnamed(session, asked.entity, call, account)
    step.warnings += [*rounded_said(call), *call.cautions(above), *asked.notes, *spoilt, *named]
    check_scope(session.settings, step, session.accounts.allowed, kind.whose.holder)
    if is_recipe(call) and not step.refs:
        await before_first_write(session, call, context)
    return step, ""


def _check_company(asked: Asked, step: Step) -> None:
    """Raise for a final step of which it is not known what goes with its object."""
    if not step.irreversible or step.along is not None:
        return
    if step.subject.startswith("@"):
        raise InvalidParams(f"{step.target}: the same plan makes it; leave both steps out")
    raise PlatformDown("; ".join([f"{step.target}: what goes with it is not known", *asked.notes]))


def _say_what_is_above(
    asked: Asked, call: Write, step: Step, parents: Mapping[str, Mapping[str, Any]]
) -> None:
    """What a new object is made in stands in its lines, unless the same plan makes it."""
    if call.does != "makes":
        return
    above = {name: row for name, row in parents.items() if asked.step_named(getattr(call, name)) is None}
    step.lines = parents_said(call, step.lines, above)
    step.within = [str(value) for name in call.parents if (value := getattr(call, name)) is not None]
    step.warnings += put_away_said(call, above)


def _standing(asked: Asked, call: Write, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record, and the parents it has inside, as earlier steps of the plan leave them."""
    now = dict(asked.standing(record, str(getattr(call, call.subject)) if call.subject else ""))
    for name in {path.partition(".")[0] for path in call.budgets}:
        if isinstance(inner := now.get(name), Mapping):
            now[name] = asked.standing(inner, str(inner.get("id") or ""))
    return now


def _settled(call: Write, context: Context, record: Mapping[str, Any]) -> Write:
    """The call with its money exact; where there is no budget to change, its children may have it."""
    try:
        return call.settled(context, record)
    except InvalidParams as error:
        if call.children and NO_VALUE in str(error):
            entity, param = call.children
            error.fix = error.fix or f"its budgets may be on its {entity}: list these by {param}"
        raise


def _subjects(asked: Asked) -> list[str]:
    """For each earlier step of this connector, the parameter that names what it makes."""
    entity = asked.session.connector.entity
    same = asked.session.connector.name
    gets = [
        entity(step.entity).actions.get("get") if step.connector == same else None for step in asked.earlier
    ]
    return [get.subject if get else "" for get in gets]


async def _account(asked: Asked, call: Write) -> Account | None:
    if (made_by := asked.maker(call)) is not None:
        return made_by.owner
    return await asked.session.accounts.of(call)


async def _record(asked: Asked, call: Write, account: Account | None) -> Record:
    """The object as it is now; what an earlier step will make of it when it does not exist yet."""
    if not call.subject:
        return {}
    if (made_by := asked.maker(call)) is not None:
        return made_record(asked.session.connector, made_by, fields_of(call))
    session, object_id = asked.session, str(getattr(call, call.subject))
    try:
        return await objects.fetch(session, asked.entity, object_id, account, fields_of(call), asked.params)
    except NotFound as error:
        if asked.item >= MOST_ASKED:
            raise
        named = (call.subject, object_id)
        raise await placed(session, (asked.entity, asked.action), error, named, account) from None


def _step(asked: Asked, call: Write, account: Account | None, record: Record, budgets: list[Budget]) -> Step:
    session, changes, zone = asked.session, call.merged(record), account.timezone if account else UTC_ZONE
    params = call.model_dump(mode="json", exclude_none=True) | kept_params(call)
    given = {name: value for name, value in params.items() if not is_found(type(call).model_fields[name])}
    starts, (said, waits) = effects.starts(call, record, zone), sorted_waits(call.warnings(record))
    return Step(
        connector=session.connector.name,
        connection=session.connection,
        connection_name=session.platform.connection,
        signed_in=session.signed_in_as,
        entity=asked.entity,
        action=asked.action,
        noun=session.connector.entity(asked.entity).noun,
        asked=asked.params,
        params=params,
        account=asdict(account) if account else None,
        subject=str(getattr(call, call.subject)) if call.subject else "",
        name=call.name_in(record) or call.name_in(changes),
        before=values.watched(record, compared(call, starts=starts)) if call.subject else {},
        changes=changes,
        requests=requests_of(session.connector, session.transport.dialect, call),
        budgets=budgets,
        lines=changes_said(call, record, budgets),
        lost=lost_said(call, record),
        warnings=[*filter(None, [effects.stillness(call, record, zone)]), *said, *effects.leaps(budgets)],
        waits=waits,
        delivers=starts,
        irreversible=call.lasting(),
        item=asked.item,
        label=asked.label,
        does=call.does,
        effect=call.effect(),
        prominent=prominent_said(call, given),
        ending=call.states.ending(asked.action, changes),
        switches=list(call.states.fields),
        pauses=call.does == "changes" and not call.raw and call.states.only_pauses(changes),
        place=session.connector.place,
        raw=call.raw,
        moves=list(call.moves()),
    )


def in_order(steps: list[Step]) -> list[Step]:
    """Budget decreases before increases, so that moving money never needs both amounts at once.

    Steps without money keep their places, and so does everything that creates: references count on them.
    """
    movers = [
        index for index, step in enumerate(steps) if step.subject and not step.refs and _pays(step) != 0
    ]
    moved = iter(sorted(movers, key=lambda index: _pays(steps[index]) > 0))
    return [steps[next(moved)] if index in movers else step for index, step in enumerate(steps)]


def _pays(step: Step) -> int:
    rise = sum(budget.rise for budget in step.budgets if budget.pays)
    return (rise > 0) - (rise < 0)


async def _validate_there(session: Session, steps: list[Step]) -> None:
    """Have the platform check calls where it can without carrying them out; say where it did not."""
    ready = [step for step in steps if not step.refs and call_of(session.connector, step).validates]
    if len(ready) > MOST_VALIDATED:
        ready = []
    for step in steps:
        only_status = step.changes and not step.effect and set(step.changes) <= set(step.switches)
        if step in ready or only_status:
            continue
        why = ": it needs what an earlier step makes" if step.refs else ": there are too many"
        validates = call_of(session.connector, step).validates
        step.warnings.append(f"{UNCHECKED}{why if validates else ''}")
    outcomes = await asyncio.gather(*(_ask(session, step) for step in ready), return_exceptions=True)
    raise_mistakes(outcomes, [label(step) for step in ready], many=len(steps) > 1)


async def _ask(session: Session, step: Step) -> None:
    request = call_of(session.connector, step).validation()
    if request is None:
        return
    try:
        await session.send(replace(request, risk="read", repeatable=False), step.owner)
    except (NotOffered, PlatformDown) as error:
        step.warnings.append(f"{UNCHECKED}: {error}")
