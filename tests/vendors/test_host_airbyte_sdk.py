"""The host as Airbyte's own package sees it, unmodified, and ours of the same shape."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airbyte_python import airbyte_python, tried
from serving import Served, served

from mcp_ads.connectors import NAMES, connector
from mcp_ads.core.carried_actions import example_requests
from mcp_ads.errors import NotOffered

__all__ = ["airbyte_python"]
pytestmark = [pytest.mark.vendors, pytest.mark.timeout(600)]
MARKER = "SENTINEL-b3f1"
THEIRS, OURS = "airbyte_agent_sdk", "mcp_ads"
ABSENT = {"documents"}
"""What our package has no classes for."""
OF_LIST = {"campaigns": "campaign_id", "ad_sets": "adset_id", "ads": "ad_id"}
"""Facebook's examples have ids that the sandbox has not."""
MORE = {"linkedin-ads conversions get": {"account_id": "512345678"}}
"""What an action of ours wants besides where there are several accounts."""
UNREADABLE = {
    "facebook-marketing pixel_stats list": "their model wants a number where Meta has an event's name",
    "linkedin-ads lead_form_responses list": "private: answered with shown rows, contacts hidden",
}
"""What their models do not read, and why."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A host that an operator has just begun."""
    with served(tmp_path_factory.mktemp("host")) as found:
        yield found
        log = found.log.read_text()
    assert MARKER not in log
    assert "Traceback" not in log


def of(host: Served, **more: Any) -> dict[str, Any]:
    """Where it is, and whose client asks."""
    return {"url": host.url, "marker": MARKER, **vars(host.client), **more}


def test_every_case_with_their_package(host: Served, airbyte_python: Path) -> None:
    """Tokens, names over time, executing, paging, mistakes, workspaces, consents, documents, frameworks."""
    found = tried(airbyte_python, THEIRS, of(host))
    assert {name: said for name, said in found.items() if said} == {}
    assert len(found) == 13


def test_every_case_with_ours(host: Served, tmp_path: Path) -> None:
    """The same, but for what our package does not have."""
    variables = {"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_HOST_URL": host.url}
    found = tried(sys.executable, OURS, of(host), **variables)
    assert {name: said for name, said in found.items() if said} == dict.fromkeys(ABSENT, "absent")


def reads() -> list[dict[str, Any]]:
    """The examples of our lists and gets, as Airbyte's package is asked for them."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for name in NAMES:
        known = connector(name)
        assert known.carrier
        for entity in known.names():
            for kind in known.entity(entity).actions.values():
                try:
                    made = [
                        one
                        for request in example_requests(known, entity, kind) or ()
                        for one in known.carrier.executions(request)
                    ]
                except NotOffered:
                    continue
                for one in made:
                    named = (known.slug, one.operation.entity, one.operation.action)
                    call = dict(zip(("connector", "entity", "action"), named, strict=True))
                    of_list = {}
                    if named[0] == "facebook-marketing" and named[2] == "get" and named[1] in OF_LIST:
                        of_list = {"id": OF_LIST[named[1]]}
                    params = {**one.params, **MORE.get(" ".join(named), {})}
                    if named[2] in ("list", "get", "api_search"):
                        found.setdefault(named, {**call, "params": params, **of_list})
    return [*found.values(), *analytics()]


def analytics() -> list[dict[str, Any]]:
    """LinkedIn's reports, which are carried as flows and have no examples of that kind."""
    days = "(start:(year:2026,month:10,day:1),end:(year:2026,month:10,day:7))"
    spelt = "List(urn%3Ali%3Asponsored{}%3A{})"
    asked = {"q": "analytics", "timeGranularity": "DAILY", "dateRange": days, "account_id": "512345678"}
    whose = {"campaigns": spelt.format("Campaign", 300000001)}
    adverts = {"creatives": spelt.format("Creative", 180000001)}
    entities = {
        "ad_campaign_analytics": ("CAMPAIGN", whose),
        "ad_creative_analytics": ("CREATIVE", adverts),
        "ad_member_country_analytics": ("MEMBER_COUNTRY_V2", whose),
        "ad_member_job_title_analytics": ("MEMBER_JOB_TITLE", whose),
        "ad_impression_device_analytics": ("IMPRESSION_DEVICE_TYPE", whose),
    }
    return [
        {"connector": "linkedin-ads", "entity": entity, "action": "list",
         "params": {**asked, "pivot": pivot, **of}}
        for entity, (pivot, of) in entities.items()
    ]  # fmt: skip


def test_their_models_parse_every_list(host: Served, airbyte_python: Path) -> None:
    """Each list and get of the three is asked by its typed method; the records are what its models want."""
    asked = reads()
    found = tried(airbyte_python, THEIRS, of(host, calls=asked))
    wrong = {name: said for name, said in found.items() if isinstance(said, str)}
    assert wrong.keys() == UNREADABLE.keys(), wrong
    assert len(found) == len(asked) > 40
