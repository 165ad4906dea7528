"""Facebook Marketing whole: every entity an advertiser uses; each action told, witnessed and answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from engine_client import FACEBOOK
from naming_actions import unnamed, untold, unwitnessed
from shell import Shell
from wire_cases import CASES

from mcp_ads.sandbox.facebook_marketing.edges import EDGES
from mcp_ads.sandbox.facebook_marketing.params import READING, WRITING
from mcp_ads.sandbox.facebook_marketing.tables import KINDS, edge_params

TESTS = Path(__file__).parent
CHANGES = "list get create update pause activate archive delete duplicate"
WHOLE = {
    "current_user": "get",
    "ad_accounts": "list get update",
    "campaigns": CHANGES,
    "ad_sets": CHANGES,
    "ads": CHANGES,
    "ad_creatives": "list get create update delete",
    "ad_previews": "list",
    "ads_insights": "list create_report get_report run",
    "custom_conversions": "list get create update delete",
    "custom_audiences": "list get create update delete add_users remove_users",
    "lookalike_audiences": "create",
    "saved_audiences": "list get",
    "images": "list upload delete",
    "videos": "list get upload delete",
    "pixels": "list get create update",
    "pixel_stats": "list",
    "conversion_events": "create",
    "pages": "list",
    "instagram_accounts": "list",
    "businesses": "list get",
    "lead_forms": "list get create archive",
    "leads": "list get",
    "targeting": "search browse suggest validate describe",
    "reach_estimates": "get",
    "delivery_estimates": "get",
    "minimum_budgets": "list",
    "ads_volume": "get",
    "activities": "list",
    "ad_rules": "list get create update delete",
    "ad_labels": "list create delete",
    "ad_studies": "list get create",
    "pixel_quality": "list",
    "delivery_issues": "list",
    "budget_schedules": "list create delete",
    "catalogs": "list get",
    "product_sets": "list get create",
    "products": "list",
    "ad_library": "list",
    "graph": "get post delete",
}
"""What there is to be, by entity."""
ACTIONS = [(entity, action) for entity, actions in WHOLE.items() for action in actions.split()]
RAW = "graph"


def test_every_action_is_told(shell: Shell) -> None:
    """`mcp-ads describe facebook-marketing --json` lists all of them, each with its parameters."""
    assert untold(shell, FACEBOOK, ACTIONS) == []


@pytest.mark.parametrize("entity", WHOLE)
def test_every_action_is_witnessed(entity: str) -> None:
    """A wire case with its source, and a reviewed schema."""
    assert unwitnessed(FACEBOOK, entity, WHOLE[entity].split()) == (set(), set())


@pytest.mark.slow
def test_every_action_is_in_a_journey() -> None:
    """Some test, or a table of one, names each action together with its entity."""
    assert unnamed("facebook", ACTIONS) == []


def _edges(case: dict[str, Any]) -> list[str]:
    """The sandbox's edges that this request may be one of."""
    node, *rest = case["url"].partition("?")[0].split("/")[2:]
    kinds = ["me"] if node == "me" else ["account"] if node.startswith("act_") else list(KINDS)
    paths = ["/".join([kind, *rest]) for kind in kinds] + [node, f"root/{node}"]
    return [edge for path in paths if (edge := f"{case['method']} {path}") in EDGES]


def _sent(case: dict[str, Any]) -> set[str]:
    _, _, query = case["url"].partition("?")
    body = case["body"] if isinstance(case["body"], dict) else {}
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)} | body.keys()


def test_the_sandbox_answers_every_request() -> None:
    """Each witnessed request has an edge there that knows its parameters, as Meta's does."""
    for case in (case for name, case in CASES if name == FACEBOOK and case["entity"] != RAW):
        edges = _edges(case)
        assert edges, f"{case['entity']}.{case['action']}: no edge for {case['method']} {case['url']}"
        usual = READING if case["method"] == "GET" else WRITING
        unknown = {edge: _sent(case) - usual - (edge_params(edge) or {}).keys() for edge in edges}
        assert not all(unknown.values()), f"{case['entity']}.{case['action']}: {unknown}"
