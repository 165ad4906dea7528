"""What a step can spend, read where it stands: on the object, on its parents, on what is below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Spend, Write, dig
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

MOST_CHILDREN = 1000


@dataclass(frozen=True)
class Asked:
    """One write as asked for; `earlier` are the steps a reference may mean, `item` its index in the call."""

    session: Session
    entity: str
    action: str
    kind: type[Write]
    params: dict[str, Any]
    earlier: list[Step]
    item: int = 0

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
    currency = account.currency if account else ""
    found = effects.amounts_set(call, record, currency)
    if why := call.unpriced():
        return found, why
    if effects.stops(call, asked.action, record):
        freed = await _below(asked, call, account, record) or []
        return [*found, *effects.switched(freed, currency, on=False)], ""
    if effects.starts(call, record):
        if asked.maker(call):
            return found, ""  # what it spends from is made, and counted, in the same plan
        holdings = await _below(asked, call, account, record)
        known = holdings is not None
        if holdings is None:
            holdings = await _above(asked, call, account, record, parents)
        given = any(each.pays and each.after for each in found)
        unread = "" if known or holdings or given else "what it would spend cannot be read"
        return [*found, *effects.switched(holdings, currency, on=True)], unread
    return found, _left_open(asked, record, found, currency)


async def _below(
    asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any]
) -> list[Held] | None:
    """The object's own budgets, or those of everything active under it; None when it has neither."""
    currency, given = account.currency if account else "", effects.changed_paths(call)
    own = effects.own_paths(asked.session.connector.entity(asked.entity))
    found = effects.held(record, own, currency)
    if found or given & own.keys():
        return [each for each in found if each.path not in given]
    if not (call.subject and call.children):
        return None
    entity, param = call.children
    rows = await _children(asked, entity, param, str(getattr(call, call.subject)), account)
    return effects.total(rows, effects.own_paths(asked.session.connector.entity(entity)), currency)


async def _children(
    asked: Asked, entity: str, param: str, object_id: str, account: Account | None
) -> list[dict[str, Any]]:
    session = asked.session
    kind, paths = (
        session.connector.action(entity, "list"),
        effects.own_paths(session.connector.entity(entity)),
    )
    params: dict[str, Any] = {param: object_id, "fields": ["status", "effective_status", *paths]}
    if account and session.accounts.param in kind.model_fields:
        params[session.accounts.param] = account.id
    view = ListView.model_construct(limit=MOST_CHILDREN, cursor="")
    return (await collect(session, kind.model_validate(params), view, account, Place())).records


async def _above(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
) -> list[Held]:
    """The parents' budgets the object will spend from: in its own record, in the parents', or read now."""
    currency = account.currency if account else ""
    through = {path: spend for path, spend in call.budgets.items() if "." in path}
    found = effects.held(record, through, currency)
    for name, entity in call.parents.items():
        above = parents.get(name, {})
        paths: Mapping[str, Spend] = effects.own_paths(asked.session.connector.entity(entity))
        found += [
            *effects.held(above, paths, currency, str(getattr(call, name))),
            *effects.held(above, through, currency),
        ]
    return found or await _read_above(asked, call, account, record)


async def _read_above(
    asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any]
) -> list[Held]:
    session, currency = asked.session, account.currency if account else ""
    for path, entity in call.under.items():
        parent_id = str(dig(record, path) or "").rpartition(":")[2]
        if not parent_id or asked.step_named(parent_id):
            continue
        paths = effects.own_paths(session.connector.entity(entity))
        try:
            above = await objects.fetch(session, entity, parent_id, account, list(paths), asked.params)
        except ApiError:
            continue
        if found := effects.held(above, paths, currency, parent_id):
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
