"""From what an agent asks for to steps a person can judge: every item validated, read, priced; nothing changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..core import Account, Action, Write, dig, validate
from ..core.action import DELIVERING, STATUS, live_path, money_of
from ..errors import AdsError, ApiError, InvalidParams, NotFound, PlatformDown
from . import live as objects
from .execute import with_account
from .policy import check_scope
from .steps import Budget, Step, fill_refs, money, refs_in

if TYPE_CHECKING:
    from .session import Session

MOST_ITEMS = 100
MOST_VALIDATED = 10
AT_ONCE = 8
SHOWN = 90
STOPPING = {"pause", "archive", "delete"}


@dataclass
class Draft:
    """Steps, and the items that need none, each with its reason."""

    steps: list[Step] = field(default_factory=list)
    excluded: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """One write as asked for; `earlier` are the steps a reference may mean."""

    session: Session
    entity: str
    action: str
    kind: type[Write]
    params: dict[str, Any]
    earlier: list[Step]


async def draft(
    session: Session, entity: str, action: str, params: dict[str, Any], earlier: list[Step] | None = None
) -> Draft:
    """Steps for one write or many. Raises InvalidParams with every mistake of every item, or another AdsError."""
    kind = session.connector.action(entity, action)
    assert issubclass(kind, Write)
    items = expand(kind, params)
    asked = [Asked(session, entity, action, kind, each, earlier or []) for each in items]
    many = len(items) > 1
    gate = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(*(_gated(gate, each) for each in asked), return_exceptions=True)
    _raise_mistakes(found, many=many)
    made = Draft()
    for step in found:
        assert isinstance(step, Step)
        if step.obstacle and not many:
            raise InvalidParams(f"{step.noun} {step.target}: {step.obstacle}")
        if reason := step.obstacle or _pointless(step):
            made.excluded.append({"id": step.subject, "name": step.name, "why": reason})
        else:
            made.steps.append(step)
    made.steps = _decreases_first(made.steps)
    await _validate_there(session, made.steps)
    return made


def expand(kind: type[Write], params: dict[str, Any]) -> list[dict[str, Any]]:
    """One set of parameters per object: `items` with the fields beside them as defaults, or a list as the id."""
    params = dict(params)
    items = params.pop("items", None)
    if isinstance(items, str):
        items = _json_list(items)
    if items is not None:
        items = [{**params, **each} for each in _checked_items(items)]
    else:
        items = _by_id(kind, params)
    if len(items) > MOST_ITEMS:
        raise InvalidParams(f"items: {len(items)} are too many, at most {MOST_ITEMS} in one plan")
    return items


def _checked_items(items: Any) -> list[dict[str, Any]]:
    if not isinstance(items, list) or not items or not all(isinstance(each, dict) for each in items):
        raise InvalidParams("items: a list of objects, each the parameters of one write")
    return items


def _by_id(kind: type[Write], params: dict[str, Any]) -> list[dict[str, Any]]:
    if not kind.subject:
        return [params]
    name = next((each for each in params if validate.our_name(kind, each) == kind.subject), None)
    ids = params.get(name) if name else None
    if isinstance(ids, str) and ("," in ids or ids.startswith("[")):
        ids = _json_list(ids) if ids.startswith("[") else [each.strip() for each in ids.split(",") if each.strip()]
    if not isinstance(ids, list):
        return [params]
    if not ids:
        raise InvalidParams(f"{kind.subject}: an empty list")
    return [{**params, name: each} for each in dict.fromkeys(map(str, ids))]  # type: ignore[dict-item]


def _json_list(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise InvalidParams(f"{text[:40]!r} is not JSON") from None


async def _gated(gate: asyncio.Semaphore, asked: Asked) -> Step:
    async with gate:
        return await make_step(asked)


async def make_step(asked: Asked) -> Step:
    """One write, validated, with its object read and its money settled."""
    session, kind = asked.session, asked.kind
    call = validate.call(asked.entity, asked.action, kind, await with_account(session, kind, _no_refs(asked)))
    assert isinstance(call, Write)
    account = await _account(asked, call)
    record = await _record(asked, call, account)
    call = call.settled(session.context(account), record)
    if problems := list(call.problems(await _parents(asked, call, account))):
        raise InvalidParams("\n".join(problems))
    step = _step(asked, call, account, record)
    step.obstacle = call.obstacle(record)
    check_scope(session.settings, step, session.accounts.allowed)
    return step


def _no_refs(asked: Asked) -> dict[str, Any]:
    """The parameters, after checking that every reference means an earlier step."""
    known = range(1, len(asked.earlier) + 1)
    for each in refs_in(asked.params):
        if each not in known:
            raise InvalidParams(f"@{each}.id: there is no step {each} before this one; use append_to with its plan_id")
    return asked.params


async def _account(asked: Asked, call: Write) -> Account | None:
    if (made_by := _maker(asked, call)) is not None:
        return made_by.owner
    return await asked.session.accounts.of(call)


def _maker(asked: Asked, call: Write) -> Step | None:
    """The earlier step that makes the object this call changes."""
    return _step_named(asked, getattr(call, call.subject) if call.subject else None)


def _step_named(asked: Asked, value: Any) -> Step | None:
    text = str(value)
    if not (text.startswith("@") and text.endswith(".id")):
        return None
    return asked.earlier[int(text[1:-3]) - 1]


async def _record(asked: Asked, call: Write, account: Account | None) -> dict[str, Any]:
    """The object as it is now; what an earlier step will make of it when it does not exist yet."""
    if not call.subject:
        return {}
    if (made_by := _maker(asked, call)) is not None:
        return dict(made_by.changes)
    fields = [*call.watch, *call.changes()]
    object_id = str(getattr(call, call.subject))
    return await objects.fetch(asked.session, asked.entity, object_id, account, fields, asked.params)


async def _parents(asked: Asked, call: Write, account: Account | None) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for name, entity in call.parents.items():
        value = getattr(call, name)
        if value is None:
            continue
        if (made_by := _step_named(asked, value)) is not None:
            found[name] = made_by.changes
            continue
        try:
            found[name] = await objects.fetch(
                asked.session, entity, str(value), account, call.parent_fields, asked.params
            )
        except NotFound as error:
            raise InvalidParams(f"{name}: {error}") from None
    return found


def _step(asked: Asked, call: Write, account: Account | None, record: dict[str, Any]) -> Step:
    session, changes = asked.session, call.changes()
    wire = session.transport.wire(call.to_request())
    currency = account.currency if account else ""
    budgets = [*_settled_budgets(call, record, currency), *_switched_budgets(asked.action, call, record, currency)]
    return Step(
        connector=session.connector.name,
        connection=session.connection,
        entity=asked.entity,
        action=asked.action,
        noun=session.connector.entity(asked.entity).noun,
        asked=asked.params,
        params=call.model_dump(mode="json", exclude_none=True) | _kept(call),
        account=asdict(account) if account else None,
        subject=str(getattr(call, call.subject)) if call.subject else "",
        name=str(record.get(call.label) or changes.get(call.label) or ""),
        before=objects.watched(record, [*call.watch, *changes]) if call.subject else {},
        changes=changes,
        request={"method": wire.method, "url": wire.url, "body": (wire.content or b"").decode()},
        budgets=budgets,
        says=list(_says(call, changes, record, budgets)),
        warnings=list(call.warnings(record)),
        delivers=call.delivers() and not _is_delivering(record),
        irreversible=call.irreversible,
    )


def _kept(call: Write) -> dict[str, Any]:
    """Parameters that are not sent in the body but belong to the call."""
    excluded = {name for name, each in type(call).model_fields.items() if each.exclude}
    return {name: value for name in excluded if (value := getattr(call, name)) is not None}


def _settled_budgets(call: Write, record: Mapping[str, Any], currency: str) -> list[Budget]:
    """The money parameters of the call, before and after."""
    found, active = [], _is_delivering(record) or call.delivers()
    for name, spend in money_of(type(call)).items():
        amount = getattr(call, name)
        if amount is None:
            continue
        before = spend.major(dig(record, live_path(type(call), name)), currency)
        was = money(before, currency) if before is not None else None
        found.append(Budget(name, spend.per, currency, was, money(amount.number, currency), active))
    return found


def _switched_budgets(action: str, call: Write, record: Mapping[str, Any], currency: str) -> list[Budget]:
    """Budgets that begin or cease to be spent, because the call switches delivery."""
    starts = call.delivers() and not _is_delivering(record)
    stops = _is_delivering(record) and (action in STOPPING or _stops(call))
    if not (starts or stops):
        return []
    given = {live_path(type(call), name) for name in money_of(type(call)) if getattr(call, name) is not None}
    found = []
    for path, spend in call.budgets.items():
        amount = spend.major(dig(record, path), currency)
        if amount is None or path in given or (stops and "." in path):
            continue
        text = money(amount, currency)
        found.append(Budget(path, spend.per, currency, None if starts else text, text if starts else None, live=True))
    return found


def _stops(call: Write) -> bool:
    status = next((value for name in STATUS if (value := call.changes().get(name))), None)
    return status is not None and status not in DELIVERING


def _is_delivering(record: Mapping[str, Any]) -> bool:
    return any(record.get(name) in DELIVERING for name in STATUS)


def _says(call: Write, changes: Mapping[str, Any], record: Mapping[str, Any], budgets: list[Budget]) -> list[str]:
    """A line per change, before → after; money in major units."""
    paid = {live_path(type(call), each.field).partition(".")[0]: each for each in budgets if each.field in money_of(type(call))}
    lines = []
    for name, after in changes.items():
        if name in paid:
            lines.append(f"{paid[name].field} {paid[name].text()}")
        elif call.subject:
            lines.append(f"{name} {_short(record.get(name))} → {_short(after)}")
        elif name != call.label and after not in ([], {}, ""):
            lines.append(f"{name} {_short(after)}")
    return sorted(lines, key=lambda line: "budget" not in line) if not call.subject else lines


def _short(value: Any) -> str:
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…(+{len(text) - SHOWN})"


def _pointless(step: Step) -> str:
    """Why a step changes nothing; empty when it does."""
    if not step.subject or not step.before or step.refs:
        return ""
    if all(objects.same(step.before.get(name), value) for name, value in step.changes.items()):
        return f"already {_short(next(iter(step.changes.values()), ''))}"
    return ""


def _decreases_first(steps: list[Step]) -> list[Step]:
    """Budget decreases before increases, so that moving money never needs both amounts at once."""
    if any(step.refs for step in steps) or not any(step.budgets for step in steps):
        return steps
    return sorted(steps, key=lambda step: sum((each.rise for each in step.budgets), Decimal(0)) > 0)


async def _validate_there(session: Session, steps: list[Step]) -> None:
    """Have the platform check calls where it can without carrying them out."""
    checkable = [step for step in steps if _call(session, step).validates]
    if not checkable:
        return
    for step in checkable:
        if step.refs or len(checkable) > MOST_VALIDATED:
            why = "it needs what an earlier step makes" if step.refs else "there are too many"
            step.warnings.append(f"not checked by the platform beforehand: {why}")
    ready = [step for step in checkable if not step.refs] if len(checkable) <= MOST_VALIDATED else []
    found = await asyncio.gather(*(_ask(session, step) for step in ready), return_exceptions=True)
    _raise_mistakes(found, many=len(ready) > 1)


async def _ask(session: Session, step: Step) -> None:
    request = _call(session, step).validation()
    if request is None:
        return
    try:
        await session.send(replace(request, risk="read", repeatable=False), step.owner)
    except PlatformDown as error:
        step.warnings.append(f"not checked by the platform beforehand: {error}")


def _call(session: Session, step: Step) -> Write:
    call: Action = session.connector.action(step.entity, step.action).model_validate(step.params)
    assert isinstance(call, Write)
    return call


def call_of(session: Session, step: Step, ids: Mapping[int, str] | None = None) -> Write:
    """The step's call, derived again from its parameters; with references filled in when their ids are known."""
    return _call(session, replace(step, params=fill_refs(step.params, ids)) if ids else step)


def _raise_mistakes(found: list[Any], *, many: bool) -> None:
    """Every mistake of every item at once; an error of another kind as it is."""
    wrong = [(index, each) for index, each in enumerate(found) if isinstance(each, BaseException)]
    for _, each in wrong:
        if not isinstance(each, AdsError) or (isinstance(each, ApiError) and len(wrong) == 1):
            raise each
    if not wrong:
        return
    if not many:
        raise wrong[0][1]
    lines = [f"items[{index}]: {line}" for index, each in wrong for line in str(each).splitlines()]
    first = wrong[0][1]
    raise InvalidParams("\n".join(lines), fix=first.fix, signature=getattr(first, "signature", ""))
