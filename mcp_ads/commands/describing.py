"""`describe`: what there is to do, for people and, with --json, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mcp_ads.across import ads, is_ads
from mcp_ads.core import Action, Offer, describe
from mcp_ads.engine import overview
from mcp_ads.engine.session.named import offered
from mcp_ads.settings import load
from mcp_ads.situation import in_shell

from .streams import at_work, say


def as_text(connector: str, entity: str, action: str, query: str = "") -> int:
    """Print an overview, or a connector, an entity or an action, or what fits a question."""
    asked = {"connector": connector, "entity": entity, "action": action, "query": query}
    given = {name: text for name, text in asked.items() if text}
    text, plan_id = at_work(lambda workspace: overview.page(workspace, given)), query.partition(" ")[0]
    say(in_shell(text, plan_id if f"\n{plan_id}: " in f"\n{text}" else "PLAN_ID"))
    return 0


def as_json(connector: str, entity: str, action: str) -> int:
    """Print a list of actions as JSON."""
    rows = [row(*choice) for choice in chosen(connector, entity, action)]
    say(json.dumps(rows, ensure_ascii=False, indent=2))
    return 0


def chosen(
    connector: str = "", entity: str = "", action: str = ""
) -> Iterator[tuple[Offer, str, str, type[Action]]]:
    """The actions meant by names of which the later ones may be empty. Raises UnknownAction."""
    settings = load(folder=Path.cwd())
    for name in [connector] if connector else [ads.name, *settings.platforms]:
        found = ads if is_ads(name) else offered(settings, name, others=(ads.name,))
        for entity_name in [entity] if entity else found.names():
            if action:
                found.action(entity_name, action)
            for known, kind in found.entity(entity_name).actions.items():
                if action in ("", known):
                    yield found, entity_name, known, kind


def row(connector: Offer, entity: str, action: str, kind: type[Action]) -> dict[str, Any]:
    """One action as programs read it."""
    return {
        "connector": connector.slug,
        "entity": entity,
        "action": action,
        "risk": kind.risk,
        "summary": describe.summary(kind),
        "params_schema": describe.schema(kind),
    }
