"""What there is to do: connectors, accounts and rules; entities; actions; one action; a search over all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mcp_ads.core import Connector, Offer, describe
from mcp_ads.core.carried_actions import is_refused
from mcp_ads.core.synonyms import cut
from mcp_ads.engine.answers.client_lines import client_lines
from mcp_ads.engine.answers.plan_pages import page_asked
from mcp_ads.engine.reads.of_clients import known_clients
from mcp_ads.engine.session.accounts import quoted
from mcp_ads.engine.session.instead import told
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.connection import today_in
from mcp_ads.engine.wire.deadline import deadline
from mcp_ads.errors import AdsError, InvalidParams
from mcp_ads.settings import Caps, Settings

from .lacking import lacking_lines, sign_in_lines
from .plan_lists import plans_asked, recent_plans
from .search import nothing_fits, search

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

    from .workspace import Workspace

NOT_CARRIED = "refused, as Airbyte's API does not carry it:"
LISTED = 20
RECENT = 6
MODES = {
    "plan": "a write answers with a plan and changes nothing; ads_apply(plan_id) carries it out",
    "direct": "a write is carried out at once",
    "off": "nothing can be changed",
}

MODES_WITHOUT_APPLY = {"plan": "a write answers with a plan and changes nothing", "read": MODES["off"]}


async def page(workspace: Workspace, asked: Mapping[str, str]) -> str:
    """What was asked about: everything, a connector, an entity, an action, or what fits a question."""
    workspace.look_again()
    name, entity, wanted = (asked.get(name, "") for name in ("connector", "entity", "action"))
    chosen = [workspace.offer(offered) for offered in ([name] if name else workspace.served)]
    if query := asked.get("query"):
        known = [*plans_asked(workspace, query), *sign_in_lines(workspace, f"{name} {query}")]
        words = f"{entity} {wanted} {query}"
        found = page_asked(workspace, query) or search(chosen, words)
        lines = [*known, *([found] if found else [])]
        return "\n".join(lines) or nothing_fits(words)
    if wanted and not entity:
        raise InvalidParams(
            f"entity: missing; {cut(wanted)!r} is an action of one: {_having(chosen, wanted)}"
        )
    if not entity and not name:
        return await overview(workspace)
    if not entity:
        about = [*_connections(workspace, chosen), *lacking_lines(workspace, [chosen[0].name])]
        return "\n".join([entities(chosen[0]), *about])
    with_it = chosen if name else [connector for connector in chosen if entity in connector.names()]
    if not with_it:
        return search(chosen, f"{entity} {wanted}") or nothing_fits(f"{entity} {wanted}")
    described = [action(it, entity, wanted) if wanted else actions(it, entity) for it in with_it]
    return "\n\n".join([*described, *_connections(workspace, with_it)])


def _connections(workspace: Workspace, connectors: Sequence[Offer]) -> list[str]:
    """What every action takes beside its own parameters, where the caller has several connections."""
    several = {connector.name: workspace.sessions(connector.name) for connector in connectors}
    return [
        f"every action of {name} also takes connection: "
        f"{', '.join(session.platform.label for session in sessions)}; "
        "left out, it follows from the account or the object"
        for name, sessions in several.items()
        if len(sessions) > 1
    ]


def _having(connectors: Sequence[Offer], action: str) -> str:
    """The entities that have an action of this name; all there are when none has."""
    entity_names = {connector.name: connector.names() for connector in connectors}
    having = {
        connector.name: [entity for entity in connector.names() if action in connector.entity(entity).actions]
        for connector in connectors
    }
    shown = having if any(having.values()) else entity_names
    return "; ".join(f"{name} {', '.join(names)}" for name, names in shown.items() if names)


async def overview(workspace: Workspace) -> str:
    """Connectors, their accounts and dates, the write mode and the caps."""
    settings = workspace.settings
    held = authority()
    whose = MODES[settings.writes] if held.may_apply else MODES_WITHOUT_APPLY.get(held.scope, "")
    lines = [f"writes: {settings.writes}: {whose or MODES[settings.writes]}"]
    if settings.sandbox:
        lines.insert(0, "SANDBOX: invented data; nothing here is real")
    if there := next((known.airbyte for known in settings.platforms.values() if known.airbyte), None):
        lines.append(
            f"requests are carried by Airbyte's API ({there.base}), which has only some of the actions"
        )
    if caps := caps_text(settings.caps):
        lines.append(f"caps: {caps}")
    if workspace.notice:
        lines.append(workspace.notice)
    lines += [*authority().lines(), *([f"no changes now: {settings.closed}"] if settings.closed else [])]
    served = settings.served
    lines += [_over_all(workspace.offer(name)) for name in workspace.served if name not in served]
    with workspace.call(), deadline():
        parts = await asyncio.gather(*(_connector(workspace, name) for name in served))
    lines += [line for part in parts for line in part]
    lines += _clients(settings)
    lines += lacking_lines(workspace)
    lines += recent_plans(workspace, RECENT)
    lines.append(
        "Next: ads_describe(connector), ads_describe(connector, entity, action) or ads_describe(query=…)."
    )
    return "\n".join(lines)


def _clients(settings: Settings) -> list[str]:
    """The clients whose accounts the caller may use, without those they may not."""
    known, may = known_clients(settings), authority().covers
    accounts = {
        client.name: [
            word for word, account in zip(client.ids, client.accounts, strict=True) if may([account])
        ]
        for client in known.values()
    }
    return client_lines(known.values(), accounts)


def _over_all(offer: Offer) -> str:
    """What has no accounts of its own, and asks all others: its entities, by name."""
    return f"{offer.name} ({offer.title}): {', '.join(offer.names())}; each answers over every account below"


def caps_text(caps: Caps) -> str:
    """The budget caps in words; empty when there are none."""
    day = [f"{amount:f} {currency} a day" for currency, amount in caps.daily.items()]
    whole = [f"{amount:f} {currency} in all" for currency, amount in caps.lifetime.items()]
    rise = [f"budgets may rise {caps.increase_pct:f} % in 24 hours"] if caps.increase_pct is not None else []
    return ", ".join([*day, *whole, *rise])


async def _connector(workspace: Workspace, name: str) -> list[str]:
    """A connector and its accounts; where it has several connections, those of each under its name."""
    sessions = workspace.sessions(name)
    connector = sessions[0].connector
    head = f"{name} ({connector.title}), {len(connector.listed())} entities"
    parts = await asyncio.gather(*map(_accounts, sessions))
    if len(sessions) == 1:
        return [head, *parts[0]]
    default = workspace.settings.default(name)
    if default not in [session.platform for session in sessions]:
        default = None
    usual = f"without account or connection in params: {default.label}" if default else "none is the default"
    lines = [f"{head}, {len(sessions)} connections ({usual}), named by connection in params"]
    for session, part in zip(sessions, parts, strict=True):
        lines += [f'  connection "{session.platform.label}":', *(f"  {line}" for line in part)]
    return lines


async def _accounts(session: Session) -> list[str]:
    """The accounts of one connection, or why they are not known."""
    try:
        session.check_configured()
        accounts, ending = await session.accounts.all(), session.endings()
    except AdsError as error:
        return [f"  {error.lines[0]}", *([f"  fix: {error.fix}"] if error.fix else [])]
    param = session.accounts.param
    lines = [
        f"  {param} {account.id}: {', '.join(filter(None, [quoted(account.name), account.country]))}, "
        f"{account.currency}, today {today_in(account.timezone)} ({account.timezone})"
        for account in accounts[:LISTED]
    ]
    lines += [f"  incomplete: {gap}" for gap in session.accounts.gaps]
    lines += [f"  warning: {line}" for line in ending]
    refused = (error for error in session.refused if error.sign_in)
    local = authority().whole and not authority().name  # others cannot run what a fix may name
    told = ((error.lines[0], f"; fix: {error.fix}" if local else "") for error in refused)
    lines += [f"  refused by the last call: {said}{fix}" for said, fix in told]
    lines += [f"  closed: {line}" for line in session.transport.limits.shared.closed()]
    if len(accounts) > LISTED:
        lines.append(f"  and {len(accounts) - LISTED} more accounts")
    return lines


def entities(connector: Offer) -> str:
    """Each entity with its line and its actions."""
    lines, refused = [f"{connector.name}: entities and their actions"], list[str]()
    for name, doc, _ in connector.entities:
        works = [
            action for action in connector.entity(name).actions if not is_refused(connector, name, action)
        ]
        if not works:
            refused.append(name)
            continue
        also = f" Also {connector.unlisted[name]}." if name in connector.unlisted else ""
        lines.append(f"{name}: {', '.join(works)}. {doc}{also}")
    if isinstance(connector, Connector) and connector.over_airbyte:
        lines.append(f"{NOT_CARRIED} every other action, and {', '.join(refused)}")
    return "\n".join(lines)


def actions(connector: Offer, entity: str) -> str:
    """Each action of an entity with its signature."""
    described = connector.entity(entity)
    lines = [f"{connector.name} {entity}: {described.doc} (* required)"]
    refused = [name for name in described.actions if is_refused(connector, entity, name)]
    for name, kind in described.actions.items():
        if name in refused:
            continue
        lines += [describe.signature(entity, name, kind), f"  {kind.risk}: {describe.summary(kind)}"]
    lines += [f"{NOT_CARRIED} {', '.join(refused)}"] if refused else []
    return "\n".join([*lines, *_instead(connector, entity)])


def action(connector: Offer, entity: str, name: str) -> str:
    """One action's parameters, with an example."""
    name = connector.meant(entity, name, {})
    kind, more = connector.action(entity, name), told(connector, entity, name)
    account = connector.accounts.param if isinstance(connector, Connector) else "account_id"
    page = describe.page(connector.name, entity, name, kind, more, account=account)
    refused = [f"{NOT_CARRIED} {entity}.{name}"] if is_refused(connector, entity, name) else []
    return "\n".join([*refused, page, *_instead(connector, entity)])


def _instead(connector: Offer, entity: str) -> list[str]:
    """What to call where a client takes no entity but those the tool's schema names."""
    instead = connector.unlisted.get(entity)
    return [f"the tool's schema does not name {entity}: {instead} answers the same"] if instead else []
