"""What a step can spend, read where it stands: on the object, on its parents, on what is below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Write, dig
from mcp_ads.core.action import live_path
from mcp_ads.core.runs import run_of
from mcp_ads.core.view import ListView
from mcp_ads.errors import ApiError

from . import effects
from . import live as objects
from .effects import Held
from .pages import Place, collect
from .references import REF
from .steps import Budget, Step

if TYPE_CHECKING:
    from .session import Session

MOST_CHILDREN = 5000


@dataclass(frozen=True)
class Asked:
    """One write as asked for; `earlier` are the steps a reference may mean, `item` its index in the call,
    `label` what its errors call it.

    `notes` are what pricing it has to say to the person who approves.
    """

    session: Session
    entity: str
    action: str
    kind: type[Write]
    params: dict[str, Any]
    earlier: list[Step]
    item: int = 0
    label: str = ""
    notes: list[str] = field(default_factory=list)

    def maker(self, call: Write) -> Step | None:
        """The earlier step that makes the object this call changes."""
        return self.step_named(getattr(call, call.subject)) if call.subject else None

    def step_named(self, value: Any) -> Step | None:
        found = REF.fullmatch(str(value))
        return self.earlier[int(found[2]) - 1] if found else None


async def budgets_of(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
) -> tuple[list[Budget], str]:
    """What the call does to each budget, and why what it spends cannot be known, if so."""
    currency, zone = _place(account)
    found, faster = _paced(call, record, currency, zone)
    if why := call.unpriced():
        return found, why
    if effects.stops(call, asked.action, record, zone):
        freed = await _below(asked, call, account, record)
        if freed.why:
            asked.notes.append(f"what stops being spent is not known: {freed.why}")
        return [*found, *effects.switched(freed.holdings, currency, on=False)], ""
    if not effects.starts(call, record, zone):
        return [*found, *faster], _left_open(asked, record, found, currency)
    if asked.maker(call):
        return found, ""  # what it spends from is made, and counted, in the same plan
    below = await _below(asked, call, account, record)
    holdings = below.holdings
    if not below.known and not below.why:
        holdings = await _above(asked, call, account, record, parents)
    given = any(each.pays and each.after for each in found)
    unread = "" if below.known or holdings or given else "what it would spend cannot be read"
    why = f"what it would spend is not known: {below.why}" if below.why else unread
    return [*found, *effects.switched(holdings, currency, on=True)], why


def _place(account: Account | None) -> tuple[str, str]:
    """Currency and time zone."""
    return (account.currency, account.timezone) if account else ("", effects.UTC_ZONE)


def _paced(
    call: Write, record: Mapping[str, Any], currency: str, zone: str
) -> tuple[list[Budget], list[Budget]]:
    """The amounts the call sets, with what they come to a day; and those only spent faster by it."""
    faster = {each.field: each for each in effects.quickened(call, record, currency, zone)}
    found, kind = [], type(call)
    for each in effects.amounts_set(call, record, currency, zone):
        quick = faster.pop(live_path(kind, each.field), None)
        found.append(replace(each, pace=quick.pace) if quick else each)
    return found, list(faster.values())


@dataclass(frozen=True)
class Below:
    """The budgets of an object itself, or of what is active under it.

    `known` says that these are all there are; else they are to be looked for above it, or `why` says why
    they could not be read.
    """

    holdings: list[Held]
    known: bool = True
    why: str = ""


async def _below(asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any]) -> Below:
    (currency, zone), given = _place(account), effects.changed_paths(call)
    own = effects.own_paths(asked.session.connector.entity(asked.entity))
    when = effects.run(type(call), effects.after(call, record), zone)
    found = effects.held(record, own, currency, "", when)
    if found or given & own.keys():
        return Below([each for each in found if each.path not in given])
    if not (call.subject and call.children):
        return Below([], known=False)
    entity, param = call.children
    below = asked.session.connector.entity(entity)
    rows, why = await _children(asked, entity, param, str(getattr(call, call.subject)), account)
    if why:
        return Below([], known=False, why=why)
    kind = effects.write_of(below)
    return Below(effects.total(rows, effects.own_paths(below), currency, kind, zone))


async def _children(
    asked: Asked, entity: str, param: str, object_id: str, account: Account | None
) -> tuple[list[dict[str, Any]], str]:
    """All objects below one, or why they are not all known."""
    session, below = asked.session, asked.session.connector.entity(entity)
    kind, fields = session.connector.action(entity, "list"), effects.states_of(below)
    fields += [*effects.own_paths(below), *effects.times_of(below)]
    params: dict[str, Any] = {param: object_id, "fields": fields}
    if account and session.accounts.param in kind.model_fields:
        params[session.accounts.param] = account.id
    view = ListView.model_construct(limit=MOST_CHILDREN, cursor="")
    many = below.name.replace("_", " ")
    try:
        found = await collect(session, kind.model_validate(params), view, account, Place())
    except ApiError as error:
        return [], f"its {many} cannot be read now ({error.lines[0]})"
    if found.warnings or found.after is not None:
        return [], f"not all of its {many} could be read"
    return found.records, ""


async def _above(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
) -> list[Held]:
    """The parents' budgets the object will spend from: in its own record, in the parents', or read now."""
    currency, zone = _place(account)
    found = _through(call, record, currency, zone)
    for name, entity_name in call.parents.items():
        above, entity = parents.get(name, {}), asked.session.connector.entity(entity_name)
        when = effects.run(effects.write_of(entity), above, zone)
        found += [
            *effects.held(above, effects.own_paths(entity), currency, str(getattr(call, name)), when),
            *_through(call, above, currency, zone),
        ]
    return found or await _read_above(asked, call, account, record)


def _through(call: Write, record: Mapping[str, Any], currency: str, zone: str) -> list[Held]:
    """The budgets of parents that a record has inside, each with the end that stands beside it."""
    ends = {path.rpartition(".")[0]: path for path in call.ended_by}
    found = []
    for path, spend in call.budgets.items():
        if "." in path:
            end = ends.get(path.rpartition(".")[0])
            when = run_of(None, dig(record, end), zone) if end else None
            found += effects.held(record, {path: spend}, currency, "", when)
    return found


async def _read_above(
    asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any]
) -> list[Held]:
    session, (currency, zone) = asked.session, _place(account)
    for path, name in call.under.items():
        parent_id = str(dig(record, path) or "").rpartition(":")[2]
        if not parent_id or asked.step_named(parent_id):
            continue
        entity = session.connector.entity(name)
        paths = effects.own_paths(entity)
        fields = [*paths, *effects.times_of(entity)]
        try:
            above = await objects.fetch(session, name, parent_id, account, fields, asked.params)
        except ApiError:
            continue
        when = effects.run(effects.write_of(entity), above, zone)
        if found := effects.held(above, paths, currency, parent_id, when):
            return found
    return []


def _left_open(asked: Asked, record: Mapping[str, Any], budgets: list[Budget], currency: str) -> str:
    """Why taking a limit away leaves what is spent unknown; empty when it does not."""
    if any(each.unlimited for each in budgets):
        return "without a spend cap anything may be spent"
    gone = {each.field for each in budgets if each.pays and each.before and not each.after}
    if not gone or any(each.pays and each.after for each in budgets):
        return ""
    own = effects.own_paths(asked.session.connector.entity(asked.entity))
    kept = len(effects.held(record, own, currency)) - len(gone)
    return "" if kept > 0 or not effects.is_on(record) else "without its budget what it spends cannot be read"
