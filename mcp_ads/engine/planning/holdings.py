"""The amounts an object spends from: its own, those below it, those above it; and which ends bound them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Spend, Write, dig
from mcp_ads.core.runs import Run, last_day
from mcp_ads.core.view import ListView
from mcp_ads.engine.changes import spend_effects as effects
from mcp_ads.engine.changes.spend_effects import Held
from mcp_ads.engine.session import objects
from mcp_ads.engine.wire.pages import Place, collect
from mcp_ads.errors import ApiError, NotOffered

if TYPE_CHECKING:
    from .asked import Asked

MOST_CHILDREN = 5000


@dataclass(frozen=True)
class Above:
    """One parent: its id, its record, where that has amounts, and the action that says when it runs."""

    id: str
    record: Mapping[str, Any]
    paths: Mapping[str, Spend]
    kind: type[Write] | None


@dataclass(frozen=True)
class Kin:
    """What was read above an object and below it; `below` is None where nothing can be.

    `itself` is the object's own record, `why` says why something could not be read. What is spent before a
    change and after it is told from one moment, `at`, or a second that passes between them would be a change
    of its own.
    """

    above: tuple[Above, ...] = ()
    below: Sequence[Mapping[str, Any]] | None = None
    why: str = ""
    at: datetime = field(default_factory=effects.now)
    itself: Mapping[str, Any] = field(default_factory=dict)

    def ruled(self, kind: type[Write], whose: str) -> str:
        """Why nobody knows what a daily budget comes to, of the object or of the parent whose it is."""
        if not whose:
            return kind.ruled(self.itself)
        rules = (one.kind.ruled(one.record) for one in self.above if one.kind and one.id == whose)
        return next(rules, "")

    def ended(self, zone: str) -> str:
        """Which parent's run is over, so that nothing is spent below it, and when that ended; else empty."""
        past = (
            f"{parent.id} ended on {last_day(ends, zone)}"
            for parent in self.above
            if (ends := effects.run(parent.kind, parent.record, zone).ends) and ends <= self.at
        )
        return next(past, "")


def place(account: Account | None) -> tuple[str, str]:
    """Currency and time zone."""
    return (account.currency, account.timezone) if account else ("", effects.UTC_ZONE)


async def kin_of(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
    *,
    upward: bool,
) -> Kin:
    """What decides what the object spends in a day; an amount a day of its own decides that alone."""
    own = effects.own_paths(asked.session.connector.entity(asked.entity))
    later = effects.held(effects.after(call, record), own, place(account)[0])
    if any(holding.per == "day" for holding in later) or (later and not upward):
        return Kin(itself=record)
    below, why = None, ""
    if call.subject and call.children and not asked.maker(call):
        entity, param = call.children
        below, why = await children_of(asked, entity, param, str(getattr(call, call.subject)), account)
    above, missing = await _above(asked, call, account, record, parents) if upward else ([], "")
    return Kin(tuple(above), None if why else below, why or missing, itself=record)


def holdings_of(
    asked: Asked, call: Write, account: Account | None, record: Mapping[str, Any], kin: Kin
) -> list[Held]:
    """What the object spends from as this record has it: its own, or what is below it, or above it.

    An amount for a whole run is spent until the earliest of the ends that bound it; of objects that share
    one, until the end of the last.
    """
    (currency, zone), connector = place(account), asked.session.connector
    when = effects.limits(type(call), record, zone)
    when = reduce(
        Run.within, (effects.limits(parent.kind, parent.record, zone) for parent in kin.above), when
    )
    below = connector.entity(call.children[0]) if call.children else None
    kind = effects.write_of(below) if below else None
    until = when.within(effects.last(kin.below or (), kind, zone))
    own = effects.own_paths(connector.entity(asked.entity))
    own_holdings = effects.held(record, own, currency, "", until, kin.at)
    if own_holdings or effects.changed_paths(call) & own.keys():
        return own_holdings
    if below and kin.below is not None:
        return effects.total(kin.below, effects.own_paths(below), currency, kind, zone, when, kin.at)
    through = _through(call, record, currency, when, kin.at)
    for parent in () if kin.ended(zone) else kin.above:
        through += effects.held(parent.record, parent.paths, currency, parent.id, when, kin.at)
        through += _through(call, parent.record, currency, when, kin.at)
    return through


def _through(call: Write, record: Mapping[str, Any], currency: str, when: Run, at: datetime) -> list[Held]:
    """The budgets of an object's parents, as the object's own record repeats them."""
    inside = ({path: spend} for path, spend in call.budgets.items() if "." in path)
    return [holding for paths in inside for holding in effects.held(record, paths, currency, "", when, at)]


async def children_of(
    asked: Asked, entity: str, param: str, object_id: str, account: Account | None
) -> tuple[list[Mapping[str, Any]], str]:
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
        collected = await collect(session, kind.model_validate(params), view, account, Place())
    except ApiError as error:
        return [], unread(many, error)
    if collected.warnings or collected.after is not None:
        return [], f"not all of its {many} could be read"
    one = effects.write_of(below)
    return [asked.standing(record, one.id_in(record) if one else "") for record in collected.records], ""


def unread(what: str, error: ApiError) -> str:
    """That something of an object's was not read; where it never can be, with the way in which it can."""
    if isinstance(error, NotOffered):
        return f"its {what} cannot be read this way ({error.lines[0]}; {error.fix})"
    return f"its {what} cannot be read now ({error.lines[0]})"


async def _above(
    asked: Asked,
    call: Write,
    account: Account | None,
    record: Mapping[str, Any],
    parents: Mapping[str, Mapping[str, Any]],
) -> tuple[list[Above], str]:
    """The parents that the call names, its object's record or its parents', or why one is not known."""
    parents_above = []
    for name, entity_name in call.parents.items():
        if name in parents and (named := getattr(call, name)) is not None:
            parents_above.append(_parent(asked, entity_name, str(named), parents[name]))
    for path, name in call.paid_by.items():
        named = (dig(one, path) for one in (record, *parents.values()))
        parent_id = asked.session.connector.plain_id(str(next(filter(None, named), "")))
        if not parent_id or parent_id in {parent.id for parent in parents_above}:
            continue
        if made_by := asked.step_named(parent_id):
            parents_above.append(_parent(asked, name, parent_id, made_by.changes))
            continue
        entity = asked.session.connector.entity(name)
        fields = [*effects.own_paths(entity), *effects.times_of(entity)]
        try:
            above = await objects.fetch(asked.session, name, parent_id, account, fields, asked.params)
        except ApiError as error:
            return parents_above, unread(entity.noun, error)
        parents_above.append(_parent(asked, name, parent_id, above))
    return parents_above, ""


def _parent(asked: Asked, name: str, object_id: str, record: Mapping[str, Any]) -> Above:
    entity = asked.session.connector.entity(name)
    now = asked.standing(record, object_id)
    return Above(object_id, now, effects.own_paths(entity), effects.write_of(entity))
