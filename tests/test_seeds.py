"""The published examples of Airbyte's packages run here when their imports name this package."""

from __future__ import annotations

import ast
import json

import pytest
from published import EXAMPLES, curls, renamed

CREATE, INITIATE = "integrations/connectors", "integrations/connectors/oauth/initiate"
REQUESTS = {
    "facebook_create": f"/v1/{CREATE}",
    "facebook_initiate": f"/v1/{INITIATE}",
    "facebook_create_by_secret": f"/v1/{CREATE}",
    "facebook_execute": "/api/v1/connectors/sources/<connector_id>/execute",
    "linkedin_create": f"/api/v1/{CREATE}",
    "linkedin_initiate": f"/api/v1/{INITIATE}",
    "linkedin_execute": f"/api/v1/{CREATE}/<connector_id>/execute",
    "amazon_create": f"/api/v1/{CREATE}",
    "amazon_initiate": f"/api/v1/{INITIATE}",
    "amazon_create_by_secret": f"/api/v1/{CREATE}",
    "amazon_execute": f"/api/v1/{CREATE}/<connector_id>/execute",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_but_the_packages_name_is_changed(name: str) -> None:
    """Only imports of that package differ, and a function with a hyphen in its name; it is Python then."""
    lines = EXAMPLES[name].splitlines()
    changed = [(line, renamed(line)) for line in lines if line != renamed(line)]
    imports = {pair for pair in changed if pair[1].startswith("from mcp_ads")}
    assert imports
    assert all(line.split(" import ")[1] == now.split(" import ")[1] for line, now in imports)
    assert [now for line, now in changed if (line, now) not in imports] in (
        [],
        ["async def facebook_marketing_execute(entity: str, action: str, params: dict | None = None):"],
    )
    code = "\n".join(map(renamed, lines))
    assert "airbyte_agent" not in code
    ast.parse(code)


def test_each_command_is_a_request() -> None:
    """A shell reads every published command as the request it shows, and it can be sent to another host."""
    found = curls()
    assert {name: curl.path for name, curl in found.items()} == REQUESTS
    for curl in found.values():
        assert (curl.method, curl.headers["Content-Type"]) == ("POST", "application/json")
        assert curl.headers["Authorization"].startswith("Bearer <")
    values = {"connector_id": "c1", "YOUR_BEARER_TOKEN": "t1", "entity": "campaigns", "action": "list"}
    sent = found["linkedin_execute"].request("http://127.0.0.1:8080", values)
    assert str(sent.url) == f"http://127.0.0.1:8080/api/v1/{CREATE}/c1/execute"
    assert sent.headers["Authorization"] == "Bearer t1"
    assert sent.headers["X-Organization-Id"] == "<YOUR_ORGANIZATION_ID>"
    assert json.loads(sent.content) == {"entity": "campaigns", "action": "list", "params": {}}
