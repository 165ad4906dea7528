"""LinkedIn Ads whole: every entity an advertiser uses; each action told, witnessed and answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engine_client import LINKEDIN
from naming_actions import unnamed, untold, unwitnessed
from shell import Shell
from wire_cases import CASES

from mcp_ads.sandbox.linkedin_ads import gateway
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.restli import parse_query, parse_value
from mcp_ads.sandbox.linkedin_ads.routes import RESOURCES

TESTS = Path(__file__).parent
UPLOADED = "upload get"
WHOLE = {
    "accounts": "list get create update delete",
    "account_users": "list mine get create update delete",
    "campaign_groups": "list get create update pause activate archive delete",
    "campaigns": "list get create update pause activate archive delete duplicate edit_targeting",
    "creatives": "list get create create_inline update pause activate archive delete",
    "posts": "list get create delete",
    "images": UPLOADED,
    "videos": UPLOADED,
    "documents": UPLOADED,
    "conversions": "list get create update",
    "campaign_conversions": "list create delete",
    "conversion_events": "create",
    "lead_forms": "list get",
    "lead_form_responses": "list get",
    "dmp_segments": "list get create update delete add_members remove_members",
    "ad_segments": "list",
    "insight_tags": "list",
    "targeting_facets": "list",
    "targeting_entities": "search list resolve similar",
    "audience_counts": "get",
    "budget_pricing": "get",
    "supply_forecasts": "get",
    "analytics": "list",
    "ad_campaign_analytics": "list",
    "ad_creative_analytics": "list",
    "ad_impression_device_analytics": "list",
    "ad_member_company_analytics": "list",
    "ad_member_company_size_analytics": "list",
    "ad_member_country_analytics": "list",
    "ad_member_industry_analytics": "list",
    "ad_member_job_function_analytics": "list",
    "ad_member_job_title_analytics": "list",
    "ad_member_region_analytics": "list",
    "ad_member_seniority_analytics": "list",
    "organizations": "list get lookup",
    "ad_previews": "get",
    "ad_library": "search",
    "token": "introspect",
    "rest": "get post delete",
}
"""What there is to be, by entity."""
ACTIONS = [(entity, action) for entity, actions in WHOLE.items() for action in actions.split()]
RAW = "rest"


def test_every_action_is_told(shell: Shell) -> None:
    """`mcp-ads describe linkedin-ads --json` lists all of them, each with its parameters."""
    assert untold(shell, LINKEDIN, ACTIONS) == []


@pytest.mark.parametrize("entity", WHOLE)
def test_every_action_is_witnessed(entity: str) -> None:
    """A wire case with its source, and a reviewed schema."""
    assert unwitnessed(LINKEDIN, entity, WHOLE[entity].split()) == (set(), set())


@pytest.mark.slow
def test_every_action_is_in_a_journey() -> None:
    """Some test, or a table of one, names each action together with its entity."""
    assert unnamed("linkedin", ACTIONS) == []


def _resource(segments: list[str]) -> tuple[Resource | None, bool]:
    """The make-believe platform's resource of a path, and whether the path names one of its objects."""
    for resource in RESOURCES:
        template = resource.path.split("/")
        pairs = zip(template, segments, strict=False)
        fits = all(want == got or want.startswith("{") for want, got in pairs)
        if fits and len(segments) - len(template) in (0, 1):
            return resource, len(segments) > len(template)
    return None, False


def _method(case: dict[str, Any]) -> tuple[Method | None, dict[str, Any]]:
    """What answers a witnessed request there, and the parameters in its address."""
    path, _, query = case["url"].removeprefix("/rest/").partition("?")
    segments, parsed = path.split("/"), parse_query(query)
    resource, on_item = _resource(segments)
    if resource is None:
        return None, parsed
    if on_item:
        resource.key(parse_value(segments[-1]))
    headers = {name.lower(): value for name, value in case["headers"].items()}
    raw = gateway.Raw(case["method"], segments, parsed, case["body"], headers.get("x-restli-method", ""))
    told = gateway.restli_method(raw, on_item=on_item)
    named = {"FINDER": "q", "ACTION": "action"}.get(told)
    return resource.methods.get(f"{told} {parsed[named]}" if named else told), parsed


def test_the_sandbox_answers_every_request() -> None:
    """Each witnessed request has a method there that knows its parameters, as LinkedIn's does."""
    asked = 0
    for case in (case for name, case in CASES if name == LINKEDIN and case["entity"] != RAW):
        if not case["url"].startswith("/rest/") or case["headers"].get("X-HTTP-Method-Override"):
            continue
        method, parsed = _method(case)
        assert method, f"{case['entity']}.{case['action']}: nothing there for {case['method']} {case['url']}"
        strange = parsed.keys() - method.params.known.keys() - {"action"}
        assert not strange, f"{case['entity']}.{case['action']}: {strange}"
        asked += 1
    assert asked > len(WHOLE)
