"""What there is to do: connectors, accounts and rules; entities; actions; one action; a search over all."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Action, describe
from mcp_ads.core.connector import Connector
from mcp_ads.errors import AdsError
from mcp_ads.settings import Caps

from .accounts import quoted
from .deadline import deadline
from .session import today_in

if TYPE_CHECKING:
    from .workspace import Workspace

LISTED = 20
FOUND = 12
MODES = {
    "plan": "a write answers with a plan and changes nothing; ads_apply(plan_id) carries it out",
    "direct": "a write is carried out at once",
    "off": "nothing can be changed",
}
SHORTEST = 2
FILLERS = frozenset(
    {"a", "an", "the", "of", "on", "in", "for", "per", "to", "my", "by", "is", "and", "with", "all"}
)
_REPORTS = "insights analytics reports"
SYNONYMS = {
    "adset": "ad_set", "adsets": "ad_sets", "stop": "pause", "start": "activate", "resume": "activate",
    "enable": "activate", "disable": "pause", "remove": "delete", "change": "update", "edit": "update",
    "rename": "update", "new": "create", "launch": "create", "budget": "update campaigns",
    "spend": _REPORTS, "performance": _REPORTS, "stats": _REPORTS, "metrics": _REPORTS, "report": _REPORTS,
    "facebook": "facebook_marketing", "meta": "facebook_marketing", "linkedin": "linkedin_ads",
    "amazon": "amazon_ads",
}  # fmt: skip


async def page(workspace: Workspace, asked: Mapping[str, str]) -> str:
    """What was asked about: everything, a connector, an entity, an action, or what fits a question."""
    name, entity, wanted = (asked.get(each, "") for each in ("connector", "entity", "action"))
    names = [name] if name else workspace.settings.served
    if query := asked.get("query"):
        return search(map(connector_named, names), query)
    if not name and not entity:
        return await overview(workspace)
    if not entity:
        return entities(connector_named(name))
    having = [name] if name else [each for each in names if entity in connector_named(each).names()]
    if not having:
        return search(map(connector_named, names), f"{entity} {wanted}")
    return "\n\n".join(_entity(connector_named(each), entity, wanted) for each in having)


def _entity(connector: Connector, entity: str, wanted: str) -> str:
    return action(connector, entity, wanted) if wanted else actions(connector, entity)


async def overview(workspace: Workspace) -> str:
    """Connectors, their accounts and dates, the write mode and the caps."""
    settings = workspace.settings
    lines = [f"writes: {settings.writes}: {MODES[settings.writes]}"]
    if settings.sandbox:
        lines.insert(0, "SANDBOX: invented data; nothing here is real")
    if caps := caps_text(settings.caps):
        lines.append(f"caps: {caps}")
    with deadline():
        parts = await asyncio.gather(*(_connector(workspace, name) for name in settings.served))
    lines += [line for part in parts for line in part]
    lines.append(
        "Next: ads_describe(connector), ads_describe(connector, entity, action) or ads_describe(query=…)."
    )
    return "\n".join(lines)


def caps_text(caps: Caps) -> str:
    """The budget caps in words; empty when there are none."""
    day = [f"{amount:f} {currency} a day" for currency, amount in caps.daily.items()]
    whole = [f"{amount:f} {currency} in all" for currency, amount in caps.lifetime.items()]
    rise = [f"budgets may rise {caps.increase_pct:f} % in 24 hours"] if caps.increase_pct is not None else []
    return ", ".join([*day, *whole, *rise])


async def _connector(workspace: Workspace, name: str) -> list[str]:
    session = workspace.session(name)
    lines = [f"{name} ({session.connector.title}), {len(session.connector.entities)} entities"]
    try:
        session.check_configured()
        accounts = await session.accounts.all()
    except AdsError as error:
        return [*lines, f"  {error.lines[0]}", *([f"  fix: {error.fix}"] if error.fix else [])]
    param = session.accounts.param
    lines += [
        f"  {param} {each.id}: {quoted(each.name)}, {each.currency}, today {today_in(each.timezone)} "
        f"({each.timezone})"
        for each in accounts[:LISTED]
    ]
    if len(accounts) > LISTED:
        lines.append(f"  and {len(accounts) - LISTED} more accounts")
    return lines


def entities(connector: Connector) -> str:
    """Each entity with its line and its actions."""
    lines = [f"{connector.name}: entities and their actions"]
    for name, doc, _ in connector.entities:
        lines.append(f"{name}: {', '.join(connector.entity(name).actions)}. {doc}")
    return "\n".join(lines)


def actions(connector: Connector, entity: str) -> str:
    """Each action of an entity with its signature."""
    found = connector.entity(entity)
    lines = [f"{connector.name} {entity}: {found.doc} (* required)"]
    for name, kind in found.actions.items():
        lines += [describe.signature(entity, name, kind), f"  {kind.risk}: {describe.summary(kind)}"]
    return "\n".join(lines)


def action(connector: Connector, entity: str, name: str) -> str:
    """One action's parameters, with an example."""
    return describe.page(connector.name, entity, name, connector.action(entity, name))


def search(connectors: Iterable[Connector], query: str) -> str:
    """The actions that fit a question best."""
    words = _words(query)
    scored = [
        (score, text)
        for connector in connectors
        for entity, name, kind in each_action(connector)
        if (score := _score(words, f"{connector.name} {entity} {name}", f"{describe.summary(kind)}"))
        for text in [f"{connector.name} {describe.signature(entity, name, kind)}\n  {describe.summary(kind)}"]
    ]
    best = [text for _, text in sorted(scored, key=lambda each: -each[0])[:FOUND]]
    return "\n".join(best) or f"nothing fits {query!r}; ads_describe(connector) lists all entities"


def each_action(connector: Connector) -> Iterable[tuple[str, str, type[Action]]]:
    """Every action of a connector; loads all its entities."""
    for entity in connector.names():
        for name, kind in connector.entity(entity).actions.items():
            yield entity, name, kind


def _words(text: str) -> set[str]:
    found = re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))
    more = [part for each in found for part in re.findall(r"[a-z]+", SYNONYMS.get(each, ""))]
    return {_stem(each) for each in [*found, *more]} - FILLERS


def _stem(word: str) -> str:
    return word[:-1] if len(word) > SHORTEST and word.endswith("s") else word


def _score(words: set[str], name: str, doc: str) -> int:
    return 3 * len(words & _words(name)) + len(words & _words(doc))
